package wbxml

import (
	"encoding/hex"
	"strings"

	"github.com/otagate/otagate/wappush/xmldoc"
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
			s.WriteString(`="` + escape(a.Value) + `"`)
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
		return escape(n.Text)
	}
	for _, o := range n.Opaque {
		if o < ' ' || o > '~' {
			return hex.EncodeToString(n.Opaque)
		}
	}
	return escape(string(n.Opaque))
}

func escape(s string) string { return string(xmldoc.AppendEscaped(nil, s)) }
