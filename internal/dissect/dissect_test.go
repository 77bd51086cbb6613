package dissect_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/otagate/otagate/internal/dissect"
	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/ss7/ansi41"
	"github.com/otagate/otagate/ss7/m3ua"
	"github.com/otagate/otagate/ss7/mtp"
	"github.com/otagate/otagate/ss7/sccp"
	"github.com/otagate/otagate/ss7/tcap/ansi"
)

func octets(t testing.TB, digits string) []byte {
	t.Helper()
	b, err := hex.DecodeString(digits)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

type appender interface {
	Append(dst []byte) ([]byte, error)
}

func encode(t testing.TB, m appender) []byte {
	t.Helper()
	b, err := m.Append(nil)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// pack puts a parameter set into a package.
func pack(t testing.TB, k ansi.Component) []byte {
	p := ansi.Package{Type: ansi.QueryWithPermission, Originating: 1, Components: []ansi.Component{k}}
	if !k.Type.IsInvoke() {
		p = ansi.Package{Type: ansi.Response, Responding: 1, Components: p.Components}
		p.Components[0].HasCorrelationID = true
	} else {
		p.Components[0].HasInvokeID = true
	}
	return encode(t, &p)
}

func invoke(t testing.TB, m ansi41.Message) []byte {
	return pack(t, ansi.Component{
		Type: ansi.InvokeLast, Operation: ansi.PrivateOperation(uint8(m.Operation())), Parameters: encode(t, m),
	})
}

func result(t testing.TB, m ansi41.Message) []byte {
	return pack(t, ansi.Component{Type: ansi.ReturnResultLast, Parameters: encode(t, m)})
}

// carry puts a package into a UDT into a DATA.
func carry(t testing.TB, pkg []byte) []byte {
	udt := sccp.UDT{
		Called:  sccp.PointCodeAddress(sccp.ANSI, mtp.ANSI(1, 12, 6), 8),
		Calling: sccp.PointCodeAddress(sccp.ANSI, mtp.ANSI(1, 12, 5), 11),
		Data:    pkg,
	}
	return encode(t, &m3ua.Data{OPC: mtp.ANSI(1, 12, 5), DPC: mtp.ANSI(1, 12, 6), SI: 3, UserData: encode(t, &udt)})
}

func verifySPC() *ansi41.SMDPPInvoke {
	return &ansi41.SMDPPInvoke{
		SMSBearerData:    wire.Hex{0x09, 1, 0, 3, 0x12, 0x34, 0x56},
		ServiceIndicator: ansi41.Some(ansi41.ServiceCDMAOTASP),
	}
}

func field(t *testing.T, r *dissect.Result, name string) wire.Field {
	t.Helper()
	for _, f := range r.Trace.Fields {
		if f.Name == name {
			return f
		}
	}
	t.Fatalf("no field %s in\n%s", name, r.Trace.Text(false))
	return wire.Field{}
}

func decode(t *testing.T, proto string, b []byte, opt dissect.Options) *dissect.Result {
	t.Helper()
	r, err := dissect.Decode(proto, b, opt)
	if err != nil {
		t.Fatalf("%v\n%s", err, r.Trace.Text(false))
	}
	return r
}

// Four layers down, offsets still count from the first octet, and a secret
// stays one.
func TestDescend(t *testing.T) {
	b := carry(t, invoke(t, verifySPC()))
	r := decode(t, "m3ua", b, dissect.Options{})
	spc := field(t, r, "SPC")
	if got := b[spc.Off : spc.Off+spc.Len]; !bytes.Equal(got, []byte{0x12, 0x34, 0x56}) {
		t.Errorf("octets of the SPC at %d: %x", spc.Off, got)
	}
	shown := spc.Value
	if text := r.Trace.Text(false); strings.Contains(text, shown) {
		t.Errorf("the text shows the SPC:\n%s", text)
	}
	if text := r.Trace.Text(true); !strings.Contains(text, shown) {
		t.Errorf("the text with secrets does not show the SPC:\n%s", text)
	}
	j, err := r.JSON()
	if err != nil {
		t.Fatal(err)
	}
	var nested struct {
		Payload struct {
			Protocol string
			Content  struct {
				Payload struct {
					Protocol string
					Content  struct {
						Components []struct {
							Message struct{ Operation string }
							Payload struct {
								Protocol string
								Content  struct{ Message string }
							}
						}
					}
				}
			}
		}
	}
	if err := json.Unmarshal(j, &nested); err != nil {
		t.Fatal(err)
	}
	inner := nested.Payload.Content.Payload.Content.Components
	if len(inner) != 1 || inner[0].Message.Operation != "SMSDeliveryPointToPoint" ||
		inner[0].Payload.Protocol != "is683-fwd" || inner[0].Payload.Content.Message != "ValidationRequest" {
		t.Errorf("inside: %s", j)
	}
	if back, err := dissect.Encode("m3ua", j); err != nil || !bytes.Equal(back, b) {
		t.Errorf("back: %x, %v", back, err)
	}
}

// After a fault four layers down nothing follows in the text, and the error
// says where.
func TestFaultInside(t *testing.T) {
	m := verifySPC()
	m.SMSBearerData = wire.Hex{0x09, 1, 0, 9, 0x12, 0x34, 0x56}
	b := carry(t, invoke(t, m))
	r, err := dissect.Decode("m3ua", b, dissect.Options{})
	var we *wire.Error
	if !errors.As(err, &we) || we.Field != "PARAM_DATA" || b[we.Offset] != 0x12 {
		t.Fatalf("error %v", err)
	}
	lines := strings.Split(strings.TrimSpace(r.Trace.Text(false)), "\n")
	if last := lines[len(lines)-1]; !strings.Contains(last, "BLOCK_LEN") {
		t.Errorf("the text ends with\n%s", last)
	}
	if _, err := r.JSON(); err == nil {
		t.Error("JSON of half a message")
	}
	if got := dissect.Gist("m3ua", b); !strings.HasSuffix(got, err.Error()) {
		t.Errorf("gist %q", got)
	}
}

// What is not understood is not an error, and not shown: it may hold keys.
func TestLeftAlone(t *testing.T) {
	inUDT := func(payload []byte) []byte {
		return encode(t, &sccp.UDT{Called: sccp.SSNAddress(sccp.ANSI, 8), Calling: sccp.SSNAddress(sccp.ANSI, 11), Data: payload})
	}
	segment := &sccp.XUDT{
		Called: sccp.SSNAddress(sccp.ANSI, 8), Calling: sccp.SSNAddress(sccp.ANSI, 11), HopCounter: 15, Data: invoke(t, verifySPC()),
		Optional: sccp.Optional{Segmented: true, Segmentation: sccp.Segmentation{First: true, Remaining: 1}},
	}
	teleservice := &ansi41.SMDPPInvoke{SMSBearerData: wire.Hex{1, 2, 3}, SMSTeleserviceIdentifier: ansi41.Teleservice(4098)}
	for _, c := range []struct {
		name, proto, field, note string
		b                        []byte
	}{
		{"another user of MTP", "m3ua", "user_data", "", encode(t, &m3ua.Data{SI: 5, UserData: wire.Hex{1, 2, 3}})},
		{"connection-oriented SCCP", "m3ua", "user_data", "", encode(t, &m3ua.Data{SI: 3, UserData: wire.Hex{1, 2, 3}})},
		{"ITU TCAP", "sccp", "data", "ITU TCAP", inUDT([]byte{0x62, 0})},
		{"no TCAP", "sccp", "data", "", inUDT([]byte{1, 2, 3})},
		{"SCCP management", "sccp", "data", "SCCP management", encode(t, &sccp.UDT{
			Called: sccp.SSNAddress(sccp.ANSI, 1), Calling: sccp.SSNAddress(sccp.ANSI, 1), Data: wire.Hex{1, 8, 6, 12, 1, 0}})},
		{"a segment", "sccp", "data", "segment", encode(t, segment)},
		{"a cut message that came back", "sccp", "data", "", encode(t, &sccp.UDTS{
			Called: sccp.SSNAddress(sccp.ANSI, 8), Calling: sccp.SSNAddress(sccp.ANSI, 11), Data: invoke(t, verifySPC())[:30]})},
		{"a teleservice", "ansi41", "SMS_BearerData", "", invoke(t, teleservice)},
		{"a result that is no IS-683", "ansi41", "SMS_BearerData", "", result(t, &ansi41.SMDPPResult{SMSBearerData: ansi41.Some(wire.Hex{0, 9})})},
		{"another family", "ansi41", "parameter set", "", pack(t, ansi.Component{
			Type: ansi.InvokeLast, Operation: ansi.Operation{Family: 8, Specifier: 1}, Parameters: wire.Hex{0x81, 1, 7}})},
		{"an error's parameters", "ansi41", "parameter set", "", pack(t, ansi.Component{
			Type: ansi.ReturnError, Error: ansi.PrivateError(0x81), Parameters: wire.Hex{0x81, 1, 7}})},
	} {
		r := decode(t, c.proto, c.b, dissect.Options{})
		f := field(t, r, c.field)
		if !f.Secret || f.Value == "" || f.Note != c.note {
			t.Errorf("%s: %+v", c.name, f)
		}
		j, err := r.JSON()
		if err != nil {
			t.Fatal(err)
		}
		if back, err := dissect.Encode(c.proto, j); err != nil || !bytes.Equal(back, c.b) {
			t.Errorf("%s: back %x (%v), want %x", c.name, back, err, c.b)
		}
	}
}

// Octets behind an error, or before it, are not shown either.
func TestBrokenCarrierConceals(t *testing.T) {
	b := append(carry(t, invoke(t, verifySPC())), 0, 0, 0, 0)
	for proto, b := range map[string][]byte{
		"m3ua": b,
		"sccp": append(b[24:len(b)-4:len(b)-4], 1),
	} {
		r, err := dissect.Decode(proto, b, dissect.Options{})
		if text := r.Trace.Text(false); err == nil || strings.Contains(text, "123456") {
			t.Errorf("%s: %v\n%s", proto, err, text)
		}
	}
}

// A package alone is not looked into, so what it carries may be a key.
func TestPackageAloneConceals(t *testing.T) {
	b := invoke(t, verifySPC())
	for _, b := range [][]byte{b, append(b[:len(b):len(b)], 0)} {
		r, _ := dissect.Decode("tcap", b, dissect.Options{})
		if text := r.Trace.Text(false); strings.Contains(text, "123456") {
			t.Errorf("the text shows the SPC:\n%s", text)
		}
		if text := r.Trace.Text(true); !strings.Contains(text, "123456") {
			t.Errorf("the text with secrets does not show the SPC:\n%s", text)
		}
	}
}

func TestGuessOfResult(t *testing.T) {
	smsreq := result(t, &ansi41.SMSREQResult{ESN: ansi41.Some(ansi41.ESN(1)), SMSAddress: ansi41.Some(ansi41.E164("6195550100", 0))})
	capability := result(t, &ansi41.SMDPPResult{SMSBearerData: ansi41.Some(wire.Hex{5, 0})})
	for _, c := range []struct {
		name    string
		b       []byte
		op      ansi41.Operation
		message string // of the component in JSON
		shows   string
	}{
		{"an SMDPP by its parameters", capability, 0, "SMSDeliveryPointToPoint", "Commit Response"},
		{"not an SMDPP", smsreq, 0, "0", "SMS_Address"},
		{"what the caller knows", smsreq, ansi41.SMSRequest, "SMSRequest", "numbering plan"},
	} {
		r := decode(t, "ansi41", c.b, dissect.Options{Operation: c.op})
		if text := r.Trace.Text(false); !strings.Contains(text, c.shows) {
			t.Errorf("%s: no %s in\n%s", c.name, c.shows, text)
		}
		j, err := r.JSON()
		if err != nil {
			t.Fatal(err)
		}
		var form struct {
			Components []struct {
				Message struct{ Operation string }
			}
		}
		if err := json.Unmarshal(j, &form); err != nil {
			t.Fatal(err)
		}
		if got := form.Components[0].Message.Operation; got != c.message {
			t.Errorf("%s: operation %q, want %q", c.name, got, c.message)
		}
		if back, err := dissect.Encode("ansi41", j); err != nil || !bytes.Equal(back, c.b) {
			t.Errorf("%s: back %x, %v", c.name, back, err)
		}
	}
}

func TestNamesFromAbove(t *testing.T) {
	failed := pack(t, ansi.Component{Type: ansi.ReturnError, Error: ansi.PrivateError(0x81)})
	if f := field(t, decode(t, "ansi41", failed, dissect.Options{}), "error code"); f.Note != "UnrecognizedMIN" {
		t.Errorf("error code: %q", f.Note)
	}
	asked := invoke(t, verifySPC())
	if f := field(t, decode(t, "ansi41", asked, dissect.Options{}), "operation specifier"); f.Note != "SMSDeliveryPointToPoint" {
		t.Errorf("operation specifier: %q", f.Note)
	}
}

func TestSeveralComponents(t *testing.T) {
	set := encode(t, &ansi41.SMDPPInvoke{MIN: ansi41.Some(ansi41.MIN{0x16, 0x19, 0x32, 0x04, 0x00})})
	p := ansi.Package{Type: ansi.ConversationWithPermission, Originating: 1, Responding: 2, Components: []ansi.Component{
		{Type: ansi.Reject, HasCorrelationID: true, CorrelationID: 1, Problem: ansi.UnrecognizedOperation},
		{Type: ansi.InvokeLast, HasInvokeID: true, InvokeID: 2, Operation: ansi.PrivateOperation(0x35), Parameters: set},
		{Type: ansi.InvokeLast, HasInvokeID: true, InvokeID: 3, Operation: ansi.PrivateOperation(0x35), Parameters: set},
	}}
	b := encode(t, &p)
	r := decode(t, "ansi41", b, dissect.Options{})
	offsets := map[int]bool{}
	for _, f := range r.Trace.Fields {
		if f.Name == "MobileIdentificationNumber" {
			offsets[f.Off] = b[f.Off] == 0x16
		}
	}
	if len(offsets) != 2 {
		t.Errorf("MINs at %v in\n%s", offsets, r.Trace.Text(false))
	}
	const want = "reject  invoke: unrecognized operation code | SMDPP invoke  MIN 619***4000 | SMDPP invoke  MIN 619***4000"
	if got := dissect.Gist("ansi41", b); got != want {
		t.Errorf("gist\n got %s\nwant %s", got, want)
	}
}

func TestGistReveals(t *testing.T) {
	b := octets(t, "e233c70400000201e82be929cf0100d1020935f2209f69009f74009f81000108880516193204009f814101019f8143052222222222")
	for reveal, want := range map[bool]string{
		false: "SMDPP invoke  attach MSC to OTAF MIN 619***4000 TRN 2222222222",
		true:  "SMDPP invoke  attach MSC to OTAF MIN 6191234000 TRN 2222222222",
	} {
		g := dissect.Gister{Reveal: reveal}
		if got := g.Gist("ansi41", b); got != want {
			t.Errorf("reveal %v:\n got %s\nwant %s", reveal, got, want)
		}
	}
}

func TestGistOfAbort(t *testing.T) {
	b := encode(t, &ansi.Package{Type: ansi.Abort, Responding: 1, UserAbort: true})
	if got := dissect.Gist("ansi41", b); got != "abort by the user" {
		t.Errorf("%q", got)
	}
}

func TestUnknownProtocol(t *testing.T) {
	const want = `no protocol "sigtran": want one of smpp, m3ua,`
	r, err := dissect.Decode("sigtran", nil, dissect.Options{})
	if !errors.Is(err, dissect.ErrProtocol) || !strings.HasPrefix(err.Error(), want) || r == nil {
		t.Errorf("Decode: %v", err)
	}
	if _, err := dissect.Encode("sigtran", nil); !errors.Is(err, dissect.ErrProtocol) {
		t.Errorf("Encode: %v", err)
	}
	if got := dissect.Gist("sigtran", []byte{1}); !strings.Contains(got, want) {
		t.Errorf("Gist: %q", got)
	}
}

func TestEncodeRefuses(t *testing.T) {
	for _, c := range []struct{ proto, text, want string }{
		{"smpp", `{`, "unexpected end of JSON input"},
		{"smpp", `{"message":"SubmitSM","sorce_addr":"1"}`, `no field "sorce_addr"`},
		{"is683-fwd", `{"direction":"reverse","message":"CommitResponse"}`, "a reverse message: want forward"},
		{"ansi41", `{"message":"DATA"}`, "want Package"},
		{"ansi41", `{"message":"Package","componets":[]}`, `unknown field "componets"`},
		{"ansi41", `{"message":"Package","package_type":226,"components":[{"component_type":233,"operation":{"family":9,"specifier":56},
			"message":{"operation":"SMDPP","component":"invoke"}}]}`, "but the message is of SMSDeliveryPointToPoint"},
		{"ansi41", `{"message":"Package","package_type":226,"components":[{"component_type":234,"parameters":"00",
			"message":{"operation":"SMDPP","component":"returnResult"}}]}`, "exclude each other"},
		{"ansi41", `{"message":"Package","package_type":226,"components":[{"component_type":234,
			"message":{"operation":"SMDPP","component":"returnResult","MIM":"1"}}]}`, `unknown field "MIM"`},
	} {
		if b, err := dissect.Encode(c.proto, []byte(c.text)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: want %q, got %v (%x)", c.text, c.want, err, b)
		}
	}
}

// The octets are only looked at.
func TestInputIsNotTouched(t *testing.T) {
	b := carry(t, invoke(t, verifySPC()))
	before := bytes.Clone(b)
	decode(t, "m3ua", b, dissect.Options{})
	if d := cmp.Diff(before, b); d != "" {
		t.Error(d)
	}
}
