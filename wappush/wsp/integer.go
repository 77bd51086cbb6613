package wsp

import (
	"slices"
	"strconv"

	"github.com/otagate/otagate/internal/wire"
)

const proto = "wsp"

// Octets that introduce something (WAP-230 8.4.1.2).
const (
	lengthQuote    = 0x1f // a uintvar follows, which is the length
	textQuote      = 0x7f // in front of text that does not begin like text
	shortInteger   = 0x80 // bit of a number in one octet
	maxShortLength = 30
	maxUintvar     = 5 // octets, of room
)

// note says a number that the trace shows as octets.
func note(c *wire.Cursor, v uint64) {
	if c.Trace() != nil {
		c.Note(strconv.FormatUint(v, 10))
	}
}

// appendInteger appends an integer-value: short when it fits.
func appendInteger(dst []byte, v uint32) []byte {
	if v < 0x80 {
		return append(dst, byte(v)|shortInteger)
	}
	return appendLong(dst, uint64(v))
}

// appendLong appends a long-integer: a count and the octets that matter.
func appendLong(dst []byte, v uint64) []byte {
	n := 1
	for ; v>>(8*n) != 0 && n < 8; n++ {
	}
	dst = append(dst, byte(n))
	for n--; n >= 0; n-- {
		dst = append(dst, byte(v>>(8*n)))
	}
	return dst
}

// readInteger reads an integer-value of 32 bits.
func readInteger(c *wire.Cursor, field string) uint32 {
	o, _ := c.Peek()
	if o >= 0x80 {
		o = c.U8(field)
		c.Hexadecimal()
		return uint32(o &^ shortInteger)
	}
	if o > maxShortLength {
		c.Fail(field, wire.ErrValue)
	}
	n := int(c.U8("length"))
	at := c.Off()
	b := c.Bytes(n, field)
	v, ok := number(b)
	if !ok || n == 0 {
		c.FailAt(at, field, wire.ErrValue)
		return 0
	}
	note(c, uint64(v))
	return v
}

// number is the value of a long-integer's octets, if it has 32 bits.
func number(b []byte) (v uint32, ok bool) {
	for len(b) > 4 && b[0] == 0 {
		b = b[1:]
	}
	for _, o := range b {
		v = v<<8 | uint32(o)
	}
	return v, len(b) <= 4
}

// readLength reads a value-length.
func readLength(c *wire.Cursor, field string) int {
	o := c.U8(field)
	switch {
	case o == lengthQuote:
		c.Note("quote")
		return int(c.Uintvar(field))
	case o > lengthQuote:
		c.FailAt(c.Off()-1, field, wire.ErrValue)
	}
	return int(o)
}

// closeUintvar writes the number of octets behind dst[at], which is reserved
// for it, and makes room where one octet is too few.
func closeUintvar(dst []byte, at int) []byte {
	n := uint32(len(dst) - at - 1)
	if n < 0x80 {
		dst[at] = byte(n)
		return dst
	}
	var room [maxUintvar]byte
	v := wire.AppendUintvar(room[:0], n)
	return slices.Replace(dst, at, at+1, v...)
}

// closeLength is closeUintvar for a value-length.
func closeLength(dst []byte, at int) []byte {
	n := len(dst) - at - 1
	if n <= maxShortLength {
		dst[at] = byte(n)
		return dst
	}
	var room [maxUintvar + 1]byte
	room[0] = lengthQuote
	v := wire.AppendUintvar(room[:1], uint32(n))
	return slices.Replace(dst, at, at+1, v...)
}
