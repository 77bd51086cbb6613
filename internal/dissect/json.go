package dissect

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/ss7/ansi41"
	"github.com/otagate/otagate/ss7/tcap/ansi"
)

// Encode is the reverse of Result.JSON: it makes the octets of the JSON form.
// Anything called "payload" is ignored.
func Encode(proto string, text []byte) ([]byte, error) {
	p, err := find(proto)
	if err != nil {
		return nil, err
	}
	if text, err = withoutPayload(text); err != nil {
		return nil, fmt.Errorf("%s: %w", proto, err)
	}
	m, err := p.parse(text)
	if err != nil {
		return nil, err
	}
	return m.Append(nil)
}

// withPayload adds the form of a payload to that of its carrier.
func withPayload(own form, proto string, inner form) form {
	if inner == nil || own == nil {
		return own
	}
	return func() ([]byte, error) {
		outside, err := own()
		if err != nil {
			return nil, err
		}
		payload, err := payloadJSON(proto, inner)
		if err != nil {
			return nil, err
		}
		outside = append(bytes.TrimSuffix(bytes.TrimSpace(outside), []byte("}")), `,"payload":`...)
		return append(append(outside, payload...), '}'), nil
	}
}

func payloadJSON(proto string, inner form) ([]byte, error) {
	body, err := inner()
	if err != nil {
		return nil, err
	}
	return json.Marshal(struct {
		Protocol string          `json:"protocol"`
		Content  json.RawMessage `json:"content"`
	}{proto, body})
}

func withoutPayload(text []byte) ([]byte, error) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(text, &fields); err != nil {
		return nil, err
	}
	if _, there := fields["payload"]; !there {
		return text, nil
	}
	delete(fields, "payload")
	return json.Marshal(fields)
}

// packageForm is the JSON of a package in "ansi41". Its components take the
// place of the package's own.
type packageForm struct {
	Message string `json:"message"`
	*ansi.Package
	Components []componentForm `json:"components,omitempty"`
}

// componentForm has Parameters only where there is no Set.
type componentForm struct {
	ansi.Component
	Parameters wire.Hex        `json:"parameters,omitempty"`
	Set        json.RawMessage `json:"message,omitempty"`
	Payload    json.RawMessage `json:"payload,omitempty"`
}

const packageName = "Package"

func packageToJSON(p *ansi.Package, inside []componentInside) ([]byte, error) {
	f := packageForm{Message: packageName, Package: p}
	for i := range p.Components {
		k := componentForm{Component: p.Components[i], Parameters: p.Components[i].Parameters}
		var err error
		if inside[i].message != nil {
			k.Parameters = nil
			if k.Set, err = inside[i].message(); err != nil {
				return nil, err
			}
		}
		if inside[i].payload != nil {
			if k.Payload, err = payloadJSON(inside[i].proto, inside[i].payload); err != nil {
				return nil, err
			}
		}
		f.Components = append(f.Components, k)
	}
	return json.Marshal(f)
}

func parsePackage(text []byte) (message, error) {
	p := new(ansi.Package)
	f := packageForm{Package: p}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&f); err != nil {
		return nil, fmt.Errorf("ansi41: %w", err)
	}
	if f.Message != packageName {
		return nil, fmt.Errorf("ansi41: message %q: want %s", f.Message, packageName)
	}
	for i := range f.Components {
		k, err := f.Components[i].component()
		if err != nil {
			return nil, fmt.Errorf("ansi41: component %d: %w", i, err)
		}
		p.Components = append(p.Components, k)
	}
	return p, nil
}

func (f *componentForm) component() (ansi.Component, error) {
	k := f.Component
	k.Parameters = f.Parameters
	if f.Set == nil {
		return k, nil
	}
	if f.Parameters != nil {
		return k, fmt.Errorf(`"parameters" and "message" exclude each other`)
	}
	m, err := ansi41.FromJSON(f.Set)
	if err != nil {
		return k, err
	}
	if k.Type.IsInvoke() && k.Operation.Specifier != uint8(m.Operation()) {
		return k, fmt.Errorf("operation %v, but the message is of %v", k.Operation, m.Operation())
	}
	k.Parameters, err = m.Append(nil)
	return k, err
}
