package udh_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/otagate/otagate/internal/sms/udh"
	"github.com/otagate/otagate/internal/testvec"
	"github.com/otagate/otagate/internal/wire"
)

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func decode(b []byte) (testvec.Message, error) {
	h := new(udh.Header)
	if err := h.Decode(b); err != nil {
		return nil, err
	}
	return h, nil
}

const vectors = "../../../testdata/udh"

func TestVectors(t *testing.T) { testvec.Codec(t, vectors, "udh", decode) }

func FuzzHeader(f *testing.F) { testvec.Fuzz(f, vectors, "udh", decode) }

func TestMeaning(t *testing.T) {
	for _, v := range []struct {
		hex             string
		concatenation   any
		ports           any
		single, locking uint8
	}{
		{hex: "00"},
		{hex: "0500038c0201", concatenation: udh.Concatenation{Reference: 0x8c, Total: 2, Number: 1}},
		{hex: "06080400d10302", concatenation: udh.Concatenation{Reference: 0xd1, Total: 3, Number: 2, Wide: true}},
		{hex: "03250102", locking: 2},
		{hex: "03240103", single: 3},
		{hex: "06050423f423f4", ports: udh.Ports{Destination: 9204, Source: 9204, Wide: true}},
		{hex: "0605040b8423f0", ports: udh.Ports{Destination: 2948, Source: 9200, Wide: true}},
		{hex: "040402f0f1", ports: udh.Ports{Destination: 240, Source: 241}},
		{hex: "0b050423f423f40003010201", concatenation: udh.Concatenation{Reference: 1, Total: 2, Number: 1}, ports: udh.Ports{Destination: 9204, Source: 9204, Wide: true}},
		// What makes no sense is not there.
		{hex: "050003010002"},
		{hex: "050003010200"},
		{hex: "050003010203"},
		{hex: "0400020102"},
		{hex: "0408020102"},
		{hex: "0604040b8423f0"},
		{hex: "022500"},
		{hex: "0425020102"},
		// The last one counts.
		{hex: "0a00030102010003020302", concatenation: udh.Concatenation{Reference: 2, Total: 3, Number: 2}},
		{hex: "0a00030102010003020300", concatenation: udh.Concatenation{Reference: 1, Total: 2, Number: 1}},
		{hex: "06250101250103", locking: 3},
	} {
		var h udh.Header
		if err := h.Decode(unhex(t, v.hex)); err != nil {
			t.Fatal(v.hex, err)
		}
		var concatenation, ports any
		if c, ok := h.Concatenation(); ok {
			concatenation = c
		}
		if p, ok := h.Ports(); ok {
			ports = p
		}
		if concatenation != v.concatenation || ports != v.ports || h.SingleShift() != v.single || h.LockingShift() != v.locking {
			t.Errorf("%s: %v, %v, %d, %d", v.hex, concatenation, ports, h.SingleShift(), h.LockingShift())
		}
	}
}

// Any header comes back as it was, and what was put into it is found.
func TestProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		wide := rapid.Bool().Draw(t, "wide")
		most := uint16(0xff)
		if wide {
			most = 0xffff
		}
		total := rapid.Uint8Min(1).Draw(t, "total")
		c := udh.Concatenation{
			Reference: rapid.Uint16Max(most).Draw(t, "reference"), Total: total,
			Number: rapid.Uint8Range(1, total).Draw(t, "number"), Wide: wide,
		}
		p := udh.Ports{Destination: rapid.Uint16Max(most).Draw(t, "to"), Source: rapid.Uint16Max(most).Draw(t, "from"), Wide: wide}
		other := udh.Element{ID: udh.ID(rapid.Uint8Min(0x30).Draw(t, "id")), Data: rapid.SliceOfN(rapid.Byte(), 0, 30).Draw(t, "data")}
		h := udh.Header{Elements: rapid.Permutation([]udh.Element{c.Element(), p.Element(), other}).Draw(t, "elements")}
		b, err := h.Append(nil)
		if err != nil {
			t.Fatal(err)
		}
		if h.Len() != len(b) {
			t.Fatalf("%x: length %d", b, h.Len())
		}
		var got udh.Header
		if err := got.Decode(b); err != nil {
			t.Fatalf("%x: %v", b, err)
		}
		kept := got.Clone()
		gc, okc := got.Concatenation()
		gp, okp := got.Ports()
		if !okc || !okp || gc != c || gp != p {
			t.Fatalf("%x: %+v %+v, want %+v %+v", b, gc, gp, c, p)
		}
		for i := range b {
			b[i] = 0xdb
		}
		if d := cmp.Diff(&h, kept); d != "" {
			t.Fatal(d)
		}
	})
}

func TestUnencodable(t *testing.T) {
	for name, h := range map[string]udh.Header{
		"data": {Elements: []udh.Element{{Data: make([]byte, 256)}}},
		"UDHL": {Elements: []udh.Element{{Data: make([]byte, 254)}}},
	} {
		b, err := h.Append([]byte("before"))
		var we *wire.Error
		if !errors.As(err, &we) || we.Field != name || string(b) != "before" {
			t.Errorf("%s: %x, %v", name, b, err)
		}
	}
	most := udh.Header{Elements: []udh.Element{{Data: make([]byte, 253)}}}
	if b, err := most.Append(nil); err != nil || len(b) != 256 {
		t.Errorf("253 octets of data: %d octets, %v", len(b), err)
	}
}

func TestStrings(t *testing.T) {
	for id, want := range map[udh.ID]string{
		0x00: "concatenation, 8-bit reference", 0x01: "special indication", 0x04: "ports, 8 bit", 0x05: "ports, 16 bit",
		0x06: "SC control", 0x07: "UDH source", 0x08: "concatenation, 16-bit reference", 0x09: "WCMP", 0x24: "single shift",
		0x25: "locking shift", 0x70: "SIM toolkit security header 0", 0x80: "SME to SME 0x80", 0xdf: "SC specific 0xdf", 0x0a: "IE 0x0a",
	} {
		if got := id.String(); got != want {
			t.Errorf("%#x: %q, want %q", uint8(id), got, want)
		}
	}
	s := fmt.Sprint(udh.Concatenation{Reference: 7, Total: 3, Number: 2}, ", ", udh.Ports{Destination: 2948, Source: 9200})
	if s != "part 2 of 3, reference 7, to port 2948 from 9200" {
		t.Error(s)
	}
}

func TestNoAllocations(t *testing.T) {
	b, room := unhex(t, "0b00035a020105040b8423f0"), make([]byte, 0, 40)
	var h udh.Header
	testvec.NoAllocs(t, "header", func() {
		if err := h.Decode(b); err != nil {
			t.Fatal(err)
		}
		got, err := h.Append(room)
		if err != nil || !bytes.Equal(got, b) {
			t.Fatalf("%x, %v", got, err)
		}
		c, _ := h.Concatenation()
		p, _ := h.Ports()
		p.Append(c.Append(room))
	})
}
