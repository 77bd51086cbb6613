package udh

import (
	"slices"

	"github.com/otagate/otagate/internal/wire"
)

const proto = "udh"

// Header is a user data header. The zero value is one without elements.
type Header struct {
	Elements []Element
}

// Element is an information element.
type Element struct {
	ID   ID
	Data wire.Hex
}

// Decode fills h from b, one whole header with its UDHL. h borrows b; use Clone
// to keep it.
func (h *Header) Decode(b []byte) error {
	c := wire.NewCursor(proto, b)
	h.Read(&c)
	return c.End()
}

// Read fills h from the header at the front of what the cursor has.
func (h *Header) Read(c *wire.Cursor) {
	h.Elements = h.Elements[:0]
	l := c.Narrow(int(c.U8("UDHL")), "UDHL")
	for c.More() {
		h.Elements = append(h.Elements, readElement(c))
	}
	c.Leave(l)
}

func readElement(c *wire.Cursor) (e Element) {
	c.Group("IE")
	e.ID = ID(c.U8("IEI"))
	c.Hexadecimal()
	wire.Say(c, e.ID)
	e.Data = c.Bytes(int(c.U8("IEIDL")), "data")
	if c.Trace() != nil {
		c.Note(e.meaning())
	}
	c.EndGroup()
	return e
}

// Append appends h in wire form to dst.
func (h *Header) Append(dst []byte) ([]byte, error) {
	at := len(dst)
	dst = append(dst, 0)
	for i := range h.Elements {
		e := &h.Elements[i]
		if len(e.Data) > 0xff {
			return dst[:at], wire.Unencodable(proto, "data", wire.ErrTooLong)
		}
		dst = append(dst, byte(e.ID), byte(len(e.Data)))
		dst = append(dst, e.Data...)
	}
	if err := wire.PatchU8(dst, at, proto, "UDHL"); err != nil {
		return dst[:at], err
	}
	return dst, nil
}

// Clone returns a copy that borrows nothing.
func (h *Header) Clone() *Header {
	n := &Header{Elements: slices.Clone(h.Elements)}
	for i := range n.Elements {
		n.Elements[i].Data = slices.Clone(n.Elements[i].Data)
	}
	return n
}

// Len is the number of octets of h in wire form, UDHL included.
func (h *Header) Len() int {
	n := 1
	for i := range h.Elements {
		n += 2 + len(h.Elements[i].Data)
	}
	return n
}
