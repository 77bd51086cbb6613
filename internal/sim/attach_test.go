package sim_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/internal/sim"
	"github.com/otagate/otagate/ss7/ansi41"
	"github.com/otagate/otagate/ss7/m3ua"
	"github.com/otagate/otagate/ss7/mtp"
	"github.com/otagate/otagate/ss7/sccp"
	"github.com/otagate/otagate/ss7/sctp"
	"github.com/otagate/otagate/ss7/tcap"
)

// transferPoint is an STP: what comes from one AS goes to another.
type transferPoint struct {
	*m3ua.Server
	t *testing.T
}

func (p *transferPoint) Transfer(t mtp.Transfer) {
	if err := p.Server.Transfer(t); err != nil {
		p.t.Errorf("%v to %v: %v", t.OPC, t.DPC, err)
	}
}
func (*transferPoint) Pause(mtp.PointCode)  {}
func (*transferPoint) Resume(mtp.PointCode) {}
func (*transferPoint) Status(mtp.Status)    {}

// running runs until the end of the test.
func running(t *testing.T, run func(ctx context.Context) error) {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

// stack is M3UA, SCCP and TCAP of the gateway.
type stack struct{ *sccp.Endpoint }

// TestAttached: gateway, MSC and HLR/AC are application servers of an STP that
// is not the simulation's. The gateway's orders reach the MSC, and the
// registration that one of them brings about reaches the HLR.
func TestAttached(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var seen []string
		cfg := sim.LabConfig()
		cfg.TRNs = 1
		cfg.Observe = func(s sim.Sight) {
			mu.Lock()
			defer mu.Unlock()
			seen = append(seen, s.Proto+" "+s.From+" to "+s.To)
		}
		as := func(name string, rc uint32, at sim.Node) m3ua.ASConfig {
			return m3ua.ASConfig{Name: name, RoutingContext: &rc, TrafficMode: m3ua.Loadshare, PointCodes: []mtp.PointCode{at.PC}}
		}
		point := &transferPoint{t: t}
		point.Server = m3ua.NewServer(m3ua.ServerConfig{ASs: []m3ua.ASConfig{as("otagate", 5, cfg.Gateway), as("MSC", 6, cfg.MSC), as("HLR", 7, cfg.HLR)}}, point, zerolog.Nop())
		ln := sctp.ListenPipe()
		running(t, func(ctx context.Context) error { return point.Serve(ctx, m3ua.Listen(ln)) })
		dial := func(ctx context.Context) (m3ua.Association, error) {
			a, err := ln.Dial(ctx)
			if err != nil {
				return nil, err
			}
			return a, nil
		}

		n := sim.NewNetwork(cfg)
		attached := make(chan struct{})
		running(t, func(ctx context.Context) error {
			return n.Connect(ctx, sim.Attachment{Dial: dial, RoutingContext: []uint32{6}}, sim.Attachment{Dial: dial, RoutingContext: []uint32{7}},
				func() { close(attached) })
		})
		us := &stack{}
		c := m3ua.NewClient(m3ua.ClientConfig{RoutingContext: []uint32{5}, TrafficMode: m3ua.Loadshare, Peers: []m3ua.PeerConfig{{Dial: dial}}}, us, zerolog.Nop())
		us.Endpoint = sccp.NewEndpoint(sccp.Config{Variant: sccp.ANSI, OPC: cfg.Gateway.PC, NI: mtp.National}, c, zerolog.Nop())
		asked := tcap.NewEndpoint(tcap.Config{LocalAddress: sccp.PointCodeAddress(sccp.ANSI, cfg.Gateway.PC, cfg.Gateway.SSN)}, us, nil, zerolog.Nop())
		us.Bind(cfg.Gateway.SSN, asked)
		running(t, c.Run)
		<-attached
		<-c.Ready()
		synctest.Wait() // for the DAVA about the MSC, which may come after the ASPAC ACK

		call, err := n.MSC.Dial(sim.NewHandset(sim.DefaultHandset()))
		if err != nil {
			t.Fatal(err)
		}
		b := &bench{t: t, net: n, cfg: cfg, msc: asked}
		if r := b.smdpp(b.order(ansi41.ActionAttachMSCToOTAF, call.TRN)); !r.ESN.OK {
			t.Errorf("attach: %+v", r)
		}
		record := b.order(ansi41.ActionRecordNEWMSID, call.TRN)
		record.NewlyAssignedMIN = ansi41.Some(parseMIN(t, "5551234567"))
		b.smdpp(record)
		b.smdpp(b.order(ansi41.ActionInitiateRegistrationNotification, call.TRN))
		synctest.Wait()
		mu.Lock()
		defer mu.Unlock()
		for _, want := range []string{"m3ua otagate to MSC", "m3ua MSC to otagate", "m3ua MSC to HLR/AC", "m3ua HLR/AC to MSC"} {
			if !slices.Contains(seen, want) {
				t.Errorf("%q was not seen, but %q", want, seen)
			}
		}
	})
}
