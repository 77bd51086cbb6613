package m3ua

// ASState is the state of an application server (RFC 4666 §4.3.2).
type ASState uint8

// The states of an AS.
const (
	ASDown ASState = iota
	ASInactive
	ASActive
	ASPending
)

func (s ASState) String() string {
	return [...]string{"AS-DOWN", "AS-INACTIVE", "AS-ACTIVE", "AS-PENDING"}[s%4]
}

// status is what NTFY calls the state.
func (s ASState) status() Status { return Status(1<<16 | uint32(s) + 1) }

// AS is one application server as the SGP sees it.
type AS struct {
	State  ASState
	Up     int    // ASPs that are ASP-INACTIVE or ASP-ACTIVE
	Active int    // ASPs that are ASP-ACTIVE
	Holder uint64 // override: the ASP that has the traffic
	Gen    uint32 // generation of T(r)

	Mode     TrafficMode
	Required int // active ASPs below which the inactive ones are asked to help
}

// Step is the AS state machine of RFC 4666 figure 4. It takes ASPIsUp,
// ASPIsDown, ASPIsActive, ASPIsInactive and RecoveryTimeout.
func (s AS) Step(ev Event, out []Effect) (AS, []Effect) {
	switch ev.Kind {
	case ASPIsUp:
		return s.aspUp(ev, out)
	case ASPIsActive:
		if s.Active < s.Up {
			return s.aspActive(ev, out)
		}
	case ASPIsInactive:
		if s.Active > 0 {
			return s.aspInactive(ev, out)
		}
	case ASPIsDown:
		if s.Up > 0 && (!ev.WasActive || s.Active > 0) && (ev.WasActive || s.Active < s.Up) {
			return s.aspDown(ev, out)
		}
	case RecoveryTimeout:
		return s.recovery(ev, out)
	}
	return s, append(out, Effect{Kind: Anomaly, Reason: "event that this state does not know"})
}

// aspUp tells an ASP that comes up how its AS is (§4.3.4.1).
func (s AS) aspUp(ev Event, out []Effect) (AS, []Effect) {
	s.Up++
	if s.State == ASDown {
		s.State = ASInactive
	}
	return s, append(out, Effect{Kind: NotifyOne, ASP: ev.ASP, Status: s.State.status()})
}

func (s AS) aspActive(ev Event, out []Effect) (AS, []Effect) {
	if s.State == ASActive {
		if s.Mode == Override && s.Holder != ev.ASP {
			out = append(out, Effect{Kind: TakeOver, ASP: s.Holder}, Effect{Kind: NotifyOne, ASP: s.Holder, Status: StatusAlternateASP})
			s.Active--
		}
		s.Active++
		s.Holder = ev.ASP
		return s, append(out, Effect{Kind: NotifyOne, ASP: ev.ASP, Status: StatusASActive})
	}
	if s.State == ASPending {
		s.Gen++
		out = append(out, Effect{Kind: StopTimer, Timer: TimerRecovery})
	}
	was := s.State
	s.State, s.Active, s.Holder = ASActive, s.Active+1, ev.ASP
	out = append(out, Effect{Kind: NotifyAll, Status: StatusASActive})
	if was != ASPending {
		return s, append(out, Effect{Kind: Available})
	}
	return s, append(out, Effect{Kind: Flush})
}

func (s AS) aspInactive(ev Event, out []Effect) (AS, []Effect) {
	s.Active--
	if s.Holder == ev.ASP {
		s.Holder = 0
	}
	switch {
	case s.Active == 0:
		s.State = ASPending
		s.Gen++
		return s, append(out, Effect{Kind: NotifyAll, Status: StatusASPending},
			Effect{Kind: StartTimer, Timer: TimerRecovery, Gen: s.Gen})
	case s.Active < s.Required:
		return s, append(out, Effect{Kind: NotifyStandby, Status: StatusInsufficientASPs})
	}
	return s, out
}

// aspDown tells the others (§3.8.2, "ASP failure").
func (s AS) aspDown(ev Event, out []Effect) (AS, []Effect) {
	if s.Up--; s.Up > 0 {
		out = append(out, Effect{Kind: NotifyAll, Status: StatusASPFailure, ASP: ev.ASP})
	}
	if ev.WasActive {
		return s.aspInactive(ev, out)
	}
	if s.Up == 0 && s.State == ASInactive {
		s.State = ASDown
	}
	return s, out
}

// recovery: nobody took over in time; what was queued is lost.
func (s AS) recovery(ev Event, out []Effect) (AS, []Effect) {
	if s.State != ASPending || ev.Gen != s.Gen {
		return s, out
	}
	out = append(out, Effect{Kind: Discard}, Effect{Kind: Unavailable})
	if s.Up == 0 {
		s.State = ASDown
		return s, out
	}
	s.State = ASInactive
	return s, append(out, Effect{Kind: NotifyAll, Status: StatusASInactive})
}
