package omacp

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/wappush/wbxml"
)

// Decode fills d from b, which must be one whole WBXML document.
func (d *Document) Decode(b []byte) error {
	c := wire.NewCursor(proto, b)
	return d.read(&c)
}

// Read reads one whole WBXML document.
func Read(c *wire.Cursor) (*Document, error) {
	d := new(Document)
	if err := d.read(c); err != nil {
		return nil, err
	}
	return d, nil
}

func (d *Document) read(c *wire.Cursor) error {
	*d = Document{}
	at := c.Off()
	x, err := wbxml.ReadAs(c, wbxml.PROV)
	conceal(c.Trace())
	if err != nil {
		return err
	}
	r := reader{c: c, d: d}
	for _, a := range x.Anomalies {
		r.anomaly(a.Offset, a.What)
	}
	if x.PublicID != wbxml.PROV.PublicID() && x.PublicIDText != wbxml.PROV.Text() {
		c.FailAt(at+1, "public_id", wire.ErrUnsupported)
	}
	r.root(x.Root)
	return c.Err()
}

// reader makes a document of the elements. What it does not know it passes
// over; a known element in a wrong place, or an attribute that is missing or
// there twice, leaves the meaning open and is refused.
type reader struct {
	c *wire.Cursor
	d *Document
}

const maxAnomalies = 100

func (r *reader) anomaly(off int, what string) {
	if len(r.d.Anomalies) < maxAnomalies {
		r.d.Anomalies = append(r.d.Anomalies, fmt.Sprintf("octet %d: %s", off, what))
	}
}

const (
	elementCharacteristic = "characteristic"
	elementParm           = "parm"
)

func (r *reader) root(e *wbxml.Element) {
	if e.Name != rootElement {
		r.c.FailAt(e.Offset, rootElement, wire.ErrMissing)
		return
	}
	r.d.Version, _ = r.attr(e, "version")
	r.others(e, "version")
	for i := range e.Content {
		if x := r.element(&e.Content[i]); x != nil {
			r.below(x, &r.d.Characteristics, nil)
		}
	}
}

// below reads an element that stands in a characteristic, or in the document,
// which has no parms.
func (r *reader) below(e *wbxml.Element, cs *[]Characteristic, parms *[]Parm) {
	switch {
	case e.Name == elementCharacteristic:
		if c, ok := r.characteristic(e); ok {
			*cs = append(*cs, c)
		}
	case e.Name == elementParm && parms != nil:
		if p, ok := r.parm(e); ok {
			*parms = append(*parms, p)
		}
	case e.Name == elementParm, e.Name == rootElement:
		r.c.FailAt(e.Offset, e.Name, wire.ErrValue)
	default:
		r.anomaly(e.Offset, fmt.Sprintf("element %q passed over", e.Name))
	}
}

// element is the element of a node; text, which means nothing here, has none.
func (r *reader) element(n *wbxml.Node) *wbxml.Element {
	if n.Element == nil && strings.TrimSpace(n.Text) != "" || n.Opaque != nil {
		r.anomaly(n.Offset, "text passed over")
	}
	return n.Element
}

func (r *reader) characteristic(e *wbxml.Element) (c Characteristic, ok bool) {
	if c.Type, ok = r.named(e, "type"); !ok {
		return c, false
	}
	r.others(e, "type")
	for i := range e.Content {
		if x := r.element(&e.Content[i]); x != nil {
			r.below(x, &c.Characteristics, &c.Parms)
		}
	}
	return c, r.c.Err() == nil
}

func (r *reader) parm(e *wbxml.Element) (p Parm, ok bool) {
	if p.Name, ok = r.named(e, "name"); !ok {
		return p, false
	}
	var valued bool
	p.Value, valued = r.attr(e, "value")
	p.NoValue = !valued
	r.others(e, "name", "value")
	for i := range e.Content {
		if x := r.element(&e.Content[i]); x != nil {
			r.c.FailAt(x.Offset, x.Name, wire.ErrValue)
		}
	}
	return p, r.c.Err() == nil
}

// named is the attribute that says what the element is. Where it is missing but
// an unknown token stands, that is a later edition's word for it, and the
// element is passed over.
func (r *reader) named(e *wbxml.Element, attr string) (string, bool) {
	s, there := r.attr(e, attr)
	switch {
	case there:
		return s, r.c.Err() == nil
	case slices.ContainsFunc(e.Attrs, func(a wbxml.Attr) bool { return strings.HasPrefix(a.Name, "attr-") }):
		r.anomaly(e.Offset, e.Name+" passed over")
	default:
		r.c.FailAt(e.Offset, attr, wire.ErrMissing)
	}
	return "", false
}

// attr is the value of an attribute that may be there once.
func (r *reader) attr(e *wbxml.Element, name string) (value string, there bool) {
	for i := range e.Attrs {
		a := &e.Attrs[i]
		switch {
		case a.Name != name:
		case there:
			r.c.FailAt(a.Offset, name, wire.ErrValue)
		default:
			value, there = a.Value+string(a.Opaque), true
			if strings.IndexByte(value, 0) >= 0 || !utf8.ValidString(value) {
				r.c.FailAt(a.Offset, name, wire.ErrValue)
			}
		}
	}
	return value, there
}

// others notes the attributes that e should not have.
func (r *reader) others(e *wbxml.Element, known ...string) {
	for i := range e.Attrs {
		a := &e.Attrs[i]
		if a.Name != known[0] && a.Name != known[len(known)-1] {
			r.anomaly(a.Offset, fmt.Sprintf("attribute %q passed over", a.Name))
		}
	}
}
