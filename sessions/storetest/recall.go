package storetest

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/otagate/otagate/sessions"
)

// testOrphans: what an ended process had leased is leased to the next one, and
// nothing else is.
func testOrphans(t *testing.T, open Open) {
	s := fresh(t, open)
	ctx := context.Background()
	send(t, s, 1,
		sessions.Outbox{Body: []byte("one"), Dedup: "d", Validity: at(500)}, sessions.Outbox{Body: []byte("two")},
		sessions.Outbox{Body: []byte("retried")}, sessions.Outbox{Body: []byte("done")}, sessions.Outbox{Body: []byte("free"), Due: at(1)})
	must(t, s, sessions.Change{ID: 2, Key: mdn(2), Outbox: []sessions.Outbox{{Dest: "msc", Body: []byte("elsewhere")}}})
	elsewhere, err := s.Claim(ctx, "msc", at(0), 1, time.Minute)
	check(t, err)
	leased, _ := claim(t, s, at(0), 4, time.Minute)
	check(t, s.Settle(ctx, sessions.Settlement{Row: leased[2].Row, Retry: at(1), Attempt: 1}, sessions.Settlement{Row: leased[3].Row}))

	// The lease of the first two has run out; whoever had them may have sent them all the same.
	want := []sessions.Outbox{leased[0], leased[1]}
	for i := range want {
		want[i].LeaseUntil = at(400)
	}
	got, err := s.Orphans(ctx, "smsc", at(100), 5*time.Minute)
	check(t, err)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("orphans (-want +got):\n%s", diff)
	}
	if _, got := claim(t, s, at(399), 9, time.Hour); got != "retried free" {
		t.Errorf("claimed beside them: %q", got)
	}
	if again, got := claim(t, s, at(400), 9, time.Minute); got != "one two" || again[0].Attempt != 2 {
		t.Errorf("when their lease is over: %q %+v", got, again)
	}
	if at, err := s.NextDue(ctx, "msc"); err != nil || !at.Equal(elsewhere[0].LeaseUntil) {
		t.Errorf("the lease of another destination ends at %v (%v), want %v", at, err, elsewhere[0].LeaseUntil)
	}
	if got, err := s.Orphans(ctx, "nobody", at(100), time.Minute); err != nil || len(got) != 0 {
		t.Errorf("orphans of nobody: %v %v", got, err)
	}
	_, err = s.Orphans(ctx, "smsc", at(100), 0)
	wantErr(t, err, sessions.ErrInvalid)
}

// testOrphansReopen: the process has ended in earnest.
func testOrphansReopen(t *testing.T, open Open) {
	dir := t.TempDir()
	s := open(t, dir)
	send(t, s, 1, sessions.Outbox{Body: []byte("leased")}, sessions.Outbox{Body: []byte("free")})
	leased, _ := claim(t, s, at(0), 1, time.Hour)
	check(t, s.Close())
	s = open(t, dir)
	got, err := s.Orphans(context.Background(), "smsc", at(1), time.Minute)
	if err != nil || len(got) != 1 || got[0].Row != leased[0].Row || got[0].Attempt != 1 {
		t.Errorf("orphans %+v %v", got, err)
	}
	check(t, s.Settle(context.Background(), sessions.Settlement{Row: leased[0].Row}))
	if got, err := s.Orphans(context.Background(), "smsc", at(2), time.Minute); err != nil || len(got) != 0 {
		t.Errorf("orphans after they were settled: %+v %v", got, err)
	}
	check(t, s.Close())
}

// testWithdraw: a row goes as long as nobody has it.
func testWithdraw(t *testing.T, open Open) {
	s := fresh(t, open)
	ctx := context.Background()
	send(t, s, 1, sessions.Outbox{Body: []byte("a"), Dedup: "a"}, sessions.Outbox{Body: []byte("b"), Dedup: "b", Due: at(1)}, sessions.Outbox{Body: []byte("plain")})
	rows, _ := claim(t, s, at(0), 2, time.Minute) // a and the one without a text
	withdraw(t, s, "a", false)
	withdraw(t, s, "b", true)
	withdraw(t, s, "b", true)
	withdraw(t, s, "unknown", true)
	_, err := s.Withdraw(ctx, "")
	wantErr(t, err, sessions.ErrInvalid)
	if _, got := claim(t, s, at(59), 9, time.Minute); got != "" {
		t.Errorf("claimed %q, and a is leased and b withdrawn", got)
	}
	// A lease that has run out is one: the row may be on its way.
	withdraw(t, s, "a", false)
	a := rows[slices.IndexFunc(rows, func(o sessions.Outbox) bool { return o.Dedup == "a" })]
	check(t, s.Settle(ctx, sessions.Settlement{Row: a.Row, Retry: at(70), Attempt: 1}))
	withdraw(t, s, "a", true)
	if _, got := claim(t, s, at(100), 9, time.Minute); got != "plain" {
		t.Errorf("claimed %q after a was withdrawn, too", got)
	}
}

// testWithdrawAgain: the text of a row that was taken back is free for another.
func testWithdrawAgain(t *testing.T, open Open) {
	s := fresh(t, open)
	send(t, s, 1, sessions.Outbox{Body: []byte("first"), Dedup: "d"})
	withdraw(t, s, "d", true)
	send(t, s, 2, sessions.Outbox{Body: []byte("second"), Dedup: "d"})
	send(t, s, 3, sessions.Outbox{Body: []byte("third"), Dedup: "d"})
	rows, got := claim(t, s, at(0), 9, time.Minute)
	if got != "second" {
		t.Fatalf("claimed %q", got)
	}
	withdraw(t, s, "d", false)
	// A step that settles a row makes room for one with the same text.
	must(t, s, sessions.Change{ID: 2, Key: mdn(2), Expect: 1, OutboxDone: []int64{rows[0].Row},
		Outbox: []sessions.Outbox{{Dest: "smsc", Body: []byte("fourth"), Dedup: "d"}}})
	if _, got := claim(t, s, at(0), 9, time.Minute); got != "fourth" {
		t.Errorf("claimed %q, want what has taken the place", got)
	}
}

func withdraw(t failer, s sessions.Store, dedup string, want bool) {
	t.Helper()
	gone, err := s.Withdraw(context.Background(), dedup)
	check(t, err)
	if gone != want {
		t.Fatalf("withdrawn %q: gone=%v, want %v", dedup, gone, want)
	}
}

// testMessages: a subscriber has one session and any number of messages.
func testMessages(t *testing.T, open Open) {
	s := fresh(t, open)
	key := sessions.MessageKey(0xFFFF_FFFF_FFFF_FFFE)
	must(t, s, sessions.Change{ID: 0xFFFF_FFFF_FFFF_FFFE, Key: key, State: []byte("m"),
		Outbox: []sessions.Outbox{{Dest: "smsc", ID: 0xFFFF_FFFF_FFFF_FFFE, Key: key, Body: []byte("part")}}})
	expect(t, s, sessions.Record{ID: 0xFFFF_FFFF_FFFF_FFFE, Key: key, Version: 1, State: []byte("m")})
	refuse(t, s, sessions.Change{ID: 2, Key: key}, sessions.ErrKeyTaken, 0xFFFF_FFFF_FFFF_FFFE)
	// The same number as a message, as an MDN and as a record of a refusal.
	must(t, s, sessions.Change{ID: 7, Key: sessions.MessageKey(7)})
	must(t, s, sessions.Change{ID: 8, Key: sessions.MDNKey(7)})
	must(t, s, sessions.Change{ID: 9, Key: sessions.RefusalKey(7), Finish: true})
	rows, _ := claim(t, s, at(0), 1, time.Minute)
	if len(rows) != 1 || rows[0].Key != key || rows[0].ID != 0xFFFF_FFFF_FFFF_FFFE {
		t.Errorf("its row: %+v", rows)
	}
	must(t, s, sessions.Change{ID: 7, Key: sessions.MessageKey(7), Expect: 1, Finish: true})
	if all := live(t, s); len(all) != 2 {
		t.Errorf("%d live: %v", len(all), all)
	}
}
