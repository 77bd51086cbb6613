package prl

import "fmt"

// Limits are what the handset said it can take: MAX_PR_LIST_SIZE and
// SSPR_P_REV. Zero means not known.
type Limits struct {
	MaxSize int
	PRev    uint8
}

// Problem is one thing that is wrong with a list. A warning does not keep the
// list from working.
type Problem struct {
	Where   string // "list", "acquisition record 3", "system record 17"
	Text    string
	Warning bool
}

func (p Problem) String() string {
	if p.Warning {
		return p.Where + ": warning: " + p.Text
	}
	return p.Where + ": " + p.Text
}

// Validate checks what the octets alone do not: that indices point into their
// tables, that there is a system to use, that the list is not too big or too
// new for the handset, and that no reserved value is used. What Decode found
// odd comes back as warnings.
func Validate(l *List, limits Limits) []Problem {
	var p problems
	p.list(l, limits)
	for i := range l.Acquisition {
		p.acquisition(i, &l.Acquisition[i])
	}
	offsets := commonOffsets(l.CommonSubnet)
	used := make([]bool, len(l.Acquisition))
	for i := range l.System {
		s := &l.System[i]
		p.system(i, s, l)
		if h := s.HRPD; h != nil && h.CommonIncluded && !offsets[h.CommonOffset] {
			p.bad(systemAt(i), "SUBNET_COMMON_OFFSET %d is not the start of a common subnet record", h.CommonOffset)
		}
		if int(s.AcqIndex) < len(used) {
			used[s.AcqIndex] = true
		}
	}
	for i, u := range used {
		if !u {
			p.warn(acquisitionAt(i), "no system record refers to it")
		}
	}
	return p
}

type problems []Problem

func (p *problems) bad(where, format string, args ...any) {
	*p = append(*p, Problem{Where: where, Text: fmt.Sprintf(format, args...)})
}

func (p *problems) warn(where, format string, args ...any) {
	*p = append(*p, Problem{Where: where, Text: fmt.Sprintf(format, args...), Warning: true})
}

func acquisitionAt(i int) string { return fmt.Sprintf("acquisition record %d", i) }
func systemAt(i int) string      { return fmt.Sprintf("system record %d", i) }

func (p *problems) list(l *List, limits Limits) {
	for _, a := range l.Anomalies {
		p.warn("list", "%s", a)
	}
	b, err := l.Append(nil)
	if err != nil {
		p.bad("list", "cannot be encoded: %v", err)
	}
	if limits.MaxSize > 0 && len(b) > limits.MaxSize {
		p.bad("list", "%s, the handset takes %d", octets(len(b)), limits.MaxSize)
	}
	if limits.PRev > 0 && l.PRev > limits.PRev {
		p.bad("list", "SSPR_P_REV %d, the handset takes %d", l.PRev, limits.PRev)
	}
	preferred := 0
	for i := range l.System {
		if l.System[i].Preferred {
			preferred++
		}
	}
	if preferred == 0 {
		p.bad("list", "no preferred system record")
	}
	p.roamInd("list", "DEF_ROAM_IND", l.DefRoamInd)
}

func (p *problems) acquisition(i int, a *AcquisitionRecord) {
	where := acquisitionAt(i)
	switch a.Type {
	case CellularAnalog, CellularCDMAPreferred, CellularCDMAStandard, JTACSCDMAStandard:
		if a.AB == 2 {
			p.bad(where, "A_B 2 is reserved")
		}
		if a.PriSec == 0 && (a.Type == CellularCDMAStandard || a.Type == JTACSCDMAStandard) {
			p.bad(where, "PRI_SEC 0 is reserved")
		}
	case CellularCDMACustom, PCSCDMAChannels, JTACSCDMACustom, IMT2000CDMAChannels:
		if len(a.Channels) == 0 {
			p.bad(where, "no channel")
		}
	case PCSCDMABlocks:
		if len(a.Blocks) == 0 {
			p.bad(where, "no block")
		}
		for _, b := range a.Blocks {
			if b == 6 {
				p.bad(where, "BLOCK 6 is reserved")
			}
		}
	case Generic1x, GenericHRPD:
		if len(a.Bands) == 0 {
			p.bad(where, "no channel")
		}
	default:
		p.warn(where, "ACQ_TYPE %d is not known", a.Type)
	}
	if a.Type.named() && len(a.Extra) > 0 {
		p.warn(where, "%s behind the body", octets(len(a.Extra)))
	}
}

func (t AcqType) named() bool { return t >= CellularAnalog && t <= GenericHRPD }

func (p *problems) system(i int, s *SystemRecord, l *List) {
	where := systemAt(i)
	if int(s.AcqIndex) >= len(l.Acquisition) {
		p.bad(where, "ACQ_INDEX %d, but there are %d acquisition records", s.AcqIndex, len(l.Acquisition))
	} else if t := l.Acquisition[s.AcqIndex].Type; s.Type.named() && t.named() && (s.Type == SystemHRPD) != (t == GenericHRPD) {
		p.warn(where, "a %v system with an acquisition record for %v", s.Type, t)
	}
	if i == 0 && s.SameGeo {
		p.bad(where, "GEO says the same area as the record before, but there is none")
	}
	if s.NIDIncl == 3 {
		p.bad(where, "NID_INCL 3 is reserved")
	}
	if !s.Type.named() {
		p.warn(where, "SYS_RECORD_TYPE %d is not known", s.Type)
	} else if len(s.Extra) > 0 {
		p.warn(where, "%s behind the known fields", octets(len(s.Extra)))
	}
	if s.Preferred {
		p.roamInd(where, "ROAM_IND", s.RoamInd)
	}
}

func (p *problems) roamInd(where, field string, v uint8) {
	if RoamIndName(v) == "" {
		p.warn(where, "%s %d is reserved", field, v)
	}
}

// commonOffsets are the octet offsets at which records of the table start.
func commonOffsets(t []CommonSubnetRecord) map[uint16]bool {
	offsets := make(map[uint16]bool, len(t))
	at := 0
	for i := range t {
		offsets[uint16(at)] = true
		at += 1 + len(t[i].Subnet)
	}
	return offsets
}
