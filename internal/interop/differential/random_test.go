package differential

import (
	"encoding/binary"
	"math/rand/v2"
)

// source draws what messages are made of.
type source struct{ *rand.Rand }

// drawn is the source of one message of a batch: a message is the same whatever
// was drawn before it.
func drawn(seed uint64, i int) source { return source{rand.New(rand.NewPCG(seed, uint64(i)))} }

// one in n times.
func (s source) one(n int) bool { return s.IntN(n) == 0 }

func (s source) u8() uint8   { return uint8(s.Uint32()) }
func (s source) u16() uint16 { return uint16(s.Uint32()) }

// octets are min to max octets of at least the value low.
func (s source) octets(low, min, max int) []byte {
	b := make([]byte, min+s.IntN(max-min+1))
	for i := range b {
		b[i] = byte(low + s.IntN(256-low))
	}
	return b
}

func pick[T any](s source, from ...T) T { return from[s.IntN(len(from))] }

// noLength says that messages carry no length of their own.
const noLength = -4

// mutate breaks b in one to three places. Mostly it puts the length of the
// message right afterwards, which stands at octet at, so that what comes behind
// it is looked at.
func (s source) mutate(b []byte, at int) []byte {
	b = append([]byte{}, b...)
	for range 1 + s.IntN(3) {
		if len(b) < max(at+4, 1) {
			break
		}
		i := s.IntN(len(b))
		switch s.IntN(9) {
		case 0, 1:
			b[i] ^= 1 << s.IntN(8)
		case 2:
			b[i] = pick(s, 0, 1, 0x7f, 0x80, 0xff, s.u8())
		case 3:
			b = b[:i]
		case 4:
			n := min(i+1+s.IntN(8), len(b))
			b = append(b[:i], b[n:]...)
		case 5:
			b = append(b[:i:i], append(s.octets(0, 1, 8), b[i:]...)...)
		case 6:
			n := min(i+1+s.IntN(20), len(b))
			b = append(b[:n:n], b[i:]...)
		case 7:
			if i+2 <= len(b) {
				binary.BigEndian.PutUint16(b[i:], pick(s, 0, 1, 3, 4, 5, 7, 8, 0x7fff, 0x8000, 0xffff, s.u16()))
			}
		case 8:
			b = append(b, s.octets(0, 1, 6)...)
		}
	}
	if at >= 0 && len(b) >= at+4 && !s.one(5) {
		binary.BigEndian.PutUint32(b[at:], uint32(len(b)))
	}
	return b
}
