//go:build interop

package libwbxml_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/otagate/otagate/wappush"
	"github.com/otagate/otagate/wappush/xmldoc"
)

// TestDocuments holds both directions of every kind against libwbxml.
func TestDocuments(t *testing.T) {
	for _, s := range subjects {
		t.Run(s.name, func(t *testing.T) {
			gen, dir := rapid.Custom(s.draw), t.TempDir()
			failed, same, met := 0, 0, map[string]int{}
			for i := range *documents {
				m := gen.Example(*seed*1_000_000 + i)
				faults, reason := s.hold(t, dir, m)
				switch {
				case len(faults) > 0:
					if failed++; failed <= *show {
						t.Errorf("document %d\n%s\n%s", i, m.AppendXML(nil), strings.Join(faults, "\n"))
					}
				case reason != "":
					met[reason]++
				default:
					same++
				}
			}
			result = append(result, row{s.name, "both readings, octets", *documents, same, *documents - same - failed, failed})
			for _, reason := range s.known {
				if met[reason] == 0 {
					t.Errorf("known difference not met: %s", reason)
				}
			}
		})
	}
}

// hold says what differs of one document. reason is why its octets differ,
// where that is known.
func (s *subject) hold(t *testing.T, dir string, m message) (faults []string, reason string) {
	t.Helper()
	ours, err := m.Append(nil)
	if err != nil {
		return []string{err.Error()}, ""
	}
	text := m.AppendXML(nil)
	if d := theirReading(t, dir, ours, text); d != "" {
		faults = append(faults, fmt.Sprintf("wbxml2xml of our %x:\n%s", ours, d))
	}
	theirs, err := convert(t, dir, text, "xml2wbxml", "-n", "-v", "1.3")
	if err != nil {
		return append(faults, err.Error()), ""
	}
	back, err := s.decode(theirs)
	if err != nil {
		return append(faults, fmt.Sprintf("our decoder of xml2wbxml's %x: %v", theirs, err)), ""
	}
	if d := cmp.Diff(m, back); d != "" {
		faults = append(faults, fmt.Sprintf("our decoder of xml2wbxml's %x:\n%s", theirs, d))
	}
	reason = s.differs(m)
	if same := bytes.Equal(ours, theirs); same && reason != "" {
		faults = append(faults, "the octets are the same, and should differ: "+reason)
	} else if !same && reason == "" {
		faults = append(faults, fmt.Sprintf("octets:\n ours  %x\n theirs %x", ours, theirs))
	}
	return faults, reason
}

// theirReading holds what wbxml2xml makes of a document against our XML.
func theirReading(t *testing.T, dir string, binary, text []byte) string {
	t.Helper()
	shown, err := convert(t, dir, binary, "wbxml2xml", "-m", "0")
	if err != nil {
		return err.Error()
	}
	return cmp.Diff(tree(t, text), tree(t, shown))
}

// element is an element of XML without what does not matter: the order of
// attributes and white space between elements.
type element struct {
	Name     string
	Attrs    []xmldoc.Attr
	Text     string
	Children []element
}

func tree(t *testing.T, text []byte) element {
	t.Helper()
	root, err := xmldoc.Parse(text, xmldoc.Limits{})
	if err != nil {
		return element{Text: err.Error() + ": " + string(text)}
	}
	return elementOf(root)
}

func elementOf(e *xmldoc.Element) element {
	x := element{Name: e.Name, Attrs: slices.Clone(e.Attrs), Text: strings.TrimSpace(e.Text())}
	slices.SortFunc(x.Attrs, func(a, b xmldoc.Attr) int { return strings.Compare(a.Name, b.Name) })
	for _, n := range e.Content {
		if n.Element != nil {
			x.Children = append(x.Children, elementOf(n.Element))
		}
	}
	return x
}

// TestNotices: another octet in any place of a document is noticed, or changes
// nothing that the document says.
func TestNotices(t *testing.T) {
	m := &wappush.ServiceIndication{Href: "https://www.example.com/a", ID: "x", Action: wappush.SignalHigh, Text: "hi"}
	b, err := m.Append(nil)
	if err != nil {
		t.Fatal(err)
	}
	dir, text := t.TempDir(), m.AppendXML(nil)
	if d := theirReading(t, dir, b, text); d != "" {
		t.Fatal(d)
	}
	header := 4 // version and charset say nothing of the text
	for i := header; i < len(b); i++ {
		wrong := bytes.Clone(b)
		wrong[i] ^= 0x02
		if theirReading(t, dir, wrong, text) == "" {
			t.Errorf("octet %d, %02x in place of %02x: nobody notices", i, wrong[i], b[i])
		}
	}
}
