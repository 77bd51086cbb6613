package pages

// Stats is what a store has.
type Stats struct {
	Pages  int // of the log
	Octets int // of all pages
	Live   int // octets of what is needed of them

	Sessions int // live
	Rows     int // of the outbox
	Seen     int // entries, some of which may have expired

	Batches uint64 // committed since the start
	Moved   uint64 // images that were written again since the start
}

// Stats reads what the store had after the last batch.
func (s *Store) Stats() Stats {
	s.counting.Lock()
	defer s.counting.Unlock()
	return s.stats
}

// count is called by the actor.
func (s *Store) count(m *memory, batches uint64) {
	h := &m.history
	s.counting.Lock()
	defer s.counting.Unlock()
	s.stats = Stats{
		Pages: len(h.pages), Octets: h.octets, Live: h.live, Sessions: m.live.Len(), Rows: m.rows.Len(), Seen: len(m.seen),
		Batches: batches, Moved: h.moved,
	}
}
