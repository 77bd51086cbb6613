package push_test

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/gateway/push"
	"github.com/otagate/otagate/internal/gateway/route"
	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/sessions/cdr"
	"github.com/otagate/otagate/smpp"
)

// keptCentre takes submit_sm and answers when it is told to.
type keptCentre struct {
	mu   sync.Mutex
	got  []smpp.SubmitSM
	owed []func(smpp.Status, *smpp.SubmitSMResp, error)
	open bool // answers at once
}

func (c *keptCentre) SubmitAsync(p *smpp.SubmitSM, done func(smpp.Status, *smpp.SubmitSMResp, error)) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	one := *p
	one.ShortMessage, one.TLVs = slices.Clone(p.ShortMessage), slices.Clone(p.TLVs)
	c.got = append(c.got, one)
	if c.open {
		go done(smpp.StatusOK, &smpp.SubmitSMResp{MessageID: []byte("1")}, nil)
		return nil
	}
	c.owed = append(c.owed, done)
	return nil
}

// answer gives all answers that are owed.
func (c *keptCentre) answer(status smpp.Status) {
	c.mu.Lock()
	owed := c.owed
	c.owed = nil
	c.mu.Unlock()
	for _, done := range owed {
		done(status, &smpp.SubmitSMResp{MessageID: []byte("1")}, nil)
	}
}

func (c *keptCentre) sent() []smpp.SubmitSM {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]smpp.SubmitSM(nil), c.got...)
}

// lanesLab is a lab in which each link has a centre of its own, without receipts.
func lanesLab(t *testing.T, names ...string) (*lab, map[string]*keptCentre, func(name string) configs.Link) {
	l := newLab(t)
	base := l.links[0]
	base.Receipts, base.Window, base.Response = false, 2, time.Minute
	link := func(name string) configs.Link {
		one := base
		one.Name, one.URL = name, "smpp://"+name+".example"
		return one
	}
	l.links = nil
	centres := map[string]*keptCentre{}
	for _, name := range names {
		centres[name] = &keptCentre{}
	}
	l.dial = func(name string) push.Centre { return centres[name] }
	l.links = []configs.Link{link(names[0]), link(names[1])}
	l.routes = []configs.MessageRoute{viaLink(names[0])}
	l.start()
	return l, centres, link
}

func (l *lab) setRoute(link string) {
	l.t.Helper()
	table, err := route.New([]configs.MessageRoute{viaLink(link)}, (&configs.SMPP{}).Dictionary())
	if err != nil {
		l.t.Fatal(err)
	}
	l.svc.SetRoutes(table)
}

func (l *lab) setLinks(list ...configs.Link) {
	l.t.Helper()
	if err := l.svc.SetLinks(list); err != nil {
		l.t.Fatal(err)
	}
}

func linkNames(l *lab) (names []string) {
	for _, s := range l.svc.Links() {
		names = append(names, s.Name)
	}
	return names
}

// TestLinkGoes: what is under way on a link that goes gets its answer there, what
// waits goes another way, once each; later a link of the name may come again.
func TestLinkGoes(t *testing.T) {
	l, centres, link := lanesLab(t, "a", "b", "c")
	centres["b"].open = true
	var ids []sessions.ID
	for range 10 {
		ids = append(ids, l.mustAccept(subscriber, []byte("x")))
	}
	l.until("the window to be full", func() bool { return len(centres["a"].sent()) == 2 })
	links, accounts := l.svc.Lines()
	if one := links["a"]; one.Waiting != 10 || one.Oldest.IsZero() || accounts["acme"] != one || l.svc.WaitingOf("acme") != 10 {
		t.Errorf("%+v, %+v", links, accounts)
	}
	l.setRoute("b")
	l.setLinks(link("b"))
	l.until("the rest to go by b", func() bool { return len(centres["b"].sent()) == 8 })
	if links, _ := l.svc.Lines(); links["a"].Waiting != 2 {
		t.Errorf("%+v", links)
	}
	if got := linkNames(l); len(got) != 2 {
		t.Errorf("links %v while something is under way", got)
	}
	centres["a"].answer(smpp.StatusOK)
	by := map[string]int{}
	for _, id := range ids {
		rec := l.record(id)
		if rec.Outcome != cdr.Done {
			t.Errorf("%+v", rec)
		}
		by[rec.Link]++
	}
	if by["a"] != 2 || by["b"] != 8 {
		t.Errorf("%v", by)
	}
	l.until("a to be gone", func() bool { return len(linkNames(l)) == 1 })
	l.until("the lines to be empty", func() bool { // a record is there before its message is forgotten
		links, accounts := l.svc.Lines()
		return len(links)+len(accounts) == 0
	})
	// One comes that was never there, and the one that went.
	for _, name := range []string{"c", "a"} {
		centres[name].mu.Lock()
		centres[name].open = true
		centres[name].mu.Unlock()
		l.setLinks(link("b"), link(name))
		l.setRoute(name)
		if rec := l.record(l.mustAccept(subscriber, []byte("y"))); rec.Link != name {
			t.Errorf("by %s, not %s", rec.Link, name)
		}
	}
}

// TestLinkGoesRefused: what a link refuses while it goes has another try elsewhere.
func TestLinkGoesRefused(t *testing.T) {
	l, centres, link := lanesLab(t, "a", "b")
	centres["b"].open = true
	id := l.mustAccept(subscriber, []byte("x"))
	l.until("it to be sent", func() bool { return len(centres["a"].sent()) == 1 })
	l.setRoute("b")
	l.setLinks(link("b"))
	centres["a"].answer(smpp.StatusSystemError)
	if rec := l.record(id); rec.Outcome != cdr.Done || rec.Link != "b" {
		t.Errorf("%+v", rec)
	}
}

// TestLinkGoesAmidst: the parts that are left of a message go by the other link,
// cut as they were.
func TestLinkGoesAmidst(t *testing.T) {
	l, centres, link := lanesLab(t, "a", "b")
	centres["b"].open = true
	id := l.mustAccept(subscriber, []byte(strings.Repeat("x", 200)))
	l.until("the first part to be sent", func() bool { return len(centres["a"].sent()) == 1 })
	l.setRoute("b")
	wide := link("b")
	wide.Way = "payload"
	l.setLinks(wide)
	centres["a"].answer(smpp.StatusOK)
	rec := l.record(id)
	if rec.Outcome != cdr.Done || rec.Link != "b" || len(rec.Steps) != 2 {
		t.Errorf("%+v", rec)
	}
	a, b := centres["a"].sent(), centres["b"].sent()
	if len(a) != 1 || len(b) != 1 {
		t.Fatalf("%d by a, %d by b", len(a), len(b))
	}
	if b[0].ESMClass&0x40 == 0 || len(a[0].ShortMessage)+len(b[0].ShortMessage) != 200+2*12 {
		t.Errorf("%x, then %x", a[0].ShortMessage, b[0].ShortMessage)
	}
}

// TestLinkChanges: what needs no new bind counts for the next part; what does
// waits for the answers of the old binds.
func TestLinkChanges(t *testing.T) {
	l, centres, link := lanesLab(t, "a", "b")
	first := l.mustAccept(subscriber, []byte("x"))
	l.until("it to be sent", func() bool { return len(centres["a"].sent()) == 1 })
	other := link("a")
	other.Source = "4711"
	l.setLinks(other, link("b"))
	second := l.mustAccept(subscriber, []byte("y"))
	l.until("the next to be sent", func() bool { return len(centres["a"].sent()) == 2 })
	if got := centres["a"].sent(); string(got[0].SourceAddr) != "2280" || string(got[1].SourceAddr) != "4711" {
		t.Errorf("%q, %q", got[0].SourceAddr, got[1].SourceAddr)
	}
	wider := other
	wider.Window = 4
	l.setLinks(wider, link("b"))
	var more []sessions.ID
	for range 6 {
		more = append(more, l.mustAccept(subscriber, []byte("z")))
	}
	if n := len(centres["a"].sent()); n != 2 {
		t.Errorf("%d sent while the old binds are in use", n)
	}
	centres["a"].answer(smpp.StatusOK)
	l.until("the new window to be full", func() bool { return len(centres["a"].sent()) == 6 })
	centres["a"].answer(smpp.StatusOK)
	l.until("the rest", func() bool { return len(centres["a"].sent()) == 8 })
	centres["a"].answer(smpp.StatusOK)
	for _, id := range append(more, first, second) {
		if rec := l.record(id); rec.Outcome != cdr.Done || rec.Link != "a" || rec.Attempts != 1 {
			t.Errorf("%+v", rec)
		}
	}
}

// TestBadLinksChangeNothing.
func TestBadLinksChangeNothing(t *testing.T) {
	l, centres, link := lanesLab(t, "a", "b")
	centres["a"].open = true
	bad := link("c")
	bad.Way = "smoke"
	if err := l.svc.SetLinks([]configs.Link{bad}); err == nil || err.Error() != `links[c]: way: unknown value "smoke"` {
		t.Error(err)
	}
	if rec := l.record(l.mustAccept(subscriber, []byte("x"))); rec.Link != "a" || len(linkNames(l)) != 2 {
		t.Errorf("%+v, %v", rec, linkNames(l))
	}
}

// TestSetRetries: what an error means may change.
func TestSetRetries(t *testing.T) {
	l, centres, _ := lanesLab(t, "a", "b")
	if err := l.svc.SetRetries([]configs.Retry{{Error: "smpp 0x08", Class: "permanent"}}); err != nil {
		t.Fatal(err)
	}
	if err := l.svc.SetRetries([]configs.Retry{{Error: "smpp 0x08", Class: "always"}}); err == nil {
		t.Error("an unknown class was taken")
	}
	id := l.mustAccept(subscriber, []byte("x"))
	l.until("it to be sent", func() bool { return len(centres["a"].sent()) == 1 })
	centres["a"].answer(smpp.StatusSystemError)
	if rec := l.record(id); rec.Reason != "undeliverable" {
		t.Errorf("%+v", rec)
	}
}
