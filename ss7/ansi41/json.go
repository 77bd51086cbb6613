package ansi41

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/otagate/otagate/internal/ber"
	"github.com/otagate/otagate/internal/wire"
)

// ToJSON writes m as one object: operation, component and the fields of the
// message. Enumerations are numbers, octets are hexadecimal.
func ToJSON(m Message) ([]byte, error) {
	body, err := json.Marshal(m)
	if err != nil {
		return nil, err
	}
	head := fmt.Sprintf(`{"operation":%q,"component":%q`, m.Operation().String(), m.Component().String())
	if len(body) > len("{}") {
		head += ","
	}
	return append([]byte(head), body[1:]...), nil
}

// FromJSON reads what ToJSON wrote. A field that the message does not have is
// an error.
func FromJSON(b []byte) (Message, error) {
	var head struct{ Operation, Component string }
	if err := json.Unmarshal(b, &head); err != nil {
		return nil, err
	}
	op, ok := ParseOperation(head.Operation)
	if !ok {
		return nil, fmt.Errorf("operation %q is not known", head.Operation)
	}
	kind := Invoke
	switch head.Component {
	case Invoke.String():
	case ReturnResult.String():
		kind = ReturnResult
	default:
		return nil, fmt.Errorf("component %q: want invoke or returnResult", head.Component)
	}
	m := newMessage(op, kind)
	return m, unmarshalFields(b, m)
}

// unmarshalFields reads all of b but the two fields of the envelope.
func unmarshalFields(b []byte, m Message) error {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(b, &fields); err != nil {
		return err
	}
	delete(fields, "operation")
	delete(fields, "component")
	body, err := json.Marshal(fields)
	if err != nil {
		return err
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	return d.Decode(m)
}

type parameterJSON struct {
	Tag   string
	Name  string `json:",omitempty"`
	Value wire.Hex
}

// MarshalJSON writes the tag in hexadecimal and, beside it, the name.
func (p Parameter) MarshalJSON() ([]byte, error) {
	j := parameterJSON{Tag: p.Tag.String(), Value: p.Value}
	if info, ok := LookupParameter(parameterOf(p.Tag)); ok {
		j.Name = info.Name
	}
	return json.Marshal(j)
}

// UnmarshalJSON reads tag and value; the name is of no account.
func (p *Parameter) UnmarshalJSON(b []byte) error {
	var j parameterJSON
	if err := json.Unmarshal(b, &j); err != nil {
		return err
	}
	v, err := strconv.ParseUint(j.Tag, 16, 32)
	if err != nil {
		return fmt.Errorf("tag %q: want hexadecimal digits", j.Tag)
	}
	*p = Parameter{Tag: ber.Tag(v), Value: j.Value}
	return nil
}
