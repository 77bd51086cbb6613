package demo

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/sim"
	"github.com/otagate/otagate/otasp/is683"
)

// The key that the handset of the NAM lock shares with its authentication centre.
var sharedKey = [8]byte{0x10, 0x32, 0x54, 0x76, 0x98, 0xba, 0xdc, 0xfe}

// otapaStories are the stories in which the network calls the handset.
func otapaStories() []Story {
	return []Story{
		{
			Name: "otapa-prl", Promise: "a new roaming list into an idle handset, and no call of its user",
			Order: newList, Handset: subscribed, Play: update, Ends: done,
		},
		{
			Name: "otapa-nam-lock", Promise: "a number of another area into a handset with a locked NAM: the signature of the authentication centre opens it",
			Order:   func(o *configs.Order) { o.SPC, o.ESN, o.PRL, o.IMSIT = "", "", nil, nil },
			Handset: locked, Play: update, Ends: with(done, proved),
		},
		{
			Name: "otapa-audit", Promise: "nothing is ordered but to read: the record says what the handset holds, which stays as it is",
			Order: func(o *configs.Order) { newList(o); o.PRL, o.ReadOut = nil, true }, Handset: subscribed, Play: update,
			Ends: Ending{Outcome: "done", Reason: "read-out", Stat: "DELIVERED", Found: []string{"mdn=5551234567", "features=0:2,1:2,2:3,3:1,4:1,6:2"}},
		},
		{
			Name: "otapa-postponed", Promise: "the handset is away and the gateway is killed while it waits; the HLR says that the handset is back, and it is programmed once",
			Order: newList, Handset: subscribed, Process: true, Play: away, Ends: recovered(done),
		},
	}
}

// newList orders the list alone.
func newList(o *configs.Order) { o.SPC, o.ESN, o.NAM, o.IMSIT = "", "", nil, nil }

// subscribed is a handset that has its number.
func subscribed(h *sim.HandsetConfig) {
	*h = sim.OTAPAHandset()
	h.Memory.MDN = baseOrder().MDN
	h.Memory.IMSIM = is683.IMSIM{MCC: "310", IMSI1112: "00", S: baseOrder().NAM.S}
}

// locked is a handset with the number of before.
func locked(h *sim.HandsetConfig) {
	*h = sim.OTAPAHandset()
	h.Memory.NAMLock, h.Memory.AKey, h.Memory.HasAKey = true, sharedKey, true
}

// camp makes the handset known to HLR and MSC.
func (r *run) camp() (min string) {
	min = r.before.IMSIM.S
	r.lab.Net.Camp(r.handset)
	r.lab.Net.HLR.SetAKey(min, sharedKey)
	return min
}

func (r *run) updateText(min string) string {
	return fmt.Sprintf("FLOW=otapa;MDN=%s;MIN=%s;ORDER=%s;CORR=%s", r.order.MDN, min, r.order.Name, r.corr)
}

// update is one order without a call.
func update(r *run) error {
	if err := r.trigger(r.updateText(r.camp())); err != nil {
		return err
	}
	return r.await()
}

// away: the handset is away, the gateway dies while the order waits, and the
// handset comes back.
func away(r *run) error {
	ctx, cancel := context.WithTimeout(r.ctx, 20*time.Second)
	defer cancel()
	min := r.camp()
	if err := r.killedWhileAway(ctx, min, r.updateText(min)); err != nil {
		return err
	}
	if n := r.handset.Commits(); n != 0 {
		return errors.New("a handset that is away was programmed")
	}
	r.lab.Net.HLR.Appear(min)
	return r.await()
}

// proved: one signature opened the handset, and it was programmed once.
func proved(r *run) error {
	if n := r.lab.script.Count("OTASPREQ generate authentication signature"); n != 1 {
		return fmt.Errorf("the authentication centre signed %d times, promised is 1", n)
	}
	return oneCommit(r)
}
