package is637

import (
	"slices"

	"github.com/otagate/otagate/internal/wire"
)

// Message is a message of the transport layer. A point-to-point message must
// have a teleservice, a broadcast a service category, an acknowledgement its
// cause codes; all else is optional here. One with ReplyOption wants an
// acknowledgement with the same REPLY_SEQ.
//
//	8:SMS_MSG_TYPE {8:PARAMETER_ID 8:PARAMETER_LEN data}
type Message struct {
	Type                  TransportType             `json:"sms_msg_type"`
	Teleservice           Optional[Teleservice]     `json:"teleservice_identifier,omitzero"`
	ServiceCategory       Optional[ServiceCategory] `json:"service_category,omitzero"`
	OriginatingAddress    Optional[Address]         `json:"originating_address,omitzero"`
	OriginatingSubaddress Optional[Subaddress]      `json:"originating_subaddress,omitzero"`
	DestinationAddress    Optional[Address]         `json:"destination_address,omitzero"`
	DestinationSubaddress Optional[Subaddress]      `json:"destination_subaddress,omitzero"`
	ReplyOption           Optional[ReplySequence]   `json:"bearer_reply_option,omitzero"`
	CauseCodes            Optional[CauseCodes]      `json:"cause_codes,omitzero"`
	BearerData            Optional[wire.Hex]        `json:"bearer_data,omitzero"` // for Bearer.Decode
	Other                 []Parameter               `json:"other,omitempty"`
}

// Read reads one whole transport message, which borrows the cursor's octets.
func Read(c *wire.Cursor) (*Message, error) {
	m := new(Message)
	m.read(c)
	if err := c.End(); err != nil {
		return nil, err
	}
	return m, nil
}

// Decode fills m from b, one whole message. m borrows b; use Clone to keep it.
func (m *Message) Decode(b []byte) error {
	c := wire.NewCursor(proto, b)
	m.read(&c)
	return c.End()
}

// reset empties m and keeps the slices that reading fills.
func (m *Message) reset() {
	n := Message{Other: m.Other[:0]}
	n.OriginatingAddress.V.Digits = m.OriginatingAddress.V.Digits
	n.DestinationAddress.V.Digits = m.DestinationAddress.V.Digits
	*m = n
}

func (m *Message) read(c *wire.Cursor) {
	m.reset()
	m.Type = wire.Say(c, TransportType(c.U8("SMS_MSG_TYPE")))
	var seen uint
	for c.More() {
		id := wire.Say(c, ParameterID(c.U8("PARAMETER_ID")))
		r := c.Bits(int(c.U8("PARAMETER_LEN")), "PARAMETER_DATA")
		if seen&(1<<id) != 0 || id > ParamBearerData {
			m.Other = append(m.Other, Parameter{id, r.Rest("PARAMETER_DATA")})
		} else {
			m.parameter(id, &r)
		}
		seen |= 1 << id
		c.Adopt(r.End())
	}
	if field := m.missing(); field != "" {
		c.Fail(field, wire.ErrMissing)
	}
}

func (m *Message) parameter(id ParameterID, r *wire.Bits) {
	switch id {
	case ParamTeleservice:
		m.Teleservice = Some(wire.SayBits(r, Teleservice(r.U(16, "TELESERVICE_IDENTIFIER"))))
	case ParamServiceCategory:
		m.ServiceCategory = Some(ServiceCategory(r.U(16, "SERVICE_CATEGORY")))
	case ParamOriginatingAddress:
		m.OriginatingAddress.OK = true
		m.OriginatingAddress.V.read(r, false)
	case ParamOriginatingSubaddress:
		m.OriginatingSubaddress.OK = true
		m.OriginatingSubaddress.V.read(r)
	case ParamDestinationAddress:
		m.DestinationAddress.OK = true
		m.DestinationAddress.V.read(r, false)
	case ParamDestinationSubaddress:
		m.DestinationSubaddress.OK = true
		m.DestinationSubaddress.V.read(r)
	case ParamBearerReplyOption:
		m.ReplyOption = Some(readReplyOption(r))
	case ParamCauseCodes:
		m.CauseCodes.OK = true
		m.CauseCodes.V.read(r)
	case ParamBearerData:
		m.BearerData = Some(wire.Hex(r.Rest("BEARER_DATA")))
	}
}

// missing is the field without which a message of its type says nothing.
func (m *Message) missing() string {
	switch {
	case m.Type == PointToPoint && !m.Teleservice.OK:
		return "TELESERVICE_IDENTIFIER"
	case m.Type == Broadcast && !m.ServiceCategory.OK:
		return "SERVICE_CATEGORY"
	case m.Type == Acknowledge && !m.CauseCodes.OK:
		return "REPLY_SEQ"
	}
	return ""
}

// Append appends m in wire form to dst. It fails only if m cannot be
// represented.
func (m *Message) Append(dst []byte) ([]byte, error) {
	if field := m.missing(); field != "" {
		return dst, wire.Unencodable(proto, field, wire.ErrMissing)
	}
	w := writer{dst: append(dst, byte(m.Type))}
	put(&w, uint8(ParamTeleservice), m.Teleservice, appendU16)
	put(&w, uint8(ParamServiceCategory), m.ServiceCategory, appendU16)
	put(&w, uint8(ParamOriginatingAddress), m.OriginatingAddress, appendAddress)
	put(&w, uint8(ParamOriginatingSubaddress), m.OriginatingSubaddress, appendSubaddress)
	put(&w, uint8(ParamDestinationAddress), m.DestinationAddress, appendAddress)
	put(&w, uint8(ParamDestinationSubaddress), m.DestinationSubaddress, appendSubaddress)
	put(&w, uint8(ParamBearerReplyOption), m.ReplyOption, appendReplyOption)
	put(&w, uint8(ParamCauseCodes), m.CauseCodes, appendCauseCodes)
	put(&w, uint8(ParamBearerData), m.BearerData, appendHex)
	for i := range m.Other {
		put(&w, uint8(m.Other[i].ID), Some(m.Other[i].Data), appendHex)
	}
	return w.dst, w.err
}

// Clone returns a copy that borrows nothing.
func (m *Message) Clone() *Message {
	n := *m
	n.OriginatingAddress.V = m.OriginatingAddress.V.Clone()
	n.DestinationAddress.V = m.DestinationAddress.V.Clone()
	n.OriginatingSubaddress.V = m.OriginatingSubaddress.V.clone()
	n.DestinationSubaddress.V = m.DestinationSubaddress.V.clone()
	n.BearerData.V = slices.Clone(m.BearerData.V)
	n.Other = slices.Clone(m.Other)
	for i := range n.Other {
		n.Other[i].Data = slices.Clone(n.Other[i].Data)
	}
	return &n
}

// IsBearer tells bearer data from a transport message by its beginning, which
// is a message identifier. A point-to-point message that begins with its
// originating subaddress looks the same; none that we write does, since it
// begins with its teleservice.
func IsBearer(b []byte) bool {
	return len(b) >= 2 && b[0] == byte(SubMessageIdentifier) && b[1] == 3
}
