package rendezvous

import (
	"context"
	"encoding/hex"
	"errors"
	"strconv"
	"time"

	"github.com/otagate/otagate/otasp/iota"
	"github.com/otagate/otagate/sessions"
)

// exchange is a request of a handset whose session is known.
type exchange struct {
	s     *Server
	c     *call
	token iota.Token
	peer  Caller
	limit *time.Timer // of the waiting
}

func (s *Server) begin(c *call, token iota.Token, who Caller) *exchange {
	return &exchange{s: s, c: c, token: token, peer: who, limit: time.NewTimer(s.cfg.AnswerTime)}
}

// wait gives the document for which w waits; ctx ends when the handset has gone.
// The time for reading does not end it: net/http takes its bound away when all is
// read.
func (x *exchange) wait(ctx context.Context, w *waiter) (*document, reason) {
	why := left
	select {
	case r := <-w.done:
		return r.doc, r.why
	case <-x.limit.C:
		why = late
	case <-ctx.Done():
	case <-x.s.stop:
	}
	select {
	case r := <-w.done: // it came at the same moment
		return r.doc, r.why
	case <-x.s.stop: // before the context of the handset ends
		return nil, stopping
	default:
		return nil, why
	}
}

// answer waits for a document and makes an answer of it.
func (x *exchange) answer(ctx context.Context, w *waiter) answer {
	defer x.limit.Stop()
	doc, why := x.wait(ctx, w)
	if why != fine {
		return unanswered(why)
	}
	return x.deliver(doc)
}

// unanswered says what became of the waiting.
func unanswered(why reason) answer {
	switch why {
	case late, left, stopping, busy:
		return again(why, busyRetry)
	}
	return refuse(why)
}

// deliver encodes a document. What cannot be encoded never will be, and the
// handset gives up.
func (x *exchange) deliver(doc *document) answer {
	m := *doc.m
	d := *m.Document
	m.Document = &d
	if doc.reports {
		at, err := x.token.URL(x.s.cfg.Base)
		if err != nil {
			return x.undeliverable(doc, err)
		}
		d.StatusURI = at + "/" + strconv.Itoa(int(doc.req))
	}
	contentType, body, err := x.s.dialectOf(x.c).Encode(&m, x.s.boundary())
	if err != nil {
		return x.undeliverable(doc, err)
	}
	x.s.counts.documents.Add(1)
	x.trace(doc.req, true, contentType, body)
	x.s.opts.Log.Debug().Stringer("session", x.c.id).Uint16("req", doc.req).Msg("iota: document goes out")
	return answer{contentType: contentType, body: body}
}

func (x *exchange) undeliverable(doc *document, err error) answer {
	x.s.opts.Log.Error().Stringer("session", x.c.id).Uint16("req", doc.req).Err(err).Msg("iota: a document cannot be written")
	if x.s.finish(x.c) {
		x.s.sessions.Broken(x.c.id, doc.req, "the document cannot be written")
	}
	return refuse(failed)
}

// finish ends a conversation, once.
func (s *Server) finish(c *call) (first bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	l := c.talk()
	first = !l.over && !c.ended
	l.over = true
	l.out = nil
	l.wake(result{why: gone})
	return first
}

func (x *exchange) trace(req uint16, sent bool, contentType string, body []byte) {
	if x.s.opts.Trace != nil {
		x.s.opts.Trace(Exchange{Session: x.c.id, Req: req, Peer: x.peer.Addr, Sent: sent, ContentType: contentType, Body: body})
	}
}

// dialectOf is that of the handset.
func (s *Server) dialectOf(c *call) *iota.Dialect {
	s.mu.Lock()
	defer s.mu.Unlock()
	if d := c.talk().dialect; d != nil {
		return d
	}
	return s.dialects[0]
}

// boundary is one that no part has inside, by chance alone.
func (s *Server) boundary() string {
	var b [12]byte
	s.opts.Random(b[:])
	return "mmc-" + hex.EncodeToString(b[:])
}

// refusedBy is what an error of the sessions is answered with.
func refusedBy(err error) answer {
	switch {
	case errors.Is(err, sessions.ErrBusy):
		return again(busy, busyRetry)
	case errors.Is(err, ErrMismatch):
		return refuse(mismatched)
	}
	return refuse(declined)
}

// masked is a number for the log.
func masked(mdn string) string {
	n, err := sessions.ParseMDN(mdn)
	if err != nil {
		return ""
	}
	return n.Masked()
}
