package gsm7_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/otagate/otagate/internal/sms/gsm7"
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

// Octets from the tests of open implementations (jSS7, libosmocore and others):
// packed octets, fill bits, text. The last two end in seven bits of padding or
// nearly that.
func TestPublished(t *testing.T) {
	for _, v := range []struct {
		packed  string
		septets int
		fill    int
		text    string
	}{
		{"c8329bfd06dddf723619", 11, 0, "Hello world"},
		{"906536fbcd02dddf723619140a8500", 16, 1, "Hello, world !!!"},
		{"f4f29c0ea297f174", 9, 0, "test text"},
		{"4f78d92d9c0e01", 7, 0, "OpenBSC"},
	} {
		septets, err := gsm7.AppendUnpacked(nil, unhex(t, v.packed), v.septets, v.fill)
		if err != nil {
			t.Fatal(err)
		}
		text, err := gsm7.Alphabet{}.AppendText(nil, septets)
		if err != nil || string(text) != v.text {
			t.Errorf("%s: %q, %v, want %q", v.packed, text, err, v.text)
		}
		again, err := gsm7.Alphabet{}.Append(nil, v.text)
		if err != nil || !bytes.Equal(again, septets) {
			t.Errorf("%q: %x, %v, want %x", v.text, again, err, septets)
		}
		if got := gsm7.AppendPacked(nil, septets, v.fill); hex.EncodeToString(got) != v.packed {
			t.Errorf("%q packed: %x, want %s", v.text, got, v.packed)
		}
	}
}

// A whole part of a concatenated message, published with jSS7: 6 octets of
// header, one fill bit, 153 septets.
func TestPublishedPart(t *testing.T) {
	packed := unhex(t, "a8f9307c5efe81c2a0319afe06d1cbe27c183407d1f361f8bc0c9adbf3617dda1e2ed37fa0761ef4a6c3e5e1799a9d9e9f40739039ad97a3597374780eca87417310313c4797d3a039feadce83ecedf039ac4fbb41e534c81d26bf5d6110fc4d7fb741f077999c07ad41ccb2bbccca8741f4f7991c06c1dff0b7ba0ca297c565d07c9d76e741")
	fill := gsm7.Fill(6)
	if fill != 1 || gsm7.Room(134, fill) != 153 || gsm7.PackedLen(153, fill) != 134 {
		t.Fatalf("fill %d, room %d", fill, gsm7.Room(134, fill))
	}
	septets, err := gsm7.AppendUnpacked(nil, packed, 153, fill)
	if err != nil {
		t.Fatal(err)
	}
	text, err := gsm7.Alphabet{}.AppendText(nil, septets)
	if err != nil || !strings.HasSuffix(string(text), "togda popoje tebe skiny ") {
		t.Errorf("%q, %v", text, err)
	}
	if got := gsm7.AppendPacked(nil, septets, fill); !bytes.Equal(got, packed) {
		t.Errorf("packed again: %x", got)
	}
}

// Sizes of the standard: 160 septets alone, 153 and 152 behind a concatenation.
func TestSizes(t *testing.T) {
	for header, want := range map[int][2]int{0: {0, 160}, 6: {1, 153}, 7: {0, 152}, 8: {6, 150}, 12: {2, 146}, 13: {1, 145}} {
		fill := gsm7.Fill(header)
		if got := [2]int{fill, gsm7.Room(140-header, fill)}; got != want {
			t.Errorf("header of %d octets: fill and room %v, want %v", header, got, want)
		}
		if (8*header+fill)%7 != 0 {
			t.Errorf("header of %d octets, %d bits: no septet boundary", header, fill)
		}
	}
	if gsm7.Room(0, 3) != 0 {
		t.Error("room in no octets")
	}
}

// Single positions in which the tables differ.
func TestTables(t *testing.T) {
	for _, v := range []struct {
		locking, single gsm7.Language
		septets, text   string
	}{
		{0, 0, "00010203040506070809", "@£$¥èéùìòÇ"},
		{0, 0, "0b0c0e0f101112131415161718191a1c1d1e1f", "ØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ"},
		{0, 0, "2440605b5c5d5e5f7b7c7d7e7f", "¤¡¿ÄÖÑÜ§äöñüà"},
		{0, 0, "1b0a1b141b281b291b2f1b3c1b3d1b3e1b401b65", "\f^{}\\[~]|€"},
		{gsm7.Turkish, gsm7.Turkish, "04070b0c1c1d4060", "€ıĞğŞşİç"},
		{0, gsm7.Turkish, "1b471b491b531b631b671b691b73", "ĞİŞçğış"},
		{0, gsm7.Spanish, "1b091b411b491b4f1b551b611b691b6f1b75", "çÁÍÓÚáíóú"},
		{gsm7.Portuguese, gsm7.Portuguese, "04060708090b0c0e0f12131415161718191a1c1d1e", "êúíóçÔôÁáªÇÀ∞^\\€Ó|ÂâÊ"},
		{gsm7.Portuguese, 0, "2540605b5c5d7b7c7d", "%Í~ÃÕÚãõ`"},
		{0, gsm7.Portuguese, "1b051b0b1b0c1b0e1b121b1f1b5b1b5c1b7b1b7c1b7f", "êÔôÁΦÊÃÕãõâ"},
	} {
		a := gsm7.Alphabet{Locking: v.locking, Single: v.single}
		text, err := a.AppendText(nil, unhex(t, v.septets))
		if err != nil || string(text) != v.text {
			t.Errorf("%v: %s is %q, %v, want %q", a, v.septets, text, err, v.text)
		}
	}
}

// Every character of every alphabet survives, and Len tells its septets.
func TestEveryCharacter(t *testing.T) {
	for _, locking := range []gsm7.Language{gsm7.Default, gsm7.Turkish, gsm7.Portuguese} {
		for _, single := range []gsm7.Language{gsm7.Default, gsm7.Turkish, gsm7.Spanish, gsm7.Portuguese} {
			a := gsm7.Alphabet{Locking: locking, Single: single}
			seen := map[string]bool{}
			for s := range byte(128) {
				if s == 0x1b {
					continue
				}
				text, err := a.AppendText(nil, []byte{s})
				if err != nil || seen[string(text)] {
					t.Fatalf("%v: %#x is %q again, or %v", a, s, text, err)
				}
				seen[string(text)] = true
				back, err := a.Append(nil, string(text))
				if err != nil || !bytes.Equal(back, []byte{s}) {
					t.Errorf("%v: %q is %x, %v, want %x", a, text, back, err, s)
				}
				shifted, err := a.AppendText(nil, []byte{0x1b, s})
				if err != nil {
					t.Fatal(err)
				}
				back, err = a.Append(nil, string(shifted))
				n, ok := a.Len(string(shifted))
				if err != nil || !ok || n != len(back) {
					t.Fatalf("%v: %q is %x, %v, of length %d", a, shifted, back, err, n)
				}
				if again, _ := a.AppendText(nil, back); !bytes.Equal(again, shifted) {
					t.Errorf("%v: 1b%02x is %q, %x, then %q", a, s, shifted, back, again)
				}
			}
		}
	}
}

func TestEscapes(t *testing.T) {
	for septets, want := range map[string]string{
		"1b":       " ", // cut short
		"1b1b":     " ",
		"1b1b65":   " e",
		"611b":     "a ",
		"1b61":     "a", // no such position: the character of the locking table
		"1b651b65": "€€",
	} {
		if got, err := (gsm7.Alphabet{}).AppendText(nil, unhex(t, septets)); err != nil || string(got) != want {
			t.Errorf("%s: %q, %v, want %q", septets, got, err, want)
		}
	}
}

func TestRefused(t *testing.T) {
	for _, s := range []string{"ж", "a\xff", "\ufffd", "\x1b", "`"} {
		if b, err := (gsm7.Alphabet{}).Append([]byte("before"), s); !errors.Is(err, gsm7.ErrCharacter) || string(b) != "before" {
			t.Errorf("%q: %x, %v", s, b, err)
		}
		if n, ok := (gsm7.Alphabet{}).Len(s); ok {
			t.Errorf("%q has length %d", s, n)
		}
	}
	if b, err := (gsm7.Alphabet{}).AppendText([]byte("before"), []byte{'a', 0x80}); !errors.Is(err, gsm7.ErrSeptet) || string(b) != "before" {
		t.Errorf("octet 80: %x, %v", b, err)
	}
	for _, a := range []gsm7.Alphabet{{Locking: gsm7.Spanish}, {Locking: gsm7.Bengali}, {Single: gsm7.Urdu}, {Single: 14}, {Locking: 255}} {
		_, err := a.Append(nil, "a")
		_, err2 := a.AppendText(nil, []byte{0x61})
		_, ok := a.Len("a")
		if !errors.Is(err, gsm7.ErrLanguage) || !errors.Is(err2, gsm7.ErrLanguage) || ok {
			t.Errorf("%v: %v, %v, %t", a, err, err2, ok)
		}
	}
	for _, n := range []int{-1, 9} {
		if b, err := gsm7.AppendUnpacked(nil, make([]byte, 7), n, 0); !errors.Is(err, wire.ErrShort) {
			t.Errorf("%d septets of 7 octets: %x, %v", n, b, err)
		}
	}
}

// Cutting anywhere parts no pair, and the parts read as the whole does.
func TestCut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		septets := rapid.SliceOfN(rapid.SampledFrom([]byte{0x1b, 0x1b, 0x65, 0x61}), 0, 40).Draw(t, "septets")
		size := rapid.IntRange(2, 12).Draw(t, "size")
		var whole, parts []byte
		whole, _ = gsm7.Alphabet{}.AppendText(nil, septets)
		for rest := septets; len(rest) > 0; {
			n := gsm7.Cut(rest, size)
			if n < size-1 && n < len(rest) || n > size || n == 0 {
				t.Fatalf("cut %x at %d of %d", rest, n, size)
			}
			parts, _ = gsm7.Alphabet{}.AppendText(parts, rest[:n])
			rest = rest[n:]
		}
		if !bytes.Equal(whole, parts) {
			t.Fatalf("%q in parts of %d: %q", whole, size, parts)
		}
	})
}

func TestPackingProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		septets := rapid.SliceOfN(rapid.ByteMax(0x7f), 0, 200).Draw(t, "septets")
		fill := rapid.IntRange(0, 6).Draw(t, "fill")
		packed := gsm7.AppendPacked([]byte("before"), septets, fill)
		packed = packed[len("before"):]
		if len(packed) != gsm7.PackedLen(len(septets), fill) {
			t.Fatalf("%d septets and %d bits take %d octets", len(septets), fill, len(packed))
		}
		got, err := gsm7.AppendUnpacked(nil, packed, len(septets), fill)
		if err != nil || !bytes.Equal(got, septets) {
			t.Fatalf("%x became %x, %v", septets, got, err)
		}
		// The i-th septet is the seven bits from fill+7i on.
		for i, s := range septets {
			for b := range 7 {
				at := fill + 7*i + b
				if packed[at/8]>>(at%8)&1 != s>>b&1 {
					t.Fatalf("bit %d of septet %d is not bit %d", b, i, at)
				}
			}
		}
	})
}

func TestNames(t *testing.T) {
	if s := gsm7.Turkish.String() + ", " + gsm7.Urdu.String() + ", " + gsm7.Language(14).String(); s != "Turkish, Urdu, language 14" {
		t.Error(s)
	}
}

func TestNoAllocations(t *testing.T) {
	room := make([]byte, 0, 1000)
	septets := bytes.Repeat([]byte{0x61}, 160)
	packed := gsm7.AppendPacked(nil, septets, 0)
	const text = "any text, with {braces} and €"
	testvec.NoAllocs(t, "gsm7", func() {
		b, err := gsm7.Alphabet{}.Append(room, text)
		if err != nil {
			t.Fatal(err)
		}
		if _, err = (gsm7.Alphabet{}).AppendText(b, b); err != nil {
			t.Fatal(err)
		}
		gsm7.AppendPacked(room, septets, 1)
		if _, err = gsm7.AppendUnpacked(room, packed, 160, 0); err != nil {
			t.Fatal(err)
		}
	})
}
