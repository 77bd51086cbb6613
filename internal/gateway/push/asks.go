package push

import (
	"math"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/otagate/otagate/internal/clock"
	"github.com/otagate/otagate/sessions"
)

// asks are the questions to the HLR: so many under way and so many a second, the
// others in a line. After a restart all messages ask at once; the HLR and our own
// TCAP have other work too. Those in the line about one handset are one question.
type asks struct {
	window  int
	limiter *rate.Limiter
	clock   clock.Clock
	send    func(min string, done func(event))
	post    func(id sessions.ID, ev event)

	mu      sync.Mutex
	flying  int
	waiting int // messages in the line
	line    []*question
	byMIN   map[string]*question // of those in the line
	closed  bool
	sending bool // somebody sends what there is room for
	timed   bool // the clock will have a look
}

// question is asked for each message with the number of its last request.
type question struct {
	min string
	who []asker
	at  map[sessions.ID]int // place in who
}

type asker struct {
	id  sessions.ID
	req uint16
}

// limiterOf lets so many a second through, of which a tenth may be together: a
// peer that counts by the second must not see twice its rate after a rest.
func limiterOf(perSecond float64) *rate.Limiter {
	if perSecond <= 0 {
		return rate.NewLimiter(rate.Inf, math.MaxInt32) // what it says there is, is asked for too
	}
	return rate.NewLimiter(rate.Limit(perSecond), max(int(perSecond/10), 1))
}

// untilToken is how long there is none when there are so many.
func untilToken(l *rate.Limiter, tokens float64) time.Duration {
	return time.Duration((1 - tokens) / float64(l.Limit()) * float64(time.Second))
}

// ask asks for a message, now or later.
func (a *asks) ask(min string, id sessions.ID, req uint16) {
	a.mu.Lock()
	q := a.byMIN[min]
	if q == nil {
		q = &question{min: min, at: map[sessions.ID]int{}}
		a.byMIN[min] = q
		a.line = append(a.line, q)
	}
	if i, again := q.at[id]; again {
		q.who[i].req = req
	} else {
		q.at[id] = len(q.who)
		q.who = append(q.who, asker{id, req})
		a.waiting++
	}
	a.mu.Unlock()
	a.next()
}

// next sends what there is room for. An answer may come before the sending has
// returned; whoever sends sees the room that it makes.
func (a *asks) next() {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.sending {
		return
	}
	a.sending = true
	for q := a.take(); q != nil; q = a.take() {
		a.mu.Unlock()
		a.send(q.min, func(ev event) { a.answered(q, ev) })
		a.mu.Lock()
	}
	a.sending = false
}

// take is the first of the line, when it may be sent.
func (a *asks) take() *question {
	if a.closed || len(a.line) == 0 || a.flying >= max(a.window, 1) {
		return nil
	}
	now := a.clock.Now()
	if tokens := a.limiter.TokensAt(now); tokens < 1 {
		if !a.timed {
			a.timed = true
			a.clock.After(untilToken(a.limiter, tokens), a.tick)
		}
		return nil
	}
	a.limiter.AllowN(now, 1)
	q := a.line[0]
	a.line[0] = nil
	a.line = a.line[1:]
	delete(a.byMIN, q.min)
	a.flying++
	a.waiting -= len(q.who)
	return q
}

// close forgets the line: its messages ask at the next start.
func (a *asks) close() {
	a.mu.Lock()
	a.closed, a.line = true, nil
	a.mu.Unlock()
}

func (a *asks) inLine() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.waiting
}

func (a *asks) tick() {
	a.mu.Lock()
	a.timed = false
	a.mu.Unlock()
	a.next()
}

func (a *asks) answered(q *question, ev event) {
	for _, w := range q.who {
		ev.Req = w.req
		a.post(w.id, ev)
	}
	a.mu.Lock()
	a.flying--
	a.mu.Unlock()
	a.next()
}
