package m3ua

// ASPState is the state of an ASP (RFC 4666 §4.3.1).
type ASPState uint8

// The states of an ASP.
const (
	StateDown ASPState = iota
	StateInactive
	StateActive
)

func (s ASPState) String() string {
	return [...]string{"ASP-DOWN", "ASP-INACTIVE", "ASP-ACTIVE"}[s%3]
}

// ASP is our own state at one SGP. The zero value has no association and wants
// to be active as soon as there is one, without limits; set the fields at the
// end before the first Step.
type ASP struct {
	State     ASPState
	Connected bool
	Standby   bool // the owner wants ASP-INACTIVE
	Leaving   bool // the owner wants ASP-DOWN and the end of the association
	// Registered: the SGP has the routing keys that Register speaks of.
	Registered bool
	Await      Type // the message whose ack T(ack) watches, 0 for none
	Tries      uint8
	Beats      uint8 // BEAT sent since the peer was last heard
	AckGen     uint32
	BeatGen    uint32
	Peer       ASPState // double exchange: the state of the peer at us
	Yielded    bool     // single exchange: the peer has taken the state back

	MaxTries uint8 // times a message is sent before the association is given up, 0 is forever
	MaxBeats uint8 // BEAT unanswered before that, 0 sends none
	Register bool  // routing keys are to be registered before ASPAC (RFC 4666 §4.4)
	Exchange Exchange
	Waits    bool // single exchange: the peer begins
}

// Why a machine gives an association up although the transport still stands.
const (
	whyBeat    = "heartbeat lost"
	whyNoAck   = "no ack"
	whyLeaving = "leaving"
)

// Step is the ASP state machine of RFC 4666 figure 3, the ASP's side, and with
// an Exchange that of an IPSP. It has no clock, I/O, goroutine, lock or log. It takes CommUp, CommLost, Activate,
// Deactivate, Stop, AckTimeout, BeatTimeout and ReceivedMessage.
func (s ASP) Step(ev Event, out []Effect) (ASP, []Effect) {
	switch ev.Kind {
	case CommUp:
		return s.commUp(out)
	case CommLost:
		return s.commLost(out)
	case Activate:
		s.Standby, s.Yielded = false, false
		return s.advance(out)
	case Deactivate:
		s.Standby = true
		return s.advance(out)
	case Stop:
		if !s.Connected || s.Leaving && s.Await != 0 {
			return s, out
		}
		out = s.forget(out)
		s.Leaving, s.Await = true, 0
		return s.advance(out)
	case AckTimeout:
		return s.ackTimeout(ev, out)
	case BeatTimeout:
		return s.beatTimeout(ev, out)
	case ReceivedMessage:
		if s.Connected {
			s.Beats = 0
			return s.received(ev, out)
		}
	}
	return s, append(out, Effect{Kind: Anomaly, Reason: "event that this state does not know"})
}

func (s ASP) commUp(out []Effect) (ASP, []Effect) {
	if s.Connected {
		return s, append(out, Effect{Kind: Anomaly, Reason: "association came up twice"})
	}
	s.Connected, s.Beats = true, 0
	if s.MaxBeats > 0 {
		s.BeatGen++
		out = append(out, Effect{Kind: StartTimer, Timer: TimerBeat, Gen: s.BeatGen})
	}
	return s.advance(out)
}

func (s ASP) commLost(out []Effect) (ASP, []Effect) {
	if !s.Connected {
		return s, out
	}
	out = s.forget(out)
	s.Connected, s.Leaving, s.Registered, s.Yielded, s.Await = false, false, false, false, 0
	s.BeatGen++
	out = append(out, Effect{Kind: StopTimer, Timer: TimerBeat})
	s, out = s.peerBecomes(StateDown, out)
	return s.become(StateDown, out)
}

// advance takes the next step towards what the owner wants, unless an ack is
// still awaited.
func (s ASP) advance(out []Effect) (ASP, []Effect) {
	switch {
	case !s.Connected || s.Await != 0:
		return s, out
	case s.Leaving && s.State == StateDown:
		return s, append(out, Effect{Kind: Close, Reason: whyLeaving})
	case s.Leaving && s.Registered && s.State == StateActive:
		// Keys whose ASP is active cannot be deregistered (§3.6.4).
		return s.ask(TypeASPInactive, out)
	case s.Leaving && s.Registered:
		return s.ask(TypeDeregistrationRequest, out)
	case s.Leaving:
		return s.ask(TypeASPDown, out)
	case s.waits() && s.State != StateActive:
		return s, out
	case s.State == StateDown:
		return s.ask(TypeASPUp, out)
	case s.State == StateInactive && s.Register && !s.Registered:
		return s.ask(TypeRegistrationRequest, out)
	case s.State == StateInactive && !s.Standby:
		return s.ask(TypeASPActive, out)
	case s.State == StateActive && s.Standby:
		return s.ask(TypeASPInactive, out)
	}
	return s, out
}

func (s ASP) ask(t Type, out []Effect) (ASP, []Effect) {
	s.Await, s.Tries = t, 1
	return s.sendAwaited(out)
}

func (s ASP) sendAwaited(out []Effect) (ASP, []Effect) {
	s.AckGen++
	return s, append(out, Effect{Kind: Send, Type: s.Await}, Effect{Kind: StartTimer, Timer: TimerAck, Gen: s.AckGen})
}

// forget stops T(ack) when it runs.
func (s *ASP) forget(out []Effect) []Effect {
	if s.Await == 0 {
		return out
	}
	s.AckGen++
	return append(out, Effect{Kind: StopTimer, Timer: TimerAck})
}

func (s ASP) become(state ASPState, out []Effect) (ASP, []Effect) {
	if s.State == state {
		return s, out
	}
	s.State = state
	return s, append(out, Effect{Kind: StateChanged, State: state})
}

func (s ASP) ackTimeout(ev Event, out []Effect) (ASP, []Effect) {
	switch {
	case s.Await == 0 || ev.Gen != s.AckGen:
		return s, out
	case s.Leaving: // an ack that does not come is not waited for
		return s, append(out, Effect{Kind: Close, Reason: whyLeaving})
	case s.MaxTries > 0 && s.Tries >= s.MaxTries:
		return s, append(out, Effect{Kind: Close, Reason: whyNoAck})
	}
	s.Tries++
	return s.sendAwaited(out)
}

func (s ASP) beatTimeout(ev Event, out []Effect) (ASP, []Effect) {
	if !s.Connected || ev.Gen != s.BeatGen {
		return s, out
	}
	if s.Beats >= s.MaxBeats {
		return s, append(out, Effect{Kind: Close, Reason: whyBeat})
	}
	// In ASP-DOWN the SGP need not answer anything but ASPUP, and T(ack) watches.
	// Only BEAT watches an IPSP that is to begin (§4.3.4.6).
	if s.State != StateDown || s.waits() {
		s.Beats++
		out = append(out, Effect{Kind: Send, Type: TypeBeat})
	}
	s.BeatGen++
	return s, append(out, Effect{Kind: StartTimer, Timer: TimerBeat, Gen: s.BeatGen})
}
