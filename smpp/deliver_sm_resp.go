package smpp

import "github.com/otagate/otagate/internal/wire"

// DeliverSMResp answers deliver_sm (SMPP 3.4 section 4.6.2).
//
//	message_id  C-octet string, not used: one NUL   M
//	TLVs        (5.0)                               O
type DeliverSMResp SubmitSMResp

// CommandID is deliver_sm_resp.
func (p *DeliverSMResp) CommandID() CommandID { return CommandDeliverSMResp }

// Clone copies what p borrows.
func (p *DeliverSMResp) Clone() *DeliverSMResp { return (*DeliverSMResp)((*SubmitSMResp)(p).Clone()) }

// Append appends the body.
func (p *DeliverSMResp) Append(dst []byte) ([]byte, error) { return (*SubmitSMResp)(p).Append(dst) }

// Decode fills p from a whole body and borrows b.
func (p *DeliverSMResp) Decode(b []byte) error { return (*SubmitSMResp)(p).Decode(b) }

func (p *DeliverSMResp) read(c *wire.Cursor) { (*SubmitSMResp)(p).read(c) }
