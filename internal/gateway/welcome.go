package gateway

import (
	"sync"
	"time"

	"github.com/otagate/otagate/internal/gateway/push"
	"github.com/otagate/otagate/internal/sms"
	"github.com/otagate/otagate/sessions"
)

// doorWelcome is the name of the texts before call-backs as a door of messages.
const doorWelcome = "welcome"

// welcomeTime is how long a call-back waits for the text that announces it.
const welcomeTime = 5 * time.Second

// welcomed tells who has called what is about to come, and calls then, once, when
// the text is over, or takes too long: whether it arrives is of no matter.
func (g *Gateway) welcomed(id sessions.ID, i *invitation, then func()) {
	mdn, err := sessions.ParseMDN(i.to)
	if err != nil || !i.called || g.cfg.IOTA.Welcome == "" {
		then()
		return
	}
	account := id.String()
	goOn := g.welcomes.await(account, then)
	m := &push.Message{
		ID: g.newID(), To: mdn, MIN: i.min, Deadline: i.until,
		Content: sms.Message{Coding: sms.ASCII, Payload: []byte(g.cfg.IOTA.Welcome)},
		Origin:  push.Origin{Door: doorWelcome, Account: account, Source: doorIOTA, Corr: account},
		Seen:    sessions.Seen{Key: doorIOTA + "|welcome|" + account, Until: i.until.Add(time.Hour)},
	}
	err = g.push.Accept(m, func(_ sessions.ID, err error) {
		if err != nil { // one of before a restart among them
			goOn()
		}
	})
	if err != nil {
		g.log.Warn().Stringer("session", id).Err(err).Msg("iota: not welcomed")
		goOn()
		return
	}
	g.out.Clock.After(welcomeTime, goOn)
}

// welcomes is the door of the texts: who waits for the end of which.
type welcomes struct {
	mu      sync.Mutex
	waiting map[string]func() // by the session's id
}

func newWelcomes() *welcomes { return &welcomes{waiting: map[string]func(){}} }

// await has then called once: by what it returns, or at the end of the text.
func (w *welcomes) await(account string, then func()) (goOn func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.waiting[account] = then
	return func() { w.over(account) }
}

// Report tells nobody else of the end.
func (w *welcomes) Report(*push.End) (sessions.Outbox, bool) { return sessions.Outbox{}, false }

// Reported goes on with what has waited for the text.
func (w *welcomes) Reported(e *push.End) { w.over(e.Origin.Account) }

func (w *welcomes) over(account string) {
	w.mu.Lock()
	then := w.waiting[account]
	delete(w.waiting, account)
	w.mu.Unlock()
	if then != nil {
		then()
	}
}
