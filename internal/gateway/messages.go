package gateway

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/otagate/otagate/internal/gateway/push"
	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/sessions/pages"
)

// messages is where messages on their way are kept, with what their doors have
// to tell of them.
type messages interface {
	push.Store
	io.Closer
}

// tables is a log whose file may hold messages of a build that had no log.
type tables interface {
	pages.Log
	MessagesInTables(ctx context.Context) (int, error)
}

// keepMessages opens what keeps the messages of a gateway: pages in the same file,
// or, over a store that has no log for them, the store itself.
func keepMessages(ctx context.Context, store sessions.Store, now func() time.Time) (messages, error) {
	log, is := store.(tables)
	if !is {
		return store, nil
	}
	n, err := log.MessagesInTables(ctx)
	if err != nil {
		return nil, err
	}
	if n > 0 {
		return nil, fmt.Errorf("the store has %d messages, parts and results of an earlier build, which this one does not send:"+
			" start that build without triggers of push until it has sent them, or begin with another store", n)
	}
	return pages.Open(ctx, log, pages.Options{Now: now})
}
