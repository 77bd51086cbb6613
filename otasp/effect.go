package otasp

import "time"

// EffectKind says what is to be done.
type EffectKind uint8

// The effects of a session.
const (
	Attach         EffectKind = iota + 1 // SMDPP, attach MSC to OTAF by TRN
	Resolve                              // ask the back-end for the order
	TakeMDN                              // the session's key becomes MDN, in this transaction, if the order is still open
	Relay                                // send Message to the handset
	AskAC                                // OTASPREQ with AC
	RecordNewMSID                        // SMDPP, record NEWMSID
	InitiateREGNOT                       // SMDPP, initiate RegistrationNotification
	ReleaseTRN                           // SMDPP, release TRN
	SetTimer                             // Expired is due at At
	Report                               // the session is over; Result is set
	Anomaly                              // unexpected input; Note is for people
)

var effectNames = [...]string{"", "attach", "resolve", "take mdn", "relay", "ask ac", "record NEWMSID", "initiate REGNOT", "release TRN", "set timer", "report", "anomaly"}

func (k EffectKind) String() string {
	if int(k) < len(effectNames) {
		return effectNames[k]
	}
	return "effect ?"
}

// Effect is what the session wants done. Req numbers the requests that are
// answered by an event.
type Effect struct {
	Kind    EffectKind
	Req     uint16
	Attempt uint8 // 0 for the first sending, so that a ladder can tell a repetition

	// Repeatable: the step needs not be durable before this is done, because a
	// restart that does not know of it may do it again without harm.
	Repeatable bool

	Message Octets
	AC      ACRequest
	MDN     string
	Query   Query
	At      time.Time
	Result  Result
	Note    string
}

// Query is what the back-end is asked by: whatever is known.
type Query struct {
	OrderName string
	MDN       string
	MIN       string
	ESN       uint32
	MEID      string
}

// ACAction is the ActionCode of an OTASPREQ.
type ACAction uint8

// The actions of the authentication centre (ActionCode values).
const (
	GenerateValues ACAction = 10 // public encryption values
	GenerateAKey   ACAction = 11
	SSDUpdate      ACAction = 12
	ReAuthenticate ACAction = 13
	CommitAKey     ACAction = 15
	ReleaseAKey    ACAction = 16
)

// ACRequest is what the authentication centre is asked. Fields that the action
// does not use are zero.
type ACRequest struct {
	Action   ACAction
	Versions []byte // A-key protocol versions the handset can do, preferred first
	MSKey    Octets
	NewMIN   string
	AuthR    uint32
	Count    uint8
	AuthData uint32
	Rand     uint32
}

// Outcome is how a session ended.
type Outcome uint8

// The outcomes.
const (
	Done         Outcome = iota + 1 // everything ordered is in the handset
	Partial                         // committed, but something was left out or a later step failed
	Unsuccessful                    // the handset was not changed, or the record says what is in doubt
)

func (o Outcome) String() string {
	switch o {
	case Done:
		return "done"
	case Partial:
		return "partial"
	case Unsuccessful:
		return "failed"
	}
	return "open"
}

// Result is the one outcome of a session.
type Result struct {
	Outcome   Outcome
	Reason    Reason
	Detail    string
	Committed bool
	Skipped   []Skipped
}

// Skipped names a part of the order that the handset did not get, and why.
type Skipped struct {
	Part string `json:"part"`
	Why  string `json:"why"`
}

// Reason is a stable word for the outcome.
type Reason string

// The reasons.
const (
	ReasonNone          Reason = "ok"
	ReasonSkipped       Reason = "parts-skipped"
	ReasonUnknownTRN    Reason = "unknown-trn"
	ReasonNoOrder       Reason = "no-order"
	ReasonBusy          Reason = "busy-mdn"
	ReasonOtherOrder    Reason = "order-mismatch"
	ReasonMSC           Reason = "msc-unreachable"
	ReasonHandsetMute   Reason = "handset-no-answer"
	ReasonHangUp        Reason = "hang-up"
	ReasonWrongSPC      Reason = "wrong-spc"
	ReasonLocked        Reason = "handset-locked"
	ReasonSPCInDoubt    Reason = "spc-in-doubt"
	ReasonRefused       Reason = "handset-refused"
	ReasonNotRepresent  Reason = "order-not-encodable"
	ReasonProtocol      Reason = "protocol-error"
	ReasonAC            Reason = "ac-failed"
	ReasonSSD           Reason = "ssd-update-failed"
	ReasonReAuth        Reason = "re-authentication-failed"
	ReasonCommitRefused Reason = "commit-refused"
	ReasonCommitInDoubt Reason = "commit-in-doubt"
	ReasonTimeout       Reason = "session-timeout"
	ReasonStopped       Reason = "stopped"
	ReasonCrash         Reason = "gateway-restarted"
	ReasonAfterCommit   Reason = "after-commit"
	ReasonBackEnd       Reason = "back-end-unreachable"
)
