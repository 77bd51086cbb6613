package rendezvous

import (
	"errors"

	"github.com/otagate/otagate/otasp/iota"
)

// kind is what a report is.
type kind uint8

const (
	isRefused    kind = 0
	isNews       kind = 1 // the answer to the document that is out
	isRepetition kind = 2 // the last one again
	isEnd        kind = 3 // nothing inside
	isUnclear    kind = 4 // the document that is out is not known yet, after a restart
)

type verdict struct {
	kind kind
	why  reason // of a refusal
}

// state is what a report changes.
type state struct {
	out, sent *document
	last      reported
	mmcID     iota.MMCID
}

// judge says what a report is, and takes it when it is news. Nothing is changed
// by what is refused.
func (s *Server) judge(c *call, p *post, d *iota.Dialect) (verdict, *waiter, state) {
	s.mu.Lock()
	defer s.mu.Unlock()
	l := c.live
	before := state{l.out, l.sent, l.last, l.mmcID}
	v := l.judge(c, p)
	switch v.kind {
	case isNews:
		if id := p.m.Report.MMCID; id != "" {
			l.mmcID = id
		}
		if l.out != nil && l.out.req == p.req {
			l.out = nil
		}
		l.sent, l.last, l.telling = nil, reported{true, p.req, p.sum}, true
	case isRepetition:
		l.last = reported{true, p.req, p.sum}
	case isUnclear:
	case isEnd:
		l.over = true
		l.wake(result{why: gone})
		return v, nil, before
	default:
		return v, nil, before
	}
	if l.dialect == nil {
		l.dialect = d
	}
	return v, l.wait(), before
}

func (l *live) judge(c *call, p *post) verdict {
	out, doc := l.out, l.about(p.req)
	switch {
	case c.ended || l.over:
		return verdict{why: gone}
	case doc != nil:
		return l.answers(p, doc)
	case l.last.is(p):
		return verdict{kind: isRepetition}
	case l.last.known && l.last.req == p.req:
		return verdict{why: changed}
	case l.last.known || !l.resumed:
		return verdict{why: outOfOrder}
	case p.m == nil:
		return verdict{why: malformed}
	case out == nil:
		return verdict{kind: isUnclear}
	case !l.mayBe(p, out):
		return verdict{why: transaction}
	case p.req < out.req:
		// It was taken before the restart, and the answer was lost with it. Nobody
		// is told, so it does not matter what it says.
		return verdict{kind: isRepetition}
	}
	return verdict{why: outOfOrder}
}

// answers judges a report about a document.
func (l *live) answers(p *post, doc *document) verdict {
	switch {
	case l.telling || !doc.reports:
		return verdict{why: outOfOrder}
	case errors.Is(p.err, iota.ErrEmpty):
		return verdict{kind: isEnd}
	case p.m == nil:
		return verdict{why: malformed}
	case !l.mayBe(p, doc):
		return verdict{why: transaction}
	case p.m.Report.Answers(doc.m.Document) != nil:
		return verdict{why: mismatched}
	}
	return verdict{kind: isNews}
}

// mayBe tells whether a report can be of the transaction of a document. Where the
// document opens one, its number is the handset's to choose.
func (l *live) mayBe(p *post, doc *document) bool {
	id, theirs := doc.m.Document.MMCID, p.m.Report.MMCID
	if id == "" && !doc.opens {
		id = l.mmcID
	}
	return id == "" || theirs == "" || id == theirs
}
