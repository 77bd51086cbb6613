package is683

import (
	"math/bits"

	"github.com/otagate/otagate/internal/wire"
)

// packer packs fields most significant bit first and keeps the first value
// that does not fit its field.
type packer struct {
	w   wire.BitAppender
	err error
}

func newPacker(dst []byte) packer { return packer{w: wire.AppendBits(dst)} }

func (p *packer) u(n int, v uint64, field string) {
	if bits.Len64(v) > n && p.err == nil {
		p.err = wire.Unencodable(proto, field, wire.ErrValue)
	}
	p.w.U(n, v)
}

func (p *packer) flag(v bool) { p.w.Flag(v) }

// counted appends n bits of length and the octets.
func (p *packer) counted(n int, b []byte, field string) {
	if bits.Len(uint(len(b))) > n && p.err == nil {
		p.err = wire.Unencodable(proto, field, wire.ErrTooLong)
	}
	p.w.U(n, uint64(len(b)))
	p.w.Octets(b)
}

// count appends the number of elements of a list.
func (p *packer) count(n, v int, field string) {
	if bits.Len(uint(v)) > n && p.err == nil {
		p.err = wire.Unencodable(proto, field, wire.ErrTooLong)
	}
	p.w.U(n, uint64(v))
}

func (p *packer) adopt(err error) {
	if p.err == nil {
		p.err = err
	}
}

// end pads to whole octets.
func (p *packer) end() ([]byte, error) { return p.w.Pad(), p.err }
