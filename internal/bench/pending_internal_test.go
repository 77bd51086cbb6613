package bench

import (
	"errors"
	"path/filepath"
	"testing"
	"unsafe"

	"github.com/otagate/otagate/sessions"
)

// TestPendingModel: a session is found by its token, before and after a
// restart, until it ends.
func TestPendingModel(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pending.db")
	b := &pendingBench{open: openPendingModel, path: path, n: 3}
	var err error
	if b.host, err = b.open(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	if err := b.fill(t.Context()); err != nil {
		t.Fatal(err)
	}
	m := b.host.(*pendingModel)
	if err := m.rt.Post(pendingID(2), pendingEvent{kind: pendingEnd}); err != nil {
		t.Fatal(err)
	}
	for m.rt.Stats().Finished == 0 {
		if _, err := newPendingCaller(m).call(pendingToken(0)); err != nil {
			t.Fatal(err)
		}
	}
	b.n = 2
	for range 2 {
		if err := b.recovered(t.Context()); err != nil {
			t.Error(err)
		}
		if s := b.host.stats(); s.Resting != 2 {
			t.Errorf("%+v", s)
		}
		for n := range 2 {
			if took, err := newPendingCaller(b.host).call(pendingToken(n)); err != nil || took <= 0 {
				t.Errorf("session %d: %s, %v", n, took, err)
			}
		}
		if err := b.host.close(); err != nil {
			t.Fatal(err)
		}
		if b.host, err = b.open(t.Context(), path); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := newPendingCaller(b.host).call(pendingToken(2)); !errors.Is(err, sessions.ErrNotFound) {
		t.Errorf("the session that has ended: %v", err)
	}
	if err := b.host.close(); err != nil {
		t.Error(err)
	}
}

// TestPendingState holds the model's state to the sizes it stands for.
func TestPendingState(t *testing.T) {
	f := &pendingFlow{known: &tokens{ids: make(map[token]sessions.ID)}}
	want := pending{id: 7, token: pendingToken(7), until: 9}
	want.octets[3] = 5
	b, err := f.AppendState(nil, want)
	if err != nil || len(b) != pendingState || unsafe.Sizeof(want) != pendingRoom {
		t.Errorf("%d octets, %d in memory, %v", len(b), unsafe.Sizeof(want), err)
	}
	if got, err := f.DecodeState(b); err != nil || got != want {
		t.Errorf("%+v, %v", got, err)
	}
	if id, ok := f.known.find(want.token); !ok || id != 7 {
		t.Errorf("its token leads to %s", id)
	}
	for n := range b {
		if _, err := f.DecodeState(b[:n]); err == nil {
			t.Errorf("decoded %d octets of it", n)
		}
	}
}
