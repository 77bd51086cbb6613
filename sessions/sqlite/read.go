package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/otagate/otagate/sessions"
)

const recordSQL = "SELECT s.id, s.kind, s.number, s.version, s.due_at, s.state FROM session s"

// ByID finds a live session.
func (s *Store) ByID(ctx context.Context, id sessions.ID) (sessions.Record, error) {
	return s.record(ctx, recordSQL+" WHERE s.id = ?", int64(id))
}

// ByKey finds the live session that has this number.
func (s *Store) ByKey(ctx context.Context, k sessions.Key) (sessions.Record, error) {
	return s.record(ctx, recordSQL+" WHERE s.kind = ? AND s.number = ?", int64(k.Kind), int64(k.Number))
}

// ByCorr finds the live session that has this correlation.
func (s *Store) ByCorr(ctx context.Context, c sessions.Corr) (sessions.Record, error) {
	return s.record(ctx, recordSQL+" JOIN correlation c ON c.session = s.id WHERE c.kind = ? AND c.id = ?", int64(c.Kind), c.ID)
}

func (s *Store) record(ctx context.Context, query string, args ...any) (sessions.Record, error) {
	rec, err := scanRecord(s.read.QueryRowContext(ctx, query, args...).Scan)
	if err != nil {
		return sessions.Record{}, readError(err)
	}
	return rec, nil
}

// scanRecord reads a row of recordSQL; the state is the caller's.
func scanRecord(scan func(...any) error) (rec sessions.Record, err error) {
	var id, kind, number, version, due int64
	if err := scan(&id, &kind, &number, &version, &due, &rec.State); err != nil {
		return rec, err
	}
	rec.ID = sessions.ID(id)
	rec.Key = sessions.Key{Kind: sessions.KeyKind(kind), Number: uint64(number)}
	rec.Version = uint64(version)
	if due != 0 {
		rec.Due = time.Unix(due, 0).UTC()
	}
	return rec, nil
}

// readError says "not found" and "store" in the words of package sessions.
func readError(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, sql.ErrNoRows):
		return sessions.ErrNotFound
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	}
	return fmt.Errorf("%w: %w", sessions.ErrStore, err)
}
