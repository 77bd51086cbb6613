package rendezvous_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/otagate/otagate/internal/gateway/rendezvous"
	"github.com/otagate/otagate/otasp/iota"
	"github.com/otagate/otagate/sessions"
)

// resumed is session 1 after a restart: the handset has called before.
func resumed(r *room) {
	r.mmcID = "1234"
	r.server.Expect(1, rendezvous.Expected{Token: tokenOf(1), Called: true})
}

// relayReport is the report about document 2, that of another handset's dialect
// too.
func relayReport() *iota.Message { return reportOn(documents()[2].Document, "1234") }

// TestRestartReport: the document that was out is reported about.
func TestRestartReport(t *testing.T) {
	on(t, func(r *room) {
		resumed(r)
		r.say(1, 2)
		if a := r.answer(r.get(path(""))); a.status != 410 {
			t.Errorf("call-back: %+v", a)
		}
		if a := r.answer(r.post(path("/2"), relayReport())); !a.is(iota.NameCommit) {
			t.Errorf("got %+v", a)
		}
		if got := r.events(); !slices.Equal(got, []string{"reported 1/2 ok"}) {
			t.Errorf("heard %q", got)
		}
	})
}

// TestRestartLost: the answer to a report was lost with the server. The report
// comes again, and is answered without an event.
func TestRestartLost(t *testing.T) {
	on(t, func(r *room) {
		resumed(r)
		r.say(1, 3)
		if a := r.answer(r.post(path("/2"), reportOn(documents()[2].Document, "99"))); a.status != 409 {
			t.Errorf("another transaction: %+v", a)
		}
		if a := r.answer(r.post(path("/4"), relayReport())); a.status != 409 {
			t.Errorf("a later one: %+v", a)
		}
		if a := r.answer(r.post(path("/2"), relayReport())); !a.is(iota.NameCommit) {
			t.Errorf("got %+v", a)
		}
		if a := r.answer(r.post(path("/1"), reportOn(documents()[1].Document, "1234"))); a.status != 409 {
			t.Errorf("an older one: %+v", a)
		}
		if len(r.events()) != 0 {
			t.Errorf("heard %q", r.events())
		}
		if a := r.answer(r.post(path("/3"), reportOn(documents()[3].Document, "1234"))); !a.is(iota.NameDisconnect) {
			t.Errorf("got %+v", a)
		}
		if n := r.server.Stats(); n.Repeated != 1 || n.Transaction != 1 || n.OutOfOrder != 2 {
			t.Errorf("counted %+v", n)
		}
	})
}

// TestRestartEarly: a handset that is quicker than the session waits until it is
// known what is out.
func TestRestartEarly(t *testing.T) {
	for _, out := range []uint16{2, 3} {
		on(t, func(r *room) {
			resumed(r)
			conn := r.post(path("/2"), relayReport())
			synctest.Wait()
			if len(r.events()) != 0 {
				t.Errorf("heard %q", r.events())
			}
			r.say(1, out)
			if a := r.answer(conn); !a.is(iota.NameCommit) {
				t.Errorf("got %+v", a)
			}
			if n := r.server.Stats(); n.Reports+n.Repeated != 1 || len(r.events()) != int(n.Reports) || (n.Reports == 1) != (out == 2) {
				t.Errorf("%d: counted %+v, heard %q", out, n, r.events())
			}
		})
	}
}

// TestRestartNothing: what is not known is not waited for without end, and what
// cannot be read not at all.
func TestRestartNothing(t *testing.T) {
	on(t, func(r *room) {
		resumed(r)
		if a := r.answer(r.post(path("/2"), relayReport())); a.status != 503 {
			t.Errorf("got %+v", a)
		}
		bad := relayReport()
		bad.Report.Details[1].ValueRef.CID = "gone"
		bad.Report.Details, bad.Parts = bad.Report.Details[:1], nil
		contentType, body := encoded(t, bad)
		conn := r.Dial(here)
		body = strings.Replace(body, `result="ok"/>`, `valueref="cid:`, 1)
		go conn.Write([]byte("POST " + path("/2") + " HTTP/1.0\r\nContent-Type: " + contentType + "\r\nContent-Length: 400\r\n\r\n" + body + strings.Repeat(" ", 400-len(body))))
		if a := r.answer(conn); a.status != 400 {
			t.Errorf("got %+v", a)
		}
		if n := r.server.Stats(); n.Late != 1 || n.Malformed != 1 || len(r.events()) != 0 {
			t.Errorf("counted %+v", n)
		}
	})
}

// TestRestartBusy: what nobody took is news still, and has left nothing.
func TestRestartBusy(t *testing.T) {
	on(t, func(r *room) {
		resumed(r)
		r.mmcID = ""
		r.say(1, 2)
		r.fail(sessions.ErrBusy)
		if a := r.answer(r.post(path("/2"), relayReport())); a.status != 503 {
			t.Errorf("got %+v", a)
		}
		if a := r.answer(r.post(path("/2"), reportOn(documents()[2].Document, "99"))); !a.is(iota.NameCommit) {
			t.Errorf("got %+v", a)
		}
		if got := r.events(); !slices.Equal(got, []string{"reported 1/2 ok"}) {
			t.Errorf("heard %q", got)
		}
	})
}

// TestRestartDialect: the dialect is that of the report.
func TestRestartDialect(t *testing.T) {
	s, f, _ := newServer(t, config())
	s.Expect(1, rendezvous.Expected{Token: tokenOf(1), Called: true})
	f.mmcID = "1234"
	f.say(1, 3)
	contentType, body, err := iota.IOTA10().Encode(reportOn(documents()[3].Document, "1234"), "")
	if err != nil {
		t.Fatal(err)
	}
	if w := ask(s, "POST", path("/3"), contentType, string(body)); w.Code != 200 || w.Header().Get("Content-Type") != "application/iota.mmc-xml" {
		t.Errorf("HTTP %d %v", w.Code, w.Header())
	}
}
