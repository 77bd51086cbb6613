package push_test

import (
	"testing"
	"time"

	"github.com/otagate/otagate/internal/gateway/push"
)

// TestBindPauses: a centre that takes a bind and ends it at once is not asked
// every half a second for ever; after a bind that stood it is asked soon.
func TestBindPauses(t *testing.T) {
	const soon = time.Second
	got := push.BindPauses(soon, soon, soon, soon, soon, soon, soon, soon, soon, time.Hour)
	if first, ninth, last := got[0], got[8], got[9]; first > soon || ninth < 5*soon || last > soon {
		t.Errorf("pauses %v", got)
	}
}
