package bench

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"sync"

	"github.com/otagate/otagate/smpp"
)

// The peers of relay are bare: they look into a PDU no further than they have
// to, and answer all PDUs of one read with one write.

const framesSize = 256 << 10

// frames cuts a connection into PDUs.
type frames struct {
	nc  net.Conn
	buf []byte
	w   int
}

func newFrames(nc net.Conn) *frames { return &frames{nc: nc, buf: make([]byte, framesSize)} }

var errFrame = errors.New("bench: a PDU of a length that cannot be")

// read reads once and gives each the PDUs that are whole, which it must not keep.
func (f *frames) read(each func(pdu []byte) error) error {
	n, err := f.nc.Read(f.buf[f.w:])
	if err != nil {
		return err
	}
	f.w += n
	r := 0
	for f.w-r >= smpp.HeaderLen {
		size := int(binary.BigEndian.Uint32(f.buf[r:]))
		if size < smpp.HeaderLen || size > len(f.buf) {
			return errFrame
		}
		if f.w-r < size {
			break
		}
		if err := each(f.buf[r : r+size]); err != nil {
			return err
		}
		r += size
	}
	f.w = copy(f.buf, f.buf[r:f.w])
	return nil
}

func commandOf(pdu []byte) smpp.CommandID { return smpp.CommandID(binary.BigEndian.Uint32(pdu[4:])) }

const responseBit smpp.CommandID = 1 << 31

// appendAnswer appends an answer to pdu with status 0 and this body.
func appendAnswer(dst, pdu []byte, body string) []byte {
	dst = append(dst, 0, 0, 0, byte(smpp.HeaderLen+len(body)), 0x80|pdu[4], pdu[5], pdu[6], pdu[7], 0, 0, 0, 0)
	return append(append(dst, pdu[12:16]...), body...)
}

// answerPlain answers what is not a message: binds with our name, all else
// without a body.
func answerPlain(dst, pdu []byte) []byte {
	switch commandOf(pdu) {
	case smpp.CommandBindTransceiver:
		return appendAnswer(dst, pdu, "bench\x00")
	case smpp.CommandEnquireLink, smpp.CommandUnbind:
		return appendAnswer(dst, pdu, "")
	case smpp.CommandDeliverSM:
		return appendAnswer(dst, pdu, "\x00")
	}
	return dst
}

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
			return 0, errFrame
		}
		at += n + 3
	}
	if at+numberLen >= len(body) || body[at+numberLen] != 0 {
		return 0, errFrame
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
			return 0, errFrame
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
		return 0, errors.Join(errFrame, err)
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
