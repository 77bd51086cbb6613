package route_test

import (
	"encoding/hex"
	"testing"

	"pgregory.net/rapid"

	"github.com/otagate/otagate/internal/gateway/route"
	"github.com/otagate/otagate/internal/sms/udh"
	"github.com/otagate/otagate/smpp"
)

func TestReference(t *testing.T) {
	for _, tt := range []struct {
		name  string
		class uint8
		text  string // hexadecimal
		tlvs  smpp.TLVs
		ref   int // -1: no part
	}{
		{"text", 0, "4142", nil, -1},
		{"reference of 8 bits", 0x40, "050003a50201" + "41", nil, 0xa5},
		{"reference of 16 bits", 0x40, "060804a5b60201" + "41", nil, 0xa5b6},
		{"ports before it", 0x43, "0b0504158a000000032a0302", nil, 0x2a},
		{"ports only", 0x40, "0605040b8423f0", nil, -1},
		{"no header by esm_class", 0, "050003a50201", nil, -1},
		{"part 3 of 2", 0x40, "050003a50203", nil, -1},
		{"part 0", 0x40, "050003a50200", nil, -1},
		{"the last one", 0x40, "0a0003a502010003a60201", nil, 0xa6},
		{"cut off", 0x40, "050003a502", nil, -1},
		{"empty", 0x40, "", nil, -1},
		{"sar", 0, "41", smpp.TLVs{{Tag: smpp.TagSARMsgRefNum, Value: []byte{1, 2}}}, 0x102},
		{"sar of a wrong length", 0, "41", smpp.TLVs{{Tag: smpp.TagSARMsgRefNum, Value: []byte{1}}}, -1},
		{"header before sar", 0x40, "050003a50201", smpp.TLVs{{Tag: smpp.TagSARMsgRefNum, Value: []byte{1, 2}}}, 0xa5},
		{"header in message_payload", 0x40, "", smpp.TLVs{{Tag: smpp.TagMessagePayload, Value: []byte("\x05\x00\x03\xa5\x02\x01A")}}, 0xa5},
	} {
		text, err := hex.DecodeString(tt.text)
		if err != nil {
			t.Fatal(err)
		}
		m := route.Submitted("shop", &smpp.SubmitSM{ESMClass: tt.class, ShortMessage: text, TLVs: tt.tlvs})
		d := route.Delivered("shop", &smpp.DeliverSM{ESMClass: tt.class, ShortMessage: text, TLVs: tt.tlvs})
		if m.Part != (tt.ref >= 0) || m.Part && m.Reference != uint16(tt.ref) || d.Part != m.Part || d.Reference != m.Reference {
			t.Errorf("%s: part %t, %#x", tt.name, m.Part, m.Reference)
		}
	}
}

// The short way through a header finds what package udh finds.
func TestReferenceIsThatOfUDH(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var b []byte
		for range rapid.IntRange(0, 4).Draw(t, "elements") {
			data := rapid.SliceOfN(rapid.Uint8Range(0, 4), 0, 5).Draw(t, "data")
			b = append(b, rapid.SampledFrom([]byte{0, 8, 4, 5}).Draw(t, "IEI"), byte(len(data)))
			b = append(b, data...)
		}
		b = append([]byte{byte(len(b) + rapid.IntRange(0, 1).Draw(t, "wrong"))}, b...)
		text := append(b, 'x')[:len(b)+rapid.IntRange(0, 1).Draw(t, "text")]
		var h udh.Header
		var want udh.Concatenation
		ok := false
		if int(b[0]) < len(text) && h.Decode(text[:1+int(b[0])]) == nil {
			want, ok = h.Concatenation()
		}
		m := route.Message{}
		m.FindReference(0x40, text)
		if m.Part != ok || ok && m.Reference != want.Reference {
			t.Fatalf("%x: part %t %#x, want %t %#x", text, m.Part, m.Reference, ok, want.Reference)
		}
	})
}

// A message has all that its PDU says.
func TestMessageOfPDU(t *testing.T) {
	p := smpp.SubmitSM{
		ServiceType: []byte("WAP"), SourceAddrTON: 1, SourceAddrNPI: 2, SourceAddr: []byte("3"), DestAddrTON: 4, DestAddrNPI: 5, DestinationAddr: []byte("6"),
		DataCoding: 7, TLVs: tlv(8, "9"),
	}
	m := route.Submitted("shop", &p)
	d := route.Delivered("shop", &smpp.DeliverSM{
		ServiceType: p.ServiceType, SourceAddrTON: 1, SourceAddrNPI: 2, SourceAddr: p.SourceAddr, DestAddrTON: 4, DestAddrNPI: 5, DestinationAddr: p.DestinationAddr,
		DataCoding: 7, TLVs: p.TLVs,
	})
	for _, got := range []route.Message{m, d} {
		if got.From != "shop" || got.Push || got.SourceTON != 1 || got.SourceNPI != 2 || string(got.Source) != "3" || got.DestTON != 4 || got.DestNPI != 5 ||
			string(got.Destination) != "6" || got.DataCoding != 7 || string(got.ServiceType) != "WAP" || len(got.TLVs) != 1 {
			t.Errorf("%+v", got)
		}
	}
}
