package ppg_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/gateway/ppg"
	"github.com/otagate/otagate/internal/gateway/web/webtest"
	"github.com/otagate/otagate/internal/testlog"
	"github.com/otagate/otagate/wappush/pap"
)

// TestHTTP has what HTTP itself refuses.
func TestHTTP(t *testing.T) {
	f := newFront(t)
	contentType, body, err := pushOf("1", "15551234567").Encode("b")
	if err != nil {
		t.Fatal(err)
	}
	header := func(k, v string) func(*http.Request) { return func(r *http.Request) { r.Header.Set(k, v) } }
	for _, tt := range []struct {
		what   string
		status int
		edit   func(*http.Request)
		header string // that the answer must have
	}{
		{"another path", 404, func(r *http.Request) { r.URL.Path = "/pap/x" }, ""},
		{"GET", 405, func(r *http.Request) { r.Method, r.Body, r.ContentLength = "GET", nil, 0 }, "Allow"},
		{"nobody", 401, func(r *http.Request) { r.Header.Del("Authorization") }, "WWW-Authenticate"},
		{"unknown", 401, func(r *http.Request) { r.SetBasicAuth("nobody", password) }, "WWW-Authenticate"},
		{"wrong password", 401, func(r *http.Request) { r.SetBasicAuth("acme", "wrong") }, "WWW-Authenticate"},
		{"long password", 401, func(r *http.Request) { r.SetBasicAuth("acme", strings.Repeat("x", 300)) }, "WWW-Authenticate"},
		{"other network", 401, func(r *http.Request) { r.SetBasicAuth("far", password) }, "WWW-Authenticate"},
		{"other scheme", 401, header("Authorization", "Bearer x"), "WWW-Authenticate"},
		{"no content type", 415, func(r *http.Request) { r.Header.Del("Content-Type") }, "Accept"},
		{"form", 415, header("Content-Type", "application/x-www-form-urlencoded"), "Accept"},
		{"gzip", 415, header("Content-Encoding", "gzip"), "Accept-Encoding"},
	} {
		resp := f.say(contentType, body, tt.edit)
		if resp.StatusCode != tt.status || tt.header != "" && resp.Header.Get(tt.header) == "" {
			t.Errorf("%s: HTTP %d, header %v", tt.what, resp.StatusCode, resp.Header)
		}
	}
	if code, _ := f.pushed(202, pushOf("1", "15551234567")); code != pap.CodeAccepted {
		t.Errorf("after all that: %v", code)
	}
	if n := f.server.Stats(); n.Passwords != 6 || n.Refused != 11 || n.Accepted != 1 {
		t.Errorf("counted %+v", n)
	}
}

// TestUnquotedType: initiators that leave the quotes out of their content type
// are heard.
func TestUnquotedType(t *testing.T) {
	f := newFront(t)
	_, body, err := pushOf("1", "15551234567").Encode("b")
	if err != nil {
		t.Fatal(err)
	}
	resp := f.say("multipart/related; boundary=b; type=application/xml", body)
	answer, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != 202 || !bytes.Contains(answer, []byte(`code="1001"`)) {
		t.Errorf("HTTP %d, %s, %v", resp.StatusCode, answer, err)
	}
}

// TestAlike: whoever guesses cannot tell names, passwords and networks apart.
func TestAlike(t *testing.T) {
	f := newFront(t)
	var first string
	for _, user := range []string{"nobody", "acme", "far", "acme", "nobody"} {
		resp := f.say("application/xml", nil, func(r *http.Request) { r.SetBasicAuth(user, "guess") })
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		resp.Header.Del("Date")
		got := fmt.Sprint(resp.StatusCode, resp.Header, string(body))
		if first == "" {
			first = got
		}
		if got != first {
			t.Errorf("%s: %s\nwant %s", user, got, first)
		}
	}
	// The password that was right once is found again without the hash, and a
	// wrong one is not.
	f.pushed(202, pushOf("1", "15551234567"))
	if resp := f.say("application/xml", nil, func(r *http.Request) { r.SetBasicAuth("acme", "guess") }); resp.StatusCode != 401 {
		t.Errorf("HTTP %d", resp.StatusCode)
	}
	f.pushed(202, pushOf("2", "15551234567"))
}

func TestForbidden(t *testing.T) {
	f := newFront(t, func(c *configs.HTTP) { c.Initiators = c.Initiators[2:] })
	if resp := f.say("application/xml", nil); resp.StatusCode != 403 {
		t.Errorf("HTTP %d", resp.StatusCode)
	}
	if n := f.server.Stats(); n.Forbidden != 1 || n.Passwords != 0 {
		t.Errorf("counted %+v", n)
	}
}

// TestBad has what is no message, and messages that are not for a gateway.
func TestBad(t *testing.T) {
	f := newFront(t)
	const doc = `<pap><push-message push-id="1"><address address-value="WAPPUSH=15551234567/TYPE=PLMN"/></push-message></pap>`
	bomb := `<?xml version="1.0"?><!DOCTYPE pap [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><pap>&b;</pap>`
	external := strings.Replace(doc, "<pap>", `<!DOCTYPE pap [<!ENTITY x SYSTEM "file:///etc/passwd">]><pap product-name="&x;">`, 1)
	deep := strings.Repeat("<a>", 10_000)
	var parts strings.Builder
	for range 50 {
		parts.WriteString("--b\r\nContent-Type: application/xml\r\n\r\n" + doc + "\r\n")
	}
	nested := "--b\r\nContent-Type: multipart/related; boundary=c\r\n\r\n--c\r\nContent-Type: application/xml\r\n\r\n" + doc + "\r\n--c--\r\n--b--\r\n"
	headers := "--b\r\nContent-Type: application/xml\r\n" + strings.Repeat("X-A: b\r\n", 2000) + "\r\n" + doc + "\r\n--b--\r\n"
	for _, tt := range []struct{ what, contentType, body string }{
		{"nothing", "application/xml", ""},
		{"no XML", "application/xml", "hello"},
		{"no content", "application/xml", doc},
		{"bomb", "application/xml", bomb},
		{"external", "application/xml", external},
		{"deep", "application/xml", deep},
		{"no boundary", "multipart/related", doc},
		{"bad boundary", `multipart/related; boundary="` + strings.Repeat("x", 200) + `"`, doc},
		{"other boundary", "multipart/related; boundary=c", nested},
		{"cut", "multipart/related; boundary=b", nested[:60]},
		{"many parts", "multipart/related; boundary=b", parts.String()},
		{"nested parts", "multipart/related; boundary=b", nested},
		{"many headers", "multipart/related; boundary=b", headers},
		{"answer", "application/xml", `<pap><push-response push-id="1"><response-result code="1000"/></push-response></pap>`},
	} {
		m, ok := f.read(f.say(tt.contentType, []byte(tt.body)), 202).(*pap.BadMessageResponse)
		if !ok || m.Code != pap.CodeBadRequest {
			t.Errorf("%s: %+v", tt.what, m)
		}
		if ok && strings.Contains(m.Desc, "root:") {
			t.Errorf("%s: %s", tt.what, m.Desc)
		}
	}
	if n := f.server.Stats(); n.Malformed != 14 {
		t.Errorf("counted %+v", n)
	}
}

// TestLarge has bodies over the bound, also one that does not say how long it is.
func TestLarge(t *testing.T) {
	f := newFront(t)
	large := bytes.Repeat([]byte(" "), 10<<20)
	if resp := f.say("application/xml", large); resp.StatusCode != 413 {
		t.Errorf("HTTP %d", resp.StatusCode)
	}
	unknown := func(r *http.Request) { r.ContentLength, r.Body = -1, io.NopCloser(bytes.NewReader(large[:100_000])) }
	if resp := f.say("application/xml", nil, unknown); resp.StatusCode != 413 {
		t.Errorf("chunked: HTTP %d", resp.StatusCode)
	}
}

func TestCCQ(t *testing.T) {
	f := newFront(t)
	m := f.tell(202, ask(&pap.CCQMessage{QueryID: "q", Address: "WAPPUSH=1/TYPE=PLMN"})).(*pap.CCQResponse)
	if m.Code != pap.CodeNotImplemented || m.QueryID != "q" || m.Address != "WAPPUSH=1/TYPE=PLMN" {
		t.Errorf("got %+v", m)
	}
}

// TestLog: neither numbers nor passwords nor push-ids.
func TestLog(t *testing.T) {
	f := newFront(t)
	f.pushed(202, pushOf("15551234567@acme", "15551234567"))
	f.pushed(202, pushOf("15551234567@acme", "15551234567"))
	f.svc.refuse = errStrange
	f.pushed(202, pushOf("15551234568@acme", "15551234567"))
	f.say("application/xml", nil, func(r *http.Request) { r.SetBasicAuth("geheim", "topsecret") })
	f.say("application/xml", nil, func(r *http.Request) { r.SetBasicAuth("acme", "topsecret") })
	f.read(f.say("application/xml", []byte("<15551234567>")), 202)
	log := f.log.String()
	for _, no := range []string{"5551234", "geheim", "topsecret", password, hash} {
		if strings.Contains(log, no) {
			t.Errorf("the log has %q:\n%s", no, log)
		}
	}
	for _, want := range []string{"message accepted", "push refused", "strange", "wrong name, password or network"} {
		if !strings.Contains(log, want) {
			t.Errorf("the log lacks %q:\n%s", want, log)
		}
	}
}

// TestBusy: with all places taken others are told to come again.
func TestBusy(t *testing.T) {
	f := newFront(t, func(c *configs.HTTP) { c.MaxRequests = 1 })
	taken, let := make(chan struct{}), make(chan struct{})
	f.svc.fail = func(int) error {
		close(taken)
		<-let
		return nil
	}
	contentType, body, err := pushOf("1", "15551234567").Encode("b")
	if err != nil {
		t.Fatal(err)
	}
	first := make(chan int, 1)
	go func() { first <- f.status(contentType, body) }()
	<-taken
	resp := f.say("text/plain", nil)
	resp.Body.Close()
	if resp.StatusCode != http.StatusServiceUnavailable || resp.Header.Get("Retry-After") == "" {
		t.Errorf("the second: HTTP %d, %v", resp.StatusCode, resp.Header)
	}
	close(let)
	if got := <-first; got != http.StatusAccepted {
		t.Errorf("the first: HTTP %d", got)
	}
	if n := f.server.Stats(); n.Busy != 1 || n.Accepted != 1 {
		t.Errorf("counted %+v", n)
	}
}

// status posts a body as acme, on a goroutine of its own; 0 is no answer.
func (f *front) status(contentType string, body []byte) int {
	req, err := http.NewRequestWithContext(f.t.Context(), http.MethodPost, f.url, bytes.NewReader(body))
	if err != nil {
		return 0
	}
	req.Header.Set("Content-Type", contentType)
	req.SetBasicAuth("acme", password)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0
	}
	resp.Body.Close()
	return resp.StatusCode
}

// TestSlow: neither a body nor the store is waited for without end, and the server
// stops although a request is at work.
func TestSlow(t *testing.T) {
	const head = "POST /pap HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Basic YWNtZTpzZWNyZXQ=\r\n"
	c, svc := httpConfig(), newService()
	svc.silent = true // a store that does not answer
	contentType, body, err := pushOf("1", "15551234567").Encode("b")
	if err != nil {
		t.Fatal(err)
	}
	whole := fmt.Sprintf("%sContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s", head, contentType, len(body), body)
	serve(t, c, svc, func(s *ppg.Server, l *webtest.Listener) {
		for _, tt := range []struct {
			sent, want string
			most       time.Duration
		}{
			{head[:40], "", 2 * c.Timeout},
			{head + "Content-Type: application/xml\r\nContent-Length: 100\r\n\r\n<pap", " 408 ", 2 * c.Timeout},
			{whole, " 503 ", time.Minute},
		} {
			conn, start := l.Dial("127.0.0.1"), time.Now()
			go io.WriteString(conn, tt.sent)
			b, err := io.ReadAll(conn)
			if d := time.Since(start); err != nil || !strings.Contains(string(b), tt.want) || d > tt.most {
				t.Errorf("%q: %q after %s, %v", tt.sent, b, d, err)
			}
		}
		if n := s.Stats(); n.Slow != 1 {
			t.Errorf("counted %+v", n)
		}
		busy := l.Dial("127.0.0.1")
		go io.Copy(io.Discard, busy)
		fmt.Fprint(busy, whole)
		synctest.Wait()
	})
}

// serve plays with a server on virtual time.
func serve(t *testing.T, c *configs.HTTP, svc ppg.Service, play func(s *ppg.Server, l *webtest.Listener)) {
	synctest.Test(t, func(t *testing.T) {
		s, l := newServer(t, c, svc, &testlog.Log{}), webtest.Listen()
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- s.Serve(ctx, l) }()
		play(s, l)
		start := time.Now()
		cancel()
		if err := <-ended; err != nil || time.Since(start) > 10*time.Second {
			t.Errorf("stopped after %s, %v", time.Since(start), err)
		}
	})
}

// TestTooManyConnections: those from elsewhere are few, and do not take the
// places of the others.
func TestTooManyConnections(t *testing.T) {
	c := httpConfig()
	c.MaxRequests = 1
	serve(t, c, newService(), func(s *ppg.Server, l *webtest.Listener) {
		var closed uint64
		for _, tt := range []struct {
			from, status string
			room         int
		}{{"203.0.113.1", " 403 ", 8}, {"127.0.0.1", " 404 ", 4}} {
			var open []net.Conn
			for range 20 {
				open = append(open, l.Dial(tt.from))
			}
			synctest.Wait()
			if closed += 20 - uint64(tt.room); s.Stats().Connections != closed {
				t.Errorf("%s: %d were closed, want %d", tt.from, s.Stats().Connections, closed)
			}
			fmt.Fprint(open[0], "GET / HTTP/1.0\r\n\r\n")
			if b, err := io.ReadAll(open[0]); err != nil || !strings.Contains(string(b), tt.status) {
				t.Errorf("%s: %q, %v", tt.from, b, err)
			}
			for _, c := range open {
				defer c.Close()
			}
		}
	})
}

// TestTLS serves HTTPS with the files of the configuration.
func TestTLS(t *testing.T) {
	c := httpConfig()
	c.Certificate, c.Key = certificate(t)
	s := newServer(t, c, newService(), &testlog.Log{})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ctx, l) }()
	text, err := os.ReadFile(c.Certificate)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(text)
	tr := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}, ForceAttemptHTTP2: true}
	resp, err := (&http.Client{Transport: tr}).Get("https://" + l.Addr().String() + "/")
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != 404 || resp.ProtoMajor != 1 {
		t.Errorf("HTTP/%d %d", resp.ProtoMajor, resp.StatusCode)
	}
	tr.CloseIdleConnections()
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// certificate has the files of one for this machine.
func certificate(t *testing.T) (chain, key string) {
	t.Helper()
	s := httptest.NewTLSServer(nil)
	defer s.Close()
	raw, err := x509.MarshalPKCS8PrivateKey(s.TLS.Certificates[0].PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	chain, key = filepath.Join(dir, "a.crt"), filepath.Join(dir, "a.key")
	for file, block := range map[string]*pem.Block{chain: {Type: "CERTIFICATE", Bytes: s.Certificate().Raw}, key: {Type: "PRIVATE KEY", Bytes: raw}} {
		if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return chain, key
}
