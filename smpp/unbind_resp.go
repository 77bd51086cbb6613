package smpp

import "github.com/otagate/otagate/internal/wire"

// UnbindResp answers unbind, after which the connection is closed (SMPP 3.4 section 4.2.2). It has no body.
type UnbindResp struct{}

// CommandID is unbind_resp.
func (p *UnbindResp) CommandID() CommandID { return CommandUnbindResp }

// Append appends nothing.
func (p *UnbindResp) Append(dst []byte) ([]byte, error) { return dst, nil }

// Decode fails unless b is empty.
func (p *UnbindResp) Decode(b []byte) error { return decode(p, b) }

func (p *UnbindResp) read(*wire.Cursor) {}
