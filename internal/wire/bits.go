package wire

// Bits reads fields that are packed most significant bit first, such as the
// parameter blocks of IS-683. It keeps the first error like a Cursor.
type Bits struct {
	b     []byte
	pos   int // in bits
	base  int
	proto string
	err   error
	tr    *Trace
}

// NewBits reads the bits of b, which starts base octets into the outermost
// message; tr may be nil.
func NewBits(proto string, b []byte, base int, tr *Trace) Bits {
	return Bits{b: b, base: base, proto: proto, tr: tr}
}

// Bits reads n octets of the cursor as packed bits. The octets are taken from
// the cursor at once; hand the bit reader's error back with Adopt.
func (c *Cursor) Bits(n int, field string) Bits {
	off := c.Off()
	v := c.take(n, field)
	return Bits{b: v, base: off, proto: c.proto, tr: c.tr, err: c.err}
}

// Len is the number of bits left; 0 after an error.
func (r *Bits) Len() int {
	if r.err != nil {
		return 0
	}
	return 8*len(r.b) - r.pos
}

// Off is the absolute offset of the octet that holds the next bit.
func (r *Bits) Off() int { return r.base + r.pos/8 }

// Err is the first error.
func (r *Bits) Err() error { return r.err }

// Trace is the trace that records the reads, or nil.
func (r *Bits) Trace() *Trace { return r.tr }

// Fail records err for the named field at the present offset.
func (r *Bits) Fail(field string, err error) {
	if r.err == nil {
		r.err = &Error{Proto: r.proto, Field: field, Offset: r.Off(), Err: err}
	}
}

// U reads an unsigned number of n bits, n at most 64.
func (r *Bits) U(n int, field string) uint64 {
	start := r.pos
	v, ok := r.read(n, field)
	if ok && r.tr != nil {
		r.tr.bits(r.base, start, n, field, v)
	}
	return v
}

func (r *Bits) read(n int, field string) (uint64, bool) {
	if r.err != nil {
		return 0, false
	}
	if n < 0 || n > 64 || n > 8*len(r.b)-r.pos {
		r.Fail(field, ErrShort)
		return 0, false
	}
	var v uint64
	for n > 0 {
		have := 8 - r.pos%8
		take := min(have, n)
		o := uint64(r.b[r.pos/8]) >> (have - take) & (1<<take - 1)
		v = v<<take | o
		r.pos += take
		n -= take
	}
	return v, true
}

// Flag reads one bit.
func (r *Bits) Flag(field string) bool { return r.U(1, field) != 0 }

// AppendOctets reads n octets that need not be aligned, appending them to dst.
func (r *Bits) AppendOctets(dst []byte, n int, field string) []byte {
	if r.err != nil {
		return dst
	}
	if n < 0 || n > (8*len(r.b)-r.pos)/8 {
		r.Fail(field, ErrShort)
		return dst
	}
	start, from := r.pos, len(dst)
	for range n {
		v, _ := r.read(8, field)
		dst = append(dst, byte(v))
	}
	if r.tr != nil {
		r.tr.octets(r.base+start/8, field, dst[from:])
	}
	return dst
}

// Pad reads the bits up to the next octet boundary. They should be zero; odd
// padding is noted in the trace and reported, never refused.
func (r *Bits) Pad() (odd bool) {
	n := (8 - r.pos%8) % 8
	if n == 0 || r.err != nil {
		return false
	}
	start := r.pos
	v, _ := r.read(n, "padding")
	if v != 0 && r.tr != nil {
		r.tr.bits(r.base, start, n, "padding", v)
		r.tr.note("not zero")
	}
	return v != 0
}

// Rest reads the bits that are left as octets; there must be whole octets.
// The result aliases the message.
func (r *Bits) Rest(field string) []byte {
	if r.err != nil {
		return nil
	}
	if r.pos%8 != 0 {
		r.Fail(field, ErrLength)
		return nil
	}
	v := r.b[r.pos/8 : len(r.b) : len(r.b)]
	if r.tr != nil && len(v) > 0 {
		r.tr.octets(r.Off(), field, v)
	}
	r.pos = 8 * len(r.b)
	return v
}

// End reads padding of less than one octet and fails when more is left.
func (r *Bits) End() error {
	r.Pad()
	if r.Len() > 0 {
		r.Fail("end of block", ErrTrailing)
	}
	return r.err
}

// Note adds a remark to the field read last.
func (r *Bits) Note(s string) {
	if r.tr != nil && r.err == nil {
		r.tr.note(s)
	}
}

// SayBits is Say for fields of bits.
func SayBits[T Stringer](r *Bits, v T) T {
	if r.tr != nil && r.err == nil {
		r.tr.note(v.String())
	}
	return v
}

// Hexadecimal rewrites the value of the field read last in hexadecimal.
func (r *Bits) Hexadecimal() {
	if r.tr != nil && r.err == nil {
		r.tr.hexadecimal()
	}
}

// Secret marks the field read last.
func (r *Bits) Secret() {
	if r.tr != nil && r.err == nil {
		r.tr.secret()
	}
}

// BitAppender packs bits behind what is in dst already, which must end on an
// octet boundary.
type BitAppender struct {
	dst  []byte
	free int // bits free in the last octet
}

// AppendBits starts packing after dst.
func AppendBits(dst []byte) BitAppender { return BitAppender{dst: dst} }

// U appends the n low bits of v.
func (w *BitAppender) U(n int, v uint64) {
	for n > 0 {
		if w.free == 0 {
			w.dst = append(w.dst, 0)
			w.free = 8
		}
		take := min(w.free, n)
		o := byte(v>>(n-take)) & (1<<take - 1)
		w.dst[len(w.dst)-1] |= o << (w.free - take)
		w.free -= take
		n -= take
	}
}

// Flag appends one bit.
func (w *BitAppender) Flag(v bool) {
	if v {
		w.U(1, 1)
	} else {
		w.U(1, 0)
	}
}

// Octets appends whole octets at the present bit position.
func (w *BitAppender) Octets(b []byte) {
	if w.free == 0 {
		w.dst = append(w.dst, b...)
		return
	}
	for _, o := range b {
		w.U(8, uint64(o))
	}
}

// Pad fills the last octet with zero bits and returns the result.
func (w *BitAppender) Pad() []byte {
	w.free = 0
	return w.dst
}
