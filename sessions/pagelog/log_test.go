package pagelog_test

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/sessions/cdr"
	"github.com/otagate/otagate/sessions/pagelog"
)

// never keeps the clerk from handing anything over by itself.
const never = time.Hour

func openLog(t testing.TB, dir string, tab pagelog.Tables, o pagelog.Options) *pagelog.Log {
	t.Helper()
	if o.Every == 0 {
		o.Every = never
	}
	l, err := pagelog.Open(t.Context(), dir, tab, o)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func closeLog(t testing.TB, l *pagelog.Log) {
	t.Helper()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
}

// body is the body of a page, which no other page has.
func body(seq int64, size int) []byte {
	b := bytes.Repeat([]byte{byte(seq), byte(seq >> 8), 0xA5}, size/3+1)[:size]
	return b
}

// recordOf is the record of the session with this number.
func recordOf(n int) cdr.Record {
	return cdr.Record{Session: fmt.Sprintf("%016x", n), Flow: "push", Ended: time.Unix(1_772_000_000, 0).UTC(), Outcome: cdr.Done}
}

func blockOf(sessions ...int) cdr.Block {
	var b cdr.Block
	for _, n := range sessions {
		r := recordOf(n)
		b.Add(&r)
	}
	return b
}

func put(t testing.TB, l *pagelog.Log, seq, first int64, size int, records ...int) {
	t.Helper()
	p := sessions.Page{Seq: seq, First: first, Body: body(seq, size)}
	if len(records) > 0 {
		p.Records = []cdr.Block{blockOf(records...)}
	}
	if err := l.AppendPage(&p); err != nil {
		t.Fatalf("page %d: %v", seq, err)
	}
}

func pagesOf(t testing.TB, l *pagelog.Log) (all []sessions.Page) {
	t.Helper()
	if err := l.Pages(t.Context(), func(p sessions.Page) error {
		p.Body, p.Records = bytes.Clone(p.Body), nil
		all = append(all, p)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return all
}

// TestLog: what was appended is found again, records come into the tables once.
func TestLog(t *testing.T) {
	dir, tab := filepath.Join(t.TempDir(), "log"), &tables{}
	var want []sessions.Page
	var records []string
	for seq := int64(1); seq <= 60; {
		l := openLog(t, dir, tab, pagelog.Options{Segment: 64 << 10})
		if diff := cmp.Diff(want, pagesOf(t, l)); diff != "" {
			t.Fatalf("before page %d (-want +got):\n%s", seq, diff)
		}
		for range 20 {
			first := max(1, seq-10)
			put(t, l, seq, first, int(seq)*400, int(seq))
			want = append(want, sessions.Page{Seq: seq, First: first, Body: body(seq, int(seq)*400)})
			if err := l.AppendPage(&sessions.Page{Records: []cdr.Block{blockOf(1000 + int(seq))}}); err != nil {
				t.Fatal(err)
			}
			records = append(records, recordOf(int(seq)).Session, recordOf(1000+int(seq)).Session)
			seq++
		}
		want = want[len(want)-11:]
		var got []string
		if err := l.CDRs(t.Context(), cdr.Filter{}, func(r cdr.Record) error { got = append(got, r.Session); return nil }); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(records, got); diff != "" {
			t.Fatalf("records (-want +got):\n%s", diff)
		}
		closeLog(t, l)
	}
	if diff := cmp.Diff(records, tab.sessions()); diff != "" {
		t.Errorf("records (-want +got):\n%s", diff)
	}
	if files, err := filepath.Glob(filepath.Join(dir, "*.seg")); err != nil || len(files) > 8 {
		t.Errorf("%d segments are left", len(files))
	}
}

// TestClerk: what waits comes to the tables after a while, without anybody asking.
func TestClerk(t *testing.T) {
	tab := &tables{taken: make(chan struct{}, 10)}
	l := openLog(t, t.TempDir(), tab, pagelog.Options{Every: time.Millisecond})
	<-tab.taken // the mark
	put(t, l, 1, 1, 100, 7)
	<-tab.taken
	if diff := cmp.Diff([]string{recordOf(7).Session}, tab.sessions()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if m, err := tab.LogMark(context.Background()); err != nil || m.Taken != 1 || m.Log == 0 {
		t.Errorf("%+v %v", m, err)
	}
	closeLog(t, l)
}
