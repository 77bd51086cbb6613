//go:build interop

package stp

import (
	"testing"
	"time"

	"github.com/otagate/otagate/ss7/m3ua"
)

// TestActive brings two ASPs up and active; RFC 4666 §4.3.4.1, §4.3.4.3, §4.3.4.5.
func TestActive(t *testing.T) {
	cases := show(t, "ASPUP and ASPAC acknowledged, NTFY AS-INACTIVE then AS-ACTIVE, osmo-stp's console agrees; ASPIA and ASPDN on leaving")
	stp := startSTP(t, "static.cfg")
	for _, x := range []struct {
		name string
		port uint16
		rc   uint32
	}{{"a", 2911, 101}, {"b", 2912, 102}} {
		a := startASP(t, config(x.name, at(x.port), x.rc)).active()
		a.notified(m3ua.StatusASInactive, m3ua.StatusASActive)
		stp.says("show cs7 instance 0 asp", "asp-"+x.name, "ASP_ACTIVE")
		stp.says("show cs7 instance 0 as all", "as-"+x.name, "AS_ACTIVE")
		a.stop()
		if n := len(a.messages(m3ua.Received, m3ua.TypeASPDownAck)); n != 1 {
			t.Errorf("%d ASPDN ACK, want 1", n)
		}
		*cases++
	}
}

// TestData sends both ways at once.
func TestData(t *testing.T) {
	const n = 2000
	cases := show(t, "DATA between two ASPs through osmo-stp, both ways at once: nothing lost, changed, doubled, or out of order within an SLS")
	startSTP(t, "static.cfg")
	a := startASP(t, config("a", at(2911), 101)).active()
	b := startASP(t, config("b", at(2912), 102)).active()
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

// TestHeartbeat: RFC 4666 §4.3.4.6. osmo-stp sends no BEAT of its own; ours is
// answered with the same data.
func TestHeartbeat(t *testing.T) {
	const n = 5
	cases := show(t, "our BEAT answered by osmo-stp with BEAT ACK, data unchanged; the association stays")
	startSTP(t, "static.cfg")
	cfg := config("a", at(2911), 101)
	cfg.Beat = 100 * time.Millisecond
	a := startASP(t, cfg).active()
	eventually(t, "BEAT ACKs", func() bool { return len(a.messages(m3ua.Received, m3ua.TypeBeatAck)) >= n })
	sent, back := a.messages(m3ua.Sent, m3ua.TypeBeat), a.messages(m3ua.Received, m3ua.TypeBeatAck)
	for i := range n {
		want, got := sent[i].(*m3ua.Beat).HeartbeatData, back[i].(*m3ua.BeatAck).HeartbeatData
		if string(want) != string(got) {
			t.Errorf("BEAT with %x, BEAT ACK with %x", want, got)
		}
	}
	if lost := a.Stats().AssociationsLost; lost != 0 {
		t.Errorf("%d associations lost", lost)
	}
	*cases = n
}
