package pap_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/wappush/pap"
)

const multipartType = `multipart/related; boundary=mime-boundary; type="application/xml"`

func TestDecode(t *testing.T) {
	env, err := pap.Decode(multipartType, file(t, "push-message.mime"), pap.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	m, is := env.Control.Message.(*pap.PushMessage)
	if !is || m.PushID != "1@acme.example" || env.Control.Version != pap.Version20 || env.Capabilities != nil {
		t.Errorf("%+v", env)
	}
	c, err := m.Addresses[0].Client()
	if err != nil {
		t.Fatal(err)
	}
	if got, err := c.PLMN(); got != "+16195550100" || err != nil {
		t.Errorf("%s, %v", got, err)
	}
	if env.Content.ContentType != "text/vnd.wap.si" || !bytes.HasSuffix(env.Content.Body, []byte("</si>")) {
		t.Errorf("content %+v", env.Content)
	}
	if app, ok := env.Content.Header("x-wap-application-id"); app != "x-wap-application:wml.ua" || !ok {
		t.Errorf("application %q %t", app, ok)
	}
	if _, ok := env.Content.Header("X-Wap-Content-URI"); ok {
		t.Error("a header that is not there")
	}
}

// TestUnquotedType: samples of push initiators that went around leave the quotes
// out.
func TestUnquotedType(t *testing.T) {
	b := file(t, "push-message.mime")
	for _, contentType := range []string{
		`multipart/related; boundary=mime-boundary; type=application/xml`,
		`Multipart/Related; type=application/xml; Boundary="mime-boundary"`,
		`multipart/related;type=application/xml;boundary=mime-boundary;`,
	} {
		env, err := pap.Decode(contentType, b, pap.Limits{})
		if err != nil || env.Content == nil {
			t.Errorf("%s: %+v, %v", contentType, env, err)
		}
	}
}

// TestDecodeCut: no cut of a body is taken for the whole.
func TestDecodeCut(t *testing.T) {
	b := file(t, "push-message.mime")
	end := bytes.LastIndex(b, []byte("--")) + 2
	for n := range end {
		if _, err := pap.Decode(multipartType, b[:n], pap.Limits{}); pap.CodeOf(err) != pap.CodeBadRequest {
			t.Fatalf("cut to %d of %d octets: %v", n, len(b), err)
		}
	}
}

// parts are a body of these parts.
func parts(all ...string) []byte {
	return []byte("--mime-boundary\r\n" + strings.Join(all, "\r\n--mime-boundary\r\n") + "\r\n--mime-boundary--\r\n")
}

const (
	control = "Content-Type: application/xml\r\n\r\n" + `<pap><push-message push-id="a">` + goodAddress + `</push-message></pap>`
	content = "Content-Type: text/vnd.wap.sl\r\n\r\n<sl/>"
	rdf     = "Content-Type: application/rdf+xml\r\n\r\n<rdf/>"
)

func TestParts(t *testing.T) {
	for _, tt := range []struct {
		what string
		body []byte
		want string // content and capabilities
	}{
		{"two", parts(control, content), "<sl/>"},
		{"three", parts(control, content, rdf), "<sl/><rdf/>"},
		{"base64", parts(control, "Content-Type: application/vnd.wap.slc\r\nContent-Transfer-Encoding: BASE64\r\n\r\nAwZq\r\nAAU="), "\x03\x06\x6a\x00\x05"},
		{"quoted-printable", parts(control, "Content-Type: text/vnd.wap.sl\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<s=\r\nl=3D/>"), "<sl=/>"},
		{"binary", parts(control, "Content-Type: application/vnd.wap.slc\r\nContent-Transfer-Encoding: binary\r\n\r\n\x03\x06\x6a\x00\r\n\x05"), "\x03\x06\x6a\x00\r\n\x05"},
		{"text/xml", parts(strings.Replace(control, "application", "text", 1), content), "<sl/>"},
		{"no type of the content", parts(control, "X-A: b\r\n\r\n<sl/>"), "<sl/>"},
		{"a preamble", append([]byte("hello\r\n"), parts(control, content)...), "<sl/>"},
	} {
		env, err := pap.Decode(multipartType, tt.body, pap.Limits{})
		if err != nil {
			t.Errorf("%s: %v", tt.what, err)
			continue
		}
		got := string(env.Content.Body)
		if env.Capabilities != nil {
			got += string(env.Capabilities.Body)
		}
		if got != tt.want {
			t.Errorf("%s: %q, want %q", tt.what, got, tt.want)
		}
	}
}

func TestDecodeRefuses(t *testing.T) {
	long := "Content-Type: text/plain\r\n\r\n" + strings.Repeat("x", 101)
	for what, tt := range map[string]struct {
		contentType string
		body        []byte
	}{
		"no type":                     {"", parts(control, content)},
		"another type":                {"text/html", parts(control, content)},
		"a type of nonsense":          {"multipart/related; boundary", parts(control, content)},
		"no boundary":                 {"multipart/related", parts(control, content)},
		"another boundary":            {"multipart/related; boundary=x", parts(control, content)},
		"no parts":                    {multipartType, []byte("--mime-boundary--\r\n")},
		"no content":                  {multipartType, parts(control)},
		"no content, as XML":          {"application/xml", []byte(control[strings.Index(control, "<"):])},
		"no control entity":           {multipartType, parts(content, control)},
		"a control entity of no type": {multipartType, parts(control[strings.Index(control, "\r\n"):], content)},
		"a bad control entity":        {multipartType, parts("Content-Type: application/xml\r\n\r\n<pap/>", content)},
		"four parts":                  {multipartType, parts(control, content, rdf, rdf)},
		"a long part":                 {multipartType, parts(control, long)},
		"a bad header":                {multipartType, parts(control, "Content-Type\r\n\r\n<sl/>")},
		"too many headers":            {multipartType, parts(control, strings.Repeat("X-A: b\r\n", 33)+content)},
		"bad base64":                  {multipartType, parts(control, "Content-Transfer-Encoding: base64\r\n\r\n***")},
		"an encoding of nobody":       {multipartType, parts(control, "Content-Transfer-Encoding: uuencode\r\n\r\n***")},
		"too long":                    {multipartType, parts(control, content, "X-A: b\r\n\r\n"+strings.Repeat("x", 4000))},
	} {
		env, err := pap.Decode(tt.contentType, tt.body, pap.Limits{Size: 4000, Content: 100})
		if pap.CodeOf(err) != pap.CodeBadRequest {
			t.Errorf("%s: %+v, %v", what, env, err)
		}
	}
}

// envelopes draws what may be sent.
func envelopes() *rapid.Generator[*pap.Envelope] {
	return rapid.Custom(func(t *rapid.T) *pap.Envelope {
		e := &pap.Envelope{Control: pap.Control{Message: messages().Draw(t, "message")}}
		part := func(kind string) *pap.Part {
			return &pap.Part{
				ContentType: kind,
				Headers:     []pap.Header{{"X-Wap-Application-Id", rapid.StringMatching(`[a-z:.*]{1,20}`).Draw(t, "application")}},
				Body:        rapid.SliceOfN(rapid.Byte(), 0, 100).Filter(func(b []byte) bool { return !bytes.Contains(b, []byte("--b")) }).Draw(t, "body"),
			}
		}
		switch e.Control.Message.(type) {
		case *pap.PushMessage:
			e.Content = part("application/vnd.wap.sic")
			if rapid.Bool().Draw(t, "capabilities") {
				e.Capabilities = part("application/rdf+xml")
			}
		case *pap.CCQResponse:
			if rapid.Bool().Draw(t, "capabilities") {
				e.Capabilities = part("application/rdf+xml")
			}
		}
		return e
	})
}

func TestEnvelopeRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := envelopes().Draw(t, "e")
		contentType, body, err := e.Encode("bound")
		if err != nil {
			t.Fatal(err)
		}
		got, err := pap.Decode(contentType, body, pap.Limits{})
		if err != nil {
			t.Fatalf("%v in %s\n%s", err, contentType, body)
		}
		if d := cmp.Diff(e, got, cmpopts.EquateEmpty()); d != "" {
			t.Fatalf("%s\n%s", d, body)
		}
	})
}

func TestEncodeRefuses(t *testing.T) {
	a := pap.PLMNAddress("1", "")
	push := pap.Control{Message: &pap.PushMessage{PushID: "a", Addresses: []pap.Address{a}}}
	sl := func(change func(*pap.Part)) *pap.Part {
		p := &pap.Part{ContentType: "text/vnd.wap.sl", Body: []byte("<sl/>")}
		change(p)
		return p
	}
	for _, tt := range []struct {
		field, boundary string
		e               pap.Envelope
	}{
		{"message", "b", pap.Envelope{}},
		{"content", "b", pap.Envelope{Control: push}},
		{"boundary", "", pap.Envelope{Control: push, Content: sl(func(*pap.Part) {})}},
		{"boundary", "a\r\nb", pap.Envelope{Control: push, Content: sl(func(*pap.Part) {})}},
		{"boundary", "b", pap.Envelope{Control: push, Content: sl(func(p *pap.Part) { p.Body = []byte("x\r\n--b\r\n") })}},
		{"Content-Type", "b", pap.Envelope{Control: push, Content: sl(func(p *pap.Part) { p.ContentType = "" })}},
		{"header", "b", pap.Envelope{Control: push, Content: sl(func(p *pap.Part) { p.Headers = []pap.Header{{"X-A", "b\r\nX-C: d"}} })}},
		{"header", "b", pap.Envelope{Control: push, Content: sl(func(p *pap.Part) { p.Headers = []pap.Header{{"X A", "b"}} })}},
		{"header", "b", pap.Envelope{Control: push, Content: sl(func(p *pap.Part) { p.ContentType = "a\nb" })}},
		{"header", "b", pap.Envelope{Control: push, Content: sl(func(p *pap.Part) { p.Headers = make([]pap.Header, 33) })}},
	} {
		_, _, err := tt.e.Encode(tt.boundary)
		var we *wire.Error
		if !errors.As(err, &we) || we.Field != tt.field {
			t.Errorf("want an error in %s, got %v", tt.field, err)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(multipartType, file(f, "push-message.mime"))
	f.Add(multipartType, parts(control, content, rdf))
	f.Add("application/xml", file(f, "cancel-message.xml"))
	f.Fuzz(func(t *testing.T, contentType string, b []byte) {
		env, err := pap.Decode(contentType, b, pap.Limits{})
		if (err == nil) == (env == nil) || err != nil && pap.CodeOf(err) != pap.CodeBadRequest {
			t.Fatalf("%+v, %v", env, err)
		}
	})
}
