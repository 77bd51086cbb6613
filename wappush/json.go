package wappush

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/otagate/otagate/internal/wire"
)

// ToJSON writes m with its name: {"message":"ServiceLoading", …}.
func ToJSON(m Message) ([]byte, error) {
	name := "ServiceIndication"
	if _, is := m.(*ServiceLoading); is {
		name = "ServiceLoading"
	}
	fields, err := json.Marshal(m)
	if err != nil {
		return nil, err
	}
	b := fmt.Appendf(nil, `{"message":%q`, name)
	if len(fields) > len("{}") {
		b = append(b, ',')
	}
	return append(b, fields[1:]...), nil
}

// FromJSON reads what ToJSON writes. A field that the message does not have is
// an error.
func FromJSON(b []byte) (Message, error) {
	var all map[string]json.RawMessage
	if err := json.Unmarshal(b, &all); err != nil {
		return nil, fmt.Errorf("wappush: %w", err)
	}
	var name string
	if err := json.Unmarshal(all["message"], &name); err != nil {
		return nil, fmt.Errorf(`wappush: "message": %w`, wire.ErrMissing)
	}
	delete(all, "message")
	var m Message
	switch name {
	case "ServiceIndication":
		m = new(ServiceIndication)
	case "ServiceLoading":
		m = new(ServiceLoading)
	default:
		return nil, fmt.Errorf("wappush: message %q: want ServiceIndication or ServiceLoading", name)
	}
	fields, err := json.Marshal(all)
	if err != nil {
		return nil, err
	}
	dec := json.NewDecoder(bytes.NewReader(fields))
	dec.DisallowUnknownFields()
	if err := dec.Decode(m); err != nil {
		return nil, fmt.Errorf("wappush: %s: %w", name, err)
	}
	return m, nil
}
