package bench

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/otagate/otagate/smpp"
)

// ivr triggers activations and gives each receipt to the call that waits for
// it. It is the simulator's IVR without what watches it, and with a waiting
// list instead of waking every call for every receipt.
type ivr struct {
	client *smpp.Client

	mu      sync.Mutex
	waiting map[string]chan smpp.MessageState // by the session's id
}

func dialIVR(ctx context.Context, address, password string, window int) (*ivr, error) {
	v := &ivr{waiting: map[string]chan smpp.MessageState{}}
	var err error
	v.client, err = smpp.Dial(ctx, smpp.ClientConfig{
		Address: address, SystemID: account, Password: password, LongPassword: true,
		Window: window, InboundWindow: 2 * window, OnDeliver: v.deliver,
	})
	return v, err
}

func (v *ivr) deliver(p *smpp.DeliverSM) smpp.Status {
	r, err := smpp.ParseReceipt(p.ShortMessage, time.UTC)
	if err != nil {
		return smpp.StatusReceiverPermanentError
	}
	select {
	case v.box(r.ID) <- r.Stat:
	default: // it came twice
	}
	return smpp.StatusOK
}

// box is where the receipt of a session goes. The receipt may be here before
// the caller has read the answer to its trigger.
func (v *ivr) box(id string) chan smpp.MessageState {
	v.mu.Lock()
	defer v.mu.Unlock()
	b, ok := v.waiting[id]
	if !ok {
		b = make(chan smpp.MessageState, 1)
		v.waiting[id] = b
	}
	return b
}

// activate triggers an activation, waits for its receipt and returns the id of
// the session.
func (v *ivr) activate(ctx context.Context, trn, corr string) (string, error) {
	res, err := v.client.Submit(ctx, &smpp.SubmitSM{
		ServiceType: []byte("OTA"), SourceAddrTON: 1, SourceAddrNPI: 1, SourceAddr: []byte("18005551000"),
		DestinationAddr: []byte("*228"), RegisteredDelivery: 1, ShortMessage: []byte("TRN=" + trn + ";CORR=" + corr),
	})
	switch {
	case err != nil:
		return "", err
	case res.Status != smpp.StatusOK:
		return "", fmt.Errorf("the trigger was refused with %s", res.Status)
	}
	id := res.MessageID
	select {
	case stat := <-v.box(id):
		v.mu.Lock()
		delete(v.waiting, id)
		v.mu.Unlock()
		if stat != smpp.MessageDelivered {
			return id, fmt.Errorf("session %s: the receipt says %s", id, stat)
		}
		return id, nil
	case <-v.client.Done():
		return id, fmt.Errorf("session %s: the bind ended before the receipt came", id)
	case <-ctx.Done():
		return id, fmt.Errorf("session %s: no receipt: %w", id, ctx.Err())
	}
}
