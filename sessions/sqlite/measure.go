package sqlite

import (
	"context"
	"time"

	"github.com/otagate/otagate/sessions"
)

// MeasureSessions finds how many sessions a second the bare store takes from
// so many workers: each is 1 create, 12 steps and a finish with a record, with
// a state of 300 octets, and waits for the commit of each.
func MeasureSessions(ctx context.Context, store sessions.Store, workers int, d time.Duration) (float64, error) {
	return 0, sessions.ErrStore
}
