package wire

import "encoding/binary"

// Cursor reads one message from front to back. The zero value reads nothing.
//
// lim is the single limit that the fast path of every read compares with: the
// end of the current nesting level, or slowPath when an error is pending or a
// trace records each read.
type Cursor struct {
	b     []byte
	off   int
	lim   int
	end   int // end of the current nesting level
	base  int // absolute offset of b[0]
	proto string
	err   error
	tr    *Trace
}

// slowPath is below every offset, so that not even an empty read at offset 0
// is within it.
const slowPath = -1

// NewCursor returns a cursor over the whole of b.
func NewCursor(proto string, b []byte) Cursor {
	return Cursor{b: b, lim: len(b), end: len(b), proto: proto}
}

// NewCursorAt is NewCursor for a payload that starts base octets into the
// outermost message, recording into tr when that is not nil.
func NewCursorAt(proto string, b []byte, base int, tr *Trace) Cursor {
	c := Cursor{b: b, lim: len(b), end: len(b), base: base, proto: proto, tr: tr}
	if tr != nil {
		c.lim = slowPath
	}
	return c
}

// Off is the absolute offset of the next octet.
func (c *Cursor) Off() int { return c.base + c.off }

// Len is the number of octets left on the current nesting level; 0 after an error.
func (c *Cursor) Len() int {
	if c.err != nil {
		return 0
	}
	return c.end - c.off
}

// More reports whether there is anything left to read on this level.
func (c *Cursor) More() bool { return c.err == nil && c.off < c.end }

// Err is the first error.
func (c *Cursor) Err() error { return c.err }

// Trace is the trace that records this cursor's reads, or nil. A decoder that
// hands a part to another decoder passes it on.
func (c *Cursor) Trace() *Trace { return c.tr }

// End fails when octets are left over and returns the first error.
func (c *Cursor) End() error {
	if c.err == nil && c.off != c.end {
		c.Fail("end of message", ErrTrailing)
	}
	return c.err
}

// Fail records err for the named field at the present offset, unless an
// earlier error is pending.
func (c *Cursor) Fail(field string, err error) {
	c.FailAt(c.Off(), field, err)
}

// FailAt is Fail with the absolute offset of a field that was read already.
func (c *Cursor) FailAt(off int, field string, err error) {
	if c.err != nil {
		return
	}
	c.err = &Error{Proto: c.proto, Field: field, Offset: off, Err: err}
	c.lim, c.end = slowPath, c.off
}

// Adopt takes over the error of a decoder that read a part of this message.
func (c *Cursor) Adopt(err error) {
	if c.err == nil && err != nil {
		c.err = err
		c.lim, c.end = slowPath, c.off
	}
}

// take is the slow path of all reads: n octets with bounds check.
func (c *Cursor) take(n int, field string) []byte {
	if c.err != nil {
		return nil
	}
	if n < 0 || n > c.end-c.off {
		c.Fail(field, ErrShort)
		return nil
	}
	v := c.b[c.off : c.off+n : c.off+n]
	c.off += n
	return v
}

// U8 reads one octet. This and the next two are written so that the compiler
// inlines at least U8 (check with go build -gcflags=-m).
func (c *Cursor) U8(field string) uint8 {
	if c.off < c.lim {
		c.off++
		return c.b[c.off-1]
	}
	return c.slow8(field)
}

// U16 reads two octets, most significant first, as do all the wider reads.
func (c *Cursor) U16(field string) uint16 {
	i := c.off
	if i+2 > c.lim {
		return c.slow16(field)
	}
	c.off += 2
	return uint16(c.b[i])<<8 | uint16(c.b[i+1])
}

// U24 reads three octets.
func (c *Cursor) U24(field string) uint32 { return uint32(c.slow(3, field)) }

// U32 reads four octets.
func (c *Cursor) U32(field string) uint32 {
	i := c.off
	if i+4 > c.lim {
		return c.slow32(field)
	}
	c.off = i + 4
	return binary.BigEndian.Uint32(c.b[i:])
}

// U64 reads eight octets.
func (c *Cursor) U64(field string) uint64 { return c.slow(8, field) }

//go:noinline
func (c *Cursor) slow8(field string) uint8 { return uint8(c.slow(1, field)) }

//go:noinline
func (c *Cursor) slow16(field string) uint16 { return uint16(c.slow(2, field)) }

//go:noinline
func (c *Cursor) slow32(field string) uint32 { return uint32(c.slow(4, field)) }

func (c *Cursor) slow(n int, field string) uint64 {
	off := c.Off()
	var v uint64
	for _, o := range c.take(n, field) {
		v = v<<8 | uint64(o)
	}
	if c.tr != nil && c.err == nil {
		c.tr.number(off, n, field, v)
	}
	return v
}

// Bytes reads n octets, which alias the message.
func (c *Cursor) Bytes(n int, field string) []byte {
	if i := c.off; n >= 0 && n <= c.lim-i {
		c.off = i + n
		return c.b[i : i+n : i+n]
	}
	off := c.Off()
	v := c.take(n, field)
	if c.tr != nil && c.err == nil {
		c.tr.octets(off, field, v)
	}
	return v
}

// Rest reads what is left on this level.
func (c *Cursor) Rest(field string) []byte { return c.Bytes(c.Len(), field) }

// Peek is the next octet without reading it; ok is false at the end.
func (c *Cursor) Peek() (v uint8, ok bool) {
	if !c.More() {
		return 0, false
	}
	return c.b[c.off], true
}

// Ahead is what is left on this level, for readers of headers that nearly
// always have their shortest form: they look at it, and Skip what they have
// understood. It is empty when an error is pending or a trace records reads.
func (c *Cursor) Ahead() []byte {
	if c.lim < c.off {
		return nil
	}
	return c.b[c.off:c.lim]
}

// Skip passes over n octets of Ahead, and no more than there are.
func (c *Cursor) Skip(n int) {
	if n >= 0 && n <= c.lim-c.off {
		c.off += n
	}
}

// CString reads octets up to and including a NUL and returns them without it.
// max counts the NUL, as the tables of SMPP do. The result aliases the message.
func (c *Cursor) CString(max int, field string) []byte {
	if c.err != nil {
		return nil
	}
	start, stop := c.off, c.end
	if max < stop-start {
		stop = start + max
	}
	s := c.b[start:stop]
	for i, o := range s { // strings are short: a loop beats a call of IndexByte
		if o != 0 {
			continue
		}
		c.off = start + i + 1
		if c.tr != nil {
			c.tr.text(c.base+start, i+1, field, s[:i])
		}
		return s[:i:i]
	}
	if stop-start == max {
		c.Fail(field, ErrTooLong)
	} else {
		c.Fail(field, ErrShort)
	}
	return nil
}

// Count checks that n elements of at least size octets can be left, before
// anybody makes room for them.
func (c *Cursor) Count(n, size int, field string) int {
	if c.err != nil {
		return 0
	}
	if n < 0 || size > 0 && n > (c.end-c.off)/size {
		c.Fail(field, ErrLength)
		return 0
	}
	return n
}

// Level is what Enter hands to Leave.
type Level struct {
	end    int
	headed bool // a heading of the trace is to be closed
}

// Enter narrows the cursor to the next n octets, which belong to the named
// field; Leave widens it again. Reads in between cannot pass the n octets.
func (c *Cursor) Enter(n int, field string) Level {
	l := c.Narrow(n, field)
	if c.tr != nil && c.err == nil {
		c.tr.open(c.Off(), n, field)
		l.headed = true
	}
	return l
}

// Narrow is Enter without a heading in the trace, for a length that was shown
// as a field already.
func (c *Cursor) Narrow(n int, field string) Level {
	l := Level{end: c.end}
	if c.err != nil {
		return l
	}
	if n < 0 || n > c.end-c.off {
		c.Fail(field, ErrLength)
		return l
	}
	c.end = c.off + n
	if c.tr == nil {
		c.lim = c.end
	}
	return l
}

// Leave ends what Enter began; octets left over are an error.
func (c *Cursor) Leave(l Level) {
	if l.headed && c.tr != nil {
		c.tr.close()
	}
	if c.err != nil {
		return
	}
	if c.off != c.end {
		c.Fail("end of field", ErrTrailing)
		return
	}
	c.end = l.end
	if c.tr == nil {
		c.lim = c.end
	}
}

// Group opens a heading in the trace, for parts that have no length of their
// own. After an error nothing comes below it, and it is not shown.
func (c *Cursor) Group(name string) {
	switch {
	case c.tr == nil:
	case c.err == nil:
		c.tr.open(c.Off(), 0, name)
	default:
		c.tr.depth++ // for EndGroup
	}
}

// EndGroup closes the heading.
func (c *Cursor) EndGroup() {
	if c.tr != nil {
		c.tr.close()
	}
}

// Mute stops recording until Unmute, for octets that a heading shows better.
func (c *Cursor) Mute() *Trace {
	tr := c.tr
	if tr != nil {
		c.tr = nil
		if c.err == nil {
			c.lim = c.end
		}
	}
	return tr
}

// Unmute undoes Mute.
func (c *Cursor) Unmute(tr *Trace) {
	if tr != nil {
		c.tr = tr
		c.lim = slowPath
	}
}

// Note adds a remark to the field read last, such as "odd padding". It costs
// nothing without a trace, and does nothing after an error: the field meant was
// not read.
func (c *Cursor) Note(s string) {
	if c.tr != nil && c.err == nil {
		c.tr.note(s)
	}
}

// Secret marks the field read last: a trace that masks shows only its length.
func (c *Cursor) Secret() {
	if c.tr != nil && c.err == nil {
		c.tr.secret()
	}
}

// Stringer is what Say prints.
type Stringer interface{ String() string }

// Say notes the name of a value, such as a status or an operation, beside the
// field read last. v.String is called only when there is a trace.
func Say[T Stringer](c *Cursor, v T) T {
	if c.tr != nil && c.err == nil {
		c.tr.note(v.String())
	}
	return v
}
