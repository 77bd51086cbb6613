package sqlite_test

import (
	"context"
	"encoding/binary"
	"errors"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/sessions/cdr"
	"github.com/otagate/otagate/sessions/sqlite"
)

func TestMeasureSessions(t *testing.T) {
	s := openWith(t, filepath.Join(t.TempDir(), "x.db"), sqlite.Options{})
	var rate float64
	var err error
	// On a busy machine a short while may not be enough for one session.
	for d := 200 * time.Millisecond; rate == 0 && err == nil && d < time.Minute; d *= 2 {
		rate, err = sqlite.MeasureSessions(context.Background(), s, 4, d)
	}
	if err != nil || rate <= 0 {
		t.Errorf("%v %v", rate, err)
	}
	n := 0
	if err := s.CDRs(context.Background(), cdr.Filter{Outcome: cdr.Done}, func(cdr.Record) error { n++; return nil }); err != nil || n == 0 {
		t.Errorf("%d records, %v", n, err)
	}
	if left := count(t, s); left != 0 {
		t.Errorf("%d sessions left live", left)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := sqlite.MeasureSessions(context.Background(), s, 2, time.Second); !errors.Is(err, sessions.ErrStore) {
		t.Errorf("a closed store: %v", err)
	}
}

func TestMeasureRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	s := openWith(t, path, sqlite.Options{})
	for i := range 3 {
		if res := apply(s, sessions.Change{ID: sessions.ID(i + 1), Key: key(i), State: []byte("x"), Finish: i == 2}); res.Err != nil {
			t.Fatal(res.Err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if n, err := sqlite.MeasureRead(context.Background(), path); n != 2 || err != nil {
		t.Errorf("%d sessions, %v", n, err)
	}
	if _, err := sqlite.MeasureRead(context.Background(), path+".none/x"); err == nil {
		t.Error("read a file that is not there")
	}
}

// BenchmarkLoad is what a restart waits for, for each live session of 300 octets.
func BenchmarkLoad(b *testing.B) {
	const live = 100_000
	s := openWith(b, filepath.Join(b.TempDir(), "x.db"), sqlite.Options{})
	defer s.Close()
	var wg sync.WaitGroup
	changes := make([]sessions.Change, live)
	for i := range changes {
		state := make([]byte, 300)
		binary.BigEndian.PutUint64(state, uint64(i))
		changes[i] = sessions.Change{ID: sessions.ID(uint64(i)*0x9E3779B97F4A7C15 | 1), Key: key(i), State: state, Due: time.Now()}
		wg.Add(1)
		for {
			busy := false
			s.Apply(&changes[i], func(r sessions.Result) {
				if busy = errors.Is(r.Err, sessions.ErrBusy); !busy {
					wg.Done()
				}
			})
			if !busy || s.Ping(context.Background()) != nil {
				break
			}
		}
	}
	wg.Wait()
	for b.Loop() {
		n := 0
		if err := s.Load(context.Background(), func(sessions.Record) error { n++; return nil }); err != nil || n != live {
			b.Fatalf("%d sessions, %v", n, err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/live, "ns/session")
}
