package sqlite_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/sessions/cdr"
	"github.com/otagate/otagate/sessions/sqlite"
)

func apply(s sessions.Journal, c sessions.Change) sessions.Result {
	got := make(chan sessions.Result, 1)
	s.Apply(&c, func(r sessions.Result) { got <- r })
	return <-got
}

func key(n int) sessions.Key { return sessions.MDNKey(5_550_000_000 + sessions.MDN(n)) }

// TestDiskFull fills the file to its limit, sees that nothing is acknowledged
// any more and nothing acknowledged is lost, and that it goes on by itself
// once there is space.
func TestDiskFull(t *testing.T) {
	path := filepath.Join(t.TempDir(), "full.db")
	s := openWith(t, path, sqlite.Options{Pragmas: []string{"max_page_count(80)"}})
	defer s.Close()
	state := make([]byte, 3000)
	n := 0
	for {
		res := apply(s, sessions.Change{ID: sessions.ID(n + 1), Key: key(n), State: state})
		if res.Err == nil {
			n++
			continue
		}
		if !errors.Is(res.Err, sessions.ErrStore) {
			t.Fatalf("session %d: %v", n, res.Err)
		}
		break
	}
	if n == 0 {
		t.Fatal("full from the beginning")
	}
	if err := s.PutBlob(context.Background(), "b", make([]byte, 100_000)); !errors.Is(err, sessions.ErrStore) {
		t.Errorf("PutBlob: %v", err)
	}
	if got := count(t, s); got != n {
		t.Fatalf("%d sessions, %d were acknowledged", got, n)
	}
	for i := range n / 2 {
		if res := apply(s, sessions.Change{ID: sessions.ID(i + 1), Key: key(i), Expect: 1, Finish: true}); res.Err != nil {
			t.Fatalf("finishing makes space and failed: %v", res.Err)
		}
	}
	if res := apply(s, sessions.Change{ID: 10_000, Key: key(10_000), State: state}); res.Err != nil {
		t.Fatalf("with space again: %v", res.Err)
	}
}

func count(t *testing.T, s *sqlite.Store) int {
	t.Helper()
	n := 0
	if err := s.Load(context.Background(), func(sessions.Record) error { n++; return nil }); err != nil {
		t.Fatal(err)
	}
	return n
}

// TestLockedByOthers holds the file's write lock from outside, as a shell that
// has forgotten its transaction would: the store says so and goes on later.
func TestLockedByOthers(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	s := openWith(t, path, sqlite.Options{Queue: 4, Pragmas: []string{"busy_timeout(20)"}})
	defer s.Close()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	if _, err := db.Exec("BEGIN IMMEDIATE"); err != nil {
		t.Fatal(err)
	}
	if res := apply(s, sessions.Change{ID: 1, Key: key(1)}); !errors.Is(res.Err, sessions.ErrStore) {
		t.Errorf("while locked: %+v", res)
	}
	if _, err := db.Exec("ROLLBACK"); err != nil {
		t.Fatal(err)
	}
	if res := apply(s, sessions.Change{ID: 1, Key: key(1)}); res.Err != nil {
		t.Errorf("after that: %+v", res)
	}
}

// TestQueueFull holds the writer in a done and fills its queue.
func TestQueueFull(t *testing.T) {
	const queue = 4
	s := openWith(t, filepath.Join(t.TempDir(), "x.db"), sqlite.Options{Queue: queue})
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
	if err := s.Ping(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("Ping with an ended context: %v", err)
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
	s := openWith(t, filepath.Join(t.TempDir(), "x.db"), sqlite.Options{Queue: 1})
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
	pinged, closed := make(chan error, 1), make(chan error, 1)
	go func() { pinged <- s.Ping(context.Background()) }()
	go func() { closed <- s.Close() }()
	close(release)
	if err := <-closed; err != nil {
		t.Error(err)
	}
	if err := <-pinged; err != nil && !errors.Is(err, sessions.ErrStore) {
		t.Errorf("Ping: %v", err)
	}
	if res := <-queued; res.Err != nil {
		t.Errorf("queued before: %v", res.Err)
	}
	if res := <-further; res.Err != nil && !errors.Is(res.Err, sessions.ErrStore) && !errors.Is(res.Err, sessions.ErrBusy) {
		t.Errorf("applied in a done: %v", res.Err)
	}
}

// TestOneSessionInOrder queues many steps of one session at once: each has a
// transaction of its own and all come in order.
func TestOneSessionInOrder(t *testing.T) {
	s := openWith(t, filepath.Join(t.TempDir(), "x.db"), sqlite.Options{})
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

// TestPoison has one change in a batch that the engine itself refuses: its
// mates must not fail with it.
func TestPoison(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	if err := openWith(t, path, sqlite.Options{}).Close(); err != nil {
		t.Fatal(err)
	}
	edit(t, path, "CREATE TRIGGER poison BEFORE INSERT ON session WHEN NEW.number = "+
		"5550000003 BEGIN SELECT RAISE(ABORT, 'poison'); END")
	s := openWith(t, path, sqlite.Options{})
	defer s.Close()
	held, release := make(chan struct{}), make(chan struct{})
	s.Apply(&sessions.Change{ID: 1, Key: key(1)}, func(sessions.Result) {
		close(held)
		<-release
	})
	<-held
	var results [3]sessions.Result
	var wg sync.WaitGroup
	for i := range results {
		c := &sessions.Change{ID: sessions.ID(2 + i), Key: key(2 + i)}
		wg.Add(1)
		s.Apply(c, func(r sessions.Result) {
			results[i] = r
			wg.Done()
		})
	}
	close(release)
	wg.Wait()
	if results[0].Err != nil || !errors.Is(results[1].Err, sessions.ErrInvalid) || results[2].Err != nil {
		t.Errorf("%+v", results)
	}
	if got := count(t, s); got != 3 {
		t.Errorf("%d sessions", got)
	}
}

// TestReadersOpen: what reads is open from the beginning. The file is not found
// under its name any more, as nothing is in a process out of descriptors.
func TestReadersOpen(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "here")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	s := openWith(t, filepath.Join(dir, "x.db"), sqlite.Options{})
	defer s.Close()
	if res := apply(s, sessions.Change{ID: 1, Key: key(1), Finish: true, CDR: []cdr.Record{{Session: "1"}}}); res.Err != nil {
		t.Fatal(res.Err)
	}
	if err := os.Rename(dir, dir+"-not"); err != nil {
		t.Fatal(err)
	}
	depth := 0
	var deeper func(cdr.Record) error // each holds a connection while the next reads
	deeper = func(cdr.Record) error {
		if depth++; depth == 4 {
			return nil
		}
		return s.CDRs(context.Background(), cdr.Filter{}, deeper)
	}
	if err := s.CDRs(context.Background(), cdr.Filter{}, deeper); err != nil || depth != 4 {
		t.Errorf("%d at once: %v", depth, err)
	}
}
