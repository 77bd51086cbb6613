package sessions

import (
	"fmt"
	"time"

	"github.com/otagate/otagate/sessions/cdr"
)

// Change is everything one step of one session commits: together, or not at
// all. A store borrows it until it has called done.
type Change struct {
	ID     ID
	Key    Key    // the key the session has before this change
	Expect uint64 // the version the session must have; 0 creates it
	NewKey *Key   // the session moves to this key, as from its TRN to its MDN; of no effect with Finish
	State  []byte // the encoded state after the step
	Finish bool   // deletes the session and all its correlations; State is not kept

	// Due is the earliest deadline after the step, zero for none. It is kept
	// to the second and may be left as it is stored with KeepDue.
	Due     time.Time
	KeepDue bool

	DelCorr []Corr // taken away first, so that a step can replace one
	AddCorr []Corr

	OutboxDone []int64  // rows that are settled by this step, first, so that it can replace one; unknown ones are ignored
	Outbox     []Outbox // new rows; Row is given by the store

	CDR       []cdr.Record
	OrderOpen OrderRef // refuses the change with ErrOrderChanged unless this order is there and not done; zero for none
	OrderDone OrderRef // this order is done; one that is unknown or was replaced is not
	Seen      Seen     // refuses the change with ErrDuplicate when it is there already
}

// Seen is an entry that outlives its session: it refuses a second change with
// the same key until it expires.
type Seen struct {
	Key   string // empty for none
	Until time.Time
}

// Validate tells, wrapped as ErrInvalid, why no store can apply c.
func (c *Change) Validate() error {
	switch {
	case c.ID == 0:
		return fmt.Errorf("%w: change without a session id", ErrInvalid)
	case !c.Key.Valid():
		return fmt.Errorf("%w: session %s without a key", ErrInvalid, c.ID)
	case c.NewKey != nil && !c.NewKey.Valid():
		return fmt.Errorf("%w: session %s moves to no key", ErrInvalid, c.ID)
	}
	return nil
}

// FinalKey is the key after the change.
func (c *Change) FinalKey() Key {
	if c.NewKey != nil {
		return *c.NewKey
	}
	return c.Key
}

// Result is a store's answer to one change. Where several causes refuse it,
// the first of these is told: ErrDuplicate, ErrNotFound or ErrConflict,
// ErrKeyTaken, ErrCorrTaken, ErrOrderChanged.
type Result struct {
	Version uint64 // of the session now; on ErrConflict the version found
	First   ID     // on ErrDuplicate, ErrKeyTaken, ErrCorrTaken: the session that was first
	Err     error
}

// Record is one live session as stored.
type Record struct {
	ID      ID
	Key     Key
	Version uint64
	State   []byte
	Due     time.Time // earliest deadline to the second, zero for none
}
