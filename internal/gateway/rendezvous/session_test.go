package rendezvous_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/otagate/otagate/otasp/iota"
)

// TestSession is one from the call-back to the last document.
func TestSession(t *testing.T) {
	f := newFront(t)
	url := f.url(tokenOf(1))
	resp, text := f.request("GET", url, "", nil)
	want := `<?xml version="1.0"?>
<!DOCTYPE mmc PUBLIC "-//PHONE.COM//DTD MMC 2.0//EN" "http://www.phone.com/dtd/mmc20.dtd">
<mmc status-uri="` + url + `/1">
<method id="1" name="open" reportstatus="true"/>
<method id="2" name="read" object="phone:model" reportstatus="true"/>
<method id="3" name="read" object="phone:cdma.nam.mdn" reportstatus="true"/>
</mmc>
`
	if text != want || resp.Header.Get("Content-Type") != "application/vnd.phonecom.mmc-xml" || resp.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("header %v\n%s\nwant %s", resp.Header, text, want)
	}
	m := f.document(resp, text)
	for req := range uint16(3) {
		m = f.post(m.Document.StatusURI, reportOn(m.Document, "1234"))
		if m.Document.MMCID != "1234" {
			t.Errorf("document %d of transaction %q", req+2, m.Document.MMCID)
		}
		if octets, ok := m.Part("m@otagate"); req == 0 && (!ok || string(octets) != spc) {
			t.Errorf("part %q", octets)
		}
	}
	if m.Document.StatusURI != "" || m.Document.Methods[0].Name != iota.NameDisconnect {
		t.Errorf("the last one is %+v", m.Document)
	}
	heard := []string{"called 1", "reported 1/1 ok", "reported 1/2 ok", "reported 1/3 ok"}
	if got := f.events(); !slices.Equal(got, heard) {
		t.Errorf("heard %q", got)
	}
	if f.script[1].Document.StatusURI != "" {
		t.Error("the document of the session was changed")
	}
	if n := f.server.Stats(); n.Requests != 4 || n.Called != 1 || n.Reports != 3 || n.Documents != 4 || n.Refused != 0 {
		t.Errorf("counted %+v", n)
	}
}

// TestDialect: what the first request accepts holds for the session.
func TestDialect(t *testing.T) {
	f := newFront(t)
	m := f.get(f.url(tokenOf(1)), func(r *http.Request) { r.Header.Set("Accept", "application/iota.mmc-xml, multipart/related") })
	contentType, body, err := iota.IOTA10().Encode(reportOn(m.Document, "7"), "")
	if err != nil {
		t.Fatal(err)
	}
	resp, text := f.request("POST", m.Document.StatusURI, contentType, strings.NewReader(string(body)))
	if got := resp.Header.Get("Content-Type"); !strings.HasSuffix(got, `type="application/iota.mmc-xml"`) || strings.Contains(text, "DOCTYPE") {
		t.Errorf("type %s\n%s", got, text)
	}
}

// TestMultipartWithoutType: a body that does not say of which type its first part
// is, is of the dialect of the session.
func TestMultipartWithoutType(t *testing.T) {
	f := newFront(t)
	url := f.reach(2)
	_, body := encoded(t, reportOn(documents()[2].Document, "1234"))
	resp, text := f.request("POST", url, "multipart/related; boundary=b", strings.NewReader(body))
	f.document(resp, text)
}

// TestError: a report that says error is a report.
func TestError(t *testing.T) {
	f := newFront(t)
	url := f.reach(2)
	f.post(url, &iota.Message{Report: &iota.Report{Status: iota.StatusError, MMCID: "1234"}})
	if got := f.events(); got[len(got)-1] != "reported 1/2 error" {
		t.Errorf("heard %q", got)
	}
}

// TestEmpty: a report with nothing inside is the end.
func TestEmpty(t *testing.T) {
	for what, body := range map[string]string{"no octet": "", "no status": "<mmc/>"} {
		f := newFront(t)
		url := f.reach(2)
		resp, text := f.request("POST", url, "application/vnd.phonecom.mmc-xml", strings.NewReader(body))
		if resp.StatusCode != 204 || text != "" {
			t.Errorf("%s: HTTP %d %s", what, resp.StatusCode, text)
		}
		want := []string{"called 1", "reported 1/1 ok", "broken 1/2 empty report"}
		if got := f.events(); !slices.Equal(got, want) {
			t.Errorf("%s: heard %q", what, got)
		}
		contentType, good := encoded(t, reportOn(documents()[2].Document, "1234"))
		if resp, _ := f.request("POST", url, contentType, strings.NewReader(good)); resp.StatusCode != 410 {
			t.Errorf("%s: HTTP %d afterwards", what, resp.StatusCode)
		}
		f.server.Document(1, 3, documents()[3])
		if n := f.server.Stats(); n.Empty != 1 || n.Gone != 1 || n.Lost != 1 || len(f.events()) != 3 {
			t.Errorf("%s: counted %+v", what, n)
		}
	}
}

// TestEmptyWithoutType: it has no type either.
func TestEmptyWithoutType(t *testing.T) {
	f := newFront(t)
	if resp, text := f.request("POST", f.reach(1), "", nil); resp.StatusCode != 204 {
		t.Errorf("HTTP %d %s", resp.StatusCode, text)
	}
}

// TestUnwritable: a document that cannot be written ends the conversation.
func TestUnwritable(t *testing.T) {
	f := newFront(t)
	f.script[1].Document.Methods[0].ID = "not a word"
	resp, _ := f.request("GET", f.url(tokenOf(1)), "", nil)
	want := []string{"called 1", "broken 1/1 the document cannot be written"}
	if n := f.server.Stats(); resp.StatusCode != 500 || n.Failed != 1 || !slices.Equal(f.events(), want) {
		t.Errorf("HTTP %d, heard %q, counted %+v", resp.StatusCode, f.events(), n)
	}
	contentType, body := encoded(t, reportOn(documents()[1].Document, "1234"))
	if resp, _ := f.request("POST", f.url(tokenOf(1))+"/1", contentType, strings.NewReader(body)); resp.StatusCode != 410 || len(f.events()) != 2 {
		t.Errorf("afterwards HTTP %d, heard %q", resp.StatusCode, f.events())
	}
	if !strings.Contains(f.log.String(), `"level":"error"`) {
		t.Errorf("log %s", f.log)
	}
}

// TestMasked: a number in the log is masked.
func TestMasked(t *testing.T) {
	f := newFront(t, proxied)
	f.get(f.url(tokenOf(1)), func(r *http.Request) { r.Header.Set("X-MDN", "+1"+mdn) })
	if !strings.Contains(f.log.String(), `"mdn":"155****4567"`) {
		t.Errorf("log %s", f.log)
	}
}
