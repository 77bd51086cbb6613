package rendezvous

import (
	"context"
	"crypto/sha256"
	"errors"
	"mime"
	"net/http"
	"strconv"

	"github.com/otagate/otagate/internal/gateway/web"
	"github.com/otagate/otagate/otasp/iota"
)

// post is a report on its way in.
type post struct {
	req uint16
	sum [sha256.Size]byte
	m   *iota.Message // nil: it cannot be read
	err error         // why
}

// parseReq reads the number of a document, in the one form that we write.
func parseReq(text string) (uint16, bool) {
	n, err := strconv.ParseUint(text, 10, 16)
	return uint16(n), err == nil && strconv.FormatUint(n, 10) == text
}

// report is a request that says what became of a document.
func (s *Server) report(rw http.ResponseWriter, r *http.Request, c *call, token iota.Token, req uint16) answer {
	who, why := s.caller(r)
	if why == fine {
		why = s.awaits(c, &who, req)
	}
	if why != fine {
		return refuse(why)
	}
	d, contentType := s.dialectFor(c, r)
	if d == nil && r.ContentLength != 0 || !web.Identity(r.Header) {
		return refuse(media)
	}
	body, why := s.read(rw, r)
	if why != fine {
		return refuse(why)
	}
	if d == nil { // and no body either
		d = s.dialectOf(c)
	}
	x := s.begin(c, token, who)
	defer x.limit.Stop()
	x.trace(req, false, contentType, body)
	p := &post{req: req, sum: sha256.Sum256(body)}
	p.m, p.err = d.Decode(contentType, body, iota.Limits{Size: s.cfg.MaxBody})
	if p.err == nil && p.m.Report == nil {
		p.m, p.err = nil, errDocument
	}
	return x.take(r.Context(), p, d)
}

var errDocument = errors.New("rendezvous: a document, and no report")

// awaits is what can be said before the body is read.
func (s *Server) awaits(c *call, who *Caller, req uint16) reason {
	s.mu.Lock()
	defer s.mu.Unlock()
	l := c.live
	switch {
	case !c.is(who):
		return wrongHandset
	case !c.called:
		return outOfOrder
	case l.over:
		return gone
	case l.about(req) != nil, l.last.known && l.last.req == req, l.resumed && !l.last.known:
		return fine
	}
	return outOfOrder
}

// dialectFor is the dialect of a report, nil when there is none: that of its
// type. A multipart that does not say which is taken to be of the dialect of the
// session.
func (s *Server) dialectFor(c *call, r *http.Request) (*iota.Dialect, string) {
	text := r.Header.Get("Content-Type")
	if d := s.dialects.ForContentType(text); d != nil {
		return d, text
	}
	media, params, err := mime.ParseMediaType(text)
	if err == nil && media == "multipart/related" && params["type"] == "" {
		return s.dialectOf(c), text
	}
	return nil, text
}

func (s *Server) read(w http.ResponseWriter, r *http.Request) ([]byte, reason) {
	if r.ContentLength > int64(s.cfg.MaxBody) && r.Header.Get("Expect") == "" { // else an octet would call for all of them
		// Whoever is told that it is too large is still sending. net/http closes
		// slowly enough for him to hear it when a bound was hit, which takes one octet.
		_, _ = http.MaxBytesReader(w, r.Body, 0).Read(make([]byte, 1))
	}
	body, status := web.Body(w, r, s.cfg.MaxBody)
	switch status {
	case http.StatusOK:
		return body, fine
	case http.StatusRequestEntityTooLarge:
		return nil, tooLarge
	case http.StatusRequestTimeout:
		return nil, slow
	}
	return nil, cut
}

// take finds out what a report is about, tells it, and answers with the document
// that comes then.
func (x *exchange) take(ctx context.Context, p *post, d *iota.Dialect) answer {
	for {
		what, w, before := x.s.judge(x.c, p, d)
		switch what.kind {
		case isNews:
			return x.tell(ctx, p, w, before)
		case isRepetition:
			x.s.counts.repeated.Add(1)
			return x.answer(ctx, w)
		case isEnd:
			x.s.counts.empty.Add(1)
			x.s.opts.Log.Info().Stringer("session", x.c.id).Uint16("req", p.req).Msg("iota: handset has nothing more to say")
			x.s.sessions.Broken(x.c.id, p.req, "empty report")
			return answer{}
		case isUnclear:
			if _, why := x.wait(ctx, w); why != fine {
				return unanswered(why)
			}
		default:
			x.s.opts.Log.Trace().Stringer("session", x.c.id).AnErr("error", p.err).Msg("iota: report") // may show what is in it
			return refuse(what.why)
		}
	}
}

// tell says what was reported. Where nobody takes it, it has not come.
func (x *exchange) tell(ctx context.Context, p *post, w *waiter, before state) answer {
	if err := x.s.sessions.Reported(x.c.id, p.req, p.m); err != nil {
		a := refusedBy(err)
		x.s.untake(x.c, before, a.why)
		return a
	}
	x.s.counts.reports.Add(1)
	x.s.opts.Log.Debug().Stringer("session", x.c.id).Uint16("req", p.req).Str("status", string(p.m.Report.Status)).Msg("iota: report")
	x.s.told(x.c)
	return x.answer(ctx, w)
}

// untake takes a report back.
func (s *Server) untake(c *call, before state, why reason) {
	s.mu.Lock()
	defer s.mu.Unlock()
	l := c.live
	l.telling = false
	l.last, l.mmcID, l.sent = before.last, before.mmcID, before.sent
	if l.out == nil {
		l.out = before.out
	}
	l.wake(result{why: why}) // a repetition that waits too
}
