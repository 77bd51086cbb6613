package omacp_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/otagate/otagate/internal/testvec"
	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/wappush/omacp"
)

// TestConservative: an operator's encoder went back to page 0 before every
// value, and ours gives its octets.
func TestConservative(t *testing.T) {
	b := body(t, "operators/1")
	var d omacp.Document
	if err := d.Decode(b); err != nil {
		t.Fatal(err)
	}
	got, err := d.AppendWith(nil, omacp.Options{Conservative: true})
	if err != nil || !bytes.Equal(got, b) {
		t.Errorf("%v\n got %x\nwant %x", err, got, b)
	}
}

// TestPages is which page a value is looked up on.
func TestPages(t *testing.T) {
	for _, c := range []struct{ doc, plain, conservative string }{
		// A value with a token on page 1 stays there; HTTP-BASIC has one on page 0 only.
		{app(ch("APPAUTH", "AAUTHLEVEL=APPSRV", "AAUTHTYPE=HTTP-BASIC")),
			"C6000155018736060377320001 C65701 8730068D01 873306 03485454502D424153494300 01 0101",
			"C60001550187360000060377320001 C600015701 8730068D01 87330000 069C 01 0101"},
		// The port of an application has no token for its service; that of a proxy has.
		{ch("APPADDR", ch("PORT", "PORTNBR=1", "SERVICE=CO-WSP")) + ch("PXPHYSICAL", ch("PORT", "SERVICE=CO-WSP")),
			"C600015601 C65301 872306033100 01 872406 03434F2D57535000 01 0101 C600005201 C65301 872406CB01 0101",
			"C600015601 C65301 87230000 06033100 01 872406CB 01 0101 C65201 C65301 872406CB01 0101"},
		// No switch for what both pages have, and none for an unknown name.
		{ch("APPLICATION", "NAME", "INTERNET", "X", ch("CLIENTIDENTITY", "TO-NAPID"), ch("FOO")),
			"C600015501 870701 871401 8705035800 01 C65801 872201 01 8650 03464F4F00 01 01",
			"C600015501 870701 871401 8705035800 01 C65801 872201 01 8650 03464F4F00 01 01"},
		// Empty values.
		{app("NAME="), "C600015501 87360603773200 01 870706 01 01", "C600015501 87360000 0603773200 01 870706 01 01"},
	} {
		d := parse(t, c.doc)
		for conservative, want := range map[bool]string{false: c.plain, true: c.conservative} {
			const head = "030B6A00 C545 03312E3100 01"
			got, err := d.AppendWith(nil, omacp.Options{Conservative: conservative})
			if w := unhex(t, head+want+"01"); err != nil || !bytes.Equal(got, w) {
				t.Errorf("%s, conservative %t: %v\n got %x\nwant %x", c.doc, conservative, err, got, w)
			}
			var back omacp.Document
			if err := back.Decode(got); err != nil {
				t.Error(err)
			} else if diff := cmp.Diff(d, &back); diff != "" {
				t.Errorf("%s, conservative %t:\n%s", c.doc, conservative, diff)
			}
		}
	}
}

func TestAppendRefuses(t *testing.T) {
	deep := omacp.Characteristic{Type: "X"}
	for range 40 {
		deep = omacp.Characteristic{Type: "X", Characteristics: []omacp.Characteristic{deep}}
	}
	with := func(p omacp.Parm) omacp.Characteristic { return omacp.Characteristic{Parms: []omacp.Parm{p}} }
	for _, c := range []struct {
		field string
		want  error
		d     omacp.Document
	}{
		{"characteristic", wire.ErrTooLong, omacp.Document{Characteristics: []omacp.Characteristic{deep}}},
		{"version", wire.ErrValue, omacp.Document{Version: "1\x00"}},
		{"type", wire.ErrValue, omacp.Document{Characteristics: []omacp.Characteristic{{Type: "\x00"}}}},
		{"name", wire.ErrValue, omacp.Document{Characteristics: []omacp.Characteristic{with(omacp.Flag("\xff"))}}},
		{"value", wire.ErrValue, omacp.Document{Characteristics: []omacp.Characteristic{with(omacp.Set("X", "a\x00"))}}},
		{"value", wire.ErrValue, omacp.Document{Characteristics: []omacp.Characteristic{with(omacp.Parm{Name: "X", Value: "a", NoValue: true})}}},
		{"value", wire.ErrTooLong, omacp.Document{Characteristics: []omacp.Characteristic{with(omacp.Set("X", strings.Repeat("a", 1<<16+1)))}}},
	} {
		dst := []byte("before")
		got, err := c.d.Append(dst)
		var we *wire.Error
		if !errors.As(err, &we) || we.Field != c.field || !errors.Is(err, c.want) || string(got) != "before" {
			t.Errorf("want %s: %v; got %v, %q", c.field, c.want, err, got)
		}
	}
}

func TestNoAllocations(t *testing.T) {
	for _, name := range []string{"apn", "mms", "dmaccount", "browserproxy", "operators/1"} {
		var d omacp.Document
		if err := d.Decode(body(t, name)); err != nil {
			t.Fatal(err)
		}
		room := make([]byte, 0, 1024)
		testvec.NoAllocs(t, name, func() {
			if _, err := d.Append(room); err != nil {
				t.Fatal(err)
			}
		})
	}
}

func BenchmarkAppend(b *testing.B) {
	var d omacp.Document
	octets := body(b, "provcont")
	if err := d.Decode(octets); err != nil {
		b.Fatal(err)
	}
	room := make([]byte, 0, 1024)
	b.SetBytes(int64(len(octets)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := d.Append(room); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDecode(b *testing.B) {
	octets := body(b, "provcont")
	b.SetBytes(int64(len(octets)))
	b.ReportAllocs()
	for b.Loop() {
		var d omacp.Document
		if err := d.Decode(octets); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkMAC(b *testing.B) {
	octets := body(b, "provcont")
	for b.Loop() {
		if _, err := omacp.MAC(octets, omacp.USERPIN, omacp.Key{PIN: "1234"}); err != nil {
			b.Fatal(err)
		}
	}
}
