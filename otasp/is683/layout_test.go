package is683_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/otasp/is683"
)

// layouts are all tables of the package.
func layouts() []*is683.Layout {
	var all []*is683.Layout
	for id := range uint8(20) {
		for _, l := range []*is683.Layout{is683.ThreeGPDConfigurationLayout(id), is683.ThreeGPDDownloadLayout(id)} {
			if l != nil {
				all = append(all, l)
			}
		}
	}
	return all
}

func TestLayoutSimpleIPProfile(t *testing.T) {
	l := is683.ThreeGPDDownloadLayout(is683.ThreeGPDDownloadSimpleIPProfile)
	values := []is683.LayoutValue{{Items: [][]is683.LayoutValue{{{Number: 3}, {Octets: wire.Hex("a@b")}, {Number: 1}}}}}
	got, err := l.Append(nil, values)
	if err != nil || hex.EncodeToString(got) != "130361406210" {
		t.Fatalf("%x, %v", got, err)
	}
	back, err := l.Decode(got)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(values, back); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// Whatever values a table allows come back from their octets.
func TestLayoutsComeBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := rapid.SampledFrom(layouts()).Draw(t, "layout")
		want := values(gen{t}, l.Fields)
		b, err := l.Append(nil, want)
		if err != nil {
			t.Fatal(err)
		}
		got, err := l.Decode(b)
		if err != nil {
			t.Fatalf("%s: %x: %v", l.Name, b, err)
		}
		if d := cmp.Diff(want, got, cmpopts.EquateEmpty()); d != "" {
			t.Fatalf("%s: %x (-want +got):\n%s", l.Name, b, d)
		}
	})
}

func values(g gen, fields []is683.LayoutField) []is683.LayoutValue {
	out := make([]is683.LayoutValue, len(fields))
	for i, f := range fields {
		most := 1<<f.Bits - 1
		switch f.Kind {
		case is683.LayoutNumber:
			out[i].Number = uint64(g.u32()) & uint64(most)
		case is683.LayoutOctets:
			out[i].Octets = g.octets(min(most, 20))
		case is683.LayoutList, is683.LayoutOptional:
			out[i].Items = slice(g, min(most, 3), func() []is683.LayoutValue { return values(g, f.Fields) })
		}
	}
	return out
}

func TestLayoutHidesSharedSecrets(t *testing.T) {
	l := is683.ThreeGPDDownloadLayout(is683.ThreeGPDDownloadSimpleIPCHAP)
	b, err := l.Append(nil, []is683.LayoutValue{{Items: [][]is683.LayoutValue{{{Number: 0}, {Octets: wire.Hex("secret")}}}}})
	if err != nil {
		t.Fatal(err)
	}
	var tr wire.Trace
	if _, err := l.Trace(b, 10, &tr); err != nil {
		t.Fatal(err)
	}
	if s := tr.Text(false); strings.Contains(s, hex.EncodeToString([]byte("secret"))) || !strings.Contains(s, "<6 octets, secret>") {
		t.Errorf("shown:\n%s", s)
	}
}

func TestLayoutRefuses(t *testing.T) {
	l := is683.ThreeGPDDownloadLayout(is683.ThreeGPDDownloadOperationMode)
	if _, err := l.Append(nil, nil); !errors.Is(err, wire.ErrLength) {
		t.Errorf("no values: %v", err)
	}
	if _, err := l.Append(nil, []is683.LayoutValue{{Number: 4}, {}}); !errors.Is(err, wire.ErrValue) {
		t.Errorf("a mode of three bits: %v", err)
	}
	for _, bad := range [][]byte{{}, {0x40, 0}} {
		if v, err := l.Decode(bad); err == nil {
			t.Errorf("%x: %v", bad, v)
		}
	}
	hrpd := is683.ThreeGPDDownloadLayout(is683.ThreeGPDDownloadHRPDCHAPSecret)
	if _, err := hrpd.Append(nil, []is683.LayoutValue{{Octets: make([]byte, 32)}, {}}); !errors.Is(err, wire.ErrTooLong) {
		t.Errorf("a secret of 32 octets: %v", err)
	}
	retry := is683.ThreeGPDDownloadLayout(is683.ThreeGPDDownloadMobileIPProfile)
	two := [][]is683.LayoutValue{{{}, {}, {}}, {{}, {}, {}}}
	if _, err := retry.Append(nil, []is683.LayoutValue{{Items: two}, {}}); !errors.Is(err, wire.ErrTooLong) {
		t.Errorf("an optional part twice: %v", err)
	}
	if _, err := (&is683.Layout{Name: "x", Fields: []is683.LayoutField{{Kind: is683.LayoutList, Name: "N", Bits: 32}}}).Decode([]byte{0xff, 0xff, 0xff, 0xff}); !errors.Is(err, wire.ErrUnsupported) {
		t.Errorf("four thousand million times nothing: %v", err)
	}
}

// FuzzLayouts gives octets to every table.
func FuzzLayouts(f *testing.F) {
	f.Add([]byte{0x40})
	f.Add(unhex(f, "130361406210"))
	f.Add(unhex(f, "8a40"))
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, l := range layouts() {
			v, err := l.Decode(b)
			if err != nil {
				continue
			}
			once, err := l.Append(nil, v)
			if err != nil {
				t.Fatalf("%s: accepted %x, cannot encode it: %v", l.Name, b, err)
			}
			v, err = l.Decode(once)
			if err != nil {
				t.Fatalf("%s: %x, encoded %x, refused: %v", l.Name, b, once, err)
			}
			if twice, err := l.Append(nil, v); err != nil || !bytes.Equal(once, twice) {
				t.Fatalf("%s: not stable: %x, then %x (%v)", l.Name, once, twice, err)
			}
		}
	})
}
