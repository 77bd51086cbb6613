package otasp

import (
	"cmp"
	"slices"
)

// maxWays is how many ways may follow the first.
const maxWays = 8

// Attempt is a way that was tried before and ended without success.
type Attempt struct {
	Way    StartKind
	Reason Reason
	Detail string
}

// waysFit reports whether each way of the trigger can follow another: nobody can
// be made to call, or to push a button.
func (t *Trigger) waysFit() bool {
	return t.Start < numStarts && len(t.Ways) <= maxWays &&
		!slices.ContainsFunc(t.Ways, func(w StartKind) bool { return w != ByNetwork && w != ByCallback })
}

// begin enters the first phase of a way behind Resolve.
func (m *machine) begin() {
	if m.s.Order.onlyObjects() && !m.s.OverMMC() {
		m.fail(ReasonNotCarried, "only IOTA carries objects")
		return
	}
	m.advance()
}

// nextWay begins the next way, when there is one that may succeed where this
// one did not. Everything that was taken is given back by now.
func (m *machine) nextWay() bool {
	s := &m.s
	n := len(s.Attempts)
	if n >= len(s.Trigger.Ways) || !s.curable() {
		return false
	}
	doubt, changed := s.doubt, s.changed
	if s.Result.Reason == ReasonCommitInDoubt {
		doubt |= s.parts
		changed |= s.parts & s.shownOther()
	}
	// The handset is known by now, and stays the same.
	u := Terminal{ESN: s.Terminal.ESN, MEID: s.Terminal.MEID, MIN: cmp.Or(s.Terminal.MIN, s.Handset.MIN), IMSI: s.Terminal.IMSI}
	t := s.Trigger
	t.ESN, t.MEID = cmp.Or(t.ESN, u.ESN), cmp.Or(t.MEID, u.MEID)
	m.s = Session{
		Phase: PhaseResolve, Req: s.Req, Recoveries: s.Recoveries,
		Trigger: t, Way: t.Ways[n], Terminal: u, Handset: Handset{NAMBlock: noNAMBlock},
		Order: s.Order, HasOrder: s.HasOrder, doubt: doubt, changed: changed,
		// Clip: the committed state may share the array, which must not be written.
		Attempts: append(slices.Clip(s.Attempts), Attempt{s.Way, s.Result.Reason, s.Result.Detail}),
	}
	m.from = Idle // a crash must not take this step back
	m.alive()
	if !m.s.HasOrder {
		m.enter(PhaseResolve)
		return true
	}
	m.begin()
	return true
}

// curable reports whether another way may succeed. None does when the order is
// at fault, the subscriber or the handset, or somebody wants it to end; and none
// is tried when an SPC or a key is in doubt, for both are spoilt by a second try.
func (s *Session) curable() bool {
	if s.Committed || s.MDN() == "" {
		return false
	}
	switch s.Result.Reason {
	case "", ReasonNone, ReasonSkipped, ReasonNothingToDo, ReasonReadOut, ReasonAfterCommit:
		return false // it succeeded
	case ReasonNoOrder, ReasonOtherOrder, ReasonBusy, ReasonStopped, ReasonWrongSPC, ReasonLocked, ReasonSPCInDoubt, ReasonCrash,
		ReasonNotRepresent, ReasonBackEnd:
		return false
	case ReasonCommitInDoubt:
		return s.parts&(partSPC|partAKey) == 0
	}
	return true
}

// shownOther are the parts that the handset shows otherwise than ordered.
func (s *Session) shownOther() uint8 {
	h, o := &s.Handset, &s.Order
	return bit(h.MDN != "" && h.MDN != o.MDN)*partMDN | bit(h.MIN != "" && h.MIN != o.MIN())*partNAM |
		bit(h.HasPRL && o.PRL != nil && !h.holds(o.PRL))*partPRL
}

// settleDoubt: a Commit puts all into effect or nothing, so one part that is not
// as ordered tells that the Commit of a way before, whose answer is missing, did
// not take.
func (m *machine) settleDoubt() {
	if m.s.doubt&m.s.shownOther() != 0 {
		m.s.doubt, m.s.changed = 0, 0
	}
}

// recall: nothing is left to be written, and a Commit of a way before is in
// doubt. It took, when the handset shows all that it was for, or one part of it
// that was not so before. What this way had no means for is in effect then too.
func (m *machine) recall() {
	s := &m.s
	if s.doubt&^s.same != 0 && s.changed&s.same == 0 {
		m.fail(ReasonCommitInDoubt, "not all that a way before may have committed can be read")
		return
	}
	s.same |= s.doubt
	words := partWords(s.doubt)
	s.Result.Skipped = slices.DeleteFunc(slices.Clone(s.Result.Skipped), func(k Skipped) bool { return slices.Contains(words, k.Part) })
	m.inEffect()
}

// unsettled: what a way before may have put into effect outweighs how the last
// way ended.
func (m *machine) unsettled() {
	r := &m.s.Result
	if m.s.doubt == 0 || m.s.Committed || r.Reason == ReasonCommitInDoubt {
		return
	}
	why := "the Commit of a way before; then " + string(r.Reason)
	if r.Detail != "" {
		why += ": " + r.Detail
	}
	r.Reason, r.Detail = ReasonCommitInDoubt, why
}
