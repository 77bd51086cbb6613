package pages_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/sessions/cdr"
	"github.com/otagate/otagate/sessions/pagelog"
	"github.com/otagate/otagate/sessions/pages"
	"github.com/otagate/otagate/sessions/sqlite"
)

func count(t *testing.T, s *pages.Store) (n int) {
	t.Helper()
	if err := s.Load(context.Background(), func(sessions.Record) error { n++; return nil }); err != nil {
		t.Fatal(err)
	}
	return n
}

// TestTablesFull: when the tables have no room for records, messages go on until too many
// wait; then nothing is acknowledged any more, and nothing acknowledged is lost. It goes
// on by itself once there is room.
func TestTablesFull(t *testing.T) {
	path := filepath.Join(t.TempDir(), "full.db")
	tables, err := sqlite.Open(t.Context(), path, sqlite.Options{Pragmas: []string{"max_page_count(120)"}})
	if err != nil {
		t.Fatal(err)
	}
	defer tables.Close()
	log, err := pagelog.Open(t.Context(), path+".messages", tables, pagelog.Options{Pending: 64 << 10})
	if err != nil {
		t.Fatal(err)
	}
	s := openPages(t, log, pages.Options{})
	if err := tables.PutBlob(t.Context(), "b", make([]byte, 200_000)); err != nil {
		t.Fatal(err)
	}
	end := func(n int) error {
		return apply(s, sessions.Change{
			ID: sessions.ID(n + 1), Key: key(n), Finish: true,
			CDR: []cdr.Record{{Session: sessions.ID(n + 1).String(), Detail: strings.Repeat("x", 1000), Outcome: cdr.Done}},
		}).Err
	}
	n := 0
	for ; ; n++ {
		err := end(n)
		if errors.Is(err, sessions.ErrStore) {
			break
		}
		if err != nil || n > 1000 {
			t.Fatalf("session %d: %v", n, err)
		}
	}
	if n < 60 { // of a kilobyte each
		t.Errorf("nothing was acknowledged after %d records", n)
	}
	if err := tables.PutBlob(t.Context(), "b", nil); err != nil { // makes room
		t.Fatal(err)
	}
	acked := map[string]int{}
	if err := s.CDRs(t.Context(), cdr.Filter{}, func(r cdr.Record) error { acked[r.Session]++; return nil }); err != nil {
		t.Fatal(err)
	}
	for i := range n {
		if got := acked[sessions.ID(i+1).String()]; got != 1 {
			t.Errorf("session %d has %d records", i+1, got)
		}
	}
	if err := end(n + 1); err != nil {
		t.Errorf("with room again: %v", err)
	}
	if err := errors.Join(s.Close(), log.Close()); err != nil {
		t.Error(err)
	}
}

// gate is a log that holds what it is given until it is let go.
type gate struct {
	nothing
	given chan int64 // the rows or so of each page that was given
	fail  chan error // one for each page
}

func newGate() *gate { return &gate{given: make(chan int64, 100), fail: make(chan error)} }

func (g *gate) AppendPage(p *sessions.Page) error {
	g.given <- p.Seq
	return <-g.fail
}

// TestSlowLog: what comes while a page is committed goes into the next one, all
// of it together, and what is not committed is seen by nobody.
func TestSlowLog(t *testing.T) {
	g := newGate()
	s := openPages(t, g, pages.Options{})
	defer s.Close()
	var wg sync.WaitGroup
	give := func(id sessions.ID) {
		wg.Add(1)
		s.Apply(&sessions.Change{ID: id, Key: sessions.MessageKey(id)}, func(r sessions.Result) {
			if r.Err != nil {
				t.Errorf("session %s: %v", id, r.Err)
			}
			wg.Done()
		})
	}
	give(1)
	<-g.given
	for id := range sessions.ID(100) {
		give(id + 2)
	}
	looked := make(chan error, 1)
	go func() {
		_, err := s.ByID(context.Background(), 1)
		looked <- err
	}()
	select {
	case err := <-looked:
		t.Errorf("somebody has seen what is not committed: %v", err)
	default:
	}
	g.fail <- nil
	if seq := <-g.given; seq != 2 {
		t.Errorf("page %d", seq)
	}
	g.fail <- nil
	wg.Wait()
	if err := <-looked; err != nil {
		t.Error(err)
	}
	select {
	case seq := <-g.given:
		t.Errorf("one page too many: %d", seq)
	default:
	}
	if got := s.Stats(); got.Pages != 2 || got.Batches != 2 || got.Sessions != 101 {
		t.Errorf("%+v", got)
	}
}

// TestLogFails: who only looks gets an answer although the batch of it failed,
// and that answer does not have what was undone.
func TestLogFails(t *testing.T) {
	g := newGate()
	s := openPages(t, g, pages.Options{})
	defer s.Close()
	results := make(chan sessions.Result, 2)
	done := func(r sessions.Result) { results <- r }
	s.Apply(&sessions.Change{ID: 1, Key: sessions.MessageKey(1)}, done)
	<-g.given
	s.Apply(&sessions.Change{ID: 2, Key: sessions.MessageKey(2), Outbox: []sessions.Outbox{{Dest: "smsc"}}}, done)
	looked := make(chan error, 2)
	go func() {
		_, err := s.ByID(context.Background(), 2)
		looked <- err
		due, err := s.NextDue(context.Background(), "smsc")
		if !due.IsZero() {
			err = errors.Join(err, errors.New("there is a row"))
		}
		looked <- err
	}()
	g.fail <- nil
	<-g.given
	g.fail <- errFlaky
	if r := <-results; r.Err != nil {
		t.Error(r)
	}
	if r := <-results; !errors.Is(r.Err, sessions.ErrStore) || !errors.Is(r.Err, errFlaky) {
		t.Error(r)
	}
	if err := <-looked; !errors.Is(err, sessions.ErrNotFound) {
		t.Errorf("looking for what was undone: %v", err)
	}
	if err := <-looked; err != nil {
		t.Error(err)
	}
}

// TestQueueFull holds the actor in a done and fills its queue.
func TestQueueFull(t *testing.T) {
	const queue = 4
	s := openPages(t, nothing{}, pages.Options{Queue: queue})
	defer s.Close()
	held, release := make(chan struct{}), make(chan struct{})
	s.Apply(&sessions.Change{ID: 1, Key: key(1)}, func(sessions.Result) {
		close(held)
		<-release
	})
	<-held
	var wg sync.WaitGroup
	for i := range queue {
		wg.Add(1)
		s.Apply(&sessions.Change{ID: sessions.ID(10 + i), Key: key(10 + i)}, func(r sessions.Result) {
			if r.Err != nil {
				t.Errorf("queued change %d: %v", i, r.Err)
			}
			wg.Done()
		})
	}
	if res := apply(s, sessions.Change{ID: 99, Key: key(99)}); !errors.Is(res.Err, sessions.ErrBusy) {
		t.Errorf("one too many: %+v", res)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := s.ByID(ctx, 1); !errors.Is(err, context.Canceled) {
		t.Errorf("ByID with an ended context: %v", err)
	}
	close(release)
	wg.Wait()
	if got := count(t, s); got != queue+1 {
		t.Errorf("%d sessions", got)
	}
}

// TestCloseWhileBusy closes a store whose queue is full, with one caller that
// waits for room and a done that applies a further change: all are answered.
func TestCloseWhileBusy(t *testing.T) {
	s := openPages(t, nothing{}, pages.Options{Queue: 1})
	held, release := make(chan struct{}), make(chan struct{})
	further := make(chan sessions.Result, 1)
	s.Apply(&sessions.Change{ID: 1, Key: key(1)}, func(sessions.Result) {
		close(held)
		<-release
		s.Apply(&sessions.Change{ID: 2, Key: key(2)}, func(r sessions.Result) { further <- r })
	})
	<-held
	queued := make(chan sessions.Result, 1)
	s.Apply(&sessions.Change{ID: 3, Key: key(3)}, func(r sessions.Result) { queued <- r })
	looked, closed := make(chan error, 1), make(chan error, 1)
	go func() {
		_, err := s.ByID(context.Background(), 1)
		looked <- err
	}()
	go func() { closed <- s.Close() }()
	close(release)
	if err := <-closed; err != nil {
		t.Error(err)
	}
	if err := <-looked; err != nil && !errors.Is(err, sessions.ErrStore) {
		t.Errorf("ByID: %v", err)
	}
	if res := <-queued; res.Err != nil {
		t.Errorf("queued before: %v", res.Err)
	}
	if res := <-further; res.Err != nil && !errors.Is(res.Err, sessions.ErrStore) && !errors.Is(res.Err, sessions.ErrBusy) {
		t.Errorf("applied in a done: %v", res.Err)
	}
}

// TestOneSessionInOrder queues many steps of one session at once: they may share
// a page, and all come in order.
func TestOneSessionInOrder(t *testing.T) {
	s := openPages(t, nothing{}, pages.Options{})
	defer s.Close()
	const steps = 50
	changes := make([]sessions.Change, steps)
	var wg sync.WaitGroup
	for i := range steps {
		changes[i] = sessions.Change{ID: 1, Key: key(1), Expect: uint64(i), State: fmt.Append(nil, i)}
		wg.Add(1)
		s.Apply(&changes[i], func(r sessions.Result) {
			if r.Err != nil || r.Version != uint64(i+1) {
				t.Errorf("step %d: %+v", i, r)
			}
			wg.Done()
		})
	}
	wg.Wait()
	rec, err := s.ByID(context.Background(), 1)
	if err != nil || rec.Version != steps || string(rec.State) != "49" {
		t.Errorf("%+v %v", rec, err)
	}
}

// TestOrdersRefused: orders are not in pages.
func TestOrdersRefused(t *testing.T) {
	s := openPages(t, nothing{}, pages.Options{})
	defer s.Close()
	for _, c := range []sessions.Change{
		{ID: 1, Key: key(1), OrderOpen: sessions.OrderRef{Name: "o", Revision: 1}},
		{ID: 1, Key: key(1), OrderDone: sessions.OrderRef{Name: "o", Revision: 1}},
	} {
		if res := apply(s, c); !errors.Is(res.Err, sessions.ErrInvalid) {
			t.Errorf("%+v", res)
		}
	}
}

// TestSpace takes many messages their whole way while some stay: neither the log
// nor the file grows beyond what is needed, and what stays is there at the end.
func TestSpace(t *testing.T) {
	const slack, segment, stay, rounds, together = 64 << 10, 256 << 10, 200, 120, 256
	path := filepath.Join(t.TempDir(), "space.db")
	tables := openTables(t, path)
	log, err := pagelog.Open(t.Context(), path+".messages", tables, pagelog.Options{Segment: segment})
	if err != nil {
		t.Fatal(err)
	}
	s := openPages(t, log, pages.Options{Slack: slack})
	state := bytes.Repeat([]byte("s"), 400)
	for i := range sessions.ID(stay) {
		id := i<<32 + 1
		c := sessions.Change{ID: id, Key: sessions.MessageKey(id), State: state, Seen: sessions.Seen{Key: id.String(), Until: time.Now().Add(time.Hour)},
			Outbox: []sessions.Outbox{{Dest: "elsewhere", Dedup: id.String(), Body: state}}}
		if res := apply(s, c); res.Err != nil {
			t.Fatal(res.Err)
		}
	}
	var middle int64
	c := newCourier(s, together)
	for i := range rounds {
		now := time.Now()
		c.create()
		c.apply()
		c.finish(c.claim(now), now)
		c.apply()
		if c.err != nil {
			t.Fatal(c.err)
		}
		// Just before, the messages of the round were needed, too.
		st := s.Stats()
		if most := 5*(st.Live+together*900)/2 + slack; st.Octets > most {
			t.Fatalf("round %d: the log has %d octets, %d are needed", i, st.Octets, st.Live)
		}
		if i == rounds/2 {
			middle = fileSize(t, path)
		}
	}
	const records = rounds / 2 * together * 160
	// The file lags behind the write-ahead log.
	if end := fileSize(t, path); end > middle+records+2<<20 {
		t.Errorf("the file has grown from %d to %d octets, and records are %d", middle, end, records)
	}
	const checkpoint = 4000 * 4120 // pages of the write-ahead log, after which it begins again
	if wal := fileSize(t, path+"-wal"); wal > checkpoint+1<<20 {
		t.Errorf("the write-ahead log has %d octets", wal)
	}
	st := s.Stats()
	n := len(recordsOf(t, s, cdr.Filter{})) // what has waited for the tables until now
	if err := errors.Join(s.Close(), log.Close()); err != nil {
		t.Fatal(err)
	}
	// What is needed, what is in the segment at work, and what is kept to be used again.
	if size := folderSize(t, path+".messages"); size > int64(2*st.Octets)+4*segment {
		t.Errorf("the files of the log have %d octets, its pages %d", size, st.Octets)
	}
	log = openLog(t, tables)
	s = openPages(t, log, pages.Options{})
	if again := s.Stats(); again.Octets != st.Octets || again.Live != st.Live || again.Sessions != stay || again.Rows != stay || again.Seen != stay {
		t.Errorf("%+v, opened again %+v", st, again)
	}
	if err := errors.Join(s.Close(), log.Close(), tables.Close()); err != nil || n != rounds*together {
		t.Errorf("%d records, %v", n, err)
	}
}

// TestSpaceOfRecords: commits that leave a record and nothing else take room in the log, too, which
// goes although a message stays that was there before.
func TestSpaceOfRecords(t *testing.T) {
	const many, segment = 1500, 64 << 10
	path := filepath.Join(t.TempDir(), "space.db")
	tables := openTables(t, path)
	defer tables.Close()
	log, err := pagelog.Open(t.Context(), path+".messages", tables, pagelog.Options{Segment: segment})
	if err != nil {
		t.Fatal(err)
	}
	s := openPages(t, log, pages.Options{Slack: segment})
	stays := sessions.Change{ID: 1 << 40, Key: sessions.MessageKey(1 << 40), State: []byte("stays")}
	if res := apply(s, stays); res.Err != nil {
		t.Fatal(res.Err)
	}
	for id := range sessions.ID(many) {
		res := apply(s, sessions.Change{
			ID: id + 1, Key: sessions.MessageKey(id + 1), Finish: true, CDR: []cdr.Record{{Session: (id + 1).String()}},
		})
		if res.Err != nil {
			t.Fatal(res.Err)
		}
	}
	if got := len(recordsOf(t, s, cdr.Filter{})); got != many {
		t.Errorf("%d records", got)
	}
	if r, err := s.ByID(t.Context(), stays.ID); err != nil || string(r.State) != "stays" {
		t.Errorf("%q, %v", r.State, err)
	}
	if err := errors.Join(s.Close(), log.Close()); err != nil {
		t.Fatal(err)
	}
	if size := folderSize(t, path+".messages"); size > 8*segment {
		t.Errorf("the files of the log have %d octets", size)
	}
}

func folderSize(t *testing.T, path string) (n int64) {
	t.Helper()
	all, err := os.ReadDir(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range all {
		n += fileSize(t, filepath.Join(path, one.Name()))
	}
	return n
}

func fileSize(t *testing.T, path string) int64 {
	t.Helper()
	st, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return st.Size()
}
