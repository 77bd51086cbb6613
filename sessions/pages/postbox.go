package pages

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/otagate/otagate/sessions"
)

// Claim leases due rows; see sessions.Postbox.
func (s *Store) Claim(ctx context.Context, dest string, now time.Time, n int, lease time.Duration) ([]sessions.Outbox, error) {
	if n <= 0 || lease < time.Microsecond {
		return nil, fmt.Errorf("%w: %d rows claimed for %s", sessions.ErrInvalid, n, lease)
	}
	return do(ctx, s, func(m *memory) []sessions.Outbox {
		return m.claim(dest, now.UnixMicro(), n, now.Add(lease).UnixMicro())
	})
}

func (m *memory) claim(dest string, now int64, n int, until int64) []sessions.Outbox {
	x := m.boxes[dest]
	if x == nil {
		return nil
	}
	var rows []*row
	for len(rows) < n {
		r := x.first()
		if r == nil || r.at() > now {
			break
		}
		m.lease(r, until)
		r.attempt++
		rows = append(rows, r)
	}
	return outboxes(rows)
}

// outboxes gives the rows away, with bodies that are their takers'.
func outboxes(rows []*row) []sessions.Outbox {
	if len(rows) == 0 {
		return nil
	}
	size := 0
	for _, r := range rows {
		size += len(r.body)
	}
	bodies := make([]byte, 0, size)
	all := make([]sessions.Outbox, len(rows))
	for i, r := range rows {
		from := len(bodies)
		bodies = append(bodies, r.body...)
		all[i] = r.outbox()
		if r.body != "" {
			all[i].Body = bodies[from:len(bodies):len(bodies)]
		}
	}
	return all
}

// Settle ends or renews leases; see sessions.Postbox.
func (s *Store) Settle(ctx context.Context, rows ...sessions.Settlement) error {
	_, err := do(ctx, s, func(m *memory) struct{} {
		for _, one := range rows {
			m.settle(&one)
		}
		return struct{}{}
	})
	return err
}

func (m *memory) settle(one *sessions.Settlement) {
	r := m.rows.Get(uint64(one.Row))
	switch {
	case r == nil:
	case one.Retry.IsZero():
		m.removeRow(r)
	case one.Attempt == 0 || int32(one.Attempt) == r.attempt:
		m.touchRow(r)
		r.box.remove(r)
		r.due, r.lease = one.Retry.UnixMicro(), 0
		r.box.add(r)
	}
}

// NextDue is when the next row of dest can be claimed; see sessions.Postbox.
func (s *Store) NextDue(ctx context.Context, dest string) (time.Time, error) {
	return look(ctx, s, func(m *memory) time.Time {
		if x := m.boxes[dest]; x != nil {
			if r := x.first(); r != nil {
				return time.UnixMicro(max(r.at(), 1)).UTC() // zero would read as "never"
			}
		}
		return time.Time{}
	})
}

// Depths tells how many rows there are for each destination that has some, whoever has
// them.
func (s *Store) Depths(ctx context.Context) (map[string]int, error) {
	return look(ctx, s, func(m *memory) map[string]int {
		all := make(map[string]int, len(m.boxes))
		for dest, x := range m.boxes {
			if x.rows > 0 {
				all[dest] = x.rows
			}
		}
		return all
	})
}

// Orphans leases what an ended process had leased; see sessions.Recall.
func (s *Store) Orphans(ctx context.Context, dest string, now time.Time, lease time.Duration) ([]sessions.Outbox, error) {
	if lease < time.Microsecond {
		return nil, fmt.Errorf("%w: rows leased for %s", sessions.ErrInvalid, lease)
	}
	return do(ctx, s, func(m *memory) []sessions.Outbox {
		x := m.boxes[dest]
		if x == nil {
			return nil
		}
		rows := x.had()
		slices.SortFunc(rows, func(a, b *row) int { return cmp.Compare(a.number, b.number) })
		for _, r := range rows {
			m.lease(r, now.Add(lease).UnixMicro())
		}
		return outboxes(rows)
	})
}

// Withdraw deletes a row that nobody has leased; see sessions.Recall.
func (s *Store) Withdraw(ctx context.Context, dedup string) (bool, error) {
	if dedup == "" {
		return false, fmt.Errorf("%w: no row is withdrawn by an empty text", sessions.ErrInvalid)
	}
	return do(ctx, s, func(m *memory) bool {
		r := m.dedup[dedup]
		switch {
		case r == nil:
			return true
		case r.lease > 0:
			return false
		}
		m.removeRow(r)
		return true
	})
}
