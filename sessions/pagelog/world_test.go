package pagelog_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"testing/synctest"
	"time"

	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/sessions/cdr"
	"github.com/otagate/otagate/sessions/pagelog"
)

// world is a log over a platter and tables, and what was promised about it. It
// lives in virtual time, so that the clerk has done what it can after each step.
type world struct {
	t      interface{ Fatalf(string, ...any) }
	disk   *platter
	tables *tables
	log    *pagelog.Log // nil for none

	acked   []commit
	doubt   []commit // answered with an error since the last that was not
	err     error    // of the last append
	hurried bool     // the clerk works while pages are appended
	number  int      // makes bodies and records differ
	pageSeq int64    // of the last acked page
	first   int64    // that it needs; this only grows
}

type commit struct {
	page    sessions.Page
	records []string
}

const (
	worldSegment = 4 * 4096
	worldPending = 3 << 19
)

func newWorld(t interface{ Fatalf(string, ...any) }) *world {
	disk := newPlatter()
	return &world{t: t, disk: disk, tables: &tables{beside: disk}}
}

// open starts a process. It may die of it, then it is false.
func (w *world) open() bool {
	l, err := pagelog.OpenIn(context.Background(), w.disk, w.tables, pagelog.Options{
		Segment: worldSegment, Pending: worldPending, Every: time.Second, Random: func(b []byte) { copy(b, "a random") },
	})
	w.log = nil
	if err != nil {
		if !errors.Is(err, errDead) && !errors.Is(err, errIO) && !errors.Is(err, errBusy) {
			w.t.Fatalf("opening: %v", err)
		}
		return false
	}
	w.log = l
	synctest.Wait()
	pages, err := w.found()
	if err != nil {
		w.kill()
		return false
	}
	w.judge(pages, slices.Sorted(slices.Values(w.tables.sessions())))
	return true
}

// restart ends the process, however it is, and begins another one.
func (w *world) restart(power bool, names uint64) {
	w.kill()
	w.disk.restart(power, names)
}

func (w *world) kill() {
	if w.log == nil {
		return
	}
	w.disk.mu.Lock()
	w.disk.dead = true
	w.disk.mu.Unlock()
	_ = w.log.Close() // only ends the goroutine
	w.log = nil
}

// append appends a page that needs so many before it; of records only, if size < 0.
func (w *world) append(size int, before int64, records int) {
	var c commit
	w.number++
	if size >= 0 {
		seq := w.pageSeq + 1
		c.page = sessions.Page{Seq: seq, First: max(1, w.first, seq-before), Body: body(int64(w.number), size)}
	}
	p := c.page
	for range records {
		w.number++
		p.Records = append(p.Records, blockOf(w.number))
		c.records = append(c.records, recordOf(w.number).Session)
	}
	err := w.log.AppendPage(&p)
	w.err = err
	for i := range p.Records {
		clear(p.Records[i].Body) // it is ours again
	}
	if !w.hurried {
		synctest.Wait()
	}
	switch {
	case err == nil:
		w.promise(c)
	case errors.Is(err, sessions.ErrStore):
		w.doubt = append(w.doubt, c)
	default:
		w.t.Fatalf("appending: %v", err)
	}
}

func (w *world) promise(c commit) {
	w.acked, w.doubt = append(w.acked, c), nil
	if c.page.Body != nil {
		w.pageSeq, w.first = c.page.Seq, c.page.First
	}
}

// judge holds what was found against what was promised.
func (w *world) judge(pages []sessions.Page, records []string) {
	if w.is(w.acked, pages, records) {
		w.doubt = nil
		return
	}
	for _, c := range w.doubt {
		if w.is(append(slices.Clone(w.acked), c), pages, records) {
			w.promise(c)
			return
		}
	}
	w.t.Fatalf("found %d pages and records %v of %d promised commits, %d in doubt", len(pages), records, len(w.acked), len(w.doubt))
}

func (w *world) found() (pages []sessions.Page, err error) {
	err = w.log.Pages(context.Background(), func(p sessions.Page) error {
		p.Body = bytes.Clone(p.Body)
		pages = append(pages, p)
		return nil
	})
	if err != nil && !errors.Is(err, errDead) && !errors.Is(err, errIO) {
		w.t.Fatalf("reading pages: %v", err)
	}
	return pages, err
}

// is tells whether that is what is to be found after these commits.
func (w *world) is(all []commit, pages []sessions.Page, records []string) bool {
	var want []sessions.Page
	var ended []string
	for _, c := range all {
		ended = append(ended, c.records...)
		if c.page.Body != nil {
			want = append(want, c.page)
		}
	}
	if n := len(want); n > 0 {
		first := want[n-1].First
		want = slices.DeleteFunc(want, func(p sessions.Page) bool { return p.Seq < first })
	}
	slices.Sort(ended)
	return slices.Equal(ended, records) && slices.EqualFunc(want, pages, func(a, b sessions.Page) bool {
		return a.Seq == b.Seq && a.First == b.First && bytes.Equal(a.Body, b.Body)
	})
}

// look asks for records: if there is an answer, all are in it.
func (w *world) look() {
	if w.log.CDRs(context.Background(), cdr.Filter{}, func(cdr.Record) error { return nil }) != nil {
		return
	}
	var want []string
	for _, c := range w.acked {
		want = append(want, c.records...)
	}
	if got := slices.Sorted(slices.Values(w.tables.sessions())); !slices.Equal(got, slices.Sorted(slices.Values(want))) {
		w.t.Fatalf("records %v, want %v", got, want)
	}
}

// tick lets the clerk's time come.
func (w *world) tick() {
	time.Sleep(time.Minute) // virtual
	synctest.Wait()
}

// end sees that all is well in the end: after another restart too.
func (w *world) end() {
	if w.log == nil && !w.open() {
		w.t.Fatalf("a process without trouble does not start")
	}
	w.append(100, 3, 1)
	if len(w.doubt) > 0 {
		w.t.Fatalf("a page was not taken, without any trouble")
	}
	w.look()
	if s := w.log.Stats(); s.Waiting != 0 || s.Err != nil {
		w.t.Fatalf("in the end: %+v", s)
	}
	w.restart(false, 0)
	if !w.open() {
		w.t.Fatalf("a process without trouble does not start again")
	}
	w.append(100, 0, 1)
	w.tick()
	if s := w.log.Stats(); s.Segments != 1 || len(w.disk.names) > 1+2 {
		w.t.Fatalf("what nobody needs stays: %+v, %d files", s, len(w.disk.names))
	}
	if err := w.log.Close(); err != nil {
		w.t.Fatalf("closing: %v", err)
	}
	w.log = nil
}

// String tells what happened, for a reader of a failure.
func (p *platter) String() string { return fmt.Sprint(p.kinds) }
