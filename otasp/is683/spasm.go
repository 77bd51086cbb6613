package is683

import "github.com/otagate/otagate/internal/wire"

// SPASM is the data of Validate SPASM, the network's signature over the
// handset's challenge RAND_OTAPA, and whether the active NAM is to be protected.
//
//	1:AUTH_OTAPA_INCL=0 1:NAM_LOCK_STATE 6:reserved                    one octet
//	1:AUTH_OTAPA_INCL=1 18:AUTH_OTAPA 1:NAM_LOCK_STATE 4:reserved      three octets
type SPASM struct {
	AuthOTAPAIncluded bool
	AuthOTAPA         uint32 // 18 bits, present when AuthOTAPAIncluded
	NAMLock           bool
}

// Append appends the block's data to dst.
func (s *SPASM) Append(dst []byte) ([]byte, error) {
	p := newPacker(dst)
	p.flag(s.AuthOTAPAIncluded)
	if s.AuthOTAPAIncluded {
		p.u(18, uint64(s.AuthOTAPA), "AUTH_OTAPA")
	}
	p.flag(s.NAMLock)
	return p.end()
}

// Decode fills s from b, the data of one block.
func (s *SPASM) Decode(b []byte) error {
	r := wire.NewBits(proto, b, 0, nil)
	s.read(&r)
	return r.End()
}

func (s *SPASM) read(r *wire.Bits) {
	*s = SPASM{AuthOTAPAIncluded: r.Flag("AUTH_OTAPA_INCL")}
	if s.AuthOTAPAIncluded {
		s.AuthOTAPA = uint32(r.U(18, "AUTH_OTAPA"))
		s.NAMLock = r.Flag("NAM_LOCK_STATE")
		reserved(r, 4)
		return
	}
	s.NAMLock = r.Flag("NAM_LOCK_STATE")
	reserved(r, 6)
}
