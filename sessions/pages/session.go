package pages

import (
	"slices"
	"time"

	"github.com/otagate/otagate/sessions"
)

// session is one live session.
type session struct {
	place
	id sessions.ID
	sessionState
}

// sessionState is what of a session is put back when a batch is undone.
type sessionState struct {
	key     sessions.Key
	version uint64
	due     int64 // Unix seconds, 0 for none
	state   string
	corrs   []sessions.Corr // never changed in place
	there   bool
}

func (s *session) record() sessions.Record {
	r := sessions.Record{ID: s.id, Key: s.key, Version: s.version, State: []byte(s.state)}
	if s.due != 0 {
		r.Due = time.Unix(s.due, 0).UTC()
	}
	return r
}

// owner is the session that has a key.
func (m *memory) owner(k sessions.Key) *session {
	if k.Kind == sessions.KeyMessage { // its number is mostly that of its session
		if s := m.live.Get(k.Number); s != nil && s.key == k {
			return s
		}
	}
	return m.keys[k]
}

// holder is the owner of the key that c gives to s, which is nil when it is to begin
// and is not looked for again.
func (m *memory) holder(s *session, c *sessions.Change) *session {
	k := c.FinalKey()
	if s == nil && k == sessions.MessageKey(c.ID) {
		return m.keys[k]
	}
	return m.owner(k)
}

// indexSession makes s found by its id, its key and its correlations.
func (m *memory) indexSession(s *session) {
	m.live.Put(uint64(s.id), s)
	m.indexKey(s)
	for _, c := range s.corrs {
		m.corr[c] = s
	}
}

// indexKey: the key of a message that is its own id is found by that.
func (m *memory) indexKey(s *session) {
	if s.key != sessions.MessageKey(s.id) {
		m.keys[s.key] = s
	}
}

func (m *memory) unindexSession(s *session) {
	m.live.Drop(uint64(s.id))
	if m.keys[s.key] == s {
		delete(m.keys, s.key)
	}
	for _, c := range s.corrs {
		if m.corr[c] == s {
			delete(m.corr, c)
		}
	}
}

// touchSession keeps what s was before the batch.
func (m *memory) touchSession(s *session) {
	if s.touched {
		return
	}
	s.touched = true
	m.batch.sessions = append(m.batch.sessions, keptSession{s, s.sessionState})
}

// refusal is the first cause against a change of s, which is nil when it is to begin.
func (m *memory) refusal(s *session, c *sessions.Change) sessions.Result {
	if c.Seen.Key != "" {
		if x := m.seen[c.Seen.Key]; x != nil && x.until > m.now {
			return sessions.Result{First: x.id, Err: sessions.ErrDuplicate}
		}
	}
	switch {
	case s == nil && c.Expect > 0:
		return sessions.Result{Err: sessions.ErrNotFound}
	case s != nil && s.version != c.Expect:
		return sessions.Result{Version: s.version, Err: sessions.ErrConflict}
	}
	if c.Expect == 0 || (c.NewKey != nil && !c.Finish) {
		if by := m.holder(s, c); by != nil && by != s {
			return sessions.Result{First: by.id, Err: sessions.ErrKeyTaken}
		}
	}
	for _, a := range c.AddCorr {
		if by := m.corr[a]; by != nil && by != s {
			return sessions.Result{First: by.id, Err: sessions.ErrCorrTaken}
		}
	}
	return sessions.Result{}
}

// change applies c, whole or not at all.
func (m *memory) change(c *sessions.Change) sessions.Result {
	s := m.live.Get(uint64(c.ID))
	if no := m.refusal(s, c); no.Err != nil {
		return no
	}
	if s == nil {
		m.create(c)
	} else if m.touchSession(s); c.Finish {
		m.unindexSession(s)
		s.there = false
	} else {
		m.step(s, c)
	}
	if c.Seen.Key != "" {
		m.note(c)
	}
	for _, n := range c.OutboxDone {
		if r := m.rows.Get(uint64(n)); r != nil {
			m.removeRow(r)
		}
	}
	for i := range c.Outbox {
		m.addRow(&c.Outbox[i])
	}
	for i := range c.CDR {
		m.batch.records.Add(&c.CDR[i])
	}
	return sessions.Result{Version: c.Expect + 1}
}

// create: a session that ends in the change that begins it was looked at and
// does not stay.
func (m *memory) create(c *sessions.Change) {
	if c.Finish {
		return
	}
	s := m.newSession()
	s.id = c.ID
	m.touchSession(s)
	s.key, s.version, s.due, s.state, s.there = c.FinalKey(), 1, seconds(c.Due), string(c.State), true
	for _, a := range c.AddCorr {
		if !slices.Contains(s.corrs, a) {
			s.corrs = append(s.corrs, a)
		}
	}
	m.indexSession(s)
}

func (m *memory) step(s *session, c *sessions.Change) {
	s.version++
	s.state = string(c.State)
	if !c.KeepDue {
		s.due = seconds(c.Due)
	}
	if c.NewKey != nil && *c.NewKey != s.key {
		if m.keys[s.key] == s {
			delete(m.keys, s.key)
		}
		s.key = *c.NewKey
		m.indexKey(s)
	}
	if len(c.AddCorr) > 0 || len(c.DelCorr) > 0 {
		m.correlate(s, c)
	}
}

// correlate: removals go before additions, and what is another's stays.
func (m *memory) correlate(s *session, c *sessions.Change) {
	var next []sessions.Corr
	for _, have := range s.corrs {
		if slices.Contains(c.DelCorr, have) && !slices.Contains(c.AddCorr, have) {
			delete(m.corr, have)
			continue
		}
		next = append(next, have)
	}
	for _, a := range c.AddCorr {
		if m.corr[a] != s {
			m.corr[a] = s
			next = append(next, a)
		}
	}
	s.corrs = next
}

// seconds is t in Unix seconds, 0 for none.
func seconds(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}

// micros is t in Unix microseconds, 0 for none.
func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// fromMicros is the inverse of micros.
func fromMicros(n int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.UnixMicro(n).UTC()
}
