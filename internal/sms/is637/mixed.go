package is637

import (
	"slices"

	"github.com/otagate/otagate/internal/wire"
)

// EncodedText is characters with their encoding, in the form that UserData has
// them. Only encodings of a known width can be written, and not EncodingGSM:
// how its octets end inside of a row of bits is not known.
//
//	5:MSG_ENCODING 8:NUM_FIELDS {CHARi}
type EncodedText struct {
	Encoding Encoding `json:"msg_encoding"`
	Octets   wire.Hex `json:"octets"`
}

// MultipleEncoding is subparameter 10: text in several encodings, one behind the
// other. One source only has the layout.
type MultipleEncoding []EncodedText

func (m *MultipleEncoding) read(r *wire.Bits) {
	*m = nil
	for r.Len() >= 8 {
		var t EncodedText
		t.Encoding = readKnownEncoding(r)
		t.Octets = readChars(r, nil, t.Encoding, t.Encoding.width(), int(r.U(8, "NUM_FIELDS")))
		*m = append(*m, t)
	}
}

// readKnownEncoding fails where nobody knows how wide the characters are.
func readKnownEncoding(r *wire.Bits) Encoding {
	e := Encoding(r.U(5, "MSG_ENCODING"))
	if !e.mixes() {
		r.Fail("MSG_ENCODING", wire.ErrUnsupported)
	}
	return wire.SayBits(r, e)
}

func appendMultiple(dst []byte, m MultipleEncoding) ([]byte, error) {
	w := wire.AppendBits(dst)
	for i := range m {
		n, err := countText(m[i].Encoding, m[i].Octets)
		if err != nil {
			return dst, err
		}
		w.U(5, uint64(m[i].Encoding))
		w.U(8, uint64(n))
		appendChars(&w, m[i].Encoding, m[i].Encoding.width(), m[i].Octets)
	}
	return w.Pad(), nil
}

// mixes tells whether other fields can follow characters of e.
func (e Encoding) mixes() bool { return e.width() > 0 && e != EncodingGSM }

func countText(e Encoding, octets []byte) (int, error) {
	if !e.mixes() {
		return 0, wire.Unencodable(proto, "MSG_ENCODING", wire.ErrUnsupported)
	}
	return countChars(e, e.width(), octets)
}

func (m MultipleEncoding) clone() MultipleEncoding {
	m = slices.Clone(m)
	for i := range m {
		m[i].Octets = slices.Clone(m[i].Octets)
	}
	return m
}
