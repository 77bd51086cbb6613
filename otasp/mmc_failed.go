package otasp

import (
	"cmp"
	"time"
)

// clock sets the timer of a session over MMC: each document has its time, and
// all of them together that of the session. While others are asked, only the
// latter counts. What is released when it is over has none.
func (m *machine) clock() {
	s := &m.s
	o := &s.Trigger.Options
	idle := m.ev.At.Add(cmp.Or(o.IdleTime, defaultIdleTime))
	switch {
	case !s.OverMMC():
	case s.Phase == PhaseInvite:
		if s.Attempt == 0 {
			m.setTimer(m.ev.At.Add(cmp.Or(o.CallbackTime, defaultCallbackTime)))
		}
	case s.Phase == PhaseDisconnect: // whatever the time of the session is, as it may be the reason
		m.setTimer(idle)
	case s.MMC.Until.IsZero() || s.Phase > PhaseDisconnect:
	case s.Phase.document():
		m.setTimer(earlier(idle, s.MMC.Until))
	case !s.Deadline.Equal(s.MMC.Until):
		m.setTimer(s.MMC.Until)
	}
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// document reports whether the request of the phase, over MMC, is a document.
func (p Phase) document() bool {
	switch awaits(p) {
	case Opened, Reverse, MMCDone:
		return true
	}
	return false
}

// idle reports whether the timer was for a document, and not for the session.
func (s *Session) idle() bool {
	return s.OverMMC() && s.Phase.document() && s.Deadline.Before(s.MMC.Until)
}

// undelivered handles a document that was not carried out. There are no
// repetitions: nothing can be sent to a handset that does not ask.
func (m *machine) undelivered(f Failure) {
	p, refused := m.s.Phase, f.Class == PeerRefused
	switch {
	case p == PhaseDisconnect:
		m.disconnected()
	case p == PhaseOTAPAStart && !refused && f.Class != NotReached:
		m.s.taken |= maybeOTAPA
		m.giveUp(f)
	case p == PhaseObjects && refused:
		m.skip("objects", f.Detail)
		m.advance()
	case p == PhasePRLObject && refused:
		m.chunkRefused(f.Detail)
	case (p == PhaseCommit || p == PhaseCommitMMC) && refused:
		m.commitRefused(f.Detail)
	case p == PhaseCommit && f.Class != NotReached:
		m.fail(ReasonCommitInDoubt, f.Detail)
	default:
		m.giveUp(f)
	}
}

// left: the conversation is over, and the handset drops what was not committed.
// Nothing can be stopped or closed there any more.
func (m *machine) left(f Failure) {
	s := &m.s
	s.taken &^= takenMMC | takenOTAPA | maybeOTAPA
	switch p := s.Phase; {
	case p == PhaseDisconnect:
		m.advance()
	case p >= PhaseCommitKey:
		m.giveUp(f)
	case p == PhaseCommit || s.inDoubt:
		m.fail(ReasonCommitInDoubt, "the conversation ended before the commit was reported: "+f.Detail)
	default:
		m.fail(ReasonHangUp, "the conversation ended in "+p.String()+": "+f.Detail)
	}
}

// renew asks once more, after a restart, for what the phase waits for, under the
// number that it has: the handset may fetch the document again, or report about
// it. A code and a signature are not asked for again, and what goes elsewhere is
// as without MMC.
func (m *machine) renew() bool {
	s := &m.s
	switch p := s.Phase; {
	case !s.OverMMC():
		return false
	case p == PhaseInvite:
		m.out = append(m.out, Effect{Kind: SetTimer, At: s.Deadline})
	case p == PhaseVerifySPC || p == PhaseChangeSPC || p == PhaseValidateSPASM || !p.document():
		return false
	default:
		if p == PhaseOTAPAStart {
			s.taken |= maybeOTAPA
		}
		m.clock()
	}
	m.emit()
	return true
}
