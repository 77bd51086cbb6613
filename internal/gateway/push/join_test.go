package push_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/gateway/push"
	"github.com/otagate/otagate/internal/sms"
	"github.com/otagate/otagate/internal/sms/udh"
	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/sessions/cdr"
	"github.com/otagate/otagate/smpp"
)

// joining is a lab whose link joins segments.
func joining(t *testing.T, wait time.Duration) *lab {
	l := newLab(t)
	l.links[0].Way, l.links[0].Relay.Join = configs.WayPayload, wait
	return l
}

// The ways to say which segment it is.
var placings = []string{"udh8", "udh16", "sar"}

// segments are those of a message with these texts.
func segments(placing string, ref uint16, dataCoding uint8, texts ...string) (all []*smpp.SubmitSM) {
	for i, text := range texts {
		c := udh.Concatenation{Reference: ref, Total: uint8(len(texts)), Number: uint8(i + 1), Wide: placing == "udh16"}
		p := &smpp.SubmitSM{SourceAddr: []byte("Shop"), DataCoding: dataCoding, ShortMessage: []byte(text), TLVs: smpp.TLVs{{Tag: 0x1401, Value: []byte{byte(i)}}}}
		if placing == "sar" {
			p.TLVs = append(p.TLVs, sar(ref, c.Total, c.Number)...)
		} else {
			h := udh.Header{Elements: []udh.Element{c.Element()}}
			b, err := h.Append(nil)
			if err != nil {
				panic(err)
			}
			p.ESMClass, p.ShortMessage = 0x40, append(b, text...)
		}
		all = append(all, p)
	}
	return all
}

// segment submits one.
func (l *lab) segment(p *smpp.SubmitSM, edit ...func(*push.Message)) sessions.ID {
	l.t.Helper()
	return l.mustAccept(0, nil, append([]func(*push.Message){asSegment(p)}, edit...)...)
}

func asSegment(p *smpp.SubmitSM) func(m *push.Message) {
	return func(m *push.Message) {
		to := p.DestinationAddr
		relayed(p)(m)
		if to != nil {
			p.DestinationAddr = to
		}
		m.Origin.Source, m.Origin.Data, m.Relay.Join = string(p.SourceAddr), fmt.Appendf(nil, "of %x", p.ShortMessage), true
	}
}

// settled waits until nothing is known any more.
func (l *lab) settled() {
	l.t.Helper()
	l.until("the end", func() bool { return l.svc.Live() == 0 && l.svc.Known() == 0 })
}

// texts are what the centre got: of a short message with its header.
func (l *lab) texts() (all []string) {
	for _, p := range l.centre.submitted() {
		text := p.ShortMessage
		if payload, ok := p.TLVs.Find(smpp.TagMessagePayload); ok {
			text = payload
		}
		all = append(all, string(text))
	}
	return all
}

// TestJoin: the segments of a message go as one, in whatever order they come, and each has
// its record and its end.
func TestJoin(t *testing.T) {
	a, b, c := strings.Repeat("a", 153), strings.Repeat("b", 153), "c"
	binary := strings.Repeat("\x00\xff\x1b\x40", 33)
	for _, tt := range []struct {
		name       string
		dataCoding uint8
		texts      []string
	}{
		{"GSM", 0, []string{a, b, c}},
		{"GSM with an escape over the border", 0, []string{a[:152] + "\x1b", "\x65" + b, c}},
		{"UCS2 with a pair over the border", 8, []string{strings.Repeat("\x00x", 66) + "\xd8\x3d", "\xde\x00" + strings.Repeat("\x00y", 66), "\x00z"}},
		{"octets", 4, []string{binary, binary[1:] + "\x05", "\x06"}},
		{"short ones", 0, []string{"a", "b", "c"}},
	} {
		for _, placing := range placings {
			for _, order := range [][]int{{0, 1, 2}, {2, 1, 0}, {1, 2, 0}} {
				t.Run(fmt.Sprint(tt.name, placing, order), func(t *testing.T) {
					t.Parallel()
					l := joining(t, time.Hour)
					l.start()
					parts := segments(placing, 0x1234, tt.dataCoding, tt.texts...)
					ids := make([]sessions.ID, len(parts))
					for _, i := range order {
						ids[i] = l.segment(parts[i])
					}
					for i, id := range ids {
						rec := l.record(id)
						want := []string{"1/1:delivered", fmt.Sprintf("joined:%d/3", i+1)}
						if rec.Outcome != cdr.Done || rec.Reason != "ok" || rec.Flow != "relay" || rec.Trigger.Source != "Shop" || rec.Attempts != 1 || !slices.Equal(rec.Steps, want) {
							t.Errorf("%+v", rec)
						}
					}
					l.settled()
					if got, want := l.texts(), strings.Join(tt.texts, ""); len(got) != 1 || got[0] != want {
						t.Fatalf("%q\nwant %q", got, want)
					}
					p := l.centre.submitted()[0]
					_, payload := p.TLVs.Find(smpp.TagMessagePayload)
					_, isPart := p.TLVs.Find(smpp.TagSARMsgRefNum)
					if vendor, _ := p.TLVs.Find(0x1401); p.ESMClass != 0 || p.DataCoding != tt.dataCoding || isPart || payload != (len(tt.texts[0]) > 1) || string(vendor) != "\x00" {
						t.Errorf("%+v", p)
					}
					l.heard(ids, parts)
				})
			}
		}
	}
}

// heard holds that the door was told the end of each message, with what it kept of it.
func (l *lab) heard(ids []sessions.ID, parts []*smpp.SubmitSM) {
	l.t.Helper()
	l.door.mu.Lock()
	defer l.door.mu.Unlock()
	if len(l.door.ends) != len(ids) {
		l.t.Fatalf("%d ends", len(l.door.ends))
	}
	for i, e := range l.door.ends { // in their order
		want := fmt.Sprintf("of %x", parts[i].ShortMessage)
		if e.ID != ids[i] || string(e.Origin.Data) != want || e.Origin.Account != "acme" || e.Told.State != smpp.MessageDelivered || e.Parts != 1 || e.Good != 1 {
			l.t.Errorf("%d: %+v %+v", i, e, e.Origin)
		}
	}
}

// TestJoinAlphabets: the whole is put into the alphabet of the link, not each segment.
func TestJoinAlphabets(t *testing.T) {
	x, y := strings.Repeat("x", 150), strings.Repeat("y", 150)
	ucs2 := func(s string) string {
		b, err := sms.AppendText(nil, sms.UCS2, s)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	for _, tt := range []struct {
		from, to   string
		texts      []string
		dataCoding uint8
		want       string
	}{
		{configs.AlphabetGSM7, configs.AlphabetLatin1, []string{x + "\x1b", "\x3c" + y}, 0, x + "[" + y},
		{configs.AlphabetLatin1, configs.AlphabetGSM7, []string{x + "\xe9", y}, 0, x + "\x05" + y},
		{configs.AlphabetGSM7, configs.AlphabetASCII, []string{x + "\x05", y}, 8, ucs2(x + "é" + y)},
		{configs.AlphabetUCS2, configs.AlphabetGSM7, []string{ucs2(x[:66]) + "\xd8\x3d", "\xde\x00" + ucs2(y[:66])}, 8, ucs2(x[:66] + "😀" + y[:66])},
	} {
		for _, placing := range placings {
			l := joining(t, time.Hour)
			l.links[0].Relay.Alphabet = tt.to
			other := l.links[0]
			other.Name, other.Relay.Alphabet = "other", tt.from
			l.links = append(l.links, other)
			l.start()
			var ids []sessions.ID
			for _, p := range segments(placing, 7, 0, tt.texts...) {
				ids = append(ids, l.segment(p, func(m *push.Message) { m.Relay.From = "other" }))
			}
			l.record(ids[1])
			l.settled()
			if got := l.centre.submitted(); len(got) != 1 || got[0].DataCoding != tt.dataCoding || l.texts()[0] != tt.want {
				t.Errorf("%s to %s, %s: %q", tt.from, tt.to, placing, l.texts())
			}
			l.stop()
		}
	}
}

// TestJoinMissing: when a segment does not come the others go as they came.
func TestJoinMissing(t *testing.T) {
	for _, placing := range placings {
		l := joining(t, 100*time.Millisecond)
		l.start()
		parts := segments(placing, 0x1234, 0, "a", "b", "c")
		ids := []sessions.ID{l.segment(parts[2]), l.segment(parts[0])}
		for _, id := range ids {
			if rec := l.record(id); rec.Outcome != cdr.Done || !slices.Equal(rec.Steps, []string{"1/1:delivered"}) {
				t.Errorf("%+v", rec)
			}
		}
		late := l.segment(parts[1])
		l.record(late)
		l.settled()
		got := l.texts()
		slices.Sort(got)
		want := []string{string(parts[0].ShortMessage), string(parts[1].ShortMessage), string(parts[2].ShortMessage)}
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%q\nwant %q", got, want)
		}
		for _, p := range l.centre.submitted() {
			if _, isPart := p.TLVs.Find(smpp.TagSARMsgRefNum); isPart != (placing == "sar") {
				t.Errorf("%+v", p)
			}
		}
		if s := l.svc.Stats(); s.Joined != 0 || s.Scattered < 2 {
			t.Errorf("%+v", s)
		}
		l.stop()
	}
}

// TestJoinTwice: a segment that comes twice counts once, and each has its own end; two texts
// with one number make no message.
func TestJoinTwice(t *testing.T) {
	l := joining(t, time.Hour)
	l.start()
	parts := func() []*smpp.SubmitSM { return segments("udh8", 9, 0, "a", "b") }
	ids := []sessions.ID{l.segment(parts()[0]), l.segment(parts()[0]), l.segment(parts()[1])}
	for i, id := range ids {
		if rec := l.record(id); rec.Outcome != cdr.Done || rec.Steps[1] != []string{"joined:1/2", "joined:1/2", "joined:2/2"}[i] {
			t.Errorf("%+v", rec)
		}
	}
	if got := l.texts(); !slices.Equal(got, []string{"ab"}) {
		t.Errorf("%q", got)
	}
	other := segments("udh8", 9, 0, "A", "b", "c")
	mine := segments("udh8", 9, 0, "a", "b", "c")
	ids = []sessions.ID{l.segment(mine[0]), l.segment(mine[1]), l.segment(other[0]), l.segment(mine[2])} // the last one comes late
	for _, id := range ids {
		if rec := l.record(id); rec.Outcome != cdr.Done || len(rec.Steps) != 1 {
			t.Errorf("%+v", rec)
		}
	}
	l.settled()
	if got := l.texts(); len(got) != 5 {
		t.Errorf("%q", got)
	}
}

// TestJoinApart: what has the same reference and is of another message stays apart.
func TestJoinApart(t *testing.T) {
	l := joining(t, time.Hour)
	l.start()
	for name, change := range map[string]func(p *smpp.SubmitSM, m *push.Message){
		"source":       func(p *smpp.SubmitSM, _ *push.Message) { p.SourceAddr = []byte("other") },
		"destination":  func(p *smpp.SubmitSM, _ *push.Message) { p.DestinationAddr = []byte("12025550199") },
		"data_coding":  func(p *smpp.SubmitSM, _ *push.Message) { p.DataCoding = 4 },
		"service_type": func(p *smpp.SubmitSM, _ *push.Message) { p.ServiceType = []byte("WAP") },
		"account":      func(_ *smpp.SubmitSM, m *push.Message) { m.Origin.Account = "other" },
		"priority":     func(p *smpp.SubmitSM, _ *push.Message) { p.PriorityFlag = 1 },
		"mode":         func(p *smpp.SubmitSM, _ *push.Message) { p.ESMClass |= 2 },
	} {
		n := len(l.centre.submitted())
		one, two := segments("udh8", 9, 0, "a", "b"), segments("udh8", 9, 0, "A", "B")
		var ids []sessions.ID
		for i := range one {
			ids = append(ids, l.segment(one[i]), l.segment(two[i], func(m *push.Message) { change(two[i], m) }))
		}
		for _, id := range ids {
			l.record(id)
		}
		got := l.texts()[n:]
		if slices.Sort(got); !slices.Equal(got, []string{"AB", "ab"}) {
			t.Errorf("%s: %q", name, got)
		}
	}
	l.settled()
}

// TestJoinNot: what is no segment that can be joined goes at once.
func TestJoinNot(t *testing.T) {
	l := joining(t, time.Hour)
	l.start()
	part := func(header string) *smpp.SubmitSM {
		return &smpp.SubmitSM{ESMClass: 0x40, ShortMessage: []byte(header + "text")}
	}
	for name, p := range map[string]*smpp.SubmitSM{
		"one of one":           segments("udh8", 1, 0, "a")[0],
		"number 0":             part("\x05\x00\x03\x01\x02\x00"),
		"number beyond":        part("\x05\x00\x03\x01\x02\x03"),
		"a formatted text":     part("\x0a\x00\x03\x01\x02\x01\x0a\x03\x00\x04\x00"),
		"another alphabet":     part("\x08\x00\x03\x01\x02\x01\x25\x01\x01"),
		"ports of 8 bits":      part("\x09\x00\x03\x01\x02\x01\x04\x02\xf0\xf1"),
		"broken header":        part("\x05\x00\x04\x01\x02\x01"),
		"half of the TLVs":     {ShortMessage: []byte("x"), TLVs: sar(1, 2, 1)[:2]},
		"a text of the centre": {SMDefaultMsgID: 3, ShortMessage: []byte("x"), TLVs: sar(1, 2, 1)},
	} {
		if rec := l.record(l.segment(p)); rec.Outcome != cdr.Done || len(rec.Steps) != 1 {
			t.Errorf("%s: %+v", name, rec)
		}
	}
	// And of others than accounts, and on a link that does not join.
	l.record(l.mustAccept(0, nil, relayed(segments("udh8", 1, 0, "a", "b")[0])))
	l.stop()
	l.links[0].Relay.Join = 0
	l.start()
	l.record(l.segment(segments("udh8", 1, 0, "a", "b")[0]))
	l.stop()
	l.links[0].Relay.Join, l.links[0].Way = time.Hour, "udh8"
	l.start()
	l.record(l.segment(segments("udh8", 1, 0, "a", "b")[0]))
	l.settled()
}

// TestJoinPorts: the ports of a header go into TLVs.
func TestJoinPorts(t *testing.T) {
	l := joining(t, time.Hour)
	l.start()
	body := strings.Repeat("x", 128)
	var ids []sessions.ID
	for i := range 3 {
		ids = append(ids, l.segment(&smpp.SubmitSM{
			ESMClass: 0x40, DataCoding: 4, ShortMessage: []byte(fmt.Sprintf("\x0b\x05\x04\x0b\x84\x23\xf0\x00\x03\x34\x03%c", i+1) + body),
		}))
	}
	l.record(ids[0])
	l.settled()
	p := l.centre.submitted()[0]
	if got, want := form(&p), "00 source_port 23f0 destination_port 0b84 payload 384"; got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
}

// TestJoinLargest: 255 segments, which come from the last on.
func TestJoinLargest(t *testing.T) {
	l := joining(t, time.Hour)
	l.start()
	var texts []string
	for i := range 255 {
		texts = append(texts, strings.Repeat(string(rune('A'+i%26)), 153))
	}
	parts := segments("udh8", 9, 0, texts...)
	ids := make([]sessions.ID, 255)
	for i := range parts {
		n := len(parts) - 1 - i
		ids[n] = l.segment(parts[n])
	}
	for i, id := range ids {
		if rec := l.record(id); rec.Outcome != cdr.Done || rec.Steps[1] != fmt.Sprintf("joined:%d/255", i+1) {
			t.Fatalf("%+v", rec)
		}
	}
	l.settled()
	if got := l.texts(); len(got) != 1 || got[0] != strings.Join(texts, "") {
		t.Errorf("%d messages", len(got))
	}
	if s := l.svc.Stats(); s.Done != 255 || s.Joined != 1 || s.Anomalies != 0 {
		t.Errorf("%+v", s)
	}
}

// TestJoinTooLong: what is longer than any message goes as it came.
func TestJoinTooLong(t *testing.T) {
	l := joining(t, time.Hour)
	l.links[0].Octets = 13 // of which the header leaves 7
	l.start()
	var texts []string
	for range 8 {
		texts = append(texts, strings.Repeat("\x00", 250))
	}
	var ids []sessions.ID
	for _, p := range segments("sar", 9, 4, texts...) {
		ids = append(ids, l.segment(p))
	}
	for _, id := range ids {
		if rec := l.record(id); rec.Outcome != cdr.Done || len(rec.Steps) != 1 {
			t.Errorf("%+v", rec)
		}
	}
	l.settled()
	if n := len(l.centre.submitted()); n != 8 {
		t.Errorf("%d messages", n)
	}
}

// TestJoinRefused: what the centre refuses is refused of each segment.
func TestJoinRefused(t *testing.T) {
	l := joining(t, time.Hour)
	l.centre.script = func(int, *smpp.SubmitSM) reaction { return reaction{status: smpp.StatusInvalidDestinationAddress} }
	l.start()
	var ids []sessions.ID
	for _, p := range segments("udh8", 9, 0, "a", "b") {
		ids = append(ids, l.segment(p))
	}
	for _, id := range ids {
		if rec := l.record(id); rec.Outcome != cdr.Failed || rec.Reason != "undeliverable" || rec.Steps[0] != "1/1:unsent" {
			t.Errorf("%+v", rec)
		}
	}
	l.settled()
}

// TestJoinWanted: a receipt is asked for when one of the segments wants one.
func TestJoinWanted(t *testing.T) {
	l := joining(t, time.Hour)
	l.start()
	for i, wanted := range []bool{false, true} {
		n := len(l.centre.submitted())
		for k, p := range segments("udh8", 9, 0, "a", "b") {
			id := l.segment(p, func(m *push.Message) { m.Relay.Receipt = wanted && k == 1 })
			if k == 1 {
				l.record(id)
			}
		}
		if got := l.centre.submitted()[n:]; len(got) != 1 || got[0].RegisteredDelivery != uint8(i) {
			t.Errorf("%t: %+v", wanted, got)
		}
	}
}

// TestJoinTimes: the whole is of use as long as each of its segments, and goes when the last may.
func TestJoinTimes(t *testing.T) {
	l := joining(t, time.Hour)
	l.start()
	now := time.Now()
	parts := segments("udh8", 9, 0, "a", "b")
	first := l.segment(parts[0], func(m *push.Message) { m.Deadline = now.Add(30 * time.Minute) })
	second := l.segment(parts[1], func(m *push.Message) { m.NotBefore = now.Add(10 * time.Minute) })
	l.until("it to wait for its time", func() bool { return l.phase(first) == "scheduled" && l.phase(second) == "scheduled" })
	l.ahead.Store(int64(11 * time.Minute))
	l.stop()
	l.start()
	l.record(first)
	l.record(second)
	if p := l.centre.submitted()[0]; len(p.ValidityPeriod) == 0 || string(p.ValidityPeriod) > "000000002000000R" || l.texts()[0] != "ab" {
		t.Errorf("%s %q", p.ValidityPeriod, l.texts())
	}
	// One that is over before the other may go: they are no message.
	parts = segments("udh8", 9, 0, "c", "d")
	l.segment(parts[0], func(m *push.Message) { m.Deadline = time.Now().Add(20 * time.Minute) })
	id := l.segment(parts[1], func(m *push.Message) { m.NotBefore = time.Now().Add(40 * time.Minute) })
	l.until("it to wait for its time", func() bool { return l.phase(id) == "scheduled" })
	l.until("the other", func() bool { return len(l.centre.submitted()) == 2 })
}

func (l *lab) phase(id sessions.ID) string {
	st, err := l.svc.Status(l.t.Context(), id)
	if err != nil || !st.Live {
		return "none"
	}
	return st.Phase.String()
}

// TestJoinAsked: status, cancel and replace of a segment, while it waits and when it is joined.
func TestJoinAsked(t *testing.T) {
	l := joining(t, time.Hour)
	l.dial = func(string) push.Centre { return nil }
	l.start()
	replace := func(id sessions.ID) {
		t.Helper()
		if ok, err := l.svc.Replace(t.Context(), id, &push.Replacement{Body: []byte("never")}); ok || err != nil {
			t.Errorf("replaced: %t %v", ok, err)
		}
	}
	cancel := func(id sessions.ID, want bool) {
		t.Helper()
		if ok, err := l.svc.Cancel(t.Context(), id); ok != want || err != nil && !errors.Is(err, sessions.ErrNotFound) {
			t.Errorf("cancelled: %t %v", ok, err)
		}
	}
	parts := segments("udh8", 9, 0, "a", "b", "c")
	ids := []sessions.ID{l.segment(parts[0]), l.segment(parts[1])}
	l.until("them to wait", func() bool { return l.phase(ids[1]) == "gathering" })
	if n := l.svc.WaitingOf("acme"); n != 2 {
		t.Errorf("%d wait", n)
	}
	replace(ids[1])
	cancel(ids[1], true)
	if rec := l.record(ids[1]); rec.Reason != "cancelled" {
		t.Errorf("%+v", rec)
	}
	// The number is free again.
	ids[1] = l.segment(parts[1])
	ids = append(ids, l.segment(parts[2]))
	l.until("them to be joined", func() bool { return l.phase(ids[2]) == "sending" && l.svc.Live() == 1 })
	if n := l.svc.WaitingOf("acme"); n != 1 {
		t.Errorf("%d wait", n)
	}
	for i, id := range ids {
		replace(id)
		st, err := l.svc.Status(t.Context(), id)
		if err != nil || !st.Live || string(st.Origin.Data) != fmt.Sprintf("of %x", parts[i].ShortMessage) || st.Origin.Account != "acme" || len(st.Body) != 0 {
			t.Errorf("%+v %v", st, err)
		}
	}
	l.stop() // it is known after a restart, too
	l.start()
	if p := l.phase(ids[1]); p != "sending" {
		t.Error(p)
	}
	cancel(ids[2], true)
	for _, id := range ids {
		if rec := l.record(id); rec.Outcome != cdr.Failed || rec.Reason != "cancelled" {
			t.Errorf("%+v", rec)
		}
		if st, err := l.svc.Status(t.Context(), id); err != nil || st.Live || st.Reason != "cancelled" {
			t.Errorf("%+v %v", st, err)
		}
	}
	l.settled()
	cancel(ids[0], false)
}

// TestJoinMoves: a message that was joined goes by another link like any other that is whole.
func TestJoinMoves(t *testing.T) {
	l := joining(t, time.Hour)
	a, b := l.links[0], l.links[0]
	a.Name, b.Name, b.Way, b.Receipts = "a", "b", "udh8", false
	b.URL = "smpp://b.example"
	l.links, l.routes = []configs.Link{a, b}, []configs.MessageRoute{viaLink("a")}
	taken := &keptCentre{open: true}
	l.dial = func(name string) push.Centre {
		if name == "a" {
			return nil
		}
		return taken
	}
	l.start()
	var ids []sessions.ID
	for _, p := range segments("sar", 9, 0, strings.Repeat("a", 140), strings.Repeat("b", 140), "c") {
		ids = append(ids, l.segment(p))
	}
	l.until("them to be joined", func() bool { return l.phase(ids[2]) == "sending" && l.svc.Live() == 1 })
	l.setRoute("b")
	l.setLinks(b)
	for i, id := range ids {
		want := []string{"1/2:accepted", "2/2:accepted", fmt.Sprintf("joined:%d/3", i+1)}
		if rec := l.record(id); rec.Link != "b" || rec.Reason != "accepted" || !slices.Equal(rec.Steps, want) {
			t.Errorf("%+v", rec)
		}
	}
	l.settled()
	if n := len(taken.sent()); n != 2 {
		t.Errorf("%d parts", n)
	}
}

// TestJoinLinkGone: segments whose link is not there any more go by another.
func TestJoinLinkGone(t *testing.T) {
	l := joining(t, 200*time.Millisecond)
	gone := l.links[0]
	gone.Name = "gone"
	l.links, l.routes = append(l.links, gone), []configs.MessageRoute{viaLink("gone")}
	l.start()
	id := l.segment(segments("udh8", 9, 0, "a", "b")[1])
	l.stop()
	l.links, l.routes = l.links[:1], []configs.MessageRoute{viaLink("smsc")}
	l.start()
	if rec := l.record(id); rec.Link != "smsc" || rec.Outcome != cdr.Done {
		t.Errorf("%+v", rec)
	}
	l.settled()
}

// TestJoinFlood: first segments alone are bounded, and are in nobody else's way.
func TestJoinFlood(t *testing.T) {
	l := joining(t, time.Hour)
	l.start()
	const most = 10_000
	under := make(chan struct{}, 500)
	for i := range most {
		p := segments("udh16", uint16(i), 0, "a", "b")[0]
		under <- struct{}{}
		m := push.Message{Origin: push.Origin{Door: "test", Account: "acme"}}
		asSegment(p)(&m)
		if err := l.svc.Accept(&m, func(_ sessions.ID, err error) {
			if err != nil {
				t.Error(err)
			}
			<-under
		}); err != nil {
			t.Fatal(err)
		}
	}
	for range cap(under) {
		under <- struct{}{}
	}
	if n := l.svc.WaitingOf("acme"); n != most || l.svc.Live() != most {
		t.Fatalf("%d wait", n)
	}
	if rec := l.record(l.segment(segments("udh16", 65000, 0, "a", "b")[0])); len(rec.Steps) != 1 {
		t.Errorf("one too many: %+v", rec)
	}
	other := func(m *push.Message) { m.Origin.Account = "other" }
	var id sessions.ID
	for _, p := range segments("udh16", 1, 0, "a", "b") {
		id = l.segment(p, other)
	}
	if rec := l.record(id); len(rec.Steps) != 2 {
		t.Errorf("of another account: %+v", rec)
	}
	id = l.segment(segments("udh16", 1, 0, "a", "b")[1]) // more than may wait: it goes, and the first waits for it in vain
	if rec := l.record(id); len(rec.Steps) != 1 {
		t.Errorf("%+v", rec)
	}
}
