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

// flight is a receipt that was sent and has no answer yet.
type flight struct {
	row   *sessions.Outbox
	by    *appetite // of its bind
	until time.Time
}

// answer is what came of a flight.
type answer struct {
	*flight
	status smpp.Status
	err    error
}

// replies are the answers that the postman has not looked at. They come on goroutines of
// binds, which must not wait.
type replies struct {
	news chan struct{}

	mu   sync.Mutex
	list []answer
	want int // so many are news; fewer need not wake anybody
}

func (r *replies) add(a answer) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.list = append(r.list, a); len(r.list) < r.want {
		return
	}
	select {
	case r.news <- struct{}{}:
	default:
	}
}

// wanted says how many are news from now on, and whether they are there.
func (r *replies) wanted(n int) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.want = n
	return len(r.list) >= n
}

// take gives those that have come, which are no news any more.
func (r *replies) take() []answer {
	r.mu.Lock()
	defer r.mu.Unlock()
	select {
	case <-r.news:
	default:
	}
	list := r.list
	r.list, r.want = nil, 1
	return list
}

// await waits until as many answers have come as were sent in a round. A bind that does
// not answer in time gets nothing more until it does, and is not waited for: the receipts
// of other binds would wait as long.
func (p *postman) await(sent []*flight) {
	if len(sent) == 0 {
		return
	}
	timer := time.NewTimer(answerTime)
	defer timer.Stop()
	for !p.replies.wanted(len(sent)) {
		select {
		case <-p.replies.news:
		case <-timer.C:
			if !p.replies.wanted(len(sent)) {
				for _, f := range sent {
					f.by.slow = true // unless it has answered another; see landed
				}
			}
			return
		}
	}
}

// landed adds what becomes of the receipts that have their answers, or whose time is over.
func (p *postman) landed(settled []sessions.Settlement) []sessions.Settlement {
	list := p.replies.take()
	if now := time.Now(); len(p.flights) > len(list) {
		for _, f := range p.flights {
			if !now.Before(f.until) && !slices.ContainsFunc(list, func(a answer) bool { return a.flight == f }) {
				list = append(list, answer{f, 0, context.DeadlineExceeded})
			}
		}
	}
	slices.SortStableFunc(list, func(a, b answer) int { return cmp.Compare(a.row.Row, b.row.Row) })
	for _, a := range list {
		if p.flights[a.row.Row] != a.flight {
			a.by.slow = false // its time was over, but the bind is there
			continue
		}
		delete(p.flights, a.row.Row)
		a.by.heard(a.status, a.err)
		done := sessions.Settlement{Row: a.row.Row, Attempt: a.row.Attempt}
		p.answered(a.row, &done, a.status, a.err)
		settled = append(settled, done)
	}
	return settled
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
		return
	case links.Throttled(status):
		a.refused++
	default:
		a.taken++
	}
	a.slow = false
}
