package tpdu

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/otagate/otagate/internal/wire"
)

// ToJSON writes m with an envelope: {"message":"Deliver","text":"hello", …},
// then the fields of the message. "text" is there to be read, when there is one:
// FromJSON takes the octets.
func ToJSON(m Message) ([]byte, error) {
	f := m.Type().form()
	fields, err := json.Marshal(m)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, `{"message":%q,`, f.key)
	if text, ok := Text(m); ok {
		quoted, err := json.Marshal(text)
		if err != nil {
			return nil, err
		}
		b.WriteString(`"text":`)
		b.Write(quoted)
		b.WriteByte(',')
	}
	if len(fields) == len("{}") {
		b.Truncate(b.Len() - 1)
	}
	b.Write(fields[1:])
	return b.Bytes(), nil
}

// FromJSON reads what ToJSON writes. A field that the message does not have is
// an error; "text" is ignored.
func FromJSON(b []byte) (Message, error) {
	var all map[string]json.RawMessage
	if err := json.Unmarshal(b, &all); err != nil {
		return nil, fmt.Errorf("%s: %w", proto, err)
	}
	var key string
	if err := json.Unmarshal(all["message"], &key); err != nil {
		return nil, fmt.Errorf("%s: %q: %w", proto, "message", wire.ErrMissing)
	}
	var m body
	for i := range forms {
		if forms[i].key == key {
			m = forms[i].make()
		}
	}
	if m == nil {
		return nil, fmt.Errorf("%s: message %q: %w", proto, key, wire.ErrUnsupported)
	}
	delete(all, "message")
	delete(all, "text")
	fields, err := json.Marshal(all)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", proto, err)
	}
	dec := json.NewDecoder(bytes.NewReader(fields))
	dec.DisallowUnknownFields()
	if err := dec.Decode(m); err != nil {
		return nil, fmt.Errorf("%s: %s: %w", proto, key, err)
	}
	return m, nil
}

// Text is what m says to its reader; ok is false when it has no user data, or
// that is no text.
func Text(m Message) (text string, ok bool) {
	u, d := Data(m)
	if u == nil {
		return "", false
	}
	b, err := u.AppendText(nil, d)
	return string(b), err == nil
}

// Data is the user data of m, nil when it has none, and the coding of it.
func Data(m Message) (*UserData, DCS) {
	var p *Parameters
	switch m := m.(type) {
	case *Deliver:
		return &m.UserData, m.DCS
	case *Submit:
		return &m.UserData, m.DCS
	case *Command:
		return &m.Data, DCSOctets
	case *DeliverReport:
		p = &m.Parameters
	case *SubmitReport:
		p = &m.Parameters
	case *StatusReport:
		p = &m.Parameters
	}
	if p == nil || !p.HasUserData {
		return nil, 0
	}
	return &p.UserData, p.DCS
}
