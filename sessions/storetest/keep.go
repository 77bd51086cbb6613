package storetest

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/sessions/cdr"
)

func testOrders(t *testing.T, open Open) {
	s := fresh(t, open)
	ctx := context.Background()
	full := sessions.Order{Name: "o-1", MDN: 5551234567, MIN: "5551234567", IMSI: "310005551234567", ESN: "80ABCDEF",
		MEID: "A0000000123456", Doc: []byte(`{"prl":1}`), UpdatedAt: at(1)}
	older := sessions.Order{Name: "o-0", MDN: 5551234567, Doc: []byte("{}"), UpdatedAt: at(0)}
	check(t, s.PutOrders(ctx, []sessions.Order{full, older}))
	full.Revision = 1
	for name, q := range map[string]sessions.OrderQuery{
		"name": {Name: "o-1"}, "mdn": {MDN: 5551234567}, "min": {MIN: "5551234567"},
		"imsi": {IMSI: "310005551234567"}, "esn": {ESN: "80ABCDEF"}, "meid": {MEID: "A0000000123456"},
	} {
		got, err := s.FindOrder(ctx, q)
		check(t, err)
		if diff := cmp.Diff(full, got); diff != "" {
			t.Errorf("by %s (-want +got):\n%s", name, diff)
		}
	}
	must(t, s, sessions.Change{ID: 1, Key: mdn(1), Finish: true, OrderDone: sessions.OrderRef{Name: "o-1", Revision: 1}})
	if got, err := s.FindOrder(ctx, sessions.OrderQuery{Name: "o-1"}); err != nil || !got.Done {
		t.Errorf("the done order: %+v %v", got, err)
	}
	// An older open order goes before a newer done one.
	if got, err := s.FindOrder(ctx, sessions.OrderQuery{MDN: 5551234567}); err != nil || got.Name != "o-0" {
		t.Errorf("by MDN: %+v %v", got, err)
	}
	// Putting it again opens it again, as another one: whoever carried out the
	// first does not mark it.
	check(t, s.PutOrders(ctx, []sessions.Order{full}))
	must(t, s, sessions.Change{ID: 2, Key: mdn(2), Finish: true, OrderDone: sessions.OrderRef{Name: "o-1", Revision: 1}})
	if got, err := s.FindOrder(ctx, sessions.OrderQuery{ESN: "80ABCDEF"}); err != nil || got.Done || got.Revision != 2 {
		t.Errorf("the order put again: %+v %v", got, err)
	}
	must(t, s, sessions.Change{ID: 3, Key: mdn(3), Finish: true, OrderDone: sessions.OrderRef{Name: "unknown", Revision: 1}})

	_, err := s.FindOrder(ctx, sessions.OrderQuery{ESN: "00000000"})
	wantErr(t, err, sessions.ErrNotFound)
	for _, q := range []sessions.OrderQuery{{}, {Name: "o-1", MDN: 1}} {
		_, err = s.FindOrder(ctx, q)
		wantErr(t, err, sessions.ErrInvalid)
	}
	wantErr(t, s.PutOrders(ctx, []sessions.Order{{Name: "o-9"}, {}}), sessions.ErrInvalid)
	_, err = s.FindOrder(ctx, sessions.OrderQuery{Name: "o-9"})
	wantErr(t, err, sessions.ErrNotFound)
}

func wantErr(t *testing.T, got, want error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func testBlobs(t *testing.T, open Open) {
	s := fresh(t, open)
	ctx := context.Background()
	_, err := s.Blob(ctx, "prl/1")
	wantErr(t, err, sessions.ErrNotFound)
	for _, want := range []string{"\x00\x01\xff", "other", ""} {
		check(t, s.PutBlob(ctx, "prl/1", []byte(want)))
		got, err := s.Blob(ctx, "prl/1")
		if err != nil || string(got) != want {
			t.Errorf("%q, %v; want %q", got, err, want)
		}
	}
}

func testCDRs(t *testing.T, open Open) {
	s := fresh(t, open)
	var all []cdr.Record
	for i := range 6 {
		r := cdr.Record{
			Session: fmt.Sprint(i), Flow: [...]string{"otasp", "otapa"}[i%2], MDN: fmt.Sprint(100 + i/2),
			Trigger: cdr.Trigger{Account: "ivr", Corr: "c"}, Started: at(0), Ended: at(10 - i),
			Outcome: [...]cdr.Outcome{cdr.Done, cdr.Failed, cdr.Partial}[i%3], Reason: "r", Steps: []string{"nam", "prl"}, Attempts: i,
		}
		all = append([]cdr.Record{r}, all...)
		must(t, s, sessions.Change{ID: sessions.ID(i + 1), Key: mdn(1), Finish: true, CDR: []cdr.Record{r}})
	}
	for name, f := range map[string]cdr.Filter{
		"all": {}, "from": {From: at(7)}, "to": {To: at(7)}, "both": {From: at(6), To: at(9)}, "mdn": {MDN: "101"},
		"session": {Session: "3"}, "flow": {Flow: "otapa"}, "outcome": {Outcome: cdr.Partial},
		"several": {Flow: "otasp", Outcome: cdr.Done, From: at(1)}, "none": {MDN: "9"},
	} {
		var want []cdr.Record
		for _, r := range all {
			if f.Match(&r) {
				want = append(want, r)
			}
		}
		if diff := cmp.Diff(want, records(t, s, f)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if diff := cmp.Diff(all[:2], records(t, s, cdr.Filter{Limit: 2})); diff != "" {
		t.Errorf("limit (-want +got):\n%s", diff)
	}
	stop := errors.New("enough")
	n := 0
	err := s.CDRs(context.Background(), cdr.Filter{}, func(cdr.Record) error { n++; return stop })
	if !errors.Is(err, stop) || n != 1 {
		t.Errorf("stopped after %d records with %v", n, err)
	}
}

func records(t failer, s sessions.Store, f cdr.Filter) []cdr.Record {
	t.Helper()
	var got []cdr.Record
	check(t, s.CDRs(context.Background(), f, func(r cdr.Record) error {
		got = append(got, r)
		return nil
	}))
	return got
}

func testReopen(t *testing.T, open Open) {
	dir := t.TempDir()
	ctx := context.Background()
	s := open(t, dir)
	corr := sessions.Corr{Kind: sessions.CorrCallback, ID: "tok"}
	seen := sessions.Seen{Key: "once", Until: time.Now().Add(time.Hour)}
	check(t, s.PutOrders(ctx, []sessions.Order{{Name: "o-1", MDN: 9, UpdatedAt: at(1)}}))
	check(t, s.PutBlob(ctx, "b", []byte("blob")))
	must(t, s, sessions.Change{ID: 1, Key: mdn(1), State: []byte("s"), Due: at(5), AddCorr: []sessions.Corr{corr}, Seen: seen,
		Outbox: []sessions.Outbox{{Dest: "smsc", Body: []byte("leased")}, {Dest: "smsc", Body: []byte("free"), Due: at(2)}},
		CDR:    []cdr.Record{{Session: "1"}}, OrderDone: sessions.OrderRef{Name: "o-1", Revision: 1}})
	claim(t, s, at(1), 1, time.Minute)
	before := live(t, s)
	check(t, s.Close())

	s = open(t, dir)
	defer func() { check(t, s.Close()) }()
	if diff := cmp.Diff(before, live(t, s)); diff != "" || len(before) != 1 {
		t.Errorf("sessions (-before +after):\n%s", diff)
	}
	correlated(t, s, map[sessions.Corr]sessions.ID{corr: 1})
	refuse(t, s, sessions.Change{ID: 2, Key: mdn(2), Seen: seen}, sessions.ErrDuplicate, 1)
	if _, got := claim(t, s, at(60), 9, time.Minute); got != "free" {
		t.Errorf("claimed %q, want only the row without a lease", got)
	}
	o, err := s.FindOrder(ctx, sessions.OrderQuery{Name: "o-1"})
	b, berr := s.Blob(ctx, "b")
	if err != nil || berr != nil || !o.Done || string(b) != "blob" || len(records(t, s, cdr.Filter{})) != 1 {
		t.Errorf("order %+v %v, blob %q %v", o, err, b, berr)
	}
	must(t, s, sessions.Change{ID: 1, Key: mdn(1), Expect: 1, Finish: true})
}

func testClosed(t *testing.T, open Open) {
	ctx := context.Background()
	s := open(t, t.TempDir())
	check(t, s.Close())
	if res := apply(t, s, sessions.Change{ID: 1, Key: mdn(1)}); !errors.Is(res.Err, sessions.ErrStore) {
		t.Errorf("Apply: %+v", res)
	}
	for name, err := range map[string]error{
		"Load":      s.Load(ctx, func(sessions.Record) error { return nil }),
		"ByID":      second(s.ByID(ctx, 1)),
		"Claim":     second(s.Claim(ctx, "smsc", at(0), 1, time.Second)),
		"Settle":    s.Settle(ctx, sessions.Settlement{Row: 1}),
		"NextDue":   second(s.NextDue(ctx, "smsc")),
		"Orphans":   second(s.Orphans(ctx, "smsc", at(0), time.Second)),
		"Withdraw":  second(s.Withdraw(ctx, "d")),
		"PutOrders": s.PutOrders(ctx, []sessions.Order{{Name: "o"}}),
		"Blob":      second(s.Blob(ctx, "b")),
		"CDRs":      s.CDRs(ctx, cdr.Filter{}, func(cdr.Record) error { return nil }),
		"Ping":      s.Ping(ctx),
	} {
		if !errors.Is(err, sessions.ErrStore) {
			t.Errorf("%s: %v", name, err)
		}
	}
	check(t, s.Close())
}
