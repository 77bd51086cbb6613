package sim

import "bytes"

// Phone is where a short message ends, such as an [Agent]. It is called from
// several goroutines and must not block.
type Phone interface {
	// Receive takes a message, whose octets it may keep. False means that the
	// phone does not acknowledge it.
	Receive(m ShortMessage) bool
}

// ShortMessage is what a phone gets: user data the GSM way, with a header or
// with what stood in its stead in SMPP, or bearer data of IS-637.
type ShortMessage struct {
	From        string
	Teleservice uint16 // of IS-637, whose bearer data Octets then is; 0 is GSM
	UDHI        bool   // Octets begin with a user data header
	DataCoding  uint8
	Ports       *Ports // of GSM without a header
	SAR         *SAR   // of GSM without a header; nil for a whole datagram
	Octets      []byte
}

// Ports are the two ports of a WDP datagram.
type Ports struct{ Source, Destination uint16 }

// SAR is the place of a segment, as the sar TLVs of SMPP say it.
type SAR struct {
	Reference     uint16
	Total, Number uint8 // Number counts from 1
}

func (m ShortMessage) clone() ShortMessage {
	m.Octets = bytes.Clone(m.Octets)
	return m
}
