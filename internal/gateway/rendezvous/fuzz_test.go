package rendezvous_test

import (
	"bufio"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/otagate/otagate/internal/gateway/rendezvous"
	"github.com/otagate/otagate/otasp/iota"
)

// FuzzRequest: whatever comes while document 2 is out, the answer is a document
// or a refusal; what is refused is not heard of, and does not keep the right report
// from being taken.
func FuzzRequest(f *testing.F) {
	for out := uint16(1); out <= 4; out++ {
		m := reportOn(documents()[out].Document, "1234")
		if len(m.Report.Details) == 0 {
			m.Report.Status = iota.StatusError
		}
		contentType, body := encoded(f, m)
		f.Add("POST", path("/2"), contentType, body)
		f.Add("POST", path("/1"), contentType, body)
	}
	f.Add("GET", path(""), "", "")
	f.Add("GET", "/boot?esn=80123456&meid=A0000000001234", "", "")
	f.Add("POST", path("/2"), mmcType, "<mmc/>")
	f.Add("POST", path("/2"), `multipart/related; boundary=b; start="<x>"`, "--b\r\n\r\n--b--\r\n")
	f.Add("POST", "/iota/%41/../2", "a/b; c=d", "\x00")
	c := config()
	anybody(&c)
	good, goodBody := encoded(f, reportOn(documents()[2].Document, "1234"))
	f.Fuzz(func(t *testing.T, method, target, contentType, body string) {
		r, ok := request(method, target, contentType, body)
		if !ok {
			return
		}
		s, sess, _ := newServer(t, c)
		sess.begins(true)
		s.Expect(1, rendezvous.Expected{Token: tokenOf(1), Called: true})
		sess.mmcID = "1234"
		sess.say(1, 2)
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		n := s.Stats()
		switch {
		case w.Code == 200:
			m, err := iota.Phonecom20().Decode(w.Header().Get("Content-Type"), w.Body.Bytes(), iota.Limits{})
			if n.Refused != 0 || n.Documents != 1 || w.Header().Get("Content-Type") == mmcType && (err != nil || m.Document == nil) {
				t.Fatalf("%v, counted %+v", err, n)
			}
		case w.Code == 204:
			if n.Empty != 1 || len(sess.events()) != 1 {
				t.Fatalf("heard %q, counted %+v", sess.events(), n)
			}
		case w.Code < 400 || n.Refused != 1 || len(sess.events()) != 0:
			t.Fatalf("HTTP %d, heard %q, counted %+v", w.Code, sess.events(), n)
		default:
			if w := ask(s, "POST", path("/2"), good, goodBody); w.Code != 200 || len(sess.events()) != 1 {
				t.Fatalf("the right report: HTTP %d, heard %q", w.Code, sess.events())
			}
		}
	})
}

// request makes a request of what net/http lets through.
func request(method, target, contentType, body string) (r *http.Request, ok bool) {
	text := fmt.Sprintf("%s %s HTTP/1.1\r\nHost: x\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s", method, target, contentType, len(body), body)
	r, err := http.ReadRequest(bufio.NewReader(strings.NewReader(text)))
	if err != nil || strings.ContainsAny(method+target+contentType, "\r\n") {
		return nil, false
	}
	r.RemoteAddr = "192.0.2.1:1"
	return r, true
}
