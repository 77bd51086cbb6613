package smpp

import "github.com/otagate/otagate/internal/wire"

// EnquireLink asks whether the peer is alive (SMPP 3.4 section 4.11.1). It has no body.
type EnquireLink struct{}

// CommandID is enquire_link.
func (p *EnquireLink) CommandID() CommandID { return CommandEnquireLink }

// Append appends nothing.
func (p *EnquireLink) Append(dst []byte) ([]byte, error) { return dst, nil }

// Decode fails unless b is empty.
func (p *EnquireLink) Decode(b []byte) error { return decode(p, b) }

func (p *EnquireLink) read(*wire.Cursor) {}
