package is683

import "github.com/otagate/otagate/internal/wire"

// Fresh is the trailer of a message that Secure Mode may protect:
// 1:FRESH_INCL, then 15:FRESH or 7:reserved. Its zero value is the octet 00,
// "no FRESH".
type Fresh struct {
	Omitted  bool // no trailer at all: handsets older than Secure Mode send and expect none
	Included bool
	Value    uint16 // 15 bits, present when Included
}

func (f *Fresh) read(c *wire.Cursor) {
	*f = Fresh{}
	first, more := c.Peek()
	switch {
	case !more:
		f.Omitted = true
	case first&0x80 != 0:
		r := c.Bits(2, "FRESH")
		f.Included = r.Flag("FRESH_INCL")
		f.Value = uint16(r.U(15, "FRESH"))
		c.Adopt(r.Err())
	default:
		r := c.Bits(1, "FRESH_INCL")
		r.Flag("FRESH_INCL")
		reserved(&r, 7)
		c.Adopt(r.Err())
	}
}

func (f Fresh) append(dst []byte) ([]byte, error) {
	switch {
	case f.Omitted:
		return dst, nil
	case !f.Included:
		return append(dst, 0), nil
	case f.Value > 0x7fff:
		return dst, wire.Unencodable(proto, "FRESH", wire.ErrValue)
	}
	return append(dst, 0x80|byte(f.Value>>8), byte(f.Value)), nil
}

// reserved reads n reserved bits; they are sent as zero and ignored otherwise.
func reserved(r *wire.Bits, n int) {
	if r.U(n, "reserved") != 0 {
		r.Note("not zero")
	}
}
