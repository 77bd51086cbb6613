package xmldoc_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/otagate/otagate/wappush/xmldoc"
)

func TestParse(t *testing.T) {
	const pap = `<?xml version="1.0"?>
<!DOCTYPE pap PUBLIC "-//WAPFORUM//DTD PAP 2.0//EN" "http://www.wapforum.org/DTD/pap_2.0.dtd" [<?wap-pap-ver supported-versions="2.0,1.*"?>]>
<!-- a remark -->
<pap>
 <push-message push-id='a&amp;b'>t&#x41;<![CDATA[<&>]]></push-message>
</pap>
`
	d, err := xmldoc.ParseDocument([]byte(pap), xmldoc.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	inner := &xmldoc.Element{
		Name: "push-message", Attrs: []xmldoc.Attr{{"push-id", "a&b"}},
		Content:  []xmldoc.Node{{Text: "tA"}, {Text: "<&>"}},
		Position: xmldoc.Position{Offset: strings.Index(pap, "<push"), Line: 5, Column: 2},
	}
	want := &xmldoc.Document{
		Doctype: xmldoc.Doctype{"pap", "-//WAPFORUM//DTD PAP 2.0//EN", "http://www.wapforum.org/DTD/pap_2.0.dtd", "2.0,1.*"},
		Root: &xmldoc.Element{
			Name: "pap", Content: []xmldoc.Node{{Text: "\n "}, {Element: inner}, {Text: "\n"}},
			Position: xmldoc.Position{Offset: strings.Index(pap, "<pap"), Line: 4, Column: 1},
		},
	}
	if diff := cmp.Diff(want, d); diff != "" {
		t.Error(diff)
	}
	if got := inner.Text(); got != "tA<&>" {
		t.Errorf("text %q", got)
	}
}

func TestAccepted(t *testing.T) {
	for name, tt := range map[string]struct{ text, attr string }{
		"nothing before":        {`<a x="ü"/>`, "ü"},
		"byte order mark":       {"\ufeff" + `<?xml version="1.0"?><a x="ü"/>`, "ü"},
		"declared UTF-8":        {`<?xml version='1.0' encoding='utf-8'?><a x="ü"/>`, "ü"},
		"Latin-1":               {"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><a x=\"\xfc\"/>", "ü"},
		"ASCII":                 {`<?xml version="1.0" encoding="US-ASCII" standalone="yes"?><a x="u"/>`, "u"},
		"public id alone":       {`<!DOCTYPE a PUBLIC "p"><a x="1"/>`, "1"},
		"system id":             {`<!DOCTYPE a SYSTEM 's'><a x="1"/>`, "1"},
		"name alone":            {`<!DOCTYPE a><a x="1"/>`, "1"},
		"empty subset":          {`<!DOCTYPE a [ ]><a x="1"/>`, "1"},
		"comment in the subset": {`<!DOCTYPE a [<!-- <!ENTITY x "y"> -->]><a x="1"/>`, "1"},
		"a namespace":           {`<a xmlns="urn:x" xmlns:y="urn:y" x="1"/>`, "1"},
	} {
		e, err := xmldoc.Parse([]byte(tt.text), xmldoc.Limits{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got, ok := e.Attr("x"); !ok || got != tt.attr || len(e.Attrs) != 1 {
			t.Errorf("%s: attributes %q", name, e.Attrs)
		}
	}
}

func TestRefused(t *testing.T) {
	for name, tt := range map[string]struct{ text, want string }{
		"nothing":                  {"", "line 1, column 1: no element"},
		"entity":                   {`<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>`, `DOCTYPE: entity "<!ENTITY x \"y\">" is not allowed`},
		"external entity":          {`<!DOCTYPE a [ <!ENTITY x SYSTEM "file:///etc/passwd"> ]><a/>`, "entity"},
		"parameter entity":         {`<!DOCTYPE a [ %x; ]><a/>`, "entity"},
		"element declaration":      {`<!DOCTYPE a [<!ELEMENT a ANY>]><a/>`, "declaration"},
		"instruction in subset":    {`<!DOCTYPE a [<?x y?>]><a/>`, "declaration"},
		"unknown entity":           {`<a>&x;</a>`, "line 1, column 7: <a>: invalid character entity"},
		"late DOCTYPE":             {`<a/><!DOCTYPE a>`, "declaration"},
		"two DOCTYPEs":             {`<!DOCTYPE a><!DOCTYPE a><a/>`, "declaration"},
		"other declaration":        {`<!ENTITY x "y"><a/>`, "declaration"},
		"DOCTYPE of another":       {`<!DOCTYPE b><a/>`, `<a>: the DOCTYPE is of "b"`},
		"DOCTYPE without name":     {`<!DOCTYPE><a/>`, "name"},
		"identifier without quote": {`<!DOCTYPE a PUBLIC b><a/>`, "no quoted identifier behind PUBLIC"},
		"rest of a DOCTYPE":        {`<!DOCTYPE a SYSTEM "b" c><a/>`, "not understood"},
		"instruction":              {`<a><?php x?></a>`, `processing instruction "php"`},
		"late XML declaration":     {` <?xml version="1.0"?><a/>`, `processing instruction "xml"`},
		"XML 1.1":                  {`<?xml version="1.1"?><a/>`, "version"},
		"UTF-16":                   {`<?xml version="1.0" encoding="UTF-16"?><a/>`, "UTF-16"},
		"UTF-16 in octets":         {"\xff\xfe<\x00a\x00/\x00>\x00", "not UTF-8"},
		"not ASCII":                {"<?xml version=\"1.0\" encoding=\"us-ascii\"?><a>ü</a>", "US-ASCII"},
		"two roots":                {`<a/><b/>`, "second root element <b>"},
		"text behind":              {`<a/>x`, "text outside"},
		"text before":              {`x<a/>`, "text outside"},
		"not closed":               {`<a><b></b>`, "unexpected EOF"},
		"closed by another":        {`<a></b>`, "element <a> closed by </b>"},
		"attribute twice":          {`<a x="1" x="2"/>`, "attribute x twice"},
		"control character":        {"<a>\x01</a>", "illegal character"},
		"control character ref":    {"<a>&#1;</a>", "illegal character"},
		"too deep":                 {strings.Repeat("<a>", 40) + strings.Repeat("</a>", 40), "deeper than 32"},
		"too long":                 {"<a>" + strings.Repeat("x", 300<<10) + "</a>", "at most"},
		"too many elements":        {"<a>" + strings.Repeat("<b/>", 20_000) + "</a>", "more than 10000 elements"},
		"too many attributes":      {"<a" + strings.Repeat(` x="1"`, 65) + "/>", "more than 64 attributes"},
	} {
		_, err := xmldoc.Parse([]byte(tt.text), xmldoc.Limits{})
		var xe *xmldoc.Error
		if !errors.As(err, &xe) || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v; want an error that says %q", name, err, tt.want)
		}
	}
}

func TestElement(t *testing.T) {
	e, err := xmldoc.Parse([]byte("<a x='1' y='2'>\n<b/> <c/>\n</a>"), xmldoc.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	see := func(c *xmldoc.Element) error {
		if names = append(names, c.Name); c.Name == "c" {
			return c.Errorf("unknown element")
		}
		return nil
	}
	if err := e.Children(see); err == nil || err.Error() != "xml: line 2, column 6: <c>: unknown element" {
		t.Errorf("children: %v", err)
	}
	if d := cmp.Diff([]string{"b", "c"}, names); d != "" {
		t.Error(d)
	}
	if err := e.Only("x", "y", "z"); err != nil {
		t.Error(err)
	}
	if err := e.Only("x"); err == nil || !strings.Contains(err.Error(), "unknown attribute y") {
		t.Errorf("attributes: %v", err)
	}
	mixed, err := xmldoc.Parse([]byte("<a>x<b/></a>"), xmldoc.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if err := mixed.Children(func(*xmldoc.Element) error { return nil }); err == nil {
		t.Error("text among elements is allowed")
	}
}

// TestEscape: what is escaped is read back, in text and in an attribute.
func TestEscape(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(rapid.String(), rapid.StringOf(rapid.SampledFrom([]rune("&<>\"'\t\n\r]a\x01\ufffe")))).Draw(t, "text")
		b := append([]byte(`<a x="`), xmldoc.AppendEscaped(nil, s)...)
		b = append(xmldoc.AppendEscaped(append(b, `">`...), s), `</a>`...)
		e, err := xmldoc.Parse(b, xmldoc.Limits{})
		if err != nil {
			t.Fatalf("%s: %v", b, err)
		}
		want := s
		if !xmldoc.IsText(s) {
			want = strings.Map(func(r rune) rune {
				if xmldoc.IsChar(r) {
					return r
				}
				return '\ufffd'
			}, s)
		}
		if got, _ := e.Attr("x"); got != want || e.Text() != want {
			t.Fatalf("%q came back as %q and %q", want, got, e.Text())
		}
	})
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(`<?xml version="1.0"?><!DOCTYPE a PUBLIC "p" "s" [<?wap-pap-ver supported-versions="2.0"?>]><a b="c">d&amp;<e/></a>`))
	f.Add([]byte("<?xml version='1.0' encoding='iso-8859-1'?><a>\xfc</a>"))
	f.Add([]byte("&\n")) // made the tokenizer lose count of the columns
	f.Fuzz(func(t *testing.T, b []byte) {
		e, err := xmldoc.Parse(b, xmldoc.Limits{})
		var xe *xmldoc.Error
		switch {
		case err == nil && e == nil:
			t.Error("neither element nor error")
		case err != nil && !errors.As(err, &xe):
			t.Errorf("%v is not an *xmldoc.Error", err)
		case err != nil && (xe.Line < 1 || xe.Column < 1 || xe.Offset < 0):
			t.Errorf("position %+v", xe.Position)
		}
	})
}
