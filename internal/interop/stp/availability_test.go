//go:build interop

package stp

import (
	"errors"
	"testing"

	"github.com/otagate/otagate/ss7/m3ua"
	"github.com/otagate/otagate/ss7/mtp"
)

// auditor is ASP a, which wants to know about b and asks with DAUD. osmo-stp
// answers DAVA as long as it has a route, whether or not the other ASP is there.
func auditor(t *testing.T) *asp {
	t.Helper()
	cfg := config("a", at(2911), 101)
	cfg.PointCodes = []mtp.PointCode{pcB}
	a := startASP(t, cfg).active()
	a.heard("resume 2-2-2")
	return a
}

// TestAvailability: RFC 4666 §4.5.1. The other ASP leaves, and returns.
func TestAvailability(t *testing.T) {
	cases := show(t, "the other ASP leaves with ASPIA and ASPDN: DUNA, MTP-PAUSE, its point code refused at once; it returns: DAVA, MTP-RESUME, DATA passes")
	startSTP(t, "static.cfg")
	a := auditor(t)
	b := startASP(t, config("b", at(2912), 102)).active()
	for range 3 {
		a.forget()
		b.stop()
		a.heard("pause 2-2-2")
		if n := len(a.messages(m3ua.Received, m3ua.TypeDUNA)); n == 0 {
			t.Error("no DUNA")
		}
		if err := a.Client.Transfer(numbered(pcA, pcB, 0)); !errors.Is(err, m3ua.ErrDestinationUnavailable) {
			t.Errorf("DATA for a point code that is not there: %v", err)
		}
		b = startASP(t, config("b", at(2912), 102)).active()
		a.heard("pause 2-2-2", "resume 2-2-2")
		a.send(pcA, pcB, 0, 1)
		b.arrived(pcA, pcB, 0, 1)
		*cases++
	}
}

// TestKilledASP: the other ASP is a process that dies, and comes back from the
// same port.
func TestKilledASP(t *testing.T) {
	cases := show(t, "the other ASP's process is killed and started again, from the same port: DUNA, then DAVA")
	startSTP(t, "static.cfg")
	a := auditor(t)
	b := startASPProcess(t)
	for range 3 {
		a.forget()
		b.kill()
		a.heard("pause 2-2-2")
		b = startASPProcess(t)
		a.heard("pause 2-2-2", "resume 2-2-2")
		*cases++
	}
}

// TestKilledSTP: osmo-stp dies and comes back.
func TestKilledSTP(t *testing.T) {
	const n = 100
	cases := show(t, "osmo-stp is killed and started again: Transfer refused, both ASPs back by themselves, DATA both ways")
	stp := startSTP(t, "static.cfg")
	a := startASP(t, config("a", at(2911), 101)).active()
	b := startASP(t, config("b", at(2912), 102)).active()
	for range 3 {
		stp.kill()
		for _, x := range []*asp{a, b} {
			eventually(t, "the loss is noticed", func() bool { return x.State().Links[0].State == m3ua.StateDown })
			if err := x.Client.Transfer(numbered(pcA, pcB, 0)); !errors.Is(err, m3ua.ErrNotActive) {
				t.Errorf("Transfer without association: %v", err)
			}
		}
		a.forget()
		b.forget()
		stp.start()
		a.active()
		b.active()
		a.reaches(pcB)
		b.reaches(pcA)
		a.send(pcA, pcB, 0, n)
		b.send(pcB, pcA, 0, n)
		b.arrived(pcA, pcB, 0, n)
		a.arrived(pcB, pcA, 0, n)
		*cases++
	}
}
