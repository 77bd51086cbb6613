package bench

import (
	"context"
	"fmt"
	"time"

	"github.com/otagate/otagate/smpp/smppbench"
)

// smppRound is one round of one pairing, and smppRounds how many of them one
// measurement has; it is repeated while the budget lasts.
const (
	smppRound  = 25 * time.Millisecond
	smppRounds = 3
)

// SMPP measures submit_sm and its answer over loopback TCP: our client and our
// server, alone with a bare one and together. The ceiling is the bare client
// with the bare server (package smppbench): one copies a prepared PDU and
// fills its window with one write, the other answers all PDUs of a read with
// one write; neither decodes. All four pairings take turns.
func SMPP(ctx context.Context, o Options) ([]Result, error) {
	windows := []int{1, 10, 100}
	least := []float64{0.9, 0.6, 0.5}
	client, server, both := make([]series, len(windows)), make([]series, len(windows)), make([]series, len(windows))
	end := time.Now().Add(o.time())
	for n := 0; n < 1 || time.Now().Before(end); n++ {
		rs, err := smppbench.Measure(ctx, smppbench.Options{Windows: windows, Rounds: smppRounds, Round: smppRound})
		if err != nil {
			return nil, err
		}
		for i, r := range rs {
			client[i].add(r.Client, r.Bare)
			server[i].add(r.Server, r.Bare)
			both[i].add(r.Both, r.Bare)
		}
	}
	var out []Result
	for i, w := range windows {
		name := fmt.Sprintf("window=%d", w)
		r := both[i].result("smpp", name, "msg/s")
		r.Goal = Goal{RatioLeast: least[i]}
		out = append(out, r, client[i].result("smpp", name+" client", "msg/s"), server[i].result("smpp", name+" server", "msg/s"))
	}
	return out, nil
}
