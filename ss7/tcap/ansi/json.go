package ansi

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/otagate/otagate/internal/wire"
)

// Message is what Read returns: a *Package.
type Message interface {
	// Append appends the wire form.
	Append(dst []byte) ([]byte, error)
}

// Read reads one whole package.
func Read(c *wire.Cursor) (Message, error) {
	p := new(Package)
	p.read(c)
	if err := c.End(); err != nil {
		return nil, err
	}
	return p, nil
}

type envelope struct {
	Message string `json:"message"`
	*Package
}

// ToJSON writes a package as an object. Tags and codes are numbers, octets
// hexadecimal.
func ToJSON(m Message) ([]byte, error) {
	p, ok := m.(*Package)
	if !ok {
		return nil, fmt.Errorf("tcap: no package %T", m)
	}
	return json.Marshal(envelope{"Package", p})
}

// FromJSON reads what ToJSON writes. An unknown field is an error.
func FromJSON(b []byte) (Message, error) {
	p := new(Package)
	e := envelope{Package: p}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(&e); err != nil {
		return nil, fmt.Errorf("tcap: %w", err)
	}
	if e.Message != "Package" {
		return nil, fmt.Errorf("tcap: message %q: want Package", e.Message)
	}
	return p, nil
}
