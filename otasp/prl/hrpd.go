package prl

import "github.com/otagate/otagate/internal/wire"

// HRPDSystem identifies an HRPD system by its subnet:
//
//	3:reserved 1:SUBNET_COMMON_INCLUDED 7:SUBNET_LSB_LENGTH SUBNET_LSB [12:SUBNET_COMMON_OFFSET]
type HRPDSystem struct {
	SubnetLSB Subnet `json:"subnet_lsb"`

	// CommonIncluded says that the front part of the subnet stands in the
	// common subnet table, CommonOffset octets from its start.
	CommonIncluded bool   `json:"subnet_common_included,omitempty"`
	CommonOffset   uint16 `json:"subnet_common_offset,omitempty"`
}

// Subnet is Bits bits, the first in the most significant bit of Octets.
type Subnet struct {
	Bits   uint8    `json:"bits"`
	Octets wire.Hex `json:"octets,omitempty"`
}

func (s *Subnet) read(r *wire.Bits, lengthBits int, lengthField, field string) {
	n := int(r.U(lengthBits, lengthField))
	s.Bits = uint8(n)
	s.Octets = r.AppendOctets(nil, n/8, field)
	if n%8 != 0 {
		v := r.U(n%8, field)
		if r.Err() == nil {
			s.Octets = append(s.Octets, byte(v)<<(8-n%8))
		}
	}
	if n == 0 {
		s.Octets = nil
	}
}

func (s *Subnet) append(w *wire.BitAppender, lengthBits int, field string) error {
	n := int(s.Bits)
	if n >= 1<<lengthBits || len(s.Octets) != (n+7)/8 {
		return wire.Unencodable(proto, field, wire.ErrLength)
	}
	if n%8 != 0 && s.Octets[n/8]<<(n%8) != 0 {
		return wire.Unencodable(proto, field, wire.ErrValue)
	}
	w.U(lengthBits, uint64(n))
	w.Octets(s.Octets[:n/8])
	if n%8 != 0 {
		w.U(n%8, uint64(s.Octets[n/8]>>(8-n%8)))
	}
	return nil
}

func (h *HRPDSystem) read(r *wire.Bits) (odd string) {
	odd = reserved(r, 3)
	h.CommonIncluded = r.Flag("SUBNET_COMMON_INCLUDED")
	h.SubnetLSB.read(r, 7, "SUBNET_LSB_LENGTH", "SUBNET_LSB")
	if h.CommonIncluded {
		h.CommonOffset = uint16(r.U(12, "SUBNET_COMMON_OFFSET"))
	}
	return odd
}

func (h *HRPDSystem) append(w *wire.BitAppender) error {
	if h == nil {
		return wire.Unencodable(proto, "SUBNET_LSB", wire.ErrMissing)
	}
	if h.CommonOffset >= 1<<12 || h.CommonOffset != 0 && !h.CommonIncluded {
		return wire.Unencodable(proto, "SUBNET_COMMON_OFFSET", wire.ErrValue)
	}
	w.U(3, 0)
	w.Flag(h.CommonIncluded)
	if err := h.SubnetLSB.append(w, 7, "SUBNET_LSB"); err != nil {
		return err
	}
	if h.CommonIncluded {
		w.U(12, uint64(h.CommonOffset))
	}
	return nil
}
