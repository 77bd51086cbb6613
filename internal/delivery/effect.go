package delivery

import "time"

// EffectKind says what is to be done.
type EffectKind uint8

// The effects of a delivery.
const (
	Hand      EffectKind = iota + 1 // put Part into the outbox as sending Sending, in this transaction
	Settle                          // the outbox row Row is done, in this transaction
	Correlate                       // receipts for MessageID are about Part, from this transaction on
	Locate                          // ask the HLR where the handset is, as request Req
	Await                           // Notified may come from this transaction on
	Withdraw                        // take sending Sending of Part back if no sender has it, then tell Withdrawn
	SetTimer                        // Expired is due at At
	Answer                          // the answer to the Cancel or Recall with this Ask: OK when that was done
	Report                          // the delivery is over; Result is set
	Anomaly                         // unexpected input; Note is for people
	Gather                          // it waits for its siblings from this transaction on: Alone, Join or Absorb is told
	GiveUp                          // that has lasted long enough
	Take                            // its siblings are to leave (Absorb), then Joined is told; perhaps some have
	Leave                           // the delivery is over without a report: a sibling goes for it
)

var effectNames = [...]string{"", "hand", "settle", "correlate", "locate", "await", "withdraw", "set timer", "answer", "report", "anomaly", "gather", "give up", "take", "leave"}

func (k EffectKind) String() string {
	if int(k) < len(effectNames) {
		return effectNames[k]
	}
	return "effect ?"
}

// Effect is what a delivery wants done.
type Effect struct {
	Kind      EffectKind
	Part      uint8
	Sending   uint16
	Row       int64
	MessageID string
	MSC       string // who is to take the part, of ByMSC
	Req       uint16
	Ask       uint64
	OK        bool
	Again     bool // of Withdraw: to begin again
	At        time.Time
	Result    Result
	Note      string
}

// Outcome is how a delivery ended.
type Outcome uint8

// The outcomes.
const (
	Done         Outcome = iota + 1 // delivered, or taken where nobody will say more
	Unsuccessful                    // the handset does not have the message
	Uncertain                       // nobody can say
)

var outcomeNames = [...]string{"open", "done", "failed", "unknown"}

func (o Outcome) String() string {
	if int(o) < len(outcomeNames) {
		return outcomeNames[o]
	}
	return "outcome ?"
}

// Reason is a stable word for an outcome.
type Reason string

// The reasons.
const (
	ReasonDelivered     Reason = "ok"            // the handset has it, as the bearer says
	ReasonAccepted      Reason = "accepted"      // the message centre has it, and was not asked for receipts
	ReasonExpired       Reason = "expired"       // its time was over
	ReasonUndeliverable Reason = "undeliverable" // an error for good
	ReasonAttempts      Reason = "attempts"      // too many temporary errors
	ReasonCancelled     Reason = "cancelled"
	ReasonInDoubt       Reason = "in-doubt"   // a part was sent, no answer came, and it must not be sent again
	ReasonNoReceipt     Reason = "no-receipt" // all parts were taken, and no receipt came
)

// Result is the one outcome of a delivery.
type Result struct {
	Outcome Outcome
	Reason  Reason
	Detail  string
}
