package omacp

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// parmJSON is the JSON of a parm. One without "value" is a flag.
type parmJSON struct {
	Name  string  `json:"name"`
	Value *string `json:"value,omitempty"`
}

// MarshalJSON writes name and value, secrets too: it is what a document is
// built from.
func (p Parm) MarshalJSON() ([]byte, error) {
	j := parmJSON{Name: p.Name}
	if !p.NoValue {
		j.Value = &p.Value
	}
	return json.Marshal(j)
}

// UnmarshalJSON reads what MarshalJSON writes.
func (p *Parm) UnmarshalJSON(b []byte) error {
	var j parmJSON
	if err := strictJSON(b, &j); err != nil {
		return err
	}
	*p = Parm{Name: j.Name, NoValue: j.Value == nil}
	if j.Value != nil {
		p.Value = *j.Value
	}
	return nil
}

// documentJSON is the JSON of a document, with the XML of it to be read.
type documentJSON struct {
	Message string `json:"message"`
	Document
	XML string `json:"xml,omitempty"`
}

// ToJSON writes {"message":"wap-provisioningdoc","version":…,
// "characteristics":[{"type":…,"parms":[{"name":…,"value":…}]}]}, and "xml",
// which is the same in the form that people know. It masks nothing.
func ToJSON(d *Document) ([]byte, error) {
	j := documentJSON{Message: rootElement, Document: *d}
	if x, err := d.AppendXML(nil); err == nil { // what XML cannot hold, JSON can
		j.XML = string(x)
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(j); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// FromJSON builds a document from JSON. A key that is not known is an error;
// "xml" and "anomalies" are ignored.
func FromJSON(b []byte) (*Document, error) {
	var j documentJSON
	if err := strictJSON(b, &j); err != nil {
		return nil, fmt.Errorf("cp: %w", err)
	}
	if j.Message != "" && j.Message != rootElement {
		return nil, fmt.Errorf("cp: message is %q, want %q", j.Message, rootElement)
	}
	j.Anomalies = nil
	return &j.Document, nil
}

func strictJSON(b []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	return d.Decode(v)
}
