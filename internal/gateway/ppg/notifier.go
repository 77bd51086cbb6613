package ppg

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"sync"
	"time"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/internal/gateway/web"
	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/wappush/pap"
)

// notifier tells one initiator the ends of its messages. A crash between its
// answer and the commit tells one again after the lease, so a result may come
// twice and never gets lost.
type notifier struct {
	initiator string
	allowed   beginnings
	box       sessions.Postbox
	client    *http.Client
	counts    *doorCounters
	now       func() time.Time
	log       zerolog.Logger
	wake      chan struct{}
	owed      []sessions.Settlement // which the store has not taken yet
}

const (
	batch      = 16 // told together
	lease      = 2 * time.Minute
	askTime    = 30 * time.Second
	idle       = 5 * time.Second
	firstRetry = 2 * time.Second
	lastRetry  = 10 * time.Minute
)

func (n *notifier) nudge() {
	select {
	case n.wake <- struct{}{}:
	default:
	}
}

func (n *notifier) run(ctx context.Context) {
	timer := time.NewTimer(idle)
	defer timer.Stop()
	for {
		if n.round(ctx) {
			continue // the batch was full: there may be more
		}
		timer.Reset(idle)
		select {
		case <-ctx.Done():
			return
		case <-n.wake:
		case <-timer.C:
		}
	}
}

// round tells one batch and reports whether it was full.
func (n *notifier) round(ctx context.Context) bool {
	if ctx.Err() != nil {
		return false
	}
	if !n.settle(ctx) { // what was told must not be told again when its lease is over
		return false
	}
	rows, err := n.box.Claim(ctx, destOf(n.initiator), n.now(), batch, lease)
	if err != nil {
		if ctx.Err() == nil {
			n.log.Warn().Str("initiator", n.initiator).Err(err).Msg("result notifications not read")
		}
		return false
	}
	settled := make([]sessions.Settlement, len(rows))
	var wg sync.WaitGroup
	for i := range rows {
		wg.Go(func() { settled[i] = n.tell(ctx, &rows[i]) })
	}
	wg.Wait()
	n.owed = settled
	return n.settle(ctx) && len(rows) == batch
}

// settle stores what became of those that were told.
func (n *notifier) settle(ctx context.Context) bool {
	if len(n.owed) == 0 {
		return true
	}
	if err := n.box.Settle(context.WithoutCancel(ctx), n.owed...); err != nil {
		n.log.Warn().Str("initiator", n.initiator).Err(err).Msg("result notifications not settled: after a restart they come again")
		return false
	}
	n.owed = nil
	return true
}

// fate is what became of one notification.
type fate uint8

const (
	taken fate = iota
	retry
	hopeless
)

func (n *notifier) tell(ctx context.Context, row *sessions.Outbox) sessions.Settlement {
	done := sessions.Settlement{Row: row.Row, Attempt: row.Attempt}
	drop := func(why string) sessions.Settlement {
		n.counts.dropped.Add(1)
		n.log.Error().Str("initiator", n.initiator).Stringer("session", row.ID).Str("why", why).Msg("result notification dropped")
		return done
	}
	var x notice
	if err := json.Unmarshal(row.Body, &x); err != nil {
		return drop("it cannot be read")
	}
	if row.Expired(n.now()) {
		return drop("nobody took it in time")
	}
	// The configuration may have changed since the push was accepted.
	to, err := n.allowed.allow(x.URL)
	if err != nil {
		return drop("its URL is not allowed any more")
	}
	entity, err := x.entity()
	if err != nil {
		return drop("it cannot be written")
	}
	what, why := n.ask(ctx, to, entity)
	switch what {
	case taken:
		n.counts.told.Add(1)
		return done
	case hopeless:
		return drop(why)
	}
	n.counts.retried.Add(1)
	n.log.Warn().Str("initiator", n.initiator).Stringer("session", row.ID).Str("why", why).Msg("result notification not taken")
	done.Retry = n.now().Add(backOff(row.Attempt))
	return done
}

// backOff is the pause after so many attempts.
func backOff(attempt int) time.Duration {
	return min(firstRetry<<min(max(attempt-1, 0), 10), lastRetry)
}

// ask posts one entity. why never shows the URL.
func (n *notifier) ask(ctx context.Context, to string, entity []byte) (what fate, why string) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, to, bytes.NewReader(entity))
	if err != nil {
		return hopeless, "its URL cannot be asked"
	}
	req.Header.Set("Content-Type", "application/xml")
	req.Header.Set("User-Agent", senderName)
	a, err := web.Ask(n.client, req, askTime)
	switch {
	case err != nil:
		return retry, err.Error()
	case a.Cut:
		return retry, "the answer was cut"
	}
	return judge(a.Status, a.Header.Get("Content-Type"), a.Body)
}

// judge reads the answer. A 2xx that says nothing has taken the result; one that
// says something else than PAP is a login page or a proxy's rather than the
// initiator's.
func judge(status int, contentType string, body []byte) (what fate, why string) {
	why = http.StatusText(status)
	switch {
	case permanent(status):
		return hopeless, why
	case status < 200 || status > 299:
		return retry, why
	case len(bytes.TrimSpace(body)) == 0:
		return taken, ""
	case len(body) > web.MaxAnswer:
		return retry, "the answer is too long"
	}
	env, err := pap.Decode(contentType, body, pap.Limits{Size: web.MaxAnswer})
	if err != nil {
		return retry, "the answer is not PAP"
	}
	switch m := env.Control.Message.(type) {
	case *pap.ResultNotificationResponse:
		return judgeCode(m.Code)
	case *pap.BadMessageResponse:
		return judgeCode(m.Code)
	}
	return retry, "the answer is " + env.Control.Message.Element()
}

func judgeCode(c pap.Code) (what fate, why string) {
	switch c.Class() {
	case pap.ClassSuccess:
		return taken, ""
	case pap.ClassClientError: // the same will be wrong again
		return hopeless, c.String()
	}
	return retry, c.String()
}

// permanent: who says this about an entity will say it again. What is known to
// come and go with somebody's configuration (401, 403, 404) is not among them.
func permanent(status int) bool {
	switch status {
	case http.StatusBadRequest, http.StatusMethodNotAllowed, http.StatusNotAcceptable, http.StatusGone, http.StatusLengthRequired,
		http.StatusRequestEntityTooLarge, http.StatusRequestURITooLong, http.StatusUnsupportedMediaType, http.StatusUnprocessableEntity:
		return true
	}
	return false
}
