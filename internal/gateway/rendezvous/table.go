package rendezvous

import (
	"crypto/sha256"
	"time"

	"github.com/otagate/otagate/otasp/iota"
	"github.com/otagate/otagate/sessions"
)

// maxExpected bounds the sessions that are known.
const maxExpected = 1_000_000

// key is what a token is found by. It takes a time that tells nothing, and who
// reads the memory of the process does not get the token.
type key [16]byte

func keyOf(t iota.Token) (k key) {
	sum := sha256.Sum256([]byte(t.Text()))
	copy(k[:], sum[:])
	return k
}

// call is a session that is expected. There may be a million that never call, so
// it is small; what it takes to talk is in live.
type call struct {
	id     sessions.ID
	key    key
	until  int64 // Unix nanoseconds, 0 is for ever
	mdn    sessions.MDN
	meid   uint64
	esn    uint32
	called bool
	ended  bool
	live   *live // nil before the handset or a document came
}

// What no handset has: an expectation that cannot be read is met by none.
const (
	noMDN  sessions.MDN = 1<<64 - 1
	noMEID uint64       = 1<<64 - 1
)

// expect puts into c what is expected of the handset.
func (c *call) expect(e *Expected) {
	c.until, c.mdn, c.meid, c.esn = 0, 0, 0, e.ESN
	if !e.Until.IsZero() {
		c.until = e.Until.UnixNano()
	}
	if e.MDN != "" {
		var who Caller
		if readable, _ := who.number(e.MDN); readable {
			c.mdn, _ = sessions.ParseMDN(who.MDN)
		} else {
			c.mdn = noMDN
		}
	}
	if e.MEID != "" {
		n, ok := parseMEID(e.MEID)
		if !ok {
			n = noMEID
		}
		c.meid = n
	}
}

// is tells whether a caller can be the handset that is expected: what both know
// must be the same.
func (c *call) is(who *Caller) bool {
	if c.esn != 0 && who.ESN != 0 && c.esn != who.ESN {
		return false
	}
	if n, ok := parseMEID(who.MEID); ok && c.meid != 0 && c.meid != n {
		return false
	}
	mdn, err := sessions.ParseMDN(who.MDN)
	return err != nil || c.mdn == 0 || sameNumber(c.mdn, mdn)
}

func (c *call) expired(now time.Time) bool { return c.until != 0 && now.UnixNano() > c.until }

// Expect lets the bearer of a token call. It may be said again, and then changes
// what is expected; another token takes the place of the first. It may be said
// at any time, also before Serve.
func (s *Server) Expect(id sessions.ID, e Expected) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c := s.attach(id, e.Token); c != nil {
		c.expect(&e)
		if e.Called {
			s.resume(c)
		}
	}
}

// attach finds or makes the call of a session, with this token. It is nil where
// there is no room, or where the token is of another session.
func (s *Server) attach(id sessions.ID, t iota.Token) *call {
	k := keyOf(t)
	c := s.byID[id]
	other := s.byKey[k]
	switch {
	case t.IsZero() || other != nil && other != c || c == nil && len(s.byID) >= maxExpected:
		s.counts.full.Add(1)
		s.opts.Log.Warn().Stringer("session", id).Msg("iota: a session cannot be called about: no room or no token of its own")
		return nil
	case c == other && c != nil:
		return c
	case c != nil:
		s.forget(c)
	}
	c = &call{id: id, key: k}
	s.byID[id], s.byKey[k] = c, c
	return c
}

// resume makes the handset of a session one that has called before.
func (s *Server) resume(c *call) {
	if !c.called {
		c.called = true
		c.talk().resumed = true
	}
}

func (c *call) talk() *live {
	if c.live == nil {
		c.live = new(live)
	}
	return c.live
}

// End forgets a session. An exchange that waits is told that it has gone.
func (s *Server) End(id sessions.ID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.early, id)
	if c := s.byID[id]; c != nil {
		s.forget(c)
	}
}

func (s *Server) forget(c *call) {
	delete(s.byID, c.id)
	delete(s.byKey, c.key)
	c.ended = true
	if c.live != nil {
		c.live.wake(result{why: gone})
	}
}
