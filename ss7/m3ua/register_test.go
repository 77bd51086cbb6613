package m3ua_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rs/zerolog"

	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/ss7/m3ua"
	"github.com/otagate/otagate/ss7/mtp"
)

// twoKeys are the keys of an ASP that serves hlr and msc.
func twoKeys() []m3ua.RoutingKey {
	return []m3ua.RoutingKey{
		{LocalRKIdentifier: 7, TrafficMode: m3ua.Some(m3ua.Loadshare), Destinations: []m3ua.KeyDestination{{PC: hlr, ServiceIndicators: wire.Hex{mtp.ServiceSCCP}}}},
		{LocalRKIdentifier: 8, Destinations: []m3ua.KeyDestination{{PC: msc}}},
	}
}

func registering(p *peer) m3ua.ClientConfig {
	return m3ua.ClientConfig{Peers: []m3ua.PeerConfig{{Name: "sg", Dial: p.dial}}, RoutingKeys: twoKeys(), Beat: -1}
}

func results(of ...m3ua.RegistrationResult) *m3ua.RegistrationResponse {
	return &m3ua.RegistrationResponse{Results: of}
}

// TestRegister: RFC 4666 §4.4. Keys are registered before ASPAC, DATA goes out
// with the context of its key, and keys are given back on leaving.
func TestRegister(t *testing.T) {
	bubble(t, func(t *testing.T) {
		p := newPeer(t)
		n := &network{t: t}
		defer n.close()
		c, u, stop := n.client(registering(p))
		p.accept()
		p.expect("ASPUP")
		p.send(&m3ua.ASPUpAck{})
		if d := cmp.Diff(twoKeys(), p.expect("REG REQ").(*m3ua.RegistrationRequest).Keys); d != "" {
			t.Errorf("keys sent:\n%s", d)
		}
		// The results may stand in any order.
		p.send(results(m3ua.RegistrationResult{LocalRKIdentifier: 8, RoutingContext: 801}, m3ua.RegistrationResult{LocalRKIdentifier: 7, RoutingContext: 701}))
		if rcs := p.expect("ASPAC").(*m3ua.ASPActive).RoutingContext; !slices.Equal(rcs, []uint32{701, 801}) {
			t.Errorf("ASPAC for %v", rcs)
		}
		p.send(&m3ua.ASPActiveAck{})
		waitActive(t, c)

		for from, rc := range map[mtp.PointCode]uint32{hlr: 701, msc: 801, far: 701} {
			x := transfer(far, 0, 1)
			x.OPC = from
			if err := c.Transfer(x); err != nil {
				t.Fatal(err)
			}
			if d := p.expect("DATA").(*m3ua.Data); d.RoutingContext != m3ua.Some(rc) {
				t.Errorf("DATA from %v with routing context %v, want %d", from, d.RoutingContext, rc)
			}
		}
		var d m3ua.Data
		d.SetTransfer(transfer(msc, 0, 2))
		d.RoutingContext = m3ua.Some[uint32](801)
		p.send(&d)
		d.RoutingContext = m3ua.Some[uint32](901)
		p.send(&d)
		p.expect("ERR invalid routing context")
		if got := len(u.data()); got != 1 {
			t.Errorf("%d messages delivered, want 1", got)
		}

		left := make(chan struct{})
		go func() { stop(); close(left) }()
		p.expect("ASPIA")
		p.send(&m3ua.ASPInactiveAck{})
		if rcs := p.expect("DEREG REQ").(*m3ua.DeregistrationRequest).RoutingContext; !slices.Equal(rcs, []uint32{701, 801}) {
			t.Errorf("DEREG REQ for %v", rcs)
		}
		p.send(&m3ua.DeregistrationResponse{Results: []m3ua.DeregistrationResult{{RoutingContext: 701}, {RoutingContext: 801, Status: 3}}})
		p.expect("ASPDN")
		p.send(&m3ua.ASPDownAck{})
		p.ended()
		<-left
	})
}

// TestRegisterRefused: an association whose keys are not registered is of no
// use. It is given up and tried again.
func TestRegisterRefused(t *testing.T) {
	answers := map[string]m3ua.Message{
		"one key refused": results(m3ua.RegistrationResult{LocalRKIdentifier: 7, RoutingContext: 701},
			m3ua.RegistrationResult{LocalRKIdentifier: 8, Status: m3ua.RegistrationPermissionDenied}),
		"one key forgotten":             results(m3ua.RegistrationResult{LocalRKIdentifier: 7, RoutingContext: 701}),
		"no registration at all":        &m3ua.Error{Code: m3ua.UnsupportedMessageClass},
		"no registration in this state": &m3ua.Error{Code: m3ua.UnexpectedMessage},
	}
	for name, answer := range answers {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				p := newPeer(t)
				n := &network{t: t}
				defer n.close()
				c, _, _ := n.client(registering(p))
				p.accept()
				p.expect("ASPUP")
				p.send(&m3ua.ASPUpAck{})
				p.expect("REG REQ")
				p.send(answer)
				p.ended()
				p.accept()
				p.expect("ASPUP")
				p.send(&m3ua.ASPUpAck{})
				p.expect("REG REQ")
				p.send(results(m3ua.RegistrationResult{LocalRKIdentifier: 7, RoutingContext: 1}, m3ua.RegistrationResult{LocalRKIdentifier: 8, RoutingContext: 2}))
				p.expect("ASPAC")
				p.send(&m3ua.ASPActiveAck{})
				waitActive(t, c)
			})
		})
	}
}

// TestRegisterNotAsked: a REG RSP that nobody has asked for changes nothing.
func TestRegisterNotAsked(t *testing.T) {
	bubble(t, func(t *testing.T) {
		p := newPeer(t)
		n := &network{t: t}
		defer n.close()
		c, _, _ := n.client(registering(p))
		p.accept()
		p.expect("ASPUP")
		p.send(&m3ua.ASPUpAck{})
		p.expect("REG REQ")
		both := func(a, b uint32) *m3ua.RegistrationResponse {
			return results(m3ua.RegistrationResult{LocalRKIdentifier: 7, RoutingContext: a}, m3ua.RegistrationResult{LocalRKIdentifier: 8, RoutingContext: b})
		}
		p.send(both(1, 2))
		p.expect("ASPAC")
		p.send(both(3, 4))
		p.send(&m3ua.ASPActiveAck{})
		waitActive(t, c)
		if err := c.Transfer(transfer(far, 0, 1)); err != nil {
			t.Fatal(err)
		}
		if d := p.expect("DATA").(*m3ua.Data); d.RoutingContext != m3ua.Some[uint32](1) {
			t.Errorf("DATA with routing context %v", d.RoutingContext)
		}
	})
}

func TestKeysThatCannotBeRegistered(t *testing.T) {
	for want, keys := range map[string][]m3ua.RoutingKey{
		"local identifier 7":     {twoKeys()[0], twoKeys()[0]},
		"destination_point_code": {{LocalRKIdentifier: 1}},
	} {
		cfg := registering(newPeer(t))
		cfg.RoutingKeys = keys
		err := m3ua.NewClient(cfg, &user{}, zerolog.Nop()).Run(t.Context())
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}
