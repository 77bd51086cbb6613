package m3ua

import "fmt"

// EventKind is what happened to a machine.
type EventKind uint8

// The events. Which of them a machine takes stands with its Step.
const (
	CommUp          EventKind = iota // the association is there
	CommLost                         // it is gone
	ReceivedMessage                  // Type arrived; Code is set when its contents were found wrong
	AckTimeout                       // T(ack) ran out
	BeatTimeout                      // time for the next BEAT
	Activate                         // our owner wants traffic
	Deactivate                       // our owner wants to stand by
	Stop                             // our owner wants to leave
	Overridden                       // another ASP took over the ASs of Set
	ASPIsUp                          // an ASP of the AS became ASP-INACTIVE
	ASPIsDown                        // it became ASP-DOWN; WasActive says from where
	ASPIsActive                      // it became ASP-ACTIVE
	ASPIsInactive                    // it went from ASP-ACTIVE to ASP-INACTIVE
	RecoveryTimeout                  // T(r) ran out
)

var eventNames = [...]string{"communication up", "communication lost", "received", "T(ack) expired", "T(beat) expired",
	"activate", "deactivate", "stop", "overridden", "ASP up", "ASP down", "ASP active", "ASP inactive", "T(r) expired"}

func (k EventKind) String() string {
	if int(k) < len(eventNames) {
		return eventNames[k]
	}
	return fmt.Sprintf("event %d", uint8(k))
}

// Event is one input of a machine. Only the fields of its kind are used.
type Event struct {
	Kind      EventKind
	Type      Type      // ReceivedMessage
	Code      ErrorCode // ReceivedMessage: the contents are wrong; or the code of an ERR
	Status    Status    // ReceivedMessage NTFY
	Refused   bool      // ReceivedMessage REG RSP: not every key is registered
	Set       uint64    // the ASs concerned, one bit each
	Gen       uint32    // timers: an expiry of an older generation is stale
	ASP       uint64    // AS: which ASP
	WasActive bool      // ASPIsDown
}

// EffectKind is what a machine wants done.
type EffectKind uint8

// The effects.
const (
	Send          EffectKind = iota // send a message of Type, for the ASs of Set
	SendError                       // send ERR with Code
	Deliver                         // hand the message received to its user
	StartTimer                      // start or restart Timer with generation Gen
	StopTimer                       // stop Timer
	StateChanged                    // State is new
	Close                           // close the association
	Anomaly                         // count and log Reason
	Notified                        // NTFY with Status, or ERR with Code, came from the peer
	MemberUp                        // SGP: tell the ASs that this ASP is up
	MemberDown                      // SGP: it is down; Set was active
	MemberActive                    // SGP: it is active in Set
	MemberStandby                   // SGP: it is no longer active in Set
	NotifyAll                       // AS: send NTFY Status, which may be about ASP, to all its ASPs that are up
	NotifyOne                       // AS: to ASP only
	NotifyStandby                   // AS: to its inactive ASPs
	TakeOver                        // AS: ASP is overridden
	Available                       // AS: its point codes can be reached
	Unavailable                     // AS: they cannot
	Flush                           // AS: send what was queued
	Discard                         // AS: drop what was queued
	PeerChanged                     // IPSP: State is that of the peer at us
)

var effectNames = [...]string{"send", "send ERR", "deliver", "start", "stop", "state", "close", "anomaly", "notified",
	"member up", "member down", "member active", "member standby", "notify all", "notify one", "notify standby",
	"take over from", "available", "unavailable", "flush", "discard", "peer"}

// Timer names a timer of a machine.
type Timer uint8

// The timers.
const (
	TimerAck Timer = iota
	TimerBeat
	TimerRecovery
)

func (t Timer) String() string {
	return [...]string{"T(ack)", "T(beat)", "T(r)"}[t%3]
}

// Effect is one output of a machine. Only the fields of its kind are used.
type Effect struct {
	Kind   EffectKind
	Type   Type
	Code   ErrorCode
	Status Status
	Set    uint64
	Timer  Timer
	Gen    uint32
	ASP    uint64
	State  ASPState
	Reason string
}

func (e Effect) String() string {
	name := effectNames[int(e.Kind)%len(effectNames)]
	switch e.Kind {
	case Send:
		return name + " " + e.Type.String() + setString(e.Set)
	case SendError:
		return name + " " + e.Code.String()
	case StartTimer, StopTimer:
		return name + " " + e.Timer.String()
	case StateChanged, PeerChanged:
		return name + " " + e.State.String()
	case Anomaly:
		return name + ": " + e.Reason
	case Notified, NotifyAll, NotifyStandby:
		if e.Code != 0 {
			return name + " ERR " + e.Code.String()
		}
		return name + " " + e.Status.String()
	case NotifyOne:
		return fmt.Sprintf("%s (%d) %v", name, e.ASP, e.Status)
	case TakeOver:
		return fmt.Sprintf("%s (%d)", name, e.ASP)
	}
	return name + setString(e.Set)
}

func setString(set uint64) string {
	if set == 0 {
		return ""
	}
	return fmt.Sprintf(" {%b}", set)
}
