//go:build interop

package stp

import (
	"strings"
	"testing"
	"time"

	"github.com/otagate/otagate/ss7/m3ua"
)

// pathPair is osmo-stp behind paths and our two ASPs, active.
func pathPair(t *testing.T, n int) (a, b *asp) {
	t.Helper()
	paths(t, 2)
	startSTP(t, "paths.cfg", inFar...)
	ca, cb := config("a", over(n, 2911), 101), config("b", over(n, 2912), 102)
	// What M3UA notices must not hide what SCTP does.
	ca.Beat, cb.Beat = time.Minute, time.Minute
	return startASP(t, ca).active(), startASP(t, cb).active()
}

// TestLossAndDelay: 50 ms and 5 % loss each way, on one path.
func TestLossAndDelay(t *testing.T) {
	const n = 1000
	cases := show(t, "50 ms delay and 5 % loss each way (netem): DATA both ways, none lost, none out of order within an SLS")
	a, b := pathPair(t, 1)
	impair(t, 1, "delay 50ms loss 5%")
	done := make(chan struct{})
	go func() {
		defer close(done)
		b.send(pcB, pcA, 0, n)
	}()
	a.send(pcA, pcB, 0, n)
	<-done
	b.arrived(pcA, pcB, 0, n)
	a.arrived(pcB, pcA, 0, n)
	*cases = 2 * n
}

// TestMultihoming cuts the path in use: SCTP goes on over the other.
func TestMultihoming(t *testing.T) {
	const n = 200
	cases := show(t, "associations over two addresses each end; first one path cut (netem loss 100 %), then the other: DATA both ways goes on, the associations stay")
	a, b := pathPair(t, 2)
	both := func(first int) {
		t.Helper()
		b.send(pcB, pcA, first, n)
		a.send(pcA, pcB, first, n)
		b.arrived(pcA, pcB, 0, first+n)
		a.arrived(pcB, pcA, 0, first+n)
	}
	both(0)
	for i, path := range []int{1, 2} {
		impair(t, path, cut)
		both((i + 1) * n)
		mend(t, path)
		*cases += 2 * n
	}
	for _, x := range []*asp{a, b} {
		if lost := x.Stats().AssociationsLost; lost != 0 {
			t.Errorf("%d associations lost", lost)
		}
	}
}

// TestSilence: the only path is cut until the heartbeat notices, and mended.
// The ASP comes back from the same port, while osmo-stp's SCTP may still hold
// the old association: RFC 9260 §5.2 calls that a restart.
func TestSilence(t *testing.T) {
	const n = 100
	cases := show(t, "the only path is cut: BEATs unanswered, association given up; mended: the ASP is back from the same port (a restart of the association for SCTP), DATA both ways")
	paths(t, 2)
	stp := startSTP(t, "paths.cfg", inFar...)
	ca := config("a", over(1, 2911), 101)
	ca.Beat = 300 * time.Millisecond
	a := startASP(t, ca).active()
	cb := config("b", over(1, 2912), 102)
	cb.Beat = 300 * time.Millisecond
	b := startASP(t, cb).active()
	for range 2 {
		impair(t, 1, cut)
		for _, x := range []*asp{a, b} {
			eventually(t, "the loss is noticed", func() bool { return x.State().Links[0].State == m3ua.StateDown })
			eventually(t, "a new association is tried", func() bool { return strings.Contains(x.log.String(), "cannot connect") })
			x.forget()
		}
		mend(t, 1)
		a.active()
		b.active()
		a.reaches(pcB)
		b.reaches(pcA)
		b.send(pcB, pcA, 0, n)
		a.send(pcA, pcB, 0, n)
		b.arrived(pcA, pcB, 0, n)
		a.arrived(pcB, pcA, 0, n)
		for _, x := range []*asp{a, b} {
			if strings.Contains(x.log.String(), "address already in use") {
				t.Error("the old association still has the port")
			}
		}
		*cases++
	}
	if !strings.Contains(stp.log.String(), "RESTART") {
		t.Error("SCTP has seen no restart")
	}
}
