package is637

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/otagate/otagate/internal/wire"
)

// Port is a port of WDP.
type Port uint16

// The ports of WAP push.
const (
	PortPush       Port = 2948 // connectionless
	PortPushSecure Port = 2949
	PortWSP        Port = 9200 // the usual source of a push
)

// wdpType is MSG_TYPE of WDP; there are others, for control messages.
const wdpType = 0

func (p Port) String() string {
	switch p {
	case PortPush:
		return "2948 push"
	case PortPushSecure:
		return "2949 push, secure"
	case PortWSP:
		return "9200 WSP"
	}
	return fmt.Sprint(uint16(p))
}

// WDP is one segment of a datagram of WAP (WAP-259), the user data of a message
// of TeleserviceWAP. Segments count from 0; the ports are in segment 0 only,
// source first, which is the reverse of GSM. All segments of a datagram have the
// same MessageID: a receiver puts them together by that and the originator.
//
//	8:MSG_TYPE=0 8:TOTAL_SEGMENTS 8:SEGMENT_NUMBER [16:SOURCE_PORT 16:DESTINATION_PORT] data
type WDP struct {
	Total       uint8    `json:"total_segments"` // at least 1
	Number      uint8    `json:"segment_number"` // less than Total
	Source      Port     `json:"source_port,omitempty"`
	Destination Port     `json:"destination_port,omitempty"`
	Data        wire.Hex `json:"data"`
}

// ReadWDP reads one segment, which borrows the cursor's octets.
func ReadWDP(c *wire.Cursor) (*WDP, error) {
	w := new(WDP)
	w.read(c)
	if err := c.End(); err != nil {
		return nil, err
	}
	return w, nil
}

// Decode fills w from b, the user data of one message, which Data borrows. Other
// messages than WDP are wire.ErrUnsupported.
func (w *WDP) Decode(b []byte) error {
	c := wire.NewCursor(proto, b)
	w.read(&c)
	return c.End()
}

func (w *WDP) read(c *wire.Cursor) {
	*w = WDP{}
	off := c.Off()
	if c.U8("MSG_TYPE") != wdpType {
		c.FailAt(off, "MSG_TYPE", wire.ErrUnsupported)
	}
	off = c.Off()
	if w.Total = c.U8("TOTAL_SEGMENTS"); w.Total == 0 {
		c.FailAt(off, "TOTAL_SEGMENTS", wire.ErrValue)
	}
	off = c.Off()
	if w.Number = c.U8("SEGMENT_NUMBER"); w.Number >= w.Total {
		c.FailAt(off, "SEGMENT_NUMBER", wire.ErrValue)
	}
	if w.Number == 0 {
		w.Source = wire.Say(c, Port(c.U16("SOURCE_PORT")))
		w.Destination = wire.Say(c, Port(c.U16("DESTINATION_PORT")))
	}
	w.Data = c.Rest("DATA")
	if len(w.Data) > 0 {
		c.Secret() // nobody looks into a part of a datagram, which may have keys in it
	}
}

// Append appends w in wire form to dst. It fails only if w cannot be
// represented.
func (w *WDP) Append(dst []byte) ([]byte, error) {
	switch {
	case w.Total == 0:
		return dst, wire.Unencodable(proto, "TOTAL_SEGMENTS", wire.ErrValue)
	case w.Number >= w.Total:
		return dst, wire.Unencodable(proto, "SEGMENT_NUMBER", wire.ErrValue)
	case w.Number > 0 && (w.Source != 0 || w.Destination != 0):
		return dst, wire.Unencodable(proto, "SOURCE_PORT", wire.ErrValue)
	}
	dst = append(dst, wdpType, w.Total, w.Number)
	if w.Number == 0 {
		dst = append(dst, byte(w.Source>>8), byte(w.Source), byte(w.Destination>>8), byte(w.Destination))
	}
	return append(dst, w.Data...), nil
}

// SkipRepeatedPorts takes a second copy of the ports off the data of segment 0,
// and tells whether there was one. Some carriers send it with pushes of device
// management; whoever receives from them calls this. Decode does not, since it
// would have to be sure that the data does not begin like that by itself. To the
// push port it cannot: the second octet of a push is 6 or 7, and no usual source
// port has that in its place. It is never to be sent.
func (w *WDP) SkipRepeatedPorts() bool {
	ports := []byte{byte(w.Source >> 8), byte(w.Source), byte(w.Destination >> 8), byte(w.Destination)}
	if w.Number != 0 || !bytes.HasPrefix(w.Data, ports) {
		return false
	}
	w.Data = w.Data[len(ports):]
	return true
}

// Clone returns a copy that borrows nothing.
func (w *WDP) Clone() *WDP {
	n := *w
	n.Data = slices.Clone(w.Data)
	return &n
}

// WDPOf is the segment in bearer data of a teleservice: in its user data, or
// for TeleserviceCTWAP in the user data of the bearer data in that. The segment
// borrows b, or owns its octets.
func WDPOf(t Teleservice, b *Bearer) (*WDP, error) {
	if t != TeleserviceWAP && t != TeleserviceCTWAP {
		return nil, wire.Unencodable(proto, "TELESERVICE_IDENTIFIER", wire.ErrUnsupported)
	}
	if t == TeleserviceCTWAP {
		inner, err := b.Nested()
		if err != nil {
			return nil, err
		}
		b = inner
	}
	if !b.UserData.OK {
		return nil, wire.Unencodable(proto, "user data", wire.ErrMissing)
	}
	w := new(WDP)
	if err := w.Decode(b.UserData.V.Octets); err != nil {
		return nil, err
	}
	return w, nil
}

// Nested is the bearer data in the user data of b, as TeleserviceCTWAP has it.
func (b *Bearer) Nested() (*Bearer, error) {
	if !b.UserData.OK {
		return nil, wire.Unencodable(proto, "user data", wire.ErrMissing)
	}
	inner := new(Bearer)
	if err := inner.Decode(b.UserData.V.Octets); err != nil {
		return nil, err
	}
	return inner, nil
}
