package m3ua

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// MarshalJSON writes null when absent.
func (o Optional[T]) MarshalJSON() ([]byte, error) {
	if !o.Set {
		return []byte("null"), nil
	}
	return json.Marshal(uint32(o.V))
}

// UnmarshalJSON reads a number or null.
func (o *Optional[T]) UnmarshalJSON(b []byte) error {
	if string(b) == "null" {
		*o = Optional[T]{}
		return nil
	}
	var v uint32
	if err := json.Unmarshal(b, &v); err != nil {
		return err
	}
	if uint32(T(v)) != v {
		return fmt.Errorf("%d is too large", v)
	}
	*o = Some(T(v))
	return nil
}

// ToJSON writes m as {"message":"DATA", …}.
func ToJSON(m Message) ([]byte, error) {
	name, err := json.Marshal(m.Type().String())
	if err != nil {
		return nil, err
	}
	if _, is := m.(*Other); is {
		name = []byte(`"other"`)
	}
	body, err := json.Marshal(m)
	if err != nil {
		return nil, err
	}
	out := append([]byte(`{"message":`), name...)
	if rest := bytes.TrimPrefix(body, []byte("{")); len(rest) > 1 {
		out = append(out, ',')
		return append(out, rest...), nil
	}
	return append(out, '}'), nil
}

// FromJSON reads what ToJSON writes. An unknown field is an error.
func FromJSON(b []byte) (Message, error) {
	fields := map[string]json.RawMessage{}
	if err := json.Unmarshal(b, &fields); err != nil {
		return nil, fmt.Errorf("m3ua: %w", err)
	}
	var name string
	if err := json.Unmarshal(fields["message"], &name); err != nil {
		return nil, fmt.Errorf(`m3ua: "message" must name the message, such as "DATA"`)
	}
	m := byName(name)
	if m == nil {
		return nil, fmt.Errorf("m3ua: no message %q", name)
	}
	delete(fields, "message")
	body, err := json.Marshal(fields)
	if err != nil {
		return nil, fmt.Errorf("m3ua: %w", err)
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(m); err != nil {
		return nil, fmt.Errorf("m3ua: %s: %w", name, err)
	}
	return m, nil
}

func byName(name string) Message {
	for i := range messages {
		if messages[i].Name == name {
			return messages[i].New()
		}
	}
	if name == "other" {
		return new(Other)
	}
	return nil
}
