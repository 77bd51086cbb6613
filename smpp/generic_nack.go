package smpp

import "github.com/otagate/otagate/internal/wire"

// GenericNack refuses a PDU that cannot be answered by its own response (SMPP 3.4 section 4.3.1). It has no body.
type GenericNack struct{}

// CommandID is generic_nack.
func (p *GenericNack) CommandID() CommandID { return CommandGenericNack }

// Append appends nothing.
func (p *GenericNack) Append(dst []byte) ([]byte, error) { return dst, nil }

// Decode fails unless b is empty.
func (p *GenericNack) Decode(b []byte) error { return decode(p, b) }

func (p *GenericNack) read(*wire.Cursor) {}
