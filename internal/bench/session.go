package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/gateway"
	"github.com/otagate/otagate/sessions/cdr"
	"github.com/otagate/otagate/sessions/sqlite"
)

// sessionRound is how long calls are begun in a round; those that are then in
// work are waited for, and count, and so does the time they take. The bare
// store's round is the same, half as long.
const sessionRound = 800 * time.Millisecond

// patience is how long one activation may take before it counts as lost.
const patience = 30 * time.Second

// Session measures complete durable activations: an IVR triggers over SMPP,
// the gateway attaches to the MSC over M3UA on TCP, programs a handset (NAM,
// MDN, IMSI_T, a roaming list of three segments), commits, has it registered,
// releases the TRN, writes the CDR and delivers the receipt. The simulated
// network, its handsets and the IVR run in the same process and have their
// share of the processors.
//
// Every activation has a handset, an MDN and an order of its own; orders are
// imported before a round begins. All must end well: the receipt says
// DELIVRD, the CDR "done", and the handset holds what was ordered. The first
// that does not is an error of the bench.
//
// The ceiling is a second store of the same kind on the same disk with as many
// sessions at a time (sqlite.MeasureSessions). A session of the ceiling makes 14
// changes of the store, an activation 8: steps that need not be durable are not
// written. Session for session the ratio flatters us; change for change it is
// 8/14 of what is printed.
func Session(ctx context.Context, o Options) (out []Result, err error) {
	dir, err := os.MkdirTemp(o.Dir, "otagate-bench-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	bare, err := sqlite.Open(ctx, filepath.Join(dir, "bare.db"), sqlite.Options{})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, bare.Close()) }()
	l, err := openLab(ctx, dir)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, l.close()) }()
	a := &activations{lab: l, next: 1}
	if a.list, err = roamingList(); err != nil {
		return nil, err
	}
	concurrent := []int{16, 256, 1024}
	for _, n := range concurrent {
		r, err := a.against(ctx, bare, n, o.time()/time.Duration(len(concurrent)))
		if err != nil {
			return out, fmt.Errorf("%d at a time: %w", n, err)
		}
		out = append(out, r)
	}
	return out, nil
}

// activations count subscribers from round to round.
type activations struct {
	lab  *lab
	list []byte
	next subscriber
	rate float64 // of the last round
}

// against runs rounds of activations and of the bare store for about d.
func (a *activations) against(ctx context.Context, bare *sqlite.Store, concurrent int, d time.Duration) (Result, error) {
	var s series
	var used time.Duration
	var ended int
	known := true
	length := min(sessionRound, max(d/3, 20*time.Millisecond))
	a.rate = 0
	end := time.Now().Add(d)
	for round := 0; round < 2 || time.Now().Before(end); round++ {
		r, err := a.round(ctx, concurrent, length)
		if err != nil {
			return Result{}, err
		}
		ceiling, err := sqlite.MeasureSessions(ctx, bare, concurrent, length/2)
		if err != nil {
			return Result{}, err
		}
		if round == 0 {
			continue // the first one warms up
		}
		known = known && r.known
		used, ended = used+r.used, ended+r.ended
		s.add(a.rate, ceiling)
	}
	res := s.result("session", fmt.Sprintf("concurrent=%d", concurrent), "sessions/s")
	res.Goal = Goal{RatioLeast: 0.35}
	if known && ended > 0 {
		cpu := significant(used.Seconds() / float64(ended) * 10_000)
		res.CPUPer10k = &cpu
	}
	return res, nil
}

// outcome is one round.
type outcome struct {
	ended int
	used  time.Duration // of the processors
	known bool
}

// round imports orders, activates for d and checks what became of it.
func (a *activations) round(ctx context.Context, concurrent int, d time.Duration) (outcome, error) {
	supply := max(4*concurrent, int(max(2000, 2*a.rate)*d.Seconds()))
	w := worked{first: a.next, supply: int64(supply)}
	if err := a.order(ctx, supply); err != nil {
		return outcome{}, err
	}
	before, known := processor()
	began := time.Now()
	var wg sync.WaitGroup
	for range concurrent {
		wg.Go(func() { a.work(ctx, &w, began.Add(d)) })
	}
	wg.Wait()
	took := time.Since(began)
	after, _ := processor()
	if n := len(w.errs); n > 0 {
		return outcome{}, fmt.Errorf("%d of %d activations failed, one of them: %w", n, n+len(w.ids), w.errs[0])
	}
	a.rate = float64(len(w.ids)) / took.Seconds()
	return outcome{ended: len(w.ids), used: after - before, known: known}, errors.Join(ctx.Err(), a.checkRecords(ctx, began, w.ids))
}

// worked is what the callers of a round share.
type worked struct {
	first  subscriber
	supply int64 // of subscribers with an order
	taken  atomic.Int64

	mu   sync.Mutex
	ids  []string // of the sessions that ended well
	errs []error
}

// work calls again and again until the round ends or something fails.
func (a *activations) work(ctx context.Context, w *worked, end time.Time) {
	var ids []string
	var err error
	for err == nil && time.Now().Before(end) && ctx.Err() == nil {
		n := w.taken.Add(1)
		if n > w.supply {
			break
		}
		var id string
		if id, err = a.activate(ctx, w.first+subscriber(n-1)); err == nil {
			ids = append(ids, id)
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ids = append(w.ids, ids...)
	if err != nil {
		w.errs = append(w.errs, err)
	}
}

// order imports the orders of the next subscribers.
func (a *activations) order(ctx context.Context, n int) error {
	orders := make([]configs.Order, n)
	for i := range orders {
		orders[i] = a.next.order(a.list)
		a.next++
	}
	return gateway.ImportOrders(ctx, a.lab.gateway.Store(), orders)
}

// activate is one call, from the star code to the receipt.
func (a *activations) activate(ctx context.Context, s subscriber) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	h := s.handset()
	call, err := a.lab.net.MSC.Dial(h)
	if err != nil {
		return "", err
	}
	id, err := a.lab.ivr.activate(ctx, call.TRN, s.mdn())
	if err != nil {
		return "", err
	}
	if err := s.programmed(h, a.list); err != nil {
		return "", fmt.Errorf("session %s: the handset of %s does not hold what was ordered: %w", id, s.mdn(), err)
	}
	return id, nil
}

// checkRecords wants a CDR that says done for each session.
func (a *activations) checkRecords(ctx context.Context, since time.Time, ids []string) error {
	done := make(map[string]bool, len(ids))
	err := a.lab.gateway.Store().CDRs(ctx, cdr.Filter{From: since.Add(-time.Second), Outcome: cdr.Done}, func(r cdr.Record) error {
		done[r.Session] = true
		return nil
	})
	if err != nil {
		return err
	}
	for _, id := range ids {
		if !done[id] {
			return fmt.Errorf("session %s: there is no CDR that says done", id)
		}
	}
	return nil
}
