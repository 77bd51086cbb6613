package web_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/otagate/otagate/internal/gateway/web"
	"github.com/otagate/otagate/internal/gateway/web/webtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const here, head = "192.0.2.1", "GET / HTTP/1.1\r\nHost: x\r\n\r\n"

// serve plays with a server on virtual time, and ends it, which takes so many seconds.
func serve(t *testing.T, s *web.Server, play func(l *webtest.Listener)) (took time.Duration) {
	synctest.Test(t, func(t *testing.T) {
		room := make(web.Room, 2)
		s.Timeout, s.WorkTime, s.Admit = 5*time.Second, time.Minute, func(a netip.Addr) (func(), bool) {
			if a.String() != here {
				return nil, false
			}
			return room.Enter()
		}
		ctx, cancel := context.WithCancel(t.Context())
		l, ended := webtest.Listen(), make(chan error, 1)
		go func() { ended <- s.Serve(ctx, l) }()
		play(l)
		synctest.Wait()
		start := time.Now()
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		took = time.Since(start).Truncate(time.Second)
		if synctest.Wait(); len(room) != 0 {
			t.Errorf("%d places are taken when all is over", len(room))
		}
	})
	return took
}

// TestStop: what is at work is finished, or told that the server stops and then
// sent away. Who takes long loses his connection, and is waited for all the same.
func TestStop(t *testing.T) {
	for _, tt := range []struct {
		takes    time.Duration // 0: until the context ends
		told     bool
		answered bool
		stopped  time.Duration
	}{
		{3 * time.Second, false, true, 3 * time.Second},
		{30 * time.Second, false, false, 30 * time.Second},
		{0, false, false, 5 * time.Second},
		{0, true, true, 0},
	} {
		var s web.Server
		var told atomic.Bool
		if tt.told {
			s.Stopping = func() { told.Store(true) }
		}
		s.Handler = http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			if time.Sleep(tt.takes); tt.takes == 0 { // of virtual time
				<-r.Context().Done()
			}
			if told.Load() != tt.told {
				t.Errorf("%+v: told %t", tt, !tt.told)
			}
		})
		answer := make(chan string, 1)
		stopped := serve(t, &s, func(l *webtest.Listener) {
			c := l.Dial(here)
			go func() {
				_, _ = io.WriteString(c, head)
				b, _ := io.ReadAll(c)
				c.Close()
				answer <- string(b)
			}()
		})
		if got := <-answer; strings.Contains(got, " 200 ") != tt.answered || stopped != tt.stopped {
			t.Errorf("%+v: answered %q, stopped after %s", tt, got, stopped)
		}
	}
}

// broken is a listener that fails.
type broken struct{ net.Listener }

var errBroken = errors.New("broken")

func (broken) Accept() (net.Conn, error) { return nil, errBroken }

func TestBroken(t *testing.T) {
	var told bool
	s := web.Server{Stopping: func() { told = true }}
	if err := s.Serve(t.Context(), broken{webtest.Listen()}); !errors.Is(err, errBroken) || !told {
		t.Errorf("%v, told %t", err, told)
	}
}

// TestAdmit: who is not let in is gone at once, and a connection that is closed
// makes room for another.
func TestAdmit(t *testing.T) {
	serve(t, &web.Server{Handler: http.NotFoundHandler()}, func(l *webtest.Listener) {
		open := []net.Conn{l.Dial(here), l.Dial(here), l.Dial(here), l.Dial("192.0.2.2")}
		for i, c := range open {
			_ = c.SetReadDeadline(time.Now().Add(time.Millisecond))
			if _, err := c.Read(make([]byte, 1)); (err == io.EOF) != (i >= 2) {
				t.Errorf("%d: %v", i, err)
			}
		}
		open[0].Close()
		synctest.Wait()
		c := l.Dial(here)
		go io.WriteString(c, head)
		b := make([]byte, 12)
		if _, err := io.ReadFull(c, b); err != nil || string(b) != "HTTP/1.1 404" {
			t.Errorf("%q, %v", b, err)
		}
		c.Close()
		open[1].Close()
	})
}

// TestUnheard: heads that do not come whole in time are told of, and nothing else;
// an octet every second does not help.
func TestUnheard(t *testing.T) {
	for _, tt := range []struct {
		sent    string
		pause   time.Duration
		unheard int
	}{{"", 0, 0}, {head, 0, 0}, {head + head, 0, 0}, {head[:9], 0, 1}, {"hello\r\n\r\n", 0, 1}, {head, time.Second, 1}} {
		var unheard int
		s := web.Server{Handler: http.NotFoundHandler(), Unheard: func() { unheard++ }}
		serve(t, &s, func(l *webtest.Listener) {
			c, start := l.Dial(here), time.Now()
			held := make(chan time.Duration, 1)
			go func() {
				_, _ = io.Copy(io.Discard, c)
				held <- time.Since(start)
			}()
			for _, o := range []byte(tt.sent) {
				_, _ = c.Write([]byte{o})
				time.Sleep(tt.pause) // of virtual time
			}
			if d := <-held; tt.unheard > 0 && d > 10*time.Second {
				t.Errorf("%q: held for %s", tt.sent, d)
			}
			c.Close()
		})
		if unheard != tt.unheard {
			t.Errorf("%q, an octet every %s: %d unheard, want %d", tt.sent, tt.pause, unheard, tt.unheard)
		}
	}
}
