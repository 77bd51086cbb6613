package backend_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/gateway/backend"
)

// played is a back-end on virtual time: it answers by a script, and notes who
// came when.
type played struct {
	began  time.Time
	script []func() (*http.Response, error) // after its end all is taken
	came   []string
}

func (p *played) RoundTrip(r *http.Request) (*http.Response, error) {
	p.came = append(p.came, fmt.Sprintf("%s+%s", strings.TrimLeft(r.Header.Get("Idempotency-Key"), "0"), time.Since(p.began)))
	if len(p.script) == 0 {
		return response(204), nil
	}
	next := p.script[0]
	p.script = p.script[1:]
	return next()
}

func status(n int, header ...string) func() (*http.Response, error) {
	return func() (*http.Response, error) { return response(n, header...), nil }
}

func lost() (*http.Response, error) { return nil, errors.New("geheim") }

// bubble is a reporter on virtual time, with sessions that end now.
func bubble(t *testing.T, p *played, c *configs.Backend, n int) (*running, *box) {
	t.Helper()
	p.began = time.Now()
	b := newBox()
	for i := 1; i <= n; i++ {
		b.put(now(i))
	}
	return start(t, c, b, time.Now, p), b
}

// now is the report of session n, which ends now.
func now(n int) *backend.Report {
	r := reportOf(n)
	r.Ended = time.Now()
	return r
}

// pass lets time pass, and all that is due be done.
func pass(d time.Duration) {
	time.Sleep(d) // of virtual time
	synctest.Wait()
}

func (p *played) want(t *testing.T, want string) {
	t.Helper()
	if got := strings.Join(p.came, " "); got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
}

// TestPauses: pauses double up to the longest, and begin anew after a success.
// The report that is not taken stays the first, also when others are written.
func TestPauses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var p played
		for range 5 {
			p.script = append(p.script, status(503), lost)
		}
		p.script = append(p.script, status(200), status(500), status(422), status(429))
		r, b := bubble(t, &p, config("http://backend.example/"), 3)
		for range 30 * 60 {
			pass(time.Second)
			if time.Since(p.began) == 2*time.Second {
				b.put(now(4))
			}
			r.Nudge() // shortens no pause
		}
		p.want(t, "1+0s 1+1s 1+3s 1+7s 1+15s 1+31s 1+1m3s 1+2m7s 1+4m15s 1+8m31s 1+13m31s "+
			"2+13m31s 2+13m32s 3+13m32s 3+13m33s 4+13m33s")
		if want := (backend.Stats{Told: 3, Retried: 12, Refused: 1}); r.Stats() != want {
			t.Errorf("counted %+v, want %+v", r.Stats(), want)
		}
		if len(b.rows) != 0 {
			t.Errorf("%d rows are left", len(b.rows))
		}
		r.stop()
	})
}

// TestRetryAfter: the back-end may say when to come again, within bounds.
func TestRetryAfter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		date := time.Now().Add(5 * time.Minute).UTC().Format(http.TimeFormat)
		past := time.Now().UTC().Format(http.TimeFormat)
		p := played{script: []func() (*http.Response, error){
			status(503, "Retry-After", "60"),                   // 1m
			status(429, "Retry-After", "0"),                    // its own: 4s
			status(302, "Retry-After", "9999"),                 // 2m
			status(500, "Retry-After", date),                   // 1m56s
			status(503, "Retry-After", past),                   // its own: 32s
			status(503, "Retry-After", "99999999999999999999"), // 2m, as all that follow
			status(503, "Retry-After", "soon"),
			status(503, "Retry-After", "-5"),
			status(425),
			status(503, "Retry-After", "1"), // 2s
		}}
		c := config("http://backend.example/")
		c.Pause, c.MaxPause = 2*time.Second, 2*time.Minute
		r, _ := bubble(t, &p, c, 1)
		pass(time.Hour)
		p.want(t, "1+0s 1+1m0s 1+1m4s 1+3m4s 1+5m0s 1+5m32s 1+7m32s 1+9m32s 1+11m32s 1+13m32s 1+13m34s")
		r.stop()
	})
}

// TestNudge: a report that is written while there is nothing to do leaves at
// once, and without a nudge a little later.
func TestNudge(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var p played
		r, b := bubble(t, &p, config("http://backend.example/"), 0)
		pass(12 * time.Second)
		b.put(now(1))
		r.Nudge()
		pass(time.Second)
		b.put(now(2))
		pass(time.Minute)
		p.want(t, "1+12s 2+17s")
		r.stop()
	})
}

// TestHeldUp: a report that is never taken holds the others up until it is of no
// use any more, and they are not lost with it.
func TestHeldUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := config("http://backend.example/")
		told := make(chan string, 10)
		b := newBox(now(1))
		r := start(t, c, b, time.Now, trip(func(r *http.Request) (*http.Response, error) {
			if key := r.Header.Get("Idempotency-Key"); key != "0000000000000001" {
				told <- key
				return response(200), nil
			}
			return response(500), nil
		}))
		pass(time.Hour)
		b.put(now(2), now(3))
		pass(167 * time.Hour)
		if len(told) != 0 {
			t.Errorf("overtaken by %s", <-told)
		}
		pass(6 * time.Minute)
		if n := len(told); n != 2 {
			t.Fatalf("%d told", n)
		}
		if a, b := <-told, <-told; a != "0000000000000002" || b != "0000000000000003" {
			t.Errorf("told %s, then %s", a, b)
		}
		if s := r.Stats(); s.Expired != 1 || s.Told != 2 {
			t.Errorf("counted %+v", s)
		}
		r.stop()
	})
}

// TestStop: an answer that is awaited when the gateway stops counts, but not for
// long.
func TestStop(t *testing.T) {
	for _, tt := range []struct {
		takes time.Duration
		ends  time.Duration
		want  backend.Stats
	}{
		{2 * time.Second, 2 * time.Second, backend.Stats{Told: 1}},
		{8 * time.Second, 4 * time.Second, backend.Stats{Retried: 1}},
	} {
		synctest.Test(t, func(t *testing.T) {
			b, began := newBox(now(1), now(2)), time.Now()
			r := start(t, config("http://backend.example/"), b, time.Now, trip(func(r *http.Request) (*http.Response, error) {
				select {
				case <-r.Context().Done():
					return nil, r.Context().Err()
				case <-time.After(tt.takes):
					return response(200), nil
				}
			}))
			pass(time.Second)
			r.stop()
			if got := time.Since(began); got != tt.ends || r.Stats() != tt.want {
				t.Errorf("it took %s, counted %+v; want %s, %+v", got, r.Stats(), tt.ends, tt.want)
			}
			for _, o := range b.rows {
				if !o.LeaseUntil.IsZero() {
					t.Errorf("row %d is still leased", o.Row)
				}
			}
		})
	}
}

// TestTimeout: a back-end that says nothing is left after the configured time.
func TestTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := played{}
		c := config("http://backend.example/")
		c.Timeout = 7 * time.Second
		p.began = time.Now()
		r := start(t, c, newBox(now(1)), time.Now, trip(func(r *http.Request) (*http.Response, error) {
			if len(p.came) == 0 {
				_, _ = p.RoundTrip(r)
				<-r.Context().Done()
				return nil, r.Context().Err()
			}
			return p.RoundTrip(r)
		}))
		pass(time.Minute)
		p.want(t, "1+0s 1+8s")
		if !strings.Contains(r.log.String(), "no answer in time") {
			t.Errorf("log %s", r.log)
		}
		r.stop()
	})
}

// TestStoreFails: while the store has its troubles nothing is lost, nothing is
// overtaken, and what was not settled comes again.
func TestStoreFails(t *testing.T) {
	for _, tt := range []struct {
		op    string
		first func() (*http.Response, error)
		want  string
	}{
		{"orphans", status(200), "1+10s 2+10s 3+10s"},
		{"claim", status(200), "1+10s 2+10s 3+10s"},
		{"settle", status(200), "1+0s 1+10s 2+10s 3+10s"},
		{"settle", status(503, "Retry-After", "30"), "1+0s 1+30s 2+30s 3+30s"},
	} {
		t.Run(tt.op, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := played{began: time.Now(), script: []func() (*http.Response, error){tt.first}}
				b := newBox(now(1), now(2), now(3))
				b.fail = func(op string) error {
					if op == tt.op && time.Since(p.began) < 6*time.Second {
						return errors.New("disk full")
					}
					return nil
				}
				r := start(t, config("http://backend.example/"), b, time.Now, &p)
				pass(time.Minute)
				p.want(t, tt.want)
				if !strings.Contains(r.log.String(), "disk full") || len(b.rows) != 0 {
					t.Errorf("%d rows, log %s", len(b.rows), r.log)
				}
				r.stop()
			})
		})
	}
}
