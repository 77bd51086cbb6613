package sim_test

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/otagate/otagate/internal/sim"
)

// answers is a server without a network: it gives the same answer to all.
type answers struct {
	media, body string
	posts       int
}

func (a *answers) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method == http.MethodPost {
		a.posts++
	}
	return &http.Response{StatusCode: http.StatusOK, ProtoMajor: 1, ProtoMinor: 1, Header: http.Header{"Content-Type": {a.media}}, Body: io.NopCloser(strings.NewReader(a.body)), Request: r}, nil
}

// fetch has a fresh handset get an answer, and tells whether it took it for a
// document: a document here wants a report.
func fetch(t *testing.T, media, body string) (taken bool, err error) {
	a := &answers{media: media, body: body}
	s := newSubject(func(_ *sim.HandsetConfig, c *sim.IOTAConfig) { c.Client = &http.Client{Transport: a} })
	err = s.a.CallBack(t.Context(), "http://acme.example/x")
	m, perr := s.h.MMC(false)
	if perr != nil {
		t.Fatalf("the session is not over: %v", perr)
	}
	m.End()
	return a.posts > 0, err
}

const openOnly = `<mmc status-uri="http://acme.example/1"><method id="1" name="open" reportstatus="true"/></mmc>`

// TestIOTADocuments: which answers are documents.
func TestIOTADocuments(t *testing.T) {
	mixed := func(head, id, media, rest string) (string, string) {
		return "multipart/related; " + head, "--b\r\nContent-ID: " + id + "\r\nContent-Type: " + media + "\r\n\r\n" + openOnly + "\r\n" + rest + "--b--\r\n"
	}
	other := "--b\r\nContent-ID: <o>\r\nContent-Type: application/octet-stream\r\n\r\nx\r\n"
	type answer struct {
		media, body string
		ok          bool
	}
	cases := []answer{
		{phonecom, openOnly, true},
		{phonecom + "; charset=utf-8", "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + strings.TrimPrefix(doctype, "<?xml version=\"1.0\"?>\n") + "\n" + openOnly + "\n", true},
		{phonecom, strings.Replace(openOnly, "<mmc ", `<mmc xmlns="urn:x" flavour="new" `, 1), true},
		{phonecom, strings.Replace(openOnly, "<method ", `<hint x="y"><method id="0" name="dance" reportstatus="true"/></hint><method colour="red" `, 1), true},
		{phonecom, strings.Replace(openOnly, "acme", "&#97;cme", 1), true},
		{phonecom, strings.Replace(openOnly, "<method", "<!-- x --><method", 1), false},
		{phonecom, strings.Replace(openOnly, "<method", "<?x y?><method", 1), false},
		{phonecom, strings.Replace(openOnly, "<method", "text<method", 1), false},
		{phonecom, strings.Replace(openOnly, "acme", "&acme;", 1), false},
		{phonecom, `<!DOCTYPE mmc [<!ENTITY acme "acme">]>` + openOnly, false},
		{phonecom, `<!DOCTYPE pap PUBLIC "x" "y">` + openOnly, false},
		{phonecom, openOnly + openOnly, false},
		{phonecom, openOnly + "x", false},
		{phonecom, strings.Replace(openOnly, `id="1"`, `id="1" id="1"`, 1), false},
		{phonecom, strings.Replace(openOnly, `id="1"`, `id="1" offset="x"`, 1), false},
		{phonecom, strings.Replace(openOnly, `id="1"`, `id="1" size="-1"`, 1), false},
		{phonecom, strings.Replace(openOnly, "status-uri", "Status-URI", 1), false},
		{phonecom, strings.Replace(openOnly, "http://acme", "ftp://acme", 1), false},
		{phonecom, strings.Replace(openOnly, "<mmc ", `<mmc mmcID="1" `, 1), false},
		{phonecom, strings.ReplaceAll(openOnly, "mmc ", "MMC "), false},
		{phonecom, `<mmc status-uri="http://acme.example/1">` + strings.Repeat(`<method id="1" name="read" object="phone:oem" reportstatus="true"/>`, 257) + `</mmc>`, false},
		{phonecom, openOnly + strings.Repeat(" ", 1<<20), false},
		{"", openOnly, false}, {"text/xml", openOnly, false}, {"application/iota.mmc-xml", openOnly, false}, {"multipart/related", openOnly, false}, {"multipart/mixed; boundary=b", openOnly, false},
	}
	for _, c := range []struct {
		head, id, media, rest string
		ok                    bool
	}{
		{`boundary=b`, "<m>", phonecom, other, true}, {`boundary=b; start="<m>"`, "<m>", phonecom, "", true}, {`boundary=b; start="<o>"`, "<m>", phonecom, other, false},
		{`boundary=b; start="<n>"`, "<m>", phonecom, other, false}, {`boundary=b`, "<m>", "text/plain", other, false}, {`boundary=b`, "<m>", phonecom, other + other, false},
		{`boundary=b`, "<m>", phonecom, strings.Replace(other, "<o>", "o", 1), false}, {`boundary=b`, "<m>", phonecom, strings.Replace(other, "Content-ID: <o>\r\n", "", 1), false},
		{`boundary=b`, "<m>", phonecom, strings.Replace(other, "Content-Type", "Content-Transfer-Encoding: base64\r\nContent-Type", 1), false},
		{`boundary=b`, "<m>", phonecom, strings.Replace(other, "Content-Type", "Content-Transfer-Encoding: Binary\r\nContent-Type", 1), true}, {`boundary=c`, "<m>", phonecom, other, false},
	} {
		media, body := mixed(c.head, c.id, c.media, c.rest)
		cases = append(cases, answer{media, body, c.ok})
	}
	for i, c := range cases {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			if taken, err := fetch(t, c.media, c.body); taken != c.ok || err == nil { // the second document is never that of the session
				t.Errorf("%s\n%.300s\ntaken: %t, %v", c.media, c.body, taken, err)
			}
		})
	}
}

// TestIOTATruncated: a document that is cut off anywhere is none.
func TestIOTATruncated(t *testing.T) {
	whole := "--b\r\nContent-ID: <m>\r\nContent-Type: " + phonecom + "\r\n\r\n" + doctype + openOnly + "\r\n--b\r\nContent-ID: <o>\r\n\r\nx\r\n--b--"
	for n := range len(whole) {
		if taken, err := fetch(t, "multipart/related; boundary=b", whole[:n]); taken || err == nil {
			t.Errorf("%d octets are taken: %v", n, err)
		}
	}
	if taken, _ := fetch(t, "multipart/related; boundary=b", whole); !taken {
		t.Error("the whole is not taken")
	}
	for n := range len(openOnly) {
		if taken, err := fetch(t, phonecom, openOnly[:n]); taken || err == nil {
			t.Errorf("%d octets are taken: %v", n, err)
		}
	}
}

// FuzzIOTA: no answer of a server upsets the handset, nor leaves it in a session.
func FuzzIOTA(f *testing.F) {
	f.Add(phonecom, openOnly)
	f.Add(phonecom, doctype+strings.Replace(openOnly, "</mmc>", commitMMC+disconnect+"</mmc>", 1))
	f.Add(phonecom, strings.Replace(openOnly, "</mmc>", chunk("2", "cid:1@acme", ` offset="3" size="4"`)+`<method id="2" name="read" object="phone:nai.current" reportstatus="true"/></mmc>`, 1))
	f.Add("multipart/related; boundary=b", "--b\r\nContent-Type: "+phonecom+"\r\n\r\n"+strings.Replace(openOnly, "</mmc>",
		`<method id="2" name="write" object="phone:cdma.is683" valueref="cid:o"/><method id="3" name="read" object="phone:cdma.is683.result" reportstatus="true"/></mmc>`, 1)+
		"\r\n--b\r\nContent-ID: <o>\r\n\r\n\x06\r\n--b--")
	f.Fuzz(func(t *testing.T, media, body string) { _, _ = fetch(t, media, body) })
}

// TestIOTAStandard: the standard's type has no DOCTYPE.
func TestIOTAStandard(t *testing.T) {
	const standard = "application/iota.mmc-xml"
	s := newSubject(func(_ *sim.HandsetConfig, c *sim.IOTAConfig) { c.MediaType = standard })
	open := first("/1")
	open.media = standard
	d := newDesk(t, open, page{media: standard, body: `<mmc mmcID="{ID}">` + disconnect + `</mmc>`})
	if err := s.a.CallBack(t.Context(), d.url()); err != nil {
		t.Fatal(err)
	}
	if got := d.all()[0].header.Get("Accept"); got != "application/iota.mmc-xml, multipart/related, application/octet-stream" {
		t.Errorf("Accept: %s", got)
	}
	if got, want := d.report(1), standard+"\n"+strings.ReplaceAll(bareStatus("ok", opened), doctype, "<?xml version=\"1.0\"?>\n"); got != want {
		t.Errorf("%s", got)
	}
}

// TestIOTAModes: the user starts sessions at the URLs that the handset has.
func TestIOTAModes(t *testing.T) {
	d := newDesk(t, page{media: phonecom, body: "<mmc>" + disconnect + "</mmc>"}, page{media: phonecom, body: "<mmc>" + disconnect + "</mmc>"})
	s := newSubject(func(_ *sim.HandsetConfig, c *sim.IOTAConfig) {
		c.Objects = map[string]string{"phone:boot.url": d.srv.URL + "/ciip?esn=81234567", "phone:boot.naiurl": d.srv.URL + "/cisp"}
		c.MEIDHeader, c.MEID = "X-Meid", "A1000000000001"
	})
	if err := s.a.Boot(t.Context(), ""); err != nil {
		t.Error(err)
	}
	if err := s.a.Update(t.Context(), ""); err != nil {
		t.Error(err)
	}
	if got := d.requests(); !slices.Equal(got, []string{"GET /ciip?esn=81234567", "GET /cisp"}) || d.all()[0].header.Get("X-Meid") != "A1000000000001" {
		t.Errorf("%q", got)
	}
	if all := s.a.Sessions(); len(all) != 2 || all[0].Mode != sim.IOTAClientInitial || all[1].Mode != sim.IOTAClientSubsequent || !all[1].Disconnected {
		t.Errorf("%+v", all)
	}
}

// TestIOTARedirects: 13 are followed, and a report that is sent on becomes a GET.
func TestIOTARedirects(t *testing.T) {
	on := page{status: http.StatusFound, header: http.Header{"Location": {"/on"}}}
	pages := append(slices.Repeat([]page{on}, 13), first("/1"), on, doc("/2", disconnect))
	s := newSubject(nil)
	d := newDesk(t, pages...)
	if err := s.a.CallBack(t.Context(), d.url()); err != nil || len(d.all()) != 16 {
		t.Errorf("%v, %q", err, d.requests())
	}
	if got := d.requests(); !slices.Equal(got[13:], []string{"GET /on", "POST /1", "GET /on"}) {
		t.Errorf("%q", got)
	}
	d = newDesk(t, slices.Repeat([]page{on}, 14)...)
	if err := s.a.CallBack(t.Context(), d.url()); err == nil || len(d.all()) != 14 {
		t.Errorf("%v after %d", err, len(d.all()))
	}
	d = newDesk(t, page{status: http.StatusUseProxy, header: http.Header{"Location": {"/on"}}})
	if err := s.a.CallBack(t.Context(), d.url()); err == nil || len(d.all()) != 1 {
		t.Errorf("%v after %d", err, len(d.all()))
	}
}

// TestProvision: only what is for iota.ua starts a session.
func TestProvision(t *testing.T) {
	var opened, provisioned []string
	a := sim.NewAgent(sim.AgentConfig{Open: func(u string) { opened = append(opened, u) }, Provision: func(u string) { provisioned = append(provisioned, u) }})
	for _, push := range []string{pushSL, pushIOTA, pushIOTA, pushIOTAText} {
		a.Receive(ported(t, push))
	}
	const nip = "https://prov.acme.example/nip?s=42"
	if !slices.Equal(opened, []string{"http://m.acme.example/"}) || !slices.Equal(provisioned, []string{nip, nip}) {
		t.Errorf("opened %q, provisioned %q", opened, provisioned)
	}
	if !slices.Equal(a.Opened(), []string{"http://m.acme.example/", nip, nip}) || !slices.Equal(a.Provisioned(), []string{nip, nip}) {
		t.Errorf("opened %q, provisioned %q", a.Opened(), a.Provisioned())
	}
}
