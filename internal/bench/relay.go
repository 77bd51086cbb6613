package bench

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/otagate/otagate/smpp"
)

// relayCase is one way of relaying.
type relayCase struct {
	receipts      bool
	window, binds int
}

func (c relayCase) String() string {
	s := fmt.Sprintf("window=%d binds=%d", c.window, c.binds)
	if c.receipts {
		s += " receipts"
	}
	return s
}

// relayCases are measured one after the other.
func relayCases() (all []relayCase) {
	for _, receipts := range []bool{false, true} {
		for _, window := range []int{100, 1000} {
			for _, binds := range []int{1, 4} {
				all = append(all, relayCase{receipts, window, binds})
			}
		}
	}
	return all
}

// The goals, processor seconds for 10,000 messages.
const (
	relayGoal         = 0.15
	relayReceiptsGoal = 0.4
)

// relayRounds is about how many rounds of either a case has.
const (
	relayRounds = 4
	relayFewest = 2
	relayShort  = 50 * time.Millisecond
	relayLong   = time.Second
)

// Relay measures submit_sm that go from an account through the gateway to a
// message centre: each is on the disk before it is answered, and so is what the
// centre has answered. With receipts the centre tells the end of each message,
// and the gateway gives it to the account. The gateway is a process of its own,
// of which the processor time is taken; account and centre are in this one, and
// bare: they copy prepared PDUs and look for the number of each message, which
// has to come out once, and its receipt to come back once.
//
// The ceiling is another process between the same account and the same centre:
// bareRelay, which reads PDUs, appends them to a file with one fdatasync for
// all that wait, and writes them out.
func Relay(ctx context.Context, o Options) (out []Result, err error) {
	dir, err := os.MkdirTemp(o.Dir, "otagate-bench-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	cases := slices.DeleteFunc(relayCases(), func(c relayCase) bool { return o.Case != "" && c.String() != o.Case })
	for i, c := range cases {
		rs, err := c.measure(ctx, filepath.Join(dir, fmt.Sprint(i)), o.time()/time.Duration(len(cases)))
		if err != nil {
			return out, fmt.Errorf("%s: %w", c, err)
		}
		out = append(out, rs...)
	}
	return out, nil
}

// measure runs the gateway and its ceiling in turn for about d.
func (c relayCase) measure(ctx context.Context, dir string, d time.Duration) (_ []Result, err error) {
	ours, err := openRelay(ctx, c, "gateway", filepath.Join(dir, "gateway"))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, ours.close()) }()
	bare, err := openRelay(ctx, c, "bare", filepath.Join(dir, "bare"))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, bare.close()) }()
	round := min(max(d/(2*relayRounds), relayShort), relayLong)
	for _, r := range [...]*relayed{ours, bare} {
		if _, err := r.round(ctx, round); err != nil { // warms up
			return nil, err
		}
	}
	var cpu, rate, allocs series
	end := time.Now().Add(d)
	for n := 0; n < relayFewest || time.Now().Before(end); n++ {
		a, err := ours.round(ctx, round)
		if err != nil {
			return nil, err
		}
		b, err := bare.round(ctx, round)
		if err != nil {
			return nil, err
		}
		cpu.add(a.cpu, b.cpu)
		rate.add(a.rate, b.rate)
		allocs.add(a.allocs, b.allocs)
	}
	first := cpu.result("relay", c.String(), "CPU s/10k")
	first.Goal = Goal{ValueMost: relayGoal}
	if c.receipts {
		first.Goal = Goal{ValueMost: relayReceiptsGoal}
	}
	perMessage, per10k := significant(median(allocs.ours)), first.Value
	first.AllocsPerOp, first.CPUPer10k = &perMessage, &per10k
	return []Result{first, rate.result("relay", c.String(), "msg/s")}, nil
}

// relayed is one of the two processes with its peers.
type relayed struct {
	c      relayCase
	child  *child
	shop   *shop
	centre *centre
	tally  *tally
}

const relayConfig = `
log: {level: error, format: json}
store: {path: %q}
smpp:
  listen: 127.0.0.1:0
  accounts:
    - {name: %s, password_hash: "%s", networks: [127.0.0.0/8], max_binds: %d, window: %d}
links:
  - {name: smsc, url: "smpp://%s", system_id: otagate, password_file: password, binds: %d, window: %d, receipts: %t}
routes:
  - {name: all, via: [{link: smsc}]}
`

// openRelay starts a process and its peers, and waits until all binds stand.
func openRelay(ctx context.Context, c relayCase, role, dir string) (_ *relayed, err error) {
	r := &relayed{c: c, tally: newTally()}
	defer func() {
		if err != nil {
			err = errors.Join(err, r.close())
		}
	}()
	if r.centre, err = openCentre(c.receipts, r.tally); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	password := rand.Text()[:8]
	file, err := c.config(role, dir, password, r.centre.ln.Addr().String())
	if err != nil {
		return nil, err
	}
	if r.child, err = startChild(role, file); err != nil {
		return nil, err
	}
	ready, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	if err := r.centre.ready(ready, c.binds); err != nil {
		return nil, err
	}
	r.shop, err = openShop(r.child.addr, password, c.binds, c.receipts, r.tally)
	return r, err
}

// config writes the file of a child.
func (c relayCase) config(role, dir, password, centre string) (string, error) {
	hash, err := smpp.HashPassword(password)
	if err != nil {
		return "", err
	}
	if role == "bare" {
		b, err := json.Marshal(bareConfig{Centre: centre, Binds: c.binds})
		if err != nil {
			return "", err
		}
		file := filepath.Join(dir, "bare.json")
		return file, os.WriteFile(file, b, 0o600)
	}
	if err := os.WriteFile(filepath.Join(dir, "password"), []byte("bench"), 0o600); err != nil {
		return "", err
	}
	text := fmt.Sprintf(relayConfig, filepath.Join(dir, "otagate.db"), account, hash, c.binds, c.window, centre, c.binds, c.window, c.receipts)
	file := filepath.Join(dir, "otagate.yaml")
	return file, os.WriteFile(file, []byte(text), 0o600)
}

// figures are those of a round.
type figures struct{ cpu, rate, allocs float64 }

// round relays for d, and waits until each message has come out and each receipt
// has come back.
func (r *relayed) round(ctx context.Context, d time.Duration) (figures, error) {
	before, err := r.child.usage()
	if err != nil {
		return figures{}, err
	}
	r.tally.reset()
	r.shop.numbers.Store(0)
	r.shop.answered.Store(0)
	began := time.Now()
	if err := r.shop.send(r.c.window, d); err != nil {
		return figures{}, err
	}
	patience, cancel := context.WithTimeout(ctx, d+30*time.Second)
	defer cancel()
	if err := until(patience, func() (bool, error) { return r.settled(began.Add(d)) }); err != nil {
		outs, told, _ := r.tally.counts()
		return figures{}, fmt.Errorf("%d submitted, %d taken, %d refused, %d came out, %d receipts: %w", r.shop.numbers.Load(), r.shop.answered.Load(), r.shop.refused.Load(), outs, told, err)
	}
	took := time.Since(began)
	after, err := r.child.usage()
	if err != nil {
		return figures{}, err
	}
	n := float64(r.shop.answered.Load())
	return figures{
		cpu:    (after.CPU - before.CPU).Seconds() / n * 1e4,
		rate:   n / took.Seconds(),
		allocs: float64(after.Mallocs-before.Mallocs) / n,
	}, nil
}

// settled tells whether all that was submitted is over.
func (r *relayed) settled(end time.Time) (bool, error) {
	outs, told, err := r.tally.counts()
	if err != nil || time.Now().Before(end) || r.shop.owed() > 0 {
		return false, err
	}
	n := int(r.shop.answered.Load()) // what was refused must not come out
	return outs == n && (!r.c.receipts || told == n), nil
}

func (r *relayed) close() (err error) {
	if r.shop != nil {
		err = r.shop.close()
	}
	if r.child != nil {
		err = errors.Join(err, r.child.stop())
	}
	if r.centre != nil {
		r.centre.close()
	}
	return err
}

// until waits for something that others do.
func until(ctx context.Context, there func() (bool, error)) error {
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for {
		if ok, err := there(); ok || err != nil {
			return err
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
