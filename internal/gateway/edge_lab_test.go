package gateway

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/testwait"
	"github.com/otagate/otagate/smpp"
)

// smsc is a message centre at a socket, which keeps what it took.
type smsc struct {
	t    *testing.T
	addr string
	srv  *smpp.Server

	mu    sync.Mutex
	got   map[string]int // how often, by destination
	held  bool           // answers wait
	says  smpp.Status
	owed  []*smpp.Reply
	binds int // that there were
}

func (c *smsc) SubmitSM(_ *smpp.BoundPeer, p *smpp.SubmitSM, r *smpp.Reply) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.got[string(p.DestinationAddr)]++
	if c.held {
		c.owed = append(c.owed, r)
		return
	}
	r.Respond(c.says, "1")
}

func (c *smsc) Bound(*smpp.BoundPeer) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.binds++
}

func (c *smsc) Unbound(*smpp.BoundPeer, smpp.Reason) {}

// hold says whether answers wait; those that waited are given when they do not.
func (c *smsc) hold(held bool) {
	c.mu.Lock()
	owed := c.owed
	c.held, c.owed = held, nil
	c.mu.Unlock()
	for _, r := range owed {
		r.Respond(smpp.StatusOK, "1")
	}
}

func (c *smsc) waiting() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.owed)
}

// took is how many messages came, and how many of them more than once.
func (c *smsc) took() (n, twice int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, times := range c.got {
		n++
		if times > 1 {
			twice++
		}
	}
	return n, twice
}

// newSMSC serves until the test ends.
func newSMSC(t *testing.T) *smsc {
	t.Helper()
	c := &smsc{t: t, got: map[string]int{}}
	ln := listen(t)
	c.addr = ln.Addr().String()
	c.srv = smpp.NewServer(smpp.ServerConfig{SystemID: "smsc", InboundWindow: 1000, ShutdownTimeout: 100 * time.Millisecond,
		Accounts: []smpp.Account{{SystemID: "otagate", PasswordHash: ivrHash}}}, c, zerolog.Nop())
	serve(t, "message centre", func(ctx context.Context) error { return c.srv.Serve(ctx, ln) })
	return c
}

// linkTo is a link to a centre, without receipts.
func linkTo(name, addr string) configs.Link {
	return configs.Link{
		Name: name, URL: "smpp://" + addr, Kind: configs.KindTransceiver, Binds: 1, Version: "3.4", SystemID: "otagate", PasswordEnv: "OTAGATE_TEST_PASSWORD",
		Window: 10, Bind: 15 * time.Second, Response: time.Minute, EnquireLink: 30 * time.Second,
		Retry: configs.Backoff{Min: 10 * time.Millisecond, Max: 100 * time.Millisecond}, SlowDown: configs.Backoff{Min: 10 * time.Millisecond, Max: time.Second},
		Source: "7474", DestTON: 1, DestNPI: 1, DataCoding: 4, Way: "udh8", Octets: 140, Parts: 5, MessageID: "any", Doubt: time.Minute,
	}
}

func routeTo(link string) []configs.MessageRoute {
	return []configs.MessageRoute{{Name: "to " + link, Via: []configs.Via{{Link: link, Weight: 1, Tier: 1}}}}
}

// edgeLab is a lab whose account shop has messages pushed by the link a.
func edgeLab(t *testing.T) (l *lab, a *smsc) {
	t.Helper()
	t.Setenv("OTAGATE_TEST_PASSWORD", ivrPassword)
	l, a = newLab(t, nil), newSMSC(t)
	another(&l.cfg.SMPP, "shop")
	l.cfg.Triggers = append(l.cfg.Triggers, configs.Trigger{Name: "push", Account: "shop", Destination: "74", Flow: "push"})
	l.cfg.Links, l.cfg.Routes = []configs.Link{linkTo("a", a.addr)}, routeTo("a")
	return l, a
}

// pusher is a bind of an account.
type pusher struct {
	t  testing.TB
	cl *smpp.Client
}

func (r *running) esme(account string) *pusher {
	r.lab.t.Helper()
	e, err := r.bind(account, ivrPassword)
	if err != nil {
		r.lab.t.Fatal(err)
	}
	return e
}

func (r *running) bind(account, password string) (*pusher, error) {
	cl, err := smpp.Dial(r.lab.t.Context(), smpp.ClientConfig{Address: r.Addr().String(), SystemID: account, Password: password, Window: 100})
	return &pusher{r.lab.t, cl}, err
}

// push submits a message to a number.
func (e *pusher) push(to string) smpp.Status {
	e.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	text := fmt.Sprintf("FLOW=push;TYPE=sl;MDN=%s;HREF=http://example.org/", to)
	res, err := e.cl.Submit(ctx, &smpp.SubmitSM{SourceAddr: []byte("2280"), DestinationAddr: []byte("74"), ShortMessage: []byte(text)})
	if err != nil {
		e.t.Errorf("%s: %v", to, err)
	}
	return res.Status
}

// relay submits a message that goes on as it is.
func (e *pusher) relay(to string) smpp.Status {
	e.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	res, err := e.cl.Submit(ctx, &smpp.SubmitSM{SourceAddr: []byte("2280"), DestinationAddr: []byte(to), ShortMessage: []byte("hello")})
	if err != nil {
		e.t.Errorf("%s: %v", to, err)
	}
	return res.Status
}

// until waits for something that others do.
func until(t testing.TB, what string, there func() bool) {
	t.Helper()
	if !testwait.For(time.Minute, there) {
		t.Fatalf("waited in vain for %s", what)
	}
}

// lines are the lines of a log that hold a text.
func linesWith(log, text string) (found []string) {
	for _, line := range strings.Split(log, "\n") {
		if strings.Contains(line, text) {
			found = append(found, line)
		}
	}
	return found
}
