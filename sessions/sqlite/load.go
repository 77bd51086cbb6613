package sqlite

import (
	"context"
	"database/sql"
	"time"

	"github.com/otagate/otagate/sessions"
)

// Load gives every live session to each, in one snapshot.
func (s *Store) Load(ctx context.Context, each func(sessions.Record) error) error {
	rows, err := s.read.QueryContext(ctx, recordSQL)
	if err != nil {
		return readError(err)
	}
	defer rows.Close()
	var id, kind, number, version, due int64
	var state sql.RawBytes // borrowed, so that a million states are not copied twice
	for rows.Next() {
		if err := rows.Scan(&id, &kind, &number, &version, &due, &state); err != nil {
			return readError(err)
		}
		rec := sessions.Record{
			ID:      sessions.ID(id),
			Key:     sessions.Key{Kind: sessions.KeyKind(kind), Number: uint64(number)},
			Version: uint64(version),
			State:   state,
		}
		if due != 0 {
			rec.Due = time.Unix(due, 0).UTC()
		}
		if err := each(rec); err != nil {
			return err
		}
	}
	return readError(rows.Err())
}
