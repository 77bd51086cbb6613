package wbxml_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/otagate/otagate/internal/testvec"
	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/wappush/wbxml"
)

func ExampleDocument() {
	b, _ := hex.DecodeString("03066a00850a036f7265696c6c79008501")
	var d wbxml.Document
	if err := d.Decode(b, nil); err != nil {
		fmt.Println(err)
	}
	for _, line := range d.Lines() {
		fmt.Println(line.Offset, line.Text)
	}
	// Output: 4 <sl href="http://www.oreilly.com/"/>
}

// TestPublicID: it is a number of several octets.
func TestPublicID(t *testing.T) {
	for _, v := range []uint32{5, 127, 128, 0x1201, 0x0fd3, 1<<32 - 1} {
		var d wbxml.Document
		if err := d.Decode(append(wire.AppendUintvar([]byte{3}, v), 0x6a, 0, 5), nil); err != nil || d.PublicID != v {
			t.Errorf("%d came back as %d, %v", v, d.PublicID, err)
		}
	}
}

// TestLookups are what an encoder asks a language.
func TestLookups(t *testing.T) {
	for _, tt := range []struct {
		l           *wbxml.Language
		page        byte
		name, value string
		token       byte
		rest        string
		ok          bool
	}{
		{wbxml.SI, 0, "href", "http://www.a", 0x0d, "a", true},
		{wbxml.SI, 0, "href", "https:", 0x0b, "https:", true},
		{wbxml.SI, 0, "action", "signal-high", 0x08, "", true},
		{wbxml.SI, 0, "action", "signal-higher", 0, "signal-higher", false},
		{wbxml.SI, 1, "href", "http://", 0, "http://", false},
		{wbxml.PROV, 0, "name", "PXADDR", 0x20, "", true},
		{wbxml.PROV, 0, "name", "PXADDR-FQDN", 0x3d, "", true},
		{wbxml.PROV, 0, "name", "PXADDR-X", 0x05, "PXADDR-X", true},
		{wbxml.PROV, 0, "name", "APPID", 0x05, "APPID", true},
		{wbxml.PROV, 1, "name", "APPID", 0x36, "", true},
		{wbxml.PROV, 0, "version", "1.0", 0x46, "", true},
		{wbxml.PROV, 0, "version", "1.1", 0x45, "1.1", true},
		{wbxml.PROV, 1, "type", "RESOURCE", 0x59, "", true},
		{wbxml.PROV, 0, "value", "", 0x06, "", true},
		{wbxml.PROV, 0, "", "x", 0, "x", false},
		{nil, 0, "href", "x", 0, "x", false},
	} {
		token, rest, ok := tt.l.LongestStart(tt.page, tt.name, tt.value)
		if token != tt.token || rest != tt.rest || ok != tt.ok {
			t.Errorf("%v page %d %s=%q: %02x %q %t, want %02x %q %t", tt.l.Name(), tt.page, tt.name, tt.value, token, rest, ok, tt.token, tt.rest, tt.ok)
		}
	}
	for _, tt := range []struct {
		page  byte
		value string
		token byte
	}{{0, "APN", 0x89}, {1, "APN", 0}, {1, "BASIC", 0x92}, {0, "OTA-HTTP-TLS-PO", 0xd3}, {0, "", 0}, {9, "APN", 0}} {
		if token, ok := wbxml.PROV.ValueToken(tt.page, tt.value); token != tt.token || ok != (tt.token != 0) {
			t.Errorf("value %q of page %d: %02x %t", tt.value, tt.page, token, ok)
		}
	}
	if token, ok := wbxml.SyncML.TagToken(1, "NextNonce"); token != 0x10 || !ok {
		t.Errorf("NextNonce: %02x %t", token, ok)
	}
	testvec.NoAllocs(t, "lookups", func() {
		wbxml.PROV.LongestStart(1, "name", "AAUTHNAME")
		wbxml.PROV.ValueToken(0, "OTA-HTTP-TLS-PO")
		wbxml.LanguageOf(0x1201, "")
	})
}

func TestLanguageOf(t *testing.T) {
	for _, tt := range []struct {
		id   uint32
		text string
		want *wbxml.Language
	}{
		{5, "", wbxml.SI}, {6, "", wbxml.SL}, {7, "", wbxml.CO}, {0x0b, "", wbxml.PROV}, {0x0d, "", wbxml.EMN}, {1, "", wbxml.LegacyOTA},
		{0x1201, "", wbxml.SyncML}, {0x0fd1, "", wbxml.SyncML}, {0, "-//SYNCML//DTD SyncML 1.1//EN", wbxml.SyncML},
		{0, "-//WAPFORUM//DTD PROV 1.0//EN", wbxml.PROV}, {0, "", nil}, {0x110e, "", nil}, {4, "-//WAPFORUM//DTD SI 1.0//EN", nil},
	} {
		if got, ok := wbxml.LanguageOf(tt.id, tt.text); got != tt.want || ok != (tt.want != nil) {
			t.Errorf("%x %q: %v %t", tt.id, tt.text, got.Name(), ok)
		}
	}
}

func nested(depth int) []byte {
	b := append([]byte{3, 5, 0x6a, 0}, bytes.Repeat([]byte{0x45}, depth-1)...)
	return append(append(b, 5), bytes.Repeat([]byte{1}, depth-1)...)
}

func TestDepth(t *testing.T) {
	var d wbxml.Document
	if err := d.Decode(nested(wbxml.MaxDepth), nil); err != nil {
		t.Fatal(err)
	}
	if b, err := d.Append(nil); err != nil || !bytes.Equal(b, nested(wbxml.MaxDepth)) {
		t.Errorf("%x, %v", b, err)
	}
	d.Root = &wbxml.Element{Name: "si", Content: []wbxml.Node{{Element: d.Root}}}
	if _, err := d.Append(nil); !errors.Is(err, wire.ErrTooLong) {
		t.Errorf("one deeper: %v", err)
	}
}

// TestHostile: what is small on the wire and large in memory is refused.
func TestHostile(t *testing.T) {
	table := append(bytes.Repeat([]byte{'a'}, wbxml.MaxTable-1), 0)
	withTable := func(body ...byte) []byte {
		return append(wbxml.AppendHeader(nil, &wbxml.Header{PublicID: 5, Charset: wbxml.UTF8, Strings: table}), body...)
	}
	many := func(n int, item ...byte) []byte { return append(bytes.Repeat(item, n), 1) }
	plain := []byte{3, 5, 0x6a, 0, 0x45}
	for name, tt := range map[string]struct {
		b     []byte
		field string
	}{
		"references":  {withTable(append([]byte{0x45}, many(30_000, 0x46, 0x83, 0, 1)...)...), "string"},
		"names":       {withTable(append([]byte{0x45}, many(30_000, 4, 0)...)...), "tag name"},
		"elements":    {append(plain[:5:5], many(40_000, 6)...), "tag"},
		"attributes":  {append([]byte{3, 5, 0x6a, 0, 0x85}, many(40_000, 0x0b)...), "attribute"},
		"texts":       {append(plain[:5:5], many(20_000, 3, 'a', 0, 0xc3, 1, 'b')...), "OPAQUE"},
		"one text":    {append(plain[:5:5], many(40_000, 3, 'a', 'b', 0)...), "text"},
		"parameters":  {append([]byte{3, 0x0b, 0x6a, 0, 0x85}, many(40_000, 6)...), "attribute"},
		"values":      {append([]byte{3, 5, 0x6a, 0, 0x85, 0x0b}, many(40_000, 0x85)...), "text"},
		"many values": {append([]byte{3, 0x0b, 0x6a, 0, 0x45}, many(5_000, append(append([]byte{0x87, 6}, bytes.Repeat([]byte{0x95}, 20)...), 1)...)...), "value"},
		"a string":    {append(plain[:5:5], append(append([]byte{3}, bytes.Repeat([]byte{'a'}, wbxml.MaxString+1)...), 0, 1)...), "string"},
	} {
		var d wbxml.Document
		err := d.Decode(tt.b, nil)
		var we *wire.Error
		if !errors.As(err, &we) || we.Field != tt.field || !errors.Is(err, wire.ErrTooLong) {
			t.Errorf("%s: %v; want that %q is too long", name, err, tt.field)
		}
	}
	var d wbxml.Document
	if err := d.Decode(append(plain[:5:5], many(30_000, 0x2f)...), nil); err != nil || len(d.Anomalies) != 100 {
		t.Errorf("unknown tags: %v, %d anomalies", err, len(d.Anomalies))
	}
}

func TestAnomalies(t *testing.T) {
	b, _ := hex.DecodeString("03056a0045c62b9c01c001436b01" + "01")
	var d wbxml.Document
	if err := d.Decode(b, nil); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, a := range d.Anomalies {
		got = append(got, fmt.Sprint(a.Offset, " ", a.What))
	}
	if d := cmp.Diff([]string{
		"6 unknown attr-2b", "7 unknown value-9c", "9 extension token skipped", "11 processing instruction skipped", "12 unknown attr-6b",
	}, got); d != "" {
		t.Error(d)
	}
}

func TestUnencodable(t *testing.T) {
	root := func(e wbxml.Element) *wbxml.Document {
		return &wbxml.Document{Header: wbxml.Header{PublicID: 5, Charset: wbxml.UTF8}, Root: &e}
	}
	text := func(s string) wbxml.Element { return wbxml.Element{Name: "si", Content: []wbxml.Node{{Text: s}}} }
	long := strings.Repeat("a", wbxml.MaxString+1)
	version, charset := root(text("x")), root(text("x"))
	version.Version, charset.Charset = 4, 1000
	many := wbxml.Element{Name: "si"}
	for i := range 10 {
		many.Content = append(many.Content, wbxml.Node{Element: &wbxml.Element{Name: fmt.Sprint(i, strings.Repeat("x", 10_000))}})
	}
	for name, tt := range map[string]struct {
		d   *wbxml.Document
		err error
	}{
		"version":        {version, wire.ErrUnsupported},
		"charset":        {charset, wire.ErrUnsupported},
		"no root":        {&wbxml.Document{}, wire.ErrMissing},
		"a NUL":          {root(text("a\x00")), wire.ErrValue},
		"long text":      {root(text(long)), wire.ErrTooLong},
		"NUL in a name":  {root(wbxml.Element{Name: "\x00"}), wire.ErrValue},
		"NUL in a value": {root(wbxml.Element{Name: "si", Attrs: []wbxml.Attr{{Name: "href", Value: "\x00"}}}), wire.ErrValue},
		"a long value":   {root(wbxml.Element{Name: "si", Attrs: []wbxml.Attr{{Name: "href", Value: long}}}), wire.ErrTooLong},
		"long octets":    {root(wbxml.Element{Name: "si", Content: []wbxml.Node{{Opaque: []byte(long)}}}), wire.ErrTooLong},
		"many names":     {root(many), wire.ErrTooLong},
	} {
		b, err := tt.d.Append([]byte("<"))
		var we *wire.Error
		if !errors.As(err, &we) || !errors.Is(err, tt.err) || we.Offset != -1 || string(b) != "<" {
			t.Errorf("%s: %q, %v; want %v", name, b, err, tt.err)
		}
	}
}

// drawElement draws what a document can say in one way only: no two texts side
// by side.
func drawElement(t *rapid.T, l *wbxml.Language, depth int) *wbxml.Element {
	name := rapid.SampledFrom([]string{"si", "indication", "characteristic", "parm", "PARM", "Meta", "other", "tag-2f"})
	attr := rapid.SampledFrom([]string{"href", "action", "name", "value", "type", "NAME", "VALUE", "x", "attr-7e"})
	value := rapid.OneOf(rapid.SampledFrom([]string{"", "http://www.a.com/b", "signal-high", "APPID", "PXLOGICAL", "RESOURCE", "APN", "BASIC", "GPRS", "value-9f", ".org/"}), rapid.StringMatching(`[a-zäж/.]{0,9}`))
	e := &wbxml.Element{Name: name.Draw(t, "name")}
	for range rapid.IntRange(0, 3).Draw(t, "attributes") {
		a := wbxml.Attr{Name: attr.Draw(t, "attribute")}
		switch rapid.IntRange(0, 4).Draw(t, "kind") {
		case 0:
			a.NoValue = true
		case 1:
			a.Opaque = rapid.SliceOfN(rapid.Byte(), 1, 9).Draw(t, "octets")
		default:
			a.Value = value.Draw(t, "value")
		}
		e.Attrs = append(e.Attrs, a)
	}
	for i := range rapid.IntRange(0, 3).Draw(t, "content") {
		var n wbxml.Node
		switch {
		case depth < 4 && i%2 == 0:
			n.Element = drawElement(t, l, depth+1)
		case i%2 == 0:
			n.Opaque = rapid.SliceOfN(rapid.Byte(), 1, 9).Draw(t, "octets")
		default:
			n.Text = rapid.StringMatching(`[a-zäж<& ]{1,9}`).Draw(t, "text")
		}
		e.Content = append(e.Content, n)
	}
	return e
}

// TestDocuments: any document comes back, from octets and from JSON, whatever
// its language has tokens for.
func TestDocuments(t *testing.T) {
	ignore := cmpopts.IgnoreFields(wbxml.Document{}, "Strings", "Anomalies")
	places := cmp.Options{cmpopts.IgnoreFields(wbxml.Element{}, "Offset"), cmpopts.IgnoreFields(wbxml.Attr{}, "Offset", "Page"), cmpopts.IgnoreFields(wbxml.Node{}, "Offset")}
	rapid.Check(t, func(t *rapid.T) {
		l := rapid.SampledFrom([]*wbxml.Language{wbxml.SI, wbxml.PROV, wbxml.SyncML, wbxml.LegacyOTA, nil}).Draw(t, "language")
		d := &wbxml.Document{
			Header: wbxml.Header{
				Version: rapid.ByteRange(1, 3).Draw(t, "version"), PublicID: 0x99,
				Charset: rapid.SampledFrom([]uint32{wbxml.UTF8, wbxml.CharsetUnknown, wbxml.ISO88591, wbxml.USASCII}).Draw(t, "charset"),
			},
			Language: l, Root: drawElement(t, l, 1),
		}
		switch {
		case l != nil && l.Text() != "" && rapid.Bool().Draw(t, "text"):
			d.PublicID, d.PublicIDText = 0, l.Text()
		case l != nil:
			d.PublicID = l.PublicID()
		}
		b, err := d.Append(nil)
		if err != nil {
			t.Fatal(err)
		}
		back := new(wbxml.Document)
		if err := back.Decode(b, nil); err != nil {
			t.Fatalf("%x: %v", b, err)
		}
		if d := cmp.Diff(d, back, ignore, places); d != "" {
			t.Fatalf("%x:\n%s", b, d)
		}
		tr := new(wire.Trace)
		c := wire.NewCursorAt("wbxml", b, 0, tr)
		traced, err := wbxml.Read(&c)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(back, traced); d != "" {
			t.Fatalf("with a trace:\n%s", d)
		}
		j, err := wbxml.ToJSON(back)
		if err != nil {
			t.Fatal(err)
		}
		again, err := wbxml.FromJSON(j)
		if err != nil {
			t.Fatalf("%s: %v", j, err)
		}
		if d := cmp.Diff(back, again, ignore, places); d != "" {
			t.Fatalf("%s:\n%s", j, d)
		}
	})
}

// TestSecrets: neither the fields nor the lines show one.
func TestSecrets(t *testing.T) {
	const secret = "s3cret"
	attr := func(l *wbxml.Language, inner, name, of, value string) *wbxml.Document {
		return &wbxml.Document{Language: l, Root: &wbxml.Element{Name: inner, Attrs: []wbxml.Attr{{Name: name, Value: of}, {Name: value, Value: secret}}}}
	}
	for name, d := range map[string]*wbxml.Document{
		"provisioning": attr(wbxml.PROV, "parm", "name", "AAUTHSECRET", "value"),
		"value first":  {Language: wbxml.PROV, Root: &wbxml.Element{Name: "parm", Attrs: []wbxml.Attr{{Name: "value", Value: secret}, {Name: "name", Value: "AUTHSECRET"}}}},
		"proxy":        attr(wbxml.PROV, "parm", "name", "PXAUTH-PW", "value"),
		"nonce":        attr(wbxml.PROV, "parm", "name", "AAUTHDATA", "value"),
		"settings":     attr(wbxml.LegacyOTA, "PARM", "NAME", "PPP_AUTHSECRET", "VALUE"),
		"credentials": {Language: wbxml.SyncML, Root: &wbxml.Element{Name: "Cred", Content: []wbxml.Node{
			{Element: &wbxml.Element{Name: "Data", Content: []wbxml.Node{{Text: secret}, {Opaque: []byte(secret)}}}},
		}}},
		"next nonce": {Language: wbxml.SyncML, Root: &wbxml.Element{Name: "NextNonce", Page: 1, Content: []wbxml.Node{{Text: secret}}}},
	} {
		d.PublicID, d.Charset = d.Language.PublicID(), wbxml.UTF8
		b, err := d.Append(nil)
		if err != nil {
			t.Fatal(err)
		}
		tr := new(wire.Trace)
		c := wire.NewCursorAt("wbxml", b, 0, tr)
		if _, err := wbxml.Read(&c); err != nil {
			t.Fatal(err)
		}
		hexed := hex.EncodeToString([]byte(secret))
		if text := tr.Text(false); strings.Contains(text, secret) || strings.Contains(text, hexed) || !strings.Contains(text, "***") {
			t.Errorf("%s:\n%s", name, text)
		}
		if text := tr.Text(true); !strings.Contains(text, secret) {
			t.Errorf("%s, with secrets:\n%s", name, text)
		}
	}
}

func TestJSONRefused(t *testing.T) {
	for text, want := range map[string]string{
		`[]`:                           "array",
		`{"message":"X"}`:              `"X"`,
		`{"message":"Document"}`:       "root",
		`{"message":"Document","x":1}`: `unknown field "x"`,
		`{"message":"Document","language":"WML","root":{"name":"a"}}`: `"WML"`,
	} {
		if _, err := wbxml.FromJSON([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v; want an error that says %q", text, err, want)
		}
	}
}

// TestNoCharacters: octets that are no UTF-8 are characters of no charset.
func TestNoCharacters(t *testing.T) {
	d := wbxml.Document{
		Header: wbxml.Header{Version: 3, PublicID: 5, Charset: wbxml.ISO88591},
		Root:   &wbxml.Element{Name: "si", Content: []wbxml.Node{{Text: "a\xff"}}},
	}
	if b, err := d.Append(nil); !errors.Is(err, wire.ErrValue) {
		t.Errorf("%x, %v", b, err)
	}
}
