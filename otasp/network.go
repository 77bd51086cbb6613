package otasp

import (
	"cmp"
	"time"

	"github.com/otagate/otagate/otasp/is683"
)

// How long a handset that is away is waited for, and how often the HLR is asked
// meanwhile. The standard's timers are not public; operators set them.
const (
	defaultAwayTime = 72 * time.Hour
	defaultAskAgain = 6 * time.Hour
)

// startByNetwork: flow (j) of the sheet on IS-725. There is no call to attach
// to, so the handset is what the trigger says, until the HLR has told.
func (m *machine) startByNetwork() {
	t := &m.s.Trigger
	m.s.Terminal = Terminal{ESN: t.ESN, MIN: t.MIN}
	if t.MDN == "" {
		m.fail(ReasonNoOrder, "a session that the network initiates needs an MDN")
		return
	}
	m.enter(PhaseResolve)
}

// located: the time of the session counts from here on.
func (m *machine) located() {
	s := &m.s
	if m.ev.MSC == "" {
		m.fail(ReasonProtocol, "the HLR names no MSC")
		return
	}
	if t := m.ev.Terminal; t != nil {
		if s.Trigger.excludes(t) {
			m.fail(ReasonOtherOrder, "the subscriber has another handset than the trigger says")
			return
		}
		s.Terminal = t.or(s.Terminal)
	}
	s.Trigger.MSC = m.ev.MSC
	m.alive()
	m.enter(PhaseOTAPAStart)
}

// or is what t tells, and where it tells nothing what u does.
func (t *Terminal) or(u Terminal) Terminal {
	u.ESN, u.MEID, u.MIN, u.IMSI = cmp.Or(t.ESN, u.ESN), cmp.Or(t.MEID, u.MEID), cmp.Or(t.MIN, u.MIN), cmp.Or(t.IMSI, u.IMSI)
	u.SystemID, u.Switch, u.Capabilities = cmp.Or(t.SystemID, u.SystemID), cmp.Or(t.Switch, u.Switch), cmp.Or(t.Capabilities, u.Capabilities)
	return u
}

// postponed: the handset is away. The HLR says so, or the MSC that it named
// when there is to be a traffic channel.
func (m *machine) postponed() {
	switch {
	case !m.current():
	case m.s.Phase == PhaseLocate:
		m.await()
	case m.s.Phase == PhaseOTAPAStart && m.s.Way == ByNetwork:
		m.s.taken &^= takenOTAPA | takenChannel | maybeOTAPA // there is no channel to a handset that is away
		m.await()
	default:
		m.anomaly("unexpected answer in %s", m.s.Phase)
	}
}

// await waits for SMSNOT. How long is counted from the first time, so that a
// handset that comes and goes does not keep the session for ever.
func (m *machine) await() {
	s := &m.s
	o := &s.Trigger.Options
	if s.OTAPA.AwayUntil.IsZero() {
		s.OTAPA.AwayUntil = m.ev.At.Add(cmp.Or(o.AwayTime, defaultAwayTime))
	}
	next := m.ev.At.Add(cmp.Or(o.AskAgain, defaultAskAgain))
	if next.After(s.OTAPA.AwayUntil) {
		next = s.OTAPA.AwayUntil
	}
	s.Phase, s.Attempt = PhaseAway, 0
	s.Req++ // what was asked is settled
	m.out = append(m.out, Effect{Kind: AwaitHandset})
	m.setTimer(next)
}

// waits: the handset is away, or was and the HLR is asked again.
func (s *Session) waits() bool {
	return s.Phase == PhaseAway || s.Phase == PhaseLocate && !s.OTAPA.AwayUntil.IsZero()
}

// handsetBack: SMSNOT says that the handset can be reached. It may overtake an
// answer of the HLR, which is out of date then.
func (m *machine) handsetBack() {
	switch {
	case !m.s.waits():
		m.anomaly("nobody waits for the handset in %s", m.s.Phase)
	case m.ev.MSC == "":
		m.lookAgain()
	default:
		m.s.Req++
		m.located()
	}
}

// lookAgain asks the HLR where a handset is that was away.
func (m *machine) lookAgain() {
	m.setTimer(m.s.OTAPA.AwayUntil)
	m.enter(PhaseLocate)
}

// stillAway: after a restart SMSNOT may have come and be lost, so the HLR is
// asked beside.
func (m *machine) stillAway() {
	m.out = append(m.out, Effect{Kind: AwaitHandset})
	m.lookAgain()
}

// expired: what the one timer was for, the phase says.
func (m *machine) expired() {
	switch {
	case m.s.Phase == PhaseAway && m.s.Deadline.Before(m.s.OTAPA.AwayUntil):
		m.lookAgain()
	case m.s.waits():
		m.fail(ReasonAway, "the handset could not be reached in the time it was waited for")
	case m.s.Phase == PhaseInvite:
		m.fail(ReasonNoCallback, "the handset did not call back in the time it was waited for")
	case m.s.idle():
		m.left(Failure{Class: HandsetGone, Detail: "no report in time"})
	default:
		m.stop(ReasonTimeout)
	}
}

// notLocated: an HLR that does not answer while a handset is away changes
// nothing; it is asked again later.
func (m *machine) notLocated(f Failure) {
	switch {
	case f.Class == PeerRefused || f.Class == UnknownTRN:
		m.fail(ReasonDenied, f.Detail)
	case m.s.waits():
		m.await()
	case f.Class == HandsetMute || f.Class == HandsetGone:
		m.fail(ReasonHandsetMute, f.Detail)
	default:
		m.fail(ReasonHLR, f.Detail)
	}
}

// notStarted: nothing is to be stopped when the request surely went nowhere.
func (m *machine) notStarted(f Failure) {
	if (f.Class == NotReached || f.Class == PeerRefused) && m.s.taken&maybeOTAPA == 0 {
		m.s.taken &^= takenOTAPA | takenChannel
	}
	m.mute(f)
}

// otapa is the answer to both OTAPA Requests.
func (m *machine) otapa(r *is683.OTAPAResponse) {
	switch m.s.Phase {
	case PhaseOTAPAStart:
		m.started(r)
	case PhaseOTAPAStop:
		if r.Result != is683.Accepted {
			m.notStopped(r.Result.String())
			return
		}
		m.s.taken &^= takenOTAPA
		m.advance()
	default:
		m.misfit("an OTAPA Response was not asked for")
	}
}

func (m *machine) started(r *is683.OTAPAResponse) {
	switch {
	case r.Result == is683.MobileLocked:
		m.fail(ReasonLocked, r.Result.String())
	case r.Result != is683.Accepted:
		m.fail(ReasonRefused, "OTAPA Request: "+r.Result.String())
	default:
		m.s.OTAPA.NAMLock, m.s.OTAPA.RandOTAPA = r.NAMLock, r.RandOTAPA
		m.advance()
	}
}

// notStopped records that the handset was not told that it is over; it learns
// it when the channel goes.
func (m *machine) notStopped(why string) {
	m.remark("OTAPA not stopped: " + why)
	m.s.taken &^= takenOTAPA
	m.advance()
}

// authBSBits is the length of AUTHBS and of AUTH_OTAPA.
const authBSBits = 18

// signature is the AC's answer to the handset's challenge.
func (m *machine) signature(r *ACResult) {
	switch {
	case r.DenyAccess != 0:
		m.denied(r)
	case r.AuthBS == 0:
		m.acFailed("the answer has no AUTHBS")
	case r.AuthBS>>authBSBits != 0:
		m.acFailed("the AUTHBS of the answer has more than 18 bits")
	default:
		m.s.OTAPA.AuthOTAPA = r.AuthBS
		m.advance()
	}
}

// spasm proves that the network may program the handset. The NAM stays locked
// as it is; no order says otherwise.
func (s *Session) spasm() is683.Message {
	block := is683.SPASM{AuthOTAPAIncluded: true, AuthOTAPA: s.OTAPA.AuthOTAPA, NAMLock: s.OTAPA.NAMLock}
	data, err := block.Append(nil)
	if err != nil {
		return unencodable{err}
	}
	return &is683.ValidationRequest{Blocks: []is683.Block{{ID: is683.ValidationValidateSPASM, Data: data}}}
}
