package status

import (
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/otagate/otagate/internal/gateway/links"
	"github.com/otagate/otagate/internal/gateway/push"
	"github.com/otagate/otagate/smpp"
)

// Sample is what was counted since the start, at one time.
type Sample struct {
	At         time.Time
	Received   uint64        // messages of accounts
	Committed  uint64        // messages that are on the disk
	Committing time.Duration // how long that took, all together
	Sent       uint64        // short messages to centres and MSCs
	Answered   uint64        // by centres, links that are gone among them
	Delivered  uint64        // messages given to accounts
	ReceiptIn  uint64        // receipts of centres
	ReceiptOut uint64        // receipts to accounts
	Links      []links.Stats
	Accounts   []AccountSample
}

// AccountSample is what an account did since the start.
type AccountSample struct {
	smpp.AccountStats
	OverQuota, QueueFull uint64 // messages refused
}

// Lines are what waits now.
type Lines struct {
	Links, Accounts map[string]push.Line
	Due             map[string]bool // links of which something could be sent now
	Held            map[string]int  // receipts that an account has still to take
}

// Document is what an operator is told.
type Document struct {
	At       time.Time `json:"at"`
	Started  time.Time `json:"started"`
	Period   float64   `json:"period_s"` // of the rates
	Limit    string    `json:"limit"`
	Stages   []Stage   `json:"stages"`
	CommitMS float64   `json:"commit_ms"` // of a message, on average
	Links    []Link    `json:"links"`
	Accounts []Account `json:"accounts"`
}

// Stage is one of the steps of all messages.
type Stage struct {
	Name  string  `json:"name"`
	Rate  float64 `json:"per_s"`
	Total uint64  `json:"total"`
}

// Link is how a link stands.
type Link struct {
	Name      string  `json:"name"`
	State     string  `json:"state"`
	Binds     int     `json:"binds"`
	BindsUp   int     `json:"binds_up"`
	InFlight  int     `json:"in_flight"`
	Window    int     `json:"window"`
	Waiting   int     `json:"waiting"`  // messages, those under way among them
	Settling  int     `json:"settling"` // messages whose receipt is awaited
	OldestS   int     `json:"oldest_s"` // of those that wait
	Sent      float64 `json:"sent_per_s"`
	Answered  float64 `json:"answered_per_s"`
	Limit     string  `json:"limit"`
	LastError string  `json:"last_error,omitempty"`
	due       bool
}

// Account is how an account stands.
type Account struct {
	Name       string  `json:"name"`
	Disabled   bool    `json:"disabled,omitempty"`
	Binds      int     `json:"binds"`
	Unanswered int     `json:"unanswered"`
	Window     int     `json:"window"`
	Waiting    int     `json:"waiting"`
	Settling   int     `json:"settling"`
	OldestS    int     `json:"oldest_s"`
	Held       int     `json:"receipts_held"` // that it has still to take
	Received   float64 `json:"received_per_s"`
	Refused    float64 `json:"refused_per_s"`
	Limit      string  `json:"limit"`
	refused    uint64
}

// Between tells what happened from one sample to a later one, and how it is now.
func Between(started time.Time, a, b Sample, now Lines) Document {
	period := max(b.At.Sub(a.At).Seconds(), 0.001)
	d := Document{At: b.At, Started: started, Period: period, Links: []Link{}, Accounts: []Account{}}
	rate := func(from, to uint64) float64 { return float64(to-min(from, to)) / period }
	for _, s := range []struct {
		name     string
		from, to uint64
	}{
		{"received", a.Received, b.Received}, {"committed", a.Committed, b.Committed}, {"sent", a.Sent, b.Sent}, {"answered", a.Answered, b.Answered},
		{"to accounts", a.Delivered, b.Delivered},
		{"receipts in", a.ReceiptIn, b.ReceiptIn}, {"receipts out", a.ReceiptOut, b.ReceiptOut},
	} {
		d.Stages = append(d.Stages, Stage{s.name, rate(s.from, s.to), s.to})
	}
	if n := b.Committed - min(a.Committed, b.Committed); n > 0 {
		d.CommitMS = float64((b.Committing - a.Committing).Microseconds()) / 1e3 / float64(n)
	}
	for i := range b.Links {
		d.Links = append(d.Links, linkBetween(a.link(b.Links[i].Name), &b.Links[i], b.At, period, now))
	}
	d.Links = append(d.Links, others(now, b, b.At)...)
	for i := range b.Accounts {
		d.Accounts = append(d.Accounts, accountBetween(a.account(b.Accounts[i].SystemID), &b.Accounts[i], b.At, period, now, d.CommitMS))
	}
	d.Accounts = append(d.Accounts, initiators(now, b, b.At)...)
	d.Limit = limiting(&d)
	return d
}

func (s *Sample) link(name string) links.Stats {
	for i := range s.Links {
		if s.Links[i].Name == name {
			return s.Links[i]
		}
	}
	return links.Stats{}
}

func (s *Sample) account(name string) AccountSample {
	for i := range s.Accounts {
		if s.Accounts[i].SystemID == name {
			return s.Accounts[i]
		}
	}
	return AccountSample{}
}

// linkBetween: a link that was made anew since has counted from its beginning.
func linkBetween(a links.Stats, b *links.Stats, at time.Time, period float64, now Lines) Link {
	if a.Sent > b.Sent {
		a = links.Stats{}
	}
	line := now.Links[b.Name]
	answered := b.Taken + b.Refused + b.Throttled - a.Taken - a.Refused - a.Throttled
	l := Link{
		Name: b.Name, State: stateOf(b), Binds: len(b.Binds), BindsUp: b.BindsUp, InFlight: b.InFlight, Window: b.Window,
		Waiting: line.Waiting, Settling: line.Settling, OldestS: age(line, at),
		Sent: float64(b.Sent-a.Sent) / period, Answered: float64(answered) / period, LastError: b.LastError, due: now.Due[b.Name],
	}
	l.Limit = linkLimit(&l, b, b.Spent.Sub(a.Spent))
	return l
}

func stateOf(s *links.Stats) string {
	switch {
	case s.Draining:
		return "draining"
	case !s.Up:
		return "down"
	case s.Paused:
		return "paused"
	}
	return "up"
}

func age(l push.Line, at time.Time) int {
	if l.Oldest.IsZero() {
		return 0
	}
	return int(max(at.Sub(l.Oldest), 0).Seconds())
}

// others are what waits for what is no link: accounts, ss7, and links that there were.
func others(now Lines, b Sample, at time.Time) (all []Link) {
	for _, name := range slices.Sorted(maps.Keys(now.Links)) {
		if slices.ContainsFunc(b.Links, func(l links.Stats) bool { return l.Name == name }) {
			continue
		}
		line := now.Links[name]
		l := Link{Name: name, State: "-", Waiting: line.Waiting, Settling: line.Settling, OldestS: age(line, at), due: now.Due[name]}
		if account, is := push.AccountOf(name); is && line.Waiting > 0 {
			l.Limit = noBind(b.account(account))
		}
		all = append(all, l)
	}
	return all
}

// noBind says why nothing goes to an account: it has not bound. Empty when it has.
func noBind(a AccountSample) string {
	switch {
	case a.Binds > 0:
		return ""
	case a.SystemID == "":
		return "no bind: there is no such account any more"
	case a.Disabled:
		return "no bind: the account is disabled"
	}
	return "no bind: the account has not bound"
}

// initiators are who else has given what waits: push initiators, and accounts that
// are gone.
func initiators(now Lines, b Sample, at time.Time) (all []Account) {
	names := maps.Clone(now.Accounts)
	for name := range now.Held {
		names[name] = now.Accounts[name]
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if name == "" || slices.ContainsFunc(b.Accounts, func(a AccountSample) bool { return a.SystemID == name }) {
			continue
		}
		line := now.Accounts[name]
		all = append(all, Account{Name: name, Waiting: line.Waiting, Settling: line.Settling, OldestS: age(line, at), Held: now.Held[name]})
	}
	return all
}

func accountBetween(a AccountSample, b *AccountSample, at time.Time, period float64, now Lines, commitMS float64) Account {
	line := now.Accounts[b.SystemID]
	refused := AccountSample{
		AccountStats: smpp.AccountStats{ThrottledRate: b.ThrottledRate - a.ThrottledRate, ThrottledWindow: b.ThrottledWindow - a.ThrottledWindow},
		OverQuota:    b.OverQuota - a.OverQuota, QueueFull: b.QueueFull - a.QueueFull,
	}
	received := b.Received - a.Received
	x := Account{
		Name: b.SystemID, Disabled: b.Disabled, Binds: b.Binds, Unanswered: b.Unanswered, Window: b.Window,
		Waiting: line.Waiting, Settling: line.Settling, OldestS: age(line, at), Held: now.Held[b.SystemID], Received: float64(received) / period,
		refused: refused.ThrottledRate + refused.ThrottledWindow + refused.OverQuota + refused.QueueFull,
	}
	x.Refused = float64(x.refused) / period
	x.Limit = accountLimit(&refused, commitMS)
	return x
}

// Period is how far back a History goes.
const Period = time.Minute

// History keeps the samples of the last minute.
type History struct {
	mu  sync.Mutex
	all []Sample
}

// Add takes a sample in, and forgets those that are too old.
func (h *History) Add(s Sample) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.all = append(h.all, s)
	for len(h.all) > 1 && s.At.Sub(h.all[1].At) >= Period {
		h.all = slices.Delete(h.all, 0, 1)
	}
}

// Oldest is the first of them; false without any.
func (h *History) Oldest() (Sample, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.all) == 0 {
		return Sample{}, false
	}
	return h.all[0], true
}
