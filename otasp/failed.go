package otasp

// defaultRepeats is how often an unanswered request is sent again.
const defaultRepeats = 2

// failed handles a request that was not carried out.
func (m *machine) failed(f Failure) {
	if m.s.Phase == PhaseAway {
		m.anomaly("nothing to fail in %s", m.s.Phase)
		return
	}
	if m.s.Phase == PhaseInvite {
		m.notInvited(f)
		return
	}
	if f.Class == HandsetGone {
		m.handsetGone(f)
		return
	}
	if m.s.OverMMC() && m.s.Phase.document() {
		m.undelivered(f)
		return
	}
	if m.s.Phase == PhaseAttach && f.Class == NoAnswer {
		m.s.taken |= maybeTRN
	}
	if m.s.Phase == PhaseOTAPAStart && (f.Class == NoAnswer || f.Class == HandsetMute) {
		m.s.taken |= maybeOTAPA
	}
	if m.s.Phase == PhaseCommit && f.Class != NotReached {
		m.doubt() // whatever the peer says, the handset may have it
		return
	}
	if f.Class != PeerRefused && f.Class != UnknownTRN && m.s.Attempt < m.repeats(f.Class) {
		m.again()
		return
	}
	m.giveUp(f)
}

// repeats is how often the request of the present phase may be sent again. An
// SPC is never repeated unless it surely did not arrive: a handset counts wrong
// ones. A signature is taken for the same, as it belongs to one challenge.
func (m *machine) repeats(c FailureClass) uint8 {
	n := m.s.Trigger.Options.Repeats
	if n == 0 {
		n = defaultRepeats
	}
	switch m.s.Phase {
	case PhaseValidateSPASM, PhaseVerifySPC, PhaseChangeSPC, PhaseCommit:
		if c != NotReached {
			return 0
		}
	}
	return n
}

// handsetGone: the call has ended, so only the network can still be tidied.
func (m *machine) handsetGone(f Failure) {
	switch p := m.s.Phase; {
	case m.s.taken&takenMMC != 0:
		m.left(f)
	case p >= PhaseCommitKey, p == PhaseDetach, p == PhaseLocate: // no call there
		m.giveUp(f)
	case p == PhaseCommit || m.s.inDoubt:
		m.fail(ReasonCommitInDoubt, "the call ended before Commit was answered")
	default:
		m.fail(ReasonHangUp, "the call ended in "+p.String())
	}
}

// giveUp ends the phase whose request stays undone.
func (m *machine) giveUp(f Failure) {
	switch m.s.Phase {
	case PhaseAttach:
		m.notAttached(f)
	case PhaseResolve:
		m.fail(ReasonBackEnd, f.Detail)
	case PhaseLocate:
		m.notLocated(f)
	case PhaseOTAPAStart:
		m.notStarted(f)
	case PhaseOTAPAStop:
		m.notStopped(f.Detail)
	case PhaseReleaseChannel:
		m.remark("traffic channel not released: " + f.Detail)
		m.s.taken &^= takenChannel
		m.advance()
	case PhaseSPASM, PhaseKeyValues, PhaseKeyAnswer, PhaseSSDUpdate, PhaseReAuthenticateAC, PhaseCommitKey, PhaseReleaseKey:
		m.acFailed(f.Detail)
	case PhaseNewMSID:
		m.afterCommit("record NEWMSID: " + f.Detail)
	case PhaseREGNOT:
		m.afterCommit("initiate REGNOT: " + f.Detail)
	case PhaseDetach, PhaseReleaseTRN:
		m.remark("TRN not released: " + f.Detail)
		m.s.taken &^= takenTRN
		m.advance()
	case PhaseVerifySPC, PhaseChangeSPC:
		m.fail(ReasonSPCInDoubt, "the handset did not answer an SPC, which is never sent twice")
	case PhaseReadBack, PhaseReadBackPRL:
		m.fail(ReasonCommitInDoubt, "the handset could not be read back: "+f.Detail)
	default:
		m.mute(f)
	}
}

func (m *machine) notAttached(f Failure) {
	if f.Class == UnknownTRN {
		m.s.taken &^= takenTRN
		m.fail(ReasonUnknownTRN, f.Detail)
		return
	}
	if (f.Class == NotReached || f.Class == PeerRefused) && m.s.taken&maybeTRN == 0 {
		m.s.taken &^= takenTRN
	}
	m.fail(ReasonMSC, f.Detail)
}

// mute: the handset, or the way to it, gave no usable answer.
func (m *machine) mute(f Failure) {
	if m.s.inDoubt {
		m.fail(ReasonCommitInDoubt, f.Detail)
		return
	}
	switch {
	case f.Class == PeerRefused && m.s.OverMMC():
		m.fail(ReasonRefused, f.Detail)
	case (f.Class == PeerRefused || f.Class == NotReached) && !m.s.OverMMC():
		m.fail(ReasonMSC, f.Detail)
	default:
		m.fail(ReasonHandsetMute, f.Detail)
	}
}
