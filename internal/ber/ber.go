package ber

import (
	"fmt"

	"github.com/otagate/otagate/internal/wire"
)

// Tag is a complete identifier: class, constructed bit and number, as many
// octets as it takes (at most four), most significant first.
type Tag uint32

// String prints the identifier octets, for example "9f8100".
func (t Tag) String() string { return fmt.Sprintf("%02x", uint32(t)) }

// Context is the primitive context-specific tag with the given number,
// which must be below 2^21.
func Context(number uint32) Tag {
	if number < 31 {
		return Tag(0x80 | number)
	}
	t := Tag(0x9f)
	switch {
	case number >= 1<<14:
		t = t<<8 | Tag(0x80|number>>14&0x7f)
		fallthrough
	case number >= 1<<7:
		t = t<<8 | Tag(0x80|number>>7&0x7f)
	}
	return t<<8 | Tag(number&0x7f)
}

// Append appends the identifier octets.
func (t Tag) Append(dst []byte) []byte {
	switch {
	case t > 0xffffff:
		dst = append(dst, byte(t>>24))
		fallthrough
	case t > 0xffff:
		dst = append(dst, byte(t>>16))
		fallthrough
	case t > 0xff:
		dst = append(dst, byte(t>>8))
	}
	return append(dst, byte(t))
}

// ReadTag reads identifier octets.
func ReadTag(c *wire.Cursor) Tag {
	off := c.Off()
	t := Tag(c.U8("tag"))
	if t&0x1f != 0x1f {
		return t
	}
	for range 3 {
		o := c.U8("tag")
		t = t<<8 | Tag(o)
		if o&0x80 == 0 {
			return t
		}
	}
	c.FailAt(off, "tag", wire.ErrLength)
	return t
}

// ReadLength reads a definite length that what is left can satisfy; 0 after
// an error.
func ReadLength(c *wire.Cursor) int {
	off := c.Off()
	n := int(c.U8("length"))
	switch {
	case n < 0x80:
	case n == 0x80:
		c.FailAt(off, "indefinite length", wire.ErrUnsupported)
		return 0
	case n > 0x84:
		c.FailAt(off, "length", wire.ErrLength)
		return 0
	default:
		k := n & 0x7f
		n = 0
		for range k {
			n = n<<8 | int(c.U8("length"))
		}
	}
	if n < 0 || n > c.Len() { // negative: four octets in an int of 32 bits
		c.FailAt(off, "length", wire.ErrLength)
		return 0
	}
	return n
}
