package sms

import "strconv"

// Coding is what the octets of a payload are.
type Coding uint8

// The codings.
const (
	Octets Coding = iota // a datagram
	GSM7                 // the default alphabet of 23.038, one septet an octet
	UCS2                 // 16 bits a character, most significant octet first; UTF-16 in truth
	ASCII                // 7 bits, one character an octet
	Latin1               // ISO 8859-1
)

var codingNames = [...]string{"octets", "GSM 7 bit", "UCS2", "ASCII", "Latin-1"}

func (c Coding) String() string {
	if int(c) < len(codingNames) {
		return codingNames[c]
	}
	return "coding " + strconv.Itoa(int(c))
}

// Message is what somebody is to be sent, by whatever link.
type Message struct {
	Coding  Coding
	Payload []byte // a datagram, or characters as Coding has them

	// Source and Destination are the ports of a datagram; both 0: none.
	Source, Destination uint16
	// Reference is equal in all segments, and should change from message to
	// message. UDH8 takes its low octet.
	Reference uint16
}

func (m *Message) hasPorts() bool { return m.Source != 0 || m.Destination != 0 }
