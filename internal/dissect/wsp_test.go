package dissect_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/otagate/otagate/internal/dissect"
	"github.com/otagate/otagate/internal/testvec"
	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/smpp"
)

// TestPushDescends: by content type, whatever its form.
func TestPushDescends(t *testing.T) {
	const trigger = "00000000000000000000000000000000" + "02c8000000" + "002a" + "01" + "61"
	for what, head := range map[string]string{
		"constrained": "2506" + "01" + "c4",
		"general":     "2506" + "02" + "01c4",
		"with quote":  "2506" + "03" + "1f01c4",
		"as text":     "2506" + "24" + "6170706c69636174696f6e2f766e642e73796e636d6c2e6e6f74696669636174696f6e00",
	} {
		r := decode(t, "wsp", octets(t, head+trigger), dissect.Options{})
		f := field(t, r, "sessionid")
		if f.Value != "42" || f.Depth != 1 || f.Off != len(head)/2+21 {
			t.Errorf("%s: %+v", what, f)
		}
		j, err := r.JSON()
		if err != nil || !strings.Contains(string(j), `"payload":{"protocol":"dm"`) {
			t.Errorf("%s: %s, %v", what, j, err)
		}
		if got := dissect.Gist("wsp", octets(t, head+trigger)); !strings.HasSuffix(got, "notification of a, session 2A, by the server, not specified") {
			t.Errorf("%s: %s", what, got)
		}
	}
}

// TestPushFaultInside: a bad body is an error at its place in the whole push,
// in text and gist.
func TestPushFaultInside(t *testing.T) {
	b := octets(t, "250603c4af87"+"00112233445566778899aabbccddeeff"+"02c8")
	r, err := dissect.Decode("wsp", b, dissect.Options{})
	var we *wire.Error
	if !errors.As(err, &we) || we.Proto != "dm" || we.Field != "trigger header" || we.Offset != 22 {
		t.Fatalf("%v", err)
	}
	if f := field(t, r, "digest"); f.Off != 6 {
		t.Errorf("%+v", f)
	}
	if got := dissect.Gist("wsp", b); got != "24 octets, "+err.Error() {
		t.Errorf("gist %q", got)
	}
}

// TestPushConceals: octets that nobody looked into do not show, whether the
// push is good or not.
func TestPushConceals(t *testing.T) {
	for what, b := range map[string][]byte{
		"a type that is not looked into": octets(t, "250601be"+"736563726574"),
		"a type in text":                 octets(t, "250604"+"612f6200"+"736563726574"),
	} {
		text := decode(t, "wsp", b, dissect.Options{}).Trace.Text(false)
		if !strings.Contains(text, "<6 octets, secret>") || strings.Contains(text, "736563") {
			t.Errorf("%s:\n%s", what, text)
		}
	}
}

func TestGistOfPush(t *testing.T) {
	for in, want := range map[string]string{
		"250607" + "06b691819254" + "00" + "030b6a004501": "Push application/vnd.wap.connectivity-wbxml SEC 1, provisioning nothing",
		"250606" + "ae" + "af610a6200":                    `Push application/vnd.wap.sic for "a\nb", 0 octets`,
		"250604" + "610a6200":                             `Push "a\nb", 0 octets`,
	} {
		if got := dissect.Gist("wsp", octets(t, in)); got != want {
			t.Errorf("%s: %q, want %q", in, got, want)
		}
	}
}

// TestPushInSubmitSM: the same push in the two ways that a submit_sm has.
func TestPushInSubmitSM(t *testing.T) {
	vs, err := testvec.LoadFile("../../testdata/smpp/push.hex")
	if err != nil {
		t.Fatal(err)
	}
	for i := range vs {
		p, err := smpp.DecodePDU(vs[i].Octets)
		if err != nil {
			t.Fatal(err)
		}
		m := p.Body.(*smpp.SubmitSM)
		push := m.ShortMessage
		if len(push) > 0 {
			push = push[1+push[0]:] // behind the user data header
		}
		for _, x := range m.TLVs {
			if x.Tag == smpp.TagMessagePayload {
				push = x.Value
			}
		}
		const want = "Push application/vnd.wap.slc for x-wap-application:wml.ua"
		if got := dissect.Gist("wsp", push); !strings.HasPrefix(got, want) {
			t.Errorf("%s: %q, want %q", vs[i].Name, got, want)
		}
	}
}
