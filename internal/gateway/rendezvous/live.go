package rendezvous

import (
	"crypto/sha256"

	"github.com/otagate/otagate/otasp/iota"
	"github.com/otagate/otagate/sessions"
)

// live is a conversation. The lock of the server is around all of it.
type live struct {
	dialect *iota.Dialect // nil before the handset told it
	out     *document     // what the handset is to do: it is out, or waits for the handset to come
	sent    *document     // what the handset was told last, until it is reported about
	last    reported
	mmcID   iota.MMCID
	waiter  *waiter
	telling bool // an event is on its way to the sessions
	resumed bool // since a restart: what was reported before it is not known
	over    bool
}

// document is what a handset is to do.
type document struct {
	req     uint16
	m       *iota.Message
	reports bool // it wants a report
	opens   bool // a transaction, whose number the handset chooses
}

func newDocument(req uint16, m *iota.Message) *document {
	d := &document{req: req, m: m}
	for i := range m.Document.Methods {
		k := &m.Document.Methods[i]
		d.reports = d.reports || k.ReportStatus
		d.opens = d.opens || k.Name == iota.NameOpen
	}
	return d
}

// reported is the report that was taken last.
type reported struct {
	known bool
	req   uint16
	sum   [sha256.Size]byte // of the body
}

func (r *reported) is(p *post) bool { return r.known && r.req == p.req && r.sum == p.sum }

// waiter is an exchange that waits for its document. One that has gone stays until
// the next one comes: what it is told is lost, and the document is not.
type waiter struct{ done chan result }

type result struct {
	doc *document
	why reason
}

// wait makes a new waiter the one of the conversation. Of two the later waits:
// the connection of the first is likely to be dead.
func (l *live) wait() *waiter {
	l.wake(result{why: superseded})
	w := &waiter{done: make(chan result, 1)}
	if l.out != nil {
		w.done <- result{doc: l.out}
		l.sent = l.out
		return w
	}
	l.waiter = w
	return w
}

// wake ends the waiting.
func (l *live) wake(r result) {
	if l.waiter != nil {
		if r.doc != nil {
			l.sent = r.doc
		}
		l.waiter.done <- r
		l.waiter = nil
	}
}

// about is the document of a number that can be reported about: the one that is
// out, or that the handset has while another already waits for it.
func (l *live) about(req uint16) *document {
	switch {
	case l.out != nil && l.out.req == req:
		return l.out
	case l.sent != nil && l.sent.req == req:
		return l.sent
	}
	return nil
}

// Document is what the handset is to do next. It answers the exchange that waits,
// or the next one: also that of a report about the document before, when the
// session did not wait for it. The status-uri is filled in where a method wants a report;
// m is not changed, and must not be changed any more.
func (s *Server) Document(id sessions.ID, req uint16, m *iota.Message) {
	if m == nil || m.Document == nil {
		s.counts.lost.Add(1)
		return
	}
	d := newDocument(req, m)
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.byID[id]
	switch {
	case c != nil && (c.live == nil || !c.live.over):
		c.put(d)
	case c == nil && s.boots > 0 && len(s.early) < maxEarly:
		s.early[id] = d
	default:
		s.counts.lost.Add(1)
	}
}

func (c *call) put(d *document) {
	l := c.talk()
	l.out = d
	l.wake(result{doc: d})
}

// maxEarly bounds the documents of sessions that Boot has not named yet.
const maxEarly = 1024
