package smpp

import "time"

// MaxBindAttempts is the number of refused binds after which a server closes
// the connection.
const MaxBindAttempts = 3

// Session is the bind machine of one connection, for either role. The zero
// value is not useful; start with NewSession.
type Session struct {
	Role  Role
	State State

	timers   Timers
	mode     CommandID // the bind in progress or in force
	binding  bool      // a bind request waits for its response
	leaving  bool      // our unbind waits for its response
	control  CommandID // our outstanding bind, outbind, enquire_link or unbind
	sequence uint32    // its number
	asked    time.Time // when it was sent
	heard    time.Time // when the last PDU came
	reason   Reason    // why UNBOUND was reached
	attempts uint8

	running    [timers]bool
	generation [timers]uint32
}

// NewSession is a session before its EventStart.
func NewSession(r Role, t Timers) Session { return Session{Role: r, timers: t} }

// Takes reports whether a request of the peer that the application deals with
// is allowed now. A driver may ask this for each of many such PDUs and post one
// EventTraffic for them; a step with EventReceived comes to the same.
func (s *Session) Takes(id CommandID) bool {
	if s.leaving {
		return false
	}
	return s.Role == RoleServer && s.transmits() && fromESME(id) ||
		s.Role == RoleClient && s.receives() && fromCentre(id)
}

// Sends reports whether a request of this side's application is allowed now.
func (s *Session) Sends(id CommandID) bool {
	if s.leaving {
		return false
	}
	return s.Role == RoleClient && s.transmits() && fromESME(id) ||
		s.Role == RoleServer && s.receives() && fromCentre(id)
}

// Completes reports whether the peer may answer a request of this side's
// application with id. It is true after the end of the bind too: what was on
// its way then still says whether the message arrived. A driver may ask this
// for each of many responses, as with Takes; a generic_nack it had better step.
func (s *Session) Completes(id CommandID) bool {
	if s.State <= StateOutbound {
		return false
	}
	if id == CommandGenericNack {
		return true
	}
	request := id &^ responseBit
	if s.Role == RoleClient {
		return fromESME(request)
	}
	return fromCentre(request) && request != CommandAlertNotification // which has no response
}

// fromESME are the operations of SMPP 3.4 section 2.3 for which an ESME has to
// be bound as a transmitter.
func fromESME(id CommandID) bool {
	switch id {
	case CommandSubmitSM, CommandDataSM, CommandSubmitMulti, CommandQuerySM, CommandCancelSM, CommandReplaceSM:
		return true
	}
	return false
}

// fromCentre are those for which it has to be bound as a receiver.
func fromCentre(id CommandID) bool {
	return id == CommandDeliverSM || id == CommandDataSM || id == CommandAlertNotification
}

// untaken is what a message hears that is not taken now. One that crosses our
// unbind is of a bind in force and has to come again, by another one: a receipt
// that its centre is told to be wrong would be lost.
func (s *Session) untaken(id CommandID) (Status, Reason) {
	bound := *s
	bound.leaving = false
	switch {
	case !bound.Takes(id), id == CommandAlertNotification: // which has no response
		return StatusInvalidBindStatus, ReasonWrongBindState
	case s.Role == RoleClient:
		return StatusReceiverTemporaryError, ReasonNone
	}
	return StatusSystemError, ReasonNone
}

func (s *Session) transmits() bool { return s.State == StateBoundTX || s.State == StateBoundTRX }
func (s *Session) receives() bool  { return s.State == StateBoundRX || s.State == StateBoundTRX }

// Step is the bind machine of SMPP 3.4 section 2 with the timers of section
// 7.2. It has no clock, I/O, goroutine, lock or log. CLOSED is final.
func (s Session) Step(ev Event, out []Effect) (Session, []Effect) {
	if s.State == StateClosed {
		if ev.Kind == EventReceived && s.Completes(ev.Header.CommandID) {
			out = complete(ev.Header, out)
		}
		return s, out
	}
	switch ev.Kind {
	case EventStart:
		s.heard = ev.At
		if s.State == StateOpen && !s.binding && !s.running[TimerSessionInit] {
			out = s.start(TimerSessionInit, 0, out)
		}
	case EventTraffic:
		s.heard = ev.At
	case EventReceived:
		s.heard = ev.At
		out = s.received(&ev, out)
	case EventBindVerdict:
		out = s.verdict(&ev, out)
	case EventRequest:
		out = s.request(&ev, out)
	case EventTimer:
		out = s.expired(&ev, out)
	case EventFramingLost:
		out = append(out, Effect{Kind: EffectSend, Header: Header{CommandID: CommandGenericNack, Status: StatusInvalidCommandLength}})
		out = s.close(ReasonFraming, out)
	case EventConnectionLost:
		out = s.close(ReasonConnectionLost, out)
	case EventShutdown:
		out = s.close(ReasonShutdown, out)
	case EventFlushed:
		if s.State == StateUnbound {
			out = s.close(s.reason, out)
		}
	}
	return s, out
}

func (s *Session) received(ev *Event, out []Effect) []Effect {
	id := ev.Header.CommandID
	if id.IsResponse() {
		return s.response(ev, out)
	}
	switch id {
	case CommandBindReceiver, CommandBindTransmitter, CommandBindTransceiver:
		return s.bindRequest(ev, out)
	case CommandEnquireLink:
		// 3.4 has it in bound states only; answering it in any does no harm
		// and keeps peers that ask early.
		return answer(ev, ev.Fault, malformed(ev.Fault), out)
	case CommandUnbind:
		return s.unbindRequest(ev, out)
	case CommandOutbind:
		return s.outbind(ev, out)
	case CommandBroadcastSM, CommandQueryBroadcastSM, CommandCancelBroadcastSM:
		return answer(ev, StatusInvalidCommandID, ReasonUnsupportedCommand, out)
	}
	switch {
	case !fromESME(id) && !fromCentre(id):
		return nack(ev, StatusInvalidCommandID, ReasonUnsupportedCommand, out)
	case !s.Takes(id):
		status, why := s.untaken(id)
		return answer(ev, status, why, out)
	case ev.Fault != StatusOK:
		return answer(ev, ev.Fault, ReasonMalformed, out)
	}
	return append(out, Effect{Kind: EffectDeliver, Header: ev.Header})
}

func malformed(fault Status) Reason {
	if fault == StatusOK {
		return ReasonNone
	}
	return ReasonMalformed
}

// nack refuses the PDU in ev without a response of its own.
func nack(ev *Event, status Status, why Reason, out []Effect) []Effect {
	return append(out,
		Effect{Kind: EffectSend, Header: Header{CommandID: CommandGenericNack, Status: status, Sequence: ev.Header.Sequence}},
		Effect{Kind: EffectAnomaly, Reason: why})
}

// answer sends the response of the request in ev, a generic_nack where it has none.
func answer(ev *Event, status Status, why Reason, out []Effect) []Effect {
	if id := ev.Header.CommandID; id == CommandAlertNotification || id == CommandOutbind {
		return nack(ev, status, why, out)
	}
	h := Header{CommandID: ev.Header.CommandID.Response(), Status: status, Sequence: ev.Header.Sequence}
	out = append(out, Effect{Kind: EffectSend, Header: h})
	if why != ReasonNone {
		out = append(out, Effect{Kind: EffectAnomaly, Reason: why})
	}
	return out
}

func (s *Session) bindRequest(ev *Event, out []Effect) []Effect {
	switch {
	case s.Role == RoleClient, s.State == StateUnbound:
		return answer(ev, StatusInvalidBindStatus, ReasonWrongBindState, out)
	case s.State.Bound(), s.binding:
		return answer(ev, StatusAlreadyBound, ReasonAlreadyBound, out)
	case ev.Fault != StatusOK:
		out = answer(ev, ev.Fault, ReasonMalformed, out)
		return s.refused(out)
	}
	s.binding, s.mode, s.sequence, s.control = true, ev.Header.CommandID, ev.Header.Sequence, 0
	out = s.stop(TimerSessionInit, out)
	return append(out, Effect{Kind: EffectAuthenticate, Header: ev.Header})
}

// outbind is the message centre's, on a connection that it has made to an ESME
// that has not bound yet.
func (s *Session) outbind(ev *Event, out []Effect) []Effect {
	switch {
	case s.Role == RoleServer, s.State == StateOutbound && !s.binding, s.State == StateUnbound:
		return nack(ev, StatusInvalidBindStatus, ReasonWrongBindState, out)
	case s.State.Bound(), s.binding:
		return nack(ev, StatusAlreadyBound, ReasonAlreadyBound, out)
	case ev.Fault != StatusOK:
		return nack(ev, ev.Fault, ReasonMalformed, out)
	}
	s.State = StateOutbound
	return append(out, Effect{Kind: EffectAuthenticate, Header: ev.Header})
}

// verdict is the application's on what EffectAuthenticate handed out.
func (s *Session) verdict(ev *Event, out []Effect) []Effect {
	if s.Role == RoleClient && s.State == StateOutbound && !s.binding {
		if ev.Verdict != StatusOK {
			return s.close(ReasonOutbindRefused, out)
		}
		return s.request(ev, out)
	}
	if s.Role != RoleServer || !s.binding {
		return append(out, Effect{Kind: EffectAnomaly, Reason: ReasonWrongBindState})
	}
	s.binding = false
	out = append(out, Effect{Kind: EffectSend, Header: Header{CommandID: s.mode.Response(), Status: ev.Verdict, Sequence: s.sequence}})
	if ev.Verdict != StatusOK {
		return s.refused(out)
	}
	return s.bound(out)
}

// refused counts a failed bind of the peer and gives it another chance.
func (s *Session) refused(out []Effect) []Effect {
	if s.attempts++; s.attempts >= MaxBindAttempts {
		return s.close(ReasonBindRefused, out)
	}
	if s.running[TimerSessionInit] {
		return out
	}
	return s.start(TimerSessionInit, 0, out)
}

func (s *Session) bound(out []Effect) []Effect {
	s.State = boundState(s.mode)
	out = append(out, Effect{Kind: EffectBound})
	out = s.start(TimerEnquireLink, 0, out)
	return s.start(TimerInactivity, 0, out)
}

func (s *Session) unbindRequest(ev *Event, out []Effect) []Effect {
	switch {
	case !s.State.Bound():
		return answer(ev, StatusInvalidBindStatus, ReasonWrongBindState, out)
	case ev.Fault != StatusOK:
		return answer(ev, ev.Fault, ReasonMalformed, out)
	}
	return s.unbound(ReasonUnbindReceived, answer(ev, StatusOK, ReasonNone, out))
}

func (s *Session) unbound(why Reason, out []Effect) []Effect {
	s.State, s.reason, s.leaving, s.control = StateUnbound, why, false, 0
	out = s.stopAll(out)
	return append(out, Effect{Kind: EffectUnbound, Reason: why})
}

// response handles a response or a generic_nack. A response is never answered.
func (s *Session) response(ev *Event, out []Effect) []Effect {
	id := ev.Header.CommandID
	mine := s.control != 0 && ev.Header.Sequence == s.sequence && !s.bindingServer()
	if mine && (id == CommandGenericNack || id == s.control.Response() && s.control != CommandOutbind) {
		return s.controlAnswered(ev, out)
	}
	if s.Completes(id) {
		return complete(ev.Header, out)
	}
	return append(out, Effect{Kind: EffectAnomaly, Reason: ReasonUnexpectedResponse})
}

// complete ends a message of this side. A generic_nack never says that it
// arrived, not even with ESME_ROK.
func complete(h Header, out []Effect) []Effect {
	if h.CommandID == CommandGenericNack && h.Status == StatusOK {
		h.Status = StatusUnknownError
	}
	return append(out, Effect{Kind: EffectComplete, Header: h})
}

// bindingServer is true while sequence is that of the peer's bind.
func (s *Session) bindingServer() bool { return s.Role == RoleServer && s.binding }

func (s *Session) controlAnswered(ev *Event, out []Effect) []Effect {
	was := s.control
	s.control = 0
	out = s.stop(TimerResponse, out)
	switch was {
	case CommandEnquireLink:
		// Even a generic_nack shows that the peer is there.
		return s.start(TimerEnquireLink, 0, out)
	case CommandUnbind:
		return s.unbound(s.reason, out)
	case CommandOutbind:
		return s.close(ReasonOutbindRefused, out)
	}
	s.binding = false
	if ev.Header.Status != StatusOK || ev.Fault != StatusOK || ev.Header.CommandID == CommandGenericNack {
		return s.close(ReasonBindRefused, out)
	}
	return s.bound(out)
}

// request sends a bind, an outbind or an unbind where it has its place, and
// nothing elsewhere.
func (s *Session) request(ev *Event, out []Effect) []Effect {
	switch id := ev.Request; id {
	case CommandBindReceiver, CommandBindTransmitter, CommandBindTransceiver:
		if s.Role != RoleClient || s.State > StateOutbound || s.binding {
			break
		}
		s.binding, s.mode = true, id
		out = s.stop(TimerSessionInit, out)
		return s.ask(id, ev, out)
	case CommandOutbind:
		if s.Role != RoleServer || s.State != StateOpen || s.binding {
			break
		}
		s.State, s.control, s.sequence = StateOutbound, id, ev.Sequence
		return append(out, Effect{Kind: EffectSend, Header: Header{CommandID: id, Sequence: ev.Sequence}})
	case CommandUnbind:
		if s.State <= StateOutbound {
			return s.close(ReasonShutdown, out)
		}
		if s.State.Bound() && !s.leaving {
			return s.leave(ReasonUnbindSent, ev, out)
		}
	}
	return out
}

// ask sends a request of this side that the session itself follows up.
func (s *Session) ask(id CommandID, ev *Event, out []Effect) []Effect {
	s.control, s.sequence, s.asked = id, ev.Sequence, ev.At
	out = append(out, Effect{Kind: EffectSend, Header: Header{CommandID: id, Sequence: ev.Sequence}})
	return s.start(TimerResponse, 0, out)
}

func (s *Session) leave(why Reason, ev *Event, out []Effect) []Effect {
	s.leaving, s.reason = true, why
	out = s.stopAll(out)
	return s.ask(CommandUnbind, ev, out)
}

func (s *Session) expired(ev *Event, out []Effect) []Effect {
	t := ev.Timer
	if t >= timers || !s.running[t] || ev.Generation != s.generation[t] {
		return out
	}
	s.running[t] = false
	switch t {
	case TimerSessionInit:
		return s.close(ReasonSessionInit, out)
	case TimerResponse:
		return s.unanswered(out)
	}
	// Rather than restart these two with every PDU, look at the time of the
	// last one when they expire.
	if quiet := ev.At.Sub(s.heard); quiet < s.timers.of(t) {
		return s.start(t, s.timers.of(t)-max(quiet, 0), out)
	}
	switch {
	case t == TimerInactivity && s.control != 0:
		return s.close(ReasonInactivity, out)
	case t == TimerInactivity:
		return s.leave(ReasonInactivity, ev, out)
	}
	return s.ask(CommandEnquireLink, ev, out)
}

func (s *Session) unanswered(out []Effect) []Effect {
	switch {
	case s.control == CommandUnbind:
		return s.close(ReasonUnbindUnanswered, out)
	case s.control != CommandEnquireLink:
		return s.close(ReasonBindUnanswered, out)
	case s.heard.After(s.asked):
		// A peer that sends messages is alive, whatever it does with enquire_link.
		s.control = 0
		out = append(out, Effect{Kind: EffectAnomaly, Reason: ReasonEnquireLinkLate})
		return s.start(TimerEnquireLink, 0, out)
	}
	return s.close(ReasonEnquireLink, out)
}

func (s *Session) close(why Reason, out []Effect) []Effect {
	out = s.stopAll(out)
	if s.State.Bound() {
		out = append(out, Effect{Kind: EffectUnbound, Reason: why})
	}
	s.State, s.binding, s.leaving, s.control = StateClosed, false, false, 0
	return append(out, Effect{Kind: EffectClose, Reason: why})
}

func (s *Session) start(t Timer, after time.Duration, out []Effect) []Effect {
	if after == 0 {
		after = s.timers.of(t)
	}
	if after <= 0 {
		return out
	}
	s.generation[t]++
	s.running[t] = true
	return append(out, Effect{Kind: EffectStartTimer, Timer: t, After: after, Generation: s.generation[t]})
}

func (s *Session) stop(t Timer, out []Effect) []Effect {
	if !s.running[t] {
		return out
	}
	s.running[t] = false
	return append(out, Effect{Kind: EffectStopTimer, Timer: t})
}

func (s *Session) stopAll(out []Effect) []Effect {
	for t := range timers {
		out = s.stop(t, out)
	}
	return out
}
