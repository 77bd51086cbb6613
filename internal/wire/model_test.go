package wire_test

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/otagate/otagate/internal/wire"
)

const proto = "model"

// op is one instruction of a program of reads: what to do, with how much.
type op struct{ code, n byte }

// The instructions. The numbers are what the fuzz target decodes.
const (
	opU8 byte = iota
	opU16
	opU24
	opU32
	opU64
	opBytes
	opRest
	opPeek
	opCString
	opCount
	opEnter
	opNarrow
	opGroup
	opMute
	opLeave // ends the innermost of the four before
	opBits
	opNote
	opSecret
	opHexadecimal
	opFail
	opAdopt
	opEnd
	opCodes
)

var errAdopted = errors.New("adopted")

// reader is what a program runs on: the cursor, or the model it is held
// against.
type reader interface {
	number(octets int, field string) uint64
	octets(n int, field string) []byte
	rest(field string) []byte
	peek() (uint8, bool)
	cstring(max int, field string) []byte
	count(n, size int, field string) int
	open(code byte, n int, field string)
	leave()
	bits(n int, field string) string
	note(s string)
	secret()
	hexadecimal()
	fail(field string, err error)
	adopt(err error)
	finish() error
	state() string
}

// run executes the program and returns a line for each instruction: what it
// gave and where the reader stands.
func run(r reader, program []op) []string {
	var log []string
	for i, o := range program {
		got := step(r, o, "f"+strconv.Itoa(i))
		log = append(log, fmt.Sprintf("%d %v: %s | %s", i, o, got, r.state()))
	}
	return log
}

func step(r reader, o op, field string) string {
	n := int(o.n)
	switch o.code % opCodes {
	case opU8, opU16, opU24, opU32, opU64:
		return fmt.Sprint(r.number([]int{1, 2, 3, 4, 8}[o.code%opCodes], field))
	case opBytes:
		return fmt.Sprintf("%x", r.octets(n%12-1, field))
	case opRest:
		return fmt.Sprintf("%x", r.rest(field))
	case opPeek:
		return fmt.Sprint(r.peek())
	case opCString:
		return fmt.Sprintf("%q", r.cstring(n%16, field))
	case opCount:
		return fmt.Sprint(r.count(n%32-1, n%5, field))
	case opEnter, opNarrow, opGroup, opMute:
		r.open(o.code%opCodes, n%24-1, field)
	case opLeave:
		r.leave()
	case opBits:
		return r.bits(n%8, field)
	case opNote:
		r.note("note " + field)
	case opSecret:
		r.secret()
	case opHexadecimal: // is meant for numbers
		v := r.number(2, field)
		r.hexadecimal()
		return fmt.Sprint(v)
	case opFail:
		r.fail(field, wire.ErrValue)
	case opAdopt:
		if n%2 == 0 {
			r.adopt(nil)
		} else {
			r.adopt(errAdopted)
		}
	case opEnd:
		return fmt.Sprint(r.finish())
	}
	return ""
}

// cursor runs a program on the real thing.
type cursor struct {
	c       wire.Cursor
	leaving []func()
}

func (r *cursor) number(n int, field string) uint64 {
	switch n {
	case 1:
		return uint64(r.c.U8(field))
	case 2:
		return uint64(r.c.U16(field))
	case 3:
		return uint64(r.c.U24(field))
	case 4:
		return uint64(r.c.U32(field))
	}
	return r.c.U64(field)
}

func (r *cursor) octets(n int, field string) []byte    { return r.unread(r.c.Bytes(n, field)) }
func (r *cursor) rest(field string) []byte             { return r.unread(r.c.Rest(field)) }
func (r *cursor) peek() (uint8, bool)                  { return r.c.Peek() }
func (r *cursor) cstring(max int, field string) []byte { return r.unread(r.c.CString(max, field)) }
func (r *cursor) count(n, size int, field string) int  { return r.c.Count(n, size, field) }
func (r *cursor) note(s string)                        { r.c.Note(s) }
func (r *cursor) secret()                              { r.c.Secret() }
func (r *cursor) hexadecimal()                         { r.c.Hexadecimal() }
func (r *cursor) fail(field string, err error)         { r.c.Fail(field, err) }
func (r *cursor) adopt(err error)                      { r.c.Adopt(err) }
func (r *cursor) finish() error                        { return r.c.End() }

// unread gives itself away when a read that failed gave more than nil.
func (r *cursor) unread(v []byte) []byte {
	if r.c.Err() != nil && v != nil {
		return []byte("not nil")
	}
	return v
}

func (r *cursor) open(code byte, n int, field string) {
	leave := r.c.EndGroup
	switch code {
	case opEnter:
		l := r.c.Enter(n, field)
		leave = func() { r.c.Leave(l) }
	case opNarrow:
		l := r.c.Narrow(n, field)
		leave = func() { r.c.Leave(l) }
	case opGroup:
		r.c.Group(field)
	case opMute:
		tr := r.c.Mute()
		leave = func() { r.c.Unmute(tr) }
	}
	r.leaving = append(r.leaving, leave)
}

func (r *cursor) leave() {
	if i := len(r.leaving) - 1; i >= 0 {
		r.leaving[i]()
		r.leaving = r.leaving[:i]
	}
}

func (r *cursor) bits(n int, field string) string {
	b := r.c.Bits(n, field)
	v := someBits(&b, field)
	r.c.Adopt(b.Err())
	return v
}

func (r *cursor) state() string {
	return fmt.Sprint(r.c.Off(), r.c.Len(), r.c.More(), r.c.Err())
}

// bitReader is what wire.Bits and its model have in common.
type bitReader interface {
	U(n int, field string) uint64
	Flag(field string) bool
	AppendOctets(dst []byte, n int, field string) []byte
	Rest(field string) []byte
	Pad() bool
	End() error
	Len() int
	Off() int
	Err() error
}

// someBits reads a number across octets, an octet that is not aligned, a flag
// and the padding, more than once where there is room.
func someBits(b bitReader, field string) string {
	v := ""
	for ok := true; ok; ok = b.Len() > 24 {
		v += fmt.Sprint(b.U(3, field), b.U(10, field), b.AppendOctets(nil, 1, field), b.Flag(field), b.Pad(), " ")
	}
	return v + fmt.Sprint(b.Off(), b.Len(), b.End())
}
