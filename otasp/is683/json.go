package is683

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/otagate/otagate/internal/wire"
)

// typedJSON is the rendering of a block whose layout is known. It is there to
// be read: FromJSON takes the octets.
type typedJSON struct {
	Block  string
	Fields TypedBlock
}

// ToJSON writes m with an envelope: {"direction":"forward",
// "message":"DownloadRequest", …}, then the fields of the message. Octets are
// hexadecimal; "decoded" repeats the blocks whose layout is known.
func ToJSON(m Message) ([]byte, error) {
	d, name, err := nameOf(m)
	if err != nil {
		return nil, err
	}
	fields, err := json.Marshal(m)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, `{"direction":%q,"message":%q`, d, name)
	if typed := typedBlocks(m); len(typed) > 0 {
		s, err := json.Marshal(typed)
		if err != nil {
			return nil, err
		}
		b.WriteString(`,"decoded":`)
		b.Write(s)
	}
	if len(fields) > len("{}") {
		b.WriteByte(',')
	}
	b.Write(fields[1:])
	return b.Bytes(), nil
}

// FromJSON reads what ToJSON writes. A field that the message does not have is
// an error; "decoded" is ignored.
func FromJSON(b []byte) (Message, error) {
	var all map[string]json.RawMessage
	if err := json.Unmarshal(b, &all); err != nil {
		return nil, fmt.Errorf("is683: %w", err)
	}
	m, err := namedMessage(all)
	if err != nil {
		return nil, err
	}
	delete(all, "direction")
	delete(all, "message")
	delete(all, "decoded")
	fields, err := json.Marshal(all)
	if err != nil {
		return nil, fmt.Errorf("is683: %w", err)
	}
	dec := json.NewDecoder(bytes.NewReader(fields))
	dec.DisallowUnknownFields()
	if err := dec.Decode(m); err != nil {
		return nil, fmt.Errorf("is683: %s: %w", goName(m), err)
	}
	return m, nil
}

// namedMessage makes an empty message as the envelope says.
func namedMessage(all map[string]json.RawMessage) (Message, error) {
	var direction, name string
	for key, to := range map[string]*string{"direction": &direction, "message": &name} {
		if err := json.Unmarshal(all[key], to); err != nil {
			return nil, fmt.Errorf("is683: %q: %w", key, wire.ErrMissing)
		}
	}
	for _, d := range []Direction{Forward, Reverse} {
		if d.String() != direction {
			continue
		}
		for _, f := range d.forms() {
			if f.make != nil && f.name == name {
				return f.make(), nil
			}
		}
	}
	return nil, fmt.Errorf("is683: message %s %q: %w", direction, name, wire.ErrUnsupported)
}

// nameOf finds the line of m in the dispatch tables.
func nameOf(m Message) (Direction, string, error) {
	name := goName(m)
	for _, d := range []Direction{Forward, Reverse} {
		if forms := d.forms(); int(m.Type()) < len(forms) && forms[m.Type()].name == name {
			return d, name, nil
		}
	}
	return 0, "", fmt.Errorf("is683: %s: %w", name, wire.ErrUnsupported)
}

func typedBlocks(m Message) []typedJSON {
	var out []typedJSON
	for _, b := range blocksOf(m) {
		t := NewTypedBlock(m.Type(), b.ID)
		if t != nil && t.Decode(b.Data) == nil {
			out = append(out, typedJSON{BlockName(m.Type(), b.ID), t})
		}
	}
	return out
}
