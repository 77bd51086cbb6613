package push_test

import (
	"context"
	"sync/atomic"
	"testing"

	"github.com/otagate/otagate/sessions"
)

// TestClaimsTogether: what waits is claimed together when no rate is configured. A
// claim is a commit, and one for each part would be most of what a part costs.
func TestClaimsTogether(t *testing.T) {
	l := newLab(t)
	w := &watched{keeper: l.openStore()}
	const parts = 8
	var most atomic.Int64
	accepted := make(chan struct{})
	w.claim = func(_ context.Context, claim func(context.Context) ([]sessions.Outbox, error)) ([]sessions.Outbox, error) {
		<-accepted
		rows, err := claim(context.Background())
		most.Store(max(most.Load(), int64(len(rows))))
		return rows, err
	}
	l.run(w)
	for range parts {
		l.mustAccept(subscriber, []byte("x"))
	}
	close(accepted)
	l.until("all to be sent", func() bool { return len(l.centre.submitted()) == parts })
	if n := most.Load(); n < parts-1 {
		t.Errorf("at most %d rows were claimed together", n)
	}
}
