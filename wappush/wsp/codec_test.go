package wsp_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/otagate/otagate/internal/testvec"
	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/wappush/wsp"
)

const vectors = "../../testdata/wsp"

func decode(b []byte) (testvec.Message, error) {
	p := new(wsp.Push)
	if err := p.Decode(b); err != nil {
		return nil, err
	}
	return p, nil
}

func TestVectors(t *testing.T) { testvec.Codec(t, vectors, "wsp", decode) }

func FuzzDecode(f *testing.F) { testvec.Fuzz(f, vectors, "wsp", decode) }

// text draws what a text-string can hold and a reader cannot take for
// something else.
func text(least int) *rapid.Generator[[]byte] {
	return rapid.SliceOfN(rapid.OneOf(rapid.ByteRange(' ', '~'), rapid.ByteRange(1, 255)), least, 40)
}

// word is text that may stand where a number might.
func word() *rapid.Generator[[]byte] {
	return rapid.Map(rapid.StringMatching(`[A-Za-z][ -~\x80-\xff]{0,30}`), func(s string) []byte { return []byte(s) })
}

func value() *rapid.Generator[wsp.Value] {
	return rapid.Custom(func(t *rapid.T) wsp.Value {
		switch rapid.IntRange(0, 4).Draw(t, "kind") {
		case 0:
			return wsp.Value{Kind: wsp.Short, N: uint32(rapid.IntRange(0, 127).Draw(t, "n"))}
		case 1:
			return wsp.Integer(rapid.Uint32().Draw(t, "n"))
		case 2:
			return wsp.Value{Kind: wsp.Text, Data: text(1).Draw(t, "text")}
		}
		return wsp.Value{Data: rapid.SliceOfN(rapid.Byte(), 0, 200).Draw(t, "octets")}
	})
}

func parameter() *rapid.Generator[wsp.Parameter] {
	return rapid.Custom(func(t *rapid.T) wsp.Parameter {
		p := wsp.Parameter{Code: wsp.ParameterCode(rapid.OneOf(rapid.Uint32Range(0, 0x13), rapid.Uint32()).Draw(t, "code"))}
		if rapid.Bool().Draw(t, "named") {
			p.Code, p.Name = 0, word().Draw(t, "name")
		}
		if p.Value = value().Draw(t, "value"); p.Name == nil && p.Code == wsp.ParameterQ {
			p.Value = wsp.Value{Kind: wsp.Uintvar, N: rapid.Uint32().Draw(t, "q")}
		}
		return p
	})
}

func header() *rapid.Generator[wsp.Header] {
	return rapid.Custom(func(t *rapid.T) wsp.Header {
		h := wsp.Header{Code: wsp.HeaderCode(rapid.ByteRange(0, 127).Draw(t, "code")), Value: value().Draw(t, "value")}
		if rapid.IntRange(0, 3).Draw(t, "named") == 0 {
			h.Code, h.Name = 0, word().Draw(t, "name")
		}
		return h
	})
}

func push() *rapid.Generator[*wsp.Push] {
	return rapid.Custom(func(t *rapid.T) *wsp.Push {
		p := &wsp.Push{
			TID:  rapid.Byte().Draw(t, "tid"),
			Type: rapid.SampledFrom([]wsp.PDUType{wsp.TypePush, wsp.TypeConfirmedPush}).Draw(t, "type"),
			ContentType: wsp.ContentType{
				Type:       wsp.MediaType(rapid.OneOf(rapid.Uint32Range(0, 0x400), rapid.Uint32()).Draw(t, "media")),
				Parameters: rapid.SliceOfN(parameter(), 0, 4).Draw(t, "parameters"),
			},
			Headers: rapid.SliceOfN(header(), 0, 6).Draw(t, "headers"),
			Body:    rapid.SliceOfN(rapid.Byte(), 0, 300).Draw(t, "body"),
		}
		if rapid.IntRange(0, 3).Draw(t, "named") == 0 {
			p.ContentType.Type, p.ContentType.Text = 0, word().Draw(t, "type")
		}
		return p
	})
}

func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := push().Draw(t, "p")
		b, err := p.Append(nil)
		if err != nil {
			t.Fatal(err)
		}
		q := &wsp.Push{ContentType: wsp.ContentType{Parameters: make([]wsp.Parameter, 3)}, Headers: make([]wsp.Header, 2)}
		if err := q.Decode(b); err != nil {
			t.Fatalf("%x: %v", b, err)
		}
		clone := q.Clone()
		for i := range b {
			b[i] = 0xa5 // what is kept must be a clone
		}
		if d := cmp.Diff(p, clone, cmpopts.EquateEmpty()); d != "" {
			t.Fatal(d)
		}
	})
}

func TestJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := push().Draw(t, "p")
		want, err := p.Append(nil)
		if err != nil {
			t.Fatal(err)
		}
		j, err := wsp.ToJSON(p)
		if err != nil {
			t.Fatal(err)
		}
		q, err := wsp.FromJSON(j)
		if err != nil {
			t.Fatalf("%v in %s", err, j)
		}
		if got, err := q.Append(nil); err != nil || !bytes.Equal(got, want) {
			t.Fatalf("through %s:\n got %x (%v)\nwant %x", j, got, err, want)
		}
	})
}

func TestFromJSONRefuses(t *testing.T) {
	for _, j := range []string{
		`{`, `{"message":"Pull"}`, `{"message":"Push"}`, `{"message":"Push","content_type":{"type":"0x2e"},"body":""}`,
		`{"message":"Push","content_type":{"type":"text/nothing"}}`, `{"message":"Push","content_type":{"type":"0x2e","name":"x"}}`,
		`{"message":"Push","content_type":{"name":"hex:0"}}`,
		`{"message":"Push","content_type":{"type":"0x2e"},"headers":[{"header":"Host"}]}`,
		`{"message":"Push","content_type":{"type":"0x2e"},"headers":[{"header":"Host","short":1,"text":"a"}]}`,
		`{"message":"Push","content_type":{"type":"0x2e"},"headers":[{"header":"0x100","short":1}]}`,
		`{"message":"Push","content_type":{"type":"0x2e"},"headers":[{"header":"Hots","short":1}]}`,
		`{"message":"Push","content_type":{"type":"0x2e","parameters":[{"parameter":"charset","text":"hex:x"}]}}`,
		`{"message":"Push","content_type":{"type":"0x2e","parameters":[{"parameter":"charst","short":4}]}}`,
	} {
		if p, err := wsp.FromJSON([]byte(j)); err == nil {
			t.Errorf("%s: taken as %+v", j, p)
		}
	}
}

func TestAppendRefuses(t *testing.T) {
	short := wsp.Value{Kind: wsp.Short, N: 1}
	with := func(h wsp.Header) *wsp.Push { return &wsp.Push{Headers: []wsp.Header{h}} }
	of := func(q wsp.Parameter) *wsp.Push {
		return &wsp.Push{ContentType: wsp.ContentType{Parameters: []wsp.Parameter{q}}}
	}
	for _, tt := range []struct {
		field string
		p     *wsp.Push
	}{
		{"PDU type", &wsp.Push{Type: 4}},
		{"media type", &wsp.Push{ContentType: wsp.ContentType{Text: []byte{}}}},
		{"media type", &wsp.Push{ContentType: wsp.ContentType{Text: []byte("a\x00b")}}},
		{"headers", &wsp.Push{Headers: make([]wsp.Header, wsp.MaxHeaders+1)}},
		{"parameters", &wsp.Push{ContentType: wsp.ContentType{Parameters: make([]wsp.Parameter, wsp.MaxParameters+1)}}},
		{"header", with(wsp.Header{Code: 0x80, Value: short})},
		{"header name", with(wsp.Header{Name: []byte{}, Value: short})},
		{"header name", with(wsp.Header{Name: []byte("\x7fa"), Value: short})},
		{"header name", with(wsp.Header{Name: []byte("a\x00"), Value: short})},
		{"header value", with(wsp.Header{Value: wsp.Value{Kind: wsp.Short, N: 0x80}})},
		{"header value", with(wsp.Header{Value: wsp.Value{Kind: wsp.Uintvar}})},
		{"header value", with(wsp.Header{Value: wsp.String("\x00")})},
		{"parameter", of(wsp.Parameter{Name: []byte{}, Value: short})},
		{"parameter", of(wsp.Parameter{Name: []byte("\x00"), Value: short})},
		{"parameter value", of(wsp.Parameter{Code: 1, Value: wsp.Value{Kind: wsp.Uintvar}})},
		{"Q", of(wsp.Parameter{Value: short})},
	} {
		got, err := tt.p.Append([]byte("kept"))
		var we *wire.Error
		if !errors.As(err, &we) || we.Field != tt.field {
			t.Errorf("want an error in %s, got %v", tt.field, err)
		}
		if string(got) != "kept" {
			t.Errorf("%s: half a PDU is left behind: %q", tt.field, got)
		}
	}
}

// TestBounds: as many headers and parameters as one may append can be read,
// and no more.
func TestBounds(t *testing.T) {
	p := &wsp.Push{Headers: make([]wsp.Header, wsp.MaxHeaders)}
	b, err := p.Append(nil)
	if err != nil {
		t.Fatal(err)
	}
	var q wsp.Push
	if err := q.Decode(b); err != nil || len(q.Headers) != wsp.MaxHeaders {
		t.Fatalf("%d headers, %v", len(q.Headers), err)
	}
	many := append([]byte{1, 6, 0x82, 0x01, 0xae}, bytes.Repeat([]byte{0x96, 0x80}, wsp.MaxHeaders+64)...)
	var we *wire.Error
	if err := q.Decode(many); !errors.As(err, &we) || we.Field != "headers" || we.Err != wire.ErrTooLong {
		t.Errorf("too many headers: %v", err)
	}
	many = append([]byte{1, 6, 0x60, 0x1f, 0x5e, 0xae}, bytes.Repeat([]byte{0x81, 0x80}, 47)...)
	if err := q.Decode(many[:3+0x60]); !errors.As(err, &we) || we.Field != "parameters" || we.Err != wire.ErrTooLong {
		t.Errorf("too many parameters: %v", err)
	}
}

func TestNoAllocs(t *testing.T) {
	mac := []byte("175A1959B7E1C04241443FB8577699824BEE225D")
	body := make([]byte, 200)
	for name, p := range map[string]*wsp.Push{
		"SI":   {ContentType: wsp.ContentType{Type: wsp.SIC}, Headers: []wsp.Header{wsp.ApplicationHeader(wsp.AppWMLUA), wsp.PushFlagHeader(wsp.LastPush)}, Body: body},
		"IOTA": {ContentType: wsp.ContentType{Type: wsp.SLC}, Headers: []wsp.Header{wsp.ApplicationHeader(wsp.AppOpenwaveIOTA)}, Body: body},
		"CP":   {ContentType: wsp.ContentType{Type: wsp.ConnectivityWBXML, Parameters: []wsp.Parameter{wsp.SECParameter(1), wsp.MACParameter(mac)}}, Body: body},
		"long": {ContentType: wsp.ContentType{Type: wsp.SIC}, Headers: []wsp.Header{{Code: wsp.HeaderHost, Value: wsp.Value{Kind: wsp.Text, Data: bytes.Repeat([]byte("h"), 300)}}}},
	} {
		b, err := p.Append(nil)
		if err != nil {
			t.Fatal(err)
		}
		buf := make([]byte, 0, len(b)+8)
		testvec.NoAllocs(t, "append "+name, func() { buf, _ = p.Append(buf[:0]) })
		if !bytes.Equal(buf, b) {
			t.Errorf("%s: %x, then %x", name, b, buf)
		}
		var q wsp.Push
		if err := q.Decode(b); err != nil {
			t.Fatal(err)
		}
		testvec.NoAllocs(t, "decode "+name, func() { _ = q.Decode(b) })
	}
}
