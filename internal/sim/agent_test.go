package sim_test

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/otagate/otagate/internal/sim"
	"github.com/otagate/otagate/internal/testvec"
)

// Pushes of public sources, and such that were made from the rules and read by
// tools of others.
const (
	// The Kannel user guide, "tokenized SI".
	pushKannelSI = "020617ae966c6f63616c686f73743a3830383000af808dcfb480" +
		"02056a0045c60c037761702e696f626f782e66690011033140776972616c2e636f6d00070ac307199906251523" +
		"1510c304200006300103" + "57616e7420746f207465737420612066657463683f000101"

	// Made: SI with all attributes, SL for the browser, SL for IOTA with the
	// application as number and as text.
	pushSI       = "250605aeaf82b48403056a0045c60f036578616d706c65008503613f623d3126633d320011036964314061636d6500080ac305202402290810c3042024030101034e65772073657474696e6773000101"
	pushSL       = "260603b0af8203066a008509036d2e61636d652e6578616d706c652f000501"
	pushIOTA     = "270605b0af02801003066a00850b0370726f762e61636d652e6578616d706c652f6e69703f733d3432000601"
	pushIOTAText = "270619b0af782d7761702d6f70656e776176653a696f74612e75610003066a00850b0370726f762e61636d652e6578616d706c652f6e69703f733d3432000601"

	// Made: settings in two short messages, SEC 1, PIN 1234.
	userData1 = "0b00035a020105040b8423f001062f1f2db69181924242353943423734373734453032353245434436343436343334413132353936323332443230343300030b" +
		"6a00c54601c65501871106034e3100018707060341636d65204e65740001871006ab0187080603696e7465726e65742e61636d6500018709068901871401c65a01870c069a01870d06037500"
	userData2 = "0b00035a020205040b8423f001870e06037000010101c60001550187360603773200018707060341636d65205765620001872206034e310001c65901873a0603" +
		"687474703a2f2f6d2e61636d652e6578616d706c652f000187070603486f6d650001871c01010101"
	bodyAPN = "030b6a00c54601c65501871106034e3100018707060341636d65204e65740001871006ab0187080603696e7465726e65742e61636d6500018709068901871401c65a01870c069a01870d06037500" +
		"01870e06037000010101c60001550187360603773200018707060341636d65205765620001872206034e310001c65901873a0603687474703a2f2f6d2e61636d652e6578616d706c652f000187070603486f6d650001871c01010101"

	// Made: a device management account, SEC 0, IMSI 310150123456789, and a
	// notification of that server.
	bodyDMAccount = "030b6a00c54601c600015501873606037737000187380603646d2e61636d652e6578616d706c6500018707060341636d6520444d000187220603494e5445524e4554000187" +
		"0503494e49540001c656018734060368747470733a2f2f646d2e61636d652e6578616d706c652f646d0001c653018723060334343300010101c657018730068d01873306930187310603636c69000187320603637365630001" +
		"872f0603546d39755932553d000101c6570187300603434c49454e540001873306930187310603646d2e61636d652e6578616d706c65000187320603737365630001872f0603546d39755932553d0001010101"
	pushNotification = "300603c4af87cabd70af00750f8b3d9c5a0ad842b3c102e8000000002a0f646d2e61636d652e6578616d706c65"
	// A test of the SMS of a Sierra Wireless modem.
	pushSierra = "55060401c4af872de46143016a29441c325fee961fe50f02f80000009e721357415645434f4d2d52444d532d534552564552"
)

// ported is a push the GSM way, in one message however long.
func ported(t *testing.T, push string) sim.ShortMessage {
	t.Helper()
	return sim.ShortMessage{From: "2280", DataCoding: 4, Ports: &sim.Ports{Source: 9200, Destination: 2948}, Octets: unhex(t, push)}
}

// headed is user data with a header.
func headed(t *testing.T, userData string) sim.ShortMessage {
	t.Helper()
	return sim.ShortMessage{From: "2280", DataCoding: 4, UDHI: true, Octets: unhex(t, userData)}
}

// signed puts a MAC in front of a document, as published pushes have it.
func signed(sec int, mac, body string) string {
	return fmt.Sprintf("01062f1f2db6918%x92%x00%s", sec, mac, body)
}

func at(s string) func() time.Time {
	return func() time.Time {
		t, err := time.Parse(time.RFC3339, s)
		if err != nil {
			panic(err)
		}
		return t
	}
}

func (w want) check(t *testing.T, a *sim.Agent) {
	t.Helper()
	if got := a.Counts(); got != w.counts {
		t.Errorf("%+v, want %+v", got, w.counts)
	}
	if got := a.Opened(); !slices.Equal(got, w.opened) {
		t.Errorf("opened %q, want %q", got, w.opened)
	}
}

type want struct {
	counts sim.Counts
	opened []string
}

// TestLoading: SLs are opened once, whoever they are for.
func TestLoading(t *testing.T) {
	var told []string
	a := sim.NewAgent(sim.AgentConfig{Open: func(url string) { told = append(told, url) }})
	for _, m := range []sim.ShortMessage{
		headed(t, "0605040b8423f0"+pushSL), headed(t, "0605040b8423f0"+pushSL), ported(t, pushIOTA), ported(t, pushIOTAText),
		ported(t, "280601b003066a008508036100"+"0701"), // href "a", action cache
	} {
		a.Receive(m)
	}
	opened := []string{"http://m.acme.example/", "https://prov.acme.example/nip?s=42", "https://prov.acme.example/nip?s=42"}
	want{sim.Counts{Messages: 5, Duplicates: 1, Datagrams: 4}, opened}.check(t, a)
	if !slices.Equal(told, opened) || !slices.Equal(a.Cached(), []string{"a"}) {
		t.Errorf("told of %q, cached %q", told, a.Cached())
	}
}

// TestIndications of public sources, and that they expire.
func TestIndications(t *testing.T) {
	now := at("2000-06-29T23:59:59Z")
	a := sim.NewAgent(sim.AgentConfig{Now: func() time.Time { return now() }})
	a.Receive(ported(t, pushKannelSI))
	a.Receive(ported(t, pushSI))
	got := a.Indications()
	if len(got) != 2 {
		t.Fatalf("%+v", got)
	}
	if w := (sim.Indication{ID: "1@wiral.com", Href: "http://wap.iobox.fi", Text: "Want to test a fetch?", Action: "signal-medium",
		Created: at("1999-06-25T15:23:15Z")(), Expires: at("2000-06-30T00:00:00Z")()}); got[0] != w {
		t.Errorf("%+v, want %+v", got[0], w)
	}
	if w := (sim.Indication{ID: "id1@acme", Href: "https://www.example.com/a?b=1&c=2", Text: "New settings", Action: "signal-high",
		Created: at("2024-02-29T08:00:00Z")(), Expires: at("2024-03-01T00:00:00Z")()}); got[1] != w {
		t.Errorf("%+v, want %+v", got[1], w)
	}
	now = at("2000-06-30T00:00:00Z")
	if got := a.Indications(); len(got) != 1 || got[0].ID != "id1@acme" {
		t.Errorf("%+v", got)
	}
	now = at("2024-03-01T00:00:00Z")
	late := sim.NewAgent(sim.AgentConfig{Now: now})
	late.Receive(ported(t, pushSI))
	if len(late.Indications()) != 0 || late.Counts().Discarded != 1 {
		t.Errorf("%+v %+v", late.Indications(), late.Counts())
	}
}

// si is a Service Indication, each part of which may be missing.
func si(tid int, id, created, action string) string {
	b := fmt.Sprintf("%02x0601ae03056a0045c60b0361%02x00", tid, '0'+tid%10)
	if id != "" {
		b += fmt.Sprintf("1103%x00", id)
	}
	if created != "" {
		b += fmt.Sprintf("0ac3%02x%s", len(created)/2, created)
	}
	return b + action + "01" + fmt.Sprintf("03%d00", 30+tid%10) + "0101"
}

// TestReplacing: an SI takes the place of one with the same identity, unless
// it is older, and "delete" deletes it.
func TestReplacing(t *testing.T) {
	const none, remove = "05", "09"
	for _, c := range []struct {
		name      string
		in        []string
		there     string // texts
		discarded int
		malformed int
	}{
		{name: "newer", in: []string{si(1, "x", "20240101", none), si(2, "x", "20240201", none)}, there: "2"},
		{name: "older", in: []string{si(1, "x", "20240201", none), si(2, "x", "20240101", none)}, there: "1", discarded: 1},
		{name: "no date", in: []string{si(1, "x", "20240101", none), si(2, "x", "", none)}, there: "2"},
		{name: "others", in: []string{si(1, "x", "", none), si(2, "y", "", none)}, there: "12"},
		{name: "href is the identity", in: []string{si(1, "", "", none), si(11, "", "", none), si(2, "", "", none)}, there: "12"},
		{name: "deleted", in: []string{si(1, "x", "", none), si(2, "y", "", none), si(3, "x", "", remove)}, there: "2"},
		{name: "deleted by an older one", in: []string{si(1, "x", "20240201", none), si(3, "x", "20240101", remove)}, there: "1", discarded: 1},
		{name: "nothing to delete", in: []string{si(1, "x", "", remove)}},
		{name: "what to delete?", in: []string{si(1, "", "", remove)}, malformed: 1},
		{name: "month 13", in: []string{si(1, "x", "20241301", none)}, malformed: 1},
	} {
		a := sim.NewAgent(sim.AgentConfig{})
		for _, push := range c.in {
			a.Receive(ported(t, push))
		}
		there := ""
		for _, i := range a.Indications() {
			there += i.Text
		}
		if n := a.Counts(); there != c.there || n.Discarded != c.discarded || n.Malformed != c.malformed {
			t.Errorf("%s: %q, %+v", c.name, there, n)
		}
	}
}

// TestSettings: which documents are taken, with what the handset and its user know.
func TestSettings(t *testing.T) {
	const imsi = "310150123456789"
	pins := func(p ...string) sim.AgentConfig { return sim.AgentConfig{IMSI: imsi, PINs: p} }
	evenKey := hmac.New(sha1.New, []byte{0x21, 0x41, 0x70, 0x56, 0x10, 0x32, 0x54, 0xf6})
	evenKey.Write(unhex(t, bodyAPN))
	// A service on GitHub: operator settings, SEC 1, PIN 1111.
	vs, err := testvec.LoadFile("../../testdata/wsp/provisioning.hex")
	if err != nil {
		t.Fatal(err)
	}
	operator := hex.EncodeToString(vs[0].Octets)
	documents, err := testvec.LoadFile("../../testdata/cp/operators.hex")
	if err != nil {
		t.Fatal(err)
	}
	mozilla, nowSMS := hex.EncodeToString(documents[0].Octets), hex.EncodeToString(documents[2].Octets)
	const mac1 = "BB59CB74774E0252ECD6446434A12596232D2043"
	for _, c := range []struct {
		name     string
		cfg      sim.AgentConfig
		push     string
		taken    bool
		attempts int
	}{
		{"published, PIN", pins("1111"), operator, true, 1},
		{"published, wrong PIN", pins("1112", "2222"), operator, false, 2},
		{"published, network PIN", sim.AgentConfig{IMSI: "466923103145252"}, signed(0, "1AF545FE2823DC9347064450F90FF1BBF957E146", "030b6a004501"), true, 0},
		{"published, PIN 0000", pins("0000"), signed(1, "AA2DC41FC48AEEF3FED7351B1EE704461A8894D4", mozilla), true, 1},
		{"published, another SIM", sim.AgentConfig{IMSI: "123456789012345"}, signed(0, "C483EC25F7E3E0CF100380DA5F6714CF204A5EC5", nowSMS), true, 0},
		{"network PIN", pins(), signed(0, "7130FA4A8B25ECE475FDEAE4C5160C9F793E8F7F", bodyAPN), true, 0},
		{"network secret", sim.AgentConfig{NetworkSecret: []byte{0x39, 0x01, 0x51, 0x10, 0x32, 0x54, 0x76, 0x98}}, signed(0, "7130FA4A8B25ECE475FDEAE4C5160C9F793E8F7F", bodyAPN), true, 0},
		{"network PIN, even IMSI", sim.AgentConfig{IMSI: "21407650123456"}, signed(0, fmt.Sprintf("%X", evenKey.Sum(nil)), bodyAPN), true, 0},
		{"network PIN, another SIM", sim.AgentConfig{IMSI: "310150123456780"}, signed(0, "7130FA4A8B25ECE475FDEAE4C5160C9F793E8F7F", bodyAPN), false, 0},
		{"network PIN, no SIM", sim.AgentConfig{}, signed(0, "7130FA4A8B25ECE475FDEAE4C5160C9F793E8F7F", bodyAPN), false, 0},
		{"PIN", pins("1234"), signed(1, mac1, bodyAPN), true, 1},
		{"PIN, lower case", pins("1234"), signed(1, strings.ToLower(mac1), bodyAPN), true, 1},
		{"PIN at the third attempt", pins("1", "", "1234"), signed(1, mac1, bodyAPN), true, 3},
		{"PIN at the fourth", pins("1", "2", "3", "1234"), signed(1, mac1, bodyAPN), false, 3},
		{"no user", pins(), signed(1, mac1, bodyAPN), false, 0},
		{"an octet changed", pins("1234"), signed(1, mac1, strings.Replace(bodyAPN, "4e3100", "4e3200", 1)), false, 1},
		{"both", pins("1234"), signed(2, "E33A4C784135AFE99FCD5F5392877101052A3E35", bodyAPN), true, 1},
		{"both, no SIM", sim.AgentConfig{PINs: []string{"1234"}}, signed(2, "E33A4C784135AFE99FCD5F5392877101052A3E35", bodyAPN), false, 0},
		{"code", pins("12347936"), "0106051f03b69183" + bodyAPN, true, 1},
		{"wrong code", pins("12347937", "123", "1234"), "0106051f03b69183" + bodyAPN, false, 3},
		{"no SEC", pins("1234"), "010601b6" + bodyAPN, false, 0},
		{"no SEC, trusting", sim.AgentConfig{Unsigned: true}, "010601b6" + bodyAPN, true, 0},
		{"MAC without SEC", sim.AgentConfig{Unsigned: true, PINs: []string{"1234"}}, "01062d1f2bb692" + fmt.Sprintf("%x", mac1) + "00" + bodyAPN, false, 0},
		{"SEC 4", pins("1234"), signed(4, mac1, bodyAPN), false, 0},
	} {
		a := sim.NewAgent(c.cfg)
		a.Receive(ported(t, c.push))
		n, s := a.Counts(), a.Settings()
		if (len(s) == 1) != c.taken || (n.MACFailures == 0) != c.taken || n.PINAttempts != c.attempts || n.Malformed != 0 {
			t.Errorf("%s: %d documents, %+v", c.name, len(s), n)
		}
	}
}

// TestBroken: a document whose MAC is right and that cannot be read.
func TestBroken(t *testing.T) {
	a := sim.NewAgent(sim.AgentConfig{Unsigned: true})
	for _, push := range []string{"010601b6" + "030b6a00c5", "020601ae" + "03056a0045", "030601b0" + "03066a0005", "040603c4af87" + "00", "05", "060605",
		"070601ae" + "02056a0005",                            // published: an empty si
		"080601ae" + "03056a0006",                            // no si
		"090601ae" + "03056a0045c60a0378000103780001" + "01", // a date that is a string
		"0a0601ae" + "03066a0005"} {
		a.Receive(ported(t, push))
	}
	a.Receive(headed(t, "05040b8423f0"))
	a.Receive(sim.ShortMessage{Teleservice: 4100, Octets: []byte{0, 3, 0x11}})
	a.Receive(sim.ShortMessage{Teleservice: 4100, Octets: unhex(t, "0003112340")}) // no user data
	a.Receive(sim.ShortMessage{SAR: &sim.SAR{Total: 1, Number: 2}})
	if n := a.Counts(); n.Malformed != 14 || n.Datagrams != 10 || len(a.Indications()) != 0 {
		t.Errorf("%+v", n)
	}
}

// TestTwoMessages: published user data, in both orders.
func TestTwoMessages(t *testing.T) {
	for _, order := range [][]string{{userData1, userData2}, {userData2, userData1}, {userData2, userData2, userData1, userData1, userData2}} {
		a := sim.NewAgent(sim.AgentConfig{PINs: []string{"1234"}})
		for _, u := range order {
			a.Receive(headed(t, u))
		}
		s := a.Settings()
		if len(s) != 1 || a.Counts().Duplicates != len(order)-2 {
			t.Fatalf("%d documents, %+v", len(s), a.Counts())
		}
		nap, app := s[0].Of("NAPDEF"), s[0].Of("APPLICATION")
		if len(nap) != 1 || nap[0].Value("NAP-ADDRESS") != "internet.acme" || !nap[0].Has("INTERNET") || len(app) != 1 || app[0].Value("APPID") != "w2" {
			t.Errorf("%+v", s[0])
		}
	}
}

func dmAccount() string { return signed(0, "44E5F13506E77E79460AA1F8B18945743042B55B", bodyDMAccount) }

// TestNotification: settings teach the handset the server's credential, with
// which it proves its notification. The same session is not opened twice.
func TestNotification(t *testing.T) {
	a := sim.NewAgent(sim.AgentConfig{IMSI: "310150123456789"})
	a.Receive(ported(t, pushNotification))
	if n := a.Counts(); n.DigestFailures != 1 || len(a.DMSessions()) != 0 {
		t.Errorf("%+v", n)
	}
	a.Receive(ported(t, dmAccount()))
	again := "31" + pushNotification[2:] // another TID
	for _, push := range []string{again, again, "32" + pushNotification[2:]} {
		a.Receive(ported(t, push))
	}
	want := []sim.DMSession{{Server: "dm.acme.example", SessionID: 0x2a, UIMode: 2, ByServer: true}}
	if got := a.DMSessions(); !slices.Equal(got, want) {
		t.Errorf("%+v", got)
	}
	if n := a.Counts(); n.Duplicates != 2 || n.DigestFailures != 1 {
		t.Errorf("%+v", n)
	}
}

// TestNotificationProof: nonces, of those that are lost too, and what is no proof.
func TestNotificationProof(t *testing.T) {
	with := func(password, nonce string) sim.AgentConfig {
		return sim.AgentConfig{DM: map[string]sim.DMAccount{"dm.acme.example": {Password: password, Nonce: []byte(nonce)}}}
	}
	digest := func(d string) string { return "300603c4af87" + d + pushNotification[12+32:] }
	for _, c := range []struct {
		name     string
		cfg      sim.AgentConfig
		push     string
		sessions int
		resync   bool
		unknown  int
	}{
		{"good", with("ssec", "Nonce"), pushNotification, 1, false, 0},
		{"another nonce", with("ssec", "nonce"), pushNotification, 0, false, 0},
		{"another password", with("sec", "Nonce"), pushNotification, 0, false, 0},
		{"resynchronised, four octets", with("ssec", "other"), digest("ab43ae50950631c48e6c699504c3db05"), 1, true, 0},
		{"resynchronised, text", with("ssec", "other"), digest("bbe63ebb5d681eebf0785f46efd2c807"), 1, true, 0},
		{"changed", with("ssec", "Nonce"), strings.Replace(pushNotification, "002a0f", "002b0f", 1), 0, false, 0},
		{"published, another server", with("ssec", "Nonce"), pushSierra, 0, false, 0},
		{"another application", with("ssec", "Nonce"), strings.Replace(pushNotification, "af87", "af82", 1), 0, false, 1},
		{"general form", with("ssec", "Nonce"), "30060401c4af87" + pushNotification[12:], 1, false, 0},
		{"quoted length", with("ssec", "Nonce"), "3006051f01c4af87" + pushNotification[12:], 1, false, 0},
	} {
		a := sim.NewAgent(c.cfg)
		a.Receive(ported(t, c.push))
		s, n := a.DMSessions(), a.Counts()
		if len(s) != c.sessions || len(a.Unknown()) != c.unknown || n.DigestFailures != 1-c.sessions-c.unknown || n.Malformed != 0 {
			t.Errorf("%s: %+v %+v", c.name, s, n)
		} else if c.sessions == 1 && s[0].Resync != c.resync {
			t.Errorf("%s: %+v", c.name, s)
		}
	}
}

// TestUnknown: what is for others, or for nobody here.
func TestUnknown(t *testing.T) {
	a := sim.NewAgent(sim.AgentConfig{})
	other := ported(t, "01062c1f2a")
	other.Ports = &sim.Ports{Source: 49154, Destination: 49999}
	a.Receive(other)
	a.Receive(ported(t, "010603beaf84"+"8c82"))
	a.Receive(ported(t, "0107"+pushSL[4:])) // a confirmed push, without a session
	u := a.Unknown()
	if len(u) != 3 || u[0].Ports.Destination != 49999 || u[0].ContentType != "" || u[1].ContentType != "application/vnd.wap.mms-message" || u[1].From != "2280" {
		t.Errorf("%+v", u)
	}
}

// TestTexts: short messages for the user, on every way.
func TestTexts(t *testing.T) {
	a := sim.NewAgent(sim.AgentConfig{})
	for _, m := range []sim.ShortMessage{
		{From: "1", Octets: []byte("hello\x00")},
		{From: "2", DataCoding: 8, Octets: unhex(t, "00fc20ac")},
		{From: "3", DataCoding: 3, Octets: []byte{0xfc}},
		{From: "4", DataCoding: 1, UDHI: true, Octets: append(unhex(t, "050003010201"), "long "...)},
		{From: "4", DataCoding: 1, UDHI: true, Octets: append(unhex(t, "050003010202"), "text"...)},
		// Published, tests of AOSP: 7-bit ASCII, and the alphabet of GSM.
		{From: "5", Teleservice: 4098, Octets: unhex(t, "0003100160010610262d5ab500")},
		{From: "6", Teleservice: 4098, Octets: unhex(t, "00031040900112488ea794e074d69e1b7392c270326cde9e98")},
	} {
		a.Receive(m)
	}
	got := fmt.Sprint(a.Texts())
	if want := "[{1 hello@} {2 ü€} {3 ü} {4 long text} {5 bjjj} {6 Test standard SMS}]"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// TestIS637: segments in bearer data, in both orders and more than once; and
// bearer data in bearer data.
func TestIS637(t *testing.T) {
	const (
		first  = "0003112350" + "012a01400010011f805c2138302d85781400801833500428581b83937bb1730b1b6b29732bc30b6b83632978"
		second = "0003112350" + "0110007000100b734b81fb99e9a190003008"
	)
	wap := func(s string) sim.ShortMessage {
		return sim.ShortMessage{From: "2280", Teleservice: 4100, Octets: unhex(t, s)}
	}
	for _, order := range [][]string{{first, second}, {second, first}, {second, second, first, first, second}} {
		a := sim.NewAgent(sim.AgentConfig{})
		for _, s := range order {
			a.Receive(wap(s))
		}
		want{sim.Counts{Messages: len(order), Duplicates: len(order) - 2, Datagrams: 1}, []string{"https://prov.acme.example/nip?s=42"}}.check(t, a)
	}
	a := sim.NewAgent(sim.AgentConfig{})
	a.Receive(wap(first))
	another := wap(second)
	another.From = "2281"
	a.Receive(another) // the same MESSAGE_ID of somebody else
	if n := a.Counts(); n.Datagrams != 0 {
		t.Errorf("%+v", n)
	}
	// Made by hand, ports 2948 to 2948; its content is no push.
	a = sim.NewAgent(sim.AgentConfig{})
	a.Receive(wap("0003112340010f00680010005c205c230b131b232b30"))
	a.Receive(wap("00031123400108003000100b3b4348"))
	want{sim.Counts{Messages: 2, Datagrams: 1, Malformed: 1}, nil}.check(t, a)
	// China Telecom.
	a = sim.NewAgent(sim.AgentConfig{})
	push := wapBearer(0x1234, append(unhex(t, "00010023f00b84"), unhex(t, pushSL)...))
	a.Receive(sim.ShortMessage{Teleservice: 65002, Octets: wapBearer(0x1234, push)})
	want{sim.Counts{Messages: 1, Datagrams: 1}, []string{"http://m.acme.example/"}}.check(t, a)
	// Ports twice, as some carriers have it.
	a = sim.NewAgent(sim.AgentConfig{})
	a.Receive(sim.ShortMessage{Teleservice: 4100, Octets: wapBearer(1, append(unhex(t, "00010023f00b8423f00b84"), unhex(t, pushSL)...))})
	want{sim.Counts{Messages: 1, Datagrams: 1}, []string{"http://m.acme.example/"}}.check(t, a)
	// WEMT: a header as in GSM.
	a = sim.NewAgent(sim.AgentConfig{})
	wemt := wapBearer(1, append(unhex(t, "0605040b8423f0"), unhex(t, pushSL)...))
	wemt[4] |= 8 // HEADER_IND
	a.Receive(sim.ShortMessage{Teleservice: 4101, Octets: wemt})
	want{sim.Counts{Messages: 1, Datagrams: 1}, []string{"http://m.acme.example/"}}.check(t, a)
}

// wapBearer is bearer data, deliver, with octets as user data: they begin 13
// bits into the subparameter.
func wapBearer(id uint16, octets []byte) []byte {
	b := []byte{0, 3, 0x10 | byte(id>>12), byte(id >> 4), byte(id << 4), 1, byte(len(octets) + 2)}
	shifted := append([]byte{byte(len(octets))}, octets...)
	last := byte(0)
	for _, o := range shifted {
		b = append(b, last<<3|o>>5)
		last = o
	}
	return append(b, last<<3)
}

// TestForgetting: a datagram whose segments do not come is dropped, and
// duplicates are known for a while only.
func TestForgetting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := sim.NewAgent(sim.AgentConfig{PINs: []string{"1234"}, Timeout: time.Minute, Remember: time.Hour})
		a.Receive(headed(t, userData1))
		time.Sleep(time.Minute) // of virtual time, as those below
		if n := a.Counts(); n.Incomplete != 1 {
			t.Errorf("%+v", n)
		}
		a.Receive(headed(t, userData2))
		if len(a.Settings()) != 0 {
			t.Error("an old segment was taken")
		}
		a.Receive(headed(t, userData1))
		time.Sleep(time.Hour - time.Nanosecond)
		a.Receive(headed(t, userData1))
		a.Receive(headed(t, userData2))
		if n := a.Counts(); n.Duplicates != 2 || len(a.Settings()) != 1 {
			t.Errorf("%+v", n)
		}
		time.Sleep(time.Nanosecond)
		a.Receive(headed(t, userData1))
		a.Receive(headed(t, userData2))
		if n := a.Counts(); n.Duplicates != 2 || len(a.Settings()) != 2 {
			t.Errorf("%+v", n)
		}
	})
}

// TestReferenceAgain: a sender that begins anew with a reference.
func TestReferenceAgain(t *testing.T) {
	part := func(n int, text string) sim.ShortMessage {
		return sim.ShortMessage{From: "1", DataCoding: 1, UDHI: true, Octets: append(unhex(t, fmt.Sprintf("0500034702%02x", n)), text...)}
	}
	a := sim.NewAgent(sim.AgentConfig{})
	for _, m := range []sim.ShortMessage{part(1, "a"), part(1, "b"), part(2, "c"), part(1, "d"), part(2, "c")} {
		a.Receive(m)
	}
	if got := fmt.Sprint(a.Texts()); got != "[{1 bc} {1 dc}]" || a.Counts().Incomplete != 1 {
		t.Errorf("%s %+v", got, a.Counts())
	}
}

// TestAgentConcurrent: the same segments from many sides make one datagram.
func TestAgentConcurrent(t *testing.T) {
	a := sim.NewAgent(sim.AgentConfig{PINs: []string{"1234"}})
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for _, u := range []string{userData1, userData2} {
				a.Receive(headed(t, u))
			}
			a.Settings()
			a.Counts()
		})
	}
	if err := a.Wait(t.Context(), func() bool { return len(a.Settings()) == 1 }); err != nil {
		t.Fatal(err)
	}
	wg.Wait()
	if n := a.Counts(); n.Datagrams != 1 || n.Duplicates != 14 || len(a.Settings()) != 1 {
		t.Errorf("%+v", n)
	}
}
