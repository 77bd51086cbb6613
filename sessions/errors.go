package sessions

import "errors"

// What a store or the runtime answers. All are found with errors.Is.
var (
	// ErrKeyTaken: a live session has this MDN or TRN. Result.First names it.
	ErrKeyTaken = errors.New("sessions: another live session has this number")
	// ErrCorrTaken: a live session has this correlation. Result.First names it.
	ErrCorrTaken = errors.New("sessions: another live session has this correlation")
	// ErrOrderChanged: the order that was found is done, or another one has its name.
	ErrOrderChanged = errors.New("sessions: the order is done or was replaced")
	// ErrDuplicate: the Seen entry is there already. Result.First names the first session.
	ErrDuplicate = errors.New("sessions: this was seen before")
	// ErrConflict: the session has another version than expected. Result.Version is the one found.
	ErrConflict = errors.New("sessions: the session has changed meanwhile")
	// ErrStore wraps trouble of the engine: disk full, closed, read-only.
	// Nothing of the change is visible and it may be tried again.
	ErrStore = errors.New("sessions: the store failed")
	// ErrNotFound: no such live session, order or blob.
	ErrNotFound = errors.New("sessions: not found")
	// ErrBusy: a bounded queue is full. Nothing was done and it may be tried again.
	ErrBusy = errors.New("sessions: too busy")
	// ErrInvalid: the change can never be applied, whatever the store holds.
	ErrInvalid = errors.New("sessions: invalid")
	// ErrStopped: the runtime has ended.
	ErrStopped = errors.New("sessions: the runtime has stopped")
)
