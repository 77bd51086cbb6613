package is637

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/otagate/otagate/internal/wire"
)

// Form is what has a JSON form: *Message, *Bearer and *WDP.
type Form interface {
	// Append appends the wire form to dst.
	Append(dst []byte) ([]byte, error)

	formName() string
}

func (m *Message) formName() string { return "TransportMessage" }
func (b *Bearer) formName() string  { return "BearerData" }
func (w *WDP) formName() string     { return "WDP" }

// ToJSON writes f with an envelope: {"message":"BearerData", …}, then the
// fields. Octets are hexadecimal; "text" repeats user data that is text.
func ToJSON(f Form) ([]byte, error) {
	fields, err := json.Marshal(f)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, `{"message":%q`, f.formName())
	if bearer, is := f.(*Bearer); is && bearer.UserData.OK && !bearer.Identifier.HeaderInd {
		if text, err := bearer.UserData.V.Text(); err == nil {
			s, err := json.Marshal(text)
			if err != nil {
				return nil, err
			}
			b.WriteString(`,"text":`)
			b.Write(s)
		}
	}
	b.WriteByte(',')
	b.Write(fields[1:])
	return b.Bytes(), nil
}

// FromJSON reads what ToJSON writes. A field that there is not is an error;
// "text" is ignored.
func FromJSON(text []byte) (Form, error) {
	var all map[string]json.RawMessage
	if err := json.Unmarshal(text, &all); err != nil {
		return nil, fmt.Errorf("is637: %w", err)
	}
	var name string
	if err := json.Unmarshal(all["message"], &name); err != nil {
		return nil, fmt.Errorf("is637: %q: %w", "message", wire.ErrMissing)
	}
	var f Form
	for _, known := range [...]Form{new(Message), new(Bearer), new(WDP)} {
		if known.formName() == name {
			f = known
		}
	}
	if f == nil {
		return nil, fmt.Errorf("is637: message %q: %w", name, wire.ErrUnsupported)
	}
	delete(all, "message")
	delete(all, "text")
	fields, err := json.Marshal(all)
	if err != nil {
		return nil, fmt.Errorf("is637: %w", err)
	}
	dec := json.NewDecoder(bytes.NewReader(fields))
	dec.DisallowUnknownFields()
	if err := dec.Decode(f); err != nil {
		return nil, fmt.Errorf("is637: %s: %w", name, err)
	}
	return f, nil
}
