package pap_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/wappush/pap"
	"github.com/otagate/otagate/wappush/xmldoc"
)

const testdata = "../../testdata/pap"

// documents are the control entities of testdata.
func documents(t testing.TB) map[string][]byte {
	t.Helper()
	files, err := filepath.Glob(testdata + "/*.xml")
	if err != nil || len(files) < 12 {
		t.Fatalf("%d documents, %v", len(files), err)
	}
	all := map[string][]byte{}
	for _, f := range files {
		all[strings.TrimSuffix(filepath.Base(f), ".xml")] = file(t, filepath.Base(f))
	}
	return all
}

func file(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(testdata, name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestDocuments: those of ours are written back to the letter, and every cut of
// any is refused.
func TestDocuments(t *testing.T) {
	for name, b := range documents(t) {
		t.Run(name, func(t *testing.T) {
			c, err := pap.ParseControl(b, xmldoc.Limits{})
			if err != nil {
				t.Fatal(err)
			}
			got, err := c.AppendXML([]byte("before"))
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff("before"+string(b), string(got)); d != "" && name != "push-message-user-guide" {
				t.Error(d)
			}
			if name == c.Message.Element() == (name == "push-message-user-guide") {
				t.Errorf("read as %s", c.Message.Element())
			}
			again, err := pap.ParseControl(got[len("before"):], xmldoc.Limits{})
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(c, again); d != "" {
				t.Error(d)
			}
			for n := range bytes.LastIndexByte(b, '>') {
				if _, err := pap.ParseControl(b[:n], xmldoc.Limits{}); pap.CodeOf(err) != pap.CodeBadRequest {
					t.Fatalf("cut to %d octets: %v", n, err)
				}
			}
		})
	}
}

// TestPublished is the document of a user guide.
func TestPublished(t *testing.T) {
	c, err := pap.ParseControl(documents(t)["push-message-user-guide"], xmldoc.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	want := &pap.Control{Message: &pap.PushMessage{
		PushID:    "9fjeo39jf084@pi.com",
		Addresses: []pap.Address{"WAPPUSH=+358408676001/TYPE=PLMN@ppg.carrier.com"},
	}}
	if d := cmp.Diff(want, c); d != "" {
		t.Error(d)
	}
}

func TestPushMessage(t *testing.T) {
	c, err := pap.ParseControl(documents(t)["push-message"], xmldoc.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	want := &pap.Control{
		Version: pap.Version20, SupportedVersions: "2.0,1.*", ProductName: "Acme & Co",
		Message: &pap.PushMessage{
			PushID: "1@acme.example", ReplacePushID: "0@acme.example", ReplaceMethod: pap.ReplacePushedOnly,
			DeliverBefore:   time.Date(2024, 3, 1, 0, 0, 0, 0, time.UTC),
			DeliverAfter:    time.Date(2024, 2, 29, 8, 0, 0, 0, time.UTC),
			SourceReference: "Acme", ProgressNotesRequested: true, NotifyRequestedTo: "http://acme.example/notify?a=1&b=2",
			Addresses: []pap.Address{"WAPPUSH=+16195550100/TYPE=PLMN@ppg.acme.example", "WAPPUSH=+16195550101/TYPE=PLMN@ppg.acme.example"},
			QualityOfService: &pap.QualityOfService{
				Priority: pap.PriorityHigh, DeliveryMethod: pap.DeliveryPreferConfirmed,
				Network: pap.NetworkIS95, NetworkRequired: true, Bearer: pap.BearerSMS, BearerRequired: true,
			},
		},
	}
	if d := cmp.Diff(want, c); d != "" {
		t.Error(d)
	}
}

const goodAddress = `<address address-value="WAPPUSH=1/TYPE=PLMN"/>`

// TestLenient has what is not in the standard and does no harm.
func TestLenient(t *testing.T) {
	for what, doc := range map[string]string{
		"no declaration, no DOCTYPE": `<pap><push-message push-id="a">` + goodAddress + `</push-message></pap>`,
		"another public identifier":  `<!DOCTYPE pap PUBLIC "-//ACME//PAP//EN" "x.dtd"><pap><push-message push-id="a">` + goodAddress + `</push-message></pap>`,
		"unknown attribute":          `<pap><push-message push-id="a" results-notification-to="x">` + goodAddress + `</push-message></pap>`,
		"unknown element":            `<pap><push-message push-id="a"><acme x="1"><y/></acme>` + goodAddress + `</push-message></pap>`,
		"time without zone":          `<pap><push-message push-id="a" deliver-after-timestamp="2024-01-01T00:00:00">` + goodAddress + `</push-message></pap>`,
		"words in capitals":          `<pap><push-message push-id="a" progress-notes-requested="TRUE">` + goodAddress + `<quality-of-service priority="HIGH"/></push-message></pap>`,
		"order":                      `<pap><push-message push-id="a"><quality-of-service/>` + goodAddress + `</push-message></pap>`,
	} {
		c, err := pap.ParseControl([]byte(doc), xmldoc.Limits{})
		if err != nil {
			t.Errorf("%s: %v", what, err)
			continue
		}
		if m, is := c.Message.(*pap.PushMessage); !is || m.PushID != "a" || len(m.Addresses) != 1 {
			t.Errorf("%s: %+v", what, c.Message)
		}
	}
}

func TestRefused(t *testing.T) {
	in := func(s string) string { return "<pap>" + s + "</pap>" }
	for what, doc := range map[string]string{
		"nothing":                  "",
		"no XML":                   "push me",
		"an entity":                `<!DOCTYPE pap [<!ENTITY a "b">]>` + in(`<push-message push-id="&a;">`+goodAddress+`</push-message>`),
		"an external entity":       `<!DOCTYPE pap [<!ENTITY a SYSTEM "file:///etc/passwd">]>` + in(`<push-message push-id="a">`+goodAddress+`</push-message>`),
		"an entity of nobody":      in(`<push-message push-id="&a;">` + goodAddress + `</push-message>`),
		"another root":             `<si/>`,
		"no message":               in(""),
		"two messages":             in(`<badmessage-response code="2000"/><badmessage-response code="2000"/>`),
		"no such message":          in(`<pull-message/>`),
		"text":                     in(`<badmessage-response code="2000"/>hello`),
		"no push-id":               in(`<push-message>` + goodAddress + `</push-message>`),
		"an empty push-id":         in(`<push-message push-id="">` + goodAddress + `</push-message>`),
		"no address":               in(`<push-message push-id="a"></push-message>`),
		"an address of nothing":    in(`<push-message push-id="a"><address/></push-message>`),
		"a bad time":               in(`<push-message push-id="a" deliver-before-timestamp="tomorrow">` + goodAddress + `</push-message>`),
		"a day that is none":       in(`<push-message push-id="a" deliver-before-timestamp="2023-02-29T00:00:00Z">` + goodAddress + `</push-message>`),
		"a bad flag":               in(`<push-message push-id="a" progress-notes-requested="yes">` + goodAddress + `</push-message>`),
		"a bad method":             in(`<push-message push-id="a" replace-method="some">` + goodAddress + `</push-message>`),
		"a bad priority":           in(`<push-message push-id="a">` + goodAddress + `<quality-of-service priority="urgent"/></push-message>`),
		"a bad delivery method":    in(`<push-message push-id="a">` + goodAddress + `<quality-of-service delivery-method="post"/></push-message>`),
		"no result":                in(`<push-response push-id="a"/>`),
		"two results":              in(`<push-response push-id="a"><response-result code="1000"/><response-result code="1000"/></push-response>`),
		"a note without stage":     in(`<push-response push-id="a"><progress-note/><response-result code="1000"/></push-response>`),
		"no code":                  in(`<badmessage-response/>`),
		"a code of three digits":   in(`<badmessage-response code="999"/>`),
		"a code of letters":        in(`<badmessage-response code="2OOO"/>`),
		"no cancel-result":         in(`<cancel-response push-id="a"/>`),
		"no statusquery-result":    in(`<statusquery-response push-id="a"/>`),
		"no state":                 in(`<statusquery-response push-id="a"><statusquery-result code="1000"/></statusquery-response>`),
		"a state of nobody":        in(`<statusquery-response push-id="a"><statusquery-result code="1000" message-state="lost"/></statusquery-response>`),
		"a result of two":          in(`<resultnotification-response push-id="a" code="1000">` + goodAddress + goodAddress + `</resultnotification-response>`),
		"a query of nobody":        in(`<ccq-message/>`),
		"a bad address in a query": in(`<statusquery-message push-id="a"><address address-value=""/></statusquery-message>`),
	} {
		c, err := pap.ParseControl([]byte(doc), xmldoc.Limits{})
		var e *pap.Error
		if !errors.As(err, &e) || e.Code != pap.CodeBadRequest {
			t.Errorf("%s: %+v, %v", what, c, err)
			continue
		}
		if e.Error() == "" || pap.BadMessage(err).Code != pap.CodeBadRequest || pap.BadMessage(err).Desc == "" {
			t.Errorf("%s: answered with %+v", what, pap.BadMessage(err))
		}
	}
}

func TestTimes(t *testing.T) {
	want := time.Date(2024, 2, 29, 8, 0, 0, 0, time.UTC)
	for _, at := range []string{"2024-02-29T08:00:00Z", "2024-02-29T10:00:00+02:00", "2024-02-29T08:00:00", "2024-02-29T08:00Z", " 2024-02-29T08:00:00Z "} {
		doc := `<pap><push-message push-id="a" deliver-after-timestamp="` + at + `">` + goodAddress + `</push-message></pap>`
		c, err := pap.ParseControl([]byte(doc), xmldoc.Limits{})
		if err != nil {
			t.Errorf("%q: %v", at, err)
			continue
		}
		if got := c.Message.(*pap.PushMessage).DeliverAfter; got != want {
			t.Errorf("%q: %v", at, got)
		}
		b, err := c.AppendXML(nil)
		if err != nil || !bytes.Contains(b, []byte(`"2024-02-29T08:00:00Z"`)) {
			t.Errorf("%q: %s, %v", at, b, err)
		}
	}
}

func TestBadMessage(t *testing.T) {
	_, err := pap.Decode("multipart/related; boundary=b", []byte("--b\r\n\x01\xffbad"+strings.Repeat("é", 300)+"\r\n\r\n--b--\r\n"), pap.Limits{})
	c := pap.Control{Message: pap.BadMessage(err)}
	b, err := c.AppendXML(nil)
	if err != nil {
		t.Fatalf("%+v: %v", c.Message, err)
	}
	if _, err := pap.ParseControl(b, xmldoc.Limits{}); err != nil || len(b) > 700 {
		t.Errorf("%d octets: %v", len(b), err)
	}
	if m := pap.BadMessage(errors.New("secret of ours")); m.Code != pap.CodeInternalServerError || m.Desc != "" {
		t.Errorf("%+v", m)
	}
	if got := pap.CodeOf(nil); got != pap.CodeOK {
		t.Errorf("no error is %v", got)
	}
}

// TestAppendRefuses takes what is required from each message.
func TestAppendRefuses(t *testing.T) {
	a := pap.PLMNAddress("+16195550100", "")
	push := func(change func(*pap.PushMessage)) pap.Message {
		m := &pap.PushMessage{PushID: "a", Addresses: []pap.Address{a}}
		change(m)
		return m
	}
	for _, tt := range []struct {
		field string
		m     pap.Message
	}{
		{"message", nil},
		{"push-id", &pap.PushMessage{Addresses: []pap.Address{a}}},
		{"address", &pap.PushMessage{PushID: "a"}},
		{"address-value", push(func(m *pap.PushMessage) { m.Addresses = append(m.Addresses, "") })},
		{"source-reference", push(func(m *pap.PushMessage) { m.SourceReference = "a\x00" })},
		{"source-reference", push(func(m *pap.PushMessage) { m.SourceReference = "a\xff" })},
		{"deliver-before-timestamp", push(func(m *pap.PushMessage) { m.DeliverBefore = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC) })},
		{"replace-method", push(func(m *pap.PushMessage) { m.ReplaceMethod = 2 })},
		{"priority", push(func(m *pap.PushMessage) { m.QualityOfService = &pap.QualityOfService{Priority: 3} })},
		{"delivery-method", push(func(m *pap.PushMessage) { m.QualityOfService = &pap.QualityOfService{DeliveryMethod: 4} })},
		{"push-id", &pap.PushResponse{Result: pap.ResponseResult{Code: pap.CodeOK}}},
		{"code", &pap.PushResponse{PushID: "a"}},
		{"stage", &pap.PushResponse{PushID: "a", Result: pap.ResponseResult{Code: pap.CodeOK}, Progress: []pap.ProgressNote{{}}}},
		{"push-id", &pap.CancelMessage{}},
		{"cancel-result", &pap.CancelResponse{PushID: "a"}},
		{"code", &pap.CancelResponse{PushID: "a", Results: []pap.CancelResult{{}}}},
		{"push-id", &pap.StatusQueryMessage{}},
		{"statusquery-result", &pap.StatusQueryResponse{PushID: "a"}},
		{"message-state", &pap.StatusQueryResponse{PushID: "a", Results: []pap.StatusQueryResult{{Code: pap.CodeOK}}}},
		{"message-state", &pap.ResultNotificationMessage{PushID: "a", Code: pap.CodeOK, Address: a, State: 10}},
		{"address-value", &pap.ResultNotificationMessage{PushID: "a", Code: pap.CodeOK, State: pap.StateDelivered}},
		{"address-value", &pap.ResultNotificationResponse{PushID: "a", Code: pap.CodeOK}},
		{"code", &pap.ResultNotificationResponse{PushID: "a", Address: a, Code: 10000}},
		{"address-value", &pap.CCQMessage{}},
		{"code", &pap.CCQResponse{Address: a}},
		{"code", &pap.BadMessageResponse{Code: 999}},
	} {
		c := pap.Control{Message: tt.m}
		got, err := c.AppendXML([]byte("kept"))
		var we *wire.Error
		if !errors.As(err, &we) || we.Field != tt.field || string(got) != "kept" {
			t.Errorf("%T: want an error in %s, got %v and %q", tt.m, tt.field, err, got)
		}
	}
	for field, c := range map[string]pap.Control{
		"version":            {Version: 2, Message: &pap.CancelMessage{PushID: "a"}},
		"supported-versions": {Version: pap.Version20, SupportedVersions: `2.0"?><!ENTITY`, Message: &pap.CancelMessage{PushID: "a"}},
		"product-name":       {ProductName: "\x01", Message: &pap.CancelMessage{PushID: "a"}},
	} {
		_, err := c.AppendXML(nil)
		var we *wire.Error
		if !errors.As(err, &we) || we.Field != field {
			t.Errorf("want an error in %s, got %v", field, err)
		}
	}
}

// texts are what an attribute may hold.
func texts(least int) *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		s := rapid.StringN(least, 20, 80).Filter(xmldoc.IsText).Draw(t, "text")
		return s
	})
}

func times() *rapid.Generator[time.Time] {
	return rapid.Map(rapid.Int64Range(0, 253402300799), func(n int64) time.Time { return time.Unix(n, 0).UTC() })
}

func addresses(least int) *rapid.Generator[[]pap.Address] {
	return rapid.SliceOfN(rapid.Map(texts(1), func(s string) pap.Address { return pap.Address(s) }), least, 3)
}

// messages draws every kind of message.
func messages() *rapid.Generator[pap.Message] {
	return rapid.Custom(func(t *rapid.T) pap.Message {
		id, text := texts(1).Draw(t, "push-id"), texts(0)
		code := pap.Code(rapid.IntRange(1000, 9999).Draw(t, "code"))
		state := pap.MessageState(rapid.IntRange(1, 9).Draw(t, "state"))
		desc, at := text.Draw(t, "desc"), times().Draw(t, "time")
		one, some := pap.Address(texts(1).Draw(t, "address")), addresses(0).Draw(t, "addresses")
		var q *pap.QualityOfService
		if rapid.Bool().Draw(t, "quality") {
			q = &pap.QualityOfService{
				Priority: pap.Priority(rapid.IntRange(0, 2).Draw(t, "p")), DeliveryMethod: pap.DeliveryMethod(rapid.IntRange(0, 3).Draw(t, "d")),
				Network: pap.Network(text.Draw(t, "network")), NetworkRequired: rapid.Bool().Draw(t, "n"),
				Bearer: pap.Bearer(text.Draw(t, "bearer")), BearerRequired: rapid.Bool().Draw(t, "b"),
			}
		}
		switch rapid.IntRange(0, 10).Draw(t, "message") {
		case 0:
			return &pap.PushMessage{
				PushID: id, ReplacePushID: desc, ReplaceMethod: pap.ReplaceMethod(rapid.IntRange(0, 1).Draw(t, "r")), DeliverBefore: at, DeliverAfter: at,
				SourceReference: desc, ProgressNotesRequested: rapid.Bool().Draw(t, "notes"), NotifyRequestedTo: desc,
				Addresses: addresses(1).Draw(t, "to"), QualityOfService: q,
			}
		case 1:
			return &pap.PushResponse{PushID: id, SenderAddress: desc, SenderName: desc, ReplyTime: at, Progress: []pap.ProgressNote{{id, desc, at}}, Result: pap.ResponseResult{Code: code, Desc: desc}}
		case 2:
			return &pap.CancelMessage{PushID: id, Addresses: some}
		case 3:
			return &pap.CancelResponse{PushID: id, Results: []pap.CancelResult{{code, desc, some}, {code, "", nil}}}
		case 4:
			return &pap.ResultNotificationMessage{PushID: id, SenderAddress: desc, SenderName: desc, ReceivedTime: at, EventTime: at, State: state, Code: code, Desc: desc, Address: one, QualityOfService: q}
		case 5:
			return &pap.ResultNotificationResponse{PushID: id, Code: code, Desc: desc, Address: one}
		case 6:
			return &pap.StatusQueryMessage{PushID: id, Addresses: some}
		case 7:
			return &pap.StatusQueryResponse{PushID: id, Results: []pap.StatusQueryResult{{at, state, code, desc, some, q}}}
		case 8:
			return &pap.CCQMessage{QueryID: desc, AppID: desc, Address: one}
		case 9:
			return &pap.CCQResponse{QueryID: desc, Code: code, Desc: desc, Address: one}
		}
		return &pap.BadMessageResponse{Code: code, Desc: desc, Fragment: id}
	})
}

func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := &pap.Control{Version: pap.Version(rapid.IntRange(0, 1).Draw(t, "version")), ProductName: texts(0).Draw(t, "product"), Message: messages().Draw(t, "m")}
		if c.Version == pap.Version20 {
			c.SupportedVersions = "2.0"
		}
		b, err := c.AppendXML(nil)
		if err != nil {
			t.Fatal(err)
		}
		got, err := pap.ParseControl(b, xmldoc.Limits{})
		if err != nil {
			t.Fatalf("%v in\n%s", err, b)
		}
		if d := cmp.Diff(c, got, cmpopts.EquateEmpty()); d != "" {
			t.Fatalf("%s\n%s", d, b)
		}
	})
}

func FuzzParseControl(f *testing.F) {
	for _, b := range documents(f) {
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := pap.ParseControl(b, xmldoc.Limits{})
		if err != nil {
			if pap.CodeOf(err) != pap.CodeBadRequest {
				t.Fatal(err)
			}
			return
		}
		once, err := c.AppendXML(nil)
		if err != nil {
			var we *wire.Error
			if !errors.As(err, &we) {
				t.Fatalf("%v in %s", err, b)
			}
			return
		}
		again, err := pap.ParseControl(once, xmldoc.Limits{})
		if err != nil {
			t.Fatalf("%v in %s", err, once)
		}
		if twice, err := again.AppendXML(nil); err != nil || !bytes.Equal(once, twice) {
			t.Fatalf("not stable: %s, then %s (%v)", once, twice, err)
		}
	})
}

func TestNames(t *testing.T) {
	for _, tt := range []struct {
		got  fmt.Stringer
		want string
	}{
		{pap.CodeOK, "1000 OK"}, {pap.CodeUserPending, "5028 client aborted: user pending"}, {pap.Code(2999), "2999"},
		{pap.Version20, "2.0"}, {pap.ReplacePushedOnly, "pushed-only"}, {pap.PriorityLow, "low"},
		{pap.DeliveryUnconfirmed, "unconfirmed"}, {pap.StateCancelled, "cancelled"}, {pap.MessageState(0), ""}, {pap.Priority(9), ""},
	} {
		if got := tt.got.String(); got != tt.want {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
	for c, want := range map[pap.Code]pap.Class{1001: pap.ClassSuccess, 2999: pap.ClassClientError, 3000: pap.ClassServerError, 4001: pap.ClassServiceFailure, 5028: pap.ClassMobileAborted} {
		if c.Class() != want {
			t.Errorf("%v is of class %d", c, c.Class())
		}
	}
	for s, want := range map[pap.MessageState]bool{0: false, pap.StatePending: false, pap.StateUnknown: false, pap.StateDelivered: true, pap.StateExpired: true} {
		if s.Final() != want {
			t.Errorf("%v final: %t", s, s.Final())
		}
	}
}

func TestForSMS(t *testing.T) {
	for _, tt := range []struct {
		q    *pap.QualityOfService
		want pap.Code
	}{
		{nil, pap.CodeOK},
		{&pap.QualityOfService{}, pap.CodeOK},
		{&pap.QualityOfService{DeliveryMethod: pap.DeliveryPreferConfirmed, Bearer: pap.BearerGPRS}, pap.CodeOK},
		{&pap.QualityOfService{DeliveryMethod: pap.DeliveryConfirmed}, pap.CodeDeliveryMethodNotPossible},
		{&pap.QualityOfService{Bearer: pap.BearerGPRS, BearerRequired: true}, pap.CodeBearerNotAvailable},
		{&pap.QualityOfService{Bearer: "sms", BearerRequired: true}, pap.CodeOK},
		{&pap.QualityOfService{Bearer: "any", BearerRequired: true}, pap.CodeOK},
		{&pap.QualityOfService{BearerRequired: true}, pap.CodeOK},
	} {
		if got := tt.q.ForSMS(); got != tt.want {
			t.Errorf("%+v: %v, want %v", tt.q, got, tt.want)
		}
	}
}
