package prl

import "github.com/otagate/otagate/internal/wire"

func (s *SystemRecord) check() error {
	switch {
	case s.SID > maxSID:
		return wire.Unencodable(proto, "SID", wire.ErrValue)
	case s.NIDIncl > 3:
		return wire.Unencodable(proto, "NID_INCL", wire.ErrValue)
	case s.NID != 0 && s.NIDIncl != NIDGiven:
		return wire.Unencodable(proto, "NID", wire.ErrUnsupported)
	case s.AcqIndex > maxAcqIndex:
		return wire.Unencodable(proto, "ACQ_INDEX", wire.ErrValue)
	case s.RoamInd != 0 && !s.Preferred:
		return wire.Unencodable(proto, "ROAM_IND", wire.ErrUnsupported)
	}
	return nil
}

func (s *SystemRecord) appendClassic(w *wire.BitAppender) error {
	if err := s.check(); err != nil {
		return err
	}
	if s.Type != System1x || s.Association != nil || len(s.Extra) > 0 {
		return wire.Unencodable(proto, "SYS_RECORD_TYPE", wire.ErrUnsupported)
	}
	if s.Pri && !s.Preferred {
		return wire.Unencodable(proto, "PRI", wire.ErrUnsupported)
	}
	w.U(15, uint64(s.SID))
	w.U(2, uint64(s.NIDIncl))
	if s.NIDIncl == NIDGiven {
		w.U(16, uint64(s.NID))
	}
	w.Flag(s.Preferred)
	w.Flag(s.SameGeo)
	if s.Preferred {
		w.Flag(s.Pri)
	}
	w.U(9, uint64(s.AcqIndex))
	if s.Preferred {
		w.U(8, uint64(s.RoamInd))
	}
	return nil
}

func (s *SystemRecord) appendExtended(dst []byte) ([]byte, error) {
	if err := s.check(); err != nil {
		return dst, err
	}
	if s.Type > 15 {
		return dst, wire.Unencodable(proto, "SYS_RECORD_TYPE", wire.ErrValue)
	}
	at := len(dst)
	w := wire.AppendBits(dst)
	w.U(5, 0) // the length, set at the end
	w.U(4, uint64(s.Type))
	w.Flag(s.Preferred)
	w.Flag(s.SameGeo)
	w.Flag(s.Pri)
	w.U(9, uint64(s.AcqIndex))
	if err := s.appendIdentity(&w); err != nil {
		return dst, err
	}
	dst = w.Pad()
	if s.Type.named() {
		dst = append(dst, s.Extra...)
	}
	n := len(dst) - at
	if n > maxSystemSize {
		return dst, wire.Unencodable(proto, "SYS_RECORD_LENGTH", wire.ErrTooLong)
	}
	dst[at] |= byte(n) << 3
	return dst, nil
}

// appendIdentity appends what follows ACQ_INDEX, up to the padding.
func (s *SystemRecord) appendIdentity(w *wire.BitAppender) error {
	switch s.Type {
	case System1x:
		w.U(1, 0)
		w.U(2, uint64(s.NIDIncl))
		w.U(15, uint64(s.SID))
		if s.NIDIncl == NIDGiven {
			w.U(16, uint64(s.NID))
		}
	case SystemHRPD:
		if err := s.HRPD.append(w); err != nil {
			return err
		}
	case SystemPLMN:
		if err := s.PLMN.append(w); err != nil {
			return err
		}
	default:
		return s.appendOpaque(w)
	}
	if s.Preferred {
		w.U(8, uint64(s.RoamInd))
	}
	w.Flag(s.Association != nil)
	if a := s.Association; a != nil {
		w.U(8, uint64(a.Tag))
		w.Flag(a.PN)
		w.Flag(a.Data)
	}
	return nil
}

func (s *SystemRecord) appendOpaque(w *wire.BitAppender) error {
	if len(s.Extra) == 0 || s.Extra[0] > 7 || s.RoamInd != 0 || s.Association != nil {
		return wire.Unencodable(proto, "extra", wire.ErrValue)
	}
	w.U(3, uint64(s.Extra[0]))
	w.Octets(s.Extra[1:])
	return nil
}
