package prl

import (
	"fmt"
	"strconv"
	"strings"
)

// String is the record on one line, without its number.
func (a *AcquisitionRecord) String() string {
	var s strings.Builder
	if !a.Type.named() {
		s.WriteString("type ")
	}
	s.WriteString(a.Type.String())
	switch a.Type {
	case CellularAnalog, CellularCDMAPreferred:
		fmt.Fprintf(&s, ", side %v", a.AB)
	case CellularCDMAStandard, JTACSCDMAStandard:
		fmt.Fprintf(&s, ", side %v, %v", a.AB, a.PriSec)
	}
	for _, ch := range a.Channels {
		fmt.Fprintf(&s, " %d", ch)
	}
	for _, b := range a.Blocks {
		fmt.Fprintf(&s, " %v", b)
	}
	for _, b := range a.Bands {
		fmt.Fprintf(&s, " band %d channel %d", uint8(b.Band), b.Channel)
	}
	if len(a.Extra) > 0 {
		fmt.Fprintf(&s, " + %v", a.Extra)
	}
	return s.String()
}

// Identity names the system of the record: "SID 22 NID any", "HRPD c0a8/16",
// "PLMN 310-00".
func (s *SystemRecord) Identity() string {
	switch {
	case s.Type == System1x:
		return "SID " + orAny(s.SID, AnySID) + " NID " + orAny(s.EffectiveNID(), AnyNID)
	case s.Type == SystemHRPD && s.HRPD != nil:
		return s.HRPD.String()
	case s.Type == SystemPLMN && s.PLMN != nil:
		return s.PLMN.String()
	}
	return fmt.Sprintf("type %v %v", s.Type, s.Extra)
}

func orAny(v, wildcard uint16) string {
	if v == wildcard {
		return "any"
	}
	return strconv.Itoa(int(v))
}

func (h *HRPDSystem) String() string {
	s := "HRPD subnet " + h.SubnetLSB.String()
	if h.CommonIncluded {
		s += fmt.Sprintf(" after common subnet at %d", h.CommonOffset)
	}
	return s
}

func (s *Subnet) String() string {
	if s.Bits == 0 {
		return "any"
	}
	return fmt.Sprintf("%v/%d", s.Octets, s.Bits)
}

func (p *PLMNSystem) String() string {
	s := fmt.Sprintf("PLMN %v-%v", p.MCC, p.MNC)
	for _, id := range p.SIDs {
		s += fmt.Sprintf(" SID %d", id.SID)
		if p.Subtype == 2 {
			s += fmt.Sprintf(" NID %d", id.NID)
		}
	}
	for i := range p.Subnets {
		s += " subnet " + p.Subnets[i].String()
	}
	return s
}

func (a *Association) String() string {
	return fmt.Sprintf("tag %d PN %v data %v", a.Tag, a.PN, a.Data)
}
