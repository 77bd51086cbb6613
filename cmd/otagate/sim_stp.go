package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/gateway"
	"github.com/otagate/otagate/internal/sim"
	"github.com/otagate/otagate/ss7/m3ua"
	"github.com/otagate/otagate/ss7/sctp"
)

// networkRunner takes a simulated network to the gateway until ctx ends.
type networkRunner func(ctx context.Context, out io.Writer, n *sim.Network) error

// stpFlags say where the STP is, when it is not part of the network.
type stpFlags struct {
	connect   []string
	transport string
	local     []string
}

// network is the way that the flags ask for.
func (f *stpFlags) network(listen string, contexts []uint, cfg *sim.Config) (networkRunner, error) {
	for _, rc := range contexts {
		if rc > math.MaxUint32 {
			return nil, usageError{fmt.Errorf("--routing-context %d: at most %d", rc, uint32(math.MaxUint32))}
		}
	}
	if len(f.connect) > 0 {
		return f.attached(contexts)
	}
	switch {
	case len(contexts) != 1:
		return nil, usageError{errors.New("--routing-context: one without --connect, the gateway's")}
	case f.local != nil:
		return nil, usageError{errors.New("--local is for --connect")}
	}
	cfg.Context = uint32(contexts[0])
	return func(ctx context.Context, out io.Writer, n *sim.Network) error {
		ln, err := sctp.ListenTCP(listen)
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "listening on %s\n", ln.Addr())
		return n.Serve(ctx, m3ua.Listen(ln))
	}, nil
}

// nodeCount is MSC and HLR/AC.
const nodeCount = 2

func (f *stpFlags) attached(contexts []uint) (networkRunner, error) {
	if len(contexts) != nodeCount {
		return nil, usageError{errors.New("--routing-context: with --connect two, of MSC and HLR/AC")}
	}
	if f.local != nil && len(f.local) != nodeCount {
		return nil, usageError{errors.New("--local: two addresses, of MSC and HLR/AC")}
	}
	var nodes [nodeCount]sim.Attachment
	for i := range nodes {
		nodes[i].RoutingContext = []uint32{uint32(contexts[i])}
		peer := configs.Peer{Transport: f.transport, Addresses: f.connect}
		if f.local != nil {
			peer.Local = f.local[i : i+1]
		}
		var err error
		if nodes[i].Dial, err = gateway.Dialer(peer); err != nil {
			return nil, usageError{err}
		}
	}
	return func(ctx context.Context, out io.Writer, n *sim.Network) error {
		return n.Connect(ctx, nodes[0], nodes[1], func() { fmt.Fprintf(out, "MSC and HLR/AC are active at %s\n", f.connect[0]) })
	}, nil
}
