//go:build interop

package stp

import (
	"slices"
	"testing"

	"github.com/otagate/otagate/ss7/m3ua"
	"github.com/otagate/otagate/ss7/mtp"
)

// TestLoadshare: RFC 4666 §4.3.4.3.
func TestLoadshare(t *testing.T) {
	const n = 1600
	cases := show(t, "two ASPs in one AS, loadshare: both get traffic, each message goes to one of them, in order; one leaves, the other gets all")
	startSTP(t, "loadshare.cfg")
	b := startASP(t, config("b", at(2912), 102)).active()
	c := startASP(t, config("c", at(2913), 102)).active()
	a := startASP(t, config("a", at(2911), 101)).active()
	a.send(pcA, pcB, 0, n)
	eventually(t, "all have arrived", func() bool { return len(b.data())+len(c.data()) >= n })
	var all []uint32
	for _, x := range []*asp{b, c} {
		if len(x.data()) < n/4 {
			t.Errorf("one ASP of two has got %d of %d messages", len(x.data()), n)
		}
		last := map[uint8]uint32{}
		for _, m := range x.data() {
			i := number(m)
			if l, some := last[m.SLS]; some && i <= l {
				t.Errorf("message %d after %d, with the same SLS", i, l)
			}
			last[m.SLS] = i
			all = append(all, i)
		}
	}
	slices.Sort(all)
	if len(slices.Compact(all)) != n {
		t.Errorf("%d different messages of %d have arrived", len(slices.Compact(all)), n)
	}
	c.stop()
	b.forget()
	a.send(pcA, pcB, 0, n)
	b.arrived(pcA, pcB, 0, n)
	*cases = 2 * n
}

// TestOverride: RFC 4666 §4.3.4.3. The ASP that is active last has the traffic.
func TestOverride(t *testing.T) {
	const n = 100
	cases := show(t, "two ASPs in one AS, override: the second takes over, the first hears NTFY alternate ASP active and stands by; the second leaves, the first hears NTFY AS-PENDING and takes the traffic back")
	startSTP(t, "override.cfg")
	override := func(name string, port uint16, rc uint32) *asp {
		cfg := config(name, at(port), rc)
		cfg.TrafficMode = m3ua.Override
		return startASP(t, cfg)
	}
	a := override("a", 2911, 101).active()
	b := override("b", 2912, 102).active()
	a.reaches(pcB)
	a.send(pcA, pcB, 0, n)
	b.arrived(pcA, pcB, 0, n)
	*cases++

	c := override("c", 2913, 102).active()
	b.notified(m3ua.StatusASActive, m3ua.StatusAlternateASP)
	eventually(t, "the first ASP stands by", func() bool { return b.State().Links[0].State == m3ua.StateInactive })
	a.send(pcA, pcB, 0, n)
	c.arrived(pcA, pcB, 0, n)
	b.arrived(pcA, pcB, 0, n) // what it had, and nothing since
	*cases++

	c.stop()
	b.notified(m3ua.StatusAlternateASP, m3ua.StatusASPending)
	b.active()
	b.forget()
	a.reaches(pcB)
	a.send(pcA, pcB, 0, n)
	b.arrived(pcA, pcB, 0, n)
	*cases++
}

// number is the number of a message of numbered.
func number(t mtp.Transfer) uint32 {
	i := len(t.Data) - 4
	return uint32(t.Data[i])<<24 | uint32(t.Data[i+1])<<16 | uint32(t.Data[i+2])<<8 | uint32(t.Data[i+3])
}
