package otasp

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"time"
)

const defaultSessionTime = 15 * time.Minute

// Step is the OTASP session machine: flow (c) to (i) of the sheet on IS-725.
// It appends to out what is to be done and returns the new state. Input that
// does not belong to the present phase leaves the state as it is and gives an
// Anomaly.
func (s Session) Step(ev Event, out []Effect) (Session, []Effect) {
	m := machine{s: s, from: s.Phase, ev: ev, out: out}
	m.run()
	return m.s, m.out
}

// machine is one run of Step.
type machine struct {
	s    Session
	from Phase // where the step began
	ev   Event
	out  []Effect
}

func (m *machine) run() {
	if m.s.Phase == Ended {
		m.anomaly("the session is over")
		return
	}
	if m.s.Phase == Idle && m.ev.Kind != Start {
		m.anomaly("the session has not started")
		return
	}
	switch m.ev.Kind {
	case Start:
		m.start()
	case Attached, Resolved, Located, Reverse, ACAnswer, MSCDone, Opened, MMCDone:
		m.answer()
	case CalledBack:
		m.calledBack()
	case Postponed:
		m.postponed()
	case HandsetBack:
		m.handsetBack()
	case Failed:
		if m.current() {
			m.failed(m.ev.Failure)
		}
	case Refused:
		m.refused()
	case OrderChanged:
		m.orderChanged()
	case Expired:
		m.expired()
	case Stop:
		m.s.Trigger.Ways = nil // and no other way is tried
		m.stop(ReasonStopped)
	case Recovered:
		m.recovered()
	default:
		m.anomaly("unknown event")
	}
}

func (m *machine) start() {
	if m.s.Phase != Idle || m.ev.Trigger == nil {
		m.anomaly("started already")
		return
	}
	m.s.Trigger = *m.ev.Trigger
	m.s.Way = m.s.Trigger.Start
	m.s.Handset.NAMBlock = noNAMBlock
	m.alive()
	t := &m.s.Trigger
	if !t.waysFit() {
		t.Ways = nil
		m.fail(ReasonProtocol, "the trigger names a way that cannot be tried")
		return
	}
	switch t.Start {
	case ByNetwork:
		m.startByNetwork()
	case ByCallback:
		m.startByCallback()
	case ByHandset:
		m.startByHandset()
	default:
		m.enter(PhaseAttach)
	}
}

// alive gives the session its time, from now on.
func (m *machine) alive() {
	m.setTimer(m.ev.At.Add(cmp.Or(m.s.Trigger.Options.SessionTime, defaultSessionTime)))
}

func (m *machine) setTimer(at time.Time) {
	m.s.Deadline = at
	m.out = append(m.out, Effect{Kind: SetTimer, At: at})
}

// current reports whether the event answers the outstanding request.
func (m *machine) current() bool {
	if m.ev.Req == m.s.Req {
		return true
	}
	m.anomaly("answer to request %d, waiting for %d", m.ev.Req, m.s.Req)
	return false
}

func (m *machine) answer() {
	if !m.current() {
		return
	}
	if m.s.Phase == PhaseInvite && m.ev.Kind == MMCDone {
		m.s.MMC.Invited = true
		return
	}
	if m.ev.Kind != awaits(m.s.Phase) {
		m.anomaly("unexpected answer in %s", m.s.Phase)
		return
	}
	switch m.ev.Kind {
	case Attached:
		m.attached()
	case Resolved:
		m.resolved()
	case Located:
		m.located()
	case Reverse:
		m.reverse()
	case ACAnswer:
		m.acAnswer()
	case MSCDone:
		m.mscDone()
	case Opened:
		m.opened()
	case MMCDone:
		m.mmcDone()
	}
}

// awaits is the kind of answer that ends a phase.
func awaits(p Phase) EventKind {
	switch p {
	case PhaseAttach:
		return Attached
	case PhaseResolve:
		return Resolved
	case PhaseLocate:
		return Located
	case PhaseAway:
		return HandsetBack
	case PhaseInvite:
		return CalledBack
	case PhaseOpenMMC:
		return Opened
	case PhaseObjects, PhasePRLObject, PhaseCommitMMC, PhaseDisconnect:
		return MMCDone
	case PhaseSPASM, PhaseKeyValues, PhaseKeyAnswer, PhaseSSDUpdate, PhaseReAuthenticateAC, PhaseCommitKey, PhaseReleaseKey:
		return ACAnswer
	case PhaseDetach, PhaseNewMSID, PhaseREGNOT, PhaseReleaseChannel, PhaseReleaseTRN:
		return MSCDone
	}
	return Reverse
}

// advance enters the next phase that this session needs.
func (m *machine) advance() {
	for p := m.s.Phase + 1; p < Ended; p++ {
		if m.wanted(p) {
			m.enter(p)
			return
		}
	}
	m.end()
}

// enter makes p the phase and sends its request for the first time.
func (m *machine) enter(p Phase) {
	m.s.Phase, m.s.Attempt = p, 0
	m.request()
}

// again sends the request of the present phase once more.
func (m *machine) again() {
	m.s.Attempt++
	m.request()
}

func (m *machine) attached() {
	if m.ev.Terminal == nil {
		m.fail(ReasonProtocol, "the attach result names no handset")
		return
	}
	if m.s.Trigger.excludes(m.ev.Terminal) {
		m.fail(ReasonOtherOrder, "another handset calls than the trigger says")
		return
	}
	m.s.Terminal = *m.ev.Terminal
	m.advance()
}

func (m *machine) resolved() {
	o := m.ev.Order
	if o == nil {
		m.fail(ReasonNoOrder, "no order for this subscriber")
		return
	}
	if why, detail := o.Suits(&m.s.Trigger); why != ReasonNone {
		m.fail(why, detail)
		return
	}
	m.s.Order, m.s.HasOrder = *o, true
	if m.s.Trigger.MDN == "" {
		m.out = append(m.out, Effect{Kind: TakeMDN, MDN: o.MDN})
	}
	m.begin()
}

// refused: the MDN that the order gave is busy. The store has rolled the step
// back that took it, so the phase is still Resolve and nothing was sent.
func (m *machine) refused() {
	if m.s.Phase != PhaseResolve {
		m.anomaly("nothing to refuse in %s", m.s.Phase)
		return
	}
	m.fail(ReasonBusy, "another session for this MDN is running")
}

// orderChanged: whoever had the MDN until now has carried the order out after
// it was found, or an import has replaced it. The step is rolled back as above,
// and what there is now is asked for.
func (m *machine) orderChanged() {
	if m.s.Phase != PhaseResolve {
		m.anomaly("no order to look up in %s", m.s.Phase)
		return
	}
	m.again()
}

// stop ends the session from outside. A Commit on its way is in doubt then,
// and what is committed already stays so.
func (m *machine) stop(why Reason) {
	switch p := m.s.Phase; {
	case p == PhaseOTAPAStop:
		m.notStopped("not answered in time") // and there is still the channel
	case p == PhaseDisconnect:
		m.disconnected()
	case p > PhaseOTAPAStop:
		m.remark("not everything was released in time")
		m.end()
	case m.s.Committed:
		m.remark(string(why) + " after the commit")
		m.s.Result.Reason = ReasonAfterCommit
		m.release()
	case p == PhaseCommit || m.s.inDoubt:
		m.fail(ReasonCommitInDoubt, string(why)+" while a Commit was not answered")
	default:
		m.fail(why, "")
	}
}

// fail ends the way before Commit: nothing of the order is in effect.
func (m *machine) fail(why Reason, detail string) {
	if p := m.s.Phase; (p == PhaseVerifySPC || p == PhaseChangeSPC) && m.ev.Kind != Reverse {
		m.s.Trigger.Ways = nil // an SPC is on its way, and one is never sent twice
	}
	m.s.Result.Reason, m.s.Result.Detail = why, detail
	m.release()
}

// release gives back what was taken and then ends.
func (m *machine) release() {
	if m.s.Committed || m.s.Result.Reason == ReasonCommitInDoubt {
		m.leaveKey()
	}
	if m.s.Phase < PhaseREGNOT {
		m.s.Phase = PhaseREGNOT
	}
	m.advance()
}

func (m *machine) end() {
	if m.nextWay() {
		return
	}
	m.unsettled()
	m.s.Phase = Ended
	r := &m.s.Result
	r.Committed = m.s.Committed
	switch {
	case r.Reason == ReasonNothingToDo || r.Reason == ReasonReadOut:
		r.Outcome = Done
	case !m.s.Committed && r.Reason != ReasonSkipped:
		r.Outcome = Unsuccessful
	case len(r.Skipped) > 0 || r.Reason != "":
		r.Outcome = Partial
	default:
		r.Outcome = Done
	}
	if r.Reason == "" {
		r.Reason = ReasonNone
		if len(r.Skipped) > 0 {
			r.Reason = ReasonSkipped
		}
	}
	m.out = append(m.out, Effect{Kind: Report, Result: *r})
}

// skip leaves a part of the order out and remembers why.
func (m *machine) skip(part, why string) {
	// Clip: the committed state may share the array, which must not be written.
	m.s.Result.Skipped = append(slices.Clip(m.s.Result.Skipped), Skipped{Part: part, Why: why})
}

// remark adds to the detail of the result.
func (m *machine) remark(text string) {
	d := &m.s.Result.Detail
	if *d != "" {
		*d += "; "
	}
	*d += text
}

func (m *machine) anomaly(format string, args ...any) {
	m.out = append(m.out, Effect{Kind: Anomaly, Note: fmt.Sprintf(format, args...)})
}

func (m *machine) has(part uint8) bool { return m.s.parts&part != 0 }

// own copies borrowed octets into the state.
func own(b []byte) []byte { return bytes.Clone(b) }
