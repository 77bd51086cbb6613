package mtp_test

import (
	"encoding/json"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/otagate/otagate/ss7/mtp"
)

func TestParsePointCode(t *testing.T) {
	tests := []struct {
		in   string
		want mtp.PointCode
	}{
		{"0-0-0", 0},
		{"1-2-3", 0x010203},
		{"245-8-255", 0xf508ff},
		{"255-255-255", 0xffffff},
		{"007-08-009", 0x070809}, // leading zeros are decimal too
		{"0", 0},
		{"16383", 1<<14 - 1}, // the largest of ITU
		{"66051", 0x010203},
		{"16777215", 0xffffff},
	}
	for _, tt := range tests {
		if got, err := mtp.ParsePointCode(tt.in); got != tt.want || err != nil {
			t.Errorf("%s: got %d, %v; want %d", tt.in, got, err, tt.want)
		}
	}
}

func TestNoPointCode(t *testing.T) {
	const number, part = "a number below 2^24", "each part must be 0 to 255"
	tests := []struct{ in, says string }{
		{"", number},
		{"16777216", number},
		{"4294967296", number},
		{"18446744073709551617", number},
		{"0x10", number},
		{"+1", number},
		{" 1", number},
		{"abc", number},
		{"1.2.3", number},
		{"1-2", number},
		{"1-2-3-4", number},
		{"-1", number},
		{"256-0-0", part},
		{"0-256-0", part},
		{"0-0-256", part},
		{"1--3", part},
		{"--", part},
		{"-1-2", part},
		{"1-2-3 ", part},
		{"1-b-3", part},
	}
	for _, tt := range tests {
		pc, err := mtp.ParsePointCode(tt.in)
		if err == nil || pc != 0 {
			t.Errorf("%q: got %v, %v", tt.in, pc, err)
			continue
		}
		if !strings.Contains(err.Error(), tt.says) || !strings.Contains(err.Error(), `"`+tt.in+`"`) {
			t.Errorf("%q: got %v, want it to say %s", tt.in, err, tt.says)
		}
	}
}

// TestPrinted: both ways of printing are read as the same point code, and the
// parts make the whole.
func TestPrinted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pc := mtp.PointCode(rapid.Uint32Max(1<<24-1).Draw(t, "pc"))
		for _, s := range []string{pc.String(), pc.Decimal()} {
			if got, err := mtp.ParsePointCode(s); got != pc || err != nil {
				t.Fatalf("%d printed %s, read %d, %v", uint32(pc), s, got, err)
			}
		}
		if got := mtp.ANSI(pc.Network(), pc.Cluster(), pc.Member()); got != pc {
			t.Fatalf("%v: the parts make %v", pc, got)
		}
	})
}

// TestPrintedTooLarge: a number that is no point code is shown for what it is,
// not cut to one.
func TestPrintedTooLarge(t *testing.T) {
	pc := mtp.PointCode(1<<24 | 0x010203)
	if got := pc.String(); got != "257-2-3" {
		t.Errorf("got %s", got)
	}
	if got := pc.Decimal(); got != "16843267" {
		t.Errorf("got %s", got)
	}
}

func TestANSI(t *testing.T) {
	pc := mtp.ANSI(245, 8, 3)
	if pc != 0xf50803 || pc.Network() != 245 || pc.Cluster() != 8 || pc.Member() != 3 || pc.String() != "245-8-3" {
		t.Errorf("245-8-3 is %d, %v", uint32(pc), pc)
	}
}

func TestJSON(t *testing.T) {
	type link struct {
		Peer   mtp.PointCode
		Routes map[mtp.PointCode]string
	}
	in := link{Peer: mtp.ANSI(1, 2, 3), Routes: map[mtp.PointCode]string{mtp.ANSI(4, 5, 6): "west"}}
	b, err := json.Marshal(in)
	if want := `{"Peer":"1-2-3","Routes":{"4-5-6":"west"}}`; err != nil || string(b) != want {
		t.Errorf("got %s, %v; want %s", b, err, want)
	}
	var out link
	if err := json.Unmarshal([]byte(`{"Peer":"66051","Routes":{"4-5-6":"west"}}`), &out); err != nil || out.Peer != in.Peer || out.Routes[mtp.ANSI(4, 5, 6)] != "west" {
		t.Errorf("read %v, %v", out, err)
	}
	for _, bad := range []string{`"256-0-0"`, `"16777216"`, `""`, `"1-2"`, `66051`, `true`} {
		pc := mtp.ANSI(9, 9, 9)
		if err := json.Unmarshal([]byte(bad), &pc); err == nil || pc != mtp.ANSI(9, 9, 9) {
			t.Errorf("%s was read as %v, %v", bad, pc, err)
		}
	}
}
