package relay_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/gateway/push"
	"github.com/otagate/otagate/internal/gateway/relay"
	"github.com/otagate/otagate/internal/gateway/route"
	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/sessions/cdr"
	"github.com/otagate/otagate/sessions/pages"
	"github.com/otagate/otagate/smpp"
)

// nothing is a log that keeps nothing.
type nothing struct{}

func (nothing) AppendPage(*sessions.Page) error                                { return nil }
func (nothing) Pages(context.Context, func(sessions.Page) error) error         { return nil }
func (nothing) CDRs(context.Context, cdr.Filter, func(cdr.Record) error) error { return nil }

// centre takes every submit_sm at once, and reports it.
type centre struct {
	mu      sync.Mutex
	next    int
	receipt func(id string, p *smpp.SubmitSM)
}

func (c *centre) SubmitAsync(p *smpp.SubmitSM, done func(smpp.Status, *smpp.SubmitSMResp, error)) error {
	c.mu.Lock()
	c.next++
	id := fmt.Sprint(c.next)
	c.mu.Unlock()
	done(smpp.StatusOK, &smpp.SubmitSMResp{MessageID: []byte(id)}, nil)
	if p.RegisteredDelivery != 0 {
		c.receipt(id, p)
	}
	return nil
}

// window is a Replier that lets so many messages be under way.
type window chan struct{}

func (w window) Respond(smpp.Status, string) { <-w }

type silent struct{}

func (silent) Respond(smpp.Status, string) {}

// BenchmarkRelay is a message from its submit_sm to its end, with a receipt or
// without, between a stub of a centre and a store that commits nothing.
func BenchmarkRelay(b *testing.B) {
	for name, registered := range map[string]uint8{"receipts": 1, "none": 0} {
		b.Run(name, func(b *testing.B) { benchRelay(b, registered) })
	}
}

func benchRelay(b *testing.B, registered uint8) {
	store, err := pages.Open(context.Background(), nothing{}, pages.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer store.Close()
	smppConfig := &configs.SMPP{Accounts: []configs.Account{{Name: "shop"}}}
	routes, err := route.New([]configs.MessageRoute{{Name: "all", Via: []configs.Via{{Link: "smsc", Weight: 1, Tier: 1}}}}, smppConfig.Dictionary())
	if err != nil {
		b.Fatal(err)
	}
	door, err := relay.NewDoor(relay.Config{
		Accounts: smppConfig.Accounts, TLVs: smppConfig.Dictionary(), Box: func(a string) string { return "smpp/" + a }, Wake: func(string) {}, Now: time.Now, Log: zerolog.Nop(),
	})
	if err != nil {
		b.Fatal(err)
	}
	c := configs.Default().Push
	to := &centre{}
	svc, err := push.New(push.Config{
		Push: &c, Routes: routes, Store: store, Doors: map[string]push.Door{relay.DoorName: door}, SMPP: smppConfig, TLVs: smppConfig.Dictionary(),
		Links: []configs.Link{{
			Name: "smsc", URL: "smpp://centre.example", Window: 1000, Response: time.Minute, Way: "as-is", Octets: 140, Parts: 5, Receipts: true, MessageID: "same",
			SlowDown: configs.Backoff{Min: time.Second, Max: time.Second},
		}},
		Random: func(p []byte) { rand.Read(p) }, Log: zerolog.Nop(), Dial: func(string) push.Centre { return to },
	})
	if err != nil {
		b.Fatal(err)
	}
	door.Serve(svc)
	to.receipt = func(id string, p *smpp.SubmitSM) {
		svc.Deliver("smsc", &smpp.DeliverSM{
			ESMClass: smpp.ESMClassReceipt, SourceAddr: p.DestinationAddr,
			ShortMessage: fmt.Appendf(nil, "id:%s sub:001 dlvrd:001 submit date:2601010000 done date:2601010000 stat:DELIVRD err:000 text:", id),
		}, silent{})
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- svc.Run(ctx) }()
	<-svc.Ready()
	b.ReportAllocs()
	under := make(window, 500)
	for i := range b.N {
		under <- struct{}{}
		door.Submit("shop", &smpp.SubmitSM{
			SourceAddr: []byte("2280"), DestinationAddr: fmt.Appendf(nil, "1202%07d", i%1_000_000), RegisteredDelivery: registered,
			ShortMessage: []byte("a message that is as long as messages are, about eighty octets in all, as they say"),
		}, under)
	}
	for svc.Live() > 0 {
		<-time.After(time.Millisecond)
	}
	b.StopTimer()
	stop()
	<-ended
}
