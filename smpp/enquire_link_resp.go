package smpp

import "github.com/otagate/otagate/internal/wire"

// EnquireLinkResp says that it is (SMPP 3.4 section 4.11.2). It has no body.
type EnquireLinkResp struct{}

// CommandID is enquire_link_resp.
func (p *EnquireLinkResp) CommandID() CommandID { return CommandEnquireLinkResp }

// Append appends nothing.
func (p *EnquireLinkResp) Append(dst []byte) ([]byte, error) { return dst, nil }

// Decode fails unless b is empty.
func (p *EnquireLinkResp) Decode(b []byte) error { return decode(p, b) }

func (p *EnquireLinkResp) read(*wire.Cursor) {}
