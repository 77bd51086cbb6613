package bench

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/otagate/otagate/ss7/ansi41"
	"github.com/otagate/otagate/ss7/m3ua"
	"github.com/otagate/otagate/ss7/mtp"
	"github.com/otagate/otagate/ss7/sccp"
	"github.com/otagate/otagate/ss7/tcap/ansi"
)

// stack is the same message in our types, with what a program keeps from one
// message to the next: the structures and a buffer for each layer.
type stack struct {
	data  m3ua.Data
	udt   sccp.UDT
	query ansi.Package
	smdpp ansi41.SMDPPInvoke

	params, tcap, sccp []byte
}

var (
	errDecode = errors.New("bench: the message was not decoded")
	errAppend = errors.New("bench: the message was not encoded")
)

// bearerData is an IS-683 message of common length, with which the gateway
// sends most of its SMDPPs: short, so that what is measured is not the copying
// of octets.
const bearerData = "020d03471b78062390ee0240affffc0106a55512345670001122"

func newStack() (*stack, error) {
	bearer, err := hex.DecodeString(bearerData)
	if err != nil {
		return nil, err
	}
	gateway, msc := mtp.ANSI(1, 12, 5), mtp.ANSI(1, 12, 6)
	s := &stack{
		smdpp: ansi41.SMDPPInvoke{
			SMSBearerData: bearer, ESN: ansi41.Some(ansi41.ESN(0x81234567)),
			MIN:              ansi41.Some(ansi41.MIN{0x16, 0x29, 0x23, 0x00, 0x10}),
			ServiceIndicator: ansi41.Some(ansi41.ServiceCDMAOTASP),
		},
		query: ansi.Package{Type: ansi.QueryWithPermission, Originating: 0x10000017, Components: []ansi.Component{{
			Type: ansi.InvokeLast, HasInvokeID: true, InvokeID: 1,
			Operation: ansi.PrivateOperation(uint8(ansi41.SMSDeliveryPointToPoint)),
		}}},
		udt: sccp.UDT{Variant: sccp.ANSI, Class: 1,
			Called: sccp.PointCodeAddress(sccp.ANSI, msc, 8), Calling: sccp.PointCodeAddress(sccp.ANSI, gateway, 12)},
		data: m3ua.Data{NetworkAppearance: m3ua.Some(uint32(1)), RoutingContext: m3ua.Some(uint32(100)),
			OPC: gateway, DPC: msc, SI: mtp.ServiceSCCP, NI: mtp.National, SLS: 5},
	}
	return s, nil
}

// append encodes the whole stack, from the parameters outward.
func (s *stack) append(dst []byte) (_ []byte, err error) {
	if s.params, err = s.smdpp.Append(s.params[:0]); err != nil {
		return dst, err
	}
	s.query.Components[0].Parameters = s.params
	if s.tcap, err = s.query.Append(s.tcap[:0]); err != nil {
		return dst, err
	}
	s.udt.Data = s.tcap
	if s.sccp, err = s.udt.Append(s.sccp[:0]); err != nil {
		return dst, err
	}
	s.data.UserData = s.sccp
	return s.data.Append(dst)
}

// decode decodes the whole stack, from the M3UA header inward.
func (s *stack) decode(b []byte) error {
	if err := s.data.Decode(b); err != nil {
		return err
	}
	if err := s.udt.Decode(s.data.UserData); err != nil {
		return err
	}
	if err := s.query.Decode(s.udt.Data); err != nil {
		return err
	}
	if len(s.query.Components) != 1 {
		return errDecode
	}
	return s.smdpp.Decode(s.query.Components[0].Parameters)
}

// stacks are the three codecs with the message of each, and the message.
type stacks struct {
	ours stack
	same handSame
	hand handStack
	wire []byte
	buf  []byte
}

// newStacks also checks that all codecs write the same message.
func newStacks() (*stacks, error) {
	s, err := newStack()
	if err != nil {
		return nil, err
	}
	t := &stacks{ours: *s, buf: make([]byte, 0, 512)}
	if t.wire, err = t.ours.append(nil); err != nil {
		return nil, err
	}
	if err := t.ours.decode(t.wire); err != nil {
		return nil, err
	}
	if !t.hand.decode(t.wire) || !t.same.decode(t.wire) {
		return nil, errDecode
	}
	for _, hand := range []func([]byte) ([]byte, bool){t.hand.append, t.same.append} {
		if b, ok := hand(nil); !ok || !bytes.Equal(b, t.wire) {
			return nil, fmt.Errorf("%w: by hand %x, ours %x", errAppend, b, t.wire)
		}
	}
	return t, nil
}

func (t *stacks) decodeOurs(n int) error {
	for range n {
		if err := t.ours.decode(t.wire); err != nil {
			return err
		}
	}
	return nil
}

func (t *stacks) appendOurs(n int) error {
	for range n {
		b, err := t.ours.append(t.buf[:0])
		if err != nil || len(b) != len(t.wire) {
			return errors.Join(errAppend, err)
		}
	}
	return nil
}

// pairing is one case of a bench that measures nanoseconds.
type pairing struct {
	name          string
	ours, ceiling work
	goal          Goal
}

// run measures the cases one after the other.
func run(ctx context.Context, bench string, d time.Duration, cases []pairing) ([]Result, error) {
	var out []Result
	for _, c := range cases {
		s, allocs, err := nanoseconds(ctx, d/time.Duration(len(cases)), c.ours, c.ceiling)
		if err != nil {
			return out, fmt.Errorf("%s, %s: %w", bench, c.name, err)
		}
		r := s.result(bench, c.name, "ns/op")
		r.AllocsPerOp, r.Goal = &allocs, c.goal
		out = append(out, r)
	}
	return out, nil
}
