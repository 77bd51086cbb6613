package storetest

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/otagate/otagate/sessions"
)

const racers = 64

// testKeyRace creates many sessions with one number at once, many times.
func testKeyRace(t *testing.T, open Open) {
	s := fresh(t, open)
	for round := range uint64(20) {
		winners := race(s, sessions.ErrKeyTaken, func(i int) sessions.Change {
			return sessions.Change{ID: sessions.ID(round*racers + uint64(i) + 1), Key: mdn(round)}
		})
		if len(winners) != 1 {
			t.Fatalf("round %d: %d sessions won", round, len(winners))
		}
		rec, err := s.ByKey(context.Background(), mdn(round))
		if err != nil || rec.ID != winners[0] {
			t.Fatalf("round %d: session %s won and %s is there (%v)", round, winners[0], rec.ID, err)
		}
	}
}

// testVersionRace steps one session from many goroutines with one version.
func testVersionRace(t *testing.T, open Open) {
	s := fresh(t, open)
	must(t, s, sessions.Change{ID: 1, Key: mdn(1)})
	for round := range uint64(20) {
		winners := race(s, sessions.ErrConflict, func(int) sessions.Change {
			return sessions.Change{ID: 1, Key: mdn(1), Expect: round + 1}
		})
		if len(winners) != 1 {
			t.Fatalf("round %d: %d steps won", round, len(winners))
		}
	}
}

// race applies racers changes at once and returns the ids of those that won;
// an answer that is neither yes nor the refusal counts as a second winner.
func race(s sessions.Store, refusal error, change func(i int) sessions.Change) []sessions.ID {
	var mu sync.Mutex
	var winners []sessions.ID
	var wg sync.WaitGroup
	for i := range racers {
		c := change(i)
		wg.Add(1)
		go s.Apply(&c, func(r sessions.Result) {
			defer wg.Done()
			if !errors.Is(r.Err, refusal) {
				mu.Lock()
				winners = append(winners, c.ID)
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	return winners
}

// testClaimRace lets many senders claim from one destination.
func testClaimRace(t *testing.T, open Open) {
	s := fresh(t, open)
	const rows = 200
	c := sessions.Change{ID: 1, Key: mdn(1)}
	for range rows {
		c.Outbox = append(c.Outbox, sessions.Outbox{Dest: "smsc"})
	}
	must(t, s, c)
	var mu sync.Mutex
	claimed := make(map[int64]int)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for {
				got, err := s.Claim(context.Background(), "smsc", time.Now(), 7, time.Hour)
				if err != nil || len(got) == 0 {
					return
				}
				mu.Lock()
				for _, o := range got {
					claimed[o.Row]++
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if len(claimed) != rows {
		t.Errorf("%d rows claimed of %d", len(claimed), rows)
	}
	for row, n := range claimed {
		if n != 1 {
			t.Errorf("row %d claimed %d times", row, n)
		}
	}
}
