package sessions

import (
	"context"
	"time"

	"github.com/otagate/otagate/sessions/cdr"
)

// Journal is what the runtime needs of a store.
type Journal interface {
	// Apply queues c and returns. done is called exactly once: after COMMIT
	// returned, or when the change is refused; it may be called before Apply
	// returns, must not block but may call Apply, and c must stay untouched
	// until then.
	Apply(c *Change, done func(Result))
	// Load gives every live session to each. The record's State is only
	// valid during the call.
	Load(ctx context.Context, each func(Record) error) error
}

// Finder looks at committed sessions. A session that is not there is ErrNotFound.
type Finder interface {
	ByID(ctx context.Context, id ID) (Record, error)
	ByKey(ctx context.Context, key Key) (Record, error)
	ByCorr(ctx context.Context, corr Corr) (Record, error)
}

// Postbox is what a sender needs of a store.
type Postbox interface {
	// Claim leases up to n due rows of dest, earliest first. Until now+lease
	// nobody else gets them; after that they are due again.
	Claim(ctx context.Context, dest string, now time.Time, n int, lease time.Duration) ([]Outbox, error)
	// Settle deletes rows or makes them due again.
	Settle(ctx context.Context, rows ...Settlement) error
	// NextDue is when the next row of dest can be claimed, zero for never.
	NextDue(ctx context.Context, dest string) (time.Time, error)
}

// Recall is what a sender needs beside a Postbox when its peer keeps what it is
// sent: to know what an earlier process may have sent, and to take back what
// nobody has sent yet.
type Recall interface {
	// Orphans leases, for lease from now, all rows of dest that are leased. It
	// is for the start of the only sender of dest: somebody who has ended had them.
	Orphans(ctx context.Context, dest string, now time.Time, lease time.Duration) ([]Outbox, error)
	// Withdraw deletes the row with this Dedup unless it is leased. gone tells
	// that there is no such row any more.
	Withdraw(ctx context.Context, dedup string) (gone bool, err error)
}

// Orders keeps provisioning orders.
type Orders interface {
	// PutOrders inserts the orders, or replaces those of the same name, all or none.
	PutOrders(ctx context.Context, orders []Order) error
	FindOrder(ctx context.Context, q OrderQuery) (Order, error)
}

// Blobs keeps named octets, such as roaming lists.
type Blobs interface {
	PutBlob(ctx context.Context, name string, data []byte) error
	Blob(ctx context.Context, name string) ([]byte, error)
}

// Store is all that a store offers; each consumer takes the part it needs.
// A method with a context returns after COMMIT. Its context ends the waiting,
// not what has been queued.
type Store interface {
	Journal
	Finder
	Postbox
	Recall
	Orders
	Blobs
	// CDRs gives the records that match f to each, oldest first.
	CDRs(ctx context.Context, f cdr.Filter, each func(cdr.Record) error) error
	// Ping makes one durable round trip through the writer.
	Ping(ctx context.Context) error
	Close() error
}
