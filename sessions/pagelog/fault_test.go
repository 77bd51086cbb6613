package pagelog_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/sessions/cdr"
	"github.com/otagate/otagate/sessions/pagelog"
)

// within runs a test of a world in virtual time.
func within(t *testing.T, f func(t *testing.T, w *world)) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		defer w.kill()
		if !w.open() {
			t.Fatal("not opened")
		}
		f(t, w)
	})
}

// next makes the next calls of a kind fail; fates are used up in their order.
func (w *world) next(kind string, fates ...fate) {
	w.disk.mu.Lock()
	defer w.disk.mu.Unlock()
	w.disk.next[kind] = fates
}

func fail(n int) []fate { return make([]fate, n) }

// refused appends a page and expects that it is not taken.
func (w *world) refused(want string) {
	n := len(w.doubt)
	w.append(100, 3, 1)
	if len(w.doubt) != n+1 {
		w.t.Fatalf("it was taken, although: %s", want)
	}
	if w.err == nil || !strings.Contains(w.err.Error(), want) {
		w.t.Fatalf("%v, want %q", w.err, want)
	}
}

// TestNoSpace: while no segment can be made nothing is taken, and afterwards all is.
func TestNoSpace(t *testing.T) {
	within(t, func(t *testing.T, w *world) {
		w.next("make", fail(3)...)
		for range 3 {
			w.refused(errIO.Error())
		}
		w.next("rename", fate{}, fate{applied: true})
		w.refused("making a segment")
		w.refused("making a segment")
		w.next("sync", fate{}, fate{applied: true})
		w.refused("making a segment")
		w.refused("making a segment")
		w.next("make")
		for range 10 {
			w.append(3000, 2, 1)
		}
		if len(w.acked) != 10 {
			t.Errorf("%d pages were taken", len(w.acked))
		}
		w.restart(false, 0)
		w.end()
	})
}

// TestWriteFails: a page that was refused is not in the log, although all of it is on
// the disk, and where a write has failed nothing more is written.
func TestWriteFails(t *testing.T) {
	within(t, func(t *testing.T, w *world) {
		for range 3 {
			w.append(100, 3, 1)
		}
		whole := fate{seen: all, disk: all}
		w.next("write", whole, whole, whole)
		for range 3 {
			w.refused(errIO.Error())
		}
		if s := w.log.Stats(); s.Segments != 1 || s.Octets != worldSegment || s.Frames != 3 {
			t.Errorf("%+v", s)
		}
		w.append(100, 3, 1)
		if s := w.log.Stats(); s.Segments != 2 {
			t.Errorf("%+v", s)
		}
		w.restart(false, 0)
		if !w.open() {
			t.Fatal("not opened")
		}
		w.end()
	})
}

// TestLeftover: a file in which nothing counts stays on the disk. It is gone before the
// segment is that tells so.
func TestLeftover(t *testing.T) {
	for _, names := range []uint64{0, 1<<64 - 1, 0x5555, 0xAAAA} {
		within(t, func(t *testing.T, w *world) {
			for range 2 {
				w.append(8000, 0, 0)
			}
			w.next("write", fate{seen: all, disk: upTo(3)})
			w.next("remove", fate{}, fate{applied: true})
			w.refused(errIO.Error())
			for range 9 {
				w.append(3000, 0, 1)
			}
			w.tick()
			for range 3 {
				w.append(8000, 0, 1)
			}
			w.tick()
			w.tick()
			if s := w.log.Stats(); s.Segments > 2 || s.Err != nil {
				t.Errorf("%+v", s)
			}
			w.restart(false, names)
			w.end()
		})
	}
}

// TestReleaseFails: a segment that could not go goes later, also when it has gone
// although the system has said that it has not.
func TestReleaseFails(t *testing.T) {
	for kind, f := range map[string]fate{"rename": {applied: true}, "sync": {}, "open": {}} {
		within(t, func(t *testing.T, w *world) {
			for w.log.Stats().Segments < 3 {
				w.append(3000, 100, 1)
			}
			w.first = w.pageSeq
			w.next(kind, f, f)
			w.append(100, 0, 1)
			w.tick()
			w.tick()
			if s := w.log.Stats(); s.Segments != 1 || s.Err != nil {
				t.Errorf("%s: %+v", kind, s)
			}
			w.restart(false, 0)
			w.end()
		})
	}
}

var errBusy = errors.New("the tables are busy")

// TestTablesFail: while the tables take nothing, records wait, up to a bound. They are
// offered less and less often, and are all taken in the end.
func TestTablesFail(t *testing.T) {
	within(t, func(t *testing.T, w *world) {
		w.tables.refuse(errBusy)
		w.append(100, 3, 1)
		began := w.tables.count()
		time.Sleep(61 * time.Second) // virtual
		synctest.Wait()
		// After 1, 2, 4 s and then each 5 s.
		if n := w.tables.count() - began; n < 10 || n > 16 {
			t.Errorf("offered %d times in a minute", n)
		}
		err := w.log.CDRs(t.Context(), cdr.Filter{}, func(cdr.Record) error { return nil })
		if !errors.Is(err, errBusy) || !errors.Is(w.log.Stats().Err, errBusy) {
			t.Errorf("%v %v", err, w.log.Stats().Err)
		}
		for w.log.Stats().Waiting <= worldPending {
			w.append(0, 3, 4000)
		}
		w.refused(errBusy.Error())
		w.tables.refuse(nil)
		w.tick()
		if s := w.log.Stats(); s.Waiting != 0 || s.Err != nil {
			t.Errorf("%+v", s)
		}
		w.end()
	})
}

// TestDoubt: what the tables have taken although they said no is not given to them
// again, also when their mark cannot be read at first.
func TestDoubt(t *testing.T) {
	within(t, func(t *testing.T, w *world) {
		w.append(100, 3, 2)
		w.next("take", fate{applied: true})
		w.next("mark", fate{}, fate{})
		w.append(100, 3, 2)
		w.tick()
		w.tick()
		if s := w.log.Stats(); s.Waiting != 0 {
			t.Errorf("%+v", s)
		}
		w.end()
	})
}

// TestClosedInTrouble: what the tables do not take at the end they take at the start.
func TestClosedInTrouble(t *testing.T) {
	within(t, func(t *testing.T, w *world) {
		w.append(100, 3, 1)
		w.tables.refuse(errBusy)
		l := w.log
		if err := l.Close(); !errors.Is(err, errBusy) {
			t.Errorf("closed: %v", err)
		}
		if err := l.Close(); err != nil {
			t.Errorf("closed again: %v", err)
		}
		if err := l.AppendPage(&sessions.Page{Seq: 9, First: 9, Body: []byte{1}}); !errors.Is(err, sessions.ErrStore) {
			t.Errorf("closed, and takes a page: %v", err)
		}
		if err := l.CDRs(t.Context(), cdr.Filter{}, nil); !errors.Is(err, sessions.ErrStore) {
			t.Errorf("closed, and knows that the tables have all: %v", err)
		}
		if w.log = nil; w.open() {
			t.Error("opened, and the tables have not taken the records")
		}
		w.tables.refuse(nil)
		if !w.open() {
			t.Fatal("not opened")
		}
		w.end()
	})
}

// TestTogether: much is handed over at once, in few blocks and in transactions that
// are not too long.
func TestTogether(t *testing.T) {
	within(t, func(t *testing.T, w *world) {
		began := w.tables.count()
		for w.log.Stats().Waiting < 450<<10 {
			w.append(0, 3, 100)
		}
		if w.tables.count() != began {
			t.Error("handed over too early")
		}
		w.append(0, 3, 4000)
		if w.tables.count() != began+1 || w.log.Stats().Waiting != 0 {
			t.Errorf("handed over %d times, %+v", w.tables.count()-began, w.log.Stats())
		}
		if w.tables.blocks > 16 {
			t.Errorf("%d blocks", w.tables.blocks)
		}
		w.tables.refuse(errBusy)
		for w.log.Stats().Waiting < 5<<18 {
			w.append(0, 3, 3000)
		}
		w.tables.refuse(nil)
		w.tick()
		if w.tables.most > 1<<20 || w.tables.most < 1<<19 {
			t.Errorf("%d octets in one transaction", w.tables.most)
		}
		w.end()
	})
}

// TestMuchAtStart: what a process has left for the tables they take in transactions
// that are not too long either.
func TestMuchAtStart(t *testing.T) {
	within(t, func(t *testing.T, w *world) {
		w.tables.refuse(errBusy)
		for w.log.Stats().Waiting < 5<<18 {
			w.append(0, 3, 1500)
		}
		w.restart(true, 0)
		w.tables.refuse(nil)
		began := w.tables.count()
		if !w.open() {
			t.Fatal("not opened")
		}
		if n := w.tables.count() - began; n != 2 || w.tables.most > 1<<20 {
			t.Errorf("%d transactions, of %d octets at most", n, w.tables.most)
		}
		w.end()
	})
}

// TestSpare: the file of the next segment is there before it is needed.
func TestSpare(t *testing.T) {
	within(t, func(t *testing.T, w *world) {
		w.append(100, 3, 0)
		if s := w.log.Stats(); s.Octets != worldSegment {
			t.Errorf("%+v", s)
		}
		w.append(100, 3, 0)
		if s := w.log.Stats(); s.Octets != 2*worldSegment || s.Segments != 1 {
			t.Errorf("%+v", s)
		}
		made := len(w.disk.kinds)
		w.next("make", fail(1)...)
		for range 3 {
			w.append(100, 3, 0)
		}
		if s := w.log.Stats(); s.Segments != 2 || slices.Contains(w.disk.kinds[made:], "make") {
			t.Errorf("%+v after %v", s, w.disk.kinds[made:])
		}
		w.next("make") // nothing fails any more
		w.tick()
		w.end()
	})
}

// TestMeanwhile: records that come while the tables take others are not lost, and who
// asks waits for what it has seen only.
func TestMeanwhile(t *testing.T) {
	within(t, func(t *testing.T, w *world) {
		gate := make(chan struct{})
		w.tables.gate = gate
		w.append(100, 3, 1)
		answered := make(chan error, 1)
		go func() {
			answered <- w.log.CDRs(context.Background(), cdr.Filter{}, func(cdr.Record) error { return nil })
		}()
		synctest.Wait() // the tables have the first
		w.append(100, 3, 1)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := w.log.CDRs(ctx, cdr.Filter{}, nil); !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled: %v", err)
		}
		gate <- struct{}{}
		if err := <-answered; err != nil || len(w.tables.sessions()) != 1 {
			t.Errorf("%v, %v", err, w.tables.sessions())
		}
		close(gate)
		w.end()
	})
}

// TestUnfit: what is no page, or what no frame can hold, is refused, and is no trouble
// afterwards.
func TestUnfit(t *testing.T) {
	within(t, func(t *testing.T, w *world) {
		w.append(100, 3, 1)
		if err := w.log.AppendPage(&sessions.Page{Body: []byte{1}}); !errors.Is(err, sessions.ErrStore) {
			t.Errorf("a page without a number: %v", err)
		}
		long := make([]byte, 200<<20) // nobody looks at it
		err := w.log.AppendPage(&sessions.Page{Seq: 1, First: 1, Body: long, Records: []cdr.Block{{Body: long}}})
		if !errors.Is(err, sessions.ErrStore) {
			t.Errorf("a page of 400 MiB: %v", err)
		}
		w.end()
	})
}

// TestNewLog: a log has a number that is not 0, which the tables know.
func TestNewLog(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tab, n := &tables{}, byte(0)
		l, err := pagelog.OpenIn(t.Context(), newPlatter(), tab, pagelog.Options{Random: func(b []byte) {
			b[7] = n // 0 first
			n++
		}})
		if err != nil {
			t.Fatal(err)
		}
		closeLog(t, l)
		if tab.mark != (pagelog.Mark{Log: 1}) || !slices.Equal(tab.sessions(), nil) {
			t.Errorf("%+v", tab.mark)
		}
	})
}

// TestFilesFail: trouble with files does not keep records from the tables.
func TestFilesFail(t *testing.T) {
	within(t, func(t *testing.T, w *world) {
		for w.log.Stats().Segments < 3 {
			w.append(3000, 100, 0)
		}
		w.first = w.pageSeq
		w.next("rename", fail(1000)...)
		for range 2 {
			w.append(100, 0, 1)
			w.tick()
			if s := w.log.Stats(); s.Waiting != 0 || !errors.Is(s.Err, errIO) || s.Segments < 3 {
				t.Errorf("%+v", s)
			}
		}
		w.next("rename")
		w.tick()
		if s := w.log.Stats(); s.Segments > 2 || s.Err != nil {
			t.Errorf("%+v", s)
		}
		w.end()
	})
}
