package is683

import (
	"slices"

	"github.com/otagate/otagate/internal/wire"
)

// Access is the part of a NAM that says when the handset registers and takes
// calls.
//
//	4:ACCOLC 1:LOCAL_CONTROL 1:MOB_TERM_HOME 1:MOB_TERM_FOR_SID 1:MOB_TERM_FOR_NID
type Access struct {
	ACCOLC        uint8 // access overload class, 4 bits
	LocalControl  bool
	MobTermHome   bool
	MobTermForSID bool
	MobTermForNID bool
}

func (a *Access) unpack(r *wire.Bits) {
	a.ACCOLC = uint8(r.U(4, "ACCOLC"))
	a.LocalControl = r.Flag("LOCAL_CONTROL")
	a.MobTermHome = r.Flag("MOB_TERM_HOME")
	a.MobTermForSID = r.Flag("MOB_TERM_FOR_SID")
	a.MobTermForNID = r.Flag("MOB_TERM_FOR_NID")
}

func (a *Access) pack(p *packer) {
	p.u(4, uint64(a.ACCOLC), "ACCOLC")
	p.flag(a.LocalControl)
	p.flag(a.MobTermHome)
	p.flag(a.MobTermForSID)
	p.flag(a.MobTermForNID)
}

// SIDNID is a pair of system and network that the handset is at home in,
// {15:SID 16:NID}. NID 65535 is any network of the system.
type SIDNID struct {
	SID uint16 // 15 bits
	NID uint16
}

func readPairs(r *wire.Bits, dst []SIDNID, field string) []SIDNID {
	n := int(r.U(8, field))
	if n*31 > r.Len() {
		r.Fail(field, wire.ErrLength)
		return dst[:0]
	}
	dst = slices.Grow(dst[:0], n)
	for range n {
		sid := uint16(r.U(15, "SID"))
		dst = append(dst, SIDNID{sid, uint16(r.U(16, "NID"))})
	}
	return dst
}

func packPairs(p *packer, pairs []SIDNID, field string) {
	p.count(8, len(pairs), field)
	for _, s := range pairs {
		p.u(15, uint64(s.SID), "SID")
		p.u(16, uint64(s.NID), "NID")
	}
}

// CDMANAM is block CDMA NAM of a Download Request, for handsets without
// analog mode. SIDNIDs stand highest priority first and must not be more than
// the handset said it can hold.
//
//	IMSI_M, access, 8:N_SID_NID {15:SID 16:NID}xN
type CDMANAM struct {
	IMSIM IMSIM
	Access
	SIDNIDs []SIDNID
}

// Append appends the block's data to dst.
func (n *CDMANAM) Append(dst []byte) ([]byte, error) {
	p := newPacker(dst)
	n.IMSIM.pack(&p, &imsiMFields)
	n.Access.pack(&p)
	packPairs(&p, n.SIDNIDs, "N_SID_NID")
	return p.end()
}

// Decode fills n from b, the data of one block.
func (n *CDMANAM) Decode(b []byte) error {
	r := wire.NewBits(proto, b, 0, nil)
	n.read(&r)
	return r.End()
}

func (n *CDMANAM) read(r *wire.Bits) {
	n.IMSIM.unpack(r, &imsiMFields)
	n.Access.unpack(r)
	n.SIDNIDs = readPairs(r, n.SIDNIDs, "N_SID_NID")
}

// CDMANAMResponse is the same block in a Configuration Response.
//
//	2:reserved 1:SLOTTED_MODE 5:reserved 8:MOB_P_REV IMSI_M, access,
//	8:MAX_SID_NID 8:STORED_SID_NID {15:SID 16:NID}xN
type CDMANAMResponse struct {
	SlottedMode bool
	MobPRev     uint8
	IMSIM       IMSIM
	Access
	MaxSIDNID    uint8
	StoredSIDNID []SIDNID
}

// Append appends the block's data to dst.
func (n *CDMANAMResponse) Append(dst []byte) ([]byte, error) {
	p := newPacker(dst)
	p.u(2, 0, "reserved")
	p.flag(n.SlottedMode)
	p.u(5, 0, "reserved")
	p.u(8, uint64(n.MobPRev), "MOB_P_REV")
	n.IMSIM.pack(&p, &imsiMFields)
	n.Access.pack(&p)
	p.u(8, uint64(n.MaxSIDNID), "MAX_SID_NID")
	packPairs(&p, n.StoredSIDNID, "STORED_SID_NID")
	return p.end()
}

// Decode fills n from b, the data of one block.
func (n *CDMANAMResponse) Decode(b []byte) error {
	r := wire.NewBits(proto, b, 0, nil)
	n.read(&r)
	return r.End()
}

func (n *CDMANAMResponse) read(r *wire.Bits) {
	reserved(r, 2)
	n.SlottedMode = r.Flag("SLOTTED_MODE")
	reserved(r, 5)
	n.MobPRev = uint8(r.U(8, "MOB_P_REV"))
	n.IMSIM.unpack(r, &imsiMFields)
	n.Access.unpack(r)
	n.MaxSIDNID = uint8(r.U(8, "MAX_SID_NID"))
	n.StoredSIDNID = readPairs(r, n.StoredSIDNID, "STORED_SID_NID")
}
