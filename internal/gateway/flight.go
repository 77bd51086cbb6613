package gateway

import (
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
}

func (a *replies) add(one answer) {
	a.mu.Lock()
	a.list = append(a.list, one)
	a.mu.Unlock()
	select {
	case a.news <- struct{}{}:
	default:
	}
}

func (a *replies) len() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.list)
}

func (a *replies) take() []answer {
	a.mu.Lock()
	defer a.mu.Unlock()
	list := a.list
	a.list = nil
	return list
}

// await waits until all of a round have their answers. A bind that does not answer in
// time gets nothing more until it does, and is not waited for: its other receipts
// would wait as long.
func (p *postman) await(sent []*flight) {
	if len(sent) == 0 {
		return
	}
	timer := time.NewTimer(answerTime)
	defer timer.Stop()
	for open := len(p.flights) - len(sent); len(p.flights)-p.replies.len() > open; {
		select {
		case <-p.replies.news:
		case <-timer.C:
			for _, f := range sent {
				f.by.slow = true // unless it is among those that have answered; see landed
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
