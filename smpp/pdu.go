package smpp

import (
	"encoding/binary"

	"github.com/otagate/otagate/internal/wire"
)

const proto = "smpp"

// HeaderLen is the length of the header in octets.
const HeaderLen = 16

// Header is the header of every PDU (SMPP 3.4 section 3.2) without
// command_length, which follows from the body.
type Header struct {
	CommandID CommandID
	Status    Status
	Sequence  uint32
}

// Body is what follows the header.
type Body interface {
	// CommandID is the operation the body belongs to.
	CommandID() CommandID
	// Append appends the body in wire form. It fails only if the body cannot
	// be represented.
	Append(dst []byte) ([]byte, error)
	// Decode fills the body from b, which must be one whole body, and borrows b.
	Decode(b []byte) error

	read(c *wire.Cursor)
}

// Message is one whole message; the only kind is *PDU.
type Message interface {
	Append(dst []byte) ([]byte, error)
}

// PDU is a header and a body.
//
//	command_length   4 octets, header included
//	command_id       4
//	command_status   4, 0 in requests
//	sequence_number  4
//	body
//
// Body is nil when the PDU ends with the header and its operation would have
// mandatory fields: responses with an error status come so.
type PDU struct {
	Header
	Body Body
}

// Append appends p in wire form.
func (p *PDU) Append(dst []byte) ([]byte, error) { return AppendPDU(dst, p.Header, p.Body) }

// AppendPDU appends a whole PDU. h.CommandID may be zero when there is a body;
// a body of another operation is an error. On error dst keeps its length.
func AppendPDU(dst []byte, h Header, body Body) ([]byte, error) {
	if body != nil {
		id := body.CommandID()
		if h.CommandID != 0 && h.CommandID != id {
			return dst, wire.Unencodable(proto, "command_id", wire.ErrValue)
		}
		h.CommandID = id
	}
	start := len(dst)
	dst = appendHeader(dst, h)
	if body != nil {
		var err error
		if dst, err = body.Append(dst); err != nil {
			return dst[:start], err
		}
	}
	wire.PutU32(dst, start, uint32(len(dst)-start))
	return dst, nil
}

// appendHeader leaves command_length at HeaderLen, right for a PDU without body.
func appendHeader(dst []byte, h Header) []byte {
	dst = append(dst, 0, 0, 0, HeaderLen)
	dst = binary.BigEndian.AppendUint32(dst, uint32(h.CommandID))
	dst = binary.BigEndian.AppendUint32(dst, uint32(h.Status))
	return binary.BigEndian.AppendUint32(dst, h.Sequence)
}

// Read decodes one whole PDU from a cursor that may carry a trace.
func Read(c *wire.Cursor) (Message, error) {
	p := new(PDU)
	if err := p.read(c); err != nil {
		return nil, err
	}
	return p, nil
}

// DecodePDU decodes b, which must be one whole PDU. The result borrows b.
func DecodePDU(b []byte) (*PDU, error) {
	c := wire.NewCursor(proto, b)
	p := new(PDU)
	if err := p.read(&c); err != nil {
		return nil, err
	}
	return p, c.End()
}

func (p *PDU) read(c *wire.Cursor) error {
	at := c.Off()
	n := int(c.U32("command_length"))
	if c.Err() == nil && n < HeaderLen {
		c.FailAt(at, "command_length", wire.ErrLength)
	}
	l := c.Narrow(n-4, "command_length")
	p.CommandID = CommandID(c.U32("command_id"))
	c.Hexadecimal()
	wire.Say(c, p.CommandID)
	p.Status = Status(c.U32("command_status"))
	c.Hexadecimal()
	wire.Say(c, p.Status)
	p.Sequence = c.U32("sequence_number")
	p.Body = newBody(p.CommandID)
	switch {
	case !c.More() && p.CommandID.IsResponse() && mayLackBody(p.CommandID):
		p.Body = nil
	default:
		p.Body.read(c)
	}
	c.Leave(l)
	return c.Err()
}

// mayLackBody is true of the responses that lose their mandatory fields with
// an error status. Some peers leave them out of good responses as well.
func mayLackBody(id CommandID) bool {
	switch id {
	case CommandBindTransmitterResp, CommandBindReceiverResp, CommandBindTransceiverResp,
		CommandSubmitSMResp, CommandDeliverSMResp, CommandDataSMResp, CommandSubmitMultiResp, CommandQuerySMResp:
		return true
	}
	return false
}

// newBody is the dispatch table of the codec.
func newBody(id CommandID) Body {
	switch id {
	case CommandBindReceiver, CommandBindTransmitter, CommandBindTransceiver:
		return &Bind{Kind: id}
	case CommandBindReceiverResp, CommandBindTransmitterResp, CommandBindTransceiverResp:
		return &BindResp{Kind: id}
	case CommandSubmitSM:
		return new(SubmitSM)
	case CommandSubmitSMResp:
		return new(SubmitSMResp)
	case CommandDeliverSM:
		return new(DeliverSM)
	case CommandDeliverSMResp:
		return new(DeliverSMResp)
	case CommandDataSM:
		return new(DataSM)
	case CommandDataSMResp:
		return new(DataSMResp)
	case CommandUnbind:
		return new(Unbind)
	case CommandUnbindResp:
		return new(UnbindResp)
	case CommandEnquireLink:
		return new(EnquireLink)
	case CommandEnquireLinkResp:
		return new(EnquireLinkResp)
	case CommandGenericNack:
		return new(GenericNack)
	}
	return newRareBody(id)
}

// newRareBody is the part of the table that few messages come to.
func newRareBody(id CommandID) Body {
	switch id {
	case CommandSubmitMulti:
		return new(SubmitMulti)
	case CommandSubmitMultiResp:
		return new(SubmitMultiResp)
	case CommandQuerySM:
		return new(QuerySM)
	case CommandQuerySMResp:
		return new(QuerySMResp)
	case CommandCancelSM:
		return new(CancelSM)
	case CommandCancelSMResp:
		return new(CancelSMResp)
	case CommandReplaceSM:
		return new(ReplaceSM)
	case CommandReplaceSMResp:
		return new(ReplaceSMResp)
	case CommandOutbind:
		return new(Outbind)
	case CommandAlertNotification:
		return new(AlertNotification)
	}
	return &Opaque{ID: id}
}

// header reads the header of a PDU that is complete in b.
func header(b []byte) Header {
	return Header{
		CommandID: CommandID(binary.BigEndian.Uint32(b[4:])),
		Status:    Status(binary.BigEndian.Uint32(b[8:])),
		Sequence:  binary.BigEndian.Uint32(b[12:]),
	}
}

// bodyCursor reads a body with the offsets of its PDU.
func bodyCursor(b []byte) wire.Cursor { return wire.NewCursorAt(proto, b, HeaderLen, nil) }
