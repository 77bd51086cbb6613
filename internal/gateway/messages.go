package gateway

import (
	"context"
	"io"
	"time"

	"github.com/otagate/otagate/internal/gateway/push"
	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/sessions/disk"
	"github.com/otagate/otagate/sessions/pages"
)

// messages is where messages on their way are kept, with what their doors have
// to tell of them.
type messages interface {
	push.Store
	io.Closer
}

// keepMessages opens what keeps the messages of a gateway: a log beside the tables, or,
// over a store that is no file, the store itself.
func keepMessages(ctx context.Context, store sessions.Store, now func() time.Time) (messages, error) {
	tables, is := store.(disk.Tables)
	if !is {
		return store, nil
	}
	return disk.OpenMessages(ctx, tables, pages.Options{Now: now})
}
