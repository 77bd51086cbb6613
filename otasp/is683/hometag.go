package is683

import "github.com/otagate/otagate/internal/wire"

// The values of TAG_ENCODING that are known.
const (
	TagEncodingASCII uint8 = 2 // 7-bit characters in octets
	TagEncodingUTF16 uint8 = 4
)

// HomeTag is the data of the home tag in a System Tag Download Request: the
// banner that the handset shows at home.
//
//	6:reserved 5:TAG_ENCODING 5:TAG_LEN TAG
type HomeTag struct {
	Encoding uint8    // 5 bits
	Tag      wire.Hex // at most 31 octets
}

// Append appends the block's data to dst.
func (h *HomeTag) Append(dst []byte) ([]byte, error) {
	p := newPacker(dst)
	p.u(6, 0, "reserved")
	p.u(5, uint64(h.Encoding), "TAG_ENCODING")
	p.counted(5, h.Tag, "TAG_LEN")
	return p.end()
}

// Decode fills h from b, the data of one block. h borrows b.
func (h *HomeTag) Decode(b []byte) error {
	r := wire.NewBits(proto, b, 0, nil)
	h.read(&r)
	return r.End()
}

func (h *HomeTag) read(r *wire.Bits) {
	reserved(r, 6)
	h.Encoding, h.Tag = readTag(r)
}

// HomeTagResponse is the same block in a System Tag Configuration Response.
//
//	1:CALL_PRMPT_INCL 5:CALL_PRMPT 5:TAG_ENCODING 5:TAG_LEN TAG
type HomeTagResponse struct {
	CallPromptIncluded bool
	CallPrompt         uint8    // 5 bits, meaningful when CallPromptIncluded
	Encoding           uint8    // 5 bits
	Tag                wire.Hex // at most 31 octets
}

// Append appends the block's data to dst.
func (h *HomeTagResponse) Append(dst []byte) ([]byte, error) {
	p := newPacker(dst)
	p.flag(h.CallPromptIncluded)
	p.u(5, uint64(h.CallPrompt), "CALL_PRMPT")
	p.u(5, uint64(h.Encoding), "TAG_ENCODING")
	p.counted(5, h.Tag, "TAG_LEN")
	return p.end()
}

// Decode fills h from b, the data of one block. h borrows b.
func (h *HomeTagResponse) Decode(b []byte) error {
	r := wire.NewBits(proto, b, 0, nil)
	h.read(&r)
	return r.End()
}

func (h *HomeTagResponse) read(r *wire.Bits) {
	h.CallPromptIncluded = r.Flag("CALL_PRMPT_INCL")
	h.CallPrompt = uint8(r.U(5, "CALL_PRMPT"))
	h.Encoding, h.Tag = readTag(r)
}

func readTag(r *wire.Bits) (encoding uint8, tag []byte) {
	encoding = uint8(r.U(5, "TAG_ENCODING"))
	n := int(r.U(5, "TAG_LEN"))
	if tag = r.Rest("TAG"); len(tag) != n {
		r.Fail("TAG_LEN", wire.ErrLength)
	}
	return encoding, tag
}
