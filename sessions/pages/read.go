package pages

import (
	"context"

	"github.com/otagate/otagate/sessions"
)

// found is a session as it is found, if it is.
type found struct {
	rec   sessions.Record
	there bool
}

func (s *Store) find(ctx context.Context, whose func(*memory) *session) (sessions.Record, error) {
	f, err := look(ctx, s, func(m *memory) (f found) {
		if one := whose(m); one != nil {
			f = found{one.record(), true}
		}
		return f
	})
	if err == nil && !f.there {
		err = sessions.ErrNotFound
	}
	return f.rec, err
}

// ByID finds a live session.
func (s *Store) ByID(ctx context.Context, id sessions.ID) (sessions.Record, error) {
	return s.find(ctx, func(m *memory) *session { return m.live.Get(uint64(id)) })
}

// ByKey finds the live session that has this key.
func (s *Store) ByKey(ctx context.Context, k sessions.Key) (sessions.Record, error) {
	return s.find(ctx, func(m *memory) *session { return m.owner(k) })
}

// ByCorr finds the live session that has this correlation.
func (s *Store) ByCorr(ctx context.Context, c sessions.Corr) (sessions.Record, error) {
	return s.find(ctx, func(m *memory) *session { return m.corr[c] })
}

// loadTogether is how many sessions are read at a time, so that those who write
// need not wait for all of them.
const loadTogether = 256

// Load gives every live session to each. A session that begins or ends meanwhile
// may be missed.
func (s *Store) Load(ctx context.Context, each func(sessions.Record) error) error {
	ids, err := look(ctx, s, func(m *memory) []sessions.ID {
		ids := make([]sessions.ID, 0, m.live.Len())
		for s := range m.live.All {
			ids = append(ids, s.id)
		}
		return ids
	})
	for len(ids) > 0 && err == nil {
		n := min(len(ids), loadTogether)
		err = s.loadSome(ctx, ids[:n], each)
		ids = ids[n:]
	}
	return err
}

func (s *Store) loadSome(ctx context.Context, ids []sessions.ID, each func(sessions.Record) error) error {
	records, err := look(ctx, s, func(m *memory) []sessions.Record {
		records := make([]sessions.Record, 0, len(ids))
		for _, id := range ids {
			if one := m.live.Get(uint64(id)); one != nil {
				records = append(records, one.record())
			}
		}
		return records
	})
	if err != nil {
		return err
	}
	for _, rec := range records {
		if err := each(rec); err != nil {
			return err
		}
	}
	return nil
}
