package sqlite

import (
	"context"
	"encoding/binary"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/sessions/cdr"
)

// measuredSteps is the number of steps between create and finish.
const measuredSteps = 12

// MeasureSessions finds how many sessions a second the bare store takes from
// so many workers. Each session is 1 create, 12 steps and a finish with a
// record, with a state of 300 octets; each step replaces the session's
// correlation and its deadline, and its commit is waited for. The store is
// left without live sessions, and with the records.
func MeasureSessions(ctx context.Context, store sessions.Store, workers int, d time.Duration) (float64, error) {
	ctx, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	var done atomic.Int64
	errs := make(chan error, workers)
	base := uint64(time.Now().UnixNano())
	start := time.Now()
	var wg sync.WaitGroup
	for i := range workers {
		m := measurement{store: store, base: base, stride: uint64(workers), next: uint64(i)}
		wg.Go(func() {
			for ctx.Err() == nil {
				if err := m.session(); err != nil {
					errs <- err
					cancel()
					return
				}
				done.Add(1)
			}
		})
	}
	wg.Wait()
	rate := float64(done.Load()) / time.Since(start).Seconds()
	select {
	case err := <-errs:
		return 0, fmt.Errorf("measuring the store: %w", err)
	default:
		return rate, nil
	}
}

// measurement is one worker.
type measurement struct {
	store              sessions.Store
	base, stride, next uint64
}

// session runs one session from create to finish.
func (m *measurement) session() error {
	n := m.base + m.next
	m.next += m.stride
	// Ids are random in life; multiplying spreads these over the tree.
	id := sessions.ID(n*0x9E3779B97F4A7C15 | 1)
	state := make([]byte, 300)
	binary.BigEndian.PutUint64(state, uint64(id))
	c := sessions.Change{ID: id, Key: sessions.TRNKey(sessions.TRN(n % 10_000_000_000)), State: state}
	now := time.Now()
	for step := range measuredSteps + 2 {
		c.Expect = uint64(step)
		c.Due = now.Add(time.Duration(step) * time.Second)
		corr := sessions.Corr{Kind: sessions.CorrTransaction, ID: strconv.FormatUint(n, 36) + "/" + strconv.Itoa(step)}
		c.DelCorr, c.AddCorr = c.AddCorr, []sessions.Corr{corr}
		if step == measuredSteps+1 {
			c.Finish, c.AddCorr, c.DelCorr = true, nil, nil
			c.CDR = []cdr.Record{{
				Session: id.String(), Flow: "otasp", MDN: strconv.FormatUint(n%10_000_000_000, 10),
				Started: now, Ended: time.Now(), Outcome: cdr.Done, Reason: "ok",
				Steps: []string{"nam", "mdn", "imsi_m", "prl", "commit"}, Attempts: 1,
			}}
		}
		if res := await(m.store, &c); res.Err != nil {
			return res.Err
		}
	}
	return nil
}

func await(store sessions.Journal, c *sessions.Change) sessions.Result {
	got := make(chan sessions.Result, 1)
	store.Apply(c, func(r sessions.Result) { got <- r })
	return <-got
}
