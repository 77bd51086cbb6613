//go:build interop

package libwbxml_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/otagate/otagate/wappush/wbxml"
	"github.com/otagate/otagate/wappush/xmldoc"
)

// misspelt are names of ours that libwbxml has wrong.
var misspelt = map[string]string{
	"TETRA-SDS":    "TRETRA-SDS",
	"TETRA-PACKET": "TRETRA-PACKET",
}

// tabled is a language and what makes wbxml2xml take a document for one.
type tabled struct {
	language *wbxml.Language
	args     []string
	root     string // on page 0
	inner    string // an element that may have any attribute
	dates    string // attributes whose values are OPAQUE
	name     string // attribute without which we show no value
}

var tabledLanguages = []tabled{
	{wbxml.SI, nil, "si", "indication", "created si-expires", ""},
	{wbxml.SL, nil, "sl", "sl", "", ""},
	{wbxml.CO, nil, "co", "invalidate-object", "", ""},
	{wbxml.EMN, nil, "emn", "emn", "timestamp", ""},
	{wbxml.PROV, nil, "wap-provisioningdoc", "parm", "", ""},
	{wbxml.LegacyOTA, []string{"-l", "OTA"}, "CHARACTERISTIC-LIST", "PARM", "", "NAME"},
	{wbxml.SyncML, nil, "SyncML", "Data", "", ""},
}

// TestTables shows every token of every language to wbxml2xml. Page 2 of SyncML,
// the device description framework, libwbxml does not have.
func TestTables(t *testing.T) {
	for _, l := range tabledLanguages {
		t.Run(l.language.Name(), func(t *testing.T) {
			dir, r := t.TempDir(), row{what: "tokens of " + l.language.Name(), compared: "their reading"}
			for page := range 4 {
				for token := range 0x100 {
					b := l.document(t, byte(page), byte(token))
					if b == nil {
						continue
					}
					r.cases++
					d := l.differs(t, dir, b)
					switch noDDF := l.language == wbxml.SyncML && page == 2; {
					case noDDF && d != "":
						r.known++
					case noDDF:
						r.unknown++
						t.Errorf("token %02x of page 2 is known, and libwbxml should not have that page", token)
					case d != "":
						r.unknown++
						t.Errorf("page %d, token %02x, %x:\n%s", page, token, b, d)
					default:
						r.same++
					}
				}
			}
			if r.cases == 0 {
				t.Error("no token")
			}
			result = append(result, r)
		})
	}
}

// document has the token once; nil when the language does not have it. Below
// 0x40 there is a tag and an attribute start of each number: the tag is the
// element itself, then, and the start its attribute.
func (l *tabled) document(t *testing.T, page, token byte) []byte {
	t.Helper()
	root, ok := l.language.TagToken(0, l.root)
	inner, ok2 := l.language.TagToken(0, l.inner)
	if !ok || !ok2 {
		t.Fatal("no token of the root")
	}
	b := wbxml.AppendHeader(nil, &wbxml.Header{PublicID: l.language.PublicID(), Charset: wbxml.UTF8})
	b = append(b, root|wbxml.HasContent)
	had := false
	if _, ok := l.language.Tag(page, token); ok && token < wbxml.HasContent {
		b = append(wbxml.AppendPage(b, page), token|wbxml.HasContent)
		b = append(wbxml.AppendString(b, "x"), wbxml.End)
		b = wbxml.AppendPage(b, 0)
		had = true
	}
	name, _, ok := l.language.Start(page, token)
	_, value := l.language.Value(page, token)
	if ok || value {
		had = true
		b = append(b, inner|wbxml.HasAttributes)
		if page != 0 {
			b = wbxml.AppendPage(b, page)
		}
		if l.name != "" && name != l.name {
			b = wbxml.AppendString(append(b, l.start(0, l.name)), "x")
		}
		b = l.appendAttribute(b, page, token, name)
		b = append(b, wbxml.End)
	}
	if !had {
		return nil
	}
	return append(b, wbxml.End)
}

// appendAttribute appends a start with a string behind it, or a value behind a
// start that implies nothing.
func (l *tabled) appendAttribute(b []byte, page, token byte, name string) []byte {
	switch {
	case name == "":
		if start := l.start(page, ""); start != 0 {
			b = append(b, start)
		}
		return append(b, token)
	case l.dated(name):
		return wbxml.AppendOpaque(append(b, token), []byte{0x20, 0x24, 0x02, 0x29})
	}
	return wbxml.AppendString(append(b, token), "x")
}

// start is the attribute start of a name, or of any that is no date, that implies
// no value; 0 when there is none.
func (l *tabled) start(page byte, name string) byte {
	for start := byte(5); start < 0x80; start++ {
		n, prefix, ok := l.language.Start(page, start)
		if ok && prefix == "" && !l.dated(n) && (n == name || name == "" && n != l.name) {
			return start
		}
	}
	return 0
}

func (l *tabled) dated(name string) bool { return slices.Contains(strings.Fields(l.dates), name) }

// differs holds our reading against theirs.
func (l *tabled) differs(t *testing.T, dir string, b []byte) string {
	t.Helper()
	var d wbxml.Document
	if err := d.Decode(b, l.language); err != nil {
		return err.Error()
	}
	var ours bytes.Buffer
	for _, line := range d.Lines() {
		ours.WriteString(line.Text)
	}
	text := bytes.ReplaceAll(ours.Bytes(), []byte("***"), []byte("x")) // a secret
	for right, wrong := range misspelt {
		text = bytes.ReplaceAll(text, []byte(right), []byte(wrong))
	}
	shown, err := convert(t, dir, b, "wbxml2xml", append([]string{"-m", "0"}, l.args...)...)
	if err != nil {
		return err.Error()
	}
	want, err := xmldoc.Parse(text, xmldoc.Limits{})
	if err != nil {
		return err.Error()
	}
	return cmp.Diff(elementOf(want), tree(t, shown))
}
