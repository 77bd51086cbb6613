package push

import (
	"bytes"
	"context"
	"slices"
	"sync"

	"github.com/otagate/otagate/internal/delivery"
	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/smpp"
)

// gathering are the segments that wait for their siblings, and who goes for whom. All that is
// decided of them is decided here, under one lock: that a message is complete, that its time is
// over, that one of its segments is cancelled. It is in memory, and is built from the states at the start:
// a message that had begun to go for others goes on with that, all else is undecided.
//
//	open ─▶ all there: the first is told Join, its commit decides; the others Absorb, then it Joined
//	     ─▶ its time over, or two texts with one number: shut, each is told Alone, and so are those
//	        that come late
type gathering struct {
	do     *performer
	counts *counters
	join   func(all []*parcel) (sessions.ID, event, error)

	mu    sync.Mutex
	of    map[sessions.ID]*member // those that wait
	open  map[string]*long
	waits map[string]int // by account: members, and messages that are shut
	// Those that have left, or are about to: who goes for them. Of a message that goes for
	// others: those that have not left.
	carriers map[sessions.ID]sessions.ID
	taking   map[sessions.ID]map[sessions.ID]struct{}
}

// mostGathering is how many segments of an account wait for their siblings at most. More
// go as they are.
const mostGathering = 10_000

// mostMembers is how many segments one message is joined of: each number, and some that came
// twice. The state of the one that goes for them has room for as many.
const mostMembers = 255

// member is a segment that waits.
type member struct {
	id      sessions.ID
	account string
	p       *parcel // nil before its commit
	place   segment
	long    *long
	state   memberState
}

type memberState uint8

const (
	memberWaits     memberState = iota
	memberTold                  // it goes as it is
	memberCancelled             // somebody does not want it any more
	memberTaken                 // another goes for it
)

// long is a message of which not all segments are there, or which is about to be joined.
type long struct {
	key     string
	account string
	list    []*member // in the order in which they came
	have    int       // numbers that are there
	state   longState
}

type longState uint8

const (
	longOpen longState = iota
	longShut           // its segments go as they are
	longJoining
)

// word is what a message is told when the lock is free.
type word struct {
	id sessions.ID
	ev event
}

func newGathering(do *performer, counts *counters, join func([]*parcel) (sessions.ID, event, error)) *gathering {
	return &gathering{
		do: do, counts: counts, join: join, of: map[sessions.ID]*member{}, open: map[string]*long{}, waits: map[string]int{},
		carriers: map[sessions.ID]sessions.ID{}, taking: map[sessions.ID]map[sessions.ID]struct{}{},
	}
}

// admits tells whether one more segment of an account may wait for those of this key.
func (g *gathering) admits(account, key string) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	l := g.open[key]
	return g.waits[account] < mostGathering && (l == nil || l.state != longShut)
}

// expect counts a segment that is about to be committed.
func (g *gathering) expect(id sessions.ID, account string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.member(id, account)
}

// member is under the lock.
func (g *gathering) member(id sessions.ID, account string) *member {
	m := g.of[id]
	if m == nil {
		m = &member{id: id, account: account}
		g.of[id] = m
		g.waits[account]++
	}
	return m
}

// learn takes in what an earlier run has left. Nothing is decided before all is there.
func (g *gathering) learn(p *parcel) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if p.joint != nil {
		g.takes(p)
	}
	if p.delivery.Phase == delivery.Gathering {
		g.enter(p)
	}
}

// takes says that p goes for others. It is under the lock.
func (g *gathering) takes(p *parcel) {
	for i := range p.joint.fellows {
		id := sessions.ID(p.joint.fellows[i].id)
		g.carriers[id] = sessions.ID(p.id)
		if m := g.of[id]; m != nil {
			g.unseat(m, memberTaken)
		}
	}
}

// enter seats a segment with its siblings. It is under the lock.
func (g *gathering) enter(p *parcel) *member {
	m := g.member(sessions.ID(p.id), p.origin.Account)
	if _, taken := g.carriers[m.id]; taken {
		m.state = memberTaken
	}
	if m.state != memberWaits || m.p != nil {
		return m
	}
	m.p = p
	var pdu smpp.SubmitSM
	if pdu.Decode(p.content.Payload) != nil {
		return m
	}
	var ok bool
	if m.place, ok = segmentOf(&pdu); !ok {
		return m
	}
	key := m.place.key(m.account, &pdu)
	l := g.open[key]
	if l == nil {
		l = &long{key: key, account: m.account}
		g.open[key] = l
	}
	g.seat(l, m)
	return m
}

// seat is under the lock.
func (g *gathering) seat(l *long, m *member) {
	i := slices.IndexFunc(l.list, func(o *member) bool { return o.place.place.Number == m.place.place.Number })
	m.long = l
	l.list = append(l.list, m)
	switch {
	case l.state != longOpen:
	case i < 0:
		l.have++
	case !bytes.Equal(l.list[i].place.text, m.place.text):
		g.shut(l) // of which message it is nobody can say
	}
	if l.state == longOpen && len(l.list) > mostMembers {
		g.shut(l)
	}
}

// unseat takes a segment away from its siblings. It is under the lock.
func (g *gathering) unseat(m *member, why memberState) {
	m.state = why
	l := m.long
	if l == nil || l.state == longJoining {
		return
	}
	m.long = nil
	l.list = slices.DeleteFunc(l.list, func(o *member) bool { return o == m })
	if !slices.ContainsFunc(l.list, func(o *member) bool { return o.place.place.Number == m.place.place.Number }) {
		l.have--
	}
	if len(l.list) == 0 && l.state == longOpen {
		delete(g.open, l.key)
	}
}

// shut has the segments of a message go as they are, and those that come late. It is under
// the lock.
func (g *gathering) shut(l *long) {
	if l.state == longOpen {
		g.waits[l.account]++
		first := l.list[0].p
		g.do.clock.After(first.delivery.Wake.Sub(first.began), func() { g.forgetLong(l) })
	}
	l.state = longShut
}

func (g *gathering) forgetLong(l *long) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.count(l.account)
	if g.open[l.key] == l {
		delete(g.open, l.key)
	}
}

// count lets go of one that waits. It is under the lock.
func (g *gathering) count(account string) {
	if g.waits[account]--; g.waits[account] == 0 {
		delete(g.waits, account)
	}
}

// judge decides what becomes of the message of a segment, if it can. It is under the lock.
func (g *gathering) judge(m *member) (say []word) {
	l := m.long
	switch {
	case m.state != memberWaits:
	case l == nil:
		return g.alone(m, nil)
	case l.state == longShut:
		for _, o := range l.list {
			say = g.alone(o, say)
		}
	case l.state == longOpen && l.have == int(m.place.place.Total):
		l.state = longJoining
		delete(g.open, l.key)
		g.assemble(l)
	}
	return say
}

// alone is under the lock.
func (g *gathering) alone(m *member, say []word) []word {
	if m.state != memberWaits {
		return say
	}
	m.state = memberTold
	g.counts.scattered.Add(1)
	return append(say, word{m.id, event{Event: delivery.Event{Kind: delivery.Alone}}})
}

// assemble has a worker put a message together. It is under the lock.
func (g *gathering) assemble(l *long) {
	all := make([]*parcel, len(l.list))
	for i, m := range l.list {
		all[i] = m.p
	}
	g.do.later(func(context.Context) {
		id, ev, err := g.join(all)
		if err != nil { // they are no message
			g.dissolve(l)
			return
		}
		ev.assembly.lost = func() { g.dissolve(l) }
		g.tell([]word{{id, ev}})
	})
}

// dissolve has the segments of a message that was to be joined go as they are.
func (g *gathering) dissolve(l *long) {
	g.mu.Lock()
	l.state = longShut
	var say []word
	for _, m := range l.list {
		say = g.alone(m, say)
	}
	g.mu.Unlock()
	g.tell(say)
}

func (g *gathering) tell(say []word) {
	for _, w := range say {
		g.do.post(w.id, w.ev)
	}
}

// sit is told of a segment that waits, once that is on the disk.
func (g *gathering) sit(p *parcel) {
	g.mu.Lock()
	say := g.judge(g.enter(p))
	g.mu.Unlock()
	g.tell(say)
}

// giveUp is told when a segment has waited long enough.
func (g *gathering) giveUp(id sessions.ID) {
	g.mu.Lock()
	var say []word
	switch m := g.of[id]; {
	case m == nil:
	case m.state == memberCancelled: // which has come to nothing
		m.state = memberWaits
		say = g.alone(m, say)
	default:
		if l := m.long; l != nil && l.state == longOpen && l.have < int(m.place.place.Total) {
			g.shut(l)
		}
		say = g.judge(m)
	}
	g.mu.Unlock()
	g.tell(say)
}

// take is told of a message that goes for others: these are to leave.
func (g *gathering) take(p *parcel) {
	g.mu.Lock()
	id := sessions.ID(p.id)
	left, again := g.taking[id]
	if !again {
		g.takes(p)
		left = make(map[sessions.ID]struct{}, len(p.joint.fellows))
		for i := range p.joint.fellows {
			left[sessions.ID(p.joint.fellows[i].id)] = struct{}{}
		}
		g.taking[id] = left
	}
	var say []word
	for fellow := range left {
		say = append(say, word{fellow, event{Event: delivery.Event{Kind: delivery.Absorb}}})
	}
	g.mu.Unlock()
	g.tell(say)
}

// gone is told when a message has left for which another goes, or is not there any more.
func (g *gathering) gone(id sessions.ID) {
	g.mu.Lock()
	var say []word
	carrier := g.carriers[id]
	if left, ok := g.taking[carrier]; ok {
		delete(left, id)
		if len(left) == 0 {
			delete(g.taking, carrier)
			g.counts.joined.Add(1)
			say = append(say, word{carrier, event{Event: delivery.Event{Kind: delivery.Joined}}})
		}
	}
	g.mu.Unlock()
	g.tell(say)
}

// left is told when a message does not wait for its siblings any more.
func (g *gathering) left(id sessions.ID) {
	g.mu.Lock()
	defer g.mu.Unlock()
	m := g.of[id]
	if m == nil {
		return
	}
	g.unseat(m, memberTold)
	delete(g.of, id)
	g.count(m.account)
}

// over is told when a message has ended that has gone for others.
func (g *gathering) over(j *joint) {
	if j == nil {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	for i := range j.fellows {
		delete(g.carriers, sessions.ID(j.fellows[i].id))
	}
}

// carrier is who goes for a message: perhaps itself.
func (g *gathering) carrier(id sessions.ID) sessions.ID {
	g.mu.Lock()
	defer g.mu.Unlock()
	if c, ok := g.carriers[id]; ok {
		return c
	}
	return id
}

// cancels tells who is to be told that a message is not wanted any more. While its siblings
// are about to be joined with it nobody can be.
func (g *gathering) cancels(id sessions.ID) (sessions.ID, bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if c, ok := g.carriers[id]; ok {
		return c, true
	}
	if m := g.of[id]; m != nil && m.state == memberWaits {
		if m.long != nil && m.long.state == longJoining {
			return id, false
		}
		g.unseat(m, memberCancelled)
	}
	return id, true
}

// size is how much is known: nothing when no message is on its way.
func (g *gathering) size() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return len(g.of) + len(g.carriers) + len(g.taking)
}
