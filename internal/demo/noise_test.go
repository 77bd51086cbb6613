package demo

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/sim"
	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/sessions/cdr"
	"github.com/otagate/otagate/sessions/sqlite"
	"github.com/otagate/otagate/smpp"
)

func quiet() *Options {
	return &Options{Out: &bytes.Buffer{}, Log: zerolog.Nop(), watch: func(sim.Sight) {}}
}

// records are all CDRs that a stopped gateway has left; live sessions are an error.
func records(t *testing.T, l *Lab) []cdr.Record {
	t.Helper()
	ctx := context.Background()
	store, err := sqlite.Open(ctx, l.config.Store.Path, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	if err := store.Load(ctx, func(r sessions.Record) error { return fmt.Errorf("session %s is alive", r.ID) }); err != nil {
		t.Error(err)
	}
	var all []cdr.Record
	if err := store.CDRs(ctx, cdr.Filter{}, func(r cdr.Record) error { all = append(all, r); return nil }); err != nil {
		t.Fatal(err)
	}
	return all
}

// opened is a lab with orders and a running gateway, and an IVR bound to it.
func opened(t *testing.T, o *Options, orders ...configs.Order) (*Lab, *sim.IVR) {
	t.Helper()
	l, err := newLab(o, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.close(); err != nil {
			t.Error(err)
		}
	})
	importAll(t, l, orders...)
	if err := l.open(t.Context(), false); err != nil {
		t.Fatal(err)
	}
	v, err := l.dial(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return l, v
}

// TestNoise plays an activation over a network that loses, repeats and delays
// messages at random. It ends as ordered, or with a record that says what is
// not, and a handset that agrees with the record.
func TestNoise(t *testing.T) {
	var running sync.WaitGroup
	for seed := range uint64(5) {
		running.Go(func() {
			t.Run(fmt.Sprintf("seed-%d", seed), func(t *testing.T) { noisy(t, seed) })
		})
	}
	running.Wait()
}

func noisy(t *testing.T, seed uint64) {
	o := quiet()
	o.Noise = sim.Noise{Drop: 0.05, Duplicate: 0.2, Delay: 10 * time.Millisecond, Seed: seed + 1}
	order := baseOrder()
	order.AKey = true
	l, v := opened(t, o, order)
	h := sim.NewHandset(sim.DefaultHandset())
	before := h.Memory()
	call, err := l.Net.MSC.Dial(h)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	status, id, err := v.Trigger(ctx, "TRN="+call.TRN)
	if err != nil || status != smpp.StatusOK {
		t.Fatal(status, err)
	}
	if _, err := v.Receipt(ctx, id); err != nil {
		t.Fatal(err)
	}
	if err := l.stop(); err != nil {
		t.Error(err)
	}
	recs := records(t, l)
	if len(recs) != 1 {
		t.Fatalf("%d records", len(recs))
	}
	t.Logf("%s, %s, %s, %v", recs[0].Outcome, recs[0].Reason, recs[0].Detail, recs[0].Skipped)
	consistent(t, &recs[0], &order, l, h, before)
}

// consistent holds record, handset and network against each other.
func consistent(t *testing.T, r *cdr.Record, o *configs.Order, l *Lab, h *sim.Handset, before sim.Memory) {
	var table bytes.Buffer
	same := printRows(&table, unchanged(&before, h))
	var skipped []string
	for _, s := range r.Skipped {
		part, _, _ := strings.Cut(s, ": ")
		skipped = append(skipped, part)
	}
	rows := compare(o, h, l.Net.HLR, skipped)
	if r.Reason == "after-commit" { // what follows Commit may be missing, and Detail says what
		rows = rows[:len(rows)-2]
	}
	programmed := printRows(&table, rows)
	switch {
	case r.Reason == "commit-in-doubt" && (same || programmed):
	case r.Outcome == cdr.Failed && same:
	case (r.Outcome == cdr.Done || r.Outcome == cdr.Partial) && programmed:
	default:
		t.Errorf("the record says %s, %s, %s, %v; the handset says\n%s", r.Outcome, r.Reason, r.Detail, r.Skipped, table.String())
	}
	if n := l.Net.MSC.Taken(); n != 0 && !strings.Contains(r.Detail, "TRN not released") {
		t.Errorf("%d TRNs stay taken", n)
	}
	if n := l.Net.HLR.Temporary(); n != 0 && !strings.Contains(r.Detail, "A-key") {
		t.Errorf("%d temporary A-keys stay; %s, %s, %s", n, r.Outcome, r.Reason, r.Detail)
	}
}

// TestManyHandsets activates many subscribers at the same time.
func TestManyHandsets(t *testing.T) {
	const n = 50
	var orders []configs.Order
	for i := range n {
		o := baseOrder()
		o.Name, o.MDN, o.ESN = fmt.Sprintf("many-%d", i), fmt.Sprint(5551230000+int64(i)), fmt.Sprintf("%08X", 0x82000000+uint32(i))
		nam := *o.NAM
		nam.S, o.NAM, o.IMSIT = o.MDN, &nam, &configs.OrderIMSI{MCC: "310", IMSI1112: "00", S: o.MDN}
		o.AKey = i%5 == 0
		orders = append(orders, o)
	}
	l, v := opened(t, quiet(), orders...)
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	handsets := make([]*sim.Handset, n)
	var calls sync.WaitGroup
	for i := range n {
		hc := sim.DefaultHandset()
		hc.ESN = 0x82000000 + uint32(i)
		handsets[i] = sim.NewHandset(hc)
		calls.Go(func() {
			call, err := l.Net.MSC.Dial(handsets[i])
			if err != nil {
				t.Error(err)
				return
			}
			status, id, err := v.Trigger(ctx, "TRN="+call.TRN)
			if err != nil || status != smpp.StatusOK {
				t.Error(i, status, err)
				return
			}
			if r, err := v.Receipt(ctx, id); err != nil || r.Stat != smpp.MessageDelivered {
				t.Error(i, r, err)
			}
		})
	}
	calls.Wait()
	if err := l.stop(); err != nil {
		t.Error(err)
	}
	for i, h := range handsets {
		var table bytes.Buffer
		if !printRows(&table, compare(&orders[i], h, l.Net.HLR, nil)) || h.Commits() != 1 {
			t.Errorf("handset %d, programmed %d times:\n%s", i, h.Commits(), table.String())
		}
	}
	done := 0
	for _, r := range records(t, l) {
		if r.Outcome == cdr.Done {
			done++
		}
	}
	if done != n || l.Net.MSC.Taken() != 0 || l.Net.HLR.Temporary() != 0 || l.Net.MSC.Attached() != 0 {
		t.Errorf("%d done, %d TRNs, %d A-keys, %d activation MINs", done, l.Net.MSC.Taken(), l.Net.HLR.Temporary(), l.Net.MSC.Attached())
	}
}
