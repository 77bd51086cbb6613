package m3ua

func (s ASP) received(ev Event, out []Effect) (ASP, []Effect) {
	switch ev.Type {
	case TypeASPUpAck:
		return s.upAck(out)
	case TypeASPDownAck:
		return s.downAck(out)
	case TypeASPActiveAck:
		return s.activeAck(out)
	case TypeASPInactiveAck:
		return s.inactiveAck(out)
	case TypeBeat:
		return s, append(out, Effect{Kind: Send, Type: TypeBeatAck})
	case TypeBeatAck:
		return s, out
	case TypeError:
		return s.refused(ev, out)
	case TypeASPUp, TypeASPDown, TypeASPActive, TypeASPInactive:
		if s.Exchange != NoExchange {
			return s.peerAsks(ev, out)
		}
	}
	// RFC 4666 §4.3.4.1: before ASPUP ACK everything else is discarded.
	if s.State == StateDown {
		return s, append(out, Effect{Kind: Anomaly, Reason: "discarded in ASP-DOWN"})
	}
	if ev.Code != 0 {
		return s, append(out, Effect{Kind: SendError, Code: ev.Code})
	}
	switch ev.Type {
	case TypeNotify:
		return s.notified(ev, out)
	case TypeData:
		// DATA has a stream of its own and may overtake ASPAC ACK.
		if s.State == StateActive || s.Await == TypeASPActive {
			return s, append(out, Effect{Kind: Deliver})
		}
		return s, append(out, Effect{Kind: Anomaly, Reason: "DATA discarded in ASP-INACTIVE"})
	case TypeDUNA, TypeDAVA, TypeSCON, TypeDUPU, TypeDRST:
		return s, append(out, Effect{Kind: Deliver})
	case TypeRegistrationResponse:
		if s.Register {
			return s.registered(ev, out)
		}
	case TypeDeregistrationResponse:
		if s.Register {
			return s.deregistered(out)
		}
	}
	return s, append(out, Effect{Kind: SendError, Code: UnexpectedMessage})
}

// upAck: an ASP that gets ASPUP ACK without asking is ASP-INACTIVE all the
// same, says so with ERR when it was not, and goes on from there (§4.3.4.1).
func (s ASP) upAck(out []Effect) (ASP, []Effect) {
	switch {
	case s.Await == TypeASPDown:
		return s, append(out, Effect{Kind: Anomaly, Reason: "late ASPUP ACK"})
	case s.Exchange == SingleExchange && s.Await != TypeASPUp && s.State != StateDown:
		// The peer's ASPUP and ours have crossed.
		return s, append(out, Effect{Kind: Anomaly, Reason: "late ASPUP ACK"})
	case s.Await != TypeASPUp:
		out = append(out, Effect{Kind: Anomaly, Reason: "unexpected ASPUP ACK"})
		if s.State != StateInactive {
			out = append(out, Effect{Kind: SendError, Code: UnexpectedMessage})
		}
	}
	out = s.forget(out)
	s.Await = 0
	s, out = s.become(StateInactive, out)
	return s.advance(out)
}

// downAck: without asking, the ASP is ASP-DOWN and returns to where it was (§4.3.4.2).
func (s ASP) downAck(out []Effect) (ASP, []Effect) {
	switch s.Await {
	case TypeASPUp:
		return s, append(out, Effect{Kind: Anomaly, Reason: "late ASPDN ACK"})
	case TypeASPDown:
	default:
		out = append(out, Effect{Kind: Anomaly, Reason: "unexpected ASPDN ACK"})
	}
	out = s.forget(out)
	s.Registered, s.Await = false, 0
	s, out = s.become(StateDown, out)
	return s.advance(out)
}

// activeAck: an SGP may acknowledge each routing context on its own, so that
// further ones are nothing unusual in ASP-ACTIVE.
func (s ASP) activeAck(out []Effect) (ASP, []Effect) {
	switch {
	case s.Await == TypeASPActive:
		out = s.forget(out)
		s.Await = 0
		s, out = s.become(StateActive, out)
		return s.advance(out)
	case s.State == StateActive:
		return s, out
	}
	return s, append(out, Effect{Kind: Anomaly, Reason: "unexpected ASPAC ACK"})
}

// inactiveAck: without asking, the ASP is ASP-INACTIVE and returns to where it was (§4.3.4.4).
func (s ASP) inactiveAck(out []Effect) (ASP, []Effect) {
	switch {
	case s.Await == TypeASPInactive:
		out = s.forget(out)
		s.Await = 0
	case s.State == StateActive && s.Await == 0:
		out = append(out, Effect{Kind: Anomaly, Reason: "unexpected ASPIA ACK"})
	default:
		return s, append(out, Effect{Kind: Anomaly, Reason: "unexpected ASPIA ACK"})
	}
	s, out = s.become(StateInactive, out)
	return s.advance(out)
}

// registered: without all its keys an ASP is of no use, and the association is
// closed, to be tried again after a pause.
func (s ASP) registered(ev Event, out []Effect) (ASP, []Effect) {
	switch {
	case s.Await != TypeRegistrationRequest:
		return s, append(out, Effect{Kind: Anomaly, Reason: "unexpected REG RSP"})
	case ev.Refused:
		return s, append(out, Effect{Kind: Close, Reason: "registration refused"})
	}
	out = s.forget(out)
	s.Registered, s.Await = true, 0
	return s.advance(out)
}

// deregistered: on the way out it does not matter how that went.
func (s ASP) deregistered(out []Effect) (ASP, []Effect) {
	if s.Await != TypeDeregistrationRequest {
		return s, append(out, Effect{Kind: Anomaly, Reason: "unexpected DEREG RSP"})
	}
	out = s.forget(out)
	s.Registered, s.Await = false, 0
	return s.advance(out)
}

// notified: with "alternate ASP active" another ASP has our traffic; asking for
// it back at once would take it away again, so the ASP stands by.
func (s ASP) notified(ev Event, out []Effect) (ASP, []Effect) {
	if ev.Status == StatusAlternateASP && s.State == StateActive {
		if s.Await == TypeASPInactive {
			out = s.forget(out)
			s.Await = 0
		}
		s.Standby = true
		s, out = s.become(StateInactive, out)
	}
	return s, append(out, Effect{Kind: Notified, Status: ev.Status})
}

// refused: some errors say that the ack awaited will not come. The association
// is closed, to be tried again after a pause; every other ERR is only counted.
func (s ASP) refused(ev Event, out []Effect) (ASP, []Effect) {
	out = append(out, Effect{Kind: Notified, Code: ev.Code})
	if s.Await == 0 {
		return s, out
	}
	if s.Await == TypeDeregistrationRequest {
		return s.deregistered(out)
	}
	switch ev.Code {
	case UnsupportedMessageClass, UnsupportedMessageType, UnexpectedMessage:
		if s.Await == TypeRegistrationRequest { // an SGP without registration
			out = append(out, Effect{Kind: Close, Reason: "refused: " + ev.Code.String()})
		}
	case RefusedManagementBlocking, ASPIdentifierRequired, InvalidASPIdentifier,
		UnsupportedTrafficMode, InvalidRoutingContext, NoConfiguredAS, InvalidVersion:
		out = append(out, Effect{Kind: Close, Reason: "refused: " + ev.Code.String()})
	}
	return s, out
}
