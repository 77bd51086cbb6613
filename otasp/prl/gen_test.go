package prl_test

import (
	"errors"

	"pgregory.net/rapid"

	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/otasp/prl"
)

func fieldOf(err error) string {
	var we *wire.Error
	if errors.As(err, &we) {
		return we.Field
	}
	return ""
}

// genList draws a list that Append can represent, in the shape Decode gives.
func genList(t *rapid.T) *prl.List {
	l := &prl.List{
		ID:         rapid.Uint16().Draw(t, "PR_LIST_ID"),
		PRev:       rapid.SampledFrom([]uint8{prl.Classic, prl.Extended}).Draw(t, "PRev"),
		PrefOnly:   rapid.Bool().Draw(t, "PREF_ONLY"),
		DefRoamInd: rapid.Uint8().Draw(t, "DEF_ROAM_IND"),
	}
	for range rapid.IntRange(0, 6).Draw(t, "NUM_ACQ_RECS") {
		l.Acquisition = append(l.Acquisition, genAcquisition(t, l.PRev))
	}
	for range rapid.IntRange(0, 6).Draw(t, "NUM_SYS_RECS") {
		l.System = append(l.System, genSystem(t, l.PRev))
	}
	if l.PRev == prl.Extended {
		for range rapid.IntRange(0, 3).Draw(t, "NUM_COMMON_SUBNET_RECS") {
			l.CommonSubnet = append(l.CommonSubnet, prl.CommonSubnetRecord{Subnet: octets(t, 15)})
		}
	}
	return l
}

// octets draws up to max octets, nil for none as Decode gives.
func octets(t *rapid.T, max int) wire.Hex {
	b := rapid.SliceOfN(rapid.Byte(), 0, max).Draw(t, "octets")
	if len(b) == 0 {
		return nil
	}
	return b
}

func some[V any](t *rapid.T, g *rapid.Generator[V], max int) []V {
	v := rapid.SliceOfN(g, 0, max).Draw(t, "some")
	if len(v) == 0 {
		return nil
	}
	return v
}

func genAcquisition(t *rapid.T, pRev uint8) prl.AcquisitionRecord {
	top := uint8(9)
	if pRev == prl.Extended {
		top = 14
	}
	a := prl.AcquisitionRecord{Type: prl.AcqType(rapid.Uint8Range(1, top).Draw(t, "ACQ_TYPE"))}
	channel := rapid.Uint16Range(0, 2047)
	switch a.Type {
	case prl.CellularAnalog, prl.CellularCDMAPreferred:
		a.AB = prl.AB(rapid.Uint8Range(0, 3).Draw(t, "A_B"))
	case prl.CellularCDMAStandard, prl.JTACSCDMAStandard:
		a.AB = prl.AB(rapid.Uint8Range(0, 3).Draw(t, "A_B"))
		a.PriSec = prl.PriSec(rapid.Uint8Range(0, 3).Draw(t, "PRI_SEC"))
	case prl.PCSCDMABlocks:
		a.Blocks = some(t, rapid.Map(rapid.Uint8Range(0, 7), func(v uint8) prl.Block { return prl.Block(v) }), 7)
	case prl.Generic1x, prl.GenericHRPD:
		a.Bands = some(t, rapid.Custom(func(t *rapid.T) prl.BandChannel {
			return prl.BandChannel{
				Band:    prl.BandClass(rapid.Uint8Range(0, 31).Draw(t, "BAND_CLASS")),
				Channel: channel.Draw(t, "CHANNEL_NUMBER"),
			}
		}), 5)
	case 12, 13, 14:
		a.Extra = octets(t, 8)
	default:
		a.Channels = some(t, channel, 31)
	}
	return a
}

func genSystem(t *rapid.T, pRev uint8) prl.SystemRecord {
	s := prl.SystemRecord{
		Preferred: rapid.Bool().Draw(t, "PREF_NEG"),
		SameGeo:   rapid.Bool().Draw(t, "GEO"),
		AcqIndex:  rapid.Uint16Range(0, 511).Draw(t, "ACQ_INDEX"),
	}
	if pRev == prl.Extended {
		s.Type = rapid.SampledFrom([]prl.SystemType{prl.System1x, prl.SystemHRPD, prl.SystemPLMN, 2, 15}).Draw(t, "SYS_RECORD_TYPE")
	}
	if s.Preferred || pRev == prl.Extended {
		s.Pri = rapid.Bool().Draw(t, "PRI")
	}
	switch s.Type {
	case prl.System1x:
		s.SID = rapid.Uint16Range(0, 32767).Draw(t, "SID")
		s.NIDIncl = prl.NIDIncl(rapid.Uint8Range(0, 3).Draw(t, "NID_INCL"))
		if s.NIDIncl == prl.NIDGiven {
			s.NID = rapid.Uint16().Draw(t, "NID")
		}
	case prl.SystemHRPD:
		s.HRPD = &prl.HRPDSystem{SubnetLSB: genSubnet(t, 100), CommonIncluded: rapid.Bool().Draw(t, "SUBNET_COMMON_INCLUDED")}
		if s.HRPD.CommonIncluded {
			s.HRPD.CommonOffset = rapid.Uint16Range(0, 4095).Draw(t, "SUBNET_COMMON_OFFSET")
		}
	case prl.SystemPLMN:
		s.PLMN = genPLMN(t)
	default:
		s.Extra = append(wire.Hex{rapid.Uint8Range(0, 7).Draw(t, "bits")}, octets(t, 8)...)
		return s
	}
	if s.Preferred {
		s.RoamInd = rapid.Uint8().Draw(t, "ROAM_IND")
	}
	if pRev == prl.Extended && rapid.Bool().Draw(t, "ASSOCIATION_INC") {
		s.Association = &prl.Association{Tag: rapid.Uint8().Draw(t, "tag"), PN: rapid.Bool().Draw(t, "PN"), Data: rapid.Bool().Draw(t, "data")}
	}
	if pRev == prl.Extended {
		s.Extra = octets(t, 3)
	}
	return s
}

func genSubnet(t *rapid.T, max uint8) prl.Subnet {
	n := rapid.Uint8Range(0, max).Draw(t, "SUBNET_LENGTH")
	if n == 0 {
		return prl.Subnet{}
	}
	b := rapid.SliceOfN(rapid.Byte(), (int(n)+7)/8, (int(n)+7)/8).Draw(t, "SUBNET")
	b[len(b)-1] &= 0xff << ((8 - n%8) % 8)
	return prl.Subnet{Bits: n, Octets: b}
}

func genPLMN(t *rapid.T) *prl.PLMNSystem {
	p := &prl.PLMNSystem{
		Subtype: rapid.Uint8Range(0, 3).Draw(t, "SYS_RECORD_SUBTYPE"),
		MCC:     prl.PLMNDigits(rapid.Uint16Range(0, 4095).Draw(t, "MCC")),
		MNC:     prl.PLMNDigits(rapid.Uint16Range(0, 4095).Draw(t, "MNC")),
	}
	switch p.Subtype {
	case 1, 2:
		p.SIDs = some(t, rapid.Custom(func(t *rapid.T) prl.SIDNID {
			id := prl.SIDNID{SID: rapid.Uint16().Draw(t, "SID")}
			if p.Subtype == 2 {
				id.NID = rapid.Uint16().Draw(t, "NID")
			}
			return id
		}), 3)
	case 3:
		for range rapid.IntRange(0, 2).Draw(t, "NUM_SUBNET_ID") {
			p.Subnets = append(p.Subnets, genSubnet(t, 40))
		}
	}
	return p
}
