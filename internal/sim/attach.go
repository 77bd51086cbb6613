package sim

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/otagate/otagate/ss7/m3ua"
	"github.com/otagate/otagate/ss7/mtp"
)

// Attachment is how a node reaches an STP that is not part of the simulation:
// as an application server process of its own.
type Attachment struct {
	Dial           func(context.Context) (m3ua.Association, error)
	RoutingContext []uint32
}

// Connect attaches MSC and HLR to a real STP, instead of Serve, until ctx
// ends. It calls ready once both are active. What the nodes say to each other
// goes through the STP too.
func (n *Network) Connect(ctx context.Context, msc, hlr Attachment, ready func()) error {
	n.msc.attach(msc)
	n.hlr.attach(hlr)
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var wg sync.WaitGroup
	for _, x := range []*node{n.msc, n.hlr} {
		wg.Go(func() {
			if err := x.stp.Run(ctx); err != nil {
				cancel(fmt.Errorf("%s: %w", x.name, err))
			}
		})
	}
	if errors.Join(n.msc.stp.WaitActive(ctx), n.hlr.stp.WaitActive(ctx)) == nil {
		ready()
	}
	<-ctx.Done()
	wg.Wait()
	err := context.Cause(ctx)
	if errors.Is(err, context.Canceled) {
		err = nil
	}
	return errors.Join(err, n.shutdown(ctx))
}

func (x *node) attach(a Attachment) {
	cfg := m3ua.ClientConfig{
		Name: x.name, RoutingContext: a.RoutingContext, TrafficMode: m3ua.Loadshare,
		Peers: []m3ua.PeerConfig{{Name: "STP", Dial: a.Dial}}, Tap: x.tap,
	}
	x.stp = m3ua.NewClient(cfg, attached{x}, x.net.cfg.Log)
}

// attached is a node as the user of its own association.
type attached struct{ *node }

// Transfer is MTP-TRANSFER from the STP.
func (x attached) Transfer(t mtp.Transfer) {
	// An error can only come from the network side, which there is none of here.
	_ = x.net.noisy(x.net.nameOf(t.OPC), x.name, t, func(t mtp.Transfer) error { x.sccp.Transfer(t); return nil })
}

// Pause is MTP-PAUSE.
func (x attached) Pause(pc mtp.PointCode) { x.sccp.Pause(pc) }

// Resume is MTP-RESUME.
func (x attached) Resume(pc mtp.PointCode) { x.sccp.Resume(pc) }

// Status is MTP-STATUS.
func (x attached) Status(s mtp.Status) { x.sccp.Status(s) }

// nameOf is the name of a node, here or elsewhere.
func (n *Network) nameOf(pc mtp.PointCode) string {
	if x, here := n.nodes[pc]; here {
		return x.name
	}
	if pc == n.cfg.Gateway.PC {
		return "otagate"
	}
	return pc.String()
}

// tap is told of every M3UA message of an attached node.
func (x *node) tap(d m3ua.Direction, _ string, message []byte) {
	from, to := x.name, "STP"
	if d == m3ua.Received {
		from, to = to, from
	}
	var data m3ua.Data
	if data.Decode(message) == nil {
		from, to = x.net.nameOf(data.OPC), x.net.nameOf(data.DPC)
	}
	x.net.see(from, to, "m3ua", message, "")
}
