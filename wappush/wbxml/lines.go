package wbxml

import (
	"encoding/hex"

	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/wappush/xmldoc"
)

// Line is one line of a document as people read it: nearly XML. Secrets are
// masked.
type Line struct {
	Offset int // of the tag
	Depth  int
	Text   string
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

// show puts the lines into the trace, behind the tokens.
func (d *Document) show(tr *wire.Trace) {
	tr.Open(d.Root.Offset, 0, "as XML")
	for _, line := range d.Lines() {
		tr.Open(line.Offset, 0, line.Text)
		tr.Fields[len(tr.Fields)-1].Depth += line.Depth
		tr.Close()
	}
	tr.Close()
}

const masked = "***"

type printer struct {
	l     *Language
	lines []Line
}

func (p *printer) line(offset, depth int, text []byte) {
	p.lines = append(p.lines, Line{offset, depth, string(text)})
}

func (p *printer) element(e, parent *Element, depth int) {
	s := p.tag(e)
	simple := len(e.Content) == 1 && e.Content[0].Element == nil
	secret := secretContent(p.l, e, parent)
	switch {
	case len(e.Content) == 0:
		p.line(e.Offset, depth, append(s, "/>"...))
		return
	case simple:
		s = append(appendContent(append(s, '>'), &e.Content[0], secret), "</"...)
		p.line(e.Offset, depth, append(append(s, e.Name...), '>'))
		return
	}
	p.line(e.Offset, depth, append(s, '>'))
	for i := range e.Content {
		n := &e.Content[i]
		if n.Element != nil {
			p.element(n.Element, e, depth+1)
		} else {
			p.line(n.Offset, depth+1, appendContent(nil, n, secret))
		}
	}
	p.line(e.Offset, depth, []byte("</"+e.Name+">"))
}

// tag is the start tag without its end.
func (p *printer) tag(e *Element) []byte {
	secret := p.l.parmSecret(e)
	for i := range e.Attrs {
		secret.see(&e.Attrs[i])
	}
	s := append([]byte{'<'}, e.Name...)
	for i := range e.Attrs {
		a := &e.Attrs[i]
		s = append(append(s, ' '), a.Name...)
		if a.NoValue {
			continue
		}
		s = append(s, `="`...)
		switch {
		case secret.hides(a.Name):
			s = append(s, masked...)
		case a.Opaque != nil && (p.l == SI || p.l == EMN):
			s = appendDate(s, a.Opaque)
		case a.Opaque != nil:
			s = hex.AppendEncode(s, a.Opaque)
		default:
			s = xmldoc.AppendEscaped(s, a.Value)
		}
		s = append(s, '"')
	}
	return s
}

func appendContent(dst []byte, n *Node, secret bool) []byte {
	if secret {
		return append(dst, masked...)
	}
	if n.Opaque == nil {
		return xmldoc.AppendEscaped(dst, n.Text)
	}
	for _, o := range n.Opaque {
		if o < ' ' || o > '~' {
			return hex.AppendEncode(dst, n.Opaque)
		}
	}
	return xmldoc.AppendEscaped(dst, string(n.Opaque))
}

// appendDate shows packed digits as the date-time that they are of, sensible or
// not; zero octets at the end are not sent.
func appendDate(dst, b []byte) []byte {
	if len(b) > 7 {
		return hex.AppendEncode(dst, b)
	}
	var whole [7]byte
	copy(whole[:], b)
	for i, before := range [...]string{"", "", "-", "-", "T", ":", ":"} {
		dst = hex.AppendEncode(append(dst, before...), whole[i:i+1])
	}
	return append(dst, 'Z')
}
