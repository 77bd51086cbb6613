package is683

import "github.com/otagate/otagate/internal/wire"

// MMSURI is the data of the MMS URI block: where the handset finds the
// multimedia message centre. The octets of a URI are not aligned.
//
//	4:NUM_MMS_URI {4:MMS_URI_ENTRY_IDX 8:MMS_URI_LENGTH MMS_URI}xN
type MMSURI struct {
	Entries []MMSURIEntry // at most 15
}

// MMSURIEntry is one URI and the place it has in the handset.
type MMSURIEntry struct {
	Index uint8 // 4 bits
	URI   string
}

// Append appends the block's data to dst.
func (u *MMSURI) Append(dst []byte) ([]byte, error) {
	p := newPacker(dst)
	p.count(4, len(u.Entries), "NUM_MMS_URI")
	for _, e := range u.Entries {
		p.u(4, uint64(e.Index), "MMS_URI_ENTRY_IDX")
		p.counted(8, []byte(e.URI), "MMS_URI_LENGTH")
	}
	return p.end()
}

// Decode fills u from b, the data of one block.
func (u *MMSURI) Decode(b []byte) error {
	r := wire.NewBits(proto, b, 0, nil)
	u.read(&r)
	return r.End()
}

func (u *MMSURI) read(r *wire.Bits) {
	var room [255]byte
	u.Entries = u.Entries[:0]
	for range r.U(4, "NUM_MMS_URI") {
		e := MMSURIEntry{Index: uint8(r.U(4, "MMS_URI_ENTRY_IDX"))}
		n := int(r.U(8, "MMS_URI_LENGTH"))
		e.URI = string(r.AppendOctets(room[:0], n, "MMS_URI"))
		if r.Err() != nil {
			return
		}
		u.Entries = append(u.Entries, e)
	}
}

// MMSURICapability is how many URIs of what length the handset can hold.
//
//	4:MAX_NUM_MMS_URI 8:MAX_MMS_URI_LENGTH 4:reserved
type MMSURICapability struct {
	MaxNum    uint8 // 4 bits
	MaxLength uint8 // octets
}

// Append appends the block's data to dst.
func (u *MMSURICapability) Append(dst []byte) ([]byte, error) {
	p := newPacker(dst)
	p.u(4, uint64(u.MaxNum), "MAX_NUM_MMS_URI")
	p.u(8, uint64(u.MaxLength), "MAX_MMS_URI_LENGTH")
	return p.end()
}

// Decode fills u from b, the data of one block.
func (u *MMSURICapability) Decode(b []byte) error {
	r := wire.NewBits(proto, b, 0, nil)
	u.read(&r)
	return r.End()
}

func (u *MMSURICapability) read(r *wire.Bits) {
	u.MaxNum = uint8(r.U(4, "MAX_NUM_MMS_URI"))
	u.MaxLength = uint8(r.U(8, "MAX_MMS_URI_LENGTH"))
	reserved(r, 4)
}
