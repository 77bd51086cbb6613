package wbxml

import (
	"encoding/hex"
	"strings"
)

// Line is one line of a document as people read it: nearly XML. Value is what
// must not be shown of a line with a secret, and empty otherwise.
type Line struct {
	Offset int
	Depth  int
	Name   string
	Value  string
	Secret bool
}

// Lines shows the document. It is not well-formed XML where the document is not:
// an attribute may stand there twice.
func (d *Document) Lines() []Line {
	if d.Root == nil {
		return nil
	}
	p := printer{l: d.Language}
	p.element(d.Root, nil, 0)
	return p.lines
}

type printer struct {
	l     *Language
	lines []Line
}

func (p *printer) element(e, parent *Element, depth int) {
	secret := p.l == SyncML && (e.Name == "NextNonce" || e.Name == "Data" && parent != nil && parent.Name == "Cred")
	var s strings.Builder
	s.WriteString("<" + e.Name)
	for i := range e.Attrs {
		a := &e.Attrs[i]
		secret = secret || e.hides(p.l, a.Name) && (a.Value != "" || a.Opaque != nil)
		s.WriteString(" " + a.Name)
		switch {
		case a.Opaque != nil:
			s.WriteString(`="` + hex.EncodeToString(a.Opaque) + `"`)
		case !a.NoValue:
			s.WriteString(`="` + Escape(a.Value) + `"`)
		}
	}
	line := Line{Offset: e.Offset, Depth: depth}
	simple := len(e.Content) == 1 && e.Content[0].Element == nil
	switch {
	case len(e.Content) == 0:
		s.WriteString("/>")
	case simple:
		s.WriteString(">" + content(&e.Content[0]) + "</" + e.Name + ">")
	default:
		s.WriteString(">")
	}
	if line.Name = s.String(); secret {
		line.Name, line.Value, line.Secret = "<"+e.Name+">", s.String(), true
	}
	p.lines = append(p.lines, line)
	if simple || len(e.Content) == 0 {
		return
	}
	for i := range e.Content {
		n := &e.Content[i]
		if n.Element != nil {
			p.element(n.Element, e, depth+1)
			continue
		}
		inside := Line{Offset: n.Offset, Depth: depth + 1, Name: content(n)}
		if secret {
			inside.Name, inside.Value, inside.Secret = "text", inside.Name, true
		}
		p.lines = append(p.lines, inside)
	}
	p.lines = append(p.lines, Line{Offset: e.Offset, Depth: depth, Name: "</" + e.Name + ">"})
}

func content(n *Node) string {
	if n.Opaque == nil {
		return Escape(n.Text)
	}
	for _, o := range n.Opaque {
		if o < ' ' || o > '~' {
			return hex.EncodeToString(n.Opaque)
		}
	}
	return Escape(string(n.Opaque))
}

// Escape writes s as XML text and attribute values have it, on one line.
func Escape(s string) string {
	if !strings.ContainsFunc(s, func(r rune) bool { return special(r) }) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '&':
			b.WriteString("&amp;")
		case r == '<':
			b.WriteString("&lt;")
		case r == '>':
			b.WriteString("&gt;")
		case r == '"':
			b.WriteString("&quot;")
		case r == '\n' || r == '\r' || r == '\t':
			b.WriteString([]string{'\n': "&#10;", '\r': "&#13;", '\t': "&#9;"}[r])
		case r < ' ' || r == 0x7f || r == '\ufffd':
			b.WriteRune('\ufffd') // XML has no way to write it
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

func special(r rune) bool {
	return r < ' ' || r == 0x7f || r == '\ufffd' || strings.ContainsRune(`&<>"`, r)
}
