package sms

import (
	"errors"
	"fmt"
	"strconv"
)

// Way is how a link carries a message that is longer than one short message.
type Way uint8

// The ways: see the package's documentation.
const (
	UDH8 Way = iota
	UDH16
	SAR
	Payload
	WDP
)

var wayNames = [...]string{"UDH8", "UDH16", "SAR", "payload", "WDP"}

func (w Way) String() string {
	if int(w) < len(wayNames) {
		return wayNames[w]
	}
	return "way " + strconv.Itoa(int(w))
}

// Limits are those of a link, and of the handset behind it.
type Limits struct {
	// Octets of user data of one short message, header included: 0 is 140, and
	// 120 for WDP, where the room is not the same everywhere.
	Octets int
	// Segments is the most that are taken, and at most 255, which is 0, too. For
	// Payload it is compared with what a service centre of GSM will make of the
	// message; there 0 is no limit.
	Segments int
}

// Defaults and bounds.
const (
	gsmOctets   = 140
	wdpOctets   = 120
	mostNumber  = 255   // of segments, in every way
	mostPayload = 65535 // octets of a TLV
)

func (l Limits) octets(w Way) int {
	switch {
	case l.Octets > 0:
		return l.Octets
	case w == WDP:
		return wdpOctets
	}
	return gsmOctets
}

func (l Limits) segments() int {
	if l.Segments <= 0 || l.Segments > mostNumber {
		return mostNumber
	}
	return l.Segments
}

// What can be wrong with a message for a way.
var (
	ErrCoding  = errors.New("the way does not carry this coding")
	ErrPayload = errors.New("the payload is not of this coding")
	ErrRoom    = errors.New("no room for a single character")
	ErrWay     = errors.New("no such way")
)

// TooLongError says that a message needs more segments than are taken.
type TooLongError struct {
	Segments, Limit int
}

func (e *TooLongError) Error() string {
	return fmt.Sprintf("%d segments, at most %d", e.Segments, e.Limit)
}
