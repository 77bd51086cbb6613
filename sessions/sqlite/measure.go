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
// so many workers. Each session is 1 create under a TRN with a correlation, 12
// steps that all move the deadline, one of which moves the session to its MDN
// and adds a second correlation, and a finish with a record; the state has 300
// octets and each commit is waited for. The store is left without live
// sessions, and with the records.
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
	number := n % 10_000_000_000
	mdn := sessions.MDNKey(sessions.MDN(number + 1))
	c := sessions.Change{ID: id, Key: sessions.TRNKey(sessions.TRN(number)), State: state}
	now := time.Now()
	for step := range measuredSteps + 2 {
		c.Expect = uint64(step)
		c.Due = now.Add(time.Duration(step) * time.Second)
		c.NewKey, c.AddCorr = nil, nil
		switch step {
		case 0:
			c.AddCorr = []sessions.Corr{{Kind: sessions.CorrTrigger, ID: "ivr/" + strconv.FormatUint(n, 36)}}
		case 3:
			c.NewKey = &mdn
			c.AddCorr = []sessions.Corr{{Kind: sessions.CorrActivationMIN, ID: strconv.FormatUint(number, 10)}}
		case 4:
			c.Key = mdn
		case measuredSteps + 1:
			c.Finish = true
			c.CDR = []cdr.Record{{
				Session: id.String(), Flow: "otasp", MDN: strconv.FormatUint(number+1, 10),
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
