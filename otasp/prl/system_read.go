package prl

import (
	"fmt"

	"github.com/otagate/otagate/internal/wire"
)

func (s *SystemRecord) readClassic(r *wire.Bits, acq int) {
	s.SID = uint16(r.U(15, "SID"))
	s.readNID(r)
	s.readUse(r, acq, false)
	if s.Preferred {
		s.readRoamInd(r)
	}
}

// readNID reads NID_INCL and the NID of a classic record, where they follow
// each other.
func (s *SystemRecord) readNID(r *wire.Bits) {
	s.NIDIncl = say(r, NIDIncl(r.U(2, "NID_INCL")))
	if s.NIDIncl == NIDGiven {
		s.NID = uint16(r.U(16, "NID"))
	}
}

// readUse reads PREF_NEG to ACQ_INDEX; acq is NUM_ACQ_RECS. PRI is always there
// in an extended list.
func (s *SystemRecord) readUse(r *wire.Bits, acq int, extended bool) {
	s.Preferred = r.Flag("PREF_NEG")
	r.Note(prefNeg(s.Preferred))
	s.SameGeo = r.Flag("GEO")
	if extended || s.Preferred {
		s.Pri = r.Flag("PRI")
	}
	s.AcqIndex = uint16(r.U(9, "ACQ_INDEX"))
	indexNote(r, s.AcqIndex, acq)
}

func (s *SystemRecord) readRoamInd(r *wire.Bits) {
	s.RoamInd = uint8(r.U(8, "ROAM_IND"))
	if name := RoamIndName(s.RoamInd); name != "" && r.Err() == nil {
		r.Note(name)
	}
}

// readExtended reads a record by its own length, which is right even where the
// content is not what we know. It returns what was odd, or "".
func (s *SystemRecord) readExtended(c *wire.Cursor, acq int) (odd string) {
	o, _ := c.Peek()
	n := int(o >> 3)
	if c.Err() == nil && 8*n < systemFixed {
		c.Fail("SYS_RECORD_LENGTH", wire.ErrLength)
		return ""
	}
	r := c.Bits(n, "SYS_RECORD_LENGTH")
	r.U(5, "SYS_RECORD_LENGTH")
	s.Type = say(&r, SystemType(r.U(4, "SYS_RECORD_TYPE")))
	s.readUse(&r, acq, true)
	if s.Type.named() {
		odd = s.readKnown(&r)
	} else {
		s.Extra = append(s.Extra, byte(r.U(3, "extra")))
		s.Extra = r.AppendOctets(s.Extra, r.Len()/8, "extra")
	}
	c.Adopt(r.Err())
	return odd
}

func (s *SystemRecord) readKnown(r *wire.Bits) (odd string) {
	switch s.Type {
	case System1x:
		odd = reserved(r, 1)
		s.NIDIncl = say(r, NIDIncl(r.U(2, "NID_INCL")))
		s.SID = uint16(r.U(15, "SID"))
		if s.NIDIncl == NIDGiven {
			s.NID = uint16(r.U(16, "NID"))
		}
	case SystemHRPD:
		s.HRPD = new(HRPDSystem)
		odd = s.HRPD.read(r)
	case SystemPLMN:
		s.PLMN = new(PLMNSystem)
		odd = s.PLMN.read(r)
	}
	if s.Preferred {
		s.readRoamInd(r)
	}
	if r.Flag("ASSOCIATION_INC") {
		s.Association = &Association{
			Tag:  uint8(r.U(8, "ASSOCIATION_TAG")),
			PN:   r.Flag("PN_ASSOCIATION"),
			Data: r.Flag("DATA_ASSOCIATION"),
		}
	}
	if r.Pad() {
		odd = "padding of a record is not zero"
	}
	if r.Len() > 0 {
		s.Extra = r.AppendOctets(nil, r.Len()/8, "extra")
	}
	return odd
}

func reserved(r *wire.Bits, n int) (odd string) {
	if r.U(n, "reserved") == 0 {
		return ""
	}
	r.Note("not zero")
	return "reserved bits of a record are not zero"
}

// indexNote is the remark on an ACQ_INDEX that points behind the table. The
// octets are readable all the same, so it is for Validate to refuse the list.
func indexNote(r *wire.Bits, index uint16, n int) {
	if r.Trace() != nil && r.Err() == nil && int(index) >= n {
		r.Note(fmt.Sprintf("there are %d acquisition records", n))
	}
}
