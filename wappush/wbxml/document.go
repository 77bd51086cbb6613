package wbxml

import (
	"fmt"
	"strings"
)

const proto = "wbxml"

// Header stands in front of the body.
type Header struct {
	Version      byte   `json:"version"`                  // 0x01 to 0x03: 1.1 to 1.3
	PublicID     uint32 `json:"public_id"`                // 0: PublicIDText has it
	PublicIDText string `json:"public_id_text,omitempty"` // in the string table
	Charset      uint32 `json:"charset"`
	Strings      []byte `json:"-"` // the string table; of a document read it aliases the input
}

// Document is a whole document.
type Document struct {
	Header
	Language  *Language // nil when nobody knows it
	Root      *Element
	Anomalies []Anomaly // what was understood but should not be there; the first of them
}

// Anomaly is a token that was skipped, or kept as a number.
type Anomaly struct {
	Offset int
	What   string
}

// Element is a tag with what belongs to it.
type Element struct {
	Name    string
	Page    byte // code page of the tag, where languages tell things apart by it
	Attrs   []Attr
	Content []Node
	Offset  int // of the tag
}

// Attr is an attribute. Its value is text, or octets when the whole value is
// one OPAQUE.
type Attr struct {
	Name    string
	Page    byte // code page of the start
	Value   string
	Opaque  []byte
	NoValue bool // the value is empty because nothing stood behind the start
	Offset  int  // of the start
}

// Node is a part of the content: an element, text or octets.
type Node struct {
	Element *Element
	Text    string
	Opaque  []byte
	Offset  int
}

// Attr is the first attribute of that name, nil when there is none.
func (e *Element) Attr(name string) *Attr {
	for i := range e.Attrs {
		if e.Attrs[i].Name == name {
			return &e.Attrs[i]
		}
	}
	return nil
}

// Text is all text and octets right inside the element.
func (e *Element) Text() string {
	if len(e.Content) == 1 {
		return e.Content[0].Text + string(e.Content[0].Opaque)
	}
	var s strings.Builder
	for i := range e.Content {
		s.WriteString(e.Content[i].Text)
		s.Write(e.Content[i].Opaque)
	}
	return s.String()
}

// Names of tokens that a language does not have.
const (
	tagNumber   = "tag-"
	attrNumber  = "attr-"
	valueNumber = "value-"
)

func numbered(kind string, token byte) string { return fmt.Sprintf("%s%02x", kind, token) }

// numberOf is the token that a name made by numbered stands for.
func numberOf(kind, name string) (token byte, ok bool) {
	digits, ok := strings.CutPrefix(name, kind)
	if !ok || len(digits) != 2 {
		return 0, false
	}
	const hexadecimal = "0123456789abcdef"
	hi, lo := strings.IndexByte(hexadecimal, digits[0]), strings.IndexByte(hexadecimal, digits[1])
	return byte(hi<<4 | lo), hi >= 0 && lo >= 0
}
