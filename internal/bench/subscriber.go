package bench

import (
	"fmt"
	"slices"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/sim"
	"github.com/otagate/otagate/otasp/is683"
	"github.com/otagate/otagate/otasp/prl"
)

// subscriber is one handset's number among all that the bench activates; what
// is ordered for it follows from that.
type subscriber uint32

func (s subscriber) mdn() string { return fmt.Sprintf("555%07d", uint32(s)) }

func (s subscriber) esn() uint32 { return 0x81000000 + uint32(s) }

// order is what an activation usually brings: NAM, MDN, IMSI_T and a roaming
// list of three segments. It is found by the ESN, as the caller is not known.
func (s subscriber) order(list []byte) configs.Order {
	return configs.Order{
		Name: "bench-" + s.mdn(), MDN: s.mdn(), ESN: fmt.Sprintf("%08X", s.esn()), SPC: "000000",
		NAM: &configs.OrderNAM{
			MCC: "310", IMSI1112: "00", S: s.mdn(), ACCOLC: uint8(s % 10),
			MobTermHome: true, MobTermForSID: true, MobTermForNID: true,
			SIDNID: []configs.OrderSystem{{SID: 4139, NID: 65535}, {SID: 22, NID: 65535}},
		},
		IMSIT: &configs.OrderIMSI{MCC: "310", IMSI1112: "00", S: s.mdn()},
		PRL:   list,
	}
}

// handset is the subscriber's, new from the factory.
func (s subscriber) handset() *sim.Handset {
	c := sim.DefaultHandset()
	c.ESN = s.esn()
	return sim.NewHandset(c)
}

// programmed says what of a handset's memory is not as ordered.
func (s subscriber) programmed(h *sim.Handset, list []byte) error {
	m := h.Memory()
	imsi := is683.IMSIM{MCC: "310", IMSI1112: "00", S: s.mdn()}
	switch {
	case h.Commits() != 1:
		return fmt.Errorf("programmed %d times", h.Commits())
	case m.MDN != s.mdn():
		return fmt.Errorf("MDN %q", m.MDN)
	case m.IMSIM.MCC != imsi.MCC || m.IMSIM.IMSI1112 != imsi.IMSI1112 || m.IMSIM.S != imsi.S:
		return fmt.Errorf("IMSI_M %+v", m.IMSIM)
	case m.IMSIT.MCC != imsi.MCC || m.IMSIT.IMSI1112 != imsi.IMSI1112 || m.IMSIT.S != imsi.S:
		return fmt.Errorf("IMSI_T %+v", m.IMSIT)
	case m.Access.ACCOLC != uint8(s%10) || !m.Access.MobTermHome || !m.Access.MobTermForSID || !m.Access.MobTermForNID:
		return fmt.Errorf("access %+v", m.Access)
	case !slices.Equal(m.SIDNID, []is683.SIDNID{{SID: 4139, NID: 65535}, {SID: 22, NID: 65535}}):
		return fmt.Errorf("SID and NID %v", m.SIDNID)
	case string(m.PRL) != string(list):
		return fmt.Errorf("a roaming list of %d octets", len(m.PRL))
	}
	return nil
}

// systems make a roaming list of three segments.
const systems = 90

func roamingList() ([]byte, error) {
	l := prl.List{
		ID: 1001, PRev: prl.Classic, PrefOnly: true, DefRoamInd: 1,
		Acquisition: []prl.AcquisitionRecord{
			{Type: prl.CellularCDMAPreferred, AB: prl.SideB},
			{Type: prl.PCSCDMABlocks, Blocks: []prl.Block{prl.BlockA, prl.BlockB}},
		},
	}
	for i := range systems {
		l.System = append(l.System, prl.SystemRecord{SID: uint16(4100 + i), Preferred: true, SameGeo: i > 0, AcqIndex: uint16(i % 2), RoamInd: 1})
	}
	return l.Append(nil)
}
