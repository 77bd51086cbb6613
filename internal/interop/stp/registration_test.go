//go:build interop

package stp

import (
	"strings"
	"testing"

	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/ss7/m3ua"
	"github.com/otagate/otagate/ss7/mtp"
	"github.com/otagate/otagate/ss7/sctp"
)

// registering is an ASP that osmo-stp knows nothing about before it comes.
func registering(name string, key uint32, pc mtp.PointCode) m3ua.ClientConfig {
	addr := sctp.KernelAddr{Remote: at(0).Remote, RemotePort: 2905}
	cfg := config(name, addr)
	cfg.RoutingKeys = []m3ua.RoutingKey{{
		LocalRKIdentifier: key, TrafficMode: m3ua.Some(m3ua.Loadshare),
		Destinations: []m3ua.KeyDestination{{PC: pc}},
	}}
	return cfg
}

// TestRegistration: RFC 4666 §4.4.
func TestRegistration(t *testing.T) {
	const n = 200
	cases := show(t, "ASPs that osmo-stp has no configuration for register their routing keys (REG REQ), get routing contexts, carry DATA both ways; on leaving they give the keys back (DEREG REQ), and can return")
	stp := startSTP(t, "dynamic.cfg")
	for range 2 {
		a := startASP(t, registering("a", 7, pcA)).active()
		b := startASP(t, registering("b", 8, pcB)).active()
		for _, x := range []*asp{a, b} {
			for _, m := range x.messages(m3ua.Received, m3ua.TypeRegistrationResponse) {
				if r := m.(*m3ua.RegistrationResponse).Results[0]; r.Status != m3ua.RegistrationSuccess || r.RoutingContext == 0 {
					t.Errorf("REG RSP: %+v", r)
				}
			}
			x.notified(m3ua.StatusASActive)
		}
		a.reaches(pcB)
		b.reaches(pcA)
		b.send(pcB, pcA, 0, n)
		a.send(pcA, pcB, 0, n)
		b.arrived(pcA, pcB, 0, n)
		a.arrived(pcB, pcA, 0, n)
		for _, x := range []*asp{a, b} {
			x.stop()
			rsp := x.messages(m3ua.Received, m3ua.TypeDeregistrationResponse)
			if len(rsp) != 1 || rsp[0].(*m3ua.DeregistrationResponse).Results[0].Status != 0 {
				t.Errorf("DEREG RSP: %v", rsp)
			}
			*cases++
		}
	}
	t.Log(stp.ask("show cs7 instance 0 as all"))
}

// TestRegistrationRefused: osmo-stp takes configured keys only, or cannot take
// this one: it knows no keys with a service indicator.
func TestRegistrationRefused(t *testing.T) {
	cases := show(t, "osmo-stp refuses the routing key (REG RSP, statuses 5 and 9): the association is given up and tried again, ASPAC is not sent")
	for _, x := range []struct {
		config string
		si     wire.Hex
		want   m3ua.RegistrationStatus
	}{
		{"refused.cfg", nil, m3ua.RegistrationPermissionDenied},
		{"dynamic.cfg", wire.Hex{mtp.ServiceSCCP}, m3ua.RegistrationUnsupportedParameter},
	} {
		stp := startSTP(t, x.config)
		cfg := registering("a", 7, pcA)
		cfg.RoutingKeys[0].Destinations[0].ServiceIndicators = x.si
		a := startASP(t, cfg)
		eventually(t, "a second try", func() bool { return len(a.messages(m3ua.Received, m3ua.TypeRegistrationResponse)) > 1 })
		for _, m := range a.messages(m3ua.Received, m3ua.TypeRegistrationResponse) {
			if st := m.(*m3ua.RegistrationResponse).Results[0].Status; st != x.want {
				t.Errorf("%s: %v, want %v", x.config, st, x.want)
			}
		}
		if !strings.Contains(a.log.String(), "registration refused") {
			t.Error("nothing in the log")
		}
		if n := len(a.messages(m3ua.Sent, m3ua.TypeASPActive)); n != 0 {
			t.Errorf("%d ASPAC sent", n)
		}
		a.stop()
		stp.kill()
		*cases++
	}
}
