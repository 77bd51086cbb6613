package bench

import (
	"bytes"
	"errors"
	"fmt"
	"sync"

	"github.com/otagate/otagate/internal/bare"
	"github.com/otagate/otagate/smpp"
)

// The peers of relay look into a PDU no further than they have to.

const readSize = 256 << 10

// answerPlain answers what is not a message: binds with our name, all else
// without a body.
func answerPlain(dst []byte, p bare.PDU) []byte {
	switch p.Command() {
	case smpp.CommandBindTransceiver:
		return p.AppendResponse(dst, smpp.StatusOK, "bench\x00")
	case smpp.CommandEnquireLink, smpp.CommandUnbind:
		return p.AppendResponse(dst, smpp.StatusOK, "")
	case smpp.CommandDeliverSM:
		return p.AppendResponse(dst, smpp.StatusOK, "\x00")
	}
	return dst
}

var errNumber = errors.New("bench: a message without its number")

// numberLen is how long the number of a message is: the address it is sent to,
// by which it is told from all others.
const numberLen = 11

// numberAt finds that address in the body of a submit_sm (or the source in that
// of a deliver_sm): behind the service_type, and when it is the destination
// behind the source, as TON, NPI and text.
func numberAt(body []byte, destination bool) (int, error) {
	at := bytes.IndexByte(body, 0) + 3
	if destination {
		n := bytes.IndexByte(body[min(at, len(body)):], 0)
		if n < 0 {
			return 0, errNumber
		}
		at += n + 3
	}
	if at+numberLen >= len(body) || body[at+numberLen] != 0 {
		return 0, errNumber
	}
	return at, nil
}

func putNumber(dst []byte, n int) {
	for i := numberLen - 1; i >= numberLen-numberDigits; i-- {
		dst[i] = byte('0' + n%10)
		n /= 10
	}
}

func readNumber(b []byte) (int, error) {
	n := 0
	for _, c := range b[numberLen-numberDigits : numberLen] {
		if c < '0' || c > '9' {
			return 0, errNumber
		}
		n = n*10 + int(c-'0')
	}
	return n, nil
}

const (
	numberDigits = 7
	mostNumbers  = 1e7
)

// tally is what has become of each message of a round.
type tally struct {
	mu       sync.Mutex
	out      []uint8 // how often each came out
	receipts []uint8 // how often each receipt came back
	outs     int
	told     int
	err      error
}

func newTally() *tally {
	return &tally{out: make([]uint8, mostNumbers), receipts: make([]uint8, mostNumbers)}
}

// reset begins a round, when all that was submitted is over: what comes again
// later is one too many then.
func (t *tally) reset() {
	t.mu.Lock()
	defer t.mu.Unlock()
	clear(t.out)
	clear(t.receipts)
	t.outs, t.told = 0, 0
}

// note is under the lock.
func (t *tally) note(what []uint8, count *int, body []byte, destination bool) (number int, err error) {
	at, err := numberAt(body, destination)
	if err != nil {
		return 0, err
	}
	if number, err = readNumber(body[at:]); err != nil || number >= len(what) {
		return 0, errors.Join(errNumber, err)
	}
	if what[number]++; what[number] > 1 {
		return 0, fmt.Errorf("bench: message %d has come %d times", number, what[number])
	}
	*count++
	return number, nil
}

func (t *tally) fail(err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.err == nil {
		t.err = err
	}
}

func (t *tally) counts() (outs, told int, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.outs, t.told, t.err
}
