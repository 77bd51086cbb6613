package push_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/delivery"
	"github.com/otagate/otagate/internal/gateway/push"
	"github.com/otagate/otagate/internal/sms"
	"github.com/otagate/otagate/internal/sms/is637"
	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/sessions/cdr"
	"github.com/otagate/otagate/smpp"
	"github.com/otagate/otagate/ss7/ansi41"
)

// relayed makes a message one that is relayed.
func relayed(p *smpp.SubmitSM) func(m *push.Message) {
	p.DestinationAddr = []byte(subscriber.String())
	return func(m *push.Message) {
		m.Content, m.To = sms.Message{}, 0
		m.Relay = &push.Relay{From: "acme", Submit: p, Receipt: true}
	}
}

// sar is the place of a part.
func sar(ref uint16, total, number uint8) smpp.TLVs {
	return smpp.TLVs{}.AppendU16(smpp.TagSARMsgRefNum, ref).AppendU8(smpp.TagSARTotalSegments, total).AppendU8(smpp.TagSARSegmentSeqnum, number)
}

func payload(text string) smpp.TLVs {
	return smpp.TLVs{{Tag: smpp.TagMessagePayload, Value: []byte(text)}}
}

// form is how a submit_sm has its text: without our user_message_reference.
func form(p *smpp.SubmitSM) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%02x", p.ESMClass)
	if n := len(p.ShortMessage); n > 40 {
		fmt.Fprintf(&b, " %x… %d", p.ShortMessage[:7], n)
	} else if n > 0 {
		fmt.Fprintf(&b, " %x", p.ShortMessage)
	}
	for _, t := range p.TLVs {
		switch t.Tag {
		case smpp.TagUserMessageReference:
		case smpp.TagMessagePayload:
			fmt.Fprintf(&b, " payload %d", len(t.Value))
		default:
			fmt.Fprintf(&b, " %s %x", t.Tag, t.Value)
		}
	}
	return b.String()
}

// TestRelayWays: what a link makes of messages that are, or are not, in parts.
func TestRelayWays(t *testing.T) {
	long := strings.Repeat("0123456789", 20)
	for _, c := range []struct {
		name, way string
		pdu       smpp.SubmitSM
		want      []string
	}{
		{"short", "udh8", smpp.SubmitSM{ShortMessage: []byte("hello")}, []string{"00 68656c6c6f"}},
		{"long as it came", "as-is", smpp.SubmitSM{ShortMessage: []byte(long)}, []string{"00 30313233343536… 200"}},
		{"payload as it came", "as-is", smpp.SubmitSM{TLVs: payload(long)}, []string{"00 payload 200"}},
		{"short payload", "udh8", smpp.SubmitSM{TLVs: payload("hello")}, []string{"00 68656c6c6f"}},
		{"long to a header", "udh16", smpp.SubmitSM{ShortMessage: []byte(long)},
			[]string{"40 060804REFF0201… 159 more_messages_to_send 01", "40 060804REFF0202… 55"}},
		{"long payload to a header", "udh8", smpp.SubmitSM{ESMClass: 0x80, TLVs: payload(long)},
			[]string{"c0 050003RF020130… 159 more_messages_to_send 01", "c0 050003RF020233… 53"}},
		{"long to TLVs", "sar", smpp.SubmitSM{ShortMessage: []byte(long)},
			[]string{"00 30313233343536… 152 sar_msg_ref_num REFF sar_total_segments 02 sar_segment_seqnum 01 more_messages_to_send 01",
				"00 32333435363738… 48 sar_msg_ref_num REFF sar_total_segments 02 sar_segment_seqnum 02"}},
		{"long to a payload", "payload", smpp.SubmitSM{ShortMessage: []byte(long)}, []string{"00 payload 200"}},
		{"UCS2", "udh8", smpp.SubmitSM{DataCoding: 8, ShortMessage: []byte(long)},
			[]string{"40 050003RF020130… 140 more_messages_to_send 01", "40 050003RF020234… 72"}},
		{"octets", "udh8", smpp.SubmitSM{DataCoding: 4, ShortMessage: []byte(long)},
			[]string{"40 050003RF020130… 140 more_messages_to_send 01", "40 050003RF020234… 72"}},
		{"not of its alphabet", "udh8", smpp.SubmitSM{ShortMessage: bytes.Repeat([]byte{0xe4}, 150)},
			[]string{"40 050003RF0201e4… 140 more_messages_to_send 01", "40 050003RF0202e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4e4"}},
		{"part: TLVs to a header", "udh8", smpp.SubmitSM{ShortMessage: []byte("x"), TLVs: sar(0x1234, 3, 2)}, []string{"40 05000334030278"}},
		{"part: TLVs to a long header", "udh16", smpp.SubmitSM{ShortMessage: []byte("x"), TLVs: sar(0x1234, 3, 2)}, []string{"40 06080412340302" + "78"}},
		{"part: header to TLVs", "sar", smpp.SubmitSM{ESMClass: 0x40, ShortMessage: []byte("\x05\x00\x03\x34\x03\x02x")},
			[]string{"00 78 sar_msg_ref_num 0034 sar_total_segments 03 sar_segment_seqnum 02"}},
		{"part: header with ports to TLVs", "sar", smpp.SubmitSM{ESMClass: 0x40, ShortMessage: []byte("\x0b\x05\x04\x0b\x84\x23\xf0\x00\x03\x34\x03\x02x")},
			[]string{"40 0605040b8423f078 sar_msg_ref_num 0034 sar_total_segments 03 sar_segment_seqnum 02"}},
		{"ports", "sar", smpp.SubmitSM{ESMClass: 0x40, ShortMessage: []byte("\x06\x05\x04\x0b\x84\x23\xf0x")}, []string{"40 0605040b8423f078"}},
		{"broken header", "sar", smpp.SubmitSM{ESMClass: 0x40, ShortMessage: []byte("\x06x")}, []string{"40 0678"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := newLab(t)
			l.links[0].Way = c.way
			l.start()
			rec := l.record(l.mustAccept(0, nil, relayed(&c.pdu)))
			if rec.Outcome != cdr.Done || rec.Flow != "relay" || len(rec.Steps) != len(c.want) {
				t.Fatalf("%+v", rec)
			}
			ref := "" // any, but not 0
			for i, p := range l.centre.submitted() {
				if i == 0 {
					ref = reference(&p)
				}
				want := strings.NewReplacer("REFF", ref, "RF", ref[2:]).Replace(c.want[i])
				if got := form(&p); got != want {
					t.Errorf("part %d: %s\nwant %s", i, got, want)
				}
			}
		})
	}
}

// TestRelayDataWays: a data_sm is split and converted as a submit_sm, and stays one.
func TestRelayDataWays(t *testing.T) {
	l := newLab(t)
	c := &dataCentre{centre: l.centre}
	l.dial = func(string) push.Centre { return c }
	l.links[0].Way = "udh8"
	l.start()
	text := strings.Repeat("0123456789", 40)
	id := l.mustAccept(0, nil, func(m *push.Message) {
		m.Content, m.To = sms.Message{}, 0
		m.Relay = &push.Relay{From: "acme", Data: &smpp.DataSM{
			SourceAddr: []byte(strings.Repeat("5", 40)), DestinationAddr: []byte(subscriber.String()), TLVs: append(payload(text), smpp.TLV{Tag: 0x1401, Value: []byte("v")}),
		}}
	})
	if rec := l.record(id); rec.Outcome != cdr.Done || rec.Reason != "accepted" || len(rec.Steps) != 3 {
		t.Fatalf("%+v", rec)
	}
	whole := ""
	for i, p := range c.data() {
		part, _ := p.TLVs.Find(smpp.TagMessagePayload)
		vendor, _ := p.TLVs.Find(0x1401)
		if p.ESMClass != 0x40 || part[4] != 3 || part[5] != byte(i+1) || string(vendor) != "v" || len(p.SourceAddr) != 40 {
			t.Errorf("%+v", p)
		}
		whole += string(part[6:])
	}
	if whole != text {
		t.Errorf("%q", whole)
	}
}

// TestRelayDataOld: a centre that has no data_sm gets a submit_sm.
func TestRelayDataOld(t *testing.T) {
	l := newLab(t)
	l.start()
	id := l.mustAccept(0, nil, func(m *push.Message) {
		m.Content, m.To = sms.Message{}, 0
		m.Relay = &push.Relay{From: "acme", Receipt: true, Data: &smpp.DataSM{
			SourceAddr: []byte("2280"), DestinationAddr: []byte(subscriber.String()), DataCoding: 8, TLVs: payload("\x00x"),
		}}
	})
	rec, got := l.record(id), l.centre.submitted()
	if rec.Reason != "ok" || len(got) != 1 || form(&got[0]) != "00 0078" || got[0].DataCoding != 8 || string(got[0].SourceAddr) != "2280" {
		t.Errorf("%+v %+v", rec, got)
	}
}

// dataCentre takes data_sm, too.
type dataCentre struct {
	*centre
	all []*smpp.DataSM
}

func (c *dataCentre) DataSMAsync(p *smpp.DataSM, done func(smpp.Status, *smpp.DataSMResp, error)) error {
	c.mu.Lock()
	c.all = append(c.all, p.Clone())
	c.mu.Unlock()
	go done(smpp.StatusOK, &smpp.DataSMResp{MessageID: []byte("1")}, nil)
	return nil
}

func (c *dataCentre) data() []*smpp.DataSM {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.all)
}

// reference is that of a part, in four hexadecimal digits.
func reference(p *smpp.SubmitSM) string {
	if v, ok := p.TLVs.Find(smpp.TagSARMsgRefNum); ok {
		return hex.EncodeToString(v)
	}
	switch s := p.ShortMessage; {
	case p.ESMClass&0x40 != 0 && s[1] == 8:
		return hex.EncodeToString(s[3:5])
	case p.ESMClass&0x40 != 0:
		return "00" + hex.EncodeToString(s[3:4])
	}
	return "0000"
}

// TestRelayTooLong: more parts than the link takes.
func TestRelayTooLong(t *testing.T) {
	l := newLab(t)
	l.links[0].Parts = 2
	l.start()
	var long *sms.TooLongError
	_, err := l.accept(0, nil, relayed(&smpp.SubmitSM{TLVs: payload(strings.Repeat("x", 400))}))
	if !errors.As(err, &long) || long.Segments != 3 {
		t.Errorf("%v", err)
	}
	l.links[0].Way = "as-is"
	if _, err := l.accept(0, nil, relayed(&smpp.SubmitSM{TLVs: append(payload(strings.Repeat("x", 65500)), payload("more")[0])})); !errors.As(err, &long) {
		t.Errorf("what no state holds: %v", err)
	}
}

// TestRelayRestarts: a message in parts goes on where it was.
func TestRelayRestarts(t *testing.T) {
	l := newLab(t)
	l.centre.script = func(n int, _ *smpp.SubmitSM) reaction {
		if n == 1 {
			return reaction{status: smpp.StatusSystemError}
		}
		return reaction{receipt: delivered}
	}
	l.cfg.Pause, l.cfg.MaxPause = 500*time.Millisecond, 500*time.Millisecond
	l.start()
	id := l.mustAccept(0, nil, relayed(&smpp.SubmitSM{TLVs: payload(strings.Repeat("0123456789", 40))}))
	l.until("the pause of the second part", func() bool {
		st, err := l.svc.Status(t.Context(), id)
		return err == nil && st.Phase == delivery.Pausing && len(l.centre.submitted()) == 2
	})
	l.stop()
	l.start()
	if rec := l.record(id); rec.Outcome != cdr.Done || strings.Join(rec.Steps, " ") != "1/3:delivered 2/3:delivered:2 3/3:delivered" {
		t.Errorf("%+v", rec)
	}
	var whole []byte
	for _, p := range l.centre.submitted()[:1] {
		whole = append(whole, p.ShortMessage[6:]...)
	}
	for _, p := range l.centre.submitted()[2:] {
		whole = append(whole, p.ShortMessage[6:]...)
	}
	if string(whole) != strings.Repeat("0123456789", 40) {
		t.Errorf("%q", whole)
	}
}

// TestRelayTurned: a centre leaves the addresses of a receipt as submit_sm had them.
func TestRelayTurned(t *testing.T) {
	l := newLab(t)
	l.centre.script = func(int, *smpp.SubmitSM) reaction {
		return reaction{receipt: func(id string, p *smpp.SubmitSM) *smpp.DeliverSM {
			d := delivered(id, p)
			d.SourceAddr, d.DestinationAddr = p.SourceAddr, p.DestinationAddr
			return d
		}}
	}
	l.start()
	for _, source := range []string{"18005550100", "Shop"} {
		id := l.mustAccept(0, nil, relayed(&smpp.SubmitSM{SourceAddr: []byte(source), ShortMessage: []byte("x")}), func(m *push.Message) { m.Origin.Source = source })
		if rec := l.record(id); rec.Reason != "ok" {
			t.Errorf("%s: %+v", source, rec)
		}
	}
}

// TestThrong: very many messages that wait for one number do not take ever longer.
func TestThrong(t *testing.T) {
	l := newLab(t)
	l.dial = func(string) push.Centre { return nil }
	l.start()
	const n = 20_000
	begun := time.Now()
	under := make(chan error, 1000)
	for range n {
		m := push.Message{Relay: &push.Relay{From: "acme", Submit: &smpp.SubmitSM{DestinationAddr: []byte("7000"), ShortMessage: []byte("x")}, Receipt: true}}
		under <- nil
		err := l.svc.Accept(&m, func(_ sessions.ID, err error) {
			if err != nil {
				t.Error(err)
			}
			<-under
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for range cap(under) {
		under <- nil
	}
	if d := time.Since(begun); d > 20*time.Second {
		t.Errorf("it took %s", d)
	}
	all := l.svc.Waiting(push.Match{To: "7000", AnyServiceType: true})
	if len(all) != n {
		t.Errorf("%d of %d are known", len(all), n)
	}
	const some = 500
	for i := range some { // from all places of the list
		if ok, err := l.svc.Cancel(t.Context(), all[i*(n/some)]); !ok || err != nil {
			t.Fatalf("%t %v", ok, err)
		}
	}
	l.until("them to be forgotten", func() bool { return len(l.svc.Waiting(push.Match{To: "7000", AnyServiceType: true})) == n-some })
}

// TestRelaySS7: a text goes to the handset through HLR and MSC, with its source.
func TestRelaySS7(t *testing.T) {
	l := newLab(t)
	l.net.script = script(outcomes{atMSC1}, outcomes{taken})
	l.start()
	submit := func(p *smpp.SubmitSM) (sessions.ID, error) {
		return l.accept(0, nil, func(m *push.Message) {
			m.Content, m.To, m.Origin.Source = sms.Message{}, 0, string(p.SourceAddr)
			p.DestinationAddr = []byte(roamer.String())
			m.Relay = &push.Relay{From: "acme", Submit: p, Receipt: true}
		})
	}
	id, err := submit(&smpp.SubmitSM{SourceAddr: []byte("18005550100"), DataCoding: 8, ShortMessage: []byte("\x00h\x00i")})
	if err != nil {
		t.Fatal(err)
	}
	if rec := l.record(id); rec.Flow != "relay" || rec.Outcome != cdr.Done || rec.Reason != "ok" || rec.Link != "ss7" || rec.MSC != "msc1" {
		t.Errorf("%+v", rec)
	}
	l.net.mu.Lock()
	var inv ansi41.SMDPPInvoke
	err = inv.Decode(l.net.asked[len(l.net.asked)-1].Parameters)
	l.net.mu.Unlock()
	if err != nil || fmt.Sprint(inv.SMSOriginalOriginatingAddress.V) != fmt.Sprint(ansi41.E164("18005550100", 0)) {
		t.Fatalf("%+v %v", inv, err)
	}
	var b is637.Bearer
	if err := b.Decode(inv.SMSBearerData); err != nil {
		t.Fatal(err)
	}
	if text, err := b.UserData.V.Text(); err != nil || text != "hi" {
		t.Errorf("%q %v", text, err)
	}
	for name, p := range map[string]*smpp.SubmitSM{
		"octets":   {DataCoding: 4, ShortMessage: []byte("x")},
		"a header": {ESMClass: 0x40, ShortMessage: []byte("\x05\x00\x03\x34\x03\x02x")},
		"a part":   {ShortMessage: []byte("x"), TLVs: sar(1, 2, 1)},
		"no ASCII": {ShortMessage: []byte("\x7b")},
	} {
		if _, err := submit(p); !errors.Is(err, push.ErrContent) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestRelayRehomed: the configuration has lost the link of a message that waits.
func TestRelayRehomed(t *testing.T) {
	l := newLab(t)
	gone := l.links[0]
	gone.Name = "gone"
	l.links = append(l.links, gone)
	l.routes = []configs.MessageRoute{viaLink("gone")}
	l.dial = func(link string) push.Centre {
		if link == "gone" {
			return nil
		}
		return l.centre
	}
	l.start()
	id := l.mustAccept(0, nil, relayed(&smpp.SubmitSM{ShortMessage: []byte("x")}))
	l.stop()
	l.links, l.routes = l.links[:1], []configs.MessageRoute{viaLink("smsc")}
	l.start()
	if rec := l.record(id); rec.Link != "smsc" || rec.Outcome != cdr.Done || rec.Attempts != 1 {
		t.Errorf("%+v", rec)
	}
}

// TestRelayStoredOnce: what is sent of a message is in its state, and in its row only when
// the directory may not know it yet.
func TestRelayStoredOnce(t *testing.T) {
	const kept, old, fresh = "stays as it is", "is replaced", "takes its place"
	l := newLab(t)
	l.dial = func(string) push.Centre { return nil }
	l.start()
	first := l.mustAccept(0, nil, relayed(&smpp.SubmitSM{ShortMessage: []byte(kept)}))
	second := l.mustAccept(0, nil, relayed(&smpp.SubmitSM{ShortMessage: []byte(old)}), func(m *push.Message) { m.NotBefore = time.Now().Add(time.Hour) })
	body, err := (&smpp.SubmitSM{DestinationAddr: []byte(subscriber.String()), ShortMessage: []byte(fresh)}).Append(nil)
	if err != nil {
		t.Fatal(err)
	}
	// It is due at once: changed and handed out in one step.
	if ok, err := l.svc.Replace(t.Context(), second, &push.Replacement{Body: body, NotBefore: time.Now()}); err != nil || !ok {
		t.Fatal(ok, err)
	}
	rows, err := l.store.Claim(t.Context(), "centre/smsc", time.Now(), 10, time.Minute)
	if err != nil || len(rows) != 2 || rows[0].ID != first || rows[1].ID != second {
		t.Fatalf("%+v %v", rows, err)
	}
	if bytes.Contains(rows[0].Body, []byte(kept)) || !bytes.Contains(rows[1].Body, []byte(fresh)) {
		t.Errorf("%q and %q", rows[0].Body, rows[1].Body)
	}
	for i := range rows {
		if err := l.store.Settle(t.Context(), sessions.Settlement{Row: rows[i].Row, Retry: time.UnixMicro(-1), Attempt: rows[i].Attempt}); err != nil {
			t.Fatal(err)
		}
	}
	l.stop()
	l.dial = func(string) push.Centre { return l.centre }
	l.start()
	l.record(first)
	l.record(second)
	sent := l.centre.submitted()
	if len(sent) != 2 || string(sent[0].ShortMessage) != kept || string(sent[1].ShortMessage) != fresh {
		t.Errorf("%+v", sent)
	}
}
