package backend

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/gateway/web"
	"github.com/otagate/otagate/sessions"
)

// Box is what a [Reporter] needs of the store. Claim and Settle are those of
// sessions.Postbox, Orphans is that of sessions.Recall.
type Box interface {
	Claim(ctx context.Context, dest string, now time.Time, n int, lease time.Duration) ([]sessions.Outbox, error)
	Settle(ctx context.Context, rows ...sessions.Settlement) error
	Orphans(ctx context.Context, dest string, now time.Time, lease time.Duration) ([]sessions.Outbox, error)
}

// Reporter tells the back-end what is in the outbox. It is the only sender of
// [Dest].
type Reporter struct {
	cfg       configs.Backend
	authorize func(http.Header) // with the token, which is in nothing that could be printed
	client    *http.Client
	box       Box
	now       func() time.Time
	log       zerolog.Logger
	wake      chan struct{}
	counts    counters

	// Of Run.
	ordered bool // no row is leased
	tries   int  // of the first report, without success
}

const idle = 5 * time.Second

// New makes a reporter; Run runs it. Without cfg.Report it tells nobody.
func New(cfg configs.Backend, box Box, now func() time.Time, log zerolog.Logger) (*Reporter, error) {
	r := &Reporter{
		cfg: cfg, authorize: func(http.Header) {}, client: web.NewClient(0, 1), box: box, now: now, log: log, wake: make(chan struct{}, 1),
	}
	if cfg.Report == "" {
		return r, nil
	}
	if _, err := cfg.URL(); err != nil {
		return nil, fmt.Errorf("backend.report: %w", err)
	}
	token, err := cfg.Token()
	if err != nil {
		return nil, fmt.Errorf("backend.token_file: %w", err)
	}
	if token != "" {
		r.authorize = func(h http.Header) { h.Set("Authorization", "Bearer "+token) }
	}
	return r, nil
}

// Nudge makes the reporter look now: a row was written. It does not shorten the
// pause after a report that was not taken.
func (r *Reporter) Nudge() {
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// Run tells what waits, until ctx ends. An answer that comes soon after that
// still counts.
func (r *Reporter) Run(ctx context.Context) error {
	if r.cfg.Report == "" {
		<-ctx.Done()
		return nil
	}
	defer r.client.CloseIdleConnections()
	for ctx.Err() == nil {
		pause, wake := r.round(ctx)
		wait(ctx, pause, wake)
	}
	return nil
}

// wait ends after d, and before that with ctx or with wake; nil never wakes.
func wait(ctx context.Context, d time.Duration, wake <-chan struct{}) {
	if d <= 0 {
		return
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-wake:
	case <-timer.C:
	}
}

// round tells one report, the first. It gives the pause that follows, and what
// may cut it short.
func (r *Reporter) round(ctx context.Context) (pause time.Duration, wake <-chan struct{}) {
	if err := r.order(ctx); err != nil {
		return r.trouble(ctx, err, "reports of an earlier process not read"), nil
	}
	// Nobody else is to get it while its answer may still come.
	rows, err := r.box.Claim(ctx, Dest, r.now(), 1, r.lease())
	switch {
	case err != nil:
		r.ordered = false // it may be leased all the same
		return r.trouble(ctx, err, "reports not read"), nil
	case len(rows) == 0:
		return idle, r.wake
	}
	settled, pause := r.tell(ctx, &rows[0])
	if err := r.box.Settle(context.WithoutCancel(ctx), settled); err != nil {
		r.ordered = false
		return max(pause, r.trouble(ctx, err, "report not settled: it may come again")), nil
	}
	return pause, nil
}

func (r *Reporter) lease() time.Duration { return r.cfg.Timeout + time.Minute }

// trouble logs what the store has said, and gives the pause after it.
func (r *Reporter) trouble(ctx context.Context, err error, what string) time.Duration {
	if ctx.Err() == nil {
		r.log.Warn().Err(err).Msg(what)
	}
	return idle
}

// order puts rows that are leased, and to nobody any more, back to their place.
// When the lease is over they would come too, but behind younger ones.
func (r *Reporter) order(ctx context.Context) error {
	if r.ordered {
		return nil
	}
	rows, err := r.box.Orphans(ctx, Dest, r.now(), r.lease())
	if err != nil {
		return err
	}
	back := make([]sessions.Settlement, len(rows))
	for i := range rows {
		back[i] = again(&rows[i])
	}
	if len(back) > 0 {
		if err := r.box.Settle(ctx, back...); err != nil {
			return err
		}
	}
	r.ordered = true
	return nil
}

// again puts a row back to its place.
func again(row *sessions.Outbox) sessions.Settlement {
	return sessions.Settlement{Row: row.Row, Retry: atOnce(), Attempt: row.Attempt}
}

// tell tells one report, and gives the pause before the next one.
func (r *Reporter) tell(ctx context.Context, row *sessions.Outbox) (sessions.Settlement, time.Duration) {
	done := sessions.Settlement{Row: row.Row, Attempt: row.Attempt}
	if row.Expired(r.now()) {
		r.tries = 0
		r.counts.expired.Add(1)
		about(r.log.Error(), row).Msg("report dropped: the back-end did not take it in time")
		return done, 0
	}
	a := r.post(ctx, row)
	switch a.fate {
	case taken:
		r.tries = 0
		r.counts.told.Add(1)
		return done, 0
	case refused:
		r.tries = 0
		r.counts.refused.Add(1)
		about(r.log.Error(), row).Str("why", a.why).Msg("report dropped: the back-end has refused it")
		return done, 0
	}
	r.tries++
	r.counts.retried.Add(1)
	pause := r.pause(a.after)
	about(r.log.Warn(), row).Str("why", a.why).Stringer("pause", pause).Msg("report not taken: it and those behind it wait")
	return again(row), pause
}

// about says which report a line of the log is about.
func about(e *zerolog.Event, row *sessions.Outbox) *zerolog.Event {
	return e.Stringer("session", row.ID).Str("key", row.Key.Masked()).Int("attempt", row.Attempt)
}
