package tcap_test

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/ss7/mtp"
	"github.com/otagate/otagate/ss7/sccp"
	"github.com/otagate/otagate/ss7/tcap"
	"github.com/otagate/otagate/ss7/tcap/ansi"
)

var (
	_ tcap.Network = (*sccp.Endpoint)(nil)
	_ sccp.User    = (*tcap.Endpoint)(nil)
	_ mtp.User     = (*sccp.Endpoint)(nil)
)

// cable is MTP between two nodes.
type cable struct {
	to      *sccp.Endpoint
	largest int
}

func (c *cable) Transfer(t mtp.Transfer) error {
	c.largest = max(c.largest, len(t.Data))
	t.Data = bytes.Clone(t.Data)
	c.to.Transfer(t)
	return nil
}

// node is TCAP on SCCP.
type node struct {
	sccp *sccp.Endpoint
	tcap *tcap.Endpoint
	out  *cable
}

func newNode(cfg sccp.Config, local sccp.Address, h tcap.Handler) node {
	cfg.OPC = local.PointCode
	n := node{out: &cable{}}
	n.sccp = sccp.NewEndpoint(cfg, n.out, zerolog.Nop())
	n.tcap = tcap.NewEndpoint(tcap.Config{LocalAddress: local}, n.sccp, h, zerolog.Nop())
	n.sccp.Bind(local.SSN, n.tcap)
	return n
}

func TestOverSCCP(t *testing.T) {
	for _, size := range []int{10, 150, 240, 1000, 3000} {
		t.Run(fmt.Sprint(size), func(t *testing.T) {
			cfg := sccp.Config{Default: sccp.Peer{XUDT: sccp.XUDTWhenNeeded}}
			a := newNode(cfg, otaf, nil)
			b := newNode(cfg, msc, handler(func(q *tcap.Incoming) { q.Result(q.Parameters) }))
			a.out.to, b.out.to = b.sccp, a.sccp
			defer a.sccp.Close()
			defer b.sccp.Close()
			params := bytes.Repeat([]byte{0x5a}, size)
			var o outcomes
			if _, err := a.tcap.Invoke(tcap.Invoke{Called: msc, Operation: smdpp, Parameters: params}, o.done); err != nil {
				t.Fatal(err)
			}
			if got := o.one(t); got.Kind != tcap.OutcomeResult || !bytes.Equal(got.Parameters, params) {
				t.Errorf("heard %s with %d octets", got.Kind, len(got.Parameters))
			}
			if a.out.largest > 265 || b.out.largest > 265 {
				t.Errorf("messages of %d and %d octets", a.out.largest, b.out.largest)
			}
			isIdle(t, a.tcap, b.tcap)
		})
	}
}

func TestUnequippedPeer(t *testing.T) {
	a, b := newNode(sccp.Config{}, otaf, nil), newNode(sccp.Config{}, msc, nil)
	a.out.to, b.out.to = b.sccp, a.sccp
	b.sccp.Bind(msc.SSN, nil)
	var o outcomes
	if _, err := a.tcap.Invoke(tcap.Invoke{Called: msc, Operation: smdpp}, o.done); err != nil {
		t.Fatal(err)
	}
	if got := o.one(t); got.Kind != tcap.OutcomeNotice || got.ReturnCause != sccp.UnequippedUser {
		t.Errorf("heard %+v", got)
	}
	isIdle(t, a.tcap)
}

func ExampleEndpoint_Invoke() {
	a := newNode(sccp.Config{}, otaf, nil)
	b := newNode(sccp.Config{}, msc, handler(func(q *tcap.Incoming) {
		fmt.Println("asked for", q.Operation)
		q.Result(nil)
	}))
	a.out.to, b.out.to = b.sccp, a.sccp
	_, err := a.tcap.Invoke(tcap.Invoke{Called: msc, Operation: ansi.PrivateOperation(0x35)}, func(o tcap.Outcome) {
		fmt.Println("heard", o.Kind)
	})
	if err != nil {
		fmt.Println(err)
	}
	// Output:
	// asked for private operation 9/53
	// heard result
}
