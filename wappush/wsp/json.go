package wsp

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/otagate/otagate/internal/wire"
)

// The JSON form names numbers where there are names and keeps the form of each
// value, so that decoding and encoding give the same octets:
//
//	{"message":"Push","tid":39,
//	 "content_type":{"type":"application/vnd.wap.slc"},
//	 "headers":[{"header":"X-Wap-Application-Id","octets":"8010"}],
//	 "data":"03066a00…"}
//
// "name" instead of "type", "parameter" or "header" is text on the wire. Text
// that is not printable is "hex:" and digits.
type jsonPush struct {
	Message     string          `json:"message"`
	TID         uint8           `json:"tid"`
	ContentType jsonContentType `json:"content_type"`
	Headers     []jsonHeader    `json:"headers,omitempty"`
	Data        wire.Hex        `json:"data"`
}

type jsonContentType struct {
	Type       string          `json:"type,omitempty"`
	Name       *string         `json:"name,omitempty"`
	Parameters []jsonParameter `json:"parameters,omitempty"`
}

type jsonParameter struct {
	Parameter string  `json:"parameter,omitempty"`
	Name      *string `json:"name,omitempty"`
	jsonValue
}

type jsonHeader struct {
	Header string  `json:"header,omitempty"`
	Name   *string `json:"name,omitempty"`
	jsonValue
}

// jsonValue has exactly one of its fields.
type jsonValue struct {
	Short   *uint32   `json:"short,omitempty"`
	Text    *string   `json:"text,omitempty"`
	Octets  *wire.Hex `json:"octets,omitempty"`
	Uintvar *uint32   `json:"uintvar,omitempty"`
}

// ToJSON writes a push as JSON.
func ToJSON(p *Push) ([]byte, error) {
	j := jsonPush{Message: p.Type.String(), TID: p.TID, Data: p.Body}
	if p.Type == 0 {
		j.Message = TypePush.String()
	}
	if j.ContentType.Name = nameToJSON(p.ContentType.Text); j.ContentType.Name == nil {
		j.ContentType.Type = p.ContentType.Type.String()
	}
	for _, q := range p.ContentType.Parameters {
		k := jsonParameter{Name: nameToJSON(q.Name), jsonValue: valueToJSON(q.Value)}
		if k.Name == nil {
			k.Parameter = q.Code.String()
		}
		j.ContentType.Parameters = append(j.ContentType.Parameters, k)
	}
	for _, h := range p.Headers {
		k := jsonHeader{Name: nameToJSON(h.Name), jsonValue: valueToJSON(h.Value)}
		if k.Name == nil {
			k.Header = h.Code.String()
		}
		j.Headers = append(j.Headers, k)
	}
	return json.Marshal(j)
}

// FromJSON reads what ToJSON writes. A key that is not known is an error.
func FromJSON(b []byte) (*Push, error) {
	var j jsonPush
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(&j); err != nil {
		return nil, fmt.Errorf("wsp: %w", err)
	}
	p := &Push{TID: j.TID, Type: TypePush, Body: j.Data}
	switch j.Message {
	case TypePush.String():
	case TypeConfirmedPush.String():
		p.Type = TypeConfirmedPush
	default:
		return nil, fmt.Errorf("wsp: no message is called %q", j.Message)
	}
	if err := p.ContentType.fromJSON(&j.ContentType); err != nil {
		return nil, fmt.Errorf("wsp: content_type: %w", err)
	}
	for i := range j.Headers {
		h, err := j.Headers[i].header()
		if err != nil {
			return nil, fmt.Errorf("wsp: header %d: %w", i, err)
		}
		p.Headers = append(p.Headers, h)
	}
	return p, nil
}

func (t *ContentType) fromJSON(j *jsonContentType) error {
	n, text, err := numberOrName(j.Type, j.Name, ParseMediaType, 32)
	if err != nil {
		return err
	}
	t.Type, t.Text = n, text
	for i := range j.Parameters {
		k := &j.Parameters[i]
		var q Parameter
		if q.Code, q.Name, err = numberOrName(k.Parameter, k.Name, parseParameterCode, 32); err != nil {
			return fmt.Errorf("parameter %d: %w", i, err)
		}
		if q.Value, err = k.value(); err != nil {
			return fmt.Errorf("parameter %d: %w", i, err)
		}
		t.Parameters = append(t.Parameters, q)
	}
	return nil
}

func (j *jsonHeader) header() (h Header, err error) {
	if h.Code, h.Name, err = numberOrName(j.Header, j.Name, ParseHeaderCode, 8); err != nil {
		return h, err
	}
	h.Value, err = j.value()
	return h, err
}

// numberOrName reads what is well-known, by a name that parse knows or as a
// number of so many bits, or what is text on the wire.
func numberOrName[N ~uint8 | ~uint32](s string, name *string, parse func(string) (N, bool), bits int) (N, []byte, error) {
	if name != nil {
		if s != "" {
			return 0, nil, fmt.Errorf("%q and the name %q exclude each other", s, *name)
		}
		b, err := textFromJSON(*name)
		return 0, b, err
	}
	if n, ok := parse(s); ok {
		return n, nil, nil
	}
	n, err := strconv.ParseUint(s, 0, bits)
	if err != nil {
		return 0, nil, fmt.Errorf("%q is neither a known name nor a number", s)
	}
	return N(n), nil, nil
}

func nameToJSON(b []byte) *string {
	if b == nil {
		return nil
	}
	s := textToJSON(b)
	return &s
}

func valueToJSON(v Value) (j jsonValue) {
	switch v.Kind {
	case Short:
		j.Short = &v.N
	case Uintvar:
		j.Uintvar = &v.N
	case Text:
		s := textToJSON(v.Data)
		j.Text = &s
	default:
		h := wire.Hex(v.Data)
		j.Octets = &h
	}
	return j
}

func (j *jsonValue) value() (v Value, err error) {
	given := 0
	if j.Short != nil {
		v, given = Value{Kind: Short, N: *j.Short}, given+1
	}
	if j.Uintvar != nil {
		v, given = Value{Kind: Uintvar, N: *j.Uintvar}, given+1
	}
	if j.Octets != nil {
		v, given = Value{Data: *j.Octets}, given+1
	}
	if j.Text != nil {
		given++
		v.Kind = Text
		if v.Data, err = textFromJSON(*j.Text); err != nil {
			return v, err
		}
	}
	if given != 1 {
		return v, fmt.Errorf("want one of short, text, octets, uintvar")
	}
	return v, nil
}

const hexMark = "hex:"

func textToJSON(b []byte) string {
	s := string(b)
	if strings.HasPrefix(s, hexMark) || strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r > '~' }) {
		return hexMark + hex.EncodeToString(b)
	}
	return s
}

func textFromJSON(s string) ([]byte, error) {
	if digits, is := strings.CutPrefix(s, hexMark); is {
		b, err := hex.DecodeString(digits)
		if err != nil {
			return nil, fmt.Errorf("%q: %w", s, err)
		}
		return b, nil
	}
	return []byte(s), nil
}
