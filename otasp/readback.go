package otasp

import (
	"fmt"
	"slices"

	"github.com/otagate/otagate/otasp/is683"
)

// maxCommits bounds how often Commit is sent in one session: once, and once
// more when the handset read back shows that the first did not take.
const maxCommits = 2

// configuration is the answer to ReadOld and to ReadBack.
func (m *machine) configuration(r *is683.ConfigurationResponse) {
	switch m.s.Phase {
	case PhaseReadOld:
		m.readOld(r)
	case PhaseReadBack:
		m.readBack(r)
	default:
		m.misfit("a Configuration Response was not asked for")
	}
}

// readOld keeps what the handset holds before it is programmed and which NAM
// block it answers: dual-mode handsets the combined one, others the CDMA one.
func (m *machine) readOld(r *is683.ConfigurationResponse) {
	h := &m.s.Handset
	for _, b := range r.Blocks {
		if b.Result != is683.Accepted {
			continue
		}
		if err := h.read(b.ID, b.Data); err != nil {
			m.anomaly("block %d: %v", b.ID, err)
		}
	}
	if m.s.skipsSame() && m.s.feature(is683.FeatureNAMDownload) {
		m.s.same |= m.s.unchanged(r)
	}
	m.settleDoubt()
	if nam := m.s.Order.NAM; nam != nil && h.MaxSIDNID > 0 && len(nam.SIDNID) > int(h.MaxSIDNID) {
		m.fail(ReasonNotRepresent, fmt.Sprintf("the order has %d SID/NID pairs, the handset takes %d", len(nam.SIDNID), h.MaxSIDNID))
		return
	}
	m.advance()
}

func (h *Handset) read(id uint8, data []byte) error {
	switch id {
	case is683.BlockCDMANAM:
		var n is683.CDMANAMResponse
		if err := n.Decode(data); err != nil {
			return err
		}
		h.NAMBlock, h.MaxSIDNID = id, n.MaxSIDNID
		h.readIMSI(n.IMSIM, n.StoredSIDNID)
	case is683.BlockCDMAAnalogNAM:
		var n is683.CDMAAnalogNAMResponse
		if err := n.Decode(data); err != nil {
			return err
		}
		if h.NAMBlock == noNAMBlock {
			h.NAMBlock, h.MaxSIDNID = id, n.MaxSIDNID
			h.readIMSI(n.IMSIM, n.StoredSIDNID)
		}
	case is683.BlockMDN:
		var n is683.MDN
		if err := n.Decode(data); err != nil {
			return err
		}
		h.MDN = n.Digits
	case is683.BlockIMSIT:
		var n is683.IMSIT
		if err := n.Decode(data); err != nil {
			return err
		}
		h.IMSIT = IMSI{MCC: n.MCC, IMSI1112: n.IMSI1112, S: n.S}
	}
	return nil
}

func (h *Handset) readIMSI(i is683.IMSIM, pairs []is683.SIDNID) {
	h.MIN, h.IMSI, h.SIDNID = i.S, IMSI{MCC: i.MCC, IMSI1112: i.IMSI1112, S: i.S}, slices.Clone(pairs)
}

// committed: the handset answered Commit. After a doubt its word alone does
// not do: what was downloaded may have been lost in between.
func (m *machine) committed(res is683.ResultCode) {
	switch {
	case res != is683.Accepted && m.s.inDoubt:
		m.fail(ReasonCommitInDoubt, "the repeated Commit: "+res.String())
	case res != is683.Accepted:
		m.fail(ReasonCommitRefused, res.String())
	case m.s.inDoubt:
		m.s.answered = true
		m.doubt()
	case m.s.OverMMC():
		m.advance() // the handset holds it until it is told to commit all
	default:
		m.inEffect()
	}
}

// inEffect: everything the handset accepted is in effect now.
func (m *machine) inEffect() {
	s := &m.s
	s.parts |= s.doubt & s.same // of a way before
	s.same &^= s.parts
	s.Committed, s.inDoubt, s.doubt, s.changed = true, false, 0, 0
	s.Phase = PhaseCommitMMC // what follows it
	m.advance()
}

// doubt settles a Commit whose answer is missing by reading the handset.
func (m *machine) doubt() {
	m.s.inDoubt = true
	switch {
	case m.has(partNAM | partMDN):
		m.enter(PhaseReadBack)
	case m.has(partPRL):
		m.enter(PhaseReadBackPRL)
	default:
		m.fail(ReasonCommitInDoubt, "nothing that was downloaded can be read back")
	}
}

// verdict is what a reading of the handset says about a Commit.
type verdict uint8

const (
	unclear verdict = iota // old and new are the same
	applied                // the handset holds the new values
	pending                // the handset holds the old values
	neither                // it holds something else
)

func (m *machine) readBack(r *is683.ConfigurationResponse) {
	now := Handset{NAMBlock: noNAMBlock}
	for _, b := range r.Blocks {
		if b.Result != is683.Accepted {
			continue
		}
		if err := now.read(b.ID, b.Data); err != nil {
			m.misfit(err.Error())
			return
		}
	}
	v := unclear
	if m.has(partMDN) {
		v = v.and(judge(now.MDN, m.s.Handset.MDN, m.s.Order.MDN))
	}
	if m.has(partNAM) {
		v = v.and(judge(now.MIN, m.s.Handset.MIN, m.s.Order.MIN()))
	}
	if v == unclear && m.has(partPRL) {
		m.enter(PhaseReadBackPRL)
		return
	}
	m.settle(v)
}

func (m *machine) readBackPRL(res is683.ResultCode, have uint16) {
	if res != is683.Accepted {
		m.fail(ReasonCommitInDoubt, "reading the list back: "+res.String())
		return
	}
	v := neither
	switch s := &m.s; {
	case have == s.Order.PRL.ID && have == s.Handset.PRLID:
		v = unclear
	case have == s.Order.PRL.ID:
		v = applied
	case have == s.Handset.PRLID:
		v = pending
	}
	m.settle(v)
}

func judge(now, before, ordered string) verdict {
	switch {
	case now == ordered && now == before:
		return unclear
	case now == ordered:
		return applied
	case now == before:
		return pending
	}
	return neither
}

// and combines two readings; a contradiction is neither.
func (v verdict) and(w verdict) verdict {
	switch {
	case v == unclear || v == w:
		return w
	case w == unclear:
		return v
	}
	return neither
}

// settle acts on the verdict. Sending Commit again is safe when the handset
// still holds the old values, and when old and new do not differ.
func (m *machine) settle(v verdict) {
	switch {
	case v == applied:
		m.inEffect()
	case v == unclear && m.s.answered:
		m.inEffect() // a Commit was confirmed, and what can be read is as ordered
	case v == unclear && m.s.commits >= maxCommits:
		m.fail(ReasonCommitInDoubt, "what can be read was as ordered before, and no Commit was answered")
	case v == neither:
		m.fail(ReasonCommitInDoubt, "the handset holds neither the old nor the new values")
	case m.s.commits >= maxCommits:
		m.fail(ReasonCommitInDoubt, "the handset confirmed Commit and still shows the old values")
	default:
		m.enter(PhaseCommit)
	}
}
