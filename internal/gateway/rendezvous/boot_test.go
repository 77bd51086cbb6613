package rendezvous_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/gateway/rendezvous"
	"github.com/otagate/otagate/otasp/iota"
	"github.com/otagate/otagate/sessions"
)

// button lets handsets come by themselves.
func button(c *configs.IOTA) { c.Boot.Enabled = true }

func anybody(c *configs.IOTA) { c.Boot.Enabled, c.Boot.TrustQuery = true, true }

// begins is a Boot that begins session 9, whose document is said before or after
// the session has its name.
func (f *fake) begins(early bool) {
	f.boot = func(context.Context, rendezvous.Caller) (sessions.ID, iota.Token, error) {
		if early {
			f.say(9, 1)
		}
		return 9, tokenOf(9), nil
	}
}

// TestBoot is a session that a handset began.
func TestBoot(t *testing.T) {
	f := newFront(t, anybody)
	f.begins(true)
	m := f.get(f.root + "/boot?esn=80123456&meid=" + meid)
	if f.caller.ESN != esn || f.caller.MEID != meid {
		t.Errorf("caller %+v", f.caller)
	}
	if want := f.url(tokenOf(9)) + "/1"; m.Document.StatusURI != want {
		t.Errorf("status-uri %s", m.Document.StatusURI)
	}
	for range 3 {
		m = f.post(m.Document.StatusURI, reportOn(m.Document, "1234"))
	}
	if got := f.events(); !slices.Equal(got, []string{"boot", "reported 9/1 ok", "reported 9/2 ok", "reported 9/3 ok"}) {
		t.Errorf("heard %q", got)
	}
	if resp, _ := f.request("GET", f.url(tokenOf(9)), "", nil); resp.StatusCode != 410 {
		t.Errorf("its token as a call-back: HTTP %d", resp.StatusCode)
	}
	if n := f.server.Stats(); n.Booted != 1 || n.Called != 0 || n.Lost != 0 {
		t.Errorf("counted %+v", n)
	}
}

// TestBootExpected: the gateway may say Expect as well.
func TestBootExpected(t *testing.T) {
	f := newFront(t, anybody)
	f.boot = func(context.Context, rendezvous.Caller) (sessions.ID, iota.Token, error) {
		f.server.Expect(9, rendezvous.Expected{Token: tokenOf(9), ESN: esn, Called: true})
		f.say(9, 1)
		return 9, tokenOf(9), nil
	}
	f.get(f.root + "/boot?esn=80123456")
}

// TestBootWhoever has who may say which handset it is.
func TestBootWhoever(t *testing.T) {
	for _, tt := range []struct {
		what   string
		edit   func(*configs.IOTA)
		query  string
		header func(*http.Request)
		status int
		esn    uint32
	}{
		{"header of a proxy", proxied, "", header("X-ESN", "80123456"), 200, esn},
		{"number alone", proxied, "", header("X-MDN", mdn), 200, 0},
		{"query that nobody trusts", proxied, "?esn=80123456", header("X"), 403, 0},
		{"header of nobody", func(c *configs.IOTA) { proxied(c); c.Proxies = []string{"192.0.2.0/24"} }, "", header("X-ESN", "80123456"), 403, 0},
		{"nothing", anybody, "", header("X"), 403, 0},
		{"nonsense", anybody, "?esn=hello", header("X"), 403, 0},
		{"query in decimal", anybody, "?esn=12801193046", header("X"), 200, esn},
		{"twice", anybody, "?esn=80123456&esn=80123457", header("X"), 403, 0},
		{"two", anybody, "?esn=80123456&meid=80123457", header("X"), 403, 0},
		{"query and proxy", func(c *configs.IOTA) { anybody(c); proxied(c) }, "?esn=80123456", header("X-ESN", "80123456"), 200, esn},
		{"another by the query", func(c *configs.IOTA) { anybody(c); proxied(c) }, "?esn=80123457", header("X-ESN", "80123456"), 403, 0},
		{"long query", anybody, "?esn=80123456&x=" + strings.Repeat("x", 2000), header("X"), 403, 0},
		{"another key", func(c *configs.IOTA) { anybody(c); c.Boot.ESNKey = "id" }, "?id=80123456&esn=80123457", header("X"), 200, esn},
	} {
		f := newFront(t, button, tt.edit)
		f.begins(false)
		f.server.Expect(9, rendezvous.Expected{Token: tokenOf(9)})
		f.say(9, 1)
		resp, text := f.request("GET", f.root+"/boot"+tt.query, "", nil, tt.header)
		if resp.StatusCode != tt.status || len(f.events()) != map[int]int{200: 1}[tt.status] || f.caller.ESN != tt.esn {
			t.Errorf("%s: HTTP %d %s, heard %q from %+v", tt.what, resp.StatusCode, text, f.events(), f.caller)
		}
		if n := f.server.Stats(); tt.status == 403 && n.Nobody+n.Ambiguous != 1 {
			t.Errorf("%s: counted %+v", tt.what, n)
		}
	}
}

// TestBootRefused: the handset is told what the sessions say, and nothing else.
func TestBootRefused(t *testing.T) {
	f := newFront(t, anybody)
	var no error
	f.boot = func(context.Context, rendezvous.Caller) (sessions.ID, iota.Token, error) { return 0, iota.Token{}, no }
	for _, tt := range []struct {
		err     error
		status  int
		text    string
		retry   bool
		counter string
	}{
		{&rendezvous.Refusal{Status: 403, Reason: "locked"}, 403, "locked", false, "BootRefused"},
		{&rendezvous.Refusal{Status: 404, Reason: "no-order"}, 404, "no-order", false, "BootRefused"},
		{&rendezvous.Refusal{Status: 409}, 409, "Conflict", false, "BootRefused"},
		{fmt.Errorf("boot: %w", &rendezvous.Refusal{Status: 410, Reason: "order\ndone\x00" + strings.Repeat("x", 200)}), 410, "orderdone" + strings.Repeat("x", 71), false, "BootRefused"},
		{&rendezvous.Refusal{Status: 429, Reason: "again"}, 429, "again", true, "BootRefused"},
		{&rendezvous.Refusal{Status: 500, Reason: "store"}, 500, "store", false, "BootRefused"},
		{&rendezvous.Refusal{Status: 503, Reason: "full"}, 503, "full", true, "BootRefused"},
		{&rendezvous.Refusal{Status: 599}, 599, "refused", false, "BootRefused"},
		{&rendezvous.Refusal{Status: 200, Reason: "geheim"}, 500, "error", false, "Failed"},
		{&rendezvous.Refusal{Reason: "geheim"}, 500, "error", false, "Failed"},
		{fmt.Errorf("boot: %w", sessions.ErrBusy), 503, "busy", true, "Busy"},
		{errors.New("disk of " + mdn), 500, "error", false, "Failed"},
		{context.DeadlineExceeded, 503, "not ready", true, "Late"},
	} {
		no = tt.err
		before := f.server.Stats()
		resp, text := f.request("GET", f.root+"/boot?esn=80123456", "", nil)
		if resp.StatusCode != tt.status || text != tt.text+"\n" || (resp.Header.Get("Retry-After") != "") != tt.retry {
			t.Errorf("%v: HTTP %d %q, header %v", tt.err, resp.StatusCode, text, resp.Header)
		}
		n := f.server.Stats()
		if counter(n, tt.counter) != counter(before, tt.counter)+1 || n.Refused != before.Refused+1 || n.Booted != 0 {
			t.Errorf("%v: counted %+v", tt.err, n)
		}
	}
}

// TestBootMethod: a handset comes with GET.
func TestBootMethod(t *testing.T) {
	f := newFront(t, anybody)
	for _, m := range []string{"HEAD", "POST", "PUT", "DELETE", "OPTIONS", "MMC"} {
		if resp, _ := f.request(m, f.root+"/boot?esn=80123456", "", nil); resp.StatusCode != 405 || resp.Header.Get("Allow") != "GET" {
			t.Errorf("%s: HTTP %d", m, resp.StatusCode)
		}
	}
	if len(f.events()) != 0 {
		t.Errorf("heard %q", f.events())
	}
}

// TestBootNoRoom: the session that began is over.
func TestBootNoRoom(t *testing.T) {
	f := newFront(t, anybody)
	f.boot = func(context.Context, rendezvous.Caller) (sessions.ID, iota.Token, error) { return 9, tokenOf(1), nil }
	resp, _ := f.request("GET", f.root+"/boot?esn=80123456", "", nil)
	if got := f.events(); resp.StatusCode != 503 || !slices.Equal(got, []string{"boot", "broken 9/0 no room for the session"}) {
		t.Errorf("HTTP %d, heard %q", resp.StatusCode, got)
	}
}

// TestBootSlow: beginning and waiting have a bound each, and what came early for a
// session that was never named is forgotten.
func TestBootSlow(t *testing.T) {
	on(t, func(r *room) {
		ask := func() net.Conn { return r.get("/boot?esn=80123456") }
		r.boot = func(ctx context.Context, _ rendezvous.Caller) (sessions.ID, iota.Token, error) {
			r.say(9, 1)
			<-ctx.Done()
			return 0, iota.Token{}, ctx.Err()
		}
		start := time.Now()
		if a := r.answer(ask()); a.status != 503 || time.Since(start) != 30*time.Second {
			t.Errorf("%+v after %s", a, time.Since(start))
		}
		r.boot = func(context.Context, rendezvous.Caller) (sessions.ID, iota.Token, error) {
			time.Sleep(29 * time.Second) // of virtual time
			return 9, tokenOf(9), nil
		}
		start = time.Now()
		if a := r.answer(ask()); a.status != 503 || time.Since(start) != 59*time.Second {
			t.Errorf("%+v after %s", a, time.Since(start))
		}
		if n := r.server.Stats(); n.Late != 2 || n.Lost != 1 || n.Booted != 1 {
			t.Errorf("counted %+v", n)
		}
		// A handset that tries again may get the same session.
		conn := ask()
		synctest.Wait()
		r.say(9, 1)
		if a := r.answer(conn); !a.is(iota.NameOpen) {
			t.Errorf("got %+v", a)
		}
	}, anybody)
}

// TestBootStop: Boot is told that the server stops.
func TestBootStop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRoom(t, anybody)
		r.boot = func(ctx context.Context, _ rendezvous.Caller) (sessions.ID, iota.Token, error) {
			<-ctx.Done()
			return 0, iota.Token{}, ctx.Err()
		}
		conn := r.get("/boot?esn=" + strconv.FormatUint(uint64(esn), 16))
		synctest.Wait()
		answered := make(chan reply, 1)
		go func() { answered <- r.answer(conn) }()
		start := time.Now()
		if err := r.stop(); err != nil {
			t.Error(err)
		}
		if a := <-answered; a.status != 503 || time.Since(start) > 5*time.Second {
			t.Errorf("%+v after %s", a, time.Since(start))
		}
	})
}
