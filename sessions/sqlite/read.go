package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/sessions/cdr"
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

// CDRs gives matching records to each, oldest first.
func (s *Store) CDRs(ctx context.Context, f cdr.Filter, each func(cdr.Record) error) error {
	where, args := cdrWhere(f)
	query := "SELECT record FROM cdr" + where + " ORDER BY ended_at, seq"
	if f.Limit > 0 {
		query += " LIMIT ?"
		args = append(args, f.Limit)
	}
	rows, err := s.read.QueryContext(ctx, query, args...)
	if err != nil {
		return readError(err)
	}
	defer rows.Close()
	for rows.Next() {
		var text sql.RawBytes
		var r cdr.Record
		if err := rows.Scan(&text); err != nil {
			return readError(err)
		}
		if err := r.Decode(text); err != nil {
			return fmt.Errorf("sqlite: stored record: %w", err)
		}
		if err := each(r); err != nil {
			return err
		}
	}
	return readError(rows.Err())
}

// indexedFlow is the flow whose records have an index by session: see the
// migrations. It is used for a condition that says so word for word.
const indexedFlow = "push"

func cdrWhere(f cdr.Filter) (string, []any) {
	var conds []string
	var args []any
	add := func(cond string, arg any) {
		conds, args = append(conds, cond), append(args, arg)
	}
	if !f.From.IsZero() {
		add("ended_at >= ?", micros(f.From))
	}
	if !f.To.IsZero() {
		add("ended_at < ?", micros(f.To))
	}
	if f.Flow == indexedFlow {
		conds, f.Flow = append(conds, "flow = '"+indexedFlow+"'"), ""
	}
	for _, c := range [...]struct{ cond, val string }{
		{"mdn = ?", f.MDN}, {"session = ?", f.Session}, {"flow = ?", f.Flow}, {"outcome = ?", string(f.Outcome)},
	} {
		if c.val != "" {
			add(c.cond, c.val)
		}
	}
	if len(conds) == 0 {
		return "", nil
	}
	return " WHERE " + strings.Join(conds, " AND "), args
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
