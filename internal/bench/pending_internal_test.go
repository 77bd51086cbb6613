package bench

import (
	"errors"
	"path/filepath"
	"testing"

	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/sessions/sqlite"
)

// TestPendingGateway: a session of the gateway is found by its token and rests,
// before and after a restart, and a restart writes nothing.
func TestPendingGateway(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pending.db")
	b := &pendingBench{path: path, n: 3}
	var err error
	if b.host, err = openPendingGateway(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	if err := b.fill(t.Context()); err != nil {
		t.Fatal(err)
	}
	for start := range 2 {
		if err := b.recovered(t.Context()); err != nil {
			t.Error(err)
		}
		if s := b.host.stats(); s.Resting != 3 || start == 1 && s.Commits != 0 {
			t.Errorf("%+v", s)
		}
		for n := range 3 {
			if took, err := newPendingCaller(b.host).call(pendingToken(n)); err != nil || took <= 0 {
				t.Errorf("session %d: %s, %v", n, took, err)
			}
		}
		if err := b.host.call(pendingToken(3), func() {}); !errors.Is(err, sessions.ErrNotFound) {
			t.Errorf("a token of nobody: %v", err)
		}
		b.host.bell.performed.Store(nil)
		if err := b.host.close(); err != nil {
			t.Fatal(err)
		}
		if start == 0 {
			if b.host, err = openPendingGateway(t.Context(), path); err != nil {
				t.Fatal(err)
			}
		}
	}
	store, err := sqlite.Open(t.Context(), path, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	err = store.Load(t.Context(), func(r sessions.Record) error {
		if n := len(r.State); n < pendingState*2/3 || n > pendingState*4/3 {
			t.Errorf("a state has %d octets, the ceiling of memory takes %d", n, pendingState)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}
