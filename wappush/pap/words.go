package pap

import "strings"

// Version is the version of the protocol, which the DOCTYPE names.
type Version uint8

// The versions. An answer has that of its request.
const (
	Version10 Version = iota
	Version20
)

// String is the version's number.
func (v Version) String() string { return word(versions[:], uint8(v)) }

var versions = [...]string{"1.0", "2.0"}

// ReplaceMethod says for whom a push replaces an earlier one.
type ReplaceMethod uint8

// The methods.
const (
	ReplaceAll        ReplaceMethod = iota // default
	ReplacePushedOnly                      // not where it was delivered already
)

// String is the word of the standard.
func (m ReplaceMethod) String() string { return word(replaceMethods[:], uint8(m)) }

var replaceMethods = [...]string{"all", "pushed-only"}

// Priority of a push.
type Priority uint8

// The priorities.
const (
	PriorityMedium Priority = iota // default
	PriorityHigh
	PriorityLow
)

// String is the word of the standard.
func (p Priority) String() string { return word(priorities[:], uint8(p)) }

var priorities = [...]string{"medium", "high", "low"}

// DeliveryMethod says whether the client has to confirm.
type DeliveryMethod uint8

// The methods.
const (
	DeliveryNotSpecified DeliveryMethod = iota // default
	DeliveryConfirmed
	DeliveryPreferConfirmed
	DeliveryUnconfirmed
)

// String is the word of the standard.
func (m DeliveryMethod) String() string { return word(deliveryMethods[:], uint8(m)) }

var deliveryMethods = [...]string{"notspecified", "confirmed", "preferconfirmed", "unconfirmed"}

// MessageState is how far a push has come. 0 is none.
type MessageState uint8

// The states.
const (
	StateRejected MessageState = iota + 1
	StatePending
	StateDelivered
	StateUndeliverable
	StateExpired
	StateAborted
	StateTimeout
	StateCancelled
	StateUnknown
)

// String is the word of the standard.
func (s MessageState) String() string { return word(states[:], uint8(s)) }

// Final tells whether no other state can follow.
func (s MessageState) Final() bool { return s != 0 && s != StatePending && s != StateUnknown }

var states = [...]string{"", "rejected", "pending", "delivered", "undeliverable", "expired", "aborted", "timeout", "cancelled", "unknown"}

// Network is the network that a push is for. Words beside these are kept.
type Network string

// The networks; one public source.
const (
	NetworkAny     Network = "Any"
	NetworkGSM     Network = "GSM"
	NetworkANSI136 Network = "ANSI-136"
	NetworkIS95    Network = "IS-95 CDMA"
	NetworkAMPS    Network = "AMPS"
	NetworkPDC     Network = "PDC"
	NetworkIDEN    Network = "IDEN"
	NetworkPaging  Network = "Paging network"
	NetworkPHS     Network = "PHS"
	NetworkTETRA   Network = "TETRA"
	NetworkMobitex Network = "Mobitex"
)

// Bearer is the bearer that a push is for. Words beside these are kept.
type Bearer string

// The bearers; one public source.
const (
	BearerAny        Bearer = "Any"
	BearerUSSD       Bearer = "USSD"
	BearerSMS        Bearer = "SMS"
	BearerGUTS       Bearer = "GUTS/R-Data"
	BearerCSD        Bearer = "CSD"
	BearerPacketData Bearer = "Packet Data"
	BearerGPRS       Bearer = "GPRS"
	BearerCDPD       Bearer = "CDPD"
	BearerFLEX       Bearer = "FLEX"
	BearerSDS        Bearer = "SDS"
	BearerReFLEX     Bearer = "ReFLEX"
	BearerMPAK       Bearer = "MPAK"
	BearerGHOST      Bearer = "GHOST/R_DATA"
)

// Is tells whether two bearers are the same; case does not matter.
func (b Bearer) Is(other Bearer) bool { return strings.EqualFold(string(b), string(other)) }

// word is a value of a list; beyond it there is none, which AppendXML refuses.
func word(list []string, n uint8) string {
	if int(n) < len(list) {
		return list[n]
	}
	return ""
}

// find is the place of a word in a list, in any case.
func find(list []string, s string) (n uint8, ok bool) {
	for i := range list {
		if list[i] != "" && strings.EqualFold(list[i], s) {
			return uint8(i), true
		}
	}
	return 0, false
}
