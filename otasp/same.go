package otasp

import (
	"slices"

	"github.com/otagate/otagate/otasp/is683"
)

// skipsSame: what the handset has already as ordered is not sent.
func (s *Session) skipsSame() bool {
	return s.Way == ByNetwork || s.Trigger.Options.SkipSame || len(s.Attempts) > 0
}

// unchanged are the parts of the Download Request whose blocks, as the handset
// showed them, hold what is ordered. Of a NAM all of it counts: a home system
// that moved is ordered with the IMSI that stays.
func (s *Session) unchanged(r *is683.ConfigurationResponse) (parts uint8) {
	o := &s.Order
	for _, b := range r.Blocks {
		if b.Result != is683.Accepted {
			continue
		}
		switch {
		case b.ID == is683.BlockMDN && s.Handset.MDN == o.MDN:
			parts |= partMDN
		case b.ID == is683.BlockIMSIT && o.IMSIT != nil && s.Handset.IMSIT == *o.IMSIT:
			parts |= partIMSIT
		case b.ID == s.Handset.NAMBlock && o.NAM != nil && o.NAM.shownBy(b.ID, b.Data):
			parts |= partNAM
		}
	}
	return parts & s.downloads()
}

// shownBy reports whether a NAM block that was read holds all that a download
// of n would write.
func (n *NAM) shownBy(block uint8, data []byte) bool {
	if block == is683.BlockCDMANAM {
		var r is683.CDMANAMResponse
		return r.Decode(data) == nil && n.is(r.IMSIM, r.Access, r.StoredSIDNID)
	}
	var r is683.CDMAAnalogNAMResponse
	if n.Analog == nil || r.Decode(data) != nil {
		return false
	}
	return n.is(r.IMSIM, r.Access, r.StoredSIDNID) && *n.Analog == Analog{FirstCHP: r.FirstCHP, HomeSID: r.HomeSID, EX: r.EX}
}

func (n *NAM) is(i is683.IMSIM, a is683.Access, pairs []is683.SIDNID) bool {
	return n.imsi() == i && n.access() == a && slices.Equal(n.SIDNID, pairs)
}

// holds reports whether the handset has the list, by its PR_LIST_ID and kind.
func (h *Handset) holds(p *PRL) bool {
	return h.CurPRL > 0 && h.PRLID == p.ID && p.Extended == (h.PRLPRev == is683.SSPRPRevExtended)
}
