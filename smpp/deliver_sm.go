package smpp

import "github.com/otagate/otagate/internal/wire"

// DeliverSM carries a message or a delivery receipt from the message centre to
// an ESME (SMPP 3.4 section 4.6.1). Its fields are those of submit_sm;
// schedule_delivery_time, validity_period, replace_if_present_flag and
// sm_default_msg_id are not used and should be empty or zero.
type DeliverSM SubmitSM

// CommandID is deliver_sm.
func (p *DeliverSM) CommandID() CommandID { return CommandDeliverSM }

// Clone copies what p borrows.
func (p *DeliverSM) Clone() *DeliverSM { return (*DeliverSM)((*SubmitSM)(p).Clone()) }

// Append appends the body.
func (p *DeliverSM) Append(dst []byte) ([]byte, error) { return (*SubmitSM)(p).Append(dst) }

// Decode fills p from a whole body and borrows b.
func (p *DeliverSM) Decode(b []byte) error { return (*SubmitSM)(p).Decode(b) }

func (p *DeliverSM) read(c *wire.Cursor) { (*SubmitSM)(p).read(c) }
