package rendezvous

import (
	"net/http"

	"github.com/otagate/otagate/otasp/iota"
)

// callBack is the first request of a session: a handset follows its invitation.
func (s *Server) callBack(r *http.Request, c *call, token iota.Token) answer {
	who, why := s.caller(r)
	if why != fine {
		return refuse(why)
	}
	x := s.begin(c, token, who)
	w, why := s.use(c, &who, s.dialects.ForAccept(r.Header.Get("Accept")))
	if why != fine {
		x.limit.Stop()
		return refuse(why)
	}
	if err := s.sessions.CalledBack(c.id, who); err != nil {
		x.limit.Stop()
		s.unuse(c)
		return refusedBy(err)
	}
	s.told(c)
	s.counts.called.Add(1)
	s.opts.Log.Info().Stringer("session", c.id).Stringer("from", who.Addr).Str("mdn", masked(who.MDN)).Msg("iota: handset calls back")
	return x.answer(r.Context(), w)
}

// use makes a call-back one that was used. Of two at the same moment one is late.
func (s *Server) use(c *call, who *Caller, d *iota.Dialect) (*waiter, reason) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case c.ended:
		return nil, unknown
	case c.called:
		return nil, used
	case c.expired(s.opts.Now()):
		return nil, expired
	case !c.is(who):
		return nil, wrongHandset
	}
	c.called = true
	l := c.talk()
	l.telling, l.dialect = true, d
	return l.wait(), fine
}

// unuse takes it back, as nobody has heard of it.
func (s *Server) unuse(c *call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c.called = false
	c.live.telling = false
}

// told ends the time in which the sessions hear an event.
func (s *Server) told(c *call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c.live.telling = false
}
