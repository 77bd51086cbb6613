package demo

import (
	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/otasp/prl"
)

// baseOrder is what a story orders when it says nothing else. It is found by
// the ESN of the handset, since the caller's MDN is not known yet.
func baseOrder() configs.Order {
	return configs.Order{
		Name: "demo-1", MDN: "5551234567", ESN: "81234567", SPC: "000000",
		NAM: &configs.OrderNAM{
			MCC: "310", IMSI1112: "00", S: "5551234567", ACCOLC: 7,
			MobTermHome: true, MobTermForSID: true, MobTermForNID: true,
			SIDNID: []configs.OrderSystem{{SID: 4139, NID: 65535}, {SID: 22, NID: 65535}},
		},
		IMSIT: &configs.OrderIMSI{MCC: "310", IMSI1112: "00", S: "5551234567"},
		PRL:   classicList(),
	}
}

// systems is long enough for a list of three segments.
const systems = 90

func classicList() []byte {
	l := prl.List{
		ID: 1001, PRev: prl.Classic, PrefOnly: true, DefRoamInd: 1,
		Acquisition: []prl.AcquisitionRecord{
			{Type: prl.CellularCDMAPreferred, AB: prl.SideB},
			{Type: prl.CellularCDMAStandard, AB: prl.SideBoth, PriSec: prl.BothChannels},
			{Type: prl.PCSCDMABlocks, Blocks: []prl.Block{prl.BlockA, prl.BlockB}},
		},
	}
	for i := range systems {
		l.System = append(l.System, prl.SystemRecord{
			SID: uint16(4100 + i), Preferred: true, SameGeo: i > 0, AcqIndex: uint16(i % 3), RoamInd: 1,
		})
	}
	return mustAppend(&l)
}

func extendedList() []byte {
	l := prl.List{
		ID: 2002, PRev: prl.Extended, PrefOnly: true, DefRoamInd: 1,
		Acquisition: []prl.AcquisitionRecord{
			{Type: prl.Generic1x, Bands: []prl.BandChannel{{Band: 1, Channel: 500}, {Band: 0, Channel: 384}}},
			{Type: prl.GenericHRPD, Bands: []prl.BandChannel{{Band: 1, Channel: 525}}},
		},
	}
	for i := range systems / 2 {
		l.System = append(l.System, prl.SystemRecord{
			Type: prl.System1x, SID: uint16(4100 + i), NIDIncl: prl.NIDGiven, NID: 65535, Preferred: true, SameGeo: i > 0, RoamInd: 1,
		})
	}
	return mustAppend(&l)
}

// mustAppend encodes a list that is written in this file; a test encodes both.
func mustAppend(l *prl.List) []byte {
	b, err := l.Append(nil)
	if err != nil {
		return nil
	}
	return b
}
