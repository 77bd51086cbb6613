package m3ua

// RemoteASP is the SGP's view of an ASP on one association. State is the
// highest it has in any AS; Active are the ASs it carries traffic for.
type RemoteASP struct {
	State     ASPState
	Connected bool
	Active    uint64
	Beats     uint8
	BeatGen   uint32

	MaxBeats uint8 // BEAT unanswered before the association is given up, 0 sends none
}

// Step is the ASP state machine of RFC 4666 figure 3, the SGP's side. It takes
// CommUp, CommLost, BeatTimeout, Overridden and ReceivedMessage. Whoever feeds
// it has resolved routing contexts to Set, and the ASP identifier; what is
// wrong with them comes as Code.
func (s RemoteASP) Step(ev Event, out []Effect) (RemoteASP, []Effect) {
	switch ev.Kind {
	case CommUp:
		if s.Connected {
			return s, append(out, Effect{Kind: Anomaly, Reason: "association came up twice"})
		}
		s.Connected = true
		return s.startBeat(out)
	case CommLost:
		if !s.Connected {
			return s, out
		}
		s.Connected = false
		s.BeatGen++
		return s.down(append(out, Effect{Kind: StopTimer, Timer: TimerBeat}))
	case BeatTimeout:
		return s.beatTimeout(ev, out)
	case Overridden:
		s.Active &^= ev.Set
		return s.settle(out)
	case ReceivedMessage:
		if s.Connected {
			s.Beats = 0
			return s.received(ev, out)
		}
	}
	return s, append(out, Effect{Kind: Anomaly, Reason: "event that this state does not know"})
}

func (s RemoteASP) startBeat(out []Effect) (RemoteASP, []Effect) {
	if s.MaxBeats == 0 {
		return s, out
	}
	s.BeatGen++
	return s, append(out, Effect{Kind: StartTimer, Timer: TimerBeat, Gen: s.BeatGen})
}

func (s RemoteASP) beatTimeout(ev Event, out []Effect) (RemoteASP, []Effect) {
	if !s.Connected || ev.Gen != s.BeatGen || s.MaxBeats == 0 {
		return s, out
	}
	if s.Beats >= s.MaxBeats {
		return s, append(out, Effect{Kind: Close, Reason: whyBeat})
	}
	s.Beats++
	return s.startBeat(append(out, Effect{Kind: Send, Type: TypeBeat}))
}

func (s RemoteASP) received(ev Event, out []Effect) (RemoteASP, []Effect) {
	switch ev.Type {
	case TypeBeat:
		return s, append(out, Effect{Kind: Send, Type: TypeBeatAck})
	case TypeBeatAck:
		return s, out
	case TypeError:
		return s, append(out, Effect{Kind: Notified, Code: ev.Code})
	case TypeASPDown:
		return s.down(append(out, Effect{Kind: Send, Type: TypeASPDownAck}))
	case TypeASPUp:
		return s.up(ev, out)
	}
	switch {
	case s.State == StateDown:
		return s, append(out, Effect{Kind: SendError, Code: UnexpectedMessage})
	case ev.Code != 0:
		return s, append(out, Effect{Kind: SendError, Code: ev.Code})
	}
	switch ev.Type {
	case TypeASPActive:
		return s.active(ev, out)
	case TypeASPInactive:
		return s.inactive(ev, out)
	case TypeData:
		if s.Active&ev.Set != 0 {
			return s, append(out, Effect{Kind: Deliver})
		}
	case TypeDAUD:
		// An inactive ASP is sent no SSNM (§4.3.1), so that there is no answer.
		if s.Active != 0 {
			return s, append(out, Effect{Kind: Deliver})
		}
	case TypeSCON:
		return s, append(out, Effect{Kind: Deliver})
	case TypeRegistrationRequest, TypeDeregistrationRequest:
		return s, append(out, Effect{Kind: SendError, Code: UnsupportedMessageClass})
	}
	return s, append(out, Effect{Kind: SendError, Code: UnexpectedMessage})
}

// up: ASPUP in ASP-ACTIVE is acknowledged and called unexpected, and the ASP is
// inactive everywhere (§4.3.4.1).
func (s RemoteASP) up(ev Event, out []Effect) (RemoteASP, []Effect) {
	if ev.Code != 0 {
		return s, append(out, Effect{Kind: SendError, Code: ev.Code})
	}
	out = append(out, Effect{Kind: Send, Type: TypeASPUpAck})
	switch s.State {
	case StateDown:
		s.State = StateInactive
		out = append(out, Effect{Kind: StateChanged, State: s.State}, Effect{Kind: MemberUp})
	case StateActive:
		was := s.Active
		s.Active = 0
		out = append(out, Effect{Kind: SendError, Code: UnexpectedMessage})
		s, out = s.settle(out)
		out = append(out, Effect{Kind: MemberStandby, Set: was})
	}
	return s, out
}

func (s RemoteASP) down(out []Effect) (RemoteASP, []Effect) {
	if s.State == StateDown {
		return s, out
	}
	was := s.Active
	s.State, s.Active = StateDown, 0
	return s, append(out, Effect{Kind: StateChanged, State: s.State}, Effect{Kind: MemberDown, Set: was})
}

// active: a repeated ASPAC is acknowledged again and changes nothing.
func (s RemoteASP) active(ev Event, out []Effect) (RemoteASP, []Effect) {
	added := ev.Set &^ s.Active
	s.Active |= ev.Set
	out = append(out, Effect{Kind: Send, Type: TypeASPActiveAck, Set: ev.Set})
	s, out = s.settle(out)
	if added != 0 {
		out = append(out, Effect{Kind: MemberActive, Set: added})
	}
	return s, out
}

func (s RemoteASP) inactive(ev Event, out []Effect) (RemoteASP, []Effect) {
	gone := ev.Set & s.Active
	s.Active &^= ev.Set
	out = append(out, Effect{Kind: Send, Type: TypeASPInactiveAck, Set: ev.Set})
	s, out = s.settle(out)
	if gone != 0 {
		out = append(out, Effect{Kind: MemberStandby, Set: gone})
	}
	return s, out
}

// settle makes State follow Active.
func (s RemoteASP) settle(out []Effect) (RemoteASP, []Effect) {
	want := StateInactive
	if s.Active != 0 {
		want = StateActive
	}
	if s.State == StateDown || s.State == want {
		return s, out
	}
	s.State = want
	return s, append(out, Effect{Kind: StateChanged, State: want})
}
