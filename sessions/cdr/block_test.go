package cdr_test

import (
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/sessions/cdr"
)

func block(t testing.TB, records ...cdr.Record) *cdr.Block {
	t.Helper()
	b := &cdr.Block{}
	for i := range records {
		if !b.Takes(&records[i]) {
			t.Fatalf("record %d does not go into the block", i)
		}
		b.Add(&records[i])
	}
	return b
}

func read(t testing.TB, b *cdr.Block, f cdr.Filter) (got []cdr.Record) {
	t.Helper()
	if err := cdr.ReadBlock(b.Body, &f, func(r *cdr.Record) error { got = append(got, *r); return nil }); err != nil {
		t.Fatal(err)
	}
	return got
}

func TestBlock(t *testing.T) {
	bare := cdr.Record{Session: "no id", Flow: "otasp"}
	long := full()
	long.Detail, long.Steps = string(make([]byte, 300)), make([]string, 300)
	upper := full()
	upper.Session = "00000000000000FF" // is another text than that of the id
	want := []cdr.Record{full(), bare, long, upper}
	bare.Ended = want[0].Ended
	want[1] = bare
	b := block(t, want...)
	if diff := cmp.Diff(want, read(t, b, cdr.Filter{})); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	for _, session := range []string{"00000000000000ff", "00000000000000FF", "no id", "1"} {
		var some []cdr.Record
		for _, r := range want {
			if r.Session == session {
				some = append(some, r)
			}
		}
		if diff := cmp.Diff(some, read(t, b, cdr.Filter{Session: session})); diff != "" {
			t.Errorf("session %s (-want +got):\n%s", session, diff)
		}
	}
	all, err := cdr.BlockSessions(b.Body)
	if diff := cmp.Diff([]uint64{0xff, 0xff}, all); err != nil || diff != "" || !slices.Equal(all, b.Sessions) {
		t.Errorf("sessions %x and %x, %v", all, b.Sessions, err)
	}
	stop := errors.New("enough")
	if err := cdr.ReadBlock(b.Body, &cdr.Filter{}, func(*cdr.Record) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("stopped with %v", err)
	}
}

// TestBlockComplete sets one field after the other: each is kept.
func TestBlockComplete(t *testing.T) {
	n := reflect.TypeFor[cdr.Record]().NumField()
	for i := range n {
		want := cdr.Record{}
		field := reflect.ValueOf(&want).Elem().Field(i)
		fields := []reflect.Value{field}
		if field.Type() == reflect.TypeFor[cdr.Trigger]() {
			fields = nil
			for j := range field.NumField() {
				fields = append(fields, field.Field(j))
			}
		}
		for _, f := range fields {
			switch f.Interface().(type) {
			case time.Time:
				f.Set(reflect.ValueOf(time.Date(2026, 3, 1, 12, 0, 0, 1, time.UTC)))
			case []string:
				f.Set(reflect.ValueOf([]string{"a", ""}))
			case int:
				f.SetInt(7)
			default:
				f.SetString("text")
			}
		}
		if diff := cmp.Diff([]cdr.Record{want}, read(t, block(t, want), cdr.Filter{})); diff != "" {
			t.Errorf("field %d (-want +got):\n%s", i, diff)
		}
		empty := cdr.Record{Flow: want.Flow, Ended: want.Ended}
		all := []cdr.Record{empty, want, want, empty, want}
		if diff := cmp.Diff(all, read(t, block(t, all...), cdr.Filter{})); diff != "" {
			t.Errorf("field %d, set and not set (-want +got):\n%s", i, diff)
		}
		all = append(all, empty, empty)
		if n := len(block(t, all...).Body) - len(block(t, all[:len(all)-1]...).Body); n != 13 {
			t.Errorf("field %d, not set as before: %d octets", i, n)
		}
	}
}

// TestBlockLong: behind a record whose length has five octets the next is as right, whether
// it is the same or not.
func TestBlockLong(t *testing.T) {
	for n := range 400 {
		long := full()
		long.Detail = strings.Repeat("x", n)
		last := full()
		last.Trigger.Destination = last.MDN
		all := []cdr.Record{full(), long, long, full(), last, long}
		if diff := cmp.Diff(all, read(t, block(t, all...), cdr.Filter{})); diff != "" {
			t.Errorf("%d octets (-want +got):\n%s", n, diff)
		}
		if more := len(block(t, all[:3]...).Body) - len(block(t, all[:2]...).Body); more != 13 {
			t.Errorf("%d octets: the same once more takes %d", n, more)
		}
	}
}

// relayed is the record of a message as there are millions.
func relayed(n int) cdr.Record {
	at := time.Date(2026, 11, 26, 14, 0, 0, 123456789, time.UTC).Add(time.Duration(n) * 87654)
	to := fmt.Sprintf("1555%07d", n)
	return cdr.Record{
		Session: fmt.Sprintf("%016x", 0xa0b0c0d0e0f00010+uint64(n)), Flow: "relay", Trigger: cdr.Trigger{Account: "esme-1", Source: "4242", Destination: to},
		MDN: to, Started: at, Ended: at.Add(time.Duration(1+n%7) * 1234567), Outcome: cdr.Done, Reason: "delivered", Link: "smsc-1",
		Steps: []string{"1/1:delivered"}, Attempts: 1,
	}
}

// TestBlockSmall: of records of one account and link there is little but the number and
// the times.
func TestBlockSmall(t *testing.T) {
	var all []cdr.Record
	for n := range 100 {
		all = append(all, relayed(n))
	}
	b := block(t, all...)
	if diff := cmp.Diff(all, read(t, b, cdr.Filter{})); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if each := len(b.Body) / len(all); each > 36 {
		t.Errorf("%d octets each", each)
	}
}

// TestBlockFirst reads a block of version 1, as a build of that time has written it.
func TestBlockFirst(t *testing.T) {
	text, err := os.ReadFile("testdata/block1.hex")
	if err != nil {
		t.Fatal(err)
	}
	body, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	lines, err := os.ReadFile("testdata/block1.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	var want []cdr.Record
	for line := range strings.Lines(string(lines)) {
		var r cdr.Record
		if err := r.Decode([]byte(line)); err != nil {
			t.Fatal(err)
		}
		want = append(want, r)
	}
	b := &cdr.Block{Body: body}
	if diff := cmp.Diff(want, read(t, b, cdr.Filter{})); diff != "" || len(want) != 5 {
		t.Errorf("%d records (-want +got):\n%s", len(want), diff)
	}
	if diff := cmp.Diff(want[1:2], read(t, b, cdr.Filter{Session: want[1].Session})); diff != "" {
		t.Errorf("one (-want +got):\n%s", diff)
	}
	all, err := cdr.BlockSessions(body)
	if err != nil || !slices.Equal(all, []uint64{0xa0b0c0d0e0f00011, 0xa0b0c0d0e0f00012, 0xff, 0xa0b0c0d0e0f00013}) {
		t.Errorf("sessions %x, %v", all, err)
	}
	whole := 0
	for n := range body {
		if cdr.ReadBlock(body[:n], &cdr.Filter{}, func(*cdr.Record) error { return nil }) == nil {
			whole++
		}
	}
	if whole != len(want) { // the version alone, and behind each record but the last
		t.Errorf("%d beginnings are whole", whole)
	}
	if b.Merge(block(t, relayed(1))) {
		t.Error("merged with a block of another version")
	}
}

// TestBlockTakes: what goes together has one flow and ends within a span.
func TestBlockTakes(t *testing.T) {
	r := full()
	b := block(t, r)
	if b.Flow != r.Flow || b.First != r.Ended.UnixMicro() || b.Last != b.First {
		t.Errorf("%s %d %d", b.Flow, b.First, b.Last)
	}
	for _, c := range []struct {
		edit func(*cdr.Record)
		want bool
	}{
		{func(r *cdr.Record) { r.Ended = r.Ended.Add(-cdr.Span) }, true},
		{func(r *cdr.Record) { r.Ended = r.Ended.Add(cdr.Span) }, true},
		{func(r *cdr.Record) { r.Ended = r.Ended.Add(cdr.Span + time.Millisecond) }, false},
		{func(r *cdr.Record) { r.Ended = r.Ended.Add(-cdr.Span - time.Millisecond) }, false},
		{func(r *cdr.Record) { r.Flow = "push" }, false},
	} {
		other := full()
		c.edit(&other)
		if got := b.Takes(&other); got != c.want {
			t.Errorf("%s %s: %v", other.Flow, other.Ended, got)
		}
	}
	early := full()
	early.Ended = early.Ended.Add(-cdr.Span)
	b.Add(&early)
	if b.Last-b.First != cdr.Span.Microseconds() || b.Takes(&cdr.Record{Flow: r.Flow, Ended: r.Ended.Add(time.Second)}) {
		t.Errorf("%d to %d", b.First, b.Last)
	}
	b.Reset()
	if !b.Takes(&cdr.Record{Flow: "push"}) || len(b.Body) != 0 {
		t.Error("an empty block takes any")
	}
}

// TestBlockMerge: merged blocks have the records of both, in their order, and nothing
// of the memory of the second.
func TestBlockMerge(t *testing.T) {
	at := func(n int, d time.Duration) cdr.Record {
		r := full()
		r.Session, r.Ended = fmt.Sprintf("%016x", n), r.Ended.Add(d)
		return r
	}
	want := []cdr.Record{at(1, time.Second), at(2, 0), at(3, cdr.Span), at(4, 2*time.Second)}
	b, empty := &cdr.Block{}, &cdr.Block{}
	for _, pair := range [][]cdr.Record{want[:2], want[2:]} {
		o := block(t, pair...)
		if !b.Merge(o) || !b.Merge(empty) {
			t.Fatal("not merged")
		}
		clear(o.Body)
		clear(o.Sessions)
	}
	if diff := cmp.Diff(want, read(t, b, cdr.Filter{})); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	together := block(t, want...)
	if b.Flow != together.Flow || b.First != together.First || b.Last != together.Last || !slices.Equal(b.Sessions, together.Sessions) {
		t.Errorf("merged: %s %d %d %x", b.Flow, b.First, b.Last, b.Sessions)
	}
	more := at(5, time.Second)
	b.Add(&more) // behind what is not known here
	if diff := cmp.Diff(append(want, more), read(t, b, cdr.Filter{})); diff != "" {
		t.Errorf("and one more (-want +got):\n%s", diff)
	}
}

// TestBlockMergeBehind: a record that comes behind merged ones is not taken to be like the
// last that was added.
func TestBlockMergeBehind(t *testing.T) {
	own, other := full(), full()
	other.MDN, other.Detail = "5550000009", "another"
	b := block(t, own)
	if !b.Merge(block(t, other)) {
		t.Fatal("not merged")
	}
	b.Add(&own)
	if diff := cmp.Diff([]cdr.Record{own, other, own}, read(t, b, cdr.Filter{})); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// TestBlockInvalid: what no block has is refused.
func TestBlockInvalid(t *testing.T) {
	const head = "02" + "%02x" + "00000000000000ff"
	for name, c := range map[string]struct {
		own  uint32
		rest string
	}{
		"a whole second of nanoseconds": {1 << 25, "00" + "80a8d6b907"},
		"less than none":                {1 << 25, "00" + "01"},
		"65 bits":                       {1 << 25, "ffffffffffffffffff02" + "00"},
		"without end":                   {1 << 25, "ffffffffffffffffffff01" + "00"},
		"a list longer than all":        {1 << 21, "05" + "00"},
		"a text longer than all":        {1 << 2, "05" + "00"},
	} {
		body, err := hex.DecodeString(fmt.Sprintf(head+"%08x"+"%s", 12+len(c.rest)/2, c.own, c.rest))
		if err != nil {
			t.Fatal(err)
		}
		if err := cdr.ReadBlock(body, &cdr.Filter{}, func(r *cdr.Record) error { return fmt.Errorf("%+v", r) }); err == nil || !strings.HasPrefix(err.Error(), "block of records: ") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestBlockMergeNot: what may not be one block is left as it is.
func TestBlockMergeNot(t *testing.T) {
	r := full()
	late, early, other, never := r, r, r, r
	late.Ended, early.Ended = r.Ended.Add(cdr.Span+time.Millisecond), r.Ended.Add(-cdr.Span-time.Millisecond)
	other.Flow, never.Ended = "push", time.Time{}
	long := func(n int) cdr.Record { l := r; l.Detail = string(make([]byte, n)); return l }
	later := block(t, r)
	later.Body[0]++ // what a later build writes
	for name, c := range map[string]struct{ b, o *cdr.Block }{
		"late":            {block(t, r), block(t, late)},
		"early":           {block(t, r), block(t, early)},
		"another flow":    {block(t, r), block(t, other)},
		"without an end":  {block(t, r), block(t, never)},
		"another version": {block(t, r), later},
		"long":            {block(t, r), block(t, long(64<<10))},
		"long together":   {block(t, long(40<<10)), block(t, long(40<<10))},
		"long alone":      {&cdr.Block{}, block(t, long(64<<10))},
	} {
		before := fmt.Sprint(*c.b, *c.o)
		if c.b.Merge(c.o) || fmt.Sprint(*c.b, *c.o) != before {
			t.Errorf("%s: merged", name)
		}
	}
	half := block(t, long(31<<10))
	if !half.Merge(block(t, long(31<<10))) || len(half.Body) < 62<<10 || len(half.Body) > 64<<10 {
		t.Errorf("two that are not long: %d octets", len(half.Body))
	}
}

func TestBlockMergeAllocs(t *testing.T) {
	b, o := block(t, full(), full()), block(t, full())
	if n := testing.AllocsPerRun(100, func() {
		b.Reset()
		for range 2 {
			if !b.Merge(o) {
				t.Fatal("not merged")
			}
		}
	}); n != 0 {
		t.Errorf("%v allocations to merge two blocks", n)
	}
}

func TestBlockTruncated(t *testing.T) {
	b := block(t, full(), full())
	one := len(block(t, full()).Body)
	for n := range b.Body {
		err := cdr.ReadBlock(b.Body[:n], &cdr.Filter{}, func(*cdr.Record) error { return nil })
		if whole := n == 1 || n == one; (err == nil) != whole {
			t.Errorf("%d octets of %d: %v", n, len(b.Body), err)
		}
	}
	b.Body[0]++
	if err := cdr.ReadBlock(b.Body, &cdr.Filter{}, nil); !errors.Is(err, wire.ErrUnsupported) {
		t.Errorf("version %d: %v", b.Body[0], err)
	}
}

// TestBlockKeepsNothing: what was read is not changed with the octets.
func TestBlockKeepsNothing(t *testing.T) {
	b := block(t, full())
	got := read(t, b, cdr.Filter{})
	for i := range b.Body {
		b.Body[i] = 0xA5
	}
	if diff := cmp.Diff([]cdr.Record{full()}, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestBlockAllocs(t *testing.T) {
	r, b := full(), &cdr.Block{}
	b.Add(&r)
	if n := testing.AllocsPerRun(100, func() {
		b.Reset()
		b.Add(&r)
	}); n != 0 {
		t.Errorf("%v allocations to add a record", n)
	}
	// A record that is not the one that is looked for costs nothing.
	f, each := cdr.Filter{Session: "0000000000000001"}, func(*cdr.Record) error { return nil }
	if n := testing.AllocsPerRun(100, func() {
		if err := cdr.ReadBlock(b.Body, &f, each); err != nil {
			t.Fatal(err)
		}
	}); n != 0 {
		t.Errorf("%v allocations to pass over a record", n)
	}
}

func FuzzBlock(f *testing.F) {
	f.Add(block(f, full()).Body)
	f.Add(block(f, relayed(1), relayed(2), relayed(3)).Body)
	f.Add(block(f, full(), cdr.Record{Session: "1", Flow: "otasp", Ended: full().Ended}).Body)
	f.Fuzz(func(t *testing.T, body []byte) {
		var got []cdr.Record
		if err := cdr.ReadBlock(body, &cdr.Filter{}, func(r *cdr.Record) error { got = append(got, *r); return nil }); err != nil || len(got) == 0 {
			return
		}
		b := &cdr.Block{}
		for i := range got {
			b.Add(&got[i])
		}
		if diff := cmp.Diff(fmt.Sprintf("%+v", got), fmt.Sprintf("%+v", read(t, b, cdr.Filter{}))); diff != "" {
			t.Errorf("written again (-first +then):\n%s", diff)
		}
	})
}
