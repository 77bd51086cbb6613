package tpdu

import "fmt"

// Status is TP-Status of an SMS-STATUS-REPORT (9.2.3.15).
type Status uint8

// Outcome is what a status comes to.
type Outcome uint8

// The outcomes.
const (
	Done      Outcome = iota // the message is where it should be
	Trying                   // the service centre goes on trying
	Permanent                // it has failed
	GaveUp                   // for a temporary reason, but the service centre tries no more
	Unknown                  // reserved
)

// Outcome is the group that s is of.
func (s Status) Outcome() Outcome {
	if s >= 0x80 {
		return Unknown
	}
	return Outcome(s >> 5)
}

var statusNames = [...]string{
	0x00: "received by the SME", 0x01: "forwarded, delivery unconfirmed", 0x02: "replaced by the SC",
	0x20: "congestion", 0x21: "SME busy", 0x22: "no response from SME", 0x23: "service rejected", 0x24: "quality of service not available", 0x25: "error in SME",
	0x40: "remote procedure error", 0x41: "incompatible destination", 0x42: "connection rejected by SME", 0x43: "not obtainable",
	0x44: "quality of service not available", 0x45: "no interworking available", 0x46: "validity period expired",
	0x47: "deleted by originating SME", 0x48: "deleted by SC administration", 0x49: "message does not exist",
	0x60: "congestion", 0x61: "SME busy", 0x62: "no response from SME", 0x63: "service rejected", 0x64: "quality of service not available", 0x65: "error in SME",
}

func (s Status) String() string {
	group := [...]string{"done", "still trying", "failed", "gave up", "reserved"}[s.Outcome()]
	if int(s) < len(statusNames) && statusNames[s] != "" {
		return group + ": " + statusNames[s]
	}
	return fmt.Sprintf("%s: status %#02x", group, uint8(s))
}
