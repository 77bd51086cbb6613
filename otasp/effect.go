package otasp

import "time"

// EffectKind says what is to be done.
type EffectKind uint8

// The effects of a session.
const (
	Attach         EffectKind = iota + 1 // SMDPP, attach MSC to OTAF by TRN
	Resolve                              // ask the back-end for the order
	Locate                               // SMSREQ with ServiceIndicator OTAPA: where is the handset?
	AwaitHandset                         // from now on the session wants to hear SMSNOT about its subscriber; asked for again, it does no harm
	TakeMDN                              // the session's key becomes MDN, in this transaction, if the order is still open
	Relay                                // send Message to the handset
	AskAC                                // OTASPREQ with AC
	RecordNewMSID                        // SMDPP, record NEWMSID
	InitiateREGNOT                       // SMDPP, initiate RegistrationNotification
	ReleaseTRN                           // SMDPP, release TRN
	ReleaseChannel                       // SMDPP, release resources: the traffic channel of OTAPA
	SetTimer                             // Expired is due at At, and at no other time that was set before
	Invite                               // push the call-back URL to the handset, of use until At; asked for again, it does no harm
	OpenMMC                              // the document that opens the transaction and asks who the handset is
	WriteObjects                         // the document that writes Objects
	WritePRL                             // the document that writes Message, octets of the list at Offset of Total
	CommitMMC                            // the document that makes all that was written permanent
	Disconnect                           // the document that ends the conversation; nobody answers it
	Report                               // the session is over; Result is set
	Anomaly                              // unexpected input; Note is for people
)

var effectNames = [...]string{"", "attach", "resolve", "locate", "await handset", "take mdn", "relay", "ask ac", "record NEWMSID", "initiate REGNOT", "release TRN", "release channel", "set timer", "invite", "open mmc", "write objects", "write prl", "commit mmc", "disconnect", "report", "anomaly"}

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

	// Channel: the handset is idle, so that the message goes out with an order to
	// allocate a traffic channel (ActionCode 18).
	Channel bool

	// Again: the invitation is on its way already. Only who comes is to be let in.
	Again bool

	Message Octets
	Offset  uint32 // of Message in a list of Total octets, when it goes as an object
	Total   uint32
	Objects []Object // borrowed from the order
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
	AuthenticateBS ACAction = 19 // a signature over the challenge of an OTAPA Response
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
	RandBS   uint32
}

// Outcome is how a session ended.
type Outcome uint8

// The outcomes.
const (
	Done         Outcome = iota + 1 // everything ordered is in the handset; Result.Committed tells whether it had to be changed
	Partial                         // something is in the handset as ordered, but something was left out or a later step failed
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
	ReasonHLR           Reason = "hlr-unreachable"
	ReasonDenied        Reason = "denied"       // by the HLR
	ReasonAway          Reason = "handset-away" // it was waited for, and never came
	ReasonSPASM         Reason = "spasm-refused"
	ReasonNothingToDo   Reason = "nothing-to-do" // the handset has it all
	ReasonReadOut       Reason = "read-out"
	ReasonNotInvited    Reason = "not-invited" // the call-back URL did not reach the handset
	ReasonNoCallback    Reason = "no-callback" // it did, or may have, and the handset never came
	ReasonNotCarried    Reason = "not-carried" // the way has nothing for what is ordered
)
