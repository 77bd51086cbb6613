package smpp

import (
	"bytes"

	"github.com/otagate/otagate/internal/wire"
)

// Opaque is the body of an operation this package does not decode.
type Opaque struct {
	ID     CommandID `json:"-"`
	Octets []byte    `json:"octets"`
}

// CommandID is the operation's number.
func (p *Opaque) CommandID() CommandID { return p.ID }

// Append appends the octets.
func (p *Opaque) Append(dst []byte) ([]byte, error) { return append(dst, p.Octets...), nil }

// Decode borrows b.
func (p *Opaque) Decode(b []byte) error { return decode(p, b) }

// Clone copies what p borrows.
func (p *Opaque) Clone() *Opaque { return &Opaque{ID: p.ID, Octets: bytes.Clone(p.Octets)} }

func (p *Opaque) read(c *wire.Cursor) {
	p.Octets = c.Rest("body")
	c.Note("not decoded")
}

// decode is Decode for the bodies whose speed does not matter.
func decode(p Body, b []byte) error {
	c := bodyCursor(b)
	p.read(&c)
	return c.End()
}
