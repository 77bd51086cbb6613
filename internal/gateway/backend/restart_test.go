package backend_test

import (
	"context"
	"errors"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/otagate/otagate/internal/gateway/backend"
	"github.com/otagate/otagate/internal/testwait"
	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/sessions/sqlite"
)

func openStore(t *testing.T, file string) *sqlite.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), file, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// commit ends sessions with a report, as a step does.
func commit(t *testing.T, s *sqlite.Store, reports ...*backend.Report) {
	t.Helper()
	for _, r := range reports {
		row, wanted := r.Row(config("http://backend.example/"))
		if !wanted {
			t.Fatal("no row")
		}
		done := make(chan sessions.Result, 1)
		key := sessions.RefusalKey(row.ID)
		s.Apply(&sessions.Change{ID: row.ID, Key: key, Finish: true, Outbox: []sessions.Outbox{row}}, func(r sessions.Result) { done <- r })
		if res := <-done; res.Err != nil {
			t.Fatal(res.Err)
		}
	}
}

// crashed is a store whose process ends before an answer is settled.
type crashed struct {
	*sqlite.Store
	hit chan struct{}
}

func (c crashed) Settle(context.Context, ...sessions.Settlement) error {
	close(c.hit)
	return errors.New("the process has ended")
}

// TestRestart: what was told and not settled comes again after a restart, with the
// same key and in its place, long before its lease is over.
func TestRestart(t *testing.T) {
	came := make(chan string, 10)
	s := serve(t, func(_ http.ResponseWriter, r *http.Request) { came <- r.Header.Get("Idempotency-Key") })
	file := filepath.Join(t.TempDir(), "backend.db")
	store := openStore(t, file)
	commit(t, store, reportOf(1), reportOf(2), reportOf(3))
	before := crashed{store, make(chan struct{})}
	r := start(t, config(s.URL), before, nil, nil)
	<-before.hit
	r.stop()
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}

	store = openStore(t, file)
	r = start(t, config(s.URL), store, nil, nil)
	var got []string
	for range 4 {
		got = append(got, strings.TrimLeft(<-came, "0"))
	}
	waitTold(t, r, 3)
	r.stop()
	if g := strings.Join(got, " "); g != "1 1 2 3" {
		t.Errorf("came %s", g)
	}
	nothingLeft(t, store)
}

// TestOrder goes through a real store: a report that is not taken keeps its place.
func TestOrder(t *testing.T) {
	came := make(chan string, 10)
	answers := make(chan int, 10)
	for _, n := range []int{503, 500, 200, 429, 400, 200, 204} {
		answers <- n
	}
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		came <- r.Header.Get("Idempotency-Key")
		w.WriteHeader(<-answers)
	})
	store := openStore(t, filepath.Join(t.TempDir(), "backend.db"))
	// The clock of one that ended later may have been set back.
	early := reportOf(3)
	early.Ended = ended.Add(-time.Hour)
	commit(t, store, reportOf(1), reportOf(2), early)
	c := config(s.URL)
	c.Pause = time.Millisecond
	r := start(t, c, store, nil, nil)
	var got []string
	for range 6 {
		got = append(got, strings.TrimLeft(<-came, "0"))
	}
	waitTold(t, r, 2)
	commit(t, store, reportOf(4))
	r.Nudge()
	got = append(got, strings.TrimLeft(<-came, "0"))
	waitTold(t, r, 3)
	r.stop()
	if g := strings.Join(got, " "); g != "1 1 1 2 2 3 4" {
		t.Errorf("came %s", g)
	}
	if want := (backend.Stats{Told: 3, Retried: 3, Refused: 1}); r.Stats() != want {
		t.Errorf("counted %+v, want %+v", r.Stats(), want)
	}
	nothingLeft(t, store)
}

// waitTold waits until so many reports are told.
func waitTold(t *testing.T, r *running, n uint64) {
	t.Helper()
	if !testwait.For(time.Minute, func() bool { return r.Stats().Told == n }) {
		t.Fatalf("counted %+v, want %d told", r.Stats(), n)
	}
}

// nothingLeft checks that the outbox is empty, and closes the store.
func nothingLeft(t *testing.T, s *sqlite.Store) {
	t.Helper()
	if at, err := s.NextDue(t.Context(), backend.Dest); err != nil || !at.IsZero() {
		t.Errorf("a row is left: %s, %v", at, err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}
