package sim_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/otagate/otagate/internal/sim"
)

// TestIOTAFaults: what comes to the server for each fault, and how it ends. In
// the pages 409 is the answer to what is wrong.
func TestIOTAFaults(t *testing.T) {
	conflict, hang := page{status: http.StatusConflict}, page{hang: true}
	get, p1, p2, p3 := "GET /iota/T", "POST /1", "POST /2", "POST /3"
	open, ask, commit, end := first("/1"), ask683(t, "/2", newMDN), doc("/3", commitMMC), doc("/4", disconnect)
	good := []page{open, ask, commit, end}
	at := func(n int, p ...page) []page { return slices.Insert(slices.Clone(good), n, p...) }
	for _, c := range []struct {
		fault sim.IOTAFault
		pages []page
		want  []string
		fails bool
	}{
		{sim.IOTAFault{Kind: sim.IOTAReplayURL}, at(1, conflict), []string{get, get, p1, p2, p3}, false},
		{sim.IOTAFault{Kind: sim.IOTAReplayURL, At: 2}, at(3, conflict), []string{get, p1, p2, get, p3}, false},
		{sim.IOTAFault{Kind: sim.IOTAOtherESN}, []page{conflict}, []string{get}, true},
		{sim.IOTAFault{Kind: sim.IOTAOtherESN, Again: true}, at(0, conflict), []string{get, get, p1, p2, p3}, false},
		{sim.IOTAFault{Kind: sim.IOTADropBefore}, nil, nil, true},
		{sim.IOTAFault{Kind: sim.IOTADropBefore, At: 2}, good, []string{get, p1}, true},
		{sim.IOTAFault{Kind: sim.IOTADropBefore, At: 2, Again: true}, good, []string{get, p1, p2, p3}, false},
		{sim.IOTAFault{Kind: sim.IOTADropAfter, At: 2}, at(2, hang), []string{get, p1, p2}, true},
		{sim.IOTAFault{Kind: sim.IOTADropAfter, At: 2, Again: true}, at(2, hang), []string{get, p1, p2, p2, p3}, false},
		{sim.IOTAFault{Kind: sim.IOTALoseAnswer, At: 1}, good, []string{get, p1}, true},
		{sim.IOTAFault{Kind: sim.IOTALoseAnswer, At: 1, Again: true}, at(1, ask), []string{get, p1, p1, p2, p3}, false},
		{sim.IOTAFault{Kind: sim.IOTARepeat, At: 1}, at(2, conflict), []string{get, p1, p1, p2, p3}, false},
		{sim.IOTAFault{Kind: sim.IOTAWrongMMCID, At: 1}, []page{open, conflict}, []string{get, p1}, true},
		{sim.IOTAFault{Kind: sim.IOTAWrongMMCID, At: 2, Again: true}, at(2, conflict), []string{get, p1, p2, p2, p3}, false},
		{sim.IOTAFault{Kind: sim.IOTAMissingCID}, at(2, conflict), []string{get, p1, p2}, true},
		{sim.IOTAFault{Kind: sim.IOTAMissingCID, Again: true}, at(2, conflict), []string{get, p1, p2, p2, p3}, false},
		{sim.IOTAFault{Kind: sim.IOTAOldURI}, at(2, conflict), []string{get, p1, p1}, true},
		{sim.IOTAFault{Kind: sim.IOTAOldReport, Again: true}, at(2, conflict), []string{get, p1, p2, p2, p3}, false},
		{sim.IOTAFault{Kind: sim.IOTABigPOST, At: 2, Again: true}, at(2, conflict), []string{get, p1, p2, p2, p3}, false},
		{sim.IOTAFault{Kind: sim.IOTASlow, At: 1, Pause: time.Microsecond}, good, []string{get, p1, p2, p3}, false},
		{sim.IOTAFault{Kind: sim.IOTAEmpty, At: 2}, at(2, conflict), []string{get, p1, p2}, true},
		{sim.IOTAFault{Kind: sim.IOTANoCommit}, good, []string{get, p1, p2}, true},
		{sim.IOTAFault{Kind: sim.IOTARefuse}, good, []string{get, p1, p2, p3}, true},
		{sim.IOTAFault{Kind: sim.IOTAGone, At: 1}, good, []string{get}, true},
		{sim.IOTAFault{Kind: sim.IOTACancel, At: 2}, good, []string{get, p1, p2}, true},
		{sim.IOTAFault{Kind: sim.IOTAOtherAnswer}, good, []string{get, p1, p2, p3}, false},
	} {
		name := string(c.fault.Kind)
		if c.fault.Again {
			name += " again"
		}
		t.Run(name, func(t *testing.T) {
			d := newDesk(t, c.pages...)
			sent := 0
			s := newSubject(func(_ *sim.HandsetConfig, i *sim.IOTAConfig) {
				i.Faults = []sim.IOTAFault{c.fault}
				i.Observe = func(m sim.Sight) { // a request that nobody waits for arrives before the next is sent
					if m.Proto == "http" && m.From == "handset" {
						if sent++; sent > 1 && sent <= len(c.want) {
							d.await()
						}
					}
				}
			})
			err := s.a.CallBack(t.Context(), d.url())
			if (err != nil) != c.fails || !s.session().Ended || s.session().Err != err {
				t.Errorf("ends with %v, %+v", err, s.session())
			}
			if sent > 0 {
				d.await()
			}
			if got := d.requests(); !slices.Equal(got, c.want) {
				t.Errorf("requests\n%q, want\n%q", got, c.want)
			}
			again := newDesk(t, good...)
			if err := s.a.CallBack(t.Context(), again.url()); err != nil || len(again.all()) != 4 {
				t.Errorf("a fault strikes twice: %v, %q", err, again.requests())
			}
		})
	}
}

// faulty runs a session of two documents with a fault, which the server refuses
// with 409 where it comes second.
func faulty(t *testing.T, f sim.IOTAFault) (*desk, *subject) {
	t.Helper()
	s := newSubject(nil)
	s.a.Fault(f)
	d := newDesk(t, first("/1"), ask683(t, "/2", newMDN), page{status: http.StatusConflict}, doc("/3", disconnect))
	err := s.a.CallBack(t.Context(), d.url())
	if f.Again && err != nil {
		t.Error(err)
	}
	return d, &s
}

// TestIOTASpoiled: a spoiled request differs from the right one in one thing.
func TestIOTASpoiled(t *testing.T) {
	strip := func(g got) string { // two reports do not have the same boundary
		_, boundary, _ := strings.Cut(g.media, "boundary=")
		boundary, _, _ = strings.Cut(boundary, ";")
		return strings.ReplaceAll(g.body, boundary, "B")
	}
	d, s := faulty(t, sim.IOTAFault{Kind: sim.IOTAWrongMMCID, At: 2, Again: true})
	wrong, right := strip(d.all()[2]), strip(d.all()[3])
	if wrong == right || mmcID.ReplaceAllString(wrong, "") != mmcID.ReplaceAllString(right, "") {
		t.Errorf("wrong mmcID:\n%s\nright:\n%s", wrong, right)
	}
	if got := s.session().Statuses; !slices.Equal(got, []int{200, 200, 409, 200}) {
		t.Errorf("statuses %d", got)
	}
	d, _ = faulty(t, sim.IOTAFault{Kind: sim.IOTAWrongMMCID, At: 2, Value: "7"})
	if got := mmcID.FindString(d.all()[2].body); got != `mmcID="7"` {
		t.Errorf("given mmcID: %s", got)
	}
	d, _ = faulty(t, sim.IOTAFault{Kind: sim.IOTAMissingCID, Again: true})
	if wrong, right := d.report(2), d.report(3); wrong+"<1@handset> application/octet-stream\n01010100\n" != right {
		t.Errorf("missing part:\n%s\nright:\n%s", wrong, right)
	}
	d, _ = faulty(t, sim.IOTAFault{Kind: sim.IOTAOldReport, Again: true})
	if wrong := d.all()[2]; wrong.path != "/2" || wrong.body != d.all()[1].body {
		t.Errorf("old report: %s\n%s", wrong.path, wrong.body)
	}
	d, _ = faulty(t, sim.IOTAFault{Kind: sim.IOTAOldURI, Again: true})
	if wrong := d.all()[2]; wrong.path != "/1" || wrong.body != d.all()[3].body {
		t.Errorf("old URI: %s\n%s", wrong.path, wrong.body)
	}
	d, _ = faulty(t, sim.IOTAFault{Kind: sim.IOTABigPOST, At: 2, Again: true})
	if n := len(d.all()[2].body); n != 10<<20 {
		t.Errorf("%d octets", n)
	}
	d, _ = faulty(t, sim.IOTAFault{Kind: sim.IOTAEmpty, At: 2, Again: true})
	if wrong := d.all()[2].body; wrong != "" {
		t.Errorf("empty: %s", wrong)
	}
	d, _ = faulty(t, sim.IOTAFault{Kind: sim.IOTAOtherESN, At: 2, Again: true})
	if wrong, right := d.all()[2].header.Get("X-Esn"), d.all()[3].header.Get("X-Esn"); wrong != "81234566" || right != "81234567" {
		t.Errorf("ESN %s, then %s", wrong, right)
	}
	d, _ = faulty(t, sim.IOTAFault{Kind: sim.IOTAOtherESN, At: 2, Value: "DEADBEEF"})
	if got := d.all()[2].header.Get("X-Esn"); got != "DEADBEEF" {
		t.Errorf("ESN %s", got)
	}
	d, _ = faulty(t, sim.IOTAFault{Kind: sim.IOTAOtherMDN, At: 2, Again: true})
	if wrong, right := d.all()[2].header.Get("X-Mdn"), d.all()[3].header.Get("X-Mdn"); wrong != "5550000000" || right != "0000004567" {
		t.Errorf("MDN %s, then %s", wrong, right)
	}
	d, _ = faulty(t, sim.IOTAFault{Kind: sim.IOTAOldURI, Value: "9", Again: true})
	if wrong := d.all()[2]; wrong.path != "/9" || wrong.body != d.all()[3].body {
		t.Errorf("URI of another document: %s\n%s", wrong.path, wrong.body)
	}
	d, _ = faulty(t, sim.IOTAFault{Kind: sim.IOTAOtherAnswer, Value: "0dff", Again: true})
	if wrong, right := d.report(2), d.report(3); len(d.all()) != 4 || !strings.HasSuffix(wrong, "octet-stream\n0dff\n") || strings.Replace(wrong, "0dff", "01010100", 1) != right {
		t.Errorf("the answer given:\n%s\nthe right one:\n%s", wrong, right)
	}
	d, _ = faulty(t, sim.IOTAFault{Kind: sim.IOTAOtherAnswer})
	if got := d.report(2); !strings.HasSuffix(got, "octet-stream\n06010242060002010202030301060204010160\n") {
		t.Errorf("the other answer:\n%s", got)
	}
	d, _ = faulty(t, sim.IOTAFault{Kind: sim.IOTAOtherAnswer, Value: "0dff"})
	if got := d.report(2); !strings.HasSuffix(got, "octet-stream\n0dff\n") {
		t.Errorf("the answer given:\n%s", got)
	}
	s2 := newSubject(nil)
	s2.a.Fault(sim.IOTAFault{Kind: sim.IOTAOtherAnswer})
	d = newDesk(t, first("/1"), ask683(t, "/2", "06"), doc("/3", disconnect))
	if err := s2.a.CallBack(t.Context(), d.url()); err != nil || !strings.HasSuffix(d.report(2), "octet-stream\n0500\n") {
		t.Errorf("the other answer to what it would be: %v\n%s", err, d.report(2))
	}
	d, _ = faulty(t, sim.IOTAFault{Kind: sim.IOTACancel, At: 2})
	if got, want := d.report(2), status("error", `id="7" name="write" object="phone:cdma.is683" result="Abort"`, `id="8" name="read" object="phone:cdma.is683.result" result="Abort"`); got != want {
		t.Errorf("cancelled:\n%s", got)
	}
}

// TestIOTARefusedCommit: with the result that is given.
func TestIOTARefusedCommit(t *testing.T) {
	for value, want := range map[string]string{"": "CheckFailed", "UnknownError": "UnknownError"} {
		s := newSubject(nil)
		s.a.Fault(sim.IOTAFault{Kind: sim.IOTARefuse, Value: value})
		d := newDesk(t, first("/1"), doc("/2", commitMMC))
		if err := s.a.CallBack(t.Context(), d.url()); err == nil || d.report(2) != status("error", `id="9" name="commit" result="`+want+`"`) {
			t.Errorf("%v\n%s", err, d.report(2))
		}
	}
}

// TestIOTASlow: the server may cut off who takes too long, and time of the
// session runs.
func TestIOTASlow(t *testing.T) {
	s := newSubject(func(_ *sim.HandsetConfig, c *sim.IOTAConfig) { c.SessionTime = 100 * time.Millisecond })
	s.a.Fault(sim.IOTAFault{Kind: sim.IOTASlow, Pause: time.Hour})
	d := newDesk(t, first("/1"))
	if err := s.a.CallBack(t.Context(), d.url()); err == nil || len(d.all()) != 0 {
		t.Errorf("%v, %q", err, d.requests())
	}
}

// TestIOTATLS: over TLS as well, the faults of a connection included.
func TestIOTATLS(t *testing.T) {
	d := newDesk(t, page{hang: true}, first("/1"), doc("/2", disconnect))
	d.srv.Close()
	d.srv = httptest.NewTLSServer(http.HandlerFunc(d.serve))
	t.Cleanup(d.srv.Close)
	sent := 0
	s := newSubject(func(_ *sim.HandsetConfig, c *sim.IOTAConfig) {
		c.Client = d.srv.Client()
		c.Observe = func(m sim.Sight) {
			if m.From == "handset" {
				if sent++; sent == 2 {
					d.await()
				}
			}
		}
	})
	s.a.Fault(sim.IOTAFault{Kind: sim.IOTADropAfter, Again: true}, sim.IOTAFault{Kind: sim.IOTASlow, At: 1, Pause: time.Microsecond})
	if err := s.a.CallBack(t.Context(), d.url()); err != nil {
		t.Error(err)
	}
	if got := s.session().Statuses; !slices.Equal(got, []int{0, 200, 200}) {
		t.Errorf("statuses %d", got)
	}
	d.srv.Client().CloseIdleConnections()
}

// TestIOTATrusted: a session of the network goes to those only that are trusted;
// that of the user does not ask.
func TestIOTATrusted(t *testing.T) {
	for _, c := range []struct {
		list []string
		ok   bool
	}{
		{nil, true}, {[]string{}, false}, {[]string{"http:127.0.0.1"}, true}, {[]string{"http:.0.0.1"}, true}, {[]string{"HTTP:127.0.0.1"}, true},
		{[]string{"https:127.0.0.1"}, false}, {[]string{"http:0.0.1"}, false}, {[]string{"http:.27.0.0.1"}, false}, {[]string{"http:"}, false}, {[]string{"127.0.0.1"}, false},
		{[]string{"https:.acme.example", "http:127.0.0.1"}, true},
	} {
		s := newSubject(func(_ *sim.HandsetConfig, i *sim.IOTAConfig) { i.Trusted = c.list })
		d := newDesk(t, first("/1"), doc("/2", disconnect))
		if err := s.a.CallBack(t.Context(), d.url()); (err == nil) != c.ok || errors.Is(err, sim.ErrIOTAUntrusted) == c.ok || c.ok != (len(d.all()) > 0) {
			t.Errorf("%q: %v, %q", c.list, err, d.requests())
		}
		d = newDesk(t, first("/1"), doc("/2", disconnect))
		if err := s.a.Boot(t.Context(), d.url()); err != nil {
			t.Errorf("%q, by the user: %v", c.list, err)
		}
	}
	s := newSubject(func(_ *sim.HandsetConfig, i *sim.IOTAConfig) { i.Trusted = []string{"http:127.0.0.1"} })
	d := newDesk(t, page{media: phonecom, body: `<mmc status-uri="http://evil.example/1"><method id="1" name="open" reportstatus="true"/></mmc>`})
	if err := s.a.CallBack(t.Context(), d.url()); !errors.Is(err, sim.ErrIOTAUntrusted) || s.session().MMCID != -1 {
		t.Errorf("another's status-uri: %v, %+v", err, s.session())
	}
	for _, url := range []string{"", "ftp://127.0.0.1/x", "/x", "http:///x", "http://%zz/"} {
		if err := s.a.CallBack(t.Context(), url); err == nil {
			t.Errorf("%q is called", url)
		}
	}
}
