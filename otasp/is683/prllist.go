package is683

import "github.com/otagate/otagate/internal/wire"

// PRLDimensions is the data of SSPRDimensions: how large the preferred roaming
// list of the handset is and may be. CurSize 0 means there is none.
//
//	16:MAX_PR_LIST_SIZE 16:CUR_PR_LIST_SIZE 16:PR_LIST_ID
//	1:reserved 9:NUM_ACQ_RECS 14:NUM_SYS_RECS
type PRLDimensions struct {
	MaxSize    uint16 // octets
	CurSize    uint16 // octets
	PRListID   uint16
	NumAcqRecs uint16 // 9 bits
	NumSysRecs uint16 // 14 bits
}

// Append appends the block's data to dst.
func (d *PRLDimensions) Append(dst []byte) ([]byte, error) {
	p := newPacker(dst)
	packListHead(&p, d.MaxSize, d.CurSize, d.PRListID)
	p.u(1, 0, "reserved")
	p.u(9, uint64(d.NumAcqRecs), "NUM_ACQ_RECS")
	p.u(14, uint64(d.NumSysRecs), "NUM_SYS_RECS")
	return p.end()
}

// Decode fills d from b, the data of one block.
func (d *PRLDimensions) Decode(b []byte) error {
	r := wire.NewBits(proto, b, 0, nil)
	d.read(&r)
	return r.End()
}

func (d *PRLDimensions) read(r *wire.Bits) {
	d.MaxSize, d.CurSize, d.PRListID = readListHead(r)
	reserved(r, 1)
	d.NumAcqRecs = uint16(r.U(9, "NUM_ACQ_RECS"))
	d.NumSysRecs = uint16(r.U(14, "NUM_SYS_RECS"))
}

// The values of CUR_SSPR_P_REV whose layout is known.
const (
	SSPRPRevClassic  uint8 = 1
	SSPRPRevExtended uint8 = 3
)

// ExtendedPRLDimensions is the data of SSPRExtendedDimensions. SSPRPRev says
// what list the handset holds: 1 classic, 3 extended; other values have no
// known layout.
//
//	16:MAX_PR_LIST_SIZE 16:CUR_PR_LIST_SIZE 16:PR_LIST_ID 8:CUR_SSPR_P_REV, then
//	1: 1:reserved 9:NUM_ACQ_RECS 14:NUM_SYS_RECS
//	3: 9:NUM_ACQ_RECS 9:NUM_COMMON_SUBNET_RECS 14:NUM_EXT_SYS_RECS
type ExtendedPRLDimensions struct {
	MaxSize             uint16 // octets
	CurSize             uint16 // octets
	PRListID            uint16
	SSPRPRev            uint8
	NumAcqRecs          uint16 // 9 bits
	NumCommonSubnetRecs uint16 // 9 bits, extended only
	NumSysRecs          uint16 // 14 bits; extended system records in an extended list
}

// Append appends the block's data to dst.
func (d *ExtendedPRLDimensions) Append(dst []byte) ([]byte, error) {
	p := newPacker(dst)
	packListHead(&p, d.MaxSize, d.CurSize, d.PRListID)
	p.u(8, uint64(d.SSPRPRev), "CUR_SSPR_P_REV")
	switch d.SSPRPRev {
	case SSPRPRevClassic:
		p.u(1, 0, "reserved")
		p.u(9, uint64(d.NumAcqRecs), "NUM_ACQ_RECS")
		p.u(14, uint64(d.NumSysRecs), "NUM_SYS_RECS")
	case SSPRPRevExtended:
		p.u(9, uint64(d.NumAcqRecs), "NUM_ACQ_RECS")
		p.u(9, uint64(d.NumCommonSubnetRecs), "NUM_COMMON_SUBNET_RECS")
		p.u(14, uint64(d.NumSysRecs), "NUM_EXT_SYS_RECS")
	default:
		return dst, wire.Unencodable(proto, "CUR_SSPR_P_REV", wire.ErrUnsupported)
	}
	return p.end()
}

// Decode fills d from b, the data of one block.
func (d *ExtendedPRLDimensions) Decode(b []byte) error {
	r := wire.NewBits(proto, b, 0, nil)
	d.read(&r)
	return r.End()
}

func (d *ExtendedPRLDimensions) read(r *wire.Bits) {
	d.MaxSize, d.CurSize, d.PRListID = readListHead(r)
	d.SSPRPRev = uint8(r.U(8, "CUR_SSPR_P_REV"))
	d.NumCommonSubnetRecs = 0
	switch d.SSPRPRev {
	case SSPRPRevClassic:
		reserved(r, 1)
		d.NumAcqRecs = uint16(r.U(9, "NUM_ACQ_RECS"))
		d.NumSysRecs = uint16(r.U(14, "NUM_SYS_RECS"))
	case SSPRPRevExtended:
		d.NumAcqRecs = uint16(r.U(9, "NUM_ACQ_RECS"))
		d.NumCommonSubnetRecs = uint16(r.U(9, "NUM_COMMON_SUBNET_RECS"))
		d.NumSysRecs = uint16(r.U(14, "NUM_EXT_SYS_RECS"))
	default:
		r.Fail("CUR_SSPR_P_REV", wire.ErrUnsupported)
	}
}

func readListHead(r *wire.Bits) (maxSize, curSize, id uint16) {
	maxSize = uint16(r.U(16, "MAX_PR_LIST_SIZE"))
	curSize = uint16(r.U(16, "CUR_PR_LIST_SIZE"))
	return maxSize, curSize, uint16(r.U(16, "PR_LIST_ID"))
}

func packListHead(p *packer, maxSize, curSize, id uint16) {
	p.u(16, uint64(maxSize), "MAX_PR_LIST_SIZE")
	p.u(16, uint64(curSize), "CUR_PR_LIST_SIZE")
	p.u(16, uint64(id), "PR_LIST_ID")
}

// MaxPRLSegment is the largest segment that a block can carry.
const MaxPRLSegment = 251

// PRLSegment is a part of a preferred roaming list: the data of SSPRSegment and
// of both blocks of SSPR Download.
//
//	7:reserved 1:LAST_SEGMENT 16:SEGMENT_OFFSET 8:SEGMENT_SIZE data
type PRLSegment struct {
	Last   bool
	Offset uint16   // octets from the start of the list
	Data   wire.Hex // at most MaxPRLSegment octets
}

// Append appends the block's data to dst.
func (s *PRLSegment) Append(dst []byte) ([]byte, error) {
	if len(s.Data) > MaxPRLSegment {
		return dst, wire.Unencodable(proto, "SEGMENT_SIZE", wire.ErrTooLong)
	}
	last := byte(0)
	if s.Last {
		last = 1
	}
	dst = append(dst, last, byte(s.Offset>>8), byte(s.Offset), byte(len(s.Data)))
	return append(dst, s.Data...), nil
}

// Decode fills s from b, the data of one block. s borrows b.
func (s *PRLSegment) Decode(b []byte) error {
	r := wire.NewBits(proto, b, 0, nil)
	s.read(&r)
	return r.End()
}

func (s *PRLSegment) read(r *wire.Bits) {
	reserved(r, 7)
	s.Last = r.Flag("LAST_SEGMENT")
	s.Offset = uint16(r.U(16, "SEGMENT_OFFSET"))
	n := int(r.U(8, "SEGMENT_SIZE"))
	if s.Data = r.Rest("SEGMENT_DATA"); len(s.Data) != n || n > MaxPRLSegment {
		r.Fail("SEGMENT_SIZE", wire.ErrLength)
	}
}
