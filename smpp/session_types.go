package smpp

import (
	"strconv"
	"time"
)

// Role is the side of a connection that a Session plays.
type Role uint8

// The two roles.
const (
	RoleServer Role = iota // message centre: is bound to, takes submit_sm
	RoleClient             // ESME: binds, takes deliver_sm
)

func (r Role) String() string { return [...]string{"server", "client"}[r&1] }

// State is a bind state (SMPP 3.4 section 2.2, SMPP 5.0 section 2.3).
type State uint8

// The bind states.
const (
	StateOpen     State = iota
	StateOutbound       // outbind was sent or received, and no bind stands yet
	StateBoundTX
	StateBoundRX
	StateBoundTRX
	StateUnbound
	StateClosed
)

// String is the standard's word.
func (s State) String() string {
	names := [...]string{"OPEN", "OUTBOUND", "BOUND_TX", "BOUND_RX", "BOUND_TRX", "UNBOUND", "CLOSED"}
	if int(s) < len(names) {
		return names[s]
	}
	return strconv.Itoa(int(s))
}

// Bound reports whether s is one of the three bound states.
func (s State) Bound() bool { return s >= StateBoundTX && s <= StateBoundTRX }

func boundState(bind CommandID) State {
	switch bind {
	case CommandBindTransmitter:
		return StateBoundTX
	case CommandBindReceiver:
		return StateBoundRX
	}
	return StateBoundTRX
}

// Timer is one of the four timers of SMPP 3.4 section 7.2.
type Timer uint8

// The timers.
const (
	TimerSessionInit Timer = iota // from the connection to the bind request, or to our bind after an outbind
	TimerEnquireLink              // silence of the peer after which it is asked
	TimerInactivity               // silence of the peer after which it is unbound
	TimerResponse                 // from our bind, enquire_link or unbind to the answer
	timers
)

func (t Timer) String() string {
	return [...]string{"session_init", "enquire_link", "inactivity", "response"}[t&3]
}

// Timers are the durations of the timers; one that is not positive never runs.
type Timers struct {
	SessionInit time.Duration
	EnquireLink time.Duration
	Inactivity  time.Duration
	Response    time.Duration
}

func (t *Timers) of(n Timer) time.Duration {
	return [...]time.Duration{t.SessionInit, t.EnquireLink, t.Inactivity, t.Response}[n&3]
}

// EventKind says what happened.
type EventKind uint8

// The events of a Session.
const (
	EventStart          EventKind = iota // the connection stands
	EventReceived                        // a PDU: Header, and Fault when its body is malformed
	EventTraffic                         // PDUs were received that the session need not judge (see Takes)
	EventBindVerdict                     // Verdict on what EffectAuthenticate handed out; after an outbind, Request is the bind to send
	EventRequest                         // the application wants to send Request, a bind, an outbind or an unbind
	EventTimer                           // Timer expired; Generation tells a late one
	EventFramingLost                     // command_length cannot be believed
	EventConnectionLost                  // the transport is gone
	EventFlushed                         // everything sent so far has left
	EventShutdown                        // the application wants the connection closed now
)

func (k EventKind) String() string {
	return [...]string{"start", "received", "traffic", "bind verdict", "request", "timer",
		"framing lost", "connection lost", "flushed", "shutdown"}[k]
}

// Event is one thing that happened. Sequence is an unused sequence number for
// a request that the step may have to send of its own.
type Event struct {
	Kind       EventKind
	At         time.Time
	Header     Header
	Fault      Status
	Verdict    Status
	Request    CommandID
	Sequence   uint32
	Timer      Timer
	Generation uint32
}

// EffectKind says what the driver has to do.
type EffectKind uint8

// The effects of a Session.
const (
	EffectSend         EffectKind = iota // send Header; the driver adds the body of a bind, an outbind and a good bind response
	EffectAuthenticate                   // judge the bind or outbind Header, then post EventBindVerdict
	EffectDeliver                        // hand the request Header to the application
	EffectComplete                       // Header answers a request of the application
	EffectBound                          // the bind stands
	EffectUnbound                        // the bind has ended, because of Reason
	EffectStartTimer                     // start Timer with After and Generation
	EffectStopTimer                      // stop Timer
	EffectAnomaly                        // count Reason
	EffectClose                          // let what was sent leave, then close the connection, because of Reason
)

// Effect is one thing to do, in order.
type Effect struct {
	Kind       EffectKind
	Header     Header
	Timer      Timer
	After      time.Duration
	Generation uint32
	Reason     Reason
}
