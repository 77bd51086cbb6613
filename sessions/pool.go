package sessions

import (
	"fmt"
	"strconv"
	"sync"
	"time"
)

// Pool lends activation MINs: numbers under which a switch can reach a handset
// that has no number of its own yet. A number that has come back is lent again
// after all others and not before it has rested, so that a late message to its
// last borrower finds nobody. It is safe for use by several goroutines.
type Pool struct {
	first, last uint64
	rest        time.Duration
	now         func() time.Time

	mu       sync.Mutex
	next     uint64              // numbers from here on have not been lent
	returned []idle              // queue of numbers that came back
	lent     map[uint64]struct{} // in use
	ahead    map[uint64]struct{} // reserved before next reached them
}

// idle is a number that has come back, and when.
type idle struct {
	n  uint64
	at time.Time
}

// NewPool makes the pool of the numbers first to last, 10 digits each; with both
// empty it has none. Numbers that come back may be lent again at once, until Rest
// says otherwise.
func NewPool(first, last string) (*Pool, error) {
	if first == "" && last == "" {
		return newPool(1, 0), nil
	}
	f, err := parseMIN(first)
	if err != nil {
		return nil, err
	}
	l, err := parseMIN(last)
	if err != nil {
		return nil, err
	}
	if l < f {
		return nil, fmt.Errorf("sessions: activation MINs end at %s before they begin at %s", last, first)
	}
	return newPool(f, l), nil
}

func newPool(first, last uint64) *Pool {
	return &Pool{
		first: first, last: last, next: first, now: time.Now,
		lent:  make(map[uint64]struct{}),
		ahead: make(map[uint64]struct{}),
	}
}

func parseMIN(s string) (uint64, error) {
	if len(s) != 10 || !digits(s) {
		return 0, fmt.Errorf("sessions: an activation MIN has 10 digits, not %d characters of %s", len(s), kindOf(s))
	}
	return strconv.ParseUint(s, 10, 64)
}

// Rest makes numbers that come back rest for d by the clock now. It is called
// before the first Take.
func (p *Pool) Rest(d time.Duration, now func() time.Time) { p.rest, p.now = d, now }

// Take lends a number; false when all are lent or rest.
func (p *Pool) Take() (string, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for p.next <= p.last {
		n := p.next
		p.next++
		if _, reserved := p.ahead[n]; reserved {
			delete(p.ahead, n)
			continue
		}
		return p.lend(n), true
	}
	if len(p.returned) == 0 || !p.rested(p.returned[0]) {
		return "", false
	}
	n := p.returned[0].n
	p.returned = p.returned[1:]
	return p.lend(n), true
}

// rested: a clock that was set back keeps nobody waiting.
func (p *Pool) rested(x idle) bool {
	d := p.now().Sub(x.at)
	return d >= p.rest || d < 0
}

func (p *Pool) lend(n uint64) string {
	p.lent[n] = struct{}{}
	return fmt.Sprintf("%010d", n)
}

// Reserve marks n as lent: a recovered session has it.
func (p *Pool) Reserve(n string) error {
	v, err := parseMIN(n)
	if err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if v < p.first || v > p.last {
		return fmt.Errorf("sessions: an activation MIN outside the pool was reserved")
	}
	if _, ok := p.lent[v]; ok {
		return fmt.Errorf("sessions: an activation MIN was reserved twice")
	}
	if _, before := p.ahead[v]; v < p.next || before {
		p.withdraw(v)
	} else {
		p.ahead[v] = struct{}{}
	}
	p.lent[v] = struct{}{}
	return nil
}

// withdraw takes v out of the returned ones.
func (p *Pool) withdraw(v uint64) {
	for i, x := range p.returned {
		if x.n == v {
			p.returned = append(p.returned[:i:i], p.returned[i+1:]...)
			return
		}
	}
}

// Release gives n back; false when it was not lent.
func (p *Pool) Release(n string) bool {
	v, err := parseMIN(n)
	if err != nil {
		return false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, ok := p.lent[v]; !ok {
		return false
	}
	delete(p.lent, v)
	p.returned = append(p.returned, idle{v, p.now()})
	return true
}

// Len is the number of numbers in the pool, lent or not.
func (p *Pool) Len() int { return int(p.last - p.first + 1) }

// InUse is the number of numbers that are lent.
func (p *Pool) InUse() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.lent)
}
