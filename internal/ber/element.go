package ber

import "github.com/otagate/otagate/internal/wire"

// Enter reads the tag and the length of the next element and narrows the
// cursor to its value. End it with c.Leave. A trace shows the pair as one line
// whose name is the tag; a decoder that knows a better name calls Header and
// c.Enter.
func Enter(c *wire.Cursor) (Tag, wire.Level) {
	tag, n := Header(c)
	name := ""
	if c.Trace() != nil { // nobody else sees it: Header has checked the length
		name = tag.String()
	}
	return tag, c.Enter(n, name)
}

// Expect is Enter for an element that must have the given tag.
func Expect(c *wire.Cursor, tag Tag, name string) wire.Level {
	off := c.Off()
	got, n := Header(c)
	if c.Err() == nil && got != tag {
		c.FailAt(off, name, wire.ErrMissing)
	}
	return c.Enter(n, name)
}

// Header reads tag and length without a line in the trace of their own. The
// first lines are for tags of one to three octets and lengths of one, which
// nearly all are; whatever is else, or wrong, is read octet by octet.
func Header(c *wire.Cursor) (Tag, int) {
	if b := c.Ahead(); len(b) >= 2 && b[0]&0x1f != 0x1f && b[1] < 0x80 && int(b[1]) <= len(b)-2 {
		c.Skip(2)
		return Tag(b[0]), int(b[1])
	}
	return header(c)
}

func header(c *wire.Cursor) (Tag, int) {
	if b := c.Ahead(); len(b) >= 4 && b[0]&0x1f == 0x1f {
		switch {
		case b[1] < 0x80 && b[2] < 0x80 && int(b[2]) <= len(b)-3:
			c.Skip(3)
			return Tag(b[0])<<8 | Tag(b[1]), int(b[2])
		case b[1] >= 0x80 && b[2] < 0x80 && b[3] < 0x80 && int(b[3]) <= len(b)-4:
			c.Skip(4)
			return Tag(b[0])<<16 | Tag(b[1])<<8 | Tag(b[2]), int(b[3])
		}
	}
	resume := c.Mute()
	tag := ReadTag(c)
	n := ReadLength(c)
	c.Unmute(resume)
	return tag, n
}

// Next is the tag of the next element without reading it; 0 at the end. It is
// exact for one-octet tags and the first octet of longer ones.
func Next(c *wire.Cursor) Tag {
	v, _ := c.Peek()
	return Tag(v)
}

// Open appends tag and one length octet. Close it when the value is complete.
func Open(dst []byte, tag Tag) ([]byte, int) {
	dst = append(tag.Append(dst), 0)
	return dst, len(dst)
}

// Close sets the length of the element whose value starts at the mark that
// Open returned, moving the value when the length takes more than one octet.
func Close(dst []byte, at int) []byte {
	n := len(dst) - at
	if n < 0x80 {
		dst[at-1] = byte(n)
		return dst
	}
	k := lengthOctets(n)
	for range k {
		dst = append(dst, 0)
	}
	copy(dst[at+k:], dst[at:at+n])
	dst[at-1] = 0x80 | byte(k)
	for i := range k {
		dst[at+i] = byte(n >> (8 * (k - 1 - i)))
	}
	return dst
}

func lengthOctets(n int) int {
	k := 1
	for n > 0xff {
		n >>= 8
		k++
	}
	return k
}

// AppendElement appends a primitive element.
func AppendElement(dst []byte, tag Tag, value []byte) []byte {
	if n := len(value); n < 0x80 {
		return append(append(tag.Append(dst), byte(n)), value...)
	}
	dst, at := Open(dst, tag)
	dst = append(dst, value...)
	return Close(dst, at)
}

// AppendU8 appends an element with a value of one octet.
func AppendU8(dst []byte, tag Tag, v uint8) []byte {
	return append(tag.Append(dst), 1, v)
}
