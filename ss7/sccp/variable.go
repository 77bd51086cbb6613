package sccp

import (
	"github.com/otagate/otagate/internal/wire"
)

// variable is the part of a message behind its fixed part: the pointers and
// what they point to.
type variable struct {
	variant         Variant
	called, calling *Address
	data            *[]byte
	optional        *Optional // nil in UDT and UDTS
}

var partNames = [4]string{"called party address", "calling party address", "data", "optional part"}

var pointerNames = [4]string{
	"pointer to called party address", "pointer to calling party address",
	"pointer to data", "pointer to optional part",
}

// read follows the pointers in the order of what they point to. Nothing may
// overlap; octets that nobody points to are passed over.
func (v *variable) read(c *wire.Cursor) {
	n := 3
	if v.optional != nil {
		n = 4
		v.optional.reset()
	}
	var pointer, target [4]int
	for i := range n {
		pointer[i] = c.Off()
		d := int(c.U8(pointerNames[i]))
		target[i] = pointer[i] + d
		if d == 0 {
			target[i] = -1
			if i != 3 {
				c.FailAt(pointer[i], pointerNames[i], wire.ErrMissing)
			}
		}
	}
	ordered := inOrder(&target)
	for i := range n {
		if !ordered {
			i = next(&target, n)
		}
		if c.Err() != nil || i < 0 || target[i] < 0 {
			return
		}
		gap := target[i] - c.Off()
		if gap < 0 || gap > c.Len() {
			c.FailAt(pointer[i], pointerNames[i], wire.ErrValue)
			return
		}
		if gap > 0 {
			c.Bytes(gap, "unused octets")
			c.Note("no pointer leads here")
		}
		target[i] = -1
		v.readPart(c, i)
	}
}

// inOrder reports whether the parts stand in the order of their pointers, as
// they nearly always do. The fourth may be absent.
func inOrder(target *[4]int) bool {
	return target[0] <= target[1] && target[1] <= target[2] && (target[3] <= 0 || target[2] <= target[3])
}

// next is the part that comes first on the wire of those left, -1 when none is.
func next(target *[4]int, n int) int {
	best := -1
	for i := range n {
		if target[i] >= 0 && (best < 0 || target[i] < target[best]) {
			best = i
		}
	}
	return best
}

func (v *variable) readPart(c *wire.Cursor, i int) {
	if i == 3 {
		v.optional.read(c)
		return
	}
	n := int(c.U8(lengthNames[i]))
	if i == 2 {
		if *v.data = c.Bytes(n, partNames[i]); len(*v.data) == 0 {
			*v.data = nil
		}
		return
	}
	l := c.Enter(n, partNames[i])
	a := v.called
	if i == 1 {
		a = v.calling
	}
	a.read(c, v.variant)
	c.Leave(l)
}

var lengthNames = [3]string{"length of called party address", "length of calling party address", "length of data"}

// append writes the pointers and the parts in the order of the pointers.
func (v *variable) append(dst []byte) ([]byte, error) {
	at := len(dst)
	n := 3
	if v.optional != nil {
		n = 4
	}
	dst = append(dst, 0, 0, 0, 0)[:at+n]
	var err error
	for i, a := range [2]*Address{v.called, v.calling} {
		if v.variant == ITU && a.Variant != ITU {
			return dst, wire.Unencodable(proto, partNames[i], wire.ErrUnsupported)
		}
		dst[at+i] = byte(len(dst) - at - i)
		length := len(dst)
		if dst, err = a.Append(append(dst, 0)); err != nil {
			return dst, err
		}
		// The pointer behind this part has to reach over both addresses.
		if err = wire.PatchU8(dst, length, proto, partNames[i]); err != nil {
			return dst, err
		}
		if len(dst)-at > 0xff {
			return dst, wire.Unencodable(proto, pointerNames[i+1], wire.ErrTooLong)
		}
	}
	if len(*v.data) > 0xff {
		return dst, wire.Unencodable(proto, "data", wire.ErrTooLong)
	}
	dst[at+2] = byte(len(dst) - at - 2)
	dst = append(append(dst, byte(len(*v.data))), *v.data...)
	if v.optional == nil || v.optional.empty() {
		return dst, nil
	}
	if len(dst)-at-3 > 0xff {
		return dst, wire.Unencodable(proto, pointerNames[3], wire.ErrTooLong)
	}
	dst[at+3] = byte(len(dst) - at - 3)
	return v.optional.append(dst)
}
