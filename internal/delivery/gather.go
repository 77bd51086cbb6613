package delivery

// gathered is what becomes of a message that waits for its siblings. Who knows them all
// decides: a message by itself could go while another is about to go for it.
func (m *machine) gathered() {
	if m.Phase != Gathering {
		m.anomaly("it does not wait for siblings")
		return
	}
	switch m.ev.Kind {
	case Alone:
		m.schedule()
	case Absorb:
		m.Phase = Ended
		m.emit(Effect{Kind: Leave})
	default:
		m.during()
		m.Phase, m.Wake = Joining, m.ev.At.Add(withdrawPause)
		m.emit(Effect{Kind: Take})
	}
}

// joined goes on with a message whose siblings have left. Before that nothing is sent and
// nothing ends: a sibling that a crash brings back would go, or end, once more.
func (m *machine) joined() {
	switch {
	case m.Phase != Joining:
		m.anomaly("it has no siblings")
	case m.Result != Result{}:
		m.finish(m.Result)
	default:
		m.schedule()
	}
}

// during takes the times of the event over.
func (m *machine) during() {
	if !m.ev.Validity.IsZero() {
		m.Validity = m.ev.Validity
	}
	if !m.ev.NotBefore.IsZero() {
		m.NotBefore = m.ev.NotBefore
	}
}
