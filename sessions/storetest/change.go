package storetest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/sessions/cdr"
)

func testLife(t *testing.T, open Open) {
	ctx := context.Background()
	s := fresh(t, open)
	due := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	c := sessions.Change{ID: 0xFFFF_FFFF_FFFF_FFFE, Key: mdn(1), State: []byte("a"), Due: due}
	must(t, s, c)
	want := sessions.Record{ID: c.ID, Key: c.Key, Version: 1, State: []byte("a"), Due: due}
	expect(t, s, want)

	c.Expect, c.State, c.Due, c.KeepDue = 1, []byte("bb"), time.Time{}, true
	must(t, s, c)
	want.Version, want.State = 2, []byte("bb")
	expect(t, s, want)

	c.Expect, c.State, c.KeepDue = 2, nil, false
	must(t, s, c)
	want.Version, want.State, want.Due = 3, []byte{}, time.Time{}
	expect(t, s, want)

	c.Expect, c.Finish = 3, true
	must(t, s, c)
	if all := live(t, s); len(all) != 0 {
		t.Errorf("after the finish: %v", all)
	}
	for name, err := range map[string]error{
		"ByID":  second(s.ByID(ctx, c.ID)),
		"ByKey": second(s.ByKey(ctx, c.Key)),
	} {
		if !errors.Is(err, sessions.ErrNotFound) {
			t.Errorf("%s after the finish: %v", name, err)
		}
	}
	check(t, s.Ping(ctx))
}

func second[T any](_ T, err error) error { return err }

// expect finds want in every way.
func expect(t *testing.T, s sessions.Store, want sessions.Record) {
	t.Helper()
	ctx := context.Background()
	byID, err := s.ByID(ctx, want.ID)
	check(t, err)
	byKey, err := s.ByKey(ctx, want.Key)
	check(t, err)
	for name, got := range map[string]sessions.Record{"ByID": byID, "ByKey": byKey, "Load": live(t, s)[want.ID]} {
		if diff := cmp.Diff(want, got, byLength); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// byLength takes nil octets for no octets.
var byLength = cmp.Comparer(func(a, b []byte) bool { return string(a) == string(b) })

func testMove(t *testing.T, open Open) {
	s := fresh(t, open)
	busy, free := mdn(1), mdn(2)
	must(t, s, sessions.Change{ID: 1, Key: busy})
	must(t, s, sessions.Change{ID: 2, Key: trn(2)})

	refuse(t, s, sessions.Change{ID: 2, Key: trn(2), Expect: 1, NewKey: &busy, State: []byte("x")}, sessions.ErrKeyTaken, 1)
	expect(t, s, sessions.Record{ID: 2, Key: trn(2), Version: 1})

	must(t, s, sessions.Change{ID: 2, Key: trn(2), Expect: 1, NewKey: &free})
	expect(t, s, sessions.Record{ID: 2, Key: free, Version: 2})
	refuse(t, s, sessions.Change{ID: 3, Key: free}, sessions.ErrKeyTaken, 2)
	// The number it had before is free, and its kind keeps it apart.
	must(t, s, sessions.Change{ID: 4, Key: trn(2)})
	must(t, s, sessions.Change{ID: 5, Key: sessions.MDNKey(sessions.MDN(trn(2).Number))})
	// Moving to where it is changes nothing.
	must(t, s, sessions.Change{ID: 2, Key: free, Expect: 2, NewKey: &free})
	expect(t, s, sessions.Record{ID: 2, Key: free, Version: 3})
}

func testCorrelations(t *testing.T, open Open) {
	s := fresh(t, open)
	a := sessions.Corr{Kind: sessions.CorrTransaction, ID: "a"}
	b := sessions.Corr{Kind: sessions.CorrTransaction, ID: "b"}
	other := sessions.Corr{Kind: sessions.CorrCallback, ID: "a"}
	must(t, s, sessions.Change{ID: 1, Key: mdn(1), AddCorr: []sessions.Corr{a, other}})
	correlated(t, s, map[sessions.Corr]sessions.ID{a: 1, other: 1, b: 0})

	refuse(t, s, sessions.Change{ID: 2, Key: mdn(2), AddCorr: []sessions.Corr{b, a}}, sessions.ErrCorrTaken, 1)
	correlated(t, s, map[sessions.Corr]sessions.ID{a: 1, b: 0})
	must(t, s, sessions.Change{ID: 2, Key: mdn(2), AddCorr: []sessions.Corr{b}})

	// Taking away what is another session's has no effect.
	must(t, s, sessions.Change{ID: 2, Key: mdn(2), Expect: 1, DelCorr: []sessions.Corr{a}})
	correlated(t, s, map[sessions.Corr]sessions.ID{a: 1, b: 2})
	// Removals go before additions; what is there already may be added.
	must(t, s, sessions.Change{ID: 1, Key: mdn(1), Expect: 1, DelCorr: []sessions.Corr{a}, AddCorr: []sessions.Corr{a, other}})
	correlated(t, s, map[sessions.Corr]sessions.ID{a: 1, other: 1})

	must(t, s, sessions.Change{ID: 1, Key: mdn(1), Expect: 2, Finish: true})
	correlated(t, s, map[sessions.Corr]sessions.ID{a: 0, other: 0, b: 2})
}

func correlated(t failer, s sessions.Store, want map[sessions.Corr]sessions.ID) {
	t.Helper()
	for c, id := range want {
		rec, err := s.ByCorr(context.Background(), c)
		if rec.ID != id || (id == 0) != errors.Is(err, sessions.ErrNotFound) {
			t.Fatalf("%v %q is session %s (%v), want %s", c.Kind, c.ID, rec.ID, err, id)
		}
	}
}

func testSeen(t *testing.T, open Open) {
	s := fresh(t, open)
	long := time.Now().Add(time.Hour)
	must(t, s, sessions.Change{ID: 1, Key: mdn(1), Seen: sessions.Seen{Key: "ivr/1", Until: long}})
	// The number is taken too; that it is a repetition matters more.
	refuse(t, s, sessions.Change{ID: 2, Key: mdn(1), Seen: sessions.Seen{Key: "ivr/1", Until: long}}, sessions.ErrDuplicate, 1)
	must(t, s, sessions.Change{ID: 1, Key: mdn(1), Expect: 1, Finish: true})
	// It outlives its session.
	refuse(t, s, sessions.Change{ID: 3, Key: mdn(1), Seen: sessions.Seen{Key: "ivr/1", Until: long}}, sessions.ErrDuplicate, 1)
	must(t, s, sessions.Change{ID: 4, Key: mdn(4), Seen: sessions.Seen{Key: "ivr/2", Until: long}})

	past := time.Now().Add(-time.Second)
	must(t, s, sessions.Change{ID: 5, Key: mdn(5), Seen: sessions.Seen{Key: "ivr/3", Until: past}})
	must(t, s, sessions.Change{ID: 6, Key: mdn(6), Seen: sessions.Seen{Key: "ivr/3", Until: long}})
	refuse(t, s, sessions.Change{ID: 7, Key: mdn(7), Seen: sessions.Seen{Key: "ivr/3", Until: long}}, sessions.ErrDuplicate, 6)
}

func testInvalid(t *testing.T, open Open) {
	s := fresh(t, open)
	none := sessions.Key{}
	for name, c := range map[string]sessions.Change{
		"no id":      {Key: mdn(1)},
		"no key":     {ID: 1},
		"no new key": {ID: 1, Key: mdn(1), NewKey: &none},
	} {
		if res := apply(t, s, c); !errors.Is(res.Err, sessions.ErrInvalid) {
			t.Errorf("%s: %+v", name, res)
		}
	}
	must(t, s, sessions.Change{ID: 1, Key: mdn(1)})
}

func testFinishAtOnce(t *testing.T, open Open) {
	s := fresh(t, open)
	corr := sessions.Corr{Kind: sessions.CorrTrigger, ID: "x"}
	c := sessions.Change{ID: 1, Key: mdn(1), Finish: true, AddCorr: []sessions.Corr{corr}, CDR: []cdr.Record{{Session: "1"}}}
	must(t, s, c)
	correlated(t, s, map[sessions.Corr]sessions.ID{corr: 0})
	if n := len(live(t, s)); n != 0 {
		t.Errorf("%d live sessions", n)
	}
	if got := records(t, s, cdr.Filter{}); len(got) != 1 {
		t.Errorf("records: %v", got)
	}
	// Even one that does not stay needs its number to be free.
	must(t, s, sessions.Change{ID: 2, Key: mdn(1)})
	c.ID = 3
	refuse(t, s, c, sessions.ErrKeyTaken, 2)
	// A record without a session has a key that nobody else has.
	const id = 0xFFFF_FFFF_FFFF_FFFF
	must(t, s, sessions.Change{ID: id, Key: sessions.RefusalKey(id), Finish: true, CDR: c.CDR})
	if got := records(t, s, cdr.Filter{}); len(got) != 2 {
		t.Errorf("records: %v", got)
	}
}
