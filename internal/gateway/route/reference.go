package route

import (
	"encoding/binary"

	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/smpp"
)

// esmClassUDHI is the bit of esm_class that says that short_message begins with a
// user data header (SMPP 3.4 section 5.2.12).
const esmClassUDHI = 0x40

// FindReference finds out whether m is a part of a long message, by the user data
// header of its text (3GPP TS 23.040 9.2.3.24.1 and .8) or else by sar_msg_ref_num
// (SMPP 3.4 section 5.3.2.22) among its TLVs.
func (m *Message) FindReference(esmClass uint8, shortMessage []byte) {
	text := shortMessage
	if payload, ok := m.TLVs.Find(smpp.TagMessagePayload); ok && len(text) == 0 {
		text = payload
	}
	if esmClass&esmClassUDHI != 0 {
		if m.Reference, m.Part = headerReference(text); m.Part {
			return
		}
	}
	if v, ok := m.TLVs.Find(smpp.TagSARMsgRefNum); ok && len(v) == 2 {
		m.Reference, m.Part = binary.BigEndian.Uint16(v), true
	}
}

// The information elements of a concatenation.
const (
	concatenated8  = 0x00 // reference, total, number
	concatenated16 = 0x08 // the same with a reference of two octets
)

// headerReference is that of the last concatenation of a user data header, as in
// package udh, which makes a list of all elements where this makes none.
func headerReference(b []byte) (ref uint16, ok bool) {
	c := wire.NewCursor("user data header", b)
	e := wire.NewCursor("user data header", c.Bytes(int(c.U8("UDHL")), "elements"))
	for c.Err() == nil && e.More() {
		id := e.U8("IEI")
		d := e.Bytes(int(e.U8("IEIDL")), "data")
		switch {
		case e.Err() != nil:
			return 0, false
		case id == concatenated8 && len(d) == 3 && sensible(d[1], d[2]):
			ref, ok = uint16(d[0]), true
		case id == concatenated16 && len(d) == 4 && sensible(d[2], d[3]):
			ref, ok = binary.BigEndian.Uint16(d), true
		}
	}
	return ref, ok
}

// sensible: part 3 of 2 is no part.
func sensible(total, number uint8) bool { return number >= 1 && number <= total }
