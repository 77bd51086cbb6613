package otasp

import (
	"fmt"

	"github.com/otagate/otagate/otasp/is683"
)

// dimensions: what list the handset holds and how long a list it takes. A
// handset with an extended list refuses block 0 and is asked block 2 then.
func (m *machine) dimensions(r *is683.SSPRConfigurationResponse) {
	h := &m.s.Handset
	if m.s.Phase != PhaseSSPRDimensions && m.s.Phase != PhaseReadBackPRL || r.BlockID != h.PRLBlock {
		m.misfit("an SSPR Configuration Response was not asked for")
		return
	}
	if r.Result == is683.PRLFormatMismatch && h.PRLBlock == is683.SSPRDimensions {
		h.PRLBlock = is683.SSPRExtendedDimensions
		m.enter(m.s.Phase)
		return
	}
	var now Handset
	var err error
	if r.Result == is683.Accepted {
		err = now.readDimensions(h.PRLBlock, r.Data)
	}
	if err != nil {
		m.misfit(err.Error())
		return
	}
	if m.s.Phase == PhaseReadBackPRL {
		m.readBackPRL(r.Result, now.PRLID)
		return
	}
	switch {
	case r.Result == is683.Accepted:
		h.PRLID, h.MaxPRL, h.CurPRL, h.PRLPRev, h.HasPRL = now.PRLID, now.MaxPRL, now.CurPRL, now.PRLPRev, true
		m.settleDoubt()
		m.fit()
	case m.s.Order.PRL != nil && !m.s.listAsObject():
		m.skip("prl", r.Result.String())
	default: // of a read-out
		m.remark("the roaming list: " + r.Result.String())
	}
	m.advance()
}

func (h *Handset) readDimensions(block uint8, data []byte) error {
	if block == is683.SSPRExtendedDimensions {
		var d is683.ExtendedPRLDimensions
		err := d.Decode(data)
		h.PRLID, h.MaxPRL, h.CurPRL, h.PRLPRev = d.PRListID, d.MaxSize, d.CurSize, d.SSPRPRev
		return err
	}
	var d is683.PRLDimensions
	err := d.Decode(data)
	h.PRLID, h.MaxPRL, h.CurPRL, h.PRLPRev = d.PRListID, d.MaxSize, d.CurSize, is683.SSPRPRevClassic
	return err
}

// fit leaves the list out when the handset has it, or could only refuse it.
func (m *machine) fit() {
	p := m.s.Order.PRL
	if p == nil { // a read-out
		return
	}
	if m.s.skipsSame() && m.s.Handset.holds(p) {
		m.s.same |= partPRL
		return
	}
	switch n, most := len(p.Data), int(m.s.Handset.MaxPRL); {
	case n == 0:
		m.skip("prl", "the list "+p.Name+" is not in the store")
	case n > most:
		m.skip("prl", fmt.Sprintf("the list has %d octets, the handset takes %d", n, most))
	}
}

// segmentTaken: the answer repeats offset and size of the segment; when they
// are others, the same segment goes out again.
func (m *machine) segmentTaken(r *is683.SSPRDownloadResponse) {
	s := &m.s
	if r.Result != is683.Accepted {
		m.segmentRefused(r.Result)
		return
	}
	size := s.segmentSize()
	if r.Offset != s.Offset || int(r.Size) != size {
		m.misfit(fmt.Sprintf("the handset confirms %d octets at %d, sent were %d at %d", r.Size, r.Offset, size, s.Offset))
		return
	}
	s.Offset += uint16(size)
	if int(s.Offset) < len(s.Order.PRL.Data) {
		m.enter(PhaseSSPRDownload)
		return
	}
	s.parts |= partPRL
	m.advance()
}

// segmentRefused: a segment that was sent again may be refused because the
// handset has it already. Then the whole list is sent once more.
func (m *machine) segmentRefused(res is683.ResultCode) {
	if s := &m.s; s.Attempt > 0 && !s.listAgain {
		s.listAgain, s.Offset = true, 0
		m.enter(PhaseSSPRDownload)
		return
	}
	m.skip("prl", res.String())
	m.advance()
}

// segmentSize is the length of the segment at Offset.
func (s *Session) segmentSize() int {
	n := int(s.Trigger.Options.SegmentSize)
	if n == 0 {
		n = defaultSegmentSize
	}
	return min(n, len(s.Order.PRL.Data)-int(s.Offset))
}
