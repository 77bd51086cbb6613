package storetest

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/otagate/otagate/sessions"
)

// epoch is the time of the outbox tests: Claim is told the time.
var epoch = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func at(seconds int) time.Time { return epoch.Add(time.Duration(seconds) * time.Second) }

// send commits rows with these bodies, due at these seconds.
func send(t *testing.T, s sessions.Store, id sessions.ID, rows ...sessions.Outbox) {
	t.Helper()
	for i := range rows {
		rows[i].Dest, rows[i].ID, rows[i].Key = "smsc", id, mdn(uint64(id))
	}
	must(t, s, sessions.Change{ID: id, Key: mdn(uint64(id)), Outbox: rows})
}

// claim returns the claimed rows and their bodies, joined.
func claim(t failer, s sessions.Store, now time.Time, n int, lease time.Duration) ([]sessions.Outbox, string) {
	t.Helper()
	rows, err := s.Claim(context.Background(), "smsc", now, n, lease)
	check(t, err)
	var bodies []string
	for _, o := range rows {
		bodies = append(bodies, string(o.Body))
	}
	return rows, strings.Join(bodies, " ")
}

func testOutboxOrder(t *testing.T, open Open) {
	s := fresh(t, open)
	send(t, s, 1,
		sessions.Outbox{Body: []byte("third"), Due: at(3)},
		sessions.Outbox{Body: []byte("first"), Due: at(1)},
		sessions.Outbox{Body: []byte("second"), Due: at(1)},
		sessions.Outbox{Body: []byte("at-once")},
		sessions.Outbox{Body: []byte("later"), Due: at(100)})
	must(t, s, sessions.Change{ID: 2, Key: mdn(2), Outbox: []sessions.Outbox{{Dest: "msc", Body: []byte("elsewhere")}}})

	if _, got := claim(t, s, at(5), 2, time.Minute); got != "at-once first" {
		t.Errorf("two rows: %q", got)
	}
	if _, got := claim(t, s, at(5), 10, time.Minute); got != "second third" {
		t.Errorf("the next: %q", got)
	}
	if _, got := claim(t, s, at(5), 10, time.Minute); got != "" {
		t.Errorf("claimed twice: %q", got)
	}
	if got, err := s.NextDue(context.Background(), "smsc"); err != nil || !got.Equal(at(65)) {
		t.Errorf("NextDue: %v %v, want the end of the first lease", got, err)
	}
	if _, err := s.Claim(context.Background(), "smsc", at(5), 0, time.Minute); !errors.Is(err, sessions.ErrInvalid) {
		t.Errorf("no rows claimed: %v", err)
	}
}

func testOutboxLease(t *testing.T, open Open) {
	s := fresh(t, open)
	want := sessions.Outbox{Body: []byte("x"), Due: at(1), Validity: at(50), Dedup: "d"}
	send(t, s, 7, want)
	if _, got := claim(t, s, at(0), 1, time.Minute); got != "" {
		t.Errorf("claimed before it was due: %q", got)
	}
	rows, _ := claim(t, s, at(1), 1, time.Minute)
	want.Row = rows[0].Row
	want.Dest, want.ID, want.Key, want.Attempt, want.LeaseUntil = "smsc", 7, mdn(7), 1, at(61)
	if diff := cmp.Diff(want, rows[0]); diff != "" {
		t.Errorf("row (-want +got):\n%s", diff)
	}
	if rows[0].Expired(at(50)) || !rows[0].Expired(at(51)) {
		t.Error("validity")
	}
	if _, got := claim(t, s, at(60), 1, time.Minute); got != "" {
		t.Errorf("claimed under the lease: %q", got)
	}
	rows, _ = claim(t, s, at(61), 1, time.Minute)
	if len(rows) != 1 || rows[0].Attempt != 2 {
		t.Errorf("after the lease: %+v", rows)
	}
}

func testOutboxSettle(t *testing.T, open Open) {
	s := fresh(t, open)
	ctx := context.Background()
	send(t, s, 1, sessions.Outbox{Body: []byte("sent")}, sessions.Outbox{Body: []byte("again")}, sessions.Outbox{Body: []byte("step")})
	rows, _ := claim(t, s, at(0), 3, time.Minute)
	check(t, s.Settle(ctx, sessions.Settlement{Row: rows[0].Row}, sessions.Settlement{Row: rows[1].Row, Retry: at(10), Attempt: 1}))
	must(t, s, sessions.Change{ID: 1, Key: mdn(1), Expect: 1, OutboxDone: []int64{rows[2].Row, 1 << 40}})
	if _, got := claim(t, s, at(9), 3, time.Minute); got != "" {
		t.Errorf("before the retry: %q", got)
	}
	again, got := claim(t, s, at(10), 3, time.Minute)
	if got != "again" || again[0].Attempt != 2 {
		t.Fatalf("the retry: %q %+v", got, again)
	}
	// The first sender comes back late: the lease is another's now.
	check(t, s.Settle(ctx, sessions.Settlement{Row: again[0].Row, Retry: at(11), Attempt: 1}))
	if _, got := claim(t, s, at(12), 3, time.Minute); got != "" {
		t.Errorf("a late retry broke the lease: %q", got)
	}
	check(t, s.Settle(ctx, sessions.Settlement{Row: again[0].Row}))
	if next, err := s.NextDue(ctx, "smsc"); err != nil || !next.IsZero() {
		t.Errorf("NextDue of nothing: %v %v", next, err)
	}
	send(t, s, 2, sessions.Outbox{Body: []byte("new")})
	fresh, _ := claim(t, s, at(20), 1, time.Minute)
	if fresh[0].Row <= again[0].Row {
		t.Errorf("row %d was given again", fresh[0].Row)
	}
}

// testOutboxFront: what a sender gives back goes in front of what is due at once, in
// its old order.
func testOutboxFront(t *testing.T, open Open) {
	s := fresh(t, open)
	var rows []sessions.Outbox
	for _, body := range []string{"a", "b", "c", "d"} {
		rows = append(rows, sessions.Outbox{Body: []byte(body)})
	}
	send(t, s, 1, rows...)
	leased, _ := claim(t, s, at(0), 3, time.Minute)
	front := time.UnixMicro(-1)
	check(t, s.Settle(context.Background(), sessions.Settlement{Row: leased[1].Row, Retry: front, Attempt: 1}, sessions.Settlement{Row: leased[0].Row, Retry: front, Attempt: 1}))
	send(t, s, 2, sessions.Outbox{Body: []byte("e")})
	if next, err := s.NextDue(context.Background(), "smsc"); err != nil || next.IsZero() || next.After(at(0)) {
		t.Errorf("NextDue %v %v", next, err)
	}
	if _, got := claim(t, s, at(1), 9, time.Minute); got != "a b d e" {
		t.Errorf("%q", got)
	}
}

func testOutboxDedup(t *testing.T, open Open) {
	s := fresh(t, open)
	send(t, s, 1, sessions.Outbox{Body: []byte("one"), Dedup: "m"})
	send(t, s, 2, sessions.Outbox{Body: []byte("two"), Dedup: "m"}, sessions.Outbox{Body: []byte("three")}, sessions.Outbox{Body: []byte("four")})
	if _, got := claim(t, s, at(0), 9, time.Minute); got != "one three four" {
		t.Errorf("claimed %q", got)
	}
}
