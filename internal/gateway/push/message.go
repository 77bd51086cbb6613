package push

import (
	"errors"
	"fmt"
	"time"

	"github.com/otagate/otagate/internal/sms"
	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/smpp"
)

// Message is what a door has to deliver.
type Message struct {
	ID      sessions.ID // zero: one that no message has
	To      sessions.MDN
	MIN     string // of the subscriber, ten digits, when it is known
	Content sms.Message
	Relay   *Relay // instead of To and Content: it goes on as it came

	NotBefore time.Time     // zero is at once
	Deadline  time.Time     // of no use after; zero is the configured validity
	Priority  uint8         // 0 to 3, as SMPP has it
	Link      string        // empty lets the routes say
	Origin    Origin        // who hears of the end
	Seen      sessions.Seen // refuses a second message with the same key
}

// Origin is who gave a message. Its Data is the door's own, and is given back to it.
type Origin struct {
	Door    string // name of the door
	Account string
	Source  string // what the record says of it
	Corr    string // the initiator's own reference
	Data    []byte
}

// The refusals of a message. A door says them in its own words; see also
// [*sms.TooLongError].
var (
	ErrNoRoute  = errors.New("no route leads to this number")
	ErrValidity = errors.New("its time is over before it begins")
	ErrNoMIN    = errors.New("the MIN of the subscriber is not known")
	ErrContent  = errors.New("the signalling network takes texts of ASCII only, each one short message")
)

// RefusedError is the refusal of a route.
type RefusedError struct {
	Route  string
	Status smpp.Status
}

func (e *RefusedError) Error() string {
	return fmt.Sprintf("route %s refuses it: %s", e.Route, e.Status)
}
func (e *RefusedError) Unwrap() error { return ErrNoRoute }

// noLink: a message names a link that is not there. The name is not said: it may
// be anything, and the error goes into logs and records.
type noLink struct{}

func (noLink) Error() string { return "there is no link of that name" }
func (noLink) Unwrap() error { return ErrNoRoute }
