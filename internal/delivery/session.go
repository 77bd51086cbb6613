package delivery

import (
	"slices"
	"time"
)

// Bearer is who carries the parts.
type Bearer uint8

// The bearers.
const (
	ByCentre Bearer = iota + 1
	ByMSC
)

// Phase is where a delivery stands.
type Phase uint8

// The phases.
const (
	Idle      Phase = iota // before Start
	Scheduled              // not before NotBefore
	Locating               // the HLR was asked
	Away                   // the handset is away, and will be announced
	Sending                // a part is with the outbox or its sender
	Doubtful               // a part was sent and has no answer
	Pausing                // a temporary error
	Settling               // all parts are taken; receipts are awaited
	Ending                 // Result is known, and a part may still be with its sender
	Ended
	Gathering // it waits for its siblings
	Joining   // it goes for its siblings, which have not all left; with a Result it ends then
	numPhases = iota
)

var phaseNames = [...]string{"idle", "scheduled", "locating", "away", "sending", "doubtful", "pausing", "settling", "ending", "ended", "gathering", "joining"}

func (p Phase) String() string {
	if int(p) < len(phaseNames) {
		return phaseNames[p]
	}
	return "phase ?"
}

// PartState is what is known of a part.
type PartState uint8

// The states of a part.
const (
	Unsent   PartState = iota
	Sent               // handed out, no answer yet
	Accepted           // taken; what became of it is not known
	Delivered
	Undelivered
	Unknown
	numPartStates = iota
)

var partNames = [...]string{"unsent", "sent", "accepted", "delivered", "undelivered", "unknown"}

func (p PartState) String() string {
	if int(p) < len(partNames) {
		return partNames[p]
	}
	return "part ?"
}

// Part is one short message of the message.
type Part struct {
	State    PartState
	Sendings uint8 // how often it was handed out
	Doubt    bool  // a sending of it has no answer, and nothing since says that it was taken
}

// NewParts are n parts of which none was sent.
func NewParts(n int) []Part { return make([]Part, n) }

// Policy is how hard is tried. It is kept with the delivery, so that a change
// of the configuration does not change what was accepted.
type Policy struct {
	Receipts bool          // a receipt tells the end of a part; only of ByCentre
	Final    bool          // what is taken is delivered; only of ByCentre, without Receipts
	Resend   bool          // a part in doubt is sent again: the bearer or the handset recognises it
	Doubt    time.Duration // how long a receipt is waited for that settles a doubt
	Attempts uint8         // sendings of one part and questions to the HLR in a row, at most; 0 is 255
	Pause    time.Duration // before the first repetition; it doubles
	MaxPause time.Duration // 0 is none
	AskAgain time.Duration // after so long away the HLR is asked again; 0 is never
	Grace    time.Duration // after Validity, for the last receipts
}

// Session is one delivery.
type Session struct {
	Phase     Phase
	Bearer    Bearer
	Policy    Policy
	Parts     []Part
	NotBefore time.Time
	Validity  time.Time
	Wake      time.Time // when the phase is over; before Start: until when siblings are waited for

	Part       uint8  // the one being sent
	Sending    uint16 // number of the last sending
	Req        uint16 // number of the last question to the HLR
	Asked      uint8  // questions to the HLR since the last part was taken
	MSC        string // where the handset is
	Recoveries uint8
	Last       string // the last failure, for the record
	Result     Result // of Ending and Ended
}

// over tells whether the message has no use any more.
func (s *Session) over(at time.Time) bool { return !at.Before(s.Validity) }

// edit gives a part to be changed. States are shared with the step before, so
// that the parts are copied first.
func (s *Session) edit(part uint8) *Part {
	s.Parts = slices.Clone(s.Parts)
	return &s.Parts[part]
}

// inDoubt tells whether nobody can say of some part whether the handset has it.
func (s *Session) inDoubt() bool {
	return slices.ContainsFunc(s.Parts, func(p Part) bool { return p.Doubt || p.State == Unknown })
}

// pending is the number of parts for which a receipt may come.
func (s *Session) pending() (n int) {
	for _, p := range s.Parts {
		if p.State == Accepted {
			n++
		}
	}
	return n
}

// Sendings is how often anything was sent.
func (s *Session) Sendings() (n int) {
	for _, p := range s.Parts {
		n += int(p.Sendings)
	}
	return n
}
