package ppg_test

import (
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/gateway/push"
	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/wappush/omacp"
	"github.com/otagate/otagate/wappush/pap"
)

func TestPush(t *testing.T) {
	f := newFront(t)
	env := pushOf("1@acme.example", "+15551234567")
	m := env.Control.Message.(*pap.PushMessage)
	m.SourceReference, m.ProgressNotesRequested = "order 7", true
	m.DeliverBefore = time.Now().Add(time.Hour).UTC().Truncate(time.Second)
	m.DeliverAfter = m.DeliverBefore.Add(-30 * time.Minute)
	m.QualityOfService = &pap.QualityOfService{Priority: pap.PriorityHigh, DeliveryMethod: pap.DeliveryPreferConfirmed, Bearer: "sms", BearerRequired: true}
	env.Control.Version = pap.Version20
	r := f.tell(http.StatusAccepted, env).(*pap.PushResponse)
	if r.Result.Code != pap.CodeAccepted || r.PushID != "1@acme.example" || r.ReplyTime.IsZero() || len(r.Progress) != 1 {
		t.Errorf("got %+v", r)
	}
	got := f.svc.messages()
	if len(got) != 1 {
		t.Fatalf("%d messages", len(got))
	}
	g := got[0]
	if g.To != 15551234567 || g.Priority != 2 || !g.NotBefore.Equal(m.DeliverAfter) || !g.Deadline.Equal(m.DeliverBefore) {
		t.Errorf("got %+v", g)
	}
	if o := g.Origin; o.Door != "pap" || o.Account != "acme" || o.Corr != "1@acme.example" || o.Source != "order 7" || len(o.Data) != 0 {
		t.Errorf("origin %+v", o)
	}
	if c := g.Content; hex.EncodeToString(c.Payload) != slPDU || c.Source != 9200 || c.Destination != 2948 {
		t.Errorf("content %x of ports %d and %d", c.Payload, c.Source, c.Destination)
	}
	if until := time.Until(g.Seen.Until); g.Seen.Key == "" || until < 59*time.Minute || until > time.Hour {
		t.Errorf("seen %+v", g.Seen)
	}
	if code, _ := f.pushed(http.StatusAccepted, env); code != pap.CodeDuplicatePushID {
		t.Errorf("the second time: %v", code)
	}
	// A push-id is of one initiator.
	as := func(r *http.Request) { r.SetBasicAuth("other", password) }
	if code, _ := f.pushed(http.StatusAccepted, env, as); code != pap.CodeAccepted {
		t.Errorf("of another initiator: %v", code)
	}
	if got := f.svc.messages(); got[0].ID == got[1].ID || got[0].Seen.Key == got[1].Seen.Key {
		t.Error("the messages of two initiators have one id")
	}
}

const mac = "175A1959B7E1C04241443FB8577699824BEE225D"

const settings = `<wap-provisioningdoc version="1.1"><characteristic type="BOOTSTRAP"><parm name="NAME" value="x"/></characteristic></wap-provisioningdoc>`

func settingsWBXML(t *testing.T) []byte {
	t.Helper()
	d, err := omacp.ParseXML([]byte(settings))
	if err != nil {
		t.Fatal(err)
	}
	b, err := d.Append(nil)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestContent has what becomes of each content.
func TestContent(t *testing.T) {
	f := newFront(t)
	cp := settingsWBXML(t)
	secured := "25062f1f2db69181" + "92" + hex.EncodeToString([]byte(mac)) + "00" + hex.EncodeToString(cp)
	const slc = "03066a008509036578616d706c65008501"
	raw := string(mustHex(t, slc))
	for i, tt := range []struct {
		what string
		part *pap.Part
		want string
	}{
		{"SL", part("text/vnd.wap.sl; charset=utf-8", sl), slPDU},
		{"SI", part("text/vnd.wap.si", `<si><indication href="http://example.com/">Hi</indication></si>`),
			"250603aeaf8203056a0045c60c036578616d706c65008501034869000101"},
		{"SL for another", part("text/vnd.wap.sl", sl, "X-Wap-Application-Id", "x-wap-openwave:iota.ua"), "250605b0af028010" + slc},
		{"by number", part("text/vnd.wap.sl", sl, "x-wap-application-id", "9"), "250603b0af89" + slc},
		{"by hexadecimal number", part("text/vnd.wap.sl", sl, "X-Wap-Application-Id", "0x8010"), "250605b0af028010" + slc},
		{"by the end of its name", part("text/vnd.wap.sl", sl, "X-Wap-Application-Id", "wml.ua"), slPDU},
		{"for any", part("text/vnd.wap.sl", sl, "X-Wap-Application-Id", "x-wap-application:*"), "250603b0af80" + slc},
		{"by a name without number", part("text/vnd.wap.sl", sl, "X-Wap-Application-Id", "x:y"), "250606b0af783a7900" + slc},
		{"SLC", part("application/vnd.wap.slc", raw), slPDU},
		{"SLC in base64", part("application/vnd.wap.slc", "AwZqAIUJA2V4YW1wbGUAhQE=", "Content-Transfer-Encoding", "base64"), slPDU},
		{"CP", part("text/vnd.wap.connectivity-xml", settings), "250601b6" + hex.EncodeToString(cp)},
		{"CP and MAC", part(`text/vnd.wap.connectivity-xml; SEC=1; MAC="`+mac+`"`, settings), secured},
		{"CP, binary", part("application/vnd.wap.connectivity-wbxml; SEC=USERPIN; MAC="+mac, string(cp)), secured},
		{"CP, MAC in lower case", part("application/vnd.wap.connectivity-wbxml; SEC=1; MAC="+strings.ToLower(mac), string(cp)), secured},
		{"CP, MAC with the user", part("application/vnd.wap.connectivity-wbxml; sec=3", string(cp)), "25060403b69183" + hex.EncodeToString(cp)},
		{"DM notification", part("application/vnd.syncml.notification", "anything"), "250603c4af87" + hex.EncodeToString([]byte("anything"))},
		{"MMS notification", part("application/vnd.wap.mms-message", "m"), "250603beaf846d"},
		{"DM bootstrap", part("application/vnd.syncml.dm+wbxml; SEC=1; MAC="+mac, "b"), strings.Replace(secured[:len(secured)-2*len(cp)], "b6", "c2", 1) + "62"},
		{"registered", part("application/iota.mmc-xml", "x"), "2506040302030178"},
		{"not registered", part("application/x-a", "x"), "2506106170706c69636174696f6e2f782d610078"},
		{"with parameters", part("application/octet-stream; charset=utf-8; a=b", "x", "X-Wap-Application-Id", "18"), "25060a07da6100620081eaaf9278"},
	} {
		t.Run(tt.what, func(t *testing.T) {
			env := pushOf(fmt.Sprint(i), "15551234567")
			env.Content = tt.part
			if code, desc := f.pushed(http.StatusAccepted, env); code != pap.CodeAccepted {
				t.Fatalf("%v: %s", code, desc)
			}
			all := f.svc.messages()
			if got := hex.EncodeToString(all[len(all)-1].Content.Payload); got != tt.want {
				t.Errorf("\n got %s\nwant %s", got, tt.want)
			}
		})
	}
}

func mustHex(t *testing.T, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestPushRefused has each refusal, and what its words must name.
func TestPushRefused(t *testing.T) {
	f := newFront(t)
	type push = pap.PushMessage
	with := func(p *pap.Part) func(*pap.Envelope) { return func(e *pap.Envelope) { e.Content = p } }
	say := func(edit func(*push)) func(*pap.Envelope) {
		return func(e *pap.Envelope) { edit(e.Control.Message.(*push)) }
	}
	to := func(a ...pap.Address) func(*pap.Envelope) { return say(func(m *push) { m.Addresses = a }) }
	qos := func(q pap.QualityOfService) func(*pap.Envelope) {
		return say(func(m *push) { m.QualityOfService = &q })
	}
	result := func(u string) func(*pap.Envelope) { return say(func(m *push) { m.NotifyRequestedTo = u }) }
	var many []pap.Address
	for i := range 101 {
		many = append(many, pap.PLMNAddress(fmt.Sprint(15551230000+i), ""))
	}
	for _, tt := range []struct {
		code  pap.Code
		names string
		edit  func(*pap.Envelope)
	}{
		{pap.CodeAddressError, "address 1: address-value", to("WAPPUSH=1.2.3.4/TYPE=IPv4@x")},
		{pap.CodeAddressError, "address 2: address-value", to(pap.PLMNAddress("15551234567", ""), "somebody@example.org")},
		{pap.CodeAddressError, "address-value", to("WAPPUSH=+0123/TYPE=PLMN")},
		{pap.CodeAddressError, "address-value", to("WAPPUSH=1234567890123456/TYPE=PLMN")},
		{pap.CodeAddressError, "address-value", to(pap.PLMNAddress("1", strings.Repeat("h", 255)))},
		{pap.CodeMultipleAddresses, "address", to(many...)},
		{pap.CodeDeliveryMethodNotPossible, "delivery-method", qos(pap.QualityOfService{DeliveryMethod: pap.DeliveryConfirmed})},
		{pap.CodeBearerNotAvailable, "bearer", qos(pap.QualityOfService{Bearer: pap.BearerGPRS, BearerRequired: true})},
		{pap.CodeNetworkNotAvailable, "network", qos(pap.QualityOfService{Network: pap.NetworkTETRA, NetworkRequired: true})},
		{pap.CodeReplacementNotSupported, "replace-push-id", say(func(m *push) { m.ReplacePushID = "0" })},
		{pap.CodeBadRequest, "push-id", say(func(m *push) { m.PushID = strings.Repeat("x", 256) })},
		{pap.CodeBadRequest, "source-reference", say(func(m *push) { m.SourceReference = strings.Repeat("x", 256) })},
		{pap.CodeBadRequest, "deliver-before-timestamp", say(func(m *push) { m.DeliverBefore = time.Now().Add(-time.Minute) })},
		{pap.CodeBadRequest, "deliver-before-timestamp", say(func(m *push) {
			m.DeliverAfter = time.Now().Add(2 * time.Hour)
			m.DeliverBefore = m.DeliverAfter
		})},
		{pap.CodeForbidden, "ppg-notify-requested-to", result("http://results.example/other/")},
		{pap.CodeForbidden, "ppg-notify-requested-to", result("http://results.example/acme")},
		{pap.CodeForbidden, "ppg-notify-requested-to", result("http://results.example:81/acme/")},
		{pap.CodeForbidden, "ppg-notify-requested-to", result("https://results.example/acme/")},
		{pap.CodeForbidden, "ppg-notify-requested-to", result("http://results.example.evil.example/acme/")},
		{pap.CodeBadRequest, "ppg-notify-requested-to", result("http://results.example/acme/../x")},
		{pap.CodeBadRequest, "ppg-notify-requested-to", result("http://results.example/acme/%2e%2E/x")},
		{pap.CodeBadRequest, "ppg-notify-requested-to", result("http://results.example/acme/%252e%252e/x")},
		{pap.CodeBadRequest, "ppg-notify-requested-to", result("http://results.example/acme/..;a/x")},
		{pap.CodeBadRequest, "ppg-notify-requested-to", result("http://results.example/acme/a%2f..%2fx")},
		{pap.CodeBadRequest, "ppg-notify-requested-to", result(`http://results.example/acme/..\x`)},
		{pap.CodeBadRequest, "ppg-notify-requested-to", result("http://u:p@results.example/acme/")},
		{pap.CodeBadRequest, "ppg-notify-requested-to", result("http://results.example@evil.example/acme/")},
		{pap.CodeBadRequest, "ppg-notify-requested-to", result("file:///etc/passwd")},
		{pap.CodeBadRequest, "ppg-notify-requested-to", result("gopher://results.example/acme/")},
		{pap.CodeBadRequest, "ppg-notify-requested-to", result("http://results.example/acme/#x")},
		{pap.CodeBadRequest, "ppg-notify-requested-to", result("http:///acme/")},
		{pap.CodeBadRequest, "ppg-notify-requested-to", result("http://results.example/acme/" + strings.Repeat("x", 1024))},
		{pap.CodeTransformationFailure, "<indication>: no href", with(part("text/vnd.wap.si", `<si><indication>Hi</indication></si>`))},
		{pap.CodeTransformationFailure, "line 1", with(part("text/vnd.wap.si", `<si>`))},
		{pap.CodeTransformationFailure, "content", with(part("text/vnd.wap.sl", `<!DOCTYPE sl [<!ENTITY a SYSTEM "file:///etc/passwd">]><sl href="&a;"/>`))},
		{pap.CodeBadRequest, "text/vnd.wap.si", with(part("text/vnd.wap.si", sl))},
		{pap.CodeTransformationFailure, "content", with(part("application/vnd.wap.sic", "\x03\x06\x6a\x00"))},
		{pap.CodeTransformationFailure, "content", with(part("application/vnd.wap.slc", "nothing"))},
		{pap.CodeTransformationFailure, "BOOTSTRAP[1]/NONE", with(part("text/vnd.wap.connectivity-xml", strings.Replace(settings, "NAME", "NONE", 1)))},
		{pap.CodeTransformationFailure, "APPLICATION[1]/TO-NAPID", with(part("text/vnd.wap.connectivity-xml", dangling))},
		{pap.CodeTransformationFailure, "content", with(part("application/vnd.wap.connectivity-wbxml", "x"))},
		{pap.CodeTransformationFailure, "Cache Operation", with(part("text/vnd.wap.co", "<co/>"))},
		{pap.CodeTransformationFailure, "application", with(part("application/vnd.syncml.notification", "x", "X-Wap-Application-Id", "2"))},
		{pap.CodeBadRequest, "PIN", with(part("text/vnd.wap.connectivity-xml; SEC=1; PIN=1234", settings))},
		{pap.CodeBadRequest, "MAC without SEC", with(part("text/vnd.wap.connectivity-xml; MAC="+mac, settings))},
		{pap.CodeBadRequest, "without MAC", with(part("text/vnd.wap.connectivity-xml; SEC=1", settings))},
		{pap.CodeBadRequest, "MAC", with(part("text/vnd.wap.connectivity-xml; SEC=1; MAC=12", settings))},
		{pap.CodeBadRequest, "SEC", with(part("text/vnd.wap.connectivity-xml; SEC=4; MAC="+mac, settings))},
		{pap.CodeBadRequest, "X-Wap-Application-Id", with(part("text/vnd.wap.sl", sl, "X-Wap-Application-Id", "nobody"))},
		{pap.CodeBadRequest, "X-Wap-Application-Id", with(part("text/vnd.wap.sl", sl, "X-Wap-Application-Id", "x:\xff"))},
		{pap.CodeBadRequest, "Content-Type", with(part("text/vnd wap", sl))},
		{pap.CodeBadRequest, "Content-Encoding", with(part("text/vnd.wap.sl", sl, "Content-Encoding", "gzip"))},
		{pap.CodeBadRequest, "empty", with(part("text/vnd.wap.sl", ""))},
	} {
		env := pushOf("refused", "15551234567")
		tt.edit(env)
		code, desc := f.pushed(http.StatusAccepted, env)
		if code != tt.code || !strings.Contains(desc, tt.names) {
			t.Errorf("got %v %q, want %v that names %q", code, desc, tt.code, tt.names)
		}
		if strings.Contains(desc, "5551234567") || strings.Contains(desc, "u:p") {
			t.Errorf("%q shows too much", desc)
		}
	}
	if got := f.svc.messages(); len(got) != 0 {
		t.Errorf("%d messages were accepted", len(got))
	}
	if n := f.server.Stats(); n.Rejected == 0 || n.Accepted != 0 {
		t.Errorf("counted %+v", n)
	}
}

// TestServiceRefuses has what the delivery says, in PAP's words.
func TestServiceRefuses(t *testing.T) {
	for _, tt := range []struct {
		err    error
		code   pap.Code
		status int
	}{
		{push.ErrNoRoute, pap.CodeAddressNotFound, 202},
		{push.ErrNoMIN, pap.CodeAddressNotFound, 202},
		{push.ErrValidity, pap.CodeBadRequest, 202},
		{errTooLong, pap.CodeNotPossible, 202},
		{errFull, pap.CodeServiceUnavailable, 503},
		{sessions.ErrBusy, pap.CodeServiceUnavailable, 503},
		{sessions.ErrStopped, pap.CodeServiceUnavailable, 503},
		{errStrange, pap.CodeInternalServerError, 202},
	} {
		for _, late := range []bool{false, true} {
			f := newFront(t)
			if late {
				f.svc.fail = func(int) error { return tt.err }
			} else {
				f.svc.refuse = tt.err
			}
			if code, desc := f.pushed(tt.status, pushOf("1", "15551234567")); code != tt.code || strings.Contains(desc, "strange") {
				t.Errorf("%v, late %t: got %v %q", tt.err, late, code, desc)
			}
		}
	}
}

// TestSeveral has each address as a message of its own.
func TestSeveral(t *testing.T) {
	f := newFront(t)
	env := pushOf("7@acme", "15551234567", "+1-555-123-4568", "15551234569", "+15551234567")
	if code, desc := f.pushed(202, env); code != pap.CodeAccepted {
		t.Fatalf("%v %s", code, desc)
	}
	ids, keys := map[sessions.ID]bool{}, map[string]bool{}
	var to []string
	for _, m := range f.svc.messages() {
		ids[m.ID], keys[m.Seen.Key] = true, true
		to = append(to, m.To.String())
	}
	if len(ids) != 3 || len(keys) != 3 || strings.Join(to, " ") != "15551234567 15551234568 15551234569" {
		t.Errorf("%d ids, %d keys, to %v", len(ids), len(keys), to)
	}
	for _, other := range [][]string{
		{"15551234567", "15551234568", "15551234569"}, // the same
		{"15551234567"}, // single
		{"15551234567", "15551234568", "15551234569", "15551234570"}, // more
		{"15551234567", "15551234570"},                               // fewer
		{"15551234571", "15551234572"},                               // others
	} {
		if code, _ := f.pushed(202, pushOf("7@acme", other...)); code != pap.CodeDuplicatePushID {
			t.Errorf("%v again: %v", other, code)
		}
	}
	f.pushed(202, pushOf("8@acme", "15551234567"))
	if code, _ := f.pushed(202, pushOf("8@acme", "15551234567", "15551234568")); code != pap.CodeDuplicatePushID {
		t.Errorf("a single one again as several: %v", code)
	}
	if got := len(f.svc.messages()); got != 4 {
		t.Errorf("%d messages", got)
	}
}

// TestGoesOn breaks off after each message; the same request goes on from there.
func TestGoesOn(t *testing.T) {
	numbers := []string{"15551234567", "15551234568", "15551234569"}
	for broken := range numbers {
		f := newFront(t)
		f.svc.fail = func(n int) error {
			if n == broken {
				return errFull
			}
			return nil
		}
		if code, _ := f.pushed(http.StatusServiceUnavailable, pushOf("9", numbers...)); code != pap.CodeServiceUnavailable {
			t.Fatalf("broken at %d: %v", broken, code)
		}
		if broken > 0 {
			if code, _ := f.pushed(202, pushOf("9", "15551234599", numbers[1], numbers[2])); code != pap.CodeDuplicatePushID {
				t.Errorf("broken at %d, another request: %v", broken, code)
			}
		}
		if code, desc := f.pushed(202, pushOf("9", numbers...)); code != pap.CodeAccepted {
			t.Errorf("broken at %d: %v %s", broken, code, desc)
		}
		if code, _ := f.pushed(202, pushOf("9", numbers...)); code != pap.CodeDuplicatePushID {
			t.Errorf("broken at %d, for the third time: %v", broken, code)
		}
		var to []string
		for _, m := range f.svc.messages() {
			to = append(to, m.To.String())
		}
		if strings.Join(to, " ") != strings.Join(numbers, " ") {
			t.Errorf("broken at %d: to %v", broken, to)
		}
	}
}

func TestRate(t *testing.T) {
	f := newFront(t, func(c *configs.HTTP) { c.Initiators[0].Rate = 0.5 })
	if code, _ := f.pushed(202, pushOf("1", "15551234567")); code != pap.CodeAccepted {
		t.Fatal(code)
	}
	contentType, body, err := pushOf("2", "15551234567").Encode("b")
	if err != nil {
		t.Fatal(err)
	}
	resp := f.say(contentType, body)
	if s := resp.Header.Get("Retry-After"); s != "1" {
		t.Errorf("Retry-After %q", s)
	}
	if r := f.read(resp, http.StatusTooManyRequests).(*pap.PushResponse); r.Result.Code != pap.CodeServiceUnavailable {
		t.Errorf("%v", r.Result.Code)
	}
	as := func(r *http.Request) { r.SetBasicAuth("other", password) }
	if code, _ := f.pushed(202, pushOf("2", "15551234567"), as); code != pap.CodeAccepted {
		t.Errorf("another initiator: %v", code)
	}
	if n := f.server.Stats(); n.Throttled != 1 || n.Accepted != 2 {
		t.Errorf("counted %+v", n)
	}
}

// dangling refers to an access point that it does not have.
const dangling = `<wap-provisioningdoc version="1.0"><characteristic type="APPLICATION"><parm name="APPID" value="w2"/>` +
	`<parm name="TO-NAPID" value="N9"/></characteristic></wap-provisioningdoc>`

// TestOnDevice: an initiator may be allowed to build upon what the handset has.
func TestOnDevice(t *testing.T) {
	f := newFront(t, func(c *configs.HTTP) { c.Initiators[0].OnDevice = true })
	env := pushOf("on-device", "15551234567")
	env.Content = part("text/vnd.wap.connectivity-xml", dangling)
	if code, desc := f.pushed(http.StatusAccepted, env); code != pap.CodeAccepted {
		t.Errorf("%v %q", code, desc)
	}
}
