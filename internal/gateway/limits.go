package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/clock"
	"github.com/otagate/otagate/internal/gateway/route"
	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/smpp"
)

// limits are what accounts may submit, beside the windows and rates that the SMPP
// server sees to: between which addresses, how much of it may wait, and how much in
// an hour or a day.
type limits struct {
	clock   clock.Clock
	waiting func(account string) int
	counts  *counters
	log     zerolog.Logger

	accounts atomic.Pointer[map[string]*allowance]

	mu   sync.Mutex
	used map[string]*usage // by account; what an account that is gone has used stays
	read bool              // what the store has

	refused map[string]*turnedAway // by account
}

// allowance is what one account may submit. It does not change.
type allowance struct {
	sources, destinations route.Patterns
	maxQueue              int
	quota                 configs.Quota
	used                  *usage // nil without a quota
	refused               *turnedAway
}

// turnedAway are the refusals of an account since the start.
type turnedAway struct{ overQuota, queueFull atomic.Uint64 }

// refusedOf is how many messages of an account were refused.
func (l *limits) refusedOf(account string) (overQuota, queueFull uint64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if r := l.refused[account]; r != nil {
		return r.overQuota.Load(), r.queueFull.Load()
	}
	return 0, 0
}

func newLimits(list []configs.Account, clock clock.Clock, waiting func(account string) int, counts *counters, log zerolog.Logger) (*limits, error) {
	l := &limits{clock: clock, waiting: waiting, counts: counts, log: log, used: map[string]*usage{}, refused: map[string]*turnedAway{}}
	return l, l.set(list)
}

// set makes the allowances those of the accounts; on an error nothing has changed.
func (l *limits) set(list []configs.Account) error {
	all := make(map[string]*allowance, len(list))
	for i := range list {
		a, err := newAllowance(&list[i])
		if err != nil {
			return fmt.Errorf("smpp.accounts[%s]: %w", list[i].Name, err)
		}
		all[list[i].Name] = a
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for name, a := range all {
		if l.refused[name] == nil {
			l.refused[name] = &turnedAway{}
		}
		a.refused = l.refused[name]
		if a.quota.Messages > 0 {
			a.used = l.usageOf(name)
		}
	}
	l.accounts.Store(&all)
	return nil
}

func newAllowance(c *configs.Account) (a *allowance, err error) {
	a = &allowance{maxQueue: c.MaxQueue, quota: c.Quota}
	if a.sources, err = route.NewPatterns(c.Sources); err != nil {
		return nil, fmt.Errorf("sources: %w", err)
	}
	if a.destinations, err = route.NewPatterns(c.Destinations); err != nil {
		return nil, fmt.Errorf("destinations: %w", err)
	}
	return a, nil
}

// usageOf is under the lock.
func (l *limits) usageOf(account string) *usage {
	u := l.used[account]
	if u == nil {
		u = &usage{}
		l.used[account] = u
	}
	return u
}

// admit tells whether an account may submit a message of so many segments. Where
// it may, its answer has to go through the replier that comes back: what is
// not taken in the end does not count.
func (l *limits) admit(account string, source, to []byte, segments int, r Replier) (Replier, smpp.Status) {
	if !l.reaches(account, to) {
		return r, smpp.StatusInvalidDestinationAddress
	}
	paid, status := l.charge(account, source, segments)
	if status != smpp.StatusOK || paid == nil {
		return r, status
	}
	return &quotaReply{r, paid, segments}, smpp.StatusOK
}

// reaches tells whether an account may send to a number.
func (l *limits) reaches(account string, to []byte) bool {
	a := (*l.accounts.Load())[account]
	if a == nil || a.destinations.Match(to) { // of a simulation, or of a bind that is just being ended
		return true
	}
	l.counts.badDestination.Add(1)
	return false
}

// charge takes segments from the quota of an account, if it has one, unless something
// else keeps it from submitting now.
func (l *limits) charge(account string, source []byte, segments int) (*payment, smpp.Status) {
	a := (*l.accounts.Load())[account]
	switch {
	case a == nil:
		return nil, smpp.StatusOK
	case !a.sources.Match(source):
		l.counts.badSource.Add(1)
		return nil, smpp.StatusInvalidSourceAddress
	case a.maxQueue > 0 && l.waiting(account) >= a.maxQueue:
		l.counts.queueFull.Add(1)
		a.refused.queueFull.Add(1)
		return nil, smpp.StatusMessageQueueFull
	case a.used == nil:
		return nil, smpp.StatusOK
	}
	began, ok, first := a.used.take(&a.quota, segments, l.clock.Now())
	if first {
		l.log.Warn().Str("account", account).Int("messages", a.quota.Messages).Str("per", a.quota.Per).Msg("quota used up")
	}
	if !ok {
		l.counts.overQuota.Add(1)
		a.refused.overQuota.Add(1)
		return nil, smpp.StatusThrottled
	}
	return &payment{a.used, began}, smpp.StatusOK
}

// payment is what was taken from a quota, of which some may come back.
type payment struct {
	used  *usage
	began time.Time
}

func (p *payment) giveBack(segments int) {
	if p != nil {
		p.used.giveBack(p.began, segments)
	}
}

// quotaReply gives back what a message has taken that was not accepted.
type quotaReply struct {
	Replier
	paid     *payment
	segments int
}

func (c *quotaReply) Respond(status smpp.Status, messageID string) {
	if status != smpp.StatusOK {
		c.paid.giveBack(c.segments)
	}
	c.Replier.Respond(status, messageID)
}

// usage is what an account has used of its quota.
type usage struct {
	mu     sync.Mutex
	began  time.Time // of the hour or the day
	used   int
	over   bool // somebody was told
	unsaid bool // the store does not know it yet
}

// take counts n. first tells that this is the first one over the quota.
func (u *usage) take(q *configs.Quota, n int, now time.Time) (began time.Time, ok, first bool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if began = beginOf(q, now); !began.Equal(u.began) {
		u.began, u.used, u.over = began, 0, false
	}
	if u.used+n > q.Messages {
		first, u.over = !u.over, true
		return began, false, first
	}
	u.used += n
	u.unsaid = true
	return began, true, false
}

func (u *usage) giveBack(began time.Time, n int) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if began.Equal(u.began) {
		u.used, u.unsaid = u.used-n, true
	}
}

func beginOf(q *configs.Quota, now time.Time) time.Time {
	if q.Per == configs.PerHour {
		return now.UTC().Truncate(time.Hour)
	}
	return now.UTC().Truncate(24 * time.Hour)
}

// quotaBlob is where the store keeps what is used of the quotas, quotaPeriod how
// often: a crash forgets so much at most, in favour of the account.
const (
	quotaBlob   = "smpp.quotas"
	quotaPeriod = 10 * time.Second
)

// usedQuota is the stored form.
type usedQuota struct {
	Began time.Time `json:"began"`
	Used  int       `json:"used"`
}

// load reads what was used before the last stop, once there is a quota.
func (l *limits) load(ctx context.Context, from sessions.Blobs) error {
	l.mu.Lock()
	wanted := !l.read && len(l.used) > 0
	l.mu.Unlock()
	if !wanted {
		return nil
	}
	b, err := from.Blob(ctx, quotaBlob)
	var all map[string]usedQuota
	switch {
	case errors.Is(err, sessions.ErrNotFound):
		err = nil
	case err == nil:
		err = json.Unmarshal(b, &all)
	}
	if err != nil {
		return fmt.Errorf("quotas: %w", err)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.read = true
	for account, q := range all {
		u := l.usageOf(account)
		u.mu.Lock()
		if u.began.IsZero() { // nothing was counted since
			u.began, u.used = q.Began, q.Used
		}
		u.mu.Unlock()
	}
	return nil
}

// keep stores what is used, at intervals and at the end.
func (l *limits) keep(ctx context.Context, to sessions.Blobs) {
	tick := time.NewTicker(quotaPeriod)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			l.save(context.WithoutCancel(ctx), to)
			return
		case <-tick.C:
			l.save(ctx, to)
		}
	}
}

func (l *limits) save(ctx context.Context, to sessions.Blobs) {
	l.mu.Lock()
	all, news := make(map[string]usedQuota, len(l.used)), false
	for account, u := range l.used {
		u.mu.Lock()
		all[account] = usedQuota{u.began, u.used}
		news = news || u.unsaid
		u.unsaid = false
		u.mu.Unlock()
	}
	l.mu.Unlock()
	if !news {
		return
	}
	b, err := json.Marshal(all)
	if err == nil {
		err = to.PutBlob(ctx, quotaBlob, b)
	}
	if err != nil {
		l.log.Warn().Err(err).Msg("quotas not stored")
	}
}
