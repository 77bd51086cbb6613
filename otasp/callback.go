package otasp

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// How long a handset that was invited is waited for, and how long it may take
// with one document. Practice is 72 hours for the first; handsets give up a whole
// conversation after 15 minutes.
const (
	defaultCallbackTime = 72 * time.Hour
	defaultIdleTime     = 2 * time.Minute
)

// startByCallback: with a TRN there is a call, which the MSC is asked about.
// Otherwise the handset is what the trigger says, until it has come.
func (m *machine) startByCallback() {
	t := &m.s.Trigger
	m.s.Terminal = t.terminal()
	switch {
	case t.TRN != "":
		m.enter(PhaseAttach)
	case t.MDN == "":
		m.fail(ReasonNoOrder, "a handset that is to be invited needs an MDN")
	default:
		m.enter(PhaseResolve)
	}
}

// startByHandset: the handset waits for its first document already.
func (m *machine) startByHandset() {
	t := &m.s.Trigger
	m.s.Terminal = t.terminal()
	m.converse()
	if t.ESN == 0 && t.MEID == "" {
		m.fail(ReasonNoOrder, "a handset that comes by itself has to say which it is")
		return
	}
	m.enter(PhaseResolve)
}

func (t *Trigger) terminal() Terminal { return Terminal{ESN: t.ESN, MEID: t.MEID, MIN: t.MIN} }

// converse: from here on the handset is there, and the time of the session counts.
func (m *machine) converse() {
	m.s.taken |= takenMMC
	m.s.MMC.Until = m.ev.At.Add(cmp.Or(m.s.Trigger.Options.SessionTime, defaultSessionTime))
}

// calledBack: the handset asked for its URL. It answers no request, and comes
// when it likes: also when another way is tried already.
func (m *machine) calledBack() {
	s := &m.s
	if s.Phase != PhaseInvite {
		m.anomaly("nobody is invited in %s", s.Phase)
		return
	}
	m.converse()
	if t := m.ev.Terminal; t != nil {
		if s.Trigger.excludes(t) || (&Trigger{ESN: s.Terminal.ESN, MEID: s.Terminal.MEID}).excludes(t) {
			m.fail(ReasonOtherOrder, "another handset called back")
			return
		}
		s.Terminal = t.or(s.Terminal)
	}
	m.advance()
}

// excludes reports whether u is surely another handset than the trigger says.
func (t *Trigger) excludes(u *Terminal) bool {
	return t.ESN != 0 && u.ESN != 0 && t.ESN != u.ESN ||
		t.MEID != "" && u.MEID != "" && !strings.EqualFold(t.MEID, u.MEID)
}

// notInvited: the invitation did not go out, or did not arrive. One that may
// have arrived is as good as one that has: the handset comes, or its time ends.
func (m *machine) notInvited(f Failure) {
	switch {
	case f.Class == NoAnswer || f.Class == HandsetGone:
		m.anomaly("whether the handset was invited is not known: %s", f.Detail)
	case f.Class == StoreTrouble && m.s.Attempt < m.repeats(f.Class):
		m.again()
	default:
		m.fail(ReasonNotInvited, f.Detail)
	}
}

// opened: the handset tells who it is. Nothing has been written yet.
func (m *machine) opened() {
	s, p := &m.s, m.ev.Profile
	if p == nil {
		m.fail(ReasonProtocol, "the report names no handset")
		return
	}
	s.Handset.Profile = p.cut()
	if !s.Trigger.knows(p.MDN) {
		m.fail(ReasonOtherOrder, "the handset has another MDN than the trigger says")
		return
	}
	if l := s.Order.PRL; s.listAsObject() && len(l.Data) == 0 {
		m.skip("prl", "the list "+l.Name+" is not in the store")
	}
	m.advance()
}

// knows reports whether a handset may have that MDN. A new one has none; one
// that was programmed before has what it is to get.
func (t *Trigger) knows(mdn string) bool {
	return mdn == "" || t.MDN == "" && t.OldMDN == "" || mdn == t.MDN || mdn == t.OldMDN
}

// maxProfile is how much of each text of a profile a session keeps.
const maxProfile = 64

func (p *Profile) cut() Profile {
	q := *p
	for _, t := range q.texts() {
		*t = strings.ToValidUTF8((*t)[:min(len(*t), maxProfile)], "")
	}
	return q
}

// mmcDone: the handset reported about a document that carries no IS-683.
func (m *machine) mmcDone() {
	refused := m.ev.Rejected
	switch m.s.Phase {
	case PhaseObjects:
		m.objectsWritten(refused)
	case PhasePRLObject:
		if len(refused) > 0 {
			m.chunkRefused(refused[0].Why)
			return
		}
		m.chunkWritten()
	case PhaseCommitMMC:
		if len(refused) > 0 {
			m.commitRefused(refused[0].Why)
			return
		}
		m.inEffect()
	case PhaseDisconnect:
		m.disconnected()
	}
}

// objectsWritten leaves out the objects that the handset did not take.
func (m *machine) objectsWritten(refused []Rejection) {
	taken := 0
	for _, o := range m.s.Order.Objects {
		if i := slices.IndexFunc(refused, func(r Rejection) bool { return r.Object == o.Name }); i >= 0 {
			m.skip("object "+o.Name, refused[i].Why)
			continue
		}
		taken++
	}
	if taken+len(refused) != len(m.s.Order.Objects) {
		m.anomaly("%d objects refused, %d of %d are left", len(refused), taken, len(m.s.Order.Objects))
	}
	if taken > 0 {
		m.s.parts |= partObjects
	}
	m.advance()
}

func (m *machine) chunkWritten() {
	s := &m.s
	s.Offset += uint16(s.chunkSize())
	if int(s.Offset) < len(s.Order.PRL.Data) {
		m.enter(PhasePRLObject)
		return
	}
	s.parts |= partPRL
	m.advance()
}

// chunkRefused: the first chunk is left out, and the list with it. What is
// there of one that was begun cannot be taken back but with all the rest.
func (m *machine) chunkRefused(why string) {
	if m.s.Offset > 0 {
		m.fail(ReasonRefused, "a part of the list was not taken: "+why)
		return
	}
	m.skip("prl", why)
	m.advance()
}

const defaultChunkSize = 1024

// chunkSize is the length of the chunk at Offset.
func (s *Session) chunkSize() int {
	return min(int(cmp.Or(s.Trigger.Options.ChunkSize, defaultChunkSize)), len(s.Order.PRL.Data)-int(s.Offset))
}

// chunk is the next part of the list, as an object.
func (s *Session) chunk() Effect {
	list, at := s.Order.PRL.Data, int(s.Offset)
	return Effect{Kind: WritePRL, Message: list[at : at+s.chunkSize()], Offset: uint32(at), Total: uint32(len(list))}
}

// commitRefused: nothing that the handset was given is in effect.
func (m *machine) commitRefused(why string) {
	m.s.inDoubt = false
	m.fail(ReasonCommitRefused, why)
}

// disconnected: the handset has its last document, or does not want it.
func (m *machine) disconnected() {
	m.s.taken &^= takenMMC
	m.advance()
}
