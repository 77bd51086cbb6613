package gateway

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/sim"
	"github.com/otagate/otagate/internal/testwait"
	"github.com/otagate/otagate/sessions/cdr"
	"github.com/otagate/otagate/smpp"
)

// switchboard is a lab with a message centre, to which all that the account shop
// submits is relayed.
type switchboard struct {
	*lab
	smsc *sim.SMSC
	gw   *running
}

// anyPhone takes what comes.
type anyPhone struct{}

func (anyPhone) Receive(sim.ShortMessage) bool { return true }

// phoneNumber is of a handset that is on.
const phoneNumber = "12025550123"

func newSwitchboard(t *testing.T, cfg sim.SMSCConfig, edit ...func(*configs.Config)) *switchboard {
	x := &switchboard{lab: newLab(t, nil)}
	cfg.Server = smpp.ServerConfig{SystemID: "smsc", Accounts: []smpp.Account{{SystemID: "otagate", PasswordHash: ivrHash, Window: 100}}}
	cfg.Retry, cfg.Log = 50*time.Millisecond, zerolog.Nop()
	x.smsc = sim.NewSMSC(cfg)
	x.smsc.SwitchOn(phoneNumber, anyPhone{})
	ln := listen(t)
	serve(t, "SMSC", func(ctx context.Context) error { return x.smsc.Serve(ctx, ln) })
	t.Setenv("OTAGATE_TEST_PASSWORD", ivrPassword)
	link := linkTo("smsc", ln.Addr().String())
	link.Window, link.Way, link.Receipts = 100, "as-is", true
	x.cfg.Links = []configs.Link{link}
	another(&x.cfg.SMPP, "shop")
	x.cfg.Routes = []configs.MessageRoute{
		{Name: "barred", To: []configs.Pattern{"1900"}, Refuse: "ESME_RPROHIBITED"},
		{Name: "home", From: []string{"shop"}, To: []configs.Pattern{"1"}, Via: []configs.Via{{Link: "smsc", Weight: 1, Tier: 1}}},
	}
	x.cfg.Push.Pause, x.cfg.Push.MaxPause = 20*time.Millisecond, 100*time.Millisecond
	for _, e := range edit {
		e(x.cfg)
	}
	x.gw = x.start(x.open())
	t.Cleanup(func() { x.gw.stop() })
	return x
}

// again is a gateway on what the last one has left.
func (x *switchboard) again() {
	x.gw.stop()
	x.gw = x.start(x.open())
}

// esme is a bound account that keeps what it is delivered.
type esme struct {
	*smpp.Client
	x   *switchboard
	mu  sync.Mutex
	got []*smpp.DeliverSM
}

func (x *switchboard) esme(account string, kind smpp.CommandID) *esme {
	x.t.Helper()
	e := &esme{x: x}
	var err error
	e.Client, err = smpp.Dial(x.t.Context(), smpp.ClientConfig{
		Address: x.gw.Addr().String(), SystemID: account, Password: ivrPassword, Kind: kind, Window: 100, Logger: zerolog.Nop(),
		OnDeliver: func(p *smpp.DeliverSM) smpp.Status {
			e.mu.Lock()
			defer e.mu.Unlock()
			e.got = append(e.got, p.Clone())
			return smpp.StatusOK
		},
	})
	if err != nil {
		x.t.Fatal(err)
	}
	return e
}

func (e *esme) delivered() []*smpp.DeliverSM {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.got)
}

// submit submits and wants it taken.
func (e *esme) submit(p *smpp.SubmitSM) (id string) {
	e.x.t.Helper()
	res, err := e.Submit(e.x.t.Context(), p)
	if err != nil || res.Status != smpp.StatusOK {
		e.x.t.Fatalf("%s %v", res.Status, err)
	}
	return res.MessageID
}

// until waits for something that others do.
func (x *switchboard) until(what string, there func() bool) {
	x.t.Helper()
	if !testwait.For(time.Minute, there) {
		x.t.Fatalf("waited in vain for %s: %+v", what, x.gw.push.Stats())
	}
}

// receipts waits for so many.
func (e *esme) receipts(n int) (all []smpp.Receipt) {
	e.x.t.Helper()
	e.x.until(fmt.Sprintf("%d receipts", n), func() bool { return len(e.delivered()) >= n })
	for _, p := range e.delivered() {
		r, err := smpp.ParseReceipt(p.ShortMessage, nil)
		if err != nil || p.ESMClass != smpp.ESMClassReceipt {
			e.x.t.Errorf("%+v: %v", p, err)
		}
		all = append(all, r)
	}
	return all
}

// record waits for the record of a message.
func (x *switchboard) record(id string) (rec cdr.Record) {
	x.t.Helper()
	x.until("a record", func() bool {
		n := 0
		err := x.gw.messages.CDRs(context.Background(), cdr.Filter{Session: id}, func(r cdr.Record) error {
			rec, n = r, n+1
			return nil
		})
		if err != nil || n > 1 {
			x.t.Fatalf("%d records, %v", n, err)
		}
		return n == 1
	})
	return rec
}

// everything is a submit_sm with a value in each field and unusual TLVs.
func everything() *smpp.SubmitSM {
	return &smpp.SubmitSM{
		ServiceType: []byte("CMT"), SourceAddrTON: 5, SourceAddrNPI: 9, SourceAddr: []byte("Shop"),
		DestAddrTON: 1, DestAddrNPI: 1, DestinationAddr: []byte(phoneNumber), ESMClass: 0x80, ProtocolID: 0x41, PriorityFlag: 2,
		RegisteredDelivery: 1, DataCoding: 0xf1, SMDefaultMsgID: 3, ShortMessage: []byte("\x00\x01 any octets \xff"),
		TLVs: smpp.TLVs{
			{Tag: 0x1401, Value: []byte("vendor")}, {Tag: smpp.TagUserMessageReference, Value: []byte{0x12, 0x34}},
			{Tag: 0x1401, Value: nil}, {Tag: smpp.TagLanguageIndicator, Value: []byte{2}},
		},
	}
}

// TestRelay: a message reaches the centre as it came, the ESME has our id once it is
// on the disk, and one receipt with that id and its own reference.
func TestRelay(t *testing.T) {
	x := newSwitchboard(t, sim.SMSCConfig{FirstID: 77})
	e := x.esme("shop", smpp.CommandBindTransceiver)
	sent := everything()
	id := e.submit(sent)
	r := e.receipts(1)[0]
	if r.ID != id || r.Stat != smpp.MessageDelivered || r.Err != "000" || r.Dlvrd != 1 {
		t.Errorf("%+v, submitted as %s", r, id)
	}
	p := e.delivered()[0]
	rid, state, _, _ := smpp.ReceiptTLVs(p.TLVs)
	ref, _ := p.TLVs.Find(smpp.TagUserMessageReference)
	if rid != id || state != smpp.MessageDelivered || !bytes.Equal(ref, []byte{0x12, 0x34}) {
		t.Errorf("TLVs of the receipt: %v", p.TLVs)
	}
	if string(p.SourceAddr) != phoneNumber || p.SourceAddrTON != 1 || string(p.DestinationAddr) != "Shop" || p.DestAddrTON != 5 {
		t.Errorf("%+v", p)
	}
	got := x.smsc.Submits()[0].PDU
	ours, _ := got.TLVs.Find(smpp.TagUserMessageReference)
	want := sent.Clone()
	want.TLVs = smpp.TLVs{want.TLVs[0], {Tag: 0x1401, Value: []byte{}}, want.TLVs[3], {Tag: smpp.TagUserMessageReference, Value: ours}}
	a, err1 := got.Append(nil)
	b, err2 := want.Append(nil)
	if err1 != nil || err2 != nil || !bytes.Equal(a, b) {
		t.Errorf("the centre got %+v\nwant %+v", got, want)
	}
	rec := x.record(id)
	if rec.Flow != "relay" || rec.Trigger.Account != "shop" || rec.Trigger.Source != "Shop" || rec.MDN != phoneNumber || rec.Link != "smsc" ||
		rec.Outcome != cdr.Done || rec.Attempts != 1 || !slices.Equal(rec.Steps, []string{"1/1:delivered"}) {
		t.Errorf("%+v", rec)
	}
}

// TestRelayLink: what the link changes of messages.
func TestRelayLink(t *testing.T) {
	x := newSwitchboard(t, sim.SMSCConfig{}, func(c *configs.Config) {
		c.Links[0].Relay = configs.LinkRelay{Source: "7000", SourceTON: 3, ServiceType: "WAP", Strip: []configs.NameOrNumber{"0x1401"}}
	})
	e := x.esme("shop", smpp.CommandBindTransceiver)
	e.submit(everything())
	e.receipts(1)
	got := x.smsc.Submits()[0].PDU
	_, stripped := got.TLVs.Find(0x1401)
	if string(got.SourceAddr) != "7000" || got.SourceAddrTON != 3 || got.SourceAddrNPI != 0 || string(got.ServiceType) != "WAP" || stripped || len(got.TLVs) != 2 {
		t.Errorf("%+v", got)
	}
	if p := e.delivered()[0]; string(p.DestinationAddr) != "Shop" {
		t.Errorf("the receipt goes to %s", p.DestinationAddr)
	}
}

// TestRelayRefused: what is refused at once leaves nothing behind.
func TestRelayRefused(t *testing.T) {
	x := newSwitchboard(t, sim.SMSCConfig{})
	shop, ivr := x.esme("shop", smpp.CommandBindTransceiver), x.esme("ivr", smpp.CommandBindTransceiver)
	for _, c := range []struct {
		name string
		e    *esme
		edit func(*smpp.SubmitSM)
		want smpp.Status
	}{
		{"no route", shop, func(p *smpp.SubmitSM) { p.DestinationAddr = []byte("2") }, smpp.StatusInvalidDestinationAddress},
		{"no destination", shop, func(p *smpp.SubmitSM) { p.DestinationAddr = nil }, smpp.StatusInvalidDestinationAddress},
		{"of another account", ivr, func(*smpp.SubmitSM) {}, smpp.StatusInvalidDestinationAddress},
		{"by a route", shop, func(p *smpp.SubmitSM) { p.DestinationAddr = []byte("19001") }, smpp.StatusProhibited},
		{"schedule", shop, func(p *smpp.SubmitSM) { p.ScheduleDeliveryTime = []byte("tomorrow") }, smpp.StatusInvalidScheduledTime},
		{"validity", shop, func(p *smpp.SubmitSM) { p.ValidityPeriod = []byte("1") }, smpp.StatusInvalidExpiry},
		{"over", shop, func(p *smpp.SubmitSM) { p.ValidityPeriod = []byte("200101000000000+") }, smpp.StatusInvalidExpiry},
	} {
		p := everything()
		c.edit(p)
		if res, err := c.e.Submit(t.Context(), p); err != nil || res.Status != c.want {
			t.Errorf("%s: %s %v", c.name, res.Status, err)
		}
	}
	if s := x.gw.relay.Stats(); s.Accepted != 0 || s.Refused != 7 || len(x.smsc.Submits()) != 0 || x.gw.push.Live() != 0 {
		t.Errorf("%+v", s)
	}
}

// TestRegisteredDelivery: who asks for what hears of what.
func TestRegisteredDelivery(t *testing.T) {
	script := &sim.Script{Rules: []sim.Rule{{Step: "submit_sm", Nth: 5, Do: sim.Refuse, Code: uint32(smpp.StatusInvalidDestinationAddress)}}}
	x := newSwitchboard(t, sim.SMSCConfig{Script: script})
	e := x.esme("shop", smpp.CommandBindTransceiver)
	submit := func(registered uint8, to string) string {
		p := everything()
		p.RegisteredDelivery, p.DestinationAddr = registered, []byte(to)
		id := e.submit(p)
		x.record(id) // one after the other
		return id
	}
	submit(0, phoneNumber)
	submit(2, phoneNumber)
	a := submit(3, phoneNumber)
	b := submit(2, "13105550000") // which is not on
	c := submit(1, phoneNumber)   // which the centre refuses
	submit(3, "13105550000")
	got := e.receipts(3)
	want := []struct {
		id   string
		stat smpp.MessageState
		err  string
	}{{a, smpp.MessageDelivered, "000"}, {b, smpp.MessageUndeliverable, "001"}, {c, smpp.MessageUndeliverable, "071"}}
	for i, w := range want {
		if r := got[i]; r.ID != w.id || r.Stat != w.stat || r.Err != w.err {
			t.Errorf("%+v, want %+v", r, w)
		}
	}
	x.until("it to be forgotten", func() bool { return x.gw.push.Live() == 0 })
	if n := len(e.delivered()); n != 3 {
		t.Errorf("%d receipts", n)
	}
	if asked := x.smsc.Submits()[0].PDU.RegisteredDelivery; asked != 0 {
		t.Errorf("a receipt that nobody wants was asked for: %d", asked)
	}
}

// TestReceiptsKept: receipts wait for their account, over a restart too, and come in
// their order.
func TestReceiptsKept(t *testing.T) {
	x := newSwitchboard(t, sim.SMSCConfig{}, func(c *configs.Config) { c.SMPP.Accounts[1].MessageID = "decimal" })
	tx := x.esme("shop", smpp.CommandBindTransmitter)
	var ids []string
	for range 20 {
		id := tx.submit(everything())
		ids = append(ids, id)
		x.until("it to end", func() bool { return x.gw.push.Live() == 0 })
	}
	x.again()
	x.esme("ivr", smpp.CommandBindTransceiver)
	held := func() int {
		for _, a := range x.gw.Status(t.Context()).Accounts {
			if a.Name == "shop" {
				return a.Held
			}
		}
		return -1
	}
	if n := held(); n != len(ids) {
		t.Errorf("the status tells of %d receipts that are held", n)
	}
	rx := x.esme("shop", smpp.CommandBindReceiver)
	var got []string
	for _, r := range rx.receipts(len(ids)) {
		got = append(got, r.ID)
	}
	if !slices.Equal(got, ids) {
		t.Errorf("%q, want %q", got, ids)
	}
	x.until("the status to tell of none", func() bool { return held() == 0 })
}

// TestRelayData: a data_sm goes out as one.
func TestRelayData(t *testing.T) {
	x := newSwitchboard(t, sim.SMSCConfig{})
	e := x.esme("shop", smpp.CommandBindTransceiver)
	status, resp, err := e.DataSM(t.Context(), &smpp.DataSM{
		SourceAddr: []byte("2280"), DestinationAddr: []byte(phoneNumber), DataCoding: 1,
		TLVs: smpp.TLVs{{Tag: smpp.TagMessagePayload, Value: []byte("hello")}},
	})
	if err != nil || status != smpp.StatusOK {
		t.Fatalf("%s %v", status, err)
	}
	// The simulated centre does not know data_sm, and says so.
	if rec := x.record(string(resp.MessageID)); rec.Reason != "undeliverable" || rec.Detail != "submit_sm_resp ESME_RINVCMDID" {
		t.Errorf("%+v", rec)
	}
}

// away has a centre that takes no bind, so that messages wait.
func away(c *configs.Config) { c.Links[0].SystemID = "nobody" }

func relative(d time.Duration) []byte {
	s := int(d.Seconds())
	return fmt.Appendf(nil, "000000%02d%02d%02d000R", s/3600, s/60%60, s%60)
}

// TestRelayTimes: a message waits for its time, and ends with its validity.
func TestRelayTimes(t *testing.T) {
	x := newSwitchboard(t, sim.SMSCConfig{})
	e := x.esme("shop", smpp.CommandBindTransceiver)
	p := everything()
	p.ScheduleDeliveryTime, p.ValidityPeriod = relative(time.Second), relative(time.Hour)
	began := time.Now()
	e.submit(p)
	e.receipts(1)
	got := x.smsc.Submits()[0]
	if d := got.At.Sub(began); d < 900*time.Millisecond {
		t.Errorf("sent after %s", d)
	}
	if v := string(got.PDU.ValidityPeriod); len(got.PDU.ScheduleDeliveryTime) != 0 || v < "000000005900000R" || v > "000000010000000R" {
		t.Errorf("schedule %q, validity %q", got.PDU.ScheduleDeliveryTime, v)
	}
}

// TestRelayExpires: nobody takes it in time.
func TestRelayExpires(t *testing.T) {
	x := newSwitchboard(t, sim.SMSCConfig{}, away)
	e := x.esme("shop", smpp.CommandBindTransceiver)
	p := everything()
	p.ValidityPeriod = relative(time.Second)
	id := e.submit(p)
	if r := e.receipts(1)[0]; r.ID != id || r.Stat != smpp.MessageExpired || r.Err != "070" {
		t.Errorf("%+v", r)
	}
	if resp := e.query(id, "Shop"); resp == nil || resp.MessageState != smpp.MessageExpired || resp.ErrorCode != 70 || len(resp.FinalDate) != 16 {
		t.Errorf("%+v", resp)
	}
}

// TestRelayPriority: what waits leaves by its priority, and in order.
func TestRelayPriority(t *testing.T) {
	x := newSwitchboard(t, sim.SMSCConfig{}, away)
	e := x.esme("shop", smpp.CommandBindTransceiver)
	for i, priority := range []uint8{0, 1, 3, 0, 3, 2} {
		p := everything()
		p.PriorityFlag, p.ShortMessage = priority, fmt.Appendf(nil, "%d", i)
		e.submit(p)
	}
	x.cfg.Links[0].SystemID = "otagate"
	x.again()
	x.until("all", func() bool { return len(x.smsc.Submits()) == 6 })
	var got []byte
	for _, s := range x.smsc.Submits() {
		got = append(got, s.PDU.ShortMessage...)
	}
	if string(got) != "245103" {
		t.Errorf("%s", got)
	}
}

// TestDedup: a message that is sent again is answered again, and goes once.
func TestDedup(t *testing.T) {
	x := newSwitchboard(t, sim.SMSCConfig{}, func(c *configs.Config) {
		c.SMPP.Accounts[1].Dedup, c.SMPP.Accounts[1].DedupTime = "user_message_reference", time.Hour
	})
	e := x.esme("shop", smpp.CommandBindTransceiver)
	id := e.submit(everything())
	e.receipts(1)
	if again := e.submit(everything()); again != id {
		t.Errorf("%s, then %s", id, again)
	}
	other := everything()
	other.TLVs[1].Value = []byte{0, 1}
	if e.submit(other) == id {
		t.Error("another message is taken for a repetition")
	}
	e.receipts(2)
	if n := len(x.smsc.Submits()); n != 2 {
		t.Errorf("%d sent", n)
	}
}

func (e *esme) query(id, source string) *smpp.QuerySMResp {
	e.x.t.Helper()
	status, resp, err := e.QuerySM(e.x.t.Context(), &smpp.QuerySM{MessageID: []byte(id), SourceAddr: []byte(source)})
	if err != nil {
		e.x.t.Fatal(err)
	}
	if status != smpp.StatusOK {
		return nil
	}
	return resp
}

func (e *esme) cancel(p *smpp.CancelSM) smpp.Status {
	e.x.t.Helper()
	status, err := e.CancelSM(e.x.t.Context(), p)
	if err != nil {
		e.x.t.Fatal(err)
	}
	return status
}

// TestQuery: of one's own messages only.
func TestQuery(t *testing.T) {
	x := newSwitchboard(t, sim.SMSCConfig{})
	e, other := x.esme("shop", smpp.CommandBindTransceiver), x.esme("ivr", smpp.CommandBindTransceiver)
	id := e.submit(everything())
	e.receipts(1)
	x.record(id)
	if r := e.query(id, "Shop"); r == nil || r.MessageState != smpp.MessageDelivered || r.ErrorCode != 0 || string(r.MessageID) != id {
		t.Errorf("%+v", r)
	}
	if e.query(id, "") == nil || e.query(id, "Other") != nil || other.query(id, "Shop") != nil || e.query("12", "Shop") != nil || e.query("x", "") != nil {
		t.Error("wrong messages are known")
	}
	p := everything()
	p.DestinationAddr = []byte("13105550000")
	id = e.submit(p)
	x.record(id)
	if r := e.query(id, "Shop"); r == nil || r.MessageState != smpp.MessageUndeliverable || r.ErrorCode != 71 {
		t.Errorf("%+v", r)
	}
}

// TestCancel: what waits is taken back, by its id or by its addresses.
func TestCancel(t *testing.T) {
	x := newSwitchboard(t, sim.SMSCConfig{}, away)
	e, other := x.esme("shop", smpp.CommandBindTransceiver), x.esme("ivr", smpp.CommandBindTransceiver)
	one := e.submit(everything())
	if r := e.query(one, "Shop"); r == nil || r.MessageState != smpp.MessageEnroute || len(r.FinalDate) != 0 {
		t.Errorf("%+v", r)
	}
	byID := &smpp.CancelSM{MessageID: []byte(one), SourceAddr: []byte("Shop")}
	if s := other.cancel(byID); s != smpp.StatusInvalidMessageID {
		t.Errorf("by another account: %s", s)
	}
	if s := e.cancel(byID); s != smpp.StatusOK {
		t.Errorf("%s", s)
	}
	if r := e.receipts(1)[0]; r.ID != one || r.Stat != smpp.MessageDeleted || r.Err != "073" {
		t.Errorf("%+v", r)
	}
	if s := e.cancel(byID); s != smpp.StatusCancelFailed {
		t.Errorf("again: %s", s)
	}
	var ids []string
	for _, service := range []string{"CMT", "CMT", "WAP"} {
		p := everything()
		p.ServiceType = []byte(service)
		ids = append(ids, e.submit(p))
	}
	all := &smpp.CancelSM{ServiceType: []byte("CMT"), SourceAddr: []byte("Shop"), DestinationAddr: []byte(phoneNumber)}
	if s := e.cancel(all); s != smpp.StatusOK {
		t.Errorf("%s", s)
	}
	if s := e.cancel(all); s != smpp.StatusCancelFailed {
		t.Errorf("again: %s", s)
	}
	e.receipts(3)
	if r := e.query(ids[2], "Shop"); r == nil || r.MessageState != smpp.MessageEnroute {
		t.Errorf("of another service_type: %+v", r)
	}
}

// TestCancelSent: what the centre has cannot be taken back or replaced.
func TestCancelSent(t *testing.T) {
	x := newSwitchboard(t, sim.SMSCConfig{ReceiptDelay: time.Hour})
	e := x.esme("shop", smpp.CommandBindTransceiver)
	id := e.submit(everything())
	x.until("the answer", func() bool { s := x.smsc.Submits(); return len(s) == 1 && s[0].Answered })
	if s := e.cancel(&smpp.CancelSM{MessageID: []byte(id)}); s != smpp.StatusCancelFailed {
		t.Errorf("%s", s)
	}
	status, err := e.ReplaceSM(t.Context(), &smpp.ReplaceSM{MessageID: []byte(id), ShortMessage: []byte("x")})
	if err != nil || status != smpp.StatusReplaceFailed {
		t.Errorf("%s %v", status, err)
	}
}

// TestReplace: another text under the same id, and another message in the place of one.
func TestReplace(t *testing.T) {
	x := newSwitchboard(t, sim.SMSCConfig{}, away)
	e := x.esme("shop", smpp.CommandBindTransceiver)
	p := everything()
	p.RegisteredDelivery = 0
	first := e.submit(p)
	status, err := e.ReplaceSM(t.Context(), &smpp.ReplaceSM{
		MessageID: []byte(first), SourceAddr: []byte("Shop"), RegisteredDelivery: 1, ValidityPeriod: relative(2 * time.Hour), ShortMessage: []byte("replaced"),
	})
	if err != nil || status != smpp.StatusOK {
		t.Fatalf("%s %v", status, err)
	}
	p.ServiceType, p.ShortMessage = []byte("WAP"), []byte("old")
	old := e.submit(p)
	p.ReplaceIfPresentFlag, p.ShortMessage = 1, []byte("new")
	e.submit(p)
	if rec := x.record(old); rec.Reason != "cancelled" {
		t.Errorf("%+v", rec)
	}
	x.cfg.Links[0].SystemID = "otagate"
	x.again()
	x.until("both", func() bool { return len(x.smsc.Submits()) == 2 })
	got := x.smsc.Submits()
	if a := got[0].PDU; string(a.ShortMessage) != "replaced" || a.RegisteredDelivery != 1 || string(a.ValidityPeriod) < "000000015900000R" || string(a.ServiceType) != "CMT" || a.TLVs[0].Tag != 0x1401 {
		t.Errorf("%+v", a)
	}
	if b := got[1].PDU; string(b.ShortMessage) != "new" || b.ReplaceIfPresentFlag != 0 {
		t.Errorf("%+v", b)
	}
	e = x.esme("shop", smpp.CommandBindTransceiver)
	if r := e.receipts(1)[0]; r.ID != first || r.Stat != smpp.MessageDelivered {
		t.Errorf("%+v", r)
	}
}

// TestFailover: what waits for a link that has no bind goes by another one, and what
// has been sent stays.
func TestFailover(t *testing.T) {
	x := newSwitchboard(t, sim.SMSCConfig{}, func(c *configs.Config) {
		dead := c.Links[0]
		dead.Name, dead.SystemID, dead.Receipts, dead.Relay.Failover = "dead", "nobody", false, 200*time.Millisecond
		c.Links = append(c.Links, dead)
		c.Routes[1].Via = []configs.Via{{Link: "dead", Weight: 1, Tier: 1}}
	})
	e := x.esme("shop", smpp.CommandBindTransceiver)
	x.until("a look at the dead link", func() bool { return !x.gw.push.Links()[1].Up })
	var ids []string
	for i := range 5 {
		p := everything()
		p.ShortMessage = fmt.Appendf(nil, "%d", i)
		ids = append(ids, e.submit(p))
	}
	if n := x.gw.push.Stats().Moved; n != 0 || len(x.smsc.Submits()) != 0 {
		t.Errorf("%d moved without another route", n)
	}
	x.cfg.Routes[1].Via = append(x.cfg.Routes[1].Via, configs.Via{Link: "smsc", Weight: 1, Tier: 2})
	x.again()
	e = x.esme("shop", smpp.CommandBindTransceiver)
	for i, r := range e.receipts(5) {
		if r.Stat != smpp.MessageDelivered {
			t.Errorf("%+v", r)
		}
		if rec := x.record(ids[i]); rec.Link != "smsc" || rec.Attempts != 1 || rec.Outcome != cdr.Done {
			t.Errorf("%+v", rec)
		}
	}
}

// TestSubmitMulti: a message for each destination, and one id for all.
func TestSubmitMulti(t *testing.T) {
	x := newSwitchboard(t, sim.SMSCConfig{})
	e := x.esme("shop", smpp.CommandBindTransceiver)
	x.smsc.SwitchOn("12025550124", anyPhone{})
	to := func(numbers ...string) (all []smpp.Destination) {
		for _, n := range numbers {
			all = append(all, smpp.Destination{DestFlag: smpp.DestFlagSME, DestAddrTON: 1, DestinationAddr: []byte(n)})
		}
		return all
	}
	p := &smpp.SubmitMulti{
		SourceAddr: []byte("2280"), Destinations: to("2", phoneNumber, "13105550000", "12025550124"), RegisteredDelivery: 1, ShortMessage: []byte("news"),
	}
	p.Destinations = append(p.Destinations, smpp.Destination{DestFlag: smpp.DestFlagDistributionList, DLName: []byte("all")})
	status, resp, err := e.SubmitMulti(t.Context(), p)
	if err != nil || status != smpp.StatusOK || len(resp.UnsuccessSME) != 2 ||
		resp.UnsuccessSME[0].ErrorStatusCode != smpp.StatusInvalidDestinationAddress || string(resp.UnsuccessSME[0].DestinationAddr) != "2" ||
		resp.UnsuccessSME[1].ErrorStatusCode != smpp.StatusInvalidDistributionListName {
		t.Fatalf("%s %+v %v", status, resp, err)
	}
	stats := map[string]smpp.MessageState{}
	for i, r := range e.receipts(3) {
		if r.ID != string(resp.MessageID) {
			t.Errorf("receipt of %s, want %s", r.ID, resp.MessageID)
		}
		stats[string(e.delivered()[i].SourceAddr)] = r.Stat
	}
	if stats[phoneNumber] != smpp.MessageDelivered || stats["12025550124"] != smpp.MessageDelivered || stats["13105550000"] != smpp.MessageUndeliverable {
		t.Errorf("%v", stats)
	}
	x.until("the end", func() bool { return x.gw.push.Live() == 0 })
	if r := e.query(string(resp.MessageID), "2280"); r == nil || r.MessageState != smpp.MessageUndeliverable {
		t.Errorf("%+v", r)
	}
	p.Destinations = to("2", "3")
	if status, _, err := e.SubmitMulti(t.Context(), p); err != nil || status != smpp.StatusInvalidDestinationAddress {
		t.Errorf("%s %v", status, err)
	}
	p.Destinations, p.ScheduleDeliveryTime = to(phoneNumber, "12025550124"), relative(time.Hour)
	if status, resp, err = e.SubmitMulti(t.Context(), p); err != nil || status != smpp.StatusOK {
		t.Fatalf("%s %v", status, err)
	}
	if r := e.query(string(resp.MessageID), ""); r == nil || r.MessageState != smpp.MessageEnroute {
		t.Errorf("%+v", r)
	}
	if s := e.cancel(&smpp.CancelSM{MessageID: resp.MessageID}); s != smpp.StatusOK {
		t.Errorf("%s", s)
	}
	if n := x.gw.push.Live(); n != 0 {
		t.Errorf("%d left", n)
	}
}

// TestAlphabets: what data_coding 0 is for the account, the centre hears in its own.
func TestAlphabets(t *testing.T) {
	header := "\x05\x00\x03\x34\x03\x02"
	for _, c := range []struct {
		name, account, link string
		pdu                 smpp.SubmitSM
		coding              uint8
		want                string
	}{
		{"the same", "latin1", "latin1", smpp.SubmitSM{ShortMessage: []byte("\xe4@\xff")}, 0, "\xe4@\xff"},
		{"Latin-1 to GSM", "latin1", "gsm7", smpp.SubmitSM{ShortMessage: []byte("\xe4@")}, 0, "\x7b\x00"},
		{"GSM to Latin-1", "gsm7", "latin1", smpp.SubmitSM{ShortMessage: []byte("\x7b\x00")}, 0, "\xe4@"},
		{"GSM to ASCII, which has it not", "gsm7", "ascii", smpp.SubmitSM{ShortMessage: []byte("\x7b")}, 8, "\x00\xe4"},
		{"UCS2 to GSM", "ucs2", "", smpp.SubmitSM{ShortMessage: []byte("\x00A\x20\xac")}, 0, "A\x1be"},
		{"said what it is", "latin1", "gsm7", smpp.SubmitSM{DataCoding: 3, ShortMessage: []byte("\xe4")}, 3, "\xe4"},
		{"octets", "latin1", "gsm7", smpp.SubmitSM{DataCoding: 4, ShortMessage: []byte("\xe4")}, 4, "\xe4"},
		{"not what it is", "gsm7", "latin1", smpp.SubmitSM{ShortMessage: []byte("\xe4")}, 0, "\xe4"},
		{"behind a header", "latin1", "gsm7", smpp.SubmitSM{ESMClass: 0x40, ShortMessage: []byte(header + "\xe4")}, 0, header + "\x7b"},
		{"part without room", "latin1", "ascii", smpp.SubmitSM{ESMClass: 0x40, ShortMessage: []byte(header + strings.Repeat("a", 99) + "\xe4")}, 0,
			header + strings.Repeat("a", 99) + "?"},
	} {
		t.Run(c.name, func(t *testing.T) {
			x := newSwitchboard(t, sim.SMSCConfig{}, func(cfg *configs.Config) {
				cfg.SMPP.Accounts[1].Alphabet, cfg.Links[0].Relay.Alphabet = c.account, c.link
			})
			e := x.esme("shop", smpp.CommandBindTransceiver)
			c.pdu.DestinationAddr = []byte(phoneNumber)
			e.submit(&c.pdu)
			x.until("it", func() bool { return len(x.smsc.Submits()) == 1 })
			if got := x.smsc.Submits()[0].PDU; string(got.ShortMessage) != c.want || got.DataCoding != c.coding {
				t.Errorf("%d %q, want %d %q", got.DataCoding, got.ShortMessage, c.coding, c.want)
			}
		})
	}
}

// TestRelaySplit: a message that was split here has one receipt, which counts its parts.
func TestRelaySplit(t *testing.T) {
	x := newSwitchboard(t, sim.SMSCConfig{}, func(c *configs.Config) { c.Links[0].Way = "udh8" })
	e := x.esme("shop", smpp.CommandBindTransceiver)
	id := e.submit(&smpp.SubmitSM{
		DestinationAddr: []byte(phoneNumber), RegisteredDelivery: 1, TLVs: smpp.TLVs{{Tag: smpp.TagMessagePayload, Value: bytes.Repeat([]byte("0123456789"), 40)}},
	})
	if r := e.receipts(1)[0]; r.ID != id || r.Sub != 3 || r.Dlvrd != 3 || r.Stat != smpp.MessageDelivered || r.Text != "01234567890123456789" {
		t.Errorf("%+v", r)
	}
	if rec := x.record(id); !slices.Equal(rec.Steps, []string{"1/3:delivered", "2/3:delivered", "3/3:delivered"}) {
		t.Errorf("%+v", rec)
	}
}

// TestSubmitMultiAgain: a submit_multi that is sent again is answered as it was.
func TestSubmitMultiAgain(t *testing.T) {
	x := newSwitchboard(t, sim.SMSCConfig{}, func(c *configs.Config) {
		c.SMPP.Accounts[1].Dedup, c.SMPP.Accounts[1].DedupTime = "user_message_reference", time.Hour
	})
	e := x.esme("shop", smpp.CommandBindTransceiver)
	p := &smpp.SubmitMulti{SourceAddr: []byte("2280"), ShortMessage: []byte("x"), TLVs: smpp.TLVs{}.AppendU16(smpp.TagUserMessageReference, 7)}
	for i := range 3 {
		p.Destinations = append(p.Destinations, smpp.Destination{DestFlag: smpp.DestFlagSME, DestinationAddr: fmt.Appendf(nil, "%s%d", phoneNumber, i)})
	}
	var ids []string
	for range 2 {
		status, resp, err := e.SubmitMulti(t.Context(), p)
		if err != nil || status != smpp.StatusOK {
			t.Fatalf("%s %v", status, err)
		}
		ids = append(ids, string(resp.MessageID))
	}
	x.until("the end", func() bool { return x.gw.push.Live() == 0 })
	if n := len(x.smsc.Submits()); ids[0] != ids[1] || n != 3 {
		t.Errorf("%q, %d sent", ids, n)
	}
}
