package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"time"

	"github.com/otagate/otagate/sessions"
)

const outboxColumns = "row, dest, due_at, validity_at, attempt, session, kind, number, coalesce(dedup, ''), body"

func (w *writer) addOutbox(o *sessions.Outbox) error {
	var dedup driver.Value
	if o.Dedup != "" {
		dedup = o.Dedup
	}
	due := micros(o.Due)
	_, err := w.exec(&w.st.addOutbox, o.Dest, due, due, micros(o.Validity), int64(o.Attempt),
		int64(o.ID), int64(o.Key.Kind), int64(o.Key.Number), dedup, octets(o.Body))
	return err
}

// Claim leases due rows; see sessions.Postbox.
func (s *Store) Claim(ctx context.Context, dest string, now time.Time, n int, lease time.Duration) ([]sessions.Outbox, error) {
	if n <= 0 || lease < time.Microsecond {
		return nil, fmt.Errorf("%w: %d rows claimed for %s", sessions.ErrInvalid, n, lease)
	}
	return do(ctx, s, func(w *writer) ([]sessions.Outbox, error) {
		return w.claim(dest, now.UnixMicro(), int64(n), now.Add(lease).UnixMicro())
	})
}

func (w *writer) claim(dest string, now, n, until int64) ([]sessions.Outbox, error) {
	var out []sessions.Outbox
	err := w.query(&w.st.findDue, func(v []driver.Value) error {
		o, err := scanOutbox(v)
		o.Attempt++
		o.LeaseUntil = fromMicros(until)
		out = append(out, o)
		return err
	}, dest, now, n)
	if err != nil || len(out) == 0 {
		return out, err
	}
	// The same rows: nothing has changed since they were found.
	_, err = w.exec(&w.st.lease, until, until, dest, now, n)
	return out, err
}

// scanOutbox reads a row of outboxColumns.
func scanOutbox(v []driver.Value) (o sessions.Outbox, err error) {
	var n [7]int64
	for i, col := range [...]int{0, 2, 3, 4, 5, 6, 7} {
		var ok bool
		if n[i], ok = v[col].(int64); !ok {
			return o, fmt.Errorf("outbox column %d is a %T", col, v[col])
		}
	}
	o = sessions.Outbox{
		Row: n[0], Due: fromMicros(n[1]), Validity: fromMicros(n[2]), Attempt: int(n[3]),
		ID: sessions.ID(n[4]), Key: sessions.Key{Kind: sessions.KeyKind(n[5]), Number: uint64(n[6])},
	}
	o.Dest, _ = v[1].(string)
	o.Dedup, _ = v[8].(string)
	body, _ := v[9].([]byte)
	o.Body = append([]byte(nil), body...)
	return o, nil
}

// Settle ends or renews leases; see sessions.Postbox.
func (s *Store) Settle(ctx context.Context, rows ...sessions.Settlement) error {
	_, err := do(ctx, s, func(w *writer) (struct{}, error) {
		for _, r := range rows {
			var err error
			if r.Retry.IsZero() {
				_, err = w.exec(&w.st.delOutbox, r.Row)
			} else {
				at, attempt := r.Retry.UnixMicro(), int64(r.Attempt)
				_, err = w.exec(&w.st.retryOutbox, at, at, r.Row, attempt, attempt)
			}
			if err != nil {
				return struct{}{}, err
			}
		}
		return struct{}{}, nil
	})
	return err
}

// Orphans leases what an ended process had leased; see sessions.Recall.
func (s *Store) Orphans(ctx context.Context, dest string, now time.Time, lease time.Duration) ([]sessions.Outbox, error) {
	if lease < time.Microsecond {
		return nil, fmt.Errorf("%w: rows leased for %s", sessions.ErrInvalid, lease)
	}
	return do(ctx, s, func(w *writer) ([]sessions.Outbox, error) {
		var out []sessions.Outbox
		until := now.Add(lease).UnixMicro()
		err := w.query(&w.st.findLeased, func(v []driver.Value) error {
			o, err := scanOutbox(v)
			o.LeaseUntil = fromMicros(until)
			out = append(out, o)
			return err
		}, dest)
		if err != nil || len(out) == 0 {
			return out, err
		}
		_, err = w.exec(&w.st.leaseAgain, until, until, dest)
		return out, err
	})
}

// Withdraw deletes a row that nobody has leased; see sessions.Recall.
func (s *Store) Withdraw(ctx context.Context, dedup string) (bool, error) {
	if dedup == "" {
		return false, fmt.Errorf("%w: no row is withdrawn by an empty text", sessions.ErrInvalid)
	}
	return do(ctx, s, func(w *writer) (bool, error) {
		if n, err := w.exec(&w.st.withdraw, dedup); err != nil || n > 0 {
			return n > 0, err
		}
		gone := true
		err := w.query(&w.st.byDedup, func([]driver.Value) error { gone = false; return nil }, dedup)
		return gone, err
	})
}

// NextDue is when the next row of dest can be claimed; see sessions.Postbox.
func (s *Store) NextDue(ctx context.Context, dest string) (time.Time, error) {
	var at sql.NullInt64
	err := s.read.QueryRowContext(ctx, "SELECT min(next_at) FROM outbox WHERE dest = ?", dest).Scan(&at)
	switch {
	case err != nil:
		return time.Time{}, readError(err)
	case !at.Valid:
		return time.Time{}, nil
	}
	// A row that is due at once has 0, which would read as "never".
	return time.UnixMicro(max(at.Int64, 1)).UTC(), nil
}
