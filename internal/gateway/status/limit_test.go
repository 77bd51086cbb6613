package status_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/otagate/otagate/internal/gateway/links"
	"github.com/otagate/otagate/internal/gateway/push"
	"github.com/otagate/otagate/internal/gateway/status"
	"github.com/otagate/otagate/smpp"
)

var start = time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)

// situation is a minute of a gateway with the link smsc and the account shop.
type situation struct {
	before, after status.Sample
	lines         status.Lines
	link          *links.Stats
	shop          *status.AccountSample
}

// busy is a minute in which 6,000 messages came, were committed in 5 ms each, and
// went out; edit makes it another.
func busy(edit func(s *situation)) *situation {
	s := &situation{lines: status.Lines{Links: map[string]push.Line{}, Accounts: map[string]push.Line{}, Due: map[string]bool{}}}
	link := func(n uint64, spent time.Duration) links.Stats {
		return links.Stats{Name: "smsc", Up: true, BindsUp: 1, Binds: make([]links.BindStats, 1), Window: 10, Sent: n, Taken: n, Spent: links.Spent{links.Open: spent}}
	}
	account := func(n uint64) status.AccountSample {
		return status.AccountSample{AccountStats: smpp.AccountStats{SystemID: "shop", Binds: 1, Window: 100, Received: n}}
	}
	s.before = status.Sample{At: start.Add(time.Hour), Received: 1000, Committed: 1000, Committing: time.Hour, Sent: 1000, Answered: 1000,
		Links: []links.Stats{link(1000, time.Hour)}, Accounts: []status.AccountSample{account(1000)}}
	s.after = status.Sample{At: start.Add(time.Hour + time.Minute), Received: 7000, Committed: 7000, Committing: time.Hour + 30*time.Second, Sent: 7000, Answered: 7000,
		Links: []links.Stats{link(7000, time.Hour)}, Accounts: []status.AccountSample{account(7000)}}
	s.link, s.shop = &s.after.Links[0], &s.after.Accounts[0]
	edit(s)
	return s
}

// spent has the minute go by so; what is left was open.
func (s *situation) spent(h links.Hold, part float64) {
	s.link.Spent[h] += time.Duration(part * float64(time.Minute))
	s.link.Spent[links.Open] += time.Duration((1 - part) * float64(time.Minute))
}

// waits has messages wait for the link, that are due.
func (s *situation) waits(n int) {
	line := push.Line{Waiting: n, Oldest: start.Add(time.Hour)}
	s.lines.Links["smsc"], s.lines.Accounts["shop"], s.lines.Due["smsc"] = line, line, true
}

// waitsFor has messages wait for an account.
func (s *situation) waitsFor(account string) {
	s.lines.Links["account/"+account], s.lines.Due["account/"+account] = push.Line{Waiting: 3, Oldest: start}, true
}

// TestLimit: who is named in which situation.
func TestLimit(t *testing.T) {
	for _, tt := range []struct {
		name string
		edit func(s *situation)
		want string
	}{
		{"nothing", func(s *situation) { s.spent(links.Open, 1) }, "nothing: what comes goes out"},
		{"no traffic", func(s *situation) { s.after = s.before }, "nothing: there is no traffic"},
		{"link rate", func(s *situation) { s.waits(500); s.spent(links.Rate, 0.97) }, "link smsc: rate (97 % of the time)"},
		{"link rate reached, and nothing waits", func(s *situation) { s.spent(links.Rate, 0.97) }, "nothing: what comes goes out"},
		{"window", func(s *situation) { s.waits(500); s.link.InFlight = 10; s.spent(links.Window, 0.9) },
			"link smsc: window of 10, an answer takes 100 ms (90 % of the time)"},
		{"a centre that does not answer", func(s *situation) {
			s.waits(500)
			s.link.InFlight, s.link.Sent, s.link.Taken = 10, 1010, 1000
			s.spent(links.Window, 1)
		}, "link smsc: window of 10, no answer comes (100 % of the time)"},
		{"slow-down", func(s *situation) { s.waits(500); s.link.Paused = true; s.spent(links.SlowDown, 0.8) },
			"link smsc: slow-down, the centre has too much (80 % of the time)"},
		{"link down", func(s *situation) { s.waits(500); s.link.Up = false; s.spent(links.NoBind, 0.1) }, "link smsc: no bind"},
		{"link drained", func(s *situation) { s.waits(5); s.link.Draining = true; s.spent(links.Draining, 0.1) }, "link smsc: it is drained"},
		{"link down, and nothing waits", func(s *situation) { s.link.Up = false; s.spent(links.NoBind, 1) }, "nothing: what comes goes out"},
		{"commit slow, and rows wait", func(s *situation) { s.waits(500); s.spent(links.Open, 1); s.after.Committing += time.Hour },
			"link smsc: commit, rows come too slowly from the store (100 % of the time)"},
		{"commit slow, and clients wait", func(s *situation) {
			s.spent(links.Open, 1)
			s.after.Committing = s.before.Committing + 6000*250*time.Millisecond
		},
			"commit, which takes 250 ms"},
		{"account at its rate", func(s *situation) { s.spent(links.Open, 1); s.shop.ThrottledRate = 100 }, "account shop: rate"},
		{"account at its quota", func(s *situation) { s.shop.OverQuota, s.shop.ThrottledRate = 100, 5 }, "account shop: quota"},
		{"account over its window", func(s *situation) { s.shop.ThrottledWindow = 100 }, "account shop: window: it sends more than it may without an answer"},
		{"account over its window, as the commit is slow", func(s *situation) {
			s.shop.ThrottledWindow = 100
			s.after.Committing = s.before.Committing + 6000*250*time.Millisecond
		}, "account shop: commit, which takes 250 ms: its window is full"},
		{"account with a full queue, of a link with a rate", func(s *situation) { s.waits(500); s.spent(links.Rate, 1); s.shop.QueueFull = 100 },
			"link smsc: rate (100 % of the time)"},
		{"what waits is for later", func(s *situation) { s.waits(500); s.lines.Due["smsc"] = false; s.spent(links.Open, 1) }, "nothing: what comes goes out"},
		{"an account that has not bound", func(s *situation) { s.waitsFor("shop"); s.shop.Binds = 0 }, "account/shop: no bind: the account has not bound"},
		{"an account that is disabled", func(s *situation) { s.waitsFor("shop"); s.shop.Binds, s.shop.Disabled = 0, true }, "account/shop: no bind: the account is disabled"},
		{"an account that is gone", func(s *situation) { s.waitsFor("desk") }, "account/desk: no bind: there is no such account any more"},
		{"an account that has bound", func(s *situation) { s.waitsFor("shop") }, "nothing: what comes goes out"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := busy(tt.edit)
			d := status.Between(start, s.before, s.after, s.lines)
			if d.Limit != tt.want {
				t.Errorf("\n got %s\nwant %s", d.Limit, tt.want)
			}
		})
	}
}

// TestBetween: rates, lines and ages.
func TestBetween(t *testing.T) {
	s := busy(func(s *situation) {
		s.waits(7)
		s.lines.Due["smsc"] = false
		s.link.InFlight = 2
		s.lines.Links["ss7"] = push.Line{Waiting: 3, Settling: 4, Oldest: start}
		s.shop.ThrottledRate = 60
		s.lines.Accounts["acme"] = push.Line{Waiting: 1, Oldest: start}
		s.lines.Held = map[string]int{"shop": 12, "gone": 3}
		s.before.Links[0].Sent, s.before.Links[0].Taken = 10_000, 10_000 // the link was made anew since
	})
	d := status.Between(start, s.before, s.after, s.lines)
	if d.Period != 60 || d.CommitMS != 5 || len(d.Links) != 2 || len(d.Accounts) != 3 || d.Accounts[1].Name != "acme" || d.Accounts[1].Waiting != 1 {
		t.Fatalf("%+v", d)
	}
	if l := d.Links[0]; l.Sent != 7000.0/60 || l.Answered != 7000.0/60 || l.Waiting != 7 || l.OldestS != 60 ||
		l.Limit != "5 messages are not due: they were refused for a time, or are for later" {
		t.Errorf("%+v", l)
	}
	if l := d.Links[1]; l.Name != "ss7" || l.Waiting != 3 || l.Settling != 4 || l.OldestS != 3660 {
		t.Errorf("%+v", l)
	}
	if a := d.Accounts[0]; a.Received != 100 || a.Refused != 1 || a.Waiting != 7 || a.Held != 12 || a.Limit != "rate" {
		t.Errorf("%+v", a)
	}
	if a := d.Accounts[2]; a.Name != "gone" || a.Held != 3 {
		t.Errorf("%+v", a)
	}
	for _, want := range []string{"received", "committed", "sent", "answered"} {
		for _, stage := range d.Stages {
			if stage.Name == want && (stage.Rate != 100 || stage.Total != 7000) {
				t.Errorf("%+v", stage)
			}
		}
	}
	var text bytes.Buffer
	if err := d.Write(&text); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"running for 1h1m0s; rates of the last 60 s", "limits now: account shop: rate", "ss7 ", "1m0s", "5.0 ms"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("%q is not in\n%s", want, &text)
		}
	}
}

// TestHistory keeps a minute, whatever the pace.
func TestHistory(t *testing.T) {
	var h status.History
	if _, ok := h.Oldest(); ok {
		t.Error("something of nothing")
	}
	for i := range 100 {
		h.Add(status.Sample{At: start.Add(time.Duration(i) * 5 * time.Second)})
	}
	if s, _ := h.Oldest(); !s.At.Equal(start.Add((99*5 - 60) * time.Second)) {
		t.Errorf("%s", s.At)
	}
}

// TestDoor: the socket is its owner's, gives a whole document to everybody who
// asks, also beside one who does not read, and is gone at the end.
func TestDoor(t *testing.T) {
	store := filepath.Join(t.TempDir(), "otagate.db")
	path := status.Socket(store)
	if _, err := status.Ask(t.Context(), store); err == nil || !strings.Contains(err.Error(), "no gateway answers") {
		t.Error(err)
	}
	for range 2 { // the second time there is one that was left behind
		ln, err := status.Listen(path)
		if err != nil {
			t.Fatal(err)
		}
		if st, err := os.Stat(path); err != nil || st.Mode().Perm() != 0o600 {
			t.Errorf("%v, %v", st.Mode(), err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() {
			ended <- status.Serve(ctx, ln, func(context.Context) status.Document { return status.Document{Limit: "nothing"} })
		}()
		silent, err := net.Dial("unix", path)
		if err != nil {
			t.Fatal(err)
		}
		for range 3 {
			if d, err := status.Ask(ctx, store); err != nil || d.Limit != "nothing" {
				t.Errorf("%+v, %v", d, err)
			}
		}
		silent.Close()
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if _, err := os.Stat(path); !os.IsNotExist(err) {
			t.Errorf("the socket is still there: %v", err)
		}
		left, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
		if err != nil {
			t.Fatal(err)
		}
		left.SetUnlinkOnClose(false)
		left.Close()
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("precious"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := status.Listen(path); err == nil {
		t.Error("a file was taken for a socket")
	}
	if b, err := os.ReadFile(path); err != nil || string(b) != "precious" {
		t.Errorf("%q, %v", b, err)
	}
	var d status.Document
	if b, err := json.Marshal(status.Between(start, status.Sample{}, status.Sample{}, status.Lines{})); err != nil || json.Unmarshal(b, &d) != nil || !strings.Contains(string(b), `"links":[]`) {
		t.Errorf("%s, %v", b, err)
	}
}
