package bench

import (
	"fmt"

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
	want := sim.Memory{
		IMSIM:  is683.IMSIM{MCC: "310", IMSI1112: "00", S: s.mdn()},
		Access: is683.Access{ACCOLC: uint8(s % 10), MobTermHome: true, MobTermForSID: true, MobTermForNID: true},
		SIDNID: []is683.SIDNID{{SID: 4139, NID: 65535}, {SID: 22, NID: 65535}},
		MDN:    s.mdn(), IMSIT: is683.IMSIT{MCC: "310", IMSI1112: "00", S: s.mdn()}, PRL: list,
	}
	if n := h.Commits(); n != 1 {
		return fmt.Errorf("programmed %d times", n)
	}
	if part := m.Differs(&want); part != "" {
		return fmt.Errorf("its %s is another: %+v", part, m)
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
