package otasp

import "fmt"

// Report values that let a session go on (OTASPREQ result).
const (
	acAccepted     = 0
	reportSucceded = 3
)

// acAnswer handles what the authentication centre answered.
func (m *machine) acAnswer() {
	r := m.ev.AC
	if r == nil {
		m.anomaly("empty answer of the authentication centre")
		return
	}
	if r.HasResult && r.Result != acAccepted {
		m.acFailed(fmt.Sprintf("OTASP_ResultCode %d", r.Result))
		return
	}
	switch m.s.Phase {
	case PhaseSPASM:
		m.signature(r)
	case PhaseKeyValues:
		m.keyValues(r)
	case PhaseKeyAnswer:
		m.s.parts |= partAKey
		m.s.Key = KeyExchange{}
		m.advance()
	case PhaseSSDUpdate:
		if r.SSDUpdate != reportSucceded || r.UniqueChall != 0 && r.UniqueChall != reportSucceded {
			m.acFailed(fmt.Sprintf("SSDUpdateReport %d, UniqueChallengeReport %d", r.SSDUpdate, r.UniqueChall))
			return
		}
		m.advance()
	case PhaseReAuthenticateAC:
		if r.DenyAccess != 0 {
			m.denied(r)
			return
		}
		m.advance()
	default: // CommitKey, ReleaseKey
		m.s.taken &^= takenAKey
		m.advance()
	}
}

func (m *machine) denied(r *ACResult) { m.acFailed(fmt.Sprintf("DenyAccess %d", r.DenyAccess)) }

// aKeyVersion is the one AKeyProtocolVersion that is spoken, and the A_KEY_P_REV
// that goes with it.
const aKeyVersion = 2

func (m *machine) keyValues(r *ACResult) {
	if v := r.AKeyVersion; v != 0 && v != aKeyVersion {
		m.acFailed(fmt.Sprintf("the AC chose AKeyProtocolVersion %d, which was not offered", v))
		return
	}
	if len(r.Modulus) == 0 || len(r.Primitive) == 0 || len(r.BSKey) == 0 {
		m.acFailed("the answer lacks the public encryption values")
		return
	}
	m.s.Key = KeyExchange{P: own(r.Modulus), G: own(r.Primitive), BS: own(r.BSKey)}
	m.advance()
}

// acFailed: before Commit a failure at the AC ends the session, after it the
// failure is recorded and the rest goes on.
func (m *machine) acFailed(why string) {
	switch m.s.Phase {
	case PhaseSSDUpdate:
		m.fail(ReasonSSD, why)
	case PhaseReAuthenticateAC:
		m.fail(ReasonReAuth, why)
	case PhaseCommitKey:
		m.afterCommit("committing the A-key: " + why)
	case PhaseReleaseKey:
		m.remark("A-key not released: " + why)
		m.s.taken &^= takenAKey
		m.advance()
	default:
		m.fail(ReasonAC, why)
	}
}

// afterCommit records a failure that does not undo what the handset holds.
func (m *machine) afterCommit(what string) {
	m.s.Result.Reason = ReasonAfterCommit
	m.remark(what)
	m.leaveKey()
	m.advance()
}

// leaveKey leaves the temporary key with the AC: the handset has it in effect,
// or may have it, and only an operator can say which side is to follow the other.
func (m *machine) leaveKey() {
	if m.s.taken&takenAKey != 0 {
		m.s.taken &^= takenAKey
		m.remark("the AC keeps the temporary A-key")
	}
}

// mscDone: a release, NEWMSID or REGNOT request was carried out.
func (m *machine) mscDone() {
	switch m.s.Phase {
	case PhaseReleaseChannel:
		m.s.taken &^= takenChannel
	case PhaseDetach, PhaseReleaseTRN:
		m.s.taken &^= takenTRN
	}
	m.advance()
}
