package rendezvous_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/otagate/otagate/internal/gateway/rendezvous"
	"github.com/otagate/otagate/otasp/iota"
	"github.com/otagate/otagate/sessions"
)

// atOnce has many do the same at the same moment, and counts what comes back.
func atOnce(n int, do func() int) map[int]int {
	var wg sync.WaitGroup
	var mu sync.Mutex
	begin, got := make(chan struct{}), map[int]int{}
	for range n {
		wg.Go(func() {
			<-begin
			status := do()
			mu.Lock()
			defer mu.Unlock()
			got[status]++
		})
	}
	close(begin)
	wg.Wait()
	return got
}

// ask asks without a network.
func ask(s *rendezvous.Server, method, target, contentType, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	r.Header.Set("Content-Type", contentType)
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

// TestTwoAtOnce: of many that follow one call-back at the same moment, one does.
func TestTwoAtOnce(t *testing.T) {
	const many = 20
	f := newFront(t)
	got := atOnce(many, func() int {
		resp, err := http.Get(f.url(tokenOf(1)))
		if err != nil {
			return 0
		}
		resp.Body.Close()
		return resp.StatusCode
	})
	http.DefaultClient.CloseIdleConnections()
	n := f.server.Stats()
	if got[200] != 1 || got[410] != many-1 || n.Called != 1 || n.Used != many-1 || len(f.events()) != 1 {
		t.Errorf("got %v, heard %q, counted %+v", got, f.events(), n)
	}
}

// TestReportsAtOnce: the same report many times at the same moment is one event,
// and whoever is answered gets the same document.
func TestReportsAtOnce(t *testing.T) {
	const many = 20
	s, f, _ := newServer(t, config())
	s.Expect(1, rendezvous.Expected{Token: tokenOf(1)})
	if w := ask(s, "GET", path(""), "", ""); w.Code != 200 {
		t.Fatalf("HTTP %d", w.Code)
	}
	contentType, body := encoded(t, reportOn(documents()[1].Document, "1234"))
	got := atOnce(many, func() int { return ask(s, "POST", path("/1"), contentType, body).Code })
	n := s.Stats()
	if got[200] == 0 || got[200]+got[409] != many || n.Reports != 1 || n.Superseded != uint64(got[409]) || len(f.events()) != 2 {
		t.Errorf("got %v, heard %q, counted %+v", got, f.events(), n)
	}
}

// TestSessionsRefuse: what the sessions do not take has not happened.
func TestSessionsRefuse(t *testing.T) {
	busy := fmt.Errorf("too much: %w", sessions.ErrBusy)
	over := errors.New("of session " + mdn + " nothing is known")
	for _, tt := range []struct {
		what, counter, retry string
		err                  error
		status               int
	}{{"busy", "Busy", "2", busy, 503}, {"over", "Declined", "", over, 410}, {"of something else", "Mismatched", "", rendezvous.ErrMismatch, 400}} {
		f := newFront(t)
		url := f.url(tokenOf(1))
		f.fail(tt.err)
		resp, text := f.request("GET", url, "", nil)
		if n := f.server.Stats(); resp.StatusCode != tt.status || resp.Header.Get("Retry-After") != tt.retry || counter(n, tt.counter) != 1 || n.Called != 0 || strings.Contains(text, mdn) {
			t.Errorf("%s: HTTP %d %s, counted %+v", tt.what, resp.StatusCode, text, n)
		}
		m := f.get(url)
		f.fail(tt.err)
		contentType, body := encoded(t, reportOn(m.Document, "1234"))
		resp, text = f.request("POST", m.Document.StatusURI, contentType, strings.NewReader(body))
		if n := f.server.Stats(); resp.StatusCode != tt.status || resp.Header.Get("Retry-After") != tt.retry || counter(n, tt.counter) != 2 || n.Reports != 0 || strings.Contains(text, mdn) {
			t.Errorf("%s: HTTP %d %s, counted %+v", tt.what, resp.StatusCode, text, n)
		}
		// Nothing of it is left: not even the transaction.
		m = f.post(m.Document.StatusURI, reportOn(m.Document, "99"))
		if got := f.events(); m.Document.MMCID != "99" || !slices.Equal(got, []string{"called 1", "reported 1/1 ok"}) {
			t.Errorf("%s: heard %q, document %+v", tt.what, got, m.Document)
		}
	}
}

// TestExpect has what may be said again, and what not.
func TestExpect(t *testing.T) {
	f := newFront(t)
	e := rendezvous.Expected{Token: tokenOf(1)}
	f.server.Expect(1, e)
	f.server.Expect(2, e)                     // the token of another
	f.server.Expect(3, rendezvous.Expected{}) // no token
	f.server.Document(3, 1, documents()[1])   // of nobody
	f.server.Document(1, 1, &iota.Message{})  // no document
	f.server.Document(1, 1, nil)              // nothing
	if n := f.server.Stats(); n.Full != 2 || n.Lost != 3 {
		t.Errorf("counted %+v", n)
	}
	m := f.get(f.url(tokenOf(1)))
	e.Called = true
	f.server.Expect(1, e) // the conversation goes on
	f.server.Expect(1, rendezvous.Expected{Token: tokenOf(1)})
	if resp, _ := f.request("GET", f.url(tokenOf(1)), "", nil); resp.StatusCode != 410 {
		t.Errorf("HTTP %d", resp.StatusCode)
	}
	m = f.post(m.Document.StatusURI, reportOn(m.Document, "1234"))
	// A new token takes the place of the old one.
	f.server.Expect(1, rendezvous.Expected{Token: tokenOf(2)})
	contentType, body := encoded(t, reportOn(m.Document, "1234"))
	if resp, _ := f.request("POST", m.Document.StatusURI, contentType, strings.NewReader(body)); resp.StatusCode != 404 {
		t.Errorf("HTTP %d", resp.StatusCode)
	}
	f.get(f.url(tokenOf(2)))
}

// TestDocumentFirst: a document may be here before the handset is.
func TestDocumentFirst(t *testing.T) {
	f := newFront(t)
	delete(f.script, 1)
	f.server.Document(1, 1, documents()[1])
	f.get(f.url(tokenOf(1)))
}

// TestUnmet: what is expected and cannot be read is met by nobody who says who
// he is.
func TestUnmet(t *testing.T) {
	f := newFront(t, proxied)
	for _, e := range []rendezvous.Expected{{MDN: "05551234567"}, {MEID: "A000"}} {
		e.Token = tokenOf(1)
		f.server.Expect(1, e)
		resp, _ := f.request("GET", f.url(tokenOf(1)), "", nil, header("X-MDN", mdn), header("X-MEID", meid))
		if resp.StatusCode != 403 {
			t.Errorf("%+v: HTTP %d", e, resp.StatusCode)
		}
	}
}

// TestSize: a session that is expected takes 200 octets or less.
func TestSize(t *testing.T) {
	const many = 100_000
	s, _, _ := newServer(t, config())
	use := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before, until := use(), time.Now().Add(time.Hour)
	for i := range many {
		token, err := iota.NewToken(fmt.Appendf(nil, "%08d", i))
		if err != nil {
			t.Fatal(err)
		}
		s.Expect(sessions.ID(i+1), rendezvous.Expected{Token: token, ESN: esn, MEID: meid, MDN: mdn, Until: until})
	}
	if each := (use() - before) / many; each > 200 {
		t.Errorf("%d octets", each)
	}
	for i := range many {
		s.End(sessions.ID(i + 1))
	}
	runtime.KeepAlive(s)
}

// TestStorm: many that have the token do all that a handset may do, in any order
// and at once. The sessions hear of each document once, and in order.
func TestStorm(t *testing.T) {
	const many = 8
	s, f, _ := newServer(t, config())
	s.Expect(1, rendezvous.Expected{Token: tokenOf(1)})
	var wg sync.WaitGroup
	for seed := range uint64(many) {
		wg.Go(func() {
			random := rand.New(rand.NewPCG(seed, 1))
			for f.count() < 4 {
				req := uint16(1 + random.IntN(3))
				m := reportOn(documents()[req].Document, "1234")
				if random.IntN(2) == 0 {
					m.Report.Details[0].Result = iota.ResultUnknownError
				}
				contentType, body := encoded(t, m)
				if random.IntN(8) == 0 {
					body = body[:len(body)/2]
				}
				ask(s, "POST", path(fmt.Sprintf("/%d", req)), contentType, body)
				if random.IntN(4) == 0 {
					ask(s, "GET", path(""), "", "")
				}
			}
		})
	}
	wg.Wait()
	if got := f.events(); !slices.Equal(got, []string{"called 1", "reported 1/1 ok", "reported 1/2 ok", "reported 1/3 ok"}) {
		t.Errorf("heard %q", got)
	}
	if n := s.Stats(); n.Called != 1 || n.Reports != 3 || n.Empty != 0 {
		t.Errorf("counted %+v", n)
	}
}

func (f *fake) count() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.heard)
}

// TestManyAddresses: addresses that were here once are forgotten.
func TestManyAddresses(t *testing.T) {
	const many = 100_000
	now := time.Unix(0, 0)
	c := config()
	c.Rate, c.PerAddress = 10, 2
	s, err := rendezvous.New(c, &fake{}, rendezvous.Options{Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest("GET", "/", nil)
	use := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := use()
	for i := range many {
		now = now.Add(time.Millisecond)
		r.RemoteAddr = fmt.Sprintf("10.%d.%d.%d:1", i>>16, i>>8&255, i&255)
		w := httptest.NewRecorder()
		if s.ServeHTTP(w, r); w.Code != 404 {
			t.Fatalf("HTTP %d", w.Code)
		}
	}
	if more := int64(use() - before); more > 1<<20 {
		t.Errorf("%d octets more", more)
	}
	runtime.KeepAlive(s)
}
