package otasp

// recovered: the gateway was restarted. The request of the phase may or may
// not have gone out, and its answer will not come any more.
// A session in which the handset is invited, and has not come, is as it was: what
// a restart changes of a hundred thousand of these is nothing.
func (m *machine) recovered() {
	if m.s.Phase == PhaseInvite {
		m.renew()
		return
	}
	m.s.Recoveries++
	if m.s.waits() {
		m.stillAway()
		return
	}
	if m.renew() {
		return
	}
	m.out = append(m.out, Effect{Kind: SetTimer, At: m.s.Deadline})
	switch p := m.s.Phase; p {
	case PhaseAttach:
		m.s.taken |= maybeTRN
		m.enter(p)
	case PhaseOTAPAStart:
		m.s.taken |= maybeOTAPA
		m.enter(p)
	case PhaseSPASM, PhaseValidateSPASM:
		m.enter(PhaseOTAPAStart) // a new challenge: a signature is not sent twice
	case PhaseVerifySPC, PhaseChangeSPC:
		m.fail(ReasonCrash, "an SPC was on its way, and one is never sent twice")
	case PhaseMSKey, PhaseKeyGeneration, PhaseKeyAnswer:
		m.s.Key = KeyExchange{}
		m.enter(PhaseKeyValues) // a new exchange; the AC forgets the first
	case PhaseSSPRDownload:
		m.s.Offset = 0 // how much the handset has is not known: the list begins anew
		m.enter(p)
	case PhaseReAuthenticateAC:
		m.enter(PhaseReAuthenticate)
	case PhaseCommit:
		m.doubt()
	default:
		m.enter(p)
	}
}
