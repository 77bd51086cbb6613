package wappush_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/otagate/otagate/internal/testvec"
	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/wappush"
	"github.com/otagate/otagate/wappush/wbxml"
	"github.com/otagate/otagate/wappush/xmldoc"
)

func at(s string) time.Time {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		panic(err) // a mistake in the test
	}
	return t
}

func example() *wappush.ServiceIndication {
	return &wappush.ServiceIndication{
		Href: "https://www.example.com/a?b=1&c=2", ID: "id1@acme", Action: wappush.SignalHigh,
		Created: at("2024-02-29T08:00:00Z"), Expires: at("2024-03-01T00:00:00Z"), Text: "New settings",
	}
}

func ExampleServiceLoading() {
	sl := wappush.ServiceLoading{Href: "http://m.acme.example/", Action: wappush.ExecuteLow}
	if err := sl.Validate(); err != nil {
		fmt.Println(err)
	}
	octets, err := sl.Append(nil)
	fmt.Printf("%x %v\n", octets, err)
	// Output: 03066a008509036d2e61636d652e6578616d706c652f000501 <nil>
}

// TestDates are the dates of the tables, and what is left out at their ends.
func TestDates(t *testing.T) {
	for text, want := range map[string]string{
		"1999-06-25T15:23:15Z":      "c30719990625152315",
		"1999-06-30T00:00:00Z":      "c30419990630",
		"2024-02-29T08:00:00Z":      "c3052024022908",
		"2024-02-29T08:00:01Z":      "c30720240229080001",
		"2000-10-10T10:10:00Z":      "c306200010101010",
		"9999-12-31T23:59:59Z":      "c30799991231235959",
		"2024-02-29T01:00:00+01:00": "c30420240229",
	} {
		s := wappush.ServiceIndication{Created: at(text)}
		b, err := s.Append(nil)
		if got := hex.EncodeToString(b); err != nil || got != "03056a0045860a"+want+"0101" {
			t.Errorf("%s: %s, %v; want %s", text, got, err, want)
		}
		var back wappush.ServiceIndication
		if err := back.Decode(b); err != nil || !back.Created.Equal(s.Created) {
			t.Errorf("%s came back as %v, %v", text, back.Created, err)
		}
	}
}

func TestHref(t *testing.T) {
	for href, want := range map[string]string{
		"http://":                     "0c",
		"http://www.":                 "0d",
		"http://ww.a":                 "0c0377772e6100",
		"HTTP://a":                    "0b03485454503a2f2f6100",
		"https://a.com":               "0e03612e636f6d00",
		"https://www.com/":            "0f03636f6d2f00",
		"https://www..edu/":           "0f86",
		"http://a.net/.org/b..com/.c": "0c036100" + "8788" + "03622e0085032e6300",
	} {
		b, err := (&wappush.ServiceIndication{Href: href}).Append(nil)
		if got := hex.EncodeToString(b); err != nil || got != "03056a004586"+want+"0101" {
			t.Errorf("%s: %s, %v; want %s", href, got, err, want)
		}
	}
}

func TestValidate(t *testing.T) {
	if err := example().Validate(); err != nil {
		t.Fatal(err)
	}
	type si = wappush.ServiceIndication
	for name, tt := range map[string]struct {
		change  func(s *si)
		element string
		want    string
	}{
		"no href":              {func(s *si) { s.Href = "" }, "indication", "no href"},
		"a relative href":      {func(s *si) { s.Href = "/a" }, "indication", "no absolute address"},
		"a space in the href":  {func(s *si) { s.Href = "http://a b" }, "indication", "octet 0x20"},
		"an umlaut in it":      {func(s *si) { s.Href = "http://ä" }, "indication", "octet 0xc3"},
		"a long href":          {func(s *si) { s.Href = "http://" + strings.Repeat("a", wappush.MaxHref) }, "indication", "at most 1024"},
		"a long id":            {func(s *si) { s.ID = strings.Repeat("a", wappush.MaxID+1) }, "indication", "si-id has 256"},
		"a NUL in the text":    {func(s *si) { s.Text = "a\x00" }, "indication", "control character"},
		"text not UTF-8":       {func(s *si) { s.Text = "\xff" }, "indication", "not UTF-8"},
		"a long text":          {func(s *si) { s.Text = strings.Repeat("a", wappush.MaxText+1) }, "indication", "text has 1025"},
		"delete without id":    {func(s *si) { s.Action, s.ID = wappush.Delete, "" }, "indication", "delete without si-id"},
		"an action of SL":      {func(s *si) { s.Action = wappush.Cache }, "indication", "cache"},
		"expired when created": {func(s *si) { s.Expires = at("2024-02-29T07:59:59Z") }, "indication", "before created"},
		"a year of five":       {func(s *si) { s.Expires = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC) }, "indication", "si-expires is no date"},
		"a year before Christ": {func(s *si) { s.Created = time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC) }, "indication", "created is no date"},
		"an item without":      {func(s *si) { s.Info = []wappush.Item{{Text: "x"}} }, "item", "no class"},
		"a NUL in a class":     {func(s *si) { s.Info = []wappush.Item{{Class: "\x00"}} }, "item", "class has"},
		"a NUL in an item":     {func(s *si) { s.Info = []wappush.Item{{Class: "a", Text: "\x00"}} }, "item", "text has"},
	} {
		s := example()
		tt.change(s)
		wantInvalid(t, name, s.Validate(), tt.element, tt.want)
	}
	sl := wappush.ServiceLoading{Href: "http://a"}
	if err := sl.Validate(); err != nil {
		t.Error(err)
	}
	sl.Action = wappush.SignalHigh
	wantInvalid(t, "an action of SI", sl.Validate(), "sl", "signal-high")
	wantInvalid(t, "no href", new(wappush.ServiceLoading).Validate(), "sl", "no href")
}

func wantInvalid(t *testing.T, name string, err error, element, want string) {
	t.Helper()
	var invalid *wappush.InvalidError
	if !errors.As(err, &invalid) || invalid.Element != element || !strings.Contains(invalid.Reason, want) {
		t.Errorf("%s: %v; want <%s>: … %s", name, err, element, want)
	}
}

// TestUnencodable is what no octets can say.
func TestUnencodable(t *testing.T) {
	long := strings.Repeat("a", wbxml.MaxString+1)
	for name, m := range map[string]interface {
		Append([]byte) ([]byte, error)
	}{
		"href":       &wappush.ServiceIndication{Href: "a\x00"},
		"si-id":      &wappush.ServiceIndication{ID: long},
		"text":       &wappush.ServiceIndication{Text: "\x00"},
		"class":      &wappush.ServiceIndication{Info: []wappush.Item{{Class: "\x00"}}},
		"item":       &wappush.ServiceIndication{Info: []wappush.Item{{Text: long}}},
		"action":     &wappush.ServiceLoading{Href: "a", Action: wappush.Delete},
		"created":    &wappush.ServiceIndication{Created: time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)},
		"si-expires": &wappush.ServiceIndication{Expires: time.Date(-1, 1, 1, 0, 0, 0, 0, time.UTC)},
	} {
		b, err := m.Append([]byte("<"))
		var we *wire.Error
		if !errors.As(err, &we) || we.Field != name || we.Offset != -1 || string(b) != "<" {
			t.Errorf("%s: %q, %v", name, b, err)
		}
	}
	for _, s := range []wappush.ServiceLoading{{}, {Href: "\x00"}} {
		if _, err := s.Append(nil); err == nil {
			t.Errorf("%+v is encoded", s)
		}
	}
	if _, err := (&wappush.ServiceIndication{Action: wappush.ExecuteLow}).Append(nil); err == nil {
		t.Error("an SI with an action of SL is encoded")
	}
}

func TestAppendDoesNotAllocate(t *testing.T) {
	si, sl := example(), &wappush.ServiceLoading{Href: "http://m.acme.example/"}
	b := make([]byte, 0, 512)
	testvec.NoAllocs(t, "SI", func() { b, _ = si.Append(b[:0]) })
	testvec.NoAllocs(t, "SL", func() { b, _ = sl.Append(b[:0]) })
}

func drawText(t *rapid.T, label string) string {
	return strings.TrimSpace(rapid.StringOf(rapid.RuneFrom([]rune("ab.c /&<>'\"äж🙂"))).Draw(t, label))
}

func drawDate(t *rapid.T, label string) time.Time {
	if rapid.Bool().Draw(t, "no "+label) {
		return time.Time{}
	}
	return time.Unix(rapid.Int64Range(-50_000_000_000, 250_000_000_000).Draw(t, label), 0).UTC().Truncate(
		rapid.SampledFrom([]time.Duration{time.Second, time.Minute, time.Hour, 24 * time.Hour}).Draw(t, "trimmed to"))
}

func drawHref(t *rapid.T) string {
	piece := rapid.SampledFrom([]string{"http://", "https://", "www.", ".com/", ".edu/", ".net/", ".org/", ".com", "a", "b?c=d&e", ".", "/"})
	return strings.Join(rapid.SliceOfN(piece, 1, 8).Draw(t, "href"), "")
}

func drawMessage(t *rapid.T) wappush.Message {
	if rapid.Bool().Draw(t, "SL") {
		return &wappush.ServiceLoading{Href: drawHref(t), Action: rapid.SampledFrom([]wappush.Action{0, wappush.ExecuteLow, wappush.ExecuteHigh, wappush.Cache}).Draw(t, "action")}
	}
	s := &wappush.ServiceIndication{
		Href: drawHref(t), ID: drawText(t, "si-id"), Text: drawText(t, "text"),
		Action:  wappush.Action(rapid.IntRange(0, int(wappush.Delete)).Draw(t, "action")),
		Created: drawDate(t, "created"), Expires: drawDate(t, "si-expires"),
	}
	for range rapid.IntRange(0, 3).Draw(t, "items") {
		s.Info = append(s.Info, wappush.Item{Class: drawText(t, "class"), Text: drawText(t, "item")})
	}
	return s
}

// TestForms: a message comes back from each of its forms, and the encoder that
// knows its tokens gives what that for any document gives.
func TestForms(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := drawMessage(t)
		b, err := m.Append(nil)
		if err != nil {
			t.Fatal(err)
		}
		var back wappush.Message = new(wappush.ServiceIndication)
		if _, is := m.(*wappush.ServiceLoading); is {
			back = new(wappush.ServiceLoading)
		}
		if err := back.(interface{ Decode([]byte) error }).Decode(b); err != nil {
			t.Fatalf("%x: %v", b, err)
		}
		if d := cmp.Diff(m, back); d != "" {
			t.Fatalf("octets %x:\n%s", b, d)
		}
		if back, err = wappush.ParseXML(m.AppendXML(nil)); err != nil {
			t.Fatalf("%s: %v", m.AppendXML(nil), err)
		}
		if d := cmp.Diff(m, back); d != "" {
			t.Fatalf("XML %s:\n%s", m.AppendXML(nil), d)
		}
		j, err := wappush.ToJSON(m)
		if err != nil {
			t.Fatal(err)
		}
		if back, err = wappush.FromJSON(j); err != nil {
			t.Fatalf("%s: %v", j, err)
		}
		if d := cmp.Diff(m, back); d != "" {
			t.Fatalf("JSON %s:\n%s", j, d)
		}
		var doc wbxml.Document
		if err := doc.Decode(b, nil); err != nil {
			t.Fatal(err)
		}
		if again, err := doc.Append(nil); err != nil || !bytes.Equal(b, again) {
			t.Fatalf("%x, of any document %x, %v", b, again, err)
		}
	})
}

func TestParseXML(t *testing.T) {
	const doctype = `<?xml version="1.0"?>
<!DOCTYPE si PUBLIC "-//WAPFORUM//DTD SI 1.0//EN" "http://www.wapforum.org/DTD/si.dtd">
`
	m, err := wappush.ParseXML([]byte(doctype + `<si>
  <indication href="http://www.gni.ch" si-id="1@gni.ch" action="signal-high"
    created="1999-06-25T15:23:15Z" si-expires="2005-06-30T00:00:00Z">
    You have 4 new emails
  </indication>
</si>`))
	want := &wappush.ServiceIndication{
		Href: "http://www.gni.ch", ID: "1@gni.ch", Action: wappush.SignalHigh, Text: "You have 4 new emails",
		Created: at("1999-06-25T15:23:15Z"), Expires: at("2005-06-30T00:00:00Z"),
	}
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(wappush.Message(want), m); d != "" {
		t.Error(d)
	}
	for text, want := range map[string]string{
		`<co/>`:                                           "<co>: neither si nor sl",
		`<si/>`:                                           "<si>: no indication",
		`<si x="1"><indication/></si>`:                    "<si>: unknown attribute x",
		`<si>x<indication/></si>`:                         "<si>: text where",
		`<si><indication/><indication/></si>`:             "<indication>: a second one",
		`<si><indication/><b/></si>`:                      "<b>: unknown element",
		`<si><indication>a<b/></indication></si>`:         "<b>: unknown element",
		`<si><indication target="x"/></si>`:               "unknown attribute target",
		`<si><indication action="cache"/></si>`:           `action "cache" is not known`,
		`<si><indication action=""/></si>`:                `action "" is not known`,
		`<si><indication created="2024"/></si>`:           `created "2024": want YYYY`,
		`<si><indication si-expires=""/></si>`:            `si-expires ""`,
		`<si><indication/><info><x/></info></si>`:         "<x>: unknown element",
		`<si><indication/><info y="1"/></si>`:             "unknown attribute y",
		`<si><indication/><info><item x=""/></info></si>`: "<item>: unknown attribute x",
		`<sl/>`:                     "<sl>: no href",
		`<sl href=""/>`:             "<sl>: no href",
		`<sl href="a" x="b"/>`:      "unknown attribute x",
		`<sl href="a">b</sl>`:       "<sl>: text where",
		`<sl href="a"><b/></sl>`:    "<b>: unknown element",
		`<sl href="a" action="x"/>`: `action "x"`,
		doctype + `<sl href="a"/>`:  `the DOCTYPE is of "si"`,
		`<!DOCTYPE sl [<!ENTITY x SYSTEM "file:///x">]><sl href="&x;"/>`: "entity",
	} {
		_, err := wappush.ParseXML([]byte(text))
		var xe *xmldoc.Error
		if !errors.As(err, &xe) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v; want an error that says %q", text, err, want)
		}
	}
}

func TestJSONRefused(t *testing.T) {
	for text, want := range map[string]string{
		`[]`:                                 "array",
		`{}`:                                 `"message"`,
		`{"message":"CO"}`:                   `"CO"`,
		`{"message":"ServiceLoading","x":1}`: `unknown field "x"`,
		`{"message":"ServiceLoading","action":"loading"}`: "loading",
	} {
		if _, err := wappush.FromJSON([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v; want an error that says %q", text, err, want)
		}
	}
}

func TestActions(t *testing.T) {
	for a := wappush.SignalNone; a <= wappush.Cache; a++ {
		if back, ok := wappush.ParseAction(a.String()); !ok || back != a {
			t.Errorf("%v came back as %v, %t", a, back, ok)
		}
	}
	if got := wappush.Action(99).String(); got != "Action(99)" {
		t.Errorf("an action without a name: %q", got)
	}
	for _, s := range []string{"", "signal", "Action(99)"} {
		if a, ok := wappush.ParseAction(s); ok {
			t.Errorf("%q is %v", s, a)
		}
	}
}

func FuzzParseXML(f *testing.F) {
	f.Add(example().AppendXML(nil))
	f.Add((&wappush.ServiceLoading{Href: "http://a", Action: wappush.Cache}).AppendXML(nil))
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := wappush.ParseXML(b)
		if err != nil {
			return
		}
		text := m.AppendXML(nil)
		again, err := wappush.ParseXML(text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if d := cmp.Diff(m, again); d != "" {
			t.Fatalf("%s:\n%s", text, d)
		}
	})
}
