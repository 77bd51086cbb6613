package wire

import "math"

// maxUintvar is how many octets 32 bits take.
const maxUintvar = 5

// AppendUintvar appends v seven bits an octet, most significant first, with the
// high bit on all octets but the last: uintvar of WSP, mb_u_int32 of WBXML.
func AppendUintvar(dst []byte, v uint32) []byte {
	for shift := 7 * (maxUintvar - 1); shift > 0; shift -= 7 {
		if v>>shift != 0 {
			dst = append(dst, byte(v>>shift)|0x80)
		}
	}
	return append(dst, byte(v&0x7f))
}

// Uintvar reads what AppendUintvar writes, also with zeros in front. More than
// five octets are ErrTooLong, more than 32 bits ErrValue.
func (c *Cursor) Uintvar(field string) uint32 {
	if c.off < c.lim && c.b[c.off] < 0x80 {
		c.off++
		return uint32(c.b[c.off-1])
	}
	off := c.Off()
	v, more := uint64(0), true
	for n := 0; more && n < maxUintvar; n++ {
		for _, o := range c.take(1, field) {
			v, more = v<<7|uint64(o&0x7f), o&0x80 != 0
		}
	}
	switch {
	case c.err != nil:
		return 0
	case more:
		c.FailAt(off, field, ErrTooLong)
		return 0
	case v > math.MaxUint32:
		c.FailAt(off, field, ErrValue)
		return 0
	}
	if c.tr != nil {
		c.tr.number(off, c.Off()-off, field, v)
	}
	return uint32(v)
}
