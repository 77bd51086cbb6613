package ansi

import (
	"errors"

	"github.com/otagate/otagate/internal/ber"
	"github.com/otagate/otagate/internal/wire"
)

// Fault is what is wrong with a package that Decode refused, and what could be
// read of it. Abort is set when the transaction or the dialogue portion is at
// fault, Problem when it is a component.
type Fault struct {
	Type           PackageType
	HasOriginating bool
	Originating    TransactionID
	HasResponding  bool
	Responding     TransactionID
	Abort          PAbortCause
	Problem        Problem
	Component      ComponentType // the component at fault
	HasID          bool          // its first component id octet
	ID             uint8
}

// Diagnose reads as much of b as can be read and finds the first fault.
func Diagnose(b []byte) Fault {
	var f Fault
	c := wire.NewCursor(proto, b)
	tag, n := ber.Header(&c)
	if c.Err() != nil {
		f.Abort = AbortBadlyStructuredTransaction
		return f
	}
	o, r, known := false, false, false
	if tag <= 0xff {
		f.Type = PackageType(tag)
		o, r, known = f.Type.transactionIDs()
	}
	trailing := n < c.Len()
	l := c.Enter(n, "package")
	f.transactionIDs(&c, o, r, known)
	if trailing && f.Abort == 0 {
		f.Abort = AbortBadlyStructuredTransaction
	}
	if f.Abort == 0 && ber.Next(&c) == tagDialogue {
		var d Dialogue
		if d.read(&c); c.Err() != nil {
			f.Abort = AbortBadlyStructuredDialogue
		}
	}
	switch {
	case f.Abort != 0:
	case f.Type == Abort:
		var p Package
		if p.readAbort(&c); c.Err() != nil || c.More() {
			f.Abort = AbortBadlyStructuredTransaction
		}
	case c.More():
		f.components(&c)
	}
	c.Leave(l)
	return f
}

func (f *Fault) transactionIDs(c *wire.Cursor, o, r, known bool) {
	if !known {
		f.Abort = AbortUnrecognizedPackageType
	}
	ids := ber.Expect(c, tagTransactionID, "transaction id")
	n := c.Len()
	if !known {
		// Two ids: the first is the sender's. One may be either's.
		o, r = n == 8, n == 8
	}
	want := 0
	if o {
		want += 4
	}
	if r {
		want += 4
	}
	if c.Err() != nil || n != want {
		if f.Abort == 0 {
			f.Abort = AbortIncorrectTransaction
		}
		c.Fail("transaction id", wire.ErrLength)
		return
	}
	if o {
		f.HasOriginating, f.Originating = true, TransactionID(c.U32("originating transaction id"))
	}
	if r {
		f.HasResponding, f.Responding = true, TransactionID(c.U32("responding transaction id"))
	}
	c.Leave(ids)
}

func (f *Fault) components(c *wire.Cursor) {
	tag, n := ber.Header(c)
	if c.Err() != nil || tag != tagComponentSequence {
		f.Abort = AbortBadlyStructuredTransaction
		return
	}
	l := c.Enter(n, "component sequence")
	for c.More() {
		if f.component(c); f.Problem != 0 {
			return
		}
	}
	c.Leave(l)
	if c.More() {
		f.Abort = AbortBadlyStructuredTransaction
	}
}

func (f *Fault) component(c *wire.Cursor) {
	tag, n := ber.Header(c)
	v := c.Bytes(n, "component")
	if c.Err() != nil {
		f.Problem = BadlyStructuredComponent
		return
	}
	var k Component
	err := k.Decode(ber.AppendElement(nil, tag, v))
	if err == nil {
		return
	}
	f.Component = k.Type
	id := wire.NewCursor(proto, v)
	l := ber.Expect(&id, tagComponentID, "component id")
	if id.More() {
		f.HasID, f.ID = true, id.U8("invoke id")
	}
	_ = l
	switch {
	case tag > 0xff || !k.Type.known():
		f.Problem, f.Component = UnrecognizedComponentType, 0
	case errors.Is(err, wire.ErrMissing), errors.Is(err, wire.ErrValue):
		f.Problem = IncorrectComponentPortion
	default:
		f.Problem = BadlyStructuredComponent
	}
}

// Peek reads the type and the transaction ids of a package that may be cut
// short, such as what SCCP returned.
func Peek(b []byte) (t PackageType, originating, responding TransactionID, ok bool) {
	i := 2
	if len(b) > 1 && b[1] > 0x80 && b[1] <= 0x84 {
		i += int(b[1] & 0x7f)
	}
	if len(b) < i+2 || b[i] != byte(tagTransactionID) {
		return 0, 0, 0, false
	}
	t = PackageType(b[0])
	o, r, known := t.transactionIDs()
	c := wire.NewCursor(proto, b[i+1:])
	n := int(c.U8("length"))
	if o {
		originating = TransactionID(c.U32("originating transaction id"))
		n -= 4
	}
	if r {
		responding = TransactionID(c.U32("responding transaction id"))
		n -= 4
	}
	return t, originating, responding, known && n == 0 && c.Err() == nil
}
