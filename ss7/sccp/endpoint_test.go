package sccp_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"
	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"github.com/otagate/otagate/ss7/mtp"
	"github.com/otagate/otagate/ss7/sccp"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var (
	nodeA = mtp.ANSI(1, 12, 5)
	nodeB = mtp.ANSI(1, 12, 6)
)

// link carries messages to the other end; it keeps copies.
type link struct {
	sent []mtp.Transfer
	to   *sccp.Endpoint
	err  error
}

func (l *link) Transfer(t mtp.Transfer) error {
	if l.err != nil {
		return l.err
	}
	kept := t
	kept.Data = bytes.Clone(t.Data)
	l.sent = append(l.sent, kept)
	if l.to != nil {
		t.Data = bytes.Clone(t.Data)
		l.to.Transfer(t)
		for i := range t.Data {
			t.Data[i] = 0xa5 // the buffer is used again
		}
	}
	return nil
}

type user struct {
	got     []sccp.Unitdata
	notices []sccp.Notice
}

func (u *user) Unitdata(d sccp.Unitdata) {
	d.Data = bytes.Clone(d.Data)
	u.got = append(u.got, d)
}

func (u *user) Notice(n sccp.Notice) {
	n.Data = bytes.Clone(n.Data)
	u.notices = append(u.notices, n)
}

// pair is two endpoints back to back; a's user has SSN 11, b's SSN 8.
type pair struct {
	a, b         *sccp.Endpoint
	fromA, fromB *link
	ua, ub       *user
}

func newPair(t *testing.T, cfg sccp.Config) *pair {
	p := &pair{fromA: &link{}, fromB: &link{}, ua: &user{}, ub: &user{}}
	cfg.OPC, cfg.NI = nodeA, mtp.National
	p.a = sccp.NewEndpoint(cfg, p.fromA, zerolog.Nop())
	cfg.OPC = nodeB
	p.b = sccp.NewEndpoint(cfg, p.fromB, zerolog.Nop())
	p.fromA.to, p.fromB.to = p.b, p.a
	p.a.Bind(11, p.ua)
	p.b.Bind(8, p.ub)
	t.Cleanup(func() { p.a.Close(); p.b.Close() })
	return p
}

var (
	mc  = sccp.PointCodeAddress(sccp.ANSI, nodeA, 11)
	msc = sccp.PointCodeAddress(sccp.ANSI, nodeB, 8)
)

func TestUnitdataGoesAsUDT(t *testing.T) {
	p := newPair(t, sccp.Config{})
	data := bytes.Repeat([]byte{7}, 247) // the longest that one UDT takes over MTP3
	if err := p.a.Unitdata(sccp.Unitdata{Called: msc, Calling: mc, Data: data, InSequence: true, SLS: 9}); err != nil {
		t.Fatal(err)
	}
	m := p.fromA.sent[0]
	if m.DPC != nodeB || m.OPC != nodeA || m.SI != mtp.ServiceSCCP || m.NI != mtp.National || m.SLS != 9 || len(m.Data) != 265 {
		t.Errorf("sent %+v of %d octets", m, len(m.Data))
	}
	if len(p.ub.got) != 1 {
		t.Fatalf("delivered %d", len(p.ub.got))
	}
	g := p.ub.got[0]
	if g.Called != msc || g.Calling != mc || !bytes.Equal(g.Data, data) || !g.InSequence || g.SLS != 9 || g.Peer != nodeA {
		t.Errorf("delivered %+v", g)
	}
	var le *sccp.LocalError
	err := p.a.Unitdata(sccp.Unitdata{Called: msc, Calling: mc, Data: append(data, 0)})
	if !errors.As(err, &le) || le.Cause != sccp.SegmentationNotSupported {
		t.Errorf("one octet more: %v", err)
	}
}

// The package of 277 octets in testdata, cut and sent as the vectors say.
func TestVectorOfTwoSegments(t *testing.T) {
	p := newPair(t, sccp.Config{Default: sccp.Peer{XUDT: sccp.XUDTWhenNeeded}})
	want := twoSegments(t)
	for i, v := range want {
		p.b.Transfer(mtp.Transfer{OPC: nodeA, DPC: nodeB, SI: mtp.ServiceSCCP, Data: bytes.Clone(v)})
		if got := len(p.ub.got); got != i {
			t.Fatalf("after segment %d: %d messages", i+1, got)
		}
	}
	whole := p.ub.got[0].Data
	if len(whole) != 277 {
		t.Fatalf("joined %d octets", len(whole))
	}
	if err := p.a.Unitdata(sccp.Unitdata{Called: msc, Calling: mc, Data: whole, InSequence: true}); err != nil {
		t.Fatal(err)
	}
	for i, v := range want {
		got := p.fromA.sent[i].Data
		copy(got[len(got)-4:], v[len(v)-4:]) // the local reference is random
		if !bytes.Equal(got, v) {
			t.Errorf("segment %d is %x, want %x", i+1, got, v)
		}
	}
}

func TestSegmentation(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		peer := sccp.Peer{
			XUDT:        sccp.XUDTUse(rapid.IntRange(1, 2).Draw(rt, "use")),
			SegmentSize: rapid.IntRange(0, 250).Draw(rt, "segment size"),
			MaxMessage:  rapid.SampledFrom([]int{0, 60, 265, 300, 4096}).Draw(rt, "limit"),
		}
		p := newPair(t, sccp.Config{Default: peer})
		data := rapid.SliceOfN(rapid.Byte(), 1, 4200).Draw(rt, "data")
		u := sccp.Unitdata{Called: msc, Calling: mc, Data: data, InSequence: rapid.Bool().Draw(rt, "in sequence"), SLS: 3}
		err := p.a.Unitdata(u)
		if err != nil {
			if len(p.fromA.sent) != 0 || len(p.ub.got) != 0 {
				rt.Fatalf("%v, and yet sent %d", err, len(p.fromA.sent))
			}
			if len(data) <= 16*min(20, max(1, peer.SegmentSize)) {
				rt.Fatalf("%d octets refused: %v", len(data), err)
			}
			return
		}
		limit := peer.MaxMessage
		if limit == 0 {
			limit = 265
		}
		for _, m := range p.fromA.sent {
			if len(m.Data) > limit || m.SLS != p.fromA.sent[0].SLS {
				rt.Fatalf("a message of %d octets on SLS %d", len(m.Data), m.SLS)
			}
		}
		if len(p.ub.got) != 1 || !bytes.Equal(p.ub.got[0].Data, data) || p.ub.got[0].InSequence != u.InSequence {
			rt.Fatalf("delivered %d messages", len(p.ub.got))
		}
		if s := p.b.Stats(); s.Reassembling != 0 {
			rt.Fatalf("%d still in the making", s.Reassembling)
		}
	})
}

// Two nodes that name themselves by their subsystem number alone may use the
// same local reference at the same time. One that says more is who it says,
// though its segments may come through different nodes.
func TestSegmentsOfTwoNodes(t *testing.T) {
	p := newPair(t, sccp.Config{})
	segment := func(opc mtp.PointCode, calling sccp.Address, remaining uint8, data string) {
		m := sccp.XUDT{Class: sccp.Class1, HopCounter: 15, Called: msc, Calling: calling, Data: []byte(data),
			Optional: sccp.Optional{Segmented: true, Segmentation: sccp.Segmentation{First: remaining == 1, Remaining: remaining, LocalReference: 1}}}
		b, err := m.Append(nil)
		if err != nil {
			t.Fatal(err)
		}
		p.b.Transfer(mtp.Transfer{OPC: opc, DPC: nodeB, SI: mtp.ServiceSCCP, Data: b})
	}
	check := func(want ...string) {
		t.Helper()
		var got []string
		for _, u := range p.ub.got {
			got = append(got, string(u.Data))
		}
		if !slices.Equal(got, want) {
			t.Errorf("delivered %q, want %q", got, want)
		}
	}
	stp := mtp.ANSI(1, 1, 1)
	bare := sccp.Address{RouteOnSSN: true, HasSSN: true, SSN: 11}
	segment(nodeA, bare, 1, "from A ")
	segment(stp, bare, 0, "from the STP")
	check()
	segment(nodeA, bare, 0, "again")
	check("from A again")
	for _, named := range []sccp.Address{mc, sccp.GlobalTitleAddress(sccp.ANSI, 11, 3, "310009100")} {
		p.ub.got = nil
		segment(nodeA, named, 1, "this way ")
		segment(stp, named, 0, "and that")
		check("this way and that")
		if got := p.ub.got[0].Peer; got != 0 {
			t.Errorf("all of it is said to come from %s", got)
		}
		p.ub.got = nil
		segment(nodeA, named, 1, "all ")
		segment(nodeA, named, 0, "from A")
		check("all from A")
		if got := p.ub.got[0].Peer; got != nodeA {
			t.Errorf("it is said to come from %s", got)
		}
	}
}

func TestReassemblyTimesOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPair(t, sccp.Config{ReassemblyTimeout: 10 * time.Second})
		first := twoSegments(t)[0]
		p.b.Transfer(mtp.Transfer{OPC: nodeA, SI: mtp.ServiceSCCP, Data: first})
		time.Sleep(10*time.Second - 1)
		if s := p.b.Stats(); s.Reassembling != 1 || s.Of(sccp.ReassemblyExpired) != 0 {
			t.Errorf("before: %+v", s)
		}
		time.Sleep(time.Second)
		synctest.Wait()
		if s := p.b.Stats(); s.Reassembling != 0 || s.Of(sccp.ReassemblyExpired) != 1 {
			t.Errorf("after: %+v", s)
		}
	})
}

func TestReturned(t *testing.T) {
	table, err := sccp.NewTable([]sccp.Rule{{GTI: 2, TranslationType: 9, Prefix: "619", PointCode: nodeB}})
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		called sccp.Address
		peer   sccp.Peer
		size   int
		cause  sccp.ReturnCause
	}{
		"unequipped":               {sccp.PointCodeAddress(sccp.ANSI, nodeB, 99), sccp.Peer{}, 10, sccp.UnequippedUser},
		"unequipped, XUDT":         {sccp.PointCodeAddress(sccp.ANSI, nodeB, 99), sccp.Peer{XUDT: sccp.XUDTAlways}, 10, sccp.UnequippedUser},
		"unequipped, two segments": {sccp.PointCodeAddress(sccp.ANSI, nodeB, 99), sccp.Peer{XUDT: sccp.XUDTAlways}, 300, sccp.UnequippedUser},
		"no ssn":                   {sccp.Address{RouteOnSSN: true, HasPointCode: true, PointCode: nodeB}, sccp.Peer{}, 10, sccp.UnequippedUser},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPair(t, sccp.Config{Default: c.peer, Translations: table})
			for _, wanted := range []bool{true, false} {
				p.ua.notices = nil
				u := sccp.Unitdata{Called: c.called, Calling: mc, Data: bytes.Repeat([]byte{1}, c.size), ReturnOnError: wanted}
				if err := p.a.Unitdata(u); err != nil {
					t.Fatal(err)
				}
				if !wanted {
					if len(p.ua.notices) != 0 {
						t.Errorf("returned without being asked to: %+v", p.ua.notices)
					}
					continue
				}
				if len(p.ua.notices) != 1 || p.ua.notices[0].Cause != c.cause || p.ua.notices[0].Calling != c.called {
					t.Errorf("notices %+v", p.ua.notices)
				}
			}
			if s := p.b.Stats(); s.Reassembling != 0 || s.Of(sccp.Returned) != 1 {
				t.Errorf("%+v", s)
			}
		})
	}
}

func TestTitleToAnotherNodeComesBack(t *testing.T) {
	rules := []sccp.Rule{{GTI: 2, TranslationType: 9, Prefix: "619", PointCode: nodeB}, {GTI: 2, TranslationType: 9, Prefix: "6199", PointCode: mtp.ANSI(9, 9, 9)}}
	table, err := sccp.NewTable(rules)
	if err != nil {
		t.Fatal(err)
	}
	p := newPair(t, sccp.Config{Translations: table})
	for _, digits := range []string{"6191234000", "6199000000", "5551234567"} {
		b, err := (&sccp.UDT{Class: sccp.ReturnOnError, Called: sccp.GlobalTitleAddress(sccp.ANSI, 8, 9, digits), Calling: mc, Data: []byte{1}}).Append(nil)
		if err != nil {
			t.Fatal(err)
		}
		p.b.Transfer(mtp.Transfer{OPC: nodeA, SI: mtp.ServiceSCCP, Data: b})
	}
	if len(p.ub.got) != 1 || p.ub.got[0].Called.GlobalTitle.Digits != "6191234000" {
		t.Errorf("delivered %+v", p.ub.got)
	}
	if len(p.ua.notices) != 2 || p.ua.notices[0].Cause != sccp.NoTranslation || p.ua.notices[1].Cause != sccp.NoTranslation {
		t.Errorf("notices %+v", p.ua.notices)
	}
	// From a, the same title leads to b; one that leads nowhere is our own error.
	if err := p.a.Unitdata(sccp.Unitdata{Called: sccp.GlobalTitleAddress(sccp.ANSI, 8, 9, "6191234000"), Calling: mc, Data: []byte{2}}); err != nil || len(p.ub.got) != 2 {
		t.Errorf("%v, delivered %d", err, len(p.ub.got))
	}
	var le *sccp.LocalError
	if err := p.a.Unitdata(sccp.Unitdata{Called: sccp.GlobalTitleAddress(sccp.ANSI, 8, 9, "5551234567"), Calling: mc}); !errors.As(err, &le) || le.Cause != sccp.NoTranslation {
		t.Errorf("no translation: %v", err)
	}
}

func TestReturnedMessagesAreNotReturned(t *testing.T) {
	p := newPair(t, sccp.Config{})
	for _, m := range []sccp.Message{
		&sccp.UDTS{Cause: 1, Called: sccp.PointCodeAddress(sccp.ANSI, nodeB, 99), Calling: mc, Data: []byte{1}},
		&sccp.XUDTS{Cause: 1, Called: sccp.PointCodeAddress(sccp.ANSI, nodeB, 99), Calling: mc, Data: []byte{1}},
	} {
		b, err := m.Append(nil)
		if err != nil {
			t.Fatal(err)
		}
		p.b.Transfer(mtp.Transfer{OPC: nodeA, SI: mtp.ServiceSCCP, Data: b})
	}
	if len(p.fromB.sent) != 0 {
		t.Errorf("answered %+v", p.fromB.sent)
	}
	if s := p.b.Stats(); s.Of(sccp.NoticeUnclaimed) != 2 {
		t.Errorf("%+v", s)
	}
}

func TestDroppedAndCounted(t *testing.T) {
	for name, c := range map[string]struct {
		si   uint8
		hex  string
		want sccp.Counter
	}{
		"empty":         {3, "", sccp.Malformed},
		"connection":    {3, "0100", sccp.UnknownMessage},
		"bad pointer":   {3, "0980ff0507", sccp.Malformed},
		"not SCCP":      {5, "0900", sccp.WrongService},
		"hop counter 0": {3, "11000004060800" + "02c108" + "02c10b" + "0100", sccp.HopsExhausted},
		"stray segment": {3, "11010f04060809" + "02c108" + "02c10b" + "0100" + "10044001020300", sccp.SegmentOutOfOrder},
		"management":    {3, "0900030507" + "02c101" + "02c101" + "06010805010200"[:14], sccp.ManagementIgnored},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPair(t, sccp.Config{})
			b, err := hex.DecodeString(c.hex)
			if err != nil {
				t.Fatal(err)
			}
			p.b.Transfer(mtp.Transfer{OPC: nodeA, SI: c.si, Data: b})
			if s := p.b.Stats(); s.Of(c.want) != 1 {
				t.Errorf("%s not counted: %+v", c.want, s)
			}
			if len(p.ub.got) != 0 || len(p.fromB.sent) != 0 {
				t.Errorf("delivered %d, sent %d", len(p.ub.got), len(p.fromB.sent))
			}
		})
	}
}

func TestSubsystemStatusTest(t *testing.T) {
	p := newPair(t, sccp.Config{})
	for _, c := range []struct {
		affected sccp.SSN
		pc       mtp.PointCode
		answered bool
	}{{8, nodeB, true}, {1, nodeB, true}, {6, nodeB, false}, {8, nodeA, false}} {
		p.fromB.sent = nil
		m := sccp.Management{Format: sccp.SubsystemStatusTest, Affected: c.affected, PointCode: c.pc}
		b, err := m.Append(nil)
		if err != nil {
			t.Fatal(err)
		}
		err = p.a.Unitdata(sccp.Unitdata{Called: sccp.PointCodeAddress(sccp.ANSI, nodeB, 1), Calling: sccp.PointCodeAddress(sccp.ANSI, nodeA, 1), Data: b})
		if err != nil {
			t.Fatal(err)
		}
		if !c.answered {
			if len(p.fromB.sent) != 0 {
				t.Errorf("SSN %d: answered %x", c.affected, p.fromB.sent[0].Data)
			}
			continue
		}
		if len(p.fromB.sent) != 1 || p.fromB.sent[0].DPC != nodeA {
			t.Fatalf("SSN %d: sent %+v", c.affected, p.fromB.sent)
		}
		var udt sccp.UDT
		if err := udt.Decode(p.fromB.sent[0].Data); err != nil {
			t.Fatal(err)
		}
		var got sccp.Management
		if err := got.Decode(udt.Data); err != nil || got.Format != sccp.SubsystemAllowed || got.Affected != c.affected || got.PointCode != nodeB {
			t.Errorf("answered %+v (%v)", got, err)
		}
	}
}

// TestMTPRefuses: whether a node can be reached is MTP's to say, and a PAUSE
// that came late stops nothing.
func TestMTPRefuses(t *testing.T) {
	p := newPair(t, sccp.Config{})
	u := sccp.Unitdata{Called: msc, Calling: mc, Data: []byte{1}}
	p.a.Pause(nodeB)
	if err := p.a.Unitdata(u); err != nil || len(p.ub.got) != 1 {
		t.Errorf("paused, MTP takes it: %v, delivered %d", err, len(p.ub.got))
	}
	p.a.Resume(nodeB)
	p.fromA.err = errors.New("no association")
	var le *sccp.LocalError
	if err := p.a.Unitdata(u); !errors.As(err, &le) || le.Cause != sccp.MTPFailure || !errors.Is(err, p.fromA.err) {
		t.Errorf("MTP refuses: %v", err)
	}
	if s := p.a.Stats(); s.Of(sccp.Paused) != 1 || s.Of(sccp.Resumed) != 1 || s.Of(sccp.NotSent) != 1 {
		t.Errorf("%+v", s)
	}
}

func TestOwnNode(t *testing.T) {
	p := newPair(t, sccp.Config{})
	if err := p.a.Unitdata(sccp.Unitdata{Called: mc, Calling: mc, Data: []byte{1}}); err != nil || len(p.ua.got) != 1 || len(p.fromA.sent) != 0 {
		t.Errorf("%v, delivered %d, sent %d", err, len(p.ua.got), len(p.fromA.sent))
	}
	var le *sccp.LocalError
	if err := p.a.Unitdata(sccp.Unitdata{Called: sccp.SSNAddress(sccp.ANSI, 77), Calling: mc}); !errors.As(err, &le) || le.Cause != sccp.UnequippedUser {
		t.Errorf("nobody there: %v", err)
	}
}

func twoSegments(t *testing.T) [][]byte {
	t.Helper()
	vs := load(t, ansiVectors+"/xudt.hex")
	return [][]byte{vs[0].Octets, vs[1].Octets}
}
