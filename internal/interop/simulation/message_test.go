package simulation

import (
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"

	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/sessions/cdr"
	"github.com/otagate/otagate/smpp"
	"github.com/otagate/otagate/ss7/tcap/ansi"
)

// message is what the ledger knows of a message on its way.
type message struct {
	trigger int // the number that its content has
	pieces  map[uint8]*piece
	doubt   bool // an answer to some part was lost
}

// piece is a part of a message.
type piece struct {
	open      bool // it has left, and no answer has said that it was not taken
	taken     bool // its answer is on the disk
	accepted  int  // how often a centre has made it its own
	id        string
	told      int // receipts that have come to the gateway
	first     int // changes of the message when the first of them came
	receipted bool
	vague     bool // a receipt said that nobody knows
}

// posting is one sending of a part: a row of the outbox.
type posting struct {
	e       *entry
	part    uint8
	sending string
	mark    uint16   // user_message_reference
	by      *process // who has claimed it last
	sent    int
	ok      bool // the answer that it was taken has reached the gateway
	fail    bool // the answer that it was not has
	id      string
	orphan  bool // its process has died
	done    bool // the row is deleted, with what the message made of it
}

func (p *posting) name() string { return fmt.Sprintf("%s.%d#%s", p.e.name(), p.part, p.sending) }

func (p *posting) piece() *piece {
	m := p.e.message
	if m.pieces[p.part] == nil {
		m.pieces[p.part] = &piece{}
	}
	return m.pieces[p.part]
}

// postingOf reads the name of a sending, part/ID/number/sending.
func (l *ledger) postingOf(dedup string) *posting {
	f := strings.Split(dedup, "/")
	if len(f) != 4 || f[0] != "part" {
		return nil
	}
	id, err := sessions.ParseID(f[1])
	n, err2 := strconv.Atoi(f[2])
	if err != nil || err2 != nil || l.accounts[id] == nil || l.accounts[id].message == nil {
		return nil
	}
	return &posting{e: l.accounts[id], part: uint8(n), sending: f[3]}
}

// nameRow is how the trace calls a sending.
func (l *ledger) nameRow(dedup string) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	if p := l.postingOf(dedup); p != nil {
		return p.name()
	}
	return "?"
}

// claimed: a process has taken rows, and will send them.
func (l *ledger) claimed(by *process, rows []sessions.Outbox) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i := range rows {
		r := &rows[i]
		p := l.postings[r.Row]
		if p == nil {
			if p = l.postingOf(r.Dedup); p == nil {
				l.w.breach("row %d is of no message", r.Row)
				continue
			}
			p.mark = markOf(r.Body)
			l.postings[r.Row] = p
		}
		p.by = by
		l.lastClaimed = p
	}
}

// markOf is where a row of push keeps its user_message_reference.
func markOf(body []byte) uint16 {
	if len(body) < 16 {
		return 0
	}
	return binary.BigEndian.Uint16(body[14:])
}

// submitted finds what a submit_sm is about.
func (l *ledger) submitted(by *process, p *smpp.SubmitSM) *posting {
	l.mu.Lock()
	defer l.mu.Unlock()
	mark, _ := tlvNumber(p.TLVs, smpp.TagUserMessageReference)
	for _, one := range l.postings {
		if one.by == by && !one.done && !one.flying() && one.mark == mark {
			l.leaves(one)
			return one
		}
	}
	l.w.breach("a submit_sm that nobody has claimed")
	return &posting{e: &entry{message: &message{pieces: map[uint8]*piece{}}}}
}

// flying tells whether it is with its carrier.
func (p *posting) flying() bool { return p.sent > 0 && !p.ok && !p.fail && !p.orphan }

// sentSMDPP: the part that was claimed last goes to its MSC.
func (l *ledger) sentSMDPP(id ansi.TransactionID) *posting {
	l.mu.Lock()
	defer l.mu.Unlock()
	p := l.lastClaimed
	l.lastClaimed = nil
	if p == nil {
		l.w.breach("an SMDPP that nobody has claimed")
		return nil
	}
	l.bySMDPP[id] = p
	l.leaves(p)
	return p
}

func (l *ledger) sending(id ansi.TransactionID) *posting {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.bySMDPP[id]
}

// leaves: a part is given to the network.
func (l *ledger) leaves(p *posting) {
	k := p.piece()
	switch {
	case p.e.over:
		l.w.breach("%s is sent, and its message is over", p.name())
	case k.taken:
		l.w.breach("%s is sent, and that the part was taken is on the disk", p.name())
	case k.open && !l.w.plan.post.resend:
		l.w.breach("%s is sent again, and nobody knows repetitions", p.name())
	case k.open:
		l.w.count("parts sent again in doubt")
	}
	k.open = true
	p.sent++
	p.ok, p.fail, p.orphan = false, false, false
	l.w.count("parts sent")
}

// heard: an answer has reached the gateway; neither ok nor fail is that none will.
func (l *ledger) heard(p *posting, ok, fail bool, id string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if p == nil || p.done || p.ok || p.fail {
		return
	}
	p.ok, p.fail, p.id = ok, fail, id
	if fail {
		p.piece().open = false
	}
	if !ok && !fail {
		p.orphan = true
	}
}

// accepted: a centre has made a part its own.
func (l *ledger) accepted(p *posting, id string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	k := p.piece()
	if k.accepted++; k.accepted > 1 {
		l.w.breach("%s: the centre has the part a second time", p.name())
	}
	k.id = id
}

// bornMessage opens the account of a message.
func (l *ledger) bornMessage(e *entry, c *sessions.Change) {
	n, ok := marked(c.State)
	if !ok {
		l.w.breach("%s: a message without a content", e.name())
	}
	e.message = &message{trigger: n, pieces: map[uint8]*piece{}}
	l.w.say("%s is born: message of trigger %d", e.name(), n)
}

// settled: rows are deleted, with what the message has made of their answers.
func (l *ledger) settled(rows []int64) {
	for _, r := range rows {
		p := l.postings[r]
		if p == nil || p.done {
			continue
		}
		p.done = true
		switch {
		case p.ok:
			p.piece().taken = true
		case p.fail:
		case p.sent > 0, p.orphan:
			p.e.message.doubt = true
		}
	}
}

// endedMessage holds the record against what became of the message.
func (l *ledger) endedMessage(e *entry, r *cdr.Record) {
	m := e.message
	got := l.shows[m.trigger]
	switch {
	case r.Outcome == cdr.Done && r.Reason == "ok" && got != 1:
		l.w.breach("%s: the record says done, and the handset has the message %d times", e.name(), got)
	case r.Outcome == cdr.Done && len(m.pieces) != len(r.Steps):
		l.w.breach("%s: the record says done, and %d of %d parts were sent", e.name(), len(m.pieces), len(r.Steps))
	case r.Outcome == cdr.Failed && got > 0:
		l.w.breach("%s: the record says failed, and the handset has the message", e.name())
	case r.Outcome == cdr.Done && r.Reason == "accepted":
		for _, k := range m.pieces {
			if k.accepted == 0 {
				l.w.breach("%s: the record says accepted, and the centre has not all parts", e.name())
			}
		}
	case r.Outcome == outcomeUnknown && !m.unclear():
		l.w.breach("%s: the record says unknown, and all answers have come", e.name())
	}
	if r.Flow != "push" {
		l.w.breach("%s: the record says flow %q", e.name(), r.Flow)
	}
}

const outcomeUnknown cdr.Outcome = "unknown"

// unclear tells whether some answer or receipt was lost.
func (m *message) unclear() bool {
	if m.doubt {
		return true
	}
	for _, k := range m.pieces {
		if k.vague || k.accepted > 0 && !k.receipted {
			return true
		}
	}
	return false
}

// shown: a handset has put a message together.
func (l *ledger) shown(p *phone, b []byte) {
	n, ok := marked(b)
	l.mu.Lock()
	defer l.mu.Unlock()
	if !ok {
		l.w.breach("phone %d shows what nobody has sent", p.n)
		return
	}
	l.w.say("phone %d shows message %d", p.n, n)
	if l.shows[n]++; l.shows[n] > 1 {
		l.w.breach("phone %d shows message %d again", p.n, n)
	}
}

// seen is how a receipt came to the gateway.
type seen struct {
	own     bool // it names the gateway's reference
	written int  // changes of the message before
}

func (l *ledger) told(r *letterOut, own bool) seen {
	l.mu.Lock()
	defer l.mu.Unlock()
	p := r.m.of
	k := p.piece()
	if r.state != smpp.MessageEnroute {
		if k.told++; k.told == 1 {
			k.first = p.e.written
		}
	}
	return seen{own, p.e.written}
}

// thanked: the gateway has answered a receipt. What it says is on the disk, if
// the gateway could know what it is about.
func (l *ledger) thanked(r *letterOut, s seen) {
	l.mu.Lock()
	defer l.mu.Unlock()
	p := r.m.of
	k := p.piece()
	known := s.own || k.taken && k.id == r.m.id
	if r.state == smpp.MessageEnroute || p.e.over || k.receipted || !known {
		return
	}
	before := s.written
	if k.told > 1 {
		before = k.first
	}
	if p.e.written == before {
		l.w.breach("the receipt of %s is answered, and not on the disk", p.name())
	}
	k.receipted = true
	k.vague = r.state == smpp.MessageUnknown
}

// messages: what the records say still holds when all is over.
func (l *ledger) messages() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, e := range l.order {
		if e.message == nil || !e.over {
			continue
		}
		got, r := l.shows[e.message.trigger], &e.record
		switch {
		case r.Outcome == cdr.Failed && got > 0:
			l.w.breach("%s: the record says failed, and the handset got the message later", e.name())
		case got > 0 && r.Outcome == outcomeUnknown:
			l.w.count("messages of which the record says unknown, at the handset")
		case r.Outcome == outcomeUnknown:
			l.w.count("messages of which the record says unknown, not at the handset")
		}
	}
}
