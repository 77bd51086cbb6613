package rendezvous_test

import (
	"io"
	"net"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/gateway/rendezvous"
	"github.com/otagate/otagate/otasp/iota"
	"github.com/otagate/otagate/sessions"
)

// on is a test on virtual time.
func on(t *testing.T, play func(r *room), edit ...func(*configs.IOTA)) {
	synctest.Test(t, func(t *testing.T) {
		r := newRoom(t, edit...)
		play(r)
		if err := r.stop(); err != nil {
			t.Error(err)
		}
	})
}

// calling is a handset that has called back and waits for its first document.
func (r *room) calling() net.Conn {
	delete(r.script, 1)
	conn := r.get(path(""))
	synctest.Wait()
	return conn
}

// reporting is a handset that has reported about the first document and waits for
// the second.
func (r *room) reporting() (m *iota.Message, conn net.Conn) {
	delete(r.script, 2)
	r.answer(r.get(path("")))
	m = reportOn(documents()[1].Document, "1234")
	conn = r.post(path("/1"), m)
	synctest.Wait()
	return m, conn
}

// ask calls back from an address with the token of a session.
func (r *room) ask(from string, id byte) net.Conn {
	conn := r.Dial(from)
	go io.WriteString(conn, "GET /iota/"+tokenOf(id).Text()+" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
	return conn
}

// TestLate: an exchange waits for its document, but not for ever; the document
// waits for the next one.
func TestLate(t *testing.T) {
	on(t, func(r *room) {
		delete(r.script, 2)
		if a := r.answer(r.get(path(""))); !a.is(iota.NameOpen) {
			t.Fatalf("got %+v", a)
		}
		m := reportOn(documents()[1].Document, "1234")
		start := time.Now()
		if a := r.answer(r.post(path("/1"), m)); a.status != 503 || a.retry != "2" || time.Since(start) != 30*time.Second {
			t.Errorf("got %+v after %s", a, time.Since(start))
		}
		if n := r.server.Stats(); n.Late != 1 || n.Refused != 1 {
			t.Errorf("counted %+v", n)
		}
		r.server.Document(1, 2, documents()[3])
		if a := r.answer(r.post(path("/1"), m)); !a.is(iota.NameCommit) {
			t.Errorf("got %+v", a)
		}
		if n := r.server.Stats(); n.Repeated != 1 || n.Reports != 1 || len(r.events()) != 2 {
			t.Errorf("counted %+v, heard %q", n, r.events())
		}
	})
}

// TestWaiting: a document that comes later than the reading of a request may take,
// but in time, goes to the exchange that waits.
func TestWaiting(t *testing.T) {
	on(t, func(r *room) {
		delete(r.script, 1)
		conn := r.get(path(""))
		time.Sleep(29 * time.Second) // of virtual time
		r.server.Document(1, 1, documents()[1])
		if a := r.answer(conn); !a.is(iota.NameOpen) {
			t.Errorf("got %+v", a)
		}
		if n := r.server.Stats(); n.Refused != 0 || n.Documents != 1 {
			t.Errorf("counted %+v", n)
		}
	})
}

// TestEndWhileWaiting: it gets 410.
func TestEndWhileWaiting(t *testing.T) {
	on(t, func(r *room) {
		conn := r.calling()
		r.server.End(1)
		r.server.End(1)
		r.server.End(2)
		if a := r.answer(conn); a.status != 410 || a.text != "nothing here\n" {
			t.Errorf("got %+v", a)
		}
		if a := r.answer(r.get(path(""))); a.status != 404 {
			t.Errorf("got %+v", a)
		}
		r.server.Document(1, 1, documents()[1])
		if n := r.server.Stats(); n.Gone != 1 || n.Unknown != 1 || n.Lost != 1 || n.Refused != 2 {
			t.Errorf("counted %+v", n)
		}
	})
}

// TestDocumentThenEnd: the last document is not lost to the end of the session.
func TestDocumentThenEnd(t *testing.T) {
	on(t, func(r *room) {
		conn := r.calling()
		r.server.Document(1, 1, documents()[4])
		r.server.End(1)
		if a := r.answer(conn); !a.is(iota.NameDisconnect) {
			t.Errorf("got %+v", a)
		}
	})
}

// TestStop: what waits is sent away when the server stops.
func TestStop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRoom(t)
		conn := r.calling()
		start, answered := time.Now(), make(chan reply, 1)
		go func() { answered <- r.answer(conn) }()
		if err := r.stop(); err != nil {
			t.Error(err)
		}
		if a := <-answered; a.status != 503 || a.retry == "" || time.Since(start) > 5*time.Second {
			t.Errorf("got %+v after %s", a, time.Since(start))
		}
		if n := r.server.Stats(); n.Stopping != 1 || n.Refused != 1 {
			t.Errorf("counted %+v", n)
		}
	})
}

// TestLeft: a handset that goes while it waits reports again, and gets what it
// waited for.
func TestLeft(t *testing.T) {
	on(t, func(r *room) {
		m, conn := r.reporting()
		conn.Close()
		synctest.Wait()
		if n := r.server.Stats(); n.Left != 1 {
			t.Errorf("counted %+v", n)
		}
		r.server.Document(1, 2, documents()[3])
		if a := r.answer(r.post(path("/1"), m)); !a.is(iota.NameCommit) || len(r.events()) != 2 {
			t.Errorf("got %+v, heard %q", a, r.events())
		}
	})
}

// TestRepeated: the same report again gets the same answer, before the answer is
// known and after it; the sessions hear it once.
func TestRepeated(t *testing.T) {
	on(t, func(r *room) {
		m, first := r.reporting()
		second := r.post(path("/1"), m)
		if a := r.answer(first); a.status != 409 {
			t.Errorf("the first one: %+v", a)
		}
		r.server.Document(1, 2, documents()[3])
		a := r.answer(second)
		if b := r.answer(r.post(path("/1"), m)); !a.is(iota.NameCommit) || a != b {
			t.Errorf("got %+v and %+v", a, b)
		}
		if got := r.events(); !slices.Equal(got, []string{"called 1", "reported 1/1 ok"}) {
			t.Errorf("heard %q", got)
		}
		if n := r.server.Stats(); n.Superseded != 1 || n.Repeated != 2 || n.Reports != 1 || n.Refused != 1 {
			t.Errorf("counted %+v", n)
		}
	})
}

// TestAskedAgain: a document that comes again, as after trouble of the sessions,
// takes the place of the one before, and its report is news.
func TestAskedAgain(t *testing.T) {
	on(t, func(r *room) {
		_, conn := r.reporting()
		r.server.Document(1, 1, documents()[1])
		if a := r.answer(conn); !a.is(iota.NameOpen) {
			t.Errorf("got %+v", a)
		}
		conn = r.post(path("/1"), reportOn(documents()[1].Document, "77")) // it opens anew
		synctest.Wait()
		r.server.Document(1, 2, documents()[3])
		if a := r.answer(conn); !a.is(iota.NameCommit) || len(r.events()) != 3 {
			t.Errorf("got %+v, heard %q", a, r.events())
		}
	})
}

// TestSlow: a head or a body that does not come ends the connection.
func TestSlow(t *testing.T) {
	on(t, func(r *room) {
		r.answer(r.get(path("")))
		head := "POST " + path("/1") + " HTTP/1.1\r\nHost: x\r\nContent-Type: " + mmcType + "\r\nContent-Length: 100\r\n\r\n<mmc"
		for _, sent := range []string{head[:40], head} {
			conn, start := r.Dial(here), time.Now()
			go io.WriteString(conn, sent)
			if _, err := io.Copy(io.Discard, conn); err != nil || time.Since(start) > 20*time.Second {
				t.Errorf("%q: held for %s, %v", sent, time.Since(start), err)
			}
			conn.Close()
		}
		if n := r.server.Stats(); n.Slow != 1 || n.Heads != 1 || len(r.events()) != 1 {
			t.Errorf("counted %+v, heard %q", n, r.events())
		}
		if a := r.answer(r.post(path("/1"), reportOn(documents()[1].Document, "1234"))); a.status != 200 {
			t.Errorf("afterwards %+v", a)
		}
	})
}

// TestTooManyConnections: of one address, and of all; the others have their places,
// and so have proxies.
func TestTooManyConnections(t *testing.T) {
	on(t, func(r *room) {
		var open []net.Conn
		for _, from := range []string{"2001:db8::1", "192.0.2.1", "10.1.2.3"} {
			for i := range 5 {
				if i > 0 && from == "2001:db8::1" {
					from = "2001:db8::ffff" // of the same subscriber
				}
				open = append(open, r.Dial(from))
			}
		}
		synctest.Wait()
		if n := r.server.Stats(); n.AddressConnections != 2 || n.Connections != 0 {
			t.Errorf("counted %+v", n)
		}
		open = append(open, r.Dial("192.0.2.2"), r.Dial("2001:db8:0:1::1"))
		synctest.Wait()
		if n := r.server.Stats(); n.AddressConnections != 2 || n.Connections != 0 { // of 16 there are 15
			t.Errorf("counted %+v", n)
		}
		open[0].Close() // of one that had all it may have
		synctest.Wait()
		open = append(open, r.Dial("2001:db8::2"), r.Dial("192.0.2.3"), r.Dial("192.0.2.4"))
		synctest.Wait()
		if n := r.server.Stats(); n.AddressConnections != 2 || n.Connections != 1 {
			t.Errorf("counted %+v", n)
		}
		for _, c := range open {
			c.Close()
		}
	}, func(c *configs.IOTA) { c.PerAddress, c.Proxies, c.MaxRequests = 2, []string{"10.0.0.0/8"}, 8 })
}

// TestTooManyRequests: of one address, and of all.
func TestTooManyRequests(t *testing.T) {
	on(t, func(r *room) {
		delete(r.script, 1)
		for id := sessions.ID(2); id < 8; id++ {
			r.server.Expect(id, rendezvous.Expected{Token: tokenOf(byte(id))})
		}
		ask := func(from string, id byte) net.Conn {
			conn := r.ask(from, id)
			synctest.Wait()
			return conn
		}
		waiting := []net.Conn{ask(here, 2), ask(here, 3)}
		if a := r.answer(ask(here, 4)); a.status != 429 || a.retry == "" {
			t.Errorf("got %+v", a)
		}
		waiting = append(waiting, ask("192.0.2.2", 4))
		if a := r.answer(ask("192.0.2.3", 5)); a.status != 503 || a.retry == "" {
			t.Errorf("got %+v", a)
		}
		if n := r.server.Stats(); n.AddressCrowded != 1 || n.Crowded != 1 || n.Refused != 2 || len(r.events()) != 3 {
			t.Errorf("counted %+v, heard %q", n, r.events())
		}
		for i := range waiting {
			r.server.Document(sessions.ID(i+2), 1, documents()[1])
			if a := r.answer(waiting[i]); a.status != 200 {
				t.Errorf("%d: got %+v", i, a)
			}
		}
		synctest.Wait()
		conn := ask(here, 5)
		r.server.Document(5, 1, documents()[1])
		if a := r.answer(conn); a.status != 200 {
			t.Errorf("afterwards %+v", a)
		}
	}, func(c *configs.IOTA) { c.MaxRequests, c.PerAddress = 3, 2 })
}

// TestRate: an address that asks too often is told when to come again; a proxy is
// many handsets.
func TestRate(t *testing.T) {
	on(t, func(r *room) {
		ask := func(from string) reply { return r.answer(r.ask(from, 9)) }
		var got []int
		for range 7 {
			got = append(got, ask(here).status)
		}
		if want := []int{404, 404, 404, 404, 429, 429, 429}; !slices.Equal(got, want) {
			t.Errorf("got %d", got)
		}
		if a := ask(here); a.retry != "1" {
			t.Errorf("got %+v", a)
		}
		for range 9 {
			if a := ask("10.1.2.3"); a.status != 404 {
				t.Errorf("proxy: %+v", a)
			}
		}
		time.Sleep(500 * time.Millisecond) // of virtual time
		if a, b := ask(here), ask(here); a.status != 404 || b.status != 429 {
			t.Errorf("got %+v, %+v", a, b)
		}
		if n := r.server.Stats(); n.Throttled != 5 || n.Unknown != 14 {
			t.Errorf("counted %+v", n)
		}
	}, func(c *configs.IOTA) { c.Rate, c.Proxies = 2, []string{"10.0.0.0/8"} })
}

// TestNotWaitedFor: a session that says its next document before the last one is
// reported about hears the report all the same, and the handset gets the next one.
func TestNotWaitedFor(t *testing.T) {
	on(t, func(r *room) {
		r.answer(r.get(path("")))
		r.answer(r.post(path("/1"), reportOn(documents()[1].Document, "1234")))
		delete(r.script, 3)
		r.server.Document(1, 7, documents()[4])
		report := reportOn(documents()[2].Document, "1234")
		r.fail(sessions.ErrBusy)
		if a := r.answer(r.post(path("/2"), report)); a.status != 503 {
			t.Errorf("got %+v", a)
		}
		for range 2 {
			if a := r.answer(r.post(path("/2"), report)); !a.is(iota.NameDisconnect) {
				t.Errorf("got %+v", a)
			}
		}
		if got := r.events(); !slices.Equal(got, []string{"called 1", "reported 1/1 ok", "reported 1/2 ok"}) {
			t.Errorf("heard %q", got)
		}
	})
}

// TestKnownTransaction: where a document does not say its number, that of the
// last report holds.
func TestKnownTransaction(t *testing.T) {
	on(t, func(r *room) {
		_, conn := r.reporting()
		r.server.Document(1, 2, documents()[2])
		r.answer(conn)
		if a := r.answer(r.post(path("/2"), reportOn(documents()[2].Document, "1235"))); a.status != 409 {
			t.Errorf("got %+v", a)
		}
		if a := r.answer(r.post(path("/2"), reportOn(documents()[2].Document, ""))); a.status != 200 {
			t.Errorf("none: %+v", a)
		}
		if n := r.server.Stats(); n.Transaction != 1 {
			t.Errorf("counted %+v", n)
		}
	})
}
