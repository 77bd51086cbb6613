package wbxml

import (
	"bytes"
	"encoding/json"
	"fmt"
	"unicode/utf8"

	"github.com/otagate/otagate/internal/wire"
)

const messageName = "Document"

// form is the JSON of a document. Text that is no UTF-8 has its octets in
// hexadecimal beside it.
type form struct {
	Message   string       `json:"message"`
	Language  string       `json:"language,omitempty"` // to be read, and to tell apart what has one public id
	Header                 // inline
	Root      *elementForm `json:"root"`
	Anomalies []string     `json:"anomalies,omitempty"` // to be read only
}

type elementForm struct {
	Name    string     `json:"name"`
	Page    byte       `json:"page,omitempty"`
	Attrs   []attrForm `json:"attributes,omitempty"`
	Content []nodeForm `json:"content,omitempty"`
}

type attrForm struct {
	Name  string   `json:"name"`
	Page  byte     `json:"page,omitempty"`
	Value *string  `json:"value,omitempty"` // none: nothing stands behind the start
	Bytes wire.Hex `json:"value_octets,omitempty"`
	Octet wire.Hex `json:"opaque,omitempty"`
}

type nodeForm struct {
	Element *elementForm `json:"element,omitempty"`
	Text    string       `json:"text,omitempty"`
	Bytes   wire.Hex     `json:"text_octets,omitempty"`
	Opaque  wire.Hex     `json:"opaque,omitempty"`
}

// ToJSON writes d for people and for FromJSON.
func ToJSON(d *Document) ([]byte, error) {
	f := form{Message: messageName, Header: d.Header, Root: elementToForm(d.Root)}
	if d.Language != nil {
		f.Language = d.Language.name
	}
	for _, a := range d.Anomalies {
		f.Anomalies = append(f.Anomalies, fmt.Sprintf("%s at octet %d", a.What, a.Offset))
	}
	return json.Marshal(f)
}

// FromJSON reads what ToJSON writes.
func FromJSON(b []byte) (*Document, error) {
	var f form
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&f); err != nil {
		return nil, fmt.Errorf("wbxml: %w", err)
	}
	if f.Message != messageName {
		return nil, fmt.Errorf("wbxml: message %q: want %s", f.Message, messageName)
	}
	d := &Document{Header: f.Header}
	for _, l := range languages() {
		if l.name == f.Language {
			d.Language = l
		}
	}
	if d.Language == nil && f.Language != "" {
		return nil, fmt.Errorf("wbxml: language %q is not known", f.Language)
	}
	if f.Root == nil {
		return nil, fmt.Errorf("wbxml: root: %w", wire.ErrMissing)
	}
	d.Root = f.Root.element()
	return d, nil
}

func elementToForm(e *Element) *elementForm {
	if e == nil {
		return nil
	}
	f := &elementForm{Name: e.Name, Page: e.Page}
	for i := range e.Attrs {
		a := &e.Attrs[i]
		k := attrForm{Name: a.Name, Page: a.Page, Octet: a.Opaque}
		if a.Opaque == nil && !a.NoValue {
			k.Value, k.Bytes = &a.Value, octetsOf(a.Value)
		}
		f.Attrs = append(f.Attrs, k)
	}
	for i := range e.Content {
		n := &e.Content[i]
		f.Content = append(f.Content, nodeForm{elementToForm(n.Element), n.Text, octetsOf(n.Text), n.Opaque})
	}
	return f
}

func octetsOf(s string) wire.Hex {
	if utf8.ValidString(s) {
		return nil
	}
	return wire.Hex(s)
}

func (f *elementForm) element() *Element {
	e := &Element{Name: f.Name, Page: f.Page}
	for i := range f.Attrs {
		k := &f.Attrs[i]
		a := Attr{Name: k.Name, Page: k.Page, Opaque: k.Octet, NoValue: k.Octet == nil && k.Value == nil && k.Bytes == nil}
		if k.Value != nil {
			a.Value = *k.Value
		}
		if k.Bytes != nil {
			a.Value = string(k.Bytes)
		}
		e.Attrs = append(e.Attrs, a)
	}
	for i := range f.Content {
		k := &f.Content[i]
		n := Node{Text: k.Text, Opaque: k.Opaque}
		if k.Bytes != nil {
			n.Text = string(k.Bytes)
		}
		if k.Element != nil {
			n.Element = k.Element.element()
		}
		e.Content = append(e.Content, n)
	}
	return e
}
