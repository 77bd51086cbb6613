package otasp

import (
	"fmt"
	"time"
)

// EventKind says what happened.
type EventKind uint8

// The events of a session.
const (
	Start        EventKind = iota + 1 // a trigger was accepted; Trigger is set
	Attached                          // the MSC answered the attach; Terminal is set
	Resolved                          // the back-end answered; Order is set, or nil when there is none
	Located                           // the HLR knows where the handset is: at MSC; Terminal holds what it told, or is nil
	Postponed                         // the HLR, or the MSC asked for the traffic channel, says that the handset is away for now
	HandsetBack                       // SMSNOT: it can be reached, at MSC; when that is empty, the HLR is asked
	Reverse                           // the handset answered; Message holds the IS-683 octets
	ACAnswer                          // the authentication centre answered; AC is set
	MSCDone                           // the MSC carried out a release, NEWMSID, REGNOT or channel request
	CalledBack                        // the handset asked for its call-back URL; Terminal holds what is surely known of it, or is nil
	Opened                            // the handset opened a transaction of MMC; Profile is set
	MMCDone                           // it reported about a document, or was given one that it does not report about; Rejected may be set. Of an invitation: it is on its way, and on the disk
	Failed                            // the request could not be carried out; Failure is set
	Refused                           // the MDN just learned already has a live session
	OrderChanged                      // the order just found is done, or another one has taken its place
	Expired                           // the session's own time is over
	Recovered                         // the gateway was restarted with this session alive
	Stop                              // an operator or the IVR ends the session
	numEvents    = iota + 1
)

var eventNames = [...]string{"", "start", "attached", "resolved", "located", "postponed", "handset back", "reverse", "ac answer", "msc done", "called back", "opened", "mmc done", "failed", "refused", "order changed", "expired", "recovered", "stop"}

func (k EventKind) String() string {
	if int(k) < len(eventNames) {
		return eventNames[k]
	}
	return "event ?"
}

// Event is what a session is told. Req is the number of the request that the
// event answers; an answer to any other request is out of date. HandsetBack and
// CalledBack answer none.
type Event struct {
	Kind     EventKind
	At       time.Time
	Req      uint16
	Trigger  *Trigger
	Terminal *Terminal
	MSC      string // by its configured name
	Order    *Order
	Message  Octets // borrowed
	AC       *ACResult
	Profile  *Profile
	Rejected []Rejection
	Failure  Failure
}

// Octets are a message, which may carry a code, or a key value. Printed, they tell
// only how many they are.
type Octets []byte

// Format hides the octets from every verb.
func (o Octets) Format(f fmt.State, _ rune) { fmt.Fprintf(f, "%d octets", len(o)) }

// StartKind says who began.
type StartKind uint8

// The kinds of start.
const (
	ByUser     StartKind = iota // OTASP: a call to the customer service centre, attached by its TRN
	ByNetwork                   // OTAPA: the handset is idle; it has no TRN, and the MDN is known
	ByCallback                  // IOTA: the handset is sent a URL, which it calls back; with a TRN the call is attached first, to learn the ESN
	ByHandset                   // IOTA: the handset came by itself ("one button"); its ESN or MEID is known
	numStarts  = iota
)

func (k StartKind) String() string {
	switch k {
	case ByUser:
		return "user"
	case ByNetwork:
		return "network"
	case ByCallback:
		return "callback"
	case ByHandset:
		return "handset"
	}
	return "start ?"
}

// Trigger is what started the session.
type Trigger struct {
	Start         StartKind
	Ways          []StartKind // what is tried, in this order, when Start has failed: ByNetwork and ByCallback only; maxWays at most
	TRN           string      // ten digits; empty ByNetwork and ByHandset, optional ByCallback
	MSC           string      // the MSC that owns the TRN, by its configured name; ByNetwork the one that was located
	MDN           string      // empty when the caller is not known yet; never ByNetwork, nor ByCallback without a TRN
	OldMDN        string      // what the handset has until now, when that is another; told by IOTA only
	MIN           string      // the MIN the handset holds now, as the trigger says; may be empty
	ESN           uint32      // the handset, when the trigger says: no other is programmed; ByHandset this or MEID
	MEID          string      // as above, 14 hexadecimal digits
	OrderName     string      // empty unless the trigger names the order
	PRL           string      // PR_LIST_ID that the caller expects to get; empty when he does not say
	ActivationMIN string
	Rand          uint32 // for re-authentication: randomness comes in from outside
	Options       Options
}

// Options are the choices of a path or an operator, not of the protocol.
type Options struct {
	SegmentSize  uint8         // octets of PRL in one SSPR Download; 0 means 180
	Repeats      uint8         // how often an unanswered, repeatable request is sent again
	SessionTime  time.Duration // the whole session, ByNetwork from when the handset is located, ByCallback from when it came; 0 means 15 minutes
	AwayTime     time.Duration // how long a handset that is away is waited for at most; 0 means 72 hours
	AskAgain     time.Duration // while it is away the HLR is asked again at this interval, as its SMSNOT may be lost; 0 means 6 hours
	SkipSame     bool          // leave out what the handset has already; ByNetwork always
	SPCLowFirst  bool          // first digit of an SPC in the low nibble
	AKeyVersions []byte        // AKeyProtocolVersion values offered; empty means 2
	CallbackTime time.Duration // how long a handset that was invited is waited for; 0 means 72 hours
	IdleTime     time.Duration // how long a handset takes at most with one document; 0 means 2 minutes
	ChunkSize    uint16        // octets of PRL in one document when it goes as an object; 0 means 1024
	ListAsObject bool          // IOTA: the PRL goes as an object of MMC, not by SSPR Download
	OTAPAInMMC   bool          // ByCallback: IS-683 begins with OTAPA Request start and ends with stop
}

// Terminal is what the MSC tells about the handset.
type Terminal struct {
	ESN          uint32
	MEID         string // 14 hexadecimal digits, or empty
	MIN          string // the MIN the handset holds now, or empty
	IMSI         string
	SystemID     uint16 // MSCID: market
	Switch       uint8
	Capabilities uint8 // SystemCapabilities, octet 1
}

// ACResult is an answer of the authentication centre (OTASPREQ).
type ACResult struct {
	Result      uint8 // OTASP_ResultCode, 0 = accepted
	HasResult   bool
	AKeyVersion uint8 // AKeyProtocolVersion it chose; 0 when it does not say
	Modulus     Octets
	Primitive   Octets
	BSKey       Octets
	SSDUpdate   uint8 // SSDUpdateReport, 3 = successful
	UniqueChall uint8 // UniqueChallengeReport, 3 = successful
	DenyAccess  uint8
	AuthBS      uint32 // AUTHBS, 18 bits; 0 stands for none, as the parameter is optional
}

// FailureClass says why a request was not carried out.
type FailureClass uint8

// The classes of failure.
const (
	NoAnswer     FailureClass = iota + 1 // timer ran out: the peer may or may not have acted
	NotReached                           // the network returned it, or it never left
	PeerRefused                          // an error, reject or abort from the peer
	UnknownTRN                           // the MSC does not know the TRN
	HandsetGone                          // the call ended, or the conversation over MMC: a report "error", an empty one, none
	HandsetMute                          // the MSC got no answer from the handset
	StoreTrouble                         // the back-end could not be asked
)

// Failure tells why a request was not carried out. Detail is for people and
// holds no secrets.
type Failure struct {
	Class  FailureClass
	Detail string
}
