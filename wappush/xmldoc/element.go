package xmldoc

import (
	"fmt"
	"strings"
)

// Document is a root element and what stands before it.
type Document struct {
	Doctype Doctype
	Root    *Element
}

// Doctype is the document type declaration. Name is empty when there is none.
type Doctype struct {
	Name, PublicID, SystemID string
	PAPVersions              string // supported-versions of wap-pap-ver
}

// Position is where something stands: Offset in octets from 0 (of the document
// in UTF-8), Line and Column from 1, the column in octets.
type Position struct{ Offset, Line, Column int }

// Element is an element with its content.
type Element struct {
	Name    string // without prefix
	Space   string // namespace, empty for most
	Attrs   []Attr // without xmlns
	Content []Node
	Position
}

// Attr is an attribute.
type Attr struct{ Name, Value string }

// Node is an element or text.
type Node struct {
	Element *Element
	Text    string
}

// Attr is the value of an attribute; ok tells whether it is there.
func (e *Element) Attr(name string) (value string, ok bool) {
	for i := range e.Attrs {
		if e.Attrs[i].Name == name {
			return e.Attrs[i].Value, true
		}
	}
	return "", false
}

// Text is the text right inside the element.
func (e *Element) Text() string {
	if len(e.Content) == 1 {
		return e.Content[0].Text
	}
	var s strings.Builder
	for i := range e.Content {
		s.WriteString(e.Content[i].Text)
	}
	return s.String()
}

// Children calls f for each element right inside e until one fails. Text that
// is more than white space is an error.
func (e *Element) Children(f func(*Element) error) error {
	for i := range e.Content {
		n := &e.Content[i]
		if n.Element == nil {
			if strings.Trim(n.Text, space) != "" {
				return e.Errorf("text where only elements are allowed")
			}
			continue
		}
		if err := f(n.Element); err != nil {
			return err
		}
	}
	return nil
}

// Only fails when e has an attribute that is none of these.
func (e *Element) Only(names ...string) error {
next:
	for i := range e.Attrs {
		for _, n := range names {
			if e.Attrs[i].Name == n {
				continue next
			}
		}
		return e.Errorf("unknown attribute %s", e.Attrs[i].Name)
	}
	return nil
}

// Errorf is an error about e.
func (e *Element) Errorf(format string, args ...any) error {
	return &Error{Position: e.Position, Element: e.Name, Reason: fmt.Sprintf(format, args...)}
}

// Error says what is wrong with a document, and where.
type Error struct {
	Position
	Element string // that the fault is in, when known
	Reason  string
}

func (e *Error) Error() string {
	in := ""
	if e.Element != "" {
		in = fmt.Sprintf("<%s>: ", e.Element)
	}
	return fmt.Sprintf("xml: line %d, column %d: %s%s", e.Line, e.Column, in, e.Reason)
}
