//go:build interop

package smpp_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/internal/testpassword"
	"github.com/otagate/otagate/smpp"
)

// The account of all binds. The hash is bcrypt of the lowest cost: a bind in a test
// needs no 20 ms.
const (
	account  = "esme"
	password = testpassword.Text
	hash     = testpassword.Hash
	handset  = "12025550123"
)

// sink is a centre that takes everything and reports it as delivered at once. It keeps
// the messages when keep is set.
type sink struct {
	keep    bool
	n       atomic.Uint64
	refused atomic.Uint64 // receipts that were over the window

	mu     sync.Mutex
	submit []*smpp.SubmitSM
	data   []*smpp.DataSM
	binds  []*smpp.BoundPeer
}

func (s *sink) Bound(b *smpp.BoundPeer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.binds = append(s.binds, b)
}

func (s *sink) Unbound(*smpp.BoundPeer, smpp.Reason) {}

func (s *sink) SubmitSM(b *smpp.BoundPeer, p *smpp.SubmitSM, r *smpp.Reply) {
	id := fmt.Sprint(s.n.Add(1))
	r.Respond(smpp.StatusOK, id)
	if s.keep {
		s.mu.Lock()
		s.submit = append(s.submit, p.Clone())
		s.mu.Unlock()
	}
	if p.RegisteredDelivery&3 != 0 {
		s.report(b, id, p.SourceAddr, p.DestinationAddr, p.TLVs)
	}
}

func (s *sink) DataSM(b *smpp.BoundPeer, p *smpp.DataSM, r *smpp.Reply) {
	id := fmt.Sprint(s.n.Add(1))
	r.Respond(smpp.StatusOK, id)
	s.mu.Lock()
	s.data = append(s.data, p.Clone())
	s.mu.Unlock()
	if p.RegisteredDelivery&3 != 0 {
		s.report(b, id, p.SourceAddr, p.DestinationAddr, p.TLVs)
	}
}

func (s *sink) QuerySM(_ *smpp.BoundPeer, p *smpp.QuerySM, r *smpp.QueryReply) {
	r.Respond(smpp.StatusOK, &smpp.QuerySMResp{MessageID: p.MessageID, MessageState: smpp.MessageDelivered})
}

// report sends a receipt.
func (s *sink) report(b *smpp.BoundPeer, id string, from, to []byte, tlvs smpp.TLVs) {
	now := time.Now().UTC()
	text := smpp.Receipt{ID: id, Sub: 1, Dlvrd: 1, SubmitDate: now, DoneDate: now, Stat: smpp.MessageDelivered}
	body, err := text.Append(nil)
	if err != nil {
		panic(err) // the id is a number
	}
	d := &smpp.DeliverSM{SourceAddr: to, DestinationAddr: from, ESMClass: smpp.ESMClassReceipt, ShortMessage: body}
	d.TLVs = smpp.AppendReceiptTLVs(nil, id, smpp.MessageDelivered, nil)
	if v, ok := tlvs.Find(smpp.TagUserMessageReference); ok {
		d.TLVs = append(d.TLVs, smpp.TLV{Tag: smpp.TagUserMessageReference, Value: v})
	}
	s.send(b, d)
}

// again is the pause before a receipt that was not taken is sent again.
const again = 50 * time.Millisecond

// send sends a receipt until it is taken or nobody is bound: over the window of the
// other side it is refused, as a centre has to expect.
func (s *sink) send(b *smpp.BoundPeer, d *smpp.DeliverSM) {
	if !b.CanReceive() {
		if b = s.bound(); b == nil {
			return
		}
	}
	retry := func() { time.AfterFunc(again, func() { s.send(b, d) }) }
	err := b.SendDeliverSM(d, func(status smpp.Status, err error) {
		if err == nil && status == smpp.StatusThrottled {
			s.refused.Add(1)
			retry()
		}
	})
	if errors.Is(err, smpp.ErrWindowFull) || errors.Is(err, smpp.ErrQueueFull) {
		retry()
	}
}

// submits are the messages that the sink has kept.
func (s *sink) submits() []*smpp.SubmitSM {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]*smpp.SubmitSM(nil), s.submit...)
}

func (s *sink) datas() []*smpp.DataSM {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]*smpp.DataSM(nil), s.data...)
}

// bound is a bind that can receive, when there is one.
func (s *sink) bound() *smpp.BoundPeer {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := len(s.binds) - 1; i >= 0; i-- {
		if s.binds[i].CanReceive() {
			return s.binds[i]
		}
	}
	return nil
}

// serveSink runs a smpp.Server on a listener until stop is called or the test ends.
func serveSink(t *testing.T, h *sink, ln net.Listener, cfg smpp.ServerConfig) (stop func()) {
	t.Helper()
	cfg.SystemID = "smsc"
	cfg.Accounts = []smpp.Account{{SystemID: account, PasswordHash: hash}}
	cfg.OutboundWindow, cfg.InboundWindow = 10000, 10000
	cfg.BindFailureDelay = 10 * time.Millisecond
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- smpp.NewServer(cfg, h, zerolog.Nop()).Serve(ctx, ln) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("the server: %v", err)
		}
	})
	t.Cleanup(stop)
	return stop
}

func listen(t *testing.T) net.Listener {
	t.Helper()
	return listenOn(t, "127.0.0.1:0")
}

func listenOn(t *testing.T, addr string) net.Listener {
	t.Helper()
	ln, err := net.Listen("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	return ln
}
