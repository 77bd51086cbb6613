package is683

import "github.com/otagate/otagate/internal/wire"

// CDMAAnalogNAM is block CDMA/Analog NAM of a Download Request, for dual-mode
// handsets.
//
//	11:FIRSTCHP 15:HOME_SID 1:EX IMSI_M, access, 8:N_SID_NID {15:SID 16:NID}xN
type CDMAAnalogNAM struct {
	FirstCHP uint16 // 11 bits
	HomeSID  uint16 // 15 bits
	EX       bool
	IMSIM    IMSIM
	Access
	SIDNIDs []SIDNID
}

// Append appends the block's data to dst.
func (n *CDMAAnalogNAM) Append(dst []byte) ([]byte, error) {
	p := newPacker(dst)
	packAnalog(&p, n.FirstCHP, n.HomeSID, n.EX)
	n.IMSIM.pack(&p, &imsiMFields)
	n.Access.pack(&p)
	packPairs(&p, n.SIDNIDs, "N_SID_NID")
	return p.end()
}

// Decode fills n from b, the data of one block.
func (n *CDMAAnalogNAM) Decode(b []byte) error {
	r := wire.NewBits(proto, b, 0, nil)
	n.read(&r)
	return r.End()
}

func (n *CDMAAnalogNAM) read(r *wire.Bits) {
	n.FirstCHP, n.HomeSID, n.EX = readAnalog(r)
	n.IMSIM.unpack(r, &imsiMFields)
	n.Access.unpack(r)
	n.SIDNIDs = readPairs(r, n.SIDNIDs, "N_SID_NID")
}

// CDMAAnalogNAMResponse is the same block in a Configuration Response.
//
//	11:FIRSTCHP 15:HOME_SID 1:EX 8:SCM 8:MOB_P_REV IMSI_M, access,
//	8:MAX_SID_NID 8:STORED_SID_NID {15:SID 16:NID}xN
type CDMAAnalogNAMResponse struct {
	FirstCHP uint16 // 11 bits
	HomeSID  uint16 // 15 bits
	EX       bool
	SCM      SCM
	MobPRev  uint8
	IMSIM    IMSIM
	Access
	MaxSIDNID    uint8
	StoredSIDNID []SIDNID
}

// Append appends the block's data to dst.
func (n *CDMAAnalogNAMResponse) Append(dst []byte) ([]byte, error) {
	p := newPacker(dst)
	packAnalog(&p, n.FirstCHP, n.HomeSID, n.EX)
	p.u(8, uint64(n.SCM), "SCM")
	p.u(8, uint64(n.MobPRev), "MOB_P_REV")
	n.IMSIM.pack(&p, &imsiMFields)
	n.Access.pack(&p)
	p.u(8, uint64(n.MaxSIDNID), "MAX_SID_NID")
	packPairs(&p, n.StoredSIDNID, "STORED_SID_NID")
	return p.end()
}

// Decode fills n from b, the data of one block.
func (n *CDMAAnalogNAMResponse) Decode(b []byte) error {
	r := wire.NewBits(proto, b, 0, nil)
	n.read(&r)
	return r.End()
}

func (n *CDMAAnalogNAMResponse) read(r *wire.Bits) {
	n.FirstCHP, n.HomeSID, n.EX = readAnalog(r)
	n.SCM = SCM(r.U(8, "SCM"))
	if r.Trace() != nil {
		r.Note(n.SCM.String())
	}
	n.MobPRev = uint8(r.U(8, "MOB_P_REV"))
	n.IMSIM.unpack(r, &imsiMFields)
	n.Access.unpack(r)
	n.MaxSIDNID = uint8(r.U(8, "MAX_SID_NID"))
	n.StoredSIDNID = readPairs(r, n.StoredSIDNID, "STORED_SID_NID")
}

func readAnalog(r *wire.Bits) (firstCHP, homeSID uint16, ex bool) {
	firstCHP = uint16(r.U(11, "FIRSTCHP"))
	homeSID = uint16(r.U(15, "HOME_SID"))
	return firstCHP, homeSID, r.Flag("EX")
}

func packAnalog(p *packer, firstCHP, homeSID uint16, ex bool) {
	p.u(11, uint64(firstCHP), "FIRSTCHP")
	p.u(15, uint64(homeSID), "HOME_SID")
	p.flag(ex)
}
