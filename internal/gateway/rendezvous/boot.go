package rendezvous

import (
	"cmp"
	"context"
	"errors"
	"net/http"

	"github.com/otagate/otagate/otasp/iota"
	"github.com/otagate/otagate/sessions"
)

// boot is the request of a handset that comes by itself.
func (s *Server) boot(r *http.Request) answer {
	who, why := s.caller(r)
	if why == fine {
		why = s.query(r, &who)
	}
	switch {
	case why != fine:
		return refuse(why)
	case who.ESN == 0 && who.MEID == "" && who.MDN == "":
		return refuse(nobody)
	}
	s.booting(1)
	defer s.booting(-1)
	id, token, err := s.begun(r.Context(), who)
	if err != nil {
		return bootRefusal(err)
	}
	c, w := s.booted(id, token, s.dialects.ForAccept(r.Header.Get("Accept")))
	if c == nil {
		s.sessions.Broken(id, 0, "no room for the session")
		return again(crowded, busyRetry)
	}
	s.counts.booted.Add(1)
	s.opts.Log.Info().Stringer("session", id).Stringer("from", who.Addr).Str("mdn", masked(who.MDN)).Msg("iota: handset comes by itself")
	return s.begin(c, token, who).answer(r.Context(), w)
}

// booting counts the calls of Boot. While there is one, the document of a session
// that nobody knows may be that of the session which it begins.
func (s *Server) booting(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.boots += n; s.boots == 0 {
		s.counts.lost.Add(uint64(len(s.early)))
		clear(s.early)
	}
}

func (s *Server) begun(ctx context.Context, who Caller) (sessions.ID, iota.Token, error) {
	ctx, cancel := context.WithTimeout(ctx, s.cfg.AnswerTime)
	defer cancel()
	return s.sessions.Boot(ctx, who)
}

// booted gives the session that begun has begun to the exchange that waits.
func (s *Server) booted(id sessions.ID, token iota.Token, d *iota.Dialect) (*call, *waiter) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.attach(id, token)
	if c == nil {
		return nil, nil
	}
	c.called = true
	l := c.talk()
	l.dialect = d
	if early := s.early[id]; early != nil {
		c.put(early)
		delete(s.early, id)
	}
	return c, l.wait()
}

func bootRefusal(err error) answer {
	var no *Refusal
	switch {
	case errors.As(err, &no) && no.Status >= 400 && no.Status <= 599:
		a := answer{why: bootRefused, status: no.Status, text: shown(no)}
		if no.Status == http.StatusTooManyRequests || no.Status == http.StatusServiceUnavailable {
			a.retry = busyRetry
		}
		return a
	case errors.Is(err, sessions.ErrBusy):
		return again(busy, busyRetry)
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return again(late, busyRetry)
	}
	return refuse(failed)
}

// shown is the reason of a refusal as a handset may see it: a word or two.
func shown(no *Refusal) string {
	const most = 80
	text := agent(no.Reason)
	return cmp.Or(text[:min(len(text), most)], http.StatusText(no.Status), "refused")
}
