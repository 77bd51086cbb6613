package simulation

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/gateway"
	"github.com/otagate/otagate/internal/sim"
	"github.com/otagate/otagate/otasp/is683"
	"github.com/otagate/otagate/otasp/prl"
)

// subscriber is somebody with a handset who dials the star code, perhaps
// several times, one call after the other.
type subscriber struct {
	w     *world
	n     int
	kind  string
	set   *sim.Handset
	order *configs.Order // nil when nothing is ordered for him
	calls int
}

// The kinds of subscribers.
var kinds = []string{
	"plain", "plain", "plain", "long list", "a-key", "a-key", "new spc", "locked", "wrong spc", "no order",
	"refuses mdn", "refuses list", "small memory", "analog", "no list", "list only", "packet data", "as it was", "old handset", "refuses commit of spc",
}

func (s *subscriber) mdn() string { return fmt.Sprintf("555%07d", 1000+s.n) }
func (s *subscriber) esn() uint32 { return 0x81000000 + uint32(s.n) }

// newSubscriber draws one.
func newSubscriber(w *world, n int) *subscriber {
	d := w.dice(fmt.Sprintf("subscriber %d", n))
	s := &subscriber{w: w, n: n, kind: kinds[d.IntN(len(kinds))]}
	s.calls = 1 + d.IntN(3)
	h := sim.DefaultHandset()
	h.ESN = s.esn()
	old := fmt.Sprintf("000%07d", 9000+n)
	h.Memory.MDN, h.Memory.IMSIM.S, h.Memory.IMSIT.S = old, old, old
	o := s.newOrder()
	s.shape(o, &h)
	s.set = sim.NewHandset(h)
	if s.kind != "no order" {
		s.order = o
	}
	return s
}

func (s *subscriber) newOrder() *configs.Order {
	systems := 60
	if s.kind == "long list" {
		systems = 400
	}
	return &configs.Order{
		Name: fmt.Sprintf("order-%d", s.n), MDN: s.mdn(), ESN: fmt.Sprintf("%08X", s.esn()), SPC: "000000",
		NAM: &configs.OrderNAM{
			MCC: "310", IMSI1112: "00", S: s.mdn(), ACCOLC: 7, MobTermHome: true, MobTermForSID: true, MobTermForNID: true,
			SIDNID: []configs.OrderSystem{{SID: 4139, NID: 65535}},
		},
		IMSIT: &configs.OrderIMSI{MCC: "310", IMSI1112: "00", S: s.mdn()},
		PRL:   list(systems),
	}
}

func list(systems int) []byte {
	l := prl.List{ID: 1001, PRev: prl.Classic, Acquisition: []prl.AcquisitionRecord{{Type: prl.CellularCDMAPreferred, AB: prl.SideB}}}
	for i := range systems {
		l.System = append(l.System, prl.SystemRecord{SID: uint16(4100 + i), Preferred: true, RoamInd: 1})
	}
	b, err := l.Append(nil)
	if err != nil {
		panic(err)
	}
	return b
}

// shape makes order and handset what their kind says.
func (s *subscriber) shape(o *configs.Order, h *sim.HandsetConfig) {
	refuse := func(t is683.MessageType, block uint8, code is683.ResultCode) {
		h.Refuse = map[sim.Refusal]is683.ResultCode{{Type: t, Block: block}: code}
	}
	switch s.kind {
	case "a-key":
		o.AKey, o.ReAuth = true, s.n%2 == 0
	case "new spc":
		o.NewSPC = "135790"
	case "locked":
		o.SPC = "246802"
		h.Memory.SPC, _ = is683.ParseSPC("246802", is683.HighFirst)
	case "wrong spc":
		o.SPC = "111111"
		h.Memory.SPC, _ = is683.ParseSPC("246802", is683.HighFirst)
	case "refuses mdn":
		refuse(is683.TypeDownload, is683.BlockMDN, is683.InvalidParameter)
	case "refuses list":
		refuse(is683.TypeSSPRDownload, is683.SSPRPRL, is683.UnknownReason)
	case "refuses commit of spc":
		o.NewSPC = "135790"
		refuse(is683.TypeValidation, is683.ValidationChangeSPC, is683.UnknownReason)
	case "small memory":
		h.MaxPRL = 64
	case "analog":
		h.Analog = true
		o.NAM.LocalControl = true
		o.NAM.Analog = &configs.OrderAnalog{FirstCHP: 333, HomeSID: 4139, EX: true}
	case "no list":
		o.PRL = nil
	case "list only":
		o.NAM, o.IMSIT = nil, nil
		h.Memory.MDN = o.MDN // it is his already
	case "packet data":
		o.PacketData = []configs.OrderData{{ID: 1, Data: "0102030405"}}
	case "as it was":
		h.Memory.MDN, h.Memory.IMSIM.S = o.MDN, o.MDN
	case "old handset":
		h.Features = []is683.Feature{{ID: is683.FeatureNAMDownload, PRev: 2}, {ID: is683.FeatureProgrammingLock, PRev: 1}}
	}
}

// live has the subscriber make his calls.
func (s *subscriber) live() {
	s.w.after(s.w.between(fmt.Sprintf("first call of %d", s.n), 0, 90*time.Second), func() { s.dial(1) })
}

// dial is one call.
func (s *subscriber) dial(nth int) {
	w := s.w
	d := w.dice(fmt.Sprintf("call %d of %d", nth, s.n))
	c, err := w.net.lab.MSC.Dial(s.set)
	if err != nil {
		w.breach("%v", err)
		return
	}
	w.say("subscriber %d (%s) dials, TRN %s", s.n, s.kind, c.TRN)
	w.ledger.dialled(c, s)
	w.ivr.answer(s, c.TRN, d)
	patience := time.Duration(90+d.IntN(200)) * time.Second
	if d.IntN(6) == 0 {
		patience = time.Duration(d.Int64N(int64(12 * time.Second)))
	}
	w.after(patience, func() {
		w.say("subscriber %d hangs up", s.n)
		w.ledger.hungUp(c.TRN)
		w.net.lab.MSC.HangUp(c)
		if nth < s.calls && !w.isCalm() {
			w.after(time.Duration(1+d.IntN(40))*time.Second, func() { s.dial(nth + 1) })
		}
	})
}

// importOrders gives the store everybody's orders.
func (w *world) importOrders() {
	var all []configs.Order
	for _, s := range w.people {
		if s.order != nil {
			all = append(all, *s.order)
		}
	}
	if err := gateway.ImportOrders(context.Background(), w.store, all); err != nil {
		w.breach("orders: %v", err)
	}
}

// somebody else than s.
func (w *world) somebody(s *subscriber, d *rand.Rand) *subscriber {
	return w.people[(s.n+1+d.IntN(len(w.people)))%len(w.people)]
}
