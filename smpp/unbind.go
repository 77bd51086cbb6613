package smpp

import "github.com/otagate/otagate/internal/wire"

// Unbind ends a bind; either side may send it (SMPP 3.4 section 4.2.1). It has no body.
type Unbind struct{}

// CommandID is unbind.
func (p *Unbind) CommandID() CommandID { return CommandUnbind }

// Append appends nothing.
func (p *Unbind) Append(dst []byte) ([]byte, error) { return dst, nil }

// Decode fails unless b is empty.
func (p *Unbind) Decode(b []byte) error { return decode(p, b) }

func (p *Unbind) read(*wire.Cursor) {}
