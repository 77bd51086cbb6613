package xmldoc

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Limits bound a document. What is 0 is as [DefaultLimits] has it.
type Limits struct {
	Size     int // octets
	Depth    int // of elements in one another
	Elements int
	Attrs    int // of one element
}

// DefaultLimits are enough for anything that a push can carry.
func DefaultLimits() Limits {
	return Limits{Size: 256 << 10, Depth: 32, Elements: 10_000, Attrs: 64}
}

const space = " \t\r\n"

// Parse reads one document and gives its root element.
func Parse(b []byte, lim Limits) (*Element, error) {
	d, err := ParseDocument(b, lim)
	if err != nil {
		return nil, err
	}
	return d.Root, nil
}

// ParseDocument is Parse for those that want to see the document type.
func ParseDocument(b []byte, lim Limits) (*Document, error) {
	lim.complete()
	if len(b) > lim.Size {
		return nil, &Error{Position: Position{0, 1, 1}, Reason: fmt.Sprintf("%d octets; at most %d", len(b), lim.Size)}
	}
	text, fault := inUTF8(b)
	if fault != "" {
		return nil, &Error{Position: Position{0, 1, 1}, Reason: fault}
	}
	p := parser{lim: lim, text: text, at: Position{0, 1, 1}, d: xml.NewDecoder(bytes.NewReader(text))}
	p.d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil } // it is UTF-8 already
	for {
		p.advance()
		t, err := p.d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, p.syntax(err)
		}
		if err := p.token(t); err != nil {
			return nil, err
		}
	}
	if p.doc.Root == nil {
		return nil, p.errorf("no element")
	}
	if n := p.doc.Doctype.Name; n != "" && n != p.doc.Root.Name {
		return nil, p.doc.Root.Errorf("the DOCTYPE is of %q", n)
	}
	return &p.doc, nil
}

func (l *Limits) complete() {
	d := DefaultLimits()
	for _, f := range [...]struct{ given, standard *int }{{&l.Size, &d.Size}, {&l.Depth, &d.Depth}, {&l.Elements, &d.Elements}, {&l.Attrs, &d.Attrs}} {
		if *f.given == 0 {
			*f.given = *f.standard
		}
	}
}

type parser struct {
	lim      Limits
	text     []byte
	d        *xml.Decoder
	at       Position // of the present token
	doc      Document
	open     []*Element
	elements int
	declared bool // the DOCTYPE is there
}

// advance moves the position to where the tokenizer is. The tokenizer counts
// lines, too, and loses count when it goes back over the end of one.
func (p *parser) advance() {
	to := min(int(p.d.InputOffset()), len(p.text))
	for ; p.at.Offset < to; p.at.Offset++ {
		if p.at.Column++; p.text[p.at.Offset] == '\n' {
			p.at.Line, p.at.Column = p.at.Line+1, 1
		}
	}
}

func (p *parser) errorf(format string, args ...any) error {
	e := &Error{Position: p.at, Reason: fmt.Sprintf(format, args...)}
	if n := len(p.open); n > 0 {
		e.Element = p.open[n-1].Name
	}
	return e
}

// syntax is the error of the tokenizer, at the place where that stands. An entity
// is not repeated: mostly it is what stands behind a bare & of a password.
func (p *parser) syntax(err error) error {
	p.advance()
	var s *xml.SyntaxError
	const entity = "invalid character entity"
	if errors.As(err, &s) && strings.HasPrefix(s.Msg, entity) {
		return p.errorf(entity)
	}
	if errors.As(err, &s) {
		return p.errorf("%s", s.Msg)
	}
	return p.errorf("%s", strings.TrimPrefix(err.Error(), "xml: "))
}

func (p *parser) token(t xml.Token) error {
	switch t := t.(type) {
	case xml.StartElement:
		return p.start(&t)
	case xml.EndElement:
		p.open = p.open[:len(p.open)-1]
	case xml.CharData:
		return p.charData(string(t))
	case xml.ProcInst:
		if t.Target != "xml" || p.at.Offset != 0 {
			return p.errorf("processing instruction %q", t.Target)
		}
	case xml.Directive:
		return p.directive(string(t))
	}
	return nil
}

func (p *parser) start(t *xml.StartElement) error {
	e := &Element{Name: t.Name.Local, Space: t.Name.Space, Position: p.at}
	p.elements++
	switch {
	case len(p.open) == 0 && p.doc.Root != nil:
		return p.errorf("a second root element <%s>", e.Name)
	case len(p.open) >= p.lim.Depth:
		return p.errorf("elements nested deeper than %d", p.lim.Depth)
	case p.elements > p.lim.Elements:
		return p.errorf("more than %d elements", p.lim.Elements)
	case len(t.Attr) > p.lim.Attrs:
		return e.Errorf("more than %d attributes", p.lim.Attrs)
	}
	for i, a := range t.Attr {
		for _, b := range t.Attr[:i] {
			if a.Name == b.Name {
				return e.Errorf("attribute %s twice", a.Name.Local)
			}
		}
		if a.Name.Space == "xmlns" || a.Name.Space == "" && a.Name.Local == "xmlns" {
			continue
		}
		e.Attrs = append(e.Attrs, Attr{a.Name.Local, a.Value})
	}
	if len(p.open) == 0 {
		p.doc.Root = e
	} else {
		parent := p.open[len(p.open)-1]
		parent.Content = append(parent.Content, Node{Element: e})
	}
	p.open = append(p.open, e)
	return nil
}

func (p *parser) charData(s string) error {
	if len(p.open) == 0 {
		if strings.Trim(s, space) != "" {
			return p.errorf("text outside of the root element")
		}
		return nil
	}
	e := p.open[len(p.open)-1]
	e.Content = append(e.Content, Node{Text: s})
	return nil
}
