package backend_test

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"
	"go.uber.org/goleak"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/gateway/backend"
	"github.com/otagate/otagate/internal/testlog"
	"github.com/otagate/otagate/sessions"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// box is an outbox in memory, with the order and the leases of a store.
type box struct {
	mu      sync.Mutex
	rows    []sessions.Outbox
	last    int64
	fail    func(what string) error // nil never fails
	settled chan sessions.Settlement
}

func newBox(reports ...*backend.Report) *box {
	b := &box{settled: make(chan sessions.Settlement, 10)}
	b.put(reports...)
	return b
}

// put commits rows of reports.
func (b *box) put(reports ...*backend.Report) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, r := range reports {
		row, wanted := r.Row(config("http://backend.example/reports"))
		if !wanted {
			panic("no row")
		}
		b.last++
		row.Row = b.last
		b.rows = append(b.rows, row)
	}
}

func (b *box) failing(what string) error {
	if b.fail == nil {
		return nil
	}
	return b.fail(what)
}

func (b *box) Claim(_ context.Context, dest string, now time.Time, n int, lease time.Duration) (out []sessions.Outbox, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.failing("claim"); err != nil {
		return nil, err
	}
	next := func(o *sessions.Outbox) time.Time {
		if o.LeaseUntil.IsZero() {
			return o.Due
		}
		return o.LeaseUntil
	}
	slices.SortFunc(b.rows, func(x, y sessions.Outbox) int {
		return cmp.Or(next(&x).Compare(next(&y)), cmp.Compare(x.Row, y.Row))
	})
	for i := range b.rows {
		if o := &b.rows[i]; len(out) < n && o.Dest == dest && !next(o).After(now) {
			o.Attempt++
			o.LeaseUntil = now.Add(lease)
			out = append(out, *o)
		}
	}
	return out, nil
}

func (b *box) Settle(ctx context.Context, list ...sessions.Settlement) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := cmp.Or(ctx.Err(), b.failing("settle")); err != nil {
		return err
	}
	for _, s := range list {
		b.rows = slices.DeleteFunc(b.rows, func(o sessions.Outbox) bool { return s.Retry.IsZero() && o.Row == s.Row })
		for i := range b.rows {
			if o := &b.rows[i]; o.Row == s.Row && o.Attempt == s.Attempt {
				o.Due, o.LeaseUntil = s.Retry, time.Time{}
			}
		}
		select {
		case b.settled <- s:
		default: // nobody looks at so many
		}
	}
	return nil
}

func (b *box) Orphans(_ context.Context, dest string, now time.Time, lease time.Duration) (out []sessions.Outbox, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.failing("orphans"); err != nil {
		return nil, err
	}
	for i := range b.rows {
		if o := &b.rows[i]; o.Dest == dest && !o.LeaseUntil.IsZero() {
			o.LeaseUntil = now.Add(lease)
			out = append(out, *o)
		}
	}
	return out, nil
}

func config(url string) *configs.Backend {
	c := configs.Default().Backend
	c.Report = url
	return &c
}

var ended = time.Date(2026, 1, 2, 3, 5, 5, 0, time.UTC)

const mdn = "5551234567"

// reportOf is the report of session n.
func reportOf(n int) *backend.Report {
	return &backend.Report{
		Session: fmt.Sprintf("%016x", n), Flow: "otasp", MDN: mdn, Outcome: "done", Reason: "completed",
		Started: ended.Add(-time.Minute), Ended: ended.Add(time.Duration(n) * time.Millisecond),
	}
}

// running is a reporter that runs.
type running struct {
	*backend.Reporter
	log  *testlog.Log
	stop func()
}

// start runs a reporter until stop, or the end of the test. Its clock stands at
// the end of the sessions, or is now.
func start(t *testing.T, c *configs.Backend, b backend.Box, now func() time.Time, through http.RoundTripper) *running {
	t.Helper()
	if now == nil {
		now = func() time.Time { return ended }
	}
	log := &testlog.Log{}
	r, err := backend.New(*c, b, now, zerolog.New(log))
	if err != nil {
		t.Fatal(err)
	}
	if through != nil {
		r.Through(through)
	}
	ctx, cancel := context.WithCancel(context.Background())
	over := make(chan error, 1)
	go func() { over <- r.Run(ctx) }()
	stop := sync.OnceFunc(func() {
		cancel()
		if err := <-over; err != nil {
			t.Error(err)
		}
		if s := log.String(); strings.Contains(s, mdn) || strings.Contains(s, "geheim") {
			t.Errorf("the log shows too much: %s", s)
		}
	})
	t.Cleanup(stop)
	return &running{r, log, stop}
}

// trip is a back-end without a network.
type trip func(r *http.Request) (*http.Response, error)

func (f trip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func response(status int, header ...string) *http.Response {
	r := &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader("{}"))}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	return r
}
