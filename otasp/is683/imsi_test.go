package is683_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/otagate/otagate/otasp/is683"
)

func TestEncodeIMSIS(t *testing.T) {
	for digits, want := range map[string]uint64{
		"5551234567": 0x1BC<<24 | 0x0311C8,
		"0123456789": 901<<24 | 234<<14 | 6<<10 | 678,
		"1111111111": 1 << 10,
		"0000000000": 999<<24 | 999<<14 | 10<<10 | 999,
	} {
		got, err := is683.EncodeIMSIS(digits)
		if err != nil || got != want {
			t.Errorf("EncodeIMSIS(%s) = %#x, %v, want %#x", digits, got, err, want)
		}
		back, err := is683.DecodeIMSIS(want)
		if err != nil || back != digits {
			t.Errorf("DecodeIMSIS(%#x) = %s, %v, want %s", want, back, err, digits)
		}
	}
	for _, bad := range []string{"", "555123456", "55512345678", "55512345a7"} {
		if _, err := is683.EncodeIMSIS(bad); err == nil {
			t.Errorf("EncodeIMSIS(%q): no error", bad)
		}
	}
	for _, bad := range []uint64{0, 11 << 10, 1000<<24 | 1<<10, 1000<<14 | 1<<10, 1000 | 1<<10, 1 << 34} {
		if s, err := is683.DecodeIMSIS(bad); err == nil {
			t.Errorf("DecodeIMSIS(%#x) = %s, want an error", bad, s)
		}
	}
}

func TestEncodeMCC(t *testing.T) {
	if v, err := is683.EncodeMCC("310"); err != nil || v != 209 {
		t.Errorf("EncodeMCC(310) = %d, %v, want 209", v, err)
	}
	for digits, want := range map[string]uint8{"00": 99, "55": 44, "11": 0} {
		if v, err := is683.EncodeIMSI1112(digits); err != nil || v != want {
			t.Errorf("EncodeIMSI1112(%s) = %d, %v, want %d", digits, v, err, want)
		}
	}
	for v := range uint16(1024) {
		s, err := is683.DecodeMCC(v)
		if (err == nil) != (v < 1000) {
			t.Fatalf("DecodeMCC(%d) = %s, %v", v, s, err)
		}
		if back, _ := is683.EncodeMCC(s); err == nil && back != v {
			t.Fatalf("DecodeMCC(%d) = %s, which is %d", v, s, back)
		}
	}
	for v := range uint8(128) {
		s, err := is683.DecodeIMSI1112(v)
		if back, _ := is683.EncodeIMSI1112(s); (err == nil) != (v < 100) || err == nil && back != v {
			t.Fatalf("DecodeIMSI1112(%d) = %s, %v", v, s, err)
		}
	}
}

// What a handset holds may stand for no digits: reading and writing it back
// must change nothing.
func TestIMSIWithoutDigits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := rapid.SliceOfN(rapid.Byte(), 7, 7).Draw(t, "block")
		b[6] &^= 1 // the reserved bit
		var i is683.IMSIT
		if err := i.Decode(b); err != nil {
			t.Fatal(err)
		}
		got, err := i.Append(nil)
		if err != nil || !bytes.Equal(got, b) {
			t.Fatalf("%x is %+v, which is %x (%v)", b, i, got, err)
		}
	})
	zero := is683.IMSIT{MCC: "111", IMSI1112: "11", S: "#0"}
	if b, err := zero.Append(nil); err != nil || !bytes.Equal(b, make([]byte, 7)) {
		t.Errorf("all zero: %x, %v", b, err)
	}
}

func TestIMSIRefused(t *testing.T) {
	good := is683.IMSIT{MCC: "310", IMSI1112: "00", S: "5551234567"}
	for name, change := range map[string]func(*is683.IMSIT){
		"nothing given": func(i *is683.IMSIT) { *i = is683.IMSIT{} },
		"address":       func(i *is683.IMSIT) { i.AddrNum = 8 },
		"country":       func(i *is683.IMSIT) { i.MCC = "31" },
		"raw":           func(i *is683.IMSIT) { i.MCC = "#1024" },
		"raw text":      func(i *is683.IMSIT) { i.MCC = "#x" },
		"digits":        func(i *is683.IMSIT) { i.S = "555123456+" },
	} {
		i := good
		change(&i)
		if b, err := i.Append(nil); err == nil {
			t.Errorf("%s: encoded %x, want an error", name, b)
		}
	}
}

func TestIdentityMasksItself(t *testing.T) {
	i := is683.IMSIT{MCC: "310", IMSI1112: "00", S: "5551234567"}
	for _, s := range []string{fmt.Sprint(i), fmt.Sprint(is683.IMSIM(i)), fmt.Sprint(is683.MDN{Digits: "5551234567"})} {
		if strings.Contains(s, "1234") || !strings.HasSuffix(s, "67") {
			t.Errorf("printed %s", s)
		}
	}
	if s := fmt.Sprint(is683.MDN{Digits: "911"}); s != "***" {
		t.Errorf("printed %s", s)
	}
}
