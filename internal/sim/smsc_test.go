package sim_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/internal/sim"
	"github.com/otagate/otagate/internal/testpassword"
	"github.com/otagate/otagate/smpp"
)

// The password of the accounts, and its bcrypt hash of the lowest cost.
const (
	secret     = testpassword.Text
	secretHash = testpassword.Hash
)

// inbox is a phone that keeps what it gets.
type inbox struct {
	mu   sync.Mutex
	deaf bool
	got  []sim.ShortMessage
}

func (i *inbox) Receive(m sim.ShortMessage) bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.deaf {
		return false
	}
	i.got = append(i.got, m)
	return true
}

func (i *inbox) texts() (out []string) {
	i.mu.Lock()
	defer i.mu.Unlock()
	for _, m := range i.got {
		out = append(out, string(m.Octets))
	}
	return out
}

// station is an SMSC on a socket.
type station struct {
	t       *testing.T
	smsc    *sim.SMSC
	address string
	phone   *inbox
	ctx     context.Context
}

func newStation(t *testing.T, cfg sim.SMSCConfig) *station {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"esme", "other"} {
		cfg.Server.Accounts = append(cfg.Server.Accounts, smpp.Account{SystemID: name, PasswordHash: secretHash})
	}
	cfg.Log = zerolog.Nop()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	t.Cleanup(cancel)
	s := &station{t: t, smsc: sim.NewSMSC(cfg), address: ln.Addr().String(), phone: &inbox{}, ctx: ctx}
	s.smsc.SwitchOn("+12025550123", s.phone)
	running(t, func(ctx context.Context) error { return s.smsc.Serve(ctx, ln) })
	return s
}

// esme is a bind and what it was told.
type esme struct {
	*smpp.Client
	t        *testing.T
	ctx      context.Context
	delivers chan *smpp.DeliverSM
}

func (s *station) dial(kind smpp.CommandID, name string, status func(n int) smpp.Status) *esme {
	s.t.Helper()
	e := &esme{t: s.t, ctx: s.ctx, delivers: make(chan *smpp.DeliverSM, 100)}
	n := 0
	var err error
	e.Client, err = smpp.Dial(s.ctx, smpp.ClientConfig{
		Address: s.address, Kind: kind, SystemID: name, Password: secret, Window: 100, InboundWindow: 200,
		OnDeliver: func(p *smpp.DeliverSM) smpp.Status {
			n++
			e.delivers <- p.Clone()
			if status == nil {
				return smpp.StatusOK
			}
			return status(n)
		},
	})
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() {
		if err := e.Close(); err != nil {
			s.t.Error(err)
		}
	})
	return e
}

func (s *station) bind() *esme { return s.dial(smpp.CommandBindTransceiver, "esme", nil) }

func submit(text string) *smpp.SubmitSM {
	return &smpp.SubmitSM{SourceAddr: []byte("2280"), DestinationAddr: []byte("12025550123"), RegisteredDelivery: 1, ShortMessage: []byte(text)}
}

func (e *esme) submit(p *smpp.SubmitSM) smpp.SubmitResult {
	e.t.Helper()
	r, err := e.Submit(e.ctx, p)
	if err != nil {
		e.t.Fatal(err)
	}
	return r
}

func (e *esme) receipt() (smpp.Receipt, *smpp.DeliverSM) {
	e.t.Helper()
	select {
	case p := <-e.delivers:
		r, err := smpp.ParseReceipt(p.ShortMessage, time.UTC)
		if err != nil || p.ESMClass != smpp.ESMClassReceipt {
			e.t.Fatalf("%x %q: %v", p.ESMClass, p.ShortMessage, err)
		}
		return r, p
	case <-e.ctx.Done():
		e.t.Fatal("no receipt comes")
		panic("unreachable")
	}
}

// TestRelay: the phone has it, the receipt names it, and the ledger has all of it.
func TestRelay(t *testing.T) {
	s := newStation(t, sim.SMSCConfig{FirstID: 41})
	e := s.bind()
	p := submit("hello")
	p.TLVs = p.TLVs.AppendU16(smpp.TagUserMessageReference, 0x1234)
	if r := e.submit(p); r.Status != smpp.StatusOK || r.MessageID != "41" {
		t.Fatalf("%+v", r)
	}
	r, d := e.receipt()
	id, state, _, _ := smpp.ReceiptTLVs(d.TLVs)
	ref, _ := d.TLVs.Find(smpp.TagUserMessageReference)
	if r.ID != "41" || r.Stat != smpp.MessageDelivered || id != "41" || state != smpp.MessageDelivered || string(ref) != "\x12\x34" {
		t.Errorf("%+v, %q %s, reference %x", r, id, state, ref)
	}
	if string(d.SourceAddr) != "12025550123" || string(d.DestinationAddr) != "2280" {
		t.Errorf("receipt from %s to %s", d.SourceAddr, d.DestinationAddr)
	}
	silent := submit("no receipt")
	silent.RegisteredDelivery = 0
	e.submit(silent)
	if got := s.phone.texts(); !slices.Equal(got, []string{"hello", "no receipt"}) {
		t.Errorf("%q", got)
	}
	if err := s.smsc.Wait(s.ctx, func() bool { r := s.smsc.Receipts(); return len(r) == 1 && r[0].Done }); err != nil {
		t.Fatal(err)
	}
	l, h := s.smsc.Submits(), s.smsc.HandOvers()
	if len(l) != 2 || !l[0].Taken || !l[0].Answered || l[0].ID != "41" || l[0].Account != "esme" || string(l[1].PDU.ShortMessage) != "no receipt" {
		t.Errorf("%+v", l)
	}
	if len(h) != 2 || h[0].ID != "41" || h[0].To != "12025550123" || !h[0].Acked || h[1].ID != "42" {
		t.Errorf("%+v", h)
	}
}

// TestIDForms: the two spellings of one number.
func TestIDForms(t *testing.T) {
	for _, c := range []struct {
		name                   string
		cfg                    sim.SMSCConfig
		response, receipt, tlv string
	}{
		{name: "decimal", response: "3735928559", receipt: "3735928559", tlv: "3735928559"},
		{name: "hex, receipt decimal", cfg: sim.SMSCConfig{ResponseID: sim.IDForm{Hex: true}}, response: "deadbeef", receipt: "3735928559", tlv: "3735928559"},
		{name: "decimal, receipt hex", cfg: sim.SMSCConfig{ReceiptID: sim.IDForm{Hex: true, Upper: true}, TLVs: sim.TLVsAsResponse}, response: "3735928559", receipt: "DEADBEEF", tlv: "3735928559"},
		{name: "zeros taken away", cfg: sim.SMSCConfig{ResponseID: sim.IDForm{Width: 12}, TLVs: sim.NoTLVs}, response: "003735928559", receipt: "3735928559"},
		{name: "zeros added", cfg: sim.SMSCConfig{ResponseID: sim.IDForm{Hex: true}, ReceiptID: sim.IDForm{Hex: true, Width: 10}}, response: "deadbeef", receipt: "00deadbeef", tlv: "00deadbeef"},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.cfg.FirstID = 0xdeadbeef
			e := newStation(t, c.cfg).bind()
			r := e.submit(submit("x"))
			rec, d := e.receipt()
			id, _, _, _ := smpp.ReceiptTLVs(d.TLVs)
			if r.MessageID != c.response || rec.ID != c.receipt || id != c.tlv {
				t.Errorf("response %q, receipt %q, TLV %q", r.MessageID, rec.ID, id)
			}
		})
	}
}

// TestReceiptFirst: the receipt is there before the answer to which it belongs.
func TestReceiptFirst(t *testing.T) {
	for _, first := range []bool{false, true} {
		t.Run(fmt.Sprint(first), func(t *testing.T) {
			s := newStation(t, sim.SMSCConfig{ReceiptFirst: first})
			order := make(chan string, 2)
			c, err := smpp.Dial(s.ctx, smpp.ClientConfig{Address: s.address, SystemID: "esme", Password: secret,
				OnDeliver: func(*smpp.DeliverSM) smpp.Status { order <- "receipt"; return smpp.StatusOK }})
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			if err := c.SubmitAsync(submit("x"), func(smpp.Status, *smpp.SubmitSMResp, error) { order <- "response" }); err != nil {
				t.Fatal(err)
			}
			if a, b := <-order, <-order; (a == "receipt") != first || a == b {
				t.Errorf("%s, then %s", a, b)
			}
		})
	}
}

// TestSubmitScript plays each rule on the second of three submits.
func TestSubmitScript(t *testing.T) {
	for _, c := range []struct {
		name       string
		rule       sim.Rule
		status     smpp.Status
		lost       bool // no answer comes
		cut        bool // and the bind ends
		handed     int
		taken, ran bool
	}{
		{name: "throttled", rule: sim.Rule{Do: sim.Refuse, Code: 0x58}, status: smpp.StatusThrottled, handed: 2},
		{name: "queue full", rule: sim.Rule{Do: sim.Refuse, Code: 0x14}, status: smpp.StatusMessageQueueFull, handed: 2},
		{name: "late", rule: sim.Rule{Do: sim.Delay, For: 50 * time.Millisecond}, handed: 3, taken: true},
		{name: "never, not taken", rule: sim.Rule{Do: sim.LoseRequest}, lost: true, handed: 2},
		{name: "never, taken", rule: sim.Rule{Do: sim.LoseAnswer}, lost: true, handed: 3, taken: true},
		{name: "cut, not taken", rule: sim.Rule{Do: sim.Cut}, lost: true, cut: true, handed: 2},
		{name: "cut, taken", rule: sim.Rule{Do: sim.CutAfter}, lost: true, cut: true, handed: 3, taken: true},
		{name: "run", rule: sim.Rule{Do: sim.Run}, handed: 3, taken: true, ran: true},
		{name: "run after", rule: sim.Rule{Do: sim.RunAfter}, lost: true, handed: 3, taken: true, ran: true},
		{name: "run and lose", rule: sim.Rule{Do: sim.RunAndLose}, lost: true, handed: 2, ran: true},
	} {
		t.Run(c.name, func(t *testing.T) {
			ran := false
			c.rule.Step, c.rule.Nth, c.rule.Func = "submit_sm", 2, func() { ran = true }
			s := newStation(t, sim.SMSCConfig{Script: &sim.Script{Rules: []sim.Rule{c.rule}}})
			e := s.bind()
			e.submit(submit("1"))
			if c.lost {
				ctx := s.ctx
				if !c.cut { // nothing comes that could be waited for
					var cancel context.CancelFunc
					ctx, cancel = context.WithTimeout(s.ctx, 200*time.Millisecond)
					defer cancel()
				}
				_, err := e.Submit(ctx, submit("2"))
				if err == nil || errors.Is(err, context.DeadlineExceeded) == c.cut {
					t.Errorf("%v", err)
				}
			} else if r := e.submit(submit("2")); r.Status != c.status {
				t.Errorf("%s", r.Status)
			}
			if c.cut {
				<-e.Done()
				e = s.bind()
			}
			e.submit(submit("3"))
			l := s.smsc.Submits()
			if len(l) != 3 || l[1].Taken != c.taken || l[1].Answered == c.lost || l[1].Status != c.status {
				t.Errorf("%+v", l[1])
			}
			// What was taken before a cut reaches the phone while the next one binds.
			if err := s.smsc.Wait(s.ctx, func() bool { return len(s.smsc.HandOvers()) == c.handed }); err != nil || ran != c.ran {
				t.Errorf("%v: %q, ran: %t", err, s.phone.texts(), ran)
			}
		})
	}
}

// TestReceiptsOutliveBinds: receipts that nobody could take come over the next
// bind that can, each once, and none over another account's.
func TestReceiptsOutliveBinds(t *testing.T) {
	s := newStation(t, sim.SMSCConfig{Retry: time.Millisecond})
	tx := s.dial(smpp.CommandBindTransmitter, "esme", nil)
	var want, got []string
	for i := range 30 {
		want = append(want, tx.submit(submit(fmt.Sprint(i))).MessageID)
	}
	other := s.dial(smpp.CommandBindTransceiver, "other", nil)
	s.smsc.Cut()
	<-tx.Done()
	<-other.Done()
	rx := s.dial(smpp.CommandBindReceiver, "esme", nil)
	for range want {
		r, _ := rx.receipt()
		got = append(got, r.ID)
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	done := func() bool {
		return !slices.ContainsFunc(s.smsc.Receipts(), func(r sim.Receipt) bool { return !r.Done || r.Sent != 1 })
	}
	if err := s.smsc.Wait(s.ctx, done); err != nil {
		t.Errorf("%v: %+v", err, s.smsc.Receipts())
	}
	if len(other.delivers) != 0 || len(rx.delivers) != 0 {
		t.Error("a receipt too many")
	}
}

// TestReceiptRefused: what the ESME cannot take now comes again, what it does
// not want does not.
func TestReceiptRefused(t *testing.T) {
	s := newStation(t, sim.SMSCConfig{Retry: time.Millisecond})
	e := s.dial(smpp.CommandBindTransceiver, "esme", func(n int) smpp.Status {
		return []smpp.Status{smpp.StatusReceiverTemporaryError, smpp.StatusThrottled, smpp.StatusReceiverPermanentError}[min(n-1, 2)]
	})
	e.submit(submit("x"))
	for range 3 {
		e.receipt()
	}
	if err := s.smsc.Wait(s.ctx, func() bool { return s.smsc.Receipts()[0].Done }); err != nil {
		t.Fatal(err)
	}
	if r := s.smsc.Receipts()[0]; r.Sent != 3 || r.Status != smpp.StatusReceiverPermanentError {
		t.Errorf("%+v", r)
	}
}

// TestUndelivered: why a receipt says something else than delivered, and who
// wants to hear it.
func TestUndelivered(t *testing.T) {
	s := newStation(t, sim.SMSCConfig{Script: &sim.Script{Rules: []sim.Rule{{Step: "submit_sm", Do: sim.Fail, Code: uint32(smpp.MessageExpired)}}}})
	e := s.bind()
	want := func(what string, state smpp.MessageState) {
		t.Helper()
		if r, _ := e.receipt(); r.Stat != state {
			t.Errorf("%s: %s", what, r.Stat)
		}
	}
	e.submit(submit("x"))
	want("script", smpp.MessageExpired)
	s.smsc.SwitchOff("12025550123")
	e.submit(submit("x"))
	want("switched off", smpp.MessageUndeliverable)
	s.smsc.SwitchOn("12025550123", s.phone)
	s.phone.deaf = true
	failure := submit("x")
	failure.RegisteredDelivery = 2
	e.submit(failure)
	want("not acknowledged", smpp.MessageUndeliverable)
	s.phone.deaf = false
	e.submit(failure) // delivered: no receipt
	e.submit(submit("x"))
	want("delivered", smpp.MessageDelivered)
	if n := len(s.smsc.Receipts()); n != 4 {
		t.Errorf("%d receipts", n)
	}
}

// TestStrict: what a strict centre does not take.
func TestStrict(t *testing.T) {
	s := newStation(t, sim.SMSCConfig{})
	e := s.bind()
	for _, c := range []struct {
		name   string
		change func(*smpp.SubmitSM)
		want   smpp.Status
	}{
		{"no destination", func(p *smpp.SubmitSM) { p.DestinationAddr = nil }, smpp.StatusInvalidDestinationAddress},
		{"header and ports", func(p *smpp.SubmitSM) {
			p.ESMClass, p.TLVs = 0x40, p.TLVs.AppendU16(smpp.TagDestinationPort, 2948)
		}, smpp.StatusTLVNotAllowed},
		{"text and payload", func(p *smpp.SubmitSM) {
			p.TLVs = smpp.TLVs{{Tag: smpp.TagMessagePayload, Value: []byte("x")}}
		}, smpp.StatusTLVNotAllowed},
		{"141 octets", func(p *smpp.SubmitSM) { p.ESMClass, p.DataCoding, p.ShortMessage = 0x40, 4, make([]byte, 141) }, smpp.StatusInvalidMessageLength},
		{"140 octets", func(p *smpp.SubmitSM) { p.ESMClass, p.ShortMessage = 0x40, make([]byte, 140) }, smpp.StatusOK},
		{"header in a payload", func(p *smpp.SubmitSM) {
			p.ESMClass, p.ShortMessage, p.TLVs = 0x40, nil, smpp.TLVs{{Tag: smpp.TagMessagePayload, Value: make([]byte, 140)}}
		}, smpp.StatusOK},
		{"header in a payload, 141 octets", func(p *smpp.SubmitSM) {
			p.ESMClass, p.DataCoding, p.ShortMessage, p.TLVs = 0x40, 4, nil, smpp.TLVs{{Tag: smpp.TagMessagePayload, Value: make([]byte, 141)}}
		}, smpp.StatusInvalidMessageLength},
		{"160 characters", func(p *smpp.SubmitSM) {
			p.ESMClass, p.ShortMessage = 0x40, append([]byte{5, 0, 3, 1, 1, 1}, make([]byte, 153)...)
		}, smpp.StatusOK},
		{"161 characters", func(p *smpp.SubmitSM) {
			p.ESMClass, p.ShortMessage = 0x40, append([]byte{5, 0, 3, 1, 1, 1}, make([]byte, 154)...)
		}, smpp.StatusInvalidMessageLength},
		{"half a place", func(p *smpp.SubmitSM) { p.TLVs = p.TLVs.AppendU16(smpp.TagSARMsgRefNum, 1) }, smpp.StatusInvalidTLVValue},
		{"empty payload", func(p *smpp.SubmitSM) { p.ShortMessage, p.TLVs = nil, smpp.TLVs{{Tag: smpp.TagMessagePayload}} }, smpp.StatusInvalidTLVLength},
	} {
		p := submit("x")
		c.change(p)
		if r := e.submit(p); r.Status != c.want {
			t.Errorf("%s: %s", c.name, r.Status)
		}
	}
}

// TestPayload: a message_payload goes to the phone in parts.
func TestPayload(t *testing.T) {
	s := newStation(t, sim.SMSCConfig{SegmentSize: 10, FirstID: 7})
	e := s.bind()
	p := submit("")
	text := strings.Repeat("0123456789", 2) + "abc"
	p.TLVs = smpp.TLVs{{Tag: smpp.TagMessagePayload, Value: []byte(text)}}.AppendU16(smpp.TagDestinationPort, 2948).AppendU16(smpp.TagSourcePort, 9200)
	e.submit(p)
	if got := strings.Join(s.phone.texts(), ""); got != text || len(s.phone.got) != 3 {
		t.Errorf("%d parts, %q", len(s.phone.got), got)
	}
	for i, m := range s.phone.got {
		if *m.SAR != (sim.SAR{Reference: 7, Total: 3, Number: uint8(i + 1)}) || *m.Ports != (sim.Ports{Source: 9200, Destination: 2948}) || m.From != "2280" {
			t.Errorf("%+v", m)
		}
	}
	e.receipt()
	if len(e.delivers) != 0 {
		t.Error("more than one receipt")
	}
}

// TestSMSCAir: what happens on the way to the phone, and what the receipts say.
func TestSMSCAir(t *testing.T) {
	for _, c := range []struct {
		name      string
		air       sim.Air
		got       []string
		delivered bool
		handed    int
	}{
		{"dropped", sim.Air{Drop: 1}, nil, false, 2},
		{"vanished", sim.Air{Vanish: 1}, nil, true, 2},
		{"acknowledgement lost", sim.Air{LoseAck: 1}, []string{"1", "2"}, false, 2},
		{"repeated", sim.Air{Duplicate: 1}, []string{"1", "1", "2", "2"}, true, 4},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newStation(t, sim.SMSCConfig{Air: c.air})
			e := s.bind()
			for _, text := range []string{"1", "2"} {
				e.submit(submit(text))
				if r, _ := e.receipt(); (r.Stat == smpp.MessageDelivered) != c.delivered {
					t.Errorf("%s", r.Stat)
				}
			}
			if got := s.phone.texts(); !slices.Equal(got, c.got) {
				t.Errorf("%q", got)
			}
			h := s.smsc.HandOvers()
			if len(h) != c.handed || h[0].Fault != c.name {
				t.Errorf("%+v", h)
			}
		})
	}
}

// TestSMSCReorder: the seed decides the order, nothing is lost by it, and the
// same seed decides the same.
func TestSMSCReorder(t *testing.T) {
	var sent []string
	for i := range 40 {
		sent = append(sent, fmt.Sprintf("%02d", i))
	}
	play := func(seed uint64) []string {
		s := newStation(t, sim.SMSCConfig{Air: sim.Air{Reorder: 0.3, Seed: seed}})
		e := s.bind()
		for _, text := range sent {
			e.submit(submit(text))
		}
		// What is last may be held back; it comes when nothing overtakes it.
		if err := s.smsc.Wait(s.ctx, func() bool { return len(s.phone.texts()) == len(sent) }); err != nil {
			t.Fatal(err)
		}
		return s.phone.texts()
	}
	a, b, c := play(1), play(1), play(2)
	if !slices.Equal(a, b) || slices.Equal(a, c) || slices.Equal(a, sent) {
		t.Errorf("%q\n%q\n%q", a, b, c)
	}
	slices.Sort(a)
	if !slices.Equal(a, sent) {
		t.Errorf("%q", a)
	}
}
