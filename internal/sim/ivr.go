package sim

import (
	"cmp"
	"context"
	"errors"
	"net"
	"sync"
	"time"

	"github.com/otagate/otagate/smpp"
)

// IVR is the machine that answers the star code: it triggers activations over
// SMPP and waits for their receipts.
type IVR struct {
	client      *smpp.Client
	destination string
	observe     func(Sight)
	take        bool

	mu       sync.Mutex
	receipts map[string]smpp.Receipt
	arrived  chan struct{} // closed and replaced at each receipt
	got      int
}

// IVRConfig says where the gateway is and who the IVR is.
type IVRConfig struct {
	Address  string
	SystemID string
	Password string
	Observe  func(Sight)
	Name     string // by which it is observed; "IVR" when not given

	Destination string // destination_addr of the triggers; "*228" when not given
	Take        bool   // messages that are no receipts, too; otherwise they are refused
}

// DialIVR binds to the gateway.
func DialIVR(ctx context.Context, cfg IVRConfig) (*IVR, error) {
	v := &IVR{destination: cmp.Or(cfg.Destination, "*228"), observe: cfg.Observe, take: cfg.Take, receipts: map[string]smpp.Receipt{}, arrived: make(chan struct{})}
	if v.observe == nil {
		v.observe = func(Sight) {}
	}
	var err error
	v.client, err = smpp.Dial(ctx, smpp.ClientConfig{
		Address: cfg.Address, SystemID: cfg.SystemID, Password: cfg.Password, LongPassword: true, Window: 100,
		OnDeliver: v.deliver,
		Dial: func(ctx context.Context, network, address string) (net.Conn, error) {
			c, err := (&net.Dialer{}).DialContext(ctx, network, address)
			if err != nil {
				return nil, err
			}
			name := cmp.Or(cfg.Name, "IVR")
			return smpp.TapConn(c, v.sees(name, "otagate"), v.sees("otagate", name)), nil
		},
	})
	return v, err
}

func (v *IVR) sees(from, to string) func([]byte) {
	return func(b []byte) {
		v.observe(Sight{At: time.Now(), From: from, To: to, Proto: "smpp", Octets: append([]byte(nil), b...)})
	}
}

// Close ends the bind.
func (v *IVR) Close(ctx context.Context) error {
	return errors.Join(v.client.Unbind(ctx), v.client.Close())
}

// Done is closed when the bind has ended.
func (v *IVR) Done() <-chan struct{} { return v.client.Done() }

// Trigger submits one trigger with a receipt asked for.
func (v *IVR) Trigger(ctx context.Context, text string) (smpp.Status, string, error) {
	res, err := v.client.Submit(ctx, &smpp.SubmitSM{
		ServiceType: []byte("OTA"), SourceAddrTON: 1, SourceAddrNPI: 1, SourceAddr: []byte("18005551000"),
		DestinationAddr: []byte(v.destination), RegisteredDelivery: 1, ShortMessage: []byte(text),
	})
	return res.Status, res.MessageID, err
}

// Submit submits a message, as an ESME does that is no IVR.
func (v *IVR) Submit(ctx context.Context, p *smpp.SubmitSM) (smpp.Status, string, error) {
	res, err := v.client.Submit(ctx, p)
	return res.Status, res.MessageID, err
}

func (v *IVR) deliver(p *smpp.DeliverSM) smpp.Status {
	if p.ESMClass != smpp.ESMClassReceipt && v.take {
		return smpp.StatusOK
	}
	if p.ESMClass != smpp.ESMClassReceipt {
		return smpp.StatusReceiverRejects
	}
	r, err := smpp.ParseReceipt(p.ShortMessage, time.UTC)
	if err != nil {
		return smpp.StatusReceiverPermanentError
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.receipts[r.ID] = r
	v.got++
	close(v.arrived)
	v.arrived = make(chan struct{})
	return smpp.StatusOK
}

// Receipts is how many receipts have come, repetitions included.
func (v *IVR) Receipts() int {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.got
}

// Receipt waits for the receipt of a trigger; with an empty id for any.
func (v *IVR) Receipt(ctx context.Context, id string) (r smpp.Receipt, err error) {
	err = v.until(ctx, func() (ok bool) {
		r, ok = v.receipts[id]
		if id == "" {
			for _, r = range v.receipts {
				ok = true
			}
		}
		return ok
	})
	return r, err
}

// Wait returns when n receipts have come, repetitions included. The receipt
// of a refused trigger has an id that the IVR was not told.
func (v *IVR) Wait(ctx context.Context, n int) error {
	return v.until(ctx, func() bool { return v.got >= n })
}

// until waits until there holds, which is asked under the lock at each receipt.
func (v *IVR) until(ctx context.Context, there func() bool) error {
	for {
		v.mu.Lock()
		ok, next := there(), v.arrived
		v.mu.Unlock()
		if ok {
			return nil
		}
		select {
		case <-next:
		case <-v.client.Done():
			return errors.New("the bind ended before the receipt came")
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
