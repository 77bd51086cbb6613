package push_test

import (
	"testing"
	"time"

	"github.com/otagate/otagate/internal/gateway/push"
)

// TestBindPauses: a centre that takes a bind and ends it at once is not asked
// every half a second for ever; after a bind that stood it is asked soon.
func TestBindPauses(t *testing.T) {
	const short = time.Second
	got := push.BindPauses(short, short, short, short, short, short, short, short, short, time.Hour)
	if first, ninth, last := got[0], got[8], got[9]; first > short || ninth < 5*short || last > short {
		t.Errorf("pauses %v", got)
	}
}
