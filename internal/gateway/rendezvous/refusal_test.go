package rendezvous_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/gateway/rendezvous"
	"github.com/otagate/otagate/otasp/iota"
)

// wrong is a request that is refused.
type wrong struct {
	what    string
	out     uint16 // the document that is out; 0: nobody has called yet
	status  int
	counter string
	ask     func(f *front, status string) (*http.Response, string)
}

// posting sends a report that somebody has changed.
func posting(edit func(m *iota.Message)) func(*front, string) (*http.Response, string) {
	return func(f *front, status string) (*http.Response, string) {
		var out uint16
		if _, err := fmt.Sscan(status[strings.LastIndexByte(status, '/')+1:], &out); err != nil {
			f.t.Fatal(err)
		}
		m := reportOn(documents()[out].Document, "1234")
		edit(m)
		contentType, body := encoded(f.t, m)
		return f.request("POST", status, contentType, strings.NewReader(body))
	}
}

// sending sends this body.
func sending(contentType, body string, edit ...func(*http.Request)) func(*front, string) (*http.Response, string) {
	return func(f *front, status string) (*http.Response, string) {
		return f.request("POST", status, contentType, strings.NewReader(body), edit...)
	}
}

// behind sends to another path of the session: a method, and what stands behind the
// token.
func behind(method, rest string, edit ...func(*http.Request)) func(*front, string) (*http.Response, string) {
	return func(f *front, _ string) (*http.Response, string) {
		return f.request(method, f.url(tokenOf(1))+rest, "application/vnd.phonecom.mmc-xml", strings.NewReader("<mmc/>"), edit...)
	}
}

func calling(edit ...func(*http.Request)) func(*front, string) (*http.Response, string) {
	return func(f *front, _ string) (*http.Response, string) {
		return f.request("GET", f.url(tokenOf(1)), "", nil, edit...)
	}
}

func header(name string, values ...string) func(*http.Request) {
	return func(r *http.Request) { r.Header[http.CanonicalHeaderKey(name)] = values }
}

const mmcType = "application/vnd.phonecom.mmc-xml"

func refusals() []wrong {
	good := func(m *iota.Message) {}
	large := strings.Repeat(" ", 10<<20)
	var z bytes.Buffer
	w := gzip.NewWriter(&z)
	_, _ = io.WriteString(w, large)
	_ = w.Close()
	missing := "--b\r\nContent-Type: " + mmcType + "\r\n\r\n" + `<mmc><status mmc="ok"><detail id="1" name="write" object="phone:cdma.is683" result="ok"/>` +
		`<detail id="2" name="read" object="phone:cdma.is683.result" valueref="cid:gone@handset" result="ok"/></status></mmc>` + "\r\n--b--\r\n"
	return []wrong{
		// Call-backs.
		{"used twice", 1, 410, "Used", calling()},
		{"of a token that nobody has", 0, 404, "Unknown", func(f *front, _ string) (*http.Response, string) {
			return f.request("GET", f.url(tokenOf(2)), "", nil)
		}},
		{"of no token", 0, 404, "Unknown", func(f *front, _ string) (*http.Response, string) { return f.request("GET", f.base+"/x", "", nil) }},
		{"of nothing", 0, 404, "Unknown", func(f *front, _ string) (*http.Response, string) { return f.request("GET", f.base+"/", "", nil) }},
		{"expired", 0, 410, "Expired", func(f *front, _ string) (*http.Response, string) {
			e := rendezvous.Expected{Token: tokenOf(1), Until: time.Now().Add(-time.Second)}
			f.server.Expect(1, e)
			defer func() { e.Until = time.Time{}; f.server.Expect(1, e) }()
			return calling()(f, "")
		}},
		{"of another MDN", 0, 403, "WrongHandset", calling(header("X-MDN", "15551234568"))},
		{"of another ESN", 0, 403, "WrongHandset", calling(header("X-ESN", "80123457"))},
		{"of another MEID", 0, 403, "WrongHandset", calling(header("X-MEID", "A0000000001235"))},
		{"of another MEID in decimal", 0, 403, "WrongHandset", calling(header("X-MEID", "268435456000004661"))},
		{"of two MDN", 0, 403, "Ambiguous", calling(header("X-MDN", mdn, "5551234568"))},
		{"of two MDN in a line", 0, 403, "Ambiguous", calling(header("X-MDN", mdn+", 5551234568"))},
		{"of two ESN", 0, 403, "Ambiguous", calling(header("X-ESN", "80123456"), header("X-MEID", "80123457"))},

		// Paths and methods.
		{"another path", 0, 404, "NotFound", func(f *front, _ string) (*http.Response, string) { return f.request("GET", f.root+"/iot", "", nil) }},
		{"boot that is off", 0, 404, "NotFound", func(f *front, _ string) (*http.Response, string) { return f.request("GET", f.root+"/boot", "", nil) }},
		{"deeper path", 1, 404, "NotFound", behind("POST", "/1/1")},
		{"no number", 1, 404, "NotFound", behind("POST", "/")},
		{"another form of the number", 1, 404, "NotFound", behind("POST", "/01")},
		{"a sign", 1, 404, "NotFound", behind("POST", "/+1")},
		{"a large number", 1, 404, "NotFound", behind("POST", "/65537")},
		{"HEAD", 0, 405, "Method", behind("HEAD", "")},
		{"PUT", 0, 405, "Method", behind("PUT", "")},
		{"POST of a call-back", 0, 405, "Method", behind("POST", "")},
		{"DELETE of a report", 1, 405, "Method", behind("DELETE", "/1")},
		{"GET of a report", 1, 405, "Method", behind("GET", "/1")},
		{"OPTIONS", 1, 405, "Method", behind("OPTIONS", "/1")},

		// Reports.
		{"nobody has called", 0, 409, "OutOfOrder", posting(good)},
		{"report of the next document", 1, 409, "OutOfOrder", behind("POST", "/2")},
		{"report of no document", 1, 409, "OutOfOrder", behind("POST", "/0")},
		{"report of an old document", 3, 409, "OutOfOrder", behind("POST", "/1")},
		{"report that nobody wants", 4, 409, "OutOfOrder", behind("POST", "/4")},
		{"report of another token", 1, 404, "Unknown", func(f *front, _ string) (*http.Response, string) {
			return posting(good)(f, f.url(tokenOf(2))+"/1")
		}},
		{"report of another handset", 1, 403, "WrongHandset", func(f *front, status string) (*http.Response, string) {
			contentType, body := encoded(f.t, reportOn(documents()[1].Document, "1234"))
			return f.request("POST", status, contentType, strings.NewReader(body), header("X-ESN", "80123457"))
		}},
		{"of another transaction", 2, 409, "Transaction", posting(func(m *iota.Message) { m.Report.MMCID = "1235" })},
		{"repeated otherwise", 2, 409, "Changed", func(f *front, status string) (*http.Response, string) {
			return posting(func(m *iota.Message) { m.Report.Details[1].Value = "8331" })(f, strings.TrimSuffix(status, "2")+"1")
		}},
		{"repeated in part", 2, 409, "Changed", behind("POST", "/1")},
		{"part that is missing", 2, 400, "Malformed", sending(`multipart/related; boundary=b; type="`+mmcType+`"`, missing)},
		{"multipart without an end", 2, 400, "Malformed", sending(`multipart/related; boundary=b; type="`+mmcType+`"`, missing[:len(missing)-8])},
		{"no XML", 1, 400, "Malformed", sending(mmcType, "hello")},
		{"XML that is cut", 1, 400, "Malformed", sending(mmcType, `<mmc><status mmc="ok">`)},
		{"entities", 1, 400, "Malformed", sending(mmcType, `<?xml version="1.0"?><!DOCTYPE mmc [<!ENTITY a "aaaa">]><mmc><status mmc="ok">&a;</status></mmc>`)},
		{"document", 1, 400, "Malformed", sending(mmcType, `<mmc><method id="1" name="disconnect"/></mmc>`)},
		{"status unknown", 1, 400, "Malformed", sending(mmcType, `<mmc><status mmc="fine"/></mmc>`)},
		{"detail is missing", 1, 400, "Mismatched", posting(func(m *iota.Message) { m.Report.Details = m.Report.Details[:2] })},
		{"detail of another object", 1, 400, "Mismatched", posting(func(m *iota.Message) { m.Report.Details[1].Object = iota.ObjectOEM })},
		{"detail too many", 1, 400, "Mismatched", posting(func(m *iota.Message) {
			m.Report.Details = append(m.Report.Details, iota.Detail{ID: "9", Name: iota.NameCommit, Result: iota.ResultOK})
		})},
		{"10 MB", 1, 413, "TooLarge", sending(mmcType, large)},
		{"10 MB of unknown length", 1, 413, "TooLarge", sending(mmcType, large[:1<<17], func(r *http.Request) { r.ContentLength = -1 })},
		{"form", 1, 415, "Media", sending("application/x-www-form-urlencoded", "a=b")},
		{"no type", 1, 415, "Media", sending("", "<mmc/>")},
		{"multipart of another type", 1, 415, "Media", sending(`multipart/related; boundary=b; type="text/xml"`, missing)},
		{"gzip", 1, 415, "Media", sending(mmcType, z.String(), header("Content-Encoding", "gzip"))},
	}
}

// TestRefusals: each has its status and its counter; the sessions hear nothing, and
// what was possible before is possible after it.
func TestRefusals(t *testing.T) {
	for _, tt := range refusals() {
		t.Run(tt.what, func(t *testing.T) {
			f := newFront(t, proxied)
			status := f.reach(tt.out)
			if tt.out == 4 {
				status = f.url(tokenOf(1)) + "/4"
			}
			before := f.events()
			resp, text := tt.ask(f, status)
			n := f.server.Stats()
			if resp.StatusCode != tt.status || counter(n, tt.counter) != 1 || n.Refused != 1 {
				t.Errorf("HTTP %d %q, counted %+v", resp.StatusCode, text, n)
			}
			if got := f.events(); !slices.Equal(got, before) {
				t.Errorf("heard %q", got[len(before):])
			}
			if resp.Header.Get("Cache-Control") != "no-store" || len(text) > 50 || tt.status == 405 && resp.Header.Get("Allow") == "" {
				t.Errorf("header %v, text %q", resp.Header, text)
			}
			if (tt.status == 404 || tt.status == 410) && text != "nothing here\n" {
				t.Errorf("text %q", text)
			}
			switch tt.out {
			case 4: // all is said
			case 0:
				f.get(f.url(tokenOf(1)))
			default:
				f.post(status, reportOn(documents()[tt.out].Document, "1234"))
			}
		})
	}
}

// TestCut: a report that ends too early has not come.
func TestCut(t *testing.T) {
	f := newFront(t)
	status, err := url.Parse(f.reach(1))
	if err != nil {
		t.Fatal(err)
	}
	conn, err := net.Dial("tcp", status.Host)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: %s\r\nContent-Length: 100\r\n\r\n<mmc>", status.Path, mmcType)
	if err := conn.(*net.TCPConn).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	answer, err := io.ReadAll(conn)
	if n := f.server.Stats(); err != nil || !bytes.Contains(answer, []byte(" 400 ")) || n.Cut != 1 || len(f.events()) != 1 {
		t.Errorf("%q, %v, counted %+v", answer, err, n)
	}
	f.post(status.String(), reportOn(documents()[1].Document, "1234"))
}

// TestOneDialect: where one is configured, the other is none.
func TestOneDialect(t *testing.T) {
	f := newFront(t, func(c *configs.IOTA) { c.Dialect = configs.DialectIOTA10 })
	resp, _ := f.request("GET", f.url(tokenOf(1)), "", nil, header("Accept", mmcType))
	if got := resp.Header.Get("Content-Type"); got != "application/iota.mmc-xml" {
		t.Errorf("type %s", got)
	}
	if resp, _ := posting(func(*iota.Message) {})(f, f.url(tokenOf(1))+"/1"); resp.StatusCode != 415 {
		t.Errorf("HTTP %d", resp.StatusCode)
	}
}
