package backend_test

import (
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/gateway/backend"
	"github.com/otagate/otagate/sessions"
)

func serve(t *testing.T, h http.HandlerFunc) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s
}

func tokenFile(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "backend.token")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// once runs a reporter until its report is settled for the first time.
func once(t *testing.T, c *configs.Backend, b *box, now func() time.Time) (sessions.Settlement, *running) {
	t.Helper()
	r := start(t, c, b, now, nil)
	s := <-b.settled
	r.stop()
	return s, r
}

// TestPost has what the back-end gets.
func TestPost(t *testing.T) {
	got := make(chan string, 1)
	s := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		got <- fmt.Sprintf("%s %s %s %s %s %s %d\n%s", r.Method, r.URL, r.Header.Get("Content-Type"), r.Header.Get("Idempotency-Key"),
			r.Header.Get("Authorization"), r.Header.Get("User-Agent"), r.ContentLength, b)
	})
	c := config(s.URL + "/reports?from=otagate")
	c.TokenFile = tokenFile(t, "geheim\n")
	settled, r := once(t, c, newBox(reportOf(0xc8)), nil)
	if settled != (sessions.Settlement{Row: 1, Attempt: 1}) || r.Stats() != (backend.Stats{Told: 1}) || r.log.String() != "" {
		t.Errorf("settled %+v, counted %+v, log %s", settled, r.Stats(), r.log)
	}
	const body = `{"session":"00000000000000c8","flow":"otasp","mdn":"5551234567","activated":false,"outcome":"done","reason":"completed",` +
		`"started":"2026-01-02T03:04:05Z","ended":"2026-01-02T03:05:05.2Z"}`
	want := fmt.Sprintf("POST /reports?from=otagate application/json 00000000000000c8 Bearer geheim otagate %d\n%s", len(body), body)
	if g := <-got; g != want {
		t.Errorf("got\n%s\nwant\n%s", g, want)
	}
}

// TestStatus has what each status does.
func TestStatus(t *testing.T) {
	told, again, refused := backend.Stats{Told: 1}, backend.Stats{Retried: 1}, backend.Stats{Refused: 1}
	for want, list := range map[backend.Stats][]int{
		told:    {200, 201, 202, 204, 206, 299},
		again:   {300, 301, 302, 303, 304, 307, 308, 401, 403, 404, 405, 407, 408, 425, 429, 500, 501, 502, 503, 504, 599, 999},
		refused: {400, 402, 406, 409, 410, 413, 415, 418, 422, 451, 499},
	} {
		for _, status := range list {
			var asked atomic.Int32
			s := serve(t, func(w http.ResponseWriter, r *http.Request) {
				asked.Add(1)
				w.Header().Set("Location", "/elsewhere")
				w.WriteHeader(status)
				if status != 204 && status != 304 {
					io.WriteString(w, mdn+" geheim")
				}
			})
			settled, r := once(t, config(s.URL+"/geheim"), newBox(reportOf(1)), nil)
			if got := r.Stats(); got != want || asked.Load() != 1 || settled.Retry.IsZero() != (want != again) {
				t.Errorf("%d: counted %+v, asked %d times, settled %+v; want %+v", status, got, asked.Load(), settled, want)
			}
			if loud := strings.Contains(r.log.String(), `"level":"error"`); loud != (want == refused) {
				t.Errorf("%d: log %s", status, r.log)
			}
			if want != told && (!strings.Contains(r.log.String(), `"session":"0000000000000001"`) || !strings.Contains(r.log.String(), `"key":"mdn 555***4567"`)) {
				t.Errorf("%d: the log does not say whose report it is: %s", status, r.log)
			}
		}
	}
}

// TestExpired: what nobody took in time does not leave.
func TestExpired(t *testing.T) {
	s := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("it was sent") })
	late := func() time.Time { return ended.Add(169 * time.Hour) }
	settled, r := once(t, config(s.URL), newBox(reportOf(1)), late)
	if !settled.Retry.IsZero() || r.Stats() != (backend.Stats{Expired: 1}) || !strings.Contains(r.log.String(), `"level":"error"`) {
		t.Errorf("settled %+v, counted %+v, log %s", settled, r.Stats(), r.log)
	}
}

// TestNoAnswer has peers that are no back-end. What they say may be what they
// were sent, and nothing of it may be logged.
func TestNoAnswer(t *testing.T) {
	closed := serve(t, nil)
	closed.Close()
	slow := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
	})
	strange := httptest.NewUnstartedServer(nil)
	strange.Config.ErrorLog = log.New(io.Discard, "", 0)
	strange.StartTLS()
	t.Cleanup(strange.Close)
	const patience = time.Minute // of all but the one whose end it is
	for _, tt := range []struct {
		name, url, want string
		timeout         time.Duration
	}{
		{"nobody", closed.URL, "connection refused", patience},
		{"echo", "http://" + raw(t, func(c net.Conn) { _, _ = io.CopyN(c, c, 100) }), "the answer is not HTTP", patience},
		{"hangs up", "http://" + raw(t, func(c net.Conn) { _, _ = c.Read(make([]byte, 1)) }), "connection", patience},
		{"silent", slow.URL, "no answer in time", time.Second},
		{"certificate of nobody", strange.URL, "certificate", patience},
		{"HTTP for HTTPS", strings.Replace(slow.URL, "http", "https", 1), "the answer is not HTTP", patience},
	} {
		c := config(tt.url + "/geheim?key=geheim")
		c.TokenFile, c.Timeout = tokenFile(t, "geheim"), tt.timeout
		settled, r := once(t, c, newBox(reportOf(1)), nil)
		if settled.Retry.IsZero() || r.Stats() != (backend.Stats{Retried: 1}) || !strings.Contains(r.log.String(), tt.want) {
			t.Errorf("%s: settled %+v, counted %+v, log %s", tt.name, settled, r.Stats(), r.log)
		}
	}
}

// raw is the address of a peer that does this with each connection.
func raw(t *testing.T, each func(net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	over := make(chan struct{})
	go func() {
		defer close(over)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			each(c)
			c.Close()
		}
	}()
	t.Cleanup(func() { l.Close(); <-over })
	return l.Addr().String()
}

// TestNew: what is wrong is said, and neither the URL nor the token is shown.
func TestNew(t *testing.T) {
	for _, c := range []configs.Backend{
		{Report: "geheim"},
		{Report: "http://otagate:geheim@example.org/"},
		{Report: "http://example.org/", TokenFile: filepath.Join(t.TempDir(), "geheim")},
		{Report: "http://example.org/", TokenFile: tokenFile(t, "geheim geheim")},
	} {
		r, err := backend.New(c, newBox(), time.Now, zerolog.Nop())
		if r != nil || err == nil || !strings.HasPrefix(err.Error(), "backend.") || strings.Contains(err.Error(), "geheim") {
			t.Errorf("%v", err)
		}
	}
	r, err := backend.New(configs.Backend{Report: "http://example.org/", TokenFile: tokenFile(t, "geheim-token")}, newBox(), time.Now, zerolog.Nop())
	if err != nil {
		t.Fatal(err)
	}
	if s := fmt.Sprintf("%+v", r); strings.Contains(s, "geheim-token") {
		t.Errorf("a reporter shows its token: %s", s)
	}
}

// TestNobody: without a URL nothing is touched, whatever an earlier
// configuration has left.
func TestNobody(t *testing.T) {
	b := newBox(reportOf(1))
	b.fail = func(what string) error { t.Error(what); return errors.New(what) }
	r := start(t, &configs.Backend{}, b, nil, nil)
	r.Nudge()
	r.Nudge()
	r.stop()
	if r.Stats() != (backend.Stats{}) || len(b.rows) != 1 {
		t.Errorf("counted %+v, %d rows", r.Stats(), len(b.rows))
	}
}
