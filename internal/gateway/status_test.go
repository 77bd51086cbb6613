package gateway

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/smpp"
)

// slowStore commits late.
type slowStore struct {
	sessions.Store
	by time.Duration
}

func (s slowStore) Apply(c *sessions.Change, done func(sessions.Result)) {
	time.AfterFunc(s.by, func() { s.Store.Apply(c, done) })
}

// TestStatus has a running gateway held up in one way after the other, and asks it
// what limits.
func TestStatus(t *testing.T) {
	const messages = 30
	for _, tt := range []struct {
		name    string
		prepare func(c *configs.Config, a *smsc)
		store   func(sessions.Store) sessions.Store
		want    string // how it begins
	}{
		{"nothing", nil, nil, "nothing: what comes goes out"},
		{"window", func(_ *configs.Config, a *smsc) { a.held = true }, nil, "link a: window of 10, no answer comes"},
		{"rate", func(c *configs.Config, _ *smsc) { c.Links[0].Rate, c.Links[0].Burst = 1, 1 }, nil, "link a: rate"},
		{"slow-down", func(c *configs.Config, a *smsc) {
			a.says = smpp.StatusThrottled
			c.Links[0].SlowDown = configs.Backoff{Min: time.Minute, Max: time.Minute}
		}, nil, "link a: slow-down, the centre has too much"},
		{"no bind", func(c *configs.Config, _ *smsc) { c.Links[0].SystemID = "stranger" }, nil, "link a: no bind"},
		{"account's rate", func(c *configs.Config, _ *smsc) { c.SMPP.Accounts[1].Rate = 2 }, nil, "account shop: rate"},
		{"account's quota", func(c *configs.Config, _ *smsc) {
			c.SMPP.Accounts[1].Quota = configs.Quota{Messages: 5, Per: "day"}
		}, nil, "account shop: quota"},
		{"account's window", func(c *configs.Config, _ *smsc) { c.SMPP.Accounts[1].Window = 1 },
			func(s sessions.Store) sessions.Store { return slowStore{s, 20 * time.Millisecond} }, "account shop: window"},
		{"commit", nil, func(s sessions.Store) sessions.Store { return slowStore{s, 300 * time.Millisecond} }, "commit, which takes "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l, a := edgeLab(t)
			if tt.prepare != nil {
				tt.prepare(l.cfg, a)
			}
			var store sessions.Store = l.open()
			if tt.store != nil {
				store = tt.store(store)
			}
			g := l.start(store)
			defer g.stop()
			if tt.name != "no bind" {
				until(t, "the link to stand", func() bool { return g.push.Links()[0].BindsUp == 1 })
			}
			shop := g.esme("shop")
			before := g.sample()
			var all sync.WaitGroup
			for i := range messages {
				all.Go(func() { shop.push(fmt.Sprintf("1555%07d", i)) })
			}
			all.Wait()
			if tt.want == "nothing: what comes goes out" || strings.HasPrefix(tt.want, "commit") {
				until(t, "all to go out", func() bool { return g.push.Live() == 0 })
			}
			until(t, tt.want, func() bool {
				d := g.statusSince(t.Context(), before)
				return strings.HasPrefix(d.Limit, tt.want)
			})
			d := g.statusSince(t.Context(), before)
			a.hold(false) // the end of the gateway waits for answers
			if d.Stages[0].Total == 0 || len(d.Links) != 1 || len(d.Accounts) != 2 || strings.HasPrefix(tt.want, "link") && d.Links[0].Waiting == 0 {
				t.Errorf("%+v", d)
			}
		})
	}
}
