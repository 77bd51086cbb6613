package gateway

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"github.com/otagate/otagate/internal/gateway/links"
	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/smpp"
)

// flight is a receipt that was sent.
type flight struct {
	row   *sessions.Outbox
	by    *appetite // of its bind
	until time.Time

	// Under the lock of the replies.
	round    int
	answered bool
	over     bool // its time
	status   smpp.Status
	err      error
}

// replies are where answers come to, on goroutines of binds, which must not wait.
type replies struct {
	news chan struct{}

	mu    sync.Mutex
	round int       // the one of which answers are waited for
	got   int       // answers of it
	want  int       // so many of them are news; 0: any answer is
	late  []*flight // of earlier rounds
}

// begin begins a round.
func (r *replies) begin() (round int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.round++
	r.got = 0
	return r.round
}

func (r *replies) add(f *flight, status smpp.Status, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	f.answered, f.status, f.err = true, status, err
	if f.round == r.round {
		r.got++
	} else {
		r.late = append(r.late, f)
	}
	if f.over || r.got < r.want {
		return
	}
	select {
	case r.news <- struct{}{}:
	default:
	}
}

// expire ends the time of a flight, unless it is answered.
func (r *replies) expire(f *flight) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	f.over = !f.answered
	return f.over
}

// wanted says how many of the round are news from now on, and whether they are there.
func (r *replies) wanted(n int) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.want = n
	return r.got >= n
}

// take ends a round: it gives what came late and tells which of the round have no answer.
// Nothing is news any more.
func (r *replies) take(sent []*flight) (late, open []*flight) {
	r.mu.Lock()
	defer r.mu.Unlock()
	select {
	case <-r.news:
	default:
	}
	late, r.late = r.late, nil
	r.round++
	r.got, r.want = 0, 0
	for _, f := range sent {
		if !f.answered {
			open = append(open, f)
		}
	}
	return late, open
}

// await waits until all of a round have their answers. A bind that does not answer in time
// gets nothing more until it does, and is not waited for: the receipts of other binds
// would wait as long.
func (p *postman) await(sent []*flight) {
	if len(sent) == 0 {
		return
	}
	timer := time.NewTimer(answerTime)
	defer timer.Stop()
	if len(p.flights) > 0 {
		defer gather(timer) // those of earlier rounds may come together with these
	}
	for !p.replies.wanted(len(sent)) {
		select {
		case <-p.replies.news:
		case <-timer.C:
			return
		}
	}
}

// gather waits a moment behind an answer that came late: others come with it, and to
// settle them is one commit.
func gather(timer *time.Timer) {
	timer.Reset(time.Millisecond)
	<-timer.C
}

// landed adds what becomes of the receipts that have their answers, or whose time is over:
// of those that were just sent, and of earlier ones.
func (p *postman) landed(settled []sessions.Settlement, sent []*flight) []sessions.Settlement {
	late, open := p.replies.take(sent)
	for _, f := range open {
		p.flights[f.row.Row] = f
	}
	for _, f := range sent {
		if p.flights[f.row.Row] != f {
			settled = append(settled, p.end(f, f.status, f.err))
		}
	}
	for _, f := range open {
		f.by.slow = true // also when it has answered others
	}
	slices.SortFunc(late, func(a, b *flight) int { return cmp.Compare(a.row.Row, b.row.Row) })
	for _, f := range late {
		f.by.slow = false
		if p.flights[f.row.Row] == f { // or its time was over
			delete(p.flights, f.row.Row)
			settled = append(settled, p.end(f, f.status, f.err))
		}
	}
	now := time.Now()
	for _, f := range p.flights {
		if !now.Before(f.until) && p.replies.expire(f) {
			delete(p.flights, f.row.Row)
			settled = append(settled, p.end(f, 0, context.DeadlineExceeded))
		}
	}
	return settled
}

// end says what becomes of the row of a flight.
func (p *postman) end(f *flight, status smpp.Status, err error) sessions.Settlement {
	f.by.heard(status, err)
	done := sessions.Settlement{Row: f.row.Row, Attempt: f.row.Attempt}
	p.answered(f.row, &done, status, err)
	return done
}

// overdue is how long the first of the flights may still take.
func (p *postman) overdue() time.Duration {
	wait, now := deliverTime, time.Now()
	for _, f := range p.flights {
		wait = min(wait, f.until.Sub(now))
	}
	return max(wait, time.Millisecond)
}

// heard sees an answer.
func (a *appetite) heard(status smpp.Status, err error) {
	a.open--
	switch {
	case err != nil:
	case links.Throttled(status):
		a.refused++
	default:
		a.taken++
	}
}
