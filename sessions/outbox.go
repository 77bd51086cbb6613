package sessions

import "time"

// Outbox is one message to be sent to one destination. It is committed with
// the step that orders it, leased by the sender of its destination, and
// deleted when the peer has answered.
type Outbox struct {
	Row        int64 // given by the store, never used twice
	Dest       string
	Due        time.Time // not sent before; zero is at once
	Validity   time.Time // of no use after; zero is for ever. The sender decides what follows.
	Attempt    int       // how often it has been leased, this time included
	LeaseUntil time.Time // zero when nobody has it
	ID         ID        // the session that ordered it
	Key        Key
	Dedup      string // a second live row with the same text is not inserted; empty for none
	Body       []byte
}

// Expired tells whether the row has no use any more.
func (o *Outbox) Expired(now time.Time) bool {
	return !o.Validity.IsZero() && now.After(o.Validity)
}

// Settlement ends or renews the lease of an outbox row without a session.
type Settlement struct {
	Row int64
	// Retry is when the row is due again; zero deletes it. A time before 1970 puts
	// it in front of those that are due at once.
	Retry time.Time
	// Attempt makes a retry count only while the row has this attempt: the
	// lease may have run out and another sender may have it. 0 is any.
	Attempt int
}
