package gateway

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/gateway/rendezvous"
	"github.com/otagate/otagate/otasp"
	"github.com/otagate/otagate/otasp/prl"
	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/sessions/sqlite"
)

// TestDecodeState: a recovered session has its roaming list again, which is
// not stored with it, and its activation MIN is not lent to anybody else.
func TestDecodeState(t *testing.T) {
	l := newLab(t, nil, testOrder())
	l.with(func(s *sqlite.Store) {
		orders := newStoredOrders(s)
		o, err := orders.find(context.Background(), otasp.Query{MDN: "5551234567"})
		if err != nil || o == nil {
			t.Fatal(o, err)
		}
		c := *sessionCall()
		c.otasp.Trigger.ActivationMIN = "6191230000"
		c.otasp.Order, c.otasp.HasOrder = *o, true
		mins, err := sessions.NewPool("6191230000", "6191230001")
		if err != nil {
			t.Fatal(err)
		}
		f := &flow{routes: testRoutes(t), orders: newStoredOrders(s), mins: mins}
		b, err := f.AppendState(nil, &c)
		if err != nil {
			t.Fatal(err)
		}
		got, err := f.DecodeState(b)
		if err != nil {
			t.Fatal(err)
		}
		if want := testOrder().PRL; string(got.otasp.Order.PRL.Data) != string(want) {
			t.Errorf("a list of %d octets, want %d", len(got.otasp.Order.PRL.Data), len(want))
		}
		if min, _ := mins.Take(); min != "6191230001" {
			t.Errorf("%s is lent", min)
		}
		if _, err := f.DecodeState(b[:len(b)-1]); err == nil {
			t.Error("a state cut short is taken")
		}
		c.otasp.Trigger.ActivationMIN = "7000000000" // of a pool that was configured before
		if b, err = f.AppendState(nil, &c); err != nil {
			t.Fatal(err)
		}
		if _, err := f.DecodeState(b); err != nil {
			t.Error(err)
		}
	})
}

// TestDecodeStateExpects: after a restart a handset may call as soon as its
// session is loaded, and not before its call-back was sent, nor in another way.
func TestDecodeStateExpects(t *testing.T) {
	mins, err := sessions.NewPool("6191230000", "6191230001")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		way   otasp.StartKind
		phase otasp.Phase
		want  bool
	}{
		{otasp.ByCallback, otasp.PhaseResolve, false},
		{otasp.ByCallback, otasp.PhaseInvite, true},
		{otasp.ByCallback, otasp.PhaseCommitMMC, true},
		{otasp.ByHandset, otasp.PhaseOpenMMC, true},
		{otasp.ByNetwork, otasp.PhaseCommit, false},
		{otasp.ByCallback, otasp.Ended, false},
	} {
		var got []rendezvous.Expected
		f := &flow{orders: newStoredOrders(nil), mins: mins, expect: func(c *call) { got = append(got, expectedOf(c)) }}
		s := sessionCall()
		s.otasp.Order.PRL = nil
		s.otasp.Way, s.otasp.Phase, s.otasp.Deadline = c.way, c.phase, time.UnixMilli(5000)
		b, err := f.AppendState(nil, s)
		if err == nil {
			_, err = f.DecodeState(b)
		}
		if err != nil || len(got) == 1 != c.want {
			t.Errorf("%d in phase %s: %+v, %v", c.way, c.phase, got, err)
		}
		if invited := c.phase == otasp.PhaseInvite; c.want && (got[0].Called == invited || got[0].Until.IsZero() == invited) {
			t.Errorf("%d in phase %s: %+v", c.way, c.phase, got)
		}
	}
}

// brokenLists is a store whose roaming lists cannot be read.
type brokenLists struct{ *sqlite.Store }

func (brokenLists) Blob(context.Context, string) ([]byte, error) {
	return nil, context.DeadlineExceeded
}

// TestDecodeStateStoreFails: a session whose list cannot be read now is not a
// session that cannot be read: loading it is to be tried again.
func TestDecodeStateStoreFails(t *testing.T) {
	l := newLab(t, nil, testOrder())
	l.with(func(s *sqlite.Store) {
		o, err := newStoredOrders(s).find(context.Background(), otasp.Query{MDN: "5551234567"})
		if err != nil || o == nil {
			t.Fatal(o, err)
		}
		mins, err := sessions.NewPool("6191230000", "6191230001")
		if err != nil {
			t.Fatal(err)
		}
		f := &flow{routes: testRoutes(t), orders: newStoredOrders(brokenLists{s}), mins: mins}
		c := *sessionCall()
		c.otasp.Order, c.otasp.HasOrder = *o, true
		b, err := f.AppendState(nil, &c)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.DecodeState(b); !errors.Is(err, sessions.ErrStore) {
			t.Errorf("%v", err)
		}
	})
}

// TestFindOrder: by name only when there is one, by MDN only when there is
// one; done orders are none.
func TestFindOrder(t *testing.T) {
	a, b := testOrder(), testOrder()
	b.Name, b.MDN, b.ESN, b.MEID, b.PRL = "B-1", "5557654321", "82000002", "a1000000001234", nil
	l := newLab(t, nil, a, b)
	l.with(func(s *sqlite.Store) {
		orders := newStoredOrders(s)
		find := func(q otasp.Query) string {
			t.Helper()
			o, err := orders.find(context.Background(), q)
			if err != nil {
				t.Fatal(err)
			}
			if o == nil {
				return ""
			}
			return o.Name
		}
		for _, c := range []struct {
			q    otasp.Query
			want string
		}{
			{otasp.Query{OrderName: "A-1", MDN: "5557654321"}, "A-1"}, {otasp.Query{OrderName: "Z", MDN: "5551234567"}, ""},
			{otasp.Query{MDN: "5557654321", ESN: 0x81234567}, "B-1"}, {otasp.Query{MDN: "5550000000", ESN: 0x81234567}, ""},
			{otasp.Query{ESN: 0x81234567}, "A-1"}, {otasp.Query{MEID: "A1000000001234"}, "B-1"}, {otasp.Query{MEID: "A1000000009999", ESN: 0x82000002}, "B-1"},
			{otasp.Query{}, ""},
		} {
			if got := find(c.q); got != c.want {
				t.Errorf("%+v: %q, want %q", c.q, got, c.want)
			}
		}
		done := make(chan error, 1)
		s.Apply(&sessions.Change{ID: 1, Key: sessions.RefusalKey(1), Finish: true, OrderDone: sessions.OrderRef{Name: "A-1", Revision: 1}}, func(r sessions.Result) { done <- r.Err })
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		if got := find(otasp.Query{ESN: 0x81234567}); got != "" {
			t.Errorf("an order that is done is found: %s", got)
		}
	})
	closed := l.open()
	if err := closed.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := newStoredOrders(closed).find(context.Background(), otasp.Query{ESN: 1}); !errors.Is(err, sessions.ErrStore) {
		t.Errorf("%v", err)
	}
}

// emptyList is a list that can be read and has no system in it.
func emptyList(t *testing.T) []byte {
	t.Helper()
	b, err := (&prl.List{ID: 7, PRev: prl.Classic}).Append(nil)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestImportedList: what is stored of a list ends with it, and a list that
// comes with other padding, or again, is the same one.
func TestImportedList(t *testing.T) {
	a, b, c := testOrder(), testOrder(), testOrder()
	b.Name, c.Name = "B-1", "C-1"
	list := a.PRL
	b.PRL = append(bytes.Clone(list), make([]byte, 20)...)
	c.PRL = append(bytes.Clone(list), 0xff, 0xff)
	l := newLab(t, nil, a, b, c)
	l.with(func(s *sqlite.Store) {
		for _, name := range []string{"A-1", "B-1", "C-1"} {
			o, err := newStoredOrders(s).find(t.Context(), otasp.Query{OrderName: name})
			if err != nil {
				t.Fatal(err)
			}
			if sum := sha256.Sum256(list); !bytes.Equal(o.PRL.Data, list) || o.PRL.Name != "prl/"+hex.EncodeToString(sum[:]) || o.PRL.ID != 1001 || o.PRL.Extended {
				t.Errorf("%s: list %s of %d octets, want %d", name, o.PRL.Name, len(o.PRL.Data), len(list))
			}
		}
	})
}

// TestImportRefuses: an order that could not be carried out is refused when it
// comes, with its name, and nothing of the import stays.
func TestImportRefuses(t *testing.T) {
	good := testOrder()
	good.Name = "good"
	for name, spoil := range map[string]func(*configs.Order){
		"list": func(o *configs.Order) { o.PRL = o.PRL[:10] }, "list without a system": func(o *configs.Order) { o.PRL = emptyList(t) }, "MDN": func(o *configs.Order) { o.MDN = "0555" }, "SPC": func(o *configs.Order) { o.SPC = "12345" },
		"IMSI": func(o *configs.Order) { o.IMSIT = &configs.OrderIMSI{MCC: "31"} }, "packet data": func(o *configs.Order) { o.PacketData = []configs.OrderData{{ID: 1, Data: "zz"}} },
	} {
		bad := testOrder()
		nam := *bad.NAM
		bad.NAM = &nam
		spoil(&bad)
		l := newLab(t, nil)
		l.with(func(s *sqlite.Store) {
			if err := ImportOrders(context.Background(), s, []configs.Order{good, bad}); err == nil || err.Error()[:10] != "order A-1:" {
				t.Errorf("%s: %v", name, err)
			}
			if o, err := newStoredOrders(s).find(context.Background(), otasp.Query{OrderName: "good"}); o != nil || err != nil {
				t.Errorf("%s: a part of the import stays: %v %v", name, o, err)
			}
		})
		if err := CheckOrders([]configs.Order{bad}); err == nil {
			t.Errorf("%s: CheckOrders takes it", name)
		}
	}
	if err := CheckOrders([]configs.Order{good}); err != nil {
		t.Error(err)
	}
}

// TestSuitsHoldsMDN: what otasp lets through as an MDN is what a session can
// be kept under, and nothing else.
func TestSuitsHoldsMDN(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		mdn := rapid.OneOf(rapid.StringMatching("[0-9]{1,17}"), rapid.StringMatching("[0-9 x#]{1,16}")).Draw(t, "mdn")
		_, err := sessions.ParseMDN(mdn)
		why, detail := (&otasp.Order{Name: "A-1", MDN: mdn}).Suits(&otasp.Trigger{})
		if (why == otasp.ReasonNone) != (err == nil) {
			t.Errorf("%q: %s %s, and as a key: %v", mdn, why, detail, err)
		}
	})
}
