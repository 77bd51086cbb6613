package push

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/gateway/links"
	"github.com/otagate/otagate/smpp"
)

// lane is a link and its sender. The sender stays for as long as the service runs;
// what it gives its rows to changes with the configuration:
//
//	centre    the link takes them
//	held      another link for the same name is about to take them
//	mover     the link is gone: their messages are routed again
type lane struct {
	name   string
	sender *sender
	carry  *swap

	// Under the lock of the lanes.
	want     *configs.Link // nil: it is to go
	last     *configs.Link // the last that it was to be
	changing bool          // a goroutine makes it so

	// Of that goroutine; before there is one, of who makes the lane.
	have  *configs.Link
	link  atomic.Pointer[links.Link] // nil when the link is gone
	stop  context.CancelFunc
	ended chan struct{}
}

// lanes are all links that there were since the start.
type lanes struct {
	mu   sync.Mutex
	list []*lane
	// What goroutines of links live by; nil before Run and at its end.
	bound, sending context.Context
	binds, senders sync.WaitGroup

	now atomic.Pointer[map[string]*configs.Link] // those that take new messages
}

// linkOf is a link that takes new messages, or nil.
func (s *Service) linkOf(name string) *configs.Link { return (*s.lanes.now.Load())[name] }

// everLink is a link, also one that is gone: receipts may still come by it.
func (s *Service) everLink(name string) *configs.Link {
	if l := s.linkOf(name); l != nil {
		return l
	}
	s.lanes.mu.Lock()
	defer s.lanes.mu.Unlock()
	for _, l := range s.lanes.list {
		if l.name == name {
			return l.last
		}
	}
	return nil
}

// oldest is, by account at a centre, the ticket of the request that has waited longest for
// its answer. An account that has none under way is not there: all tickets before none
// are of requests that have their answers. While a link changes nobody can say: it may be
// another account that its last requests went to.
func (s *Service) oldest() (oldest map[string]uint64, none uint64) {
	none, oldest = s.do.tickets.Load()+1, map[string]uint64{}
	s.lanes.mu.Lock()
	defer s.lanes.mu.Unlock()
	for _, one := range s.lanes.list {
		if one.changing {
			return nil, 0
		}
		ticket, is := one.sender.oldest()
		if !is {
			continue
		}
		account := s.dir.accountNow(one.name)
		if first, has := oldest[account]; !has || ticket < first {
			oldest[account] = ticket
		}
	}
	return oldest, none
}

// SetTLVs changes the names of TLVs, for links that are set from then on.
func (s *Service) SetTLVs(d *configs.Dictionary) { s.tlvs.Store(d) }

// SetLinks makes the links those of the list, while the service runs. What is under
// way on a link that is not in it any more gets its answer, and what waits for it is
// routed again, by routes that must not name it. A link that has to bind anew does
// so when what is under way on it is over; other changes count at once. On an error
// nothing has changed.
func (s *Service) SetLinks(list []configs.Link) error {
	for i := range list {
		if _, err := s.newLink(&list[i], nil); err != nil {
			return fmt.Errorf("links[%s]: %w", list[i].Name, err)
		}
	}
	l := &s.lanes
	l.mu.Lock()
	defer l.mu.Unlock()
	next := make(map[string]*configs.Link, len(list))
	for i := range list {
		next[list[i].Name] = &list[i]
		s.dir.know(&list[i])
	}
	defer l.now.Store(&next)
	for i := range list {
		name, c := list[i].Name, &list[i]
		if i := slices.IndexFunc(l.list, func(one *lane) bool { return one.name == name }); i >= 0 {
			if was := l.list[i].want; was != nil && reflect.DeepEqual(*was, *c) {
				next[name] = was
				continue
			}
			l.list[i].want, l.list[i].last = c, c
			continue
		}
		l.send(s.newLane(c).sender)
	}
	for _, one := range l.list {
		if next[one.name] == nil {
			one.want = nil
		}
		s.change(one)
	}
	return nil
}

// newLane makes a lane without a link. It is under the lock.
func (s *Service) newLane(c *configs.Link) *lane {
	one := &lane{name: c.Name, carry: &swap{}, want: c, last: c}
	one.carry.set(held{})
	one.sender = s.sender(destOf(c.Name, ""), one.carry, 0, c.Response)
	s.lanes.list = append(s.lanes.list, one)
	return one
}

// firstLinks makes the links that there are from the start.
func (s *Service) firstLinks() error {
	next := map[string]*configs.Link{}
	for i := range s.cfg.Links {
		c := &s.cfg.Links[i]
		one := s.newLane(c)
		link, err := s.newLink(c, one.sender.nudge)
		if err != nil {
			return fmt.Errorf("links[%s]: %w", c.Name, err)
		}
		s.dir.know(c)
		next[c.Name], one.have = c, c
		one.link.Store(link)
		one.carry.set(s.centre(c, link))
	}
	s.lanes.now.Store(&next)
	return nil
}

// newLink fails when the configuration of a link is not valid.
func (s *Service) newLink(c *configs.Link, onRoom func()) (*links.Link, error) {
	if _, ok := ways[c.Way]; !ok {
		return nil, fmt.Errorf("way: unknown value %q", c.Way)
	}
	if _, err := s.strip(c); err != nil {
		return nil, err
	}
	lc := links.Config{Link: c, Handler: receiver{s, c}, OnRoom: onRoom, Clock: s.cfg.Clock, Log: s.cfg.Log}
	if dial := s.cfg.Dial; dial != nil {
		lc.Centre = func() Centre { return dial(c.Name) }
	}
	return links.New(lc)
}

// strip are the TLVs that a link does not pass on.
func (s *Service) strip(c *configs.Link) (tags []smpp.Tag, err error) {
	for _, name := range c.Relay.Strip {
		t, err := s.tlvs.Load().Find(name)
		if err != nil {
			return nil, fmt.Errorf("relay.strip: %w", err)
		}
		tags = append(tags, smpp.Tag(t.Tag))
	}
	return tags, nil
}

// centre is a link as a carrier.
func (s *Service) centre(c *configs.Link, link *links.Link) *centre {
	strip, _ := s.strip(c) // it was tried before
	return &centre{cfg: c, link: link, svc: s, classes: &s.retries, strip: strip}
}

// send has a sender run, if senders do. It is under the lock.
func (l *lanes) send(one *sender) {
	if ctx := l.sending; ctx != nil {
		l.senders.Go(func() { one.run(ctx) })
	}
}

// change has a goroutine make a lane what it is to be. It is under the lock.
func (s *Service) change(one *lane) {
	if bound := s.lanes.bound; bound != nil && !one.changing && one.want != one.have {
		one.changing = true
		s.lanes.binds.Go(func() { s.follow(bound, one) })
	}
}

// follow makes a lane what it is to be, until nobody wants something else.
func (s *Service) follow(bound context.Context, one *lane) {
	for {
		s.lanes.mu.Lock()
		want := one.want
		if bound.Err() != nil || want == one.have {
			one.changing = false
			s.lanes.mu.Unlock()
			return
		}
		s.lanes.mu.Unlock()
		s.turn(bound, one, want)
		one.have = want
	}
}

// turn makes one change of a lane.
func (s *Service) turn(bound context.Context, one *lane, want *configs.Link) {
	old := one.link.Load()
	if old != nil && want != nil && sameBinds(one.have, want) {
		old.Follow(want)
		one.carry.set(s.centre(want, old))
		one.sender.nudge()
		return
	}
	if old != nil {
		s.end(bound, one, old, want == nil)
	} else if want == nil {
		one.carry.set(mover{})
	}
	if want == nil || bound.Err() != nil {
		return
	}
	fresh, err := s.newLink(want, one.sender.nudge)
	if err != nil { // it was tried before
		s.cfg.Log.Error().Str("link", one.name).Err(err).Msg("link cannot be made")
		return
	}
	one.sender.setLease(want.Response)
	s.begin(bound, one, fresh, want)
}

// begin runs the link of a lane.
func (s *Service) begin(bound context.Context, one *lane, link *links.Link, c *configs.Link) {
	ctx, cancel := context.WithCancel(bound)
	ended := make(chan struct{})
	one.stop, one.ended = cancel, ended
	one.link.Store(link)
	one.carry.set(s.centre(c, link))
	s.lanes.binds.Go(func() {
		defer close(ended)
		link.Run(ctx)
	})
	one.sender.nudge()
}

// end stops the link of a lane when nothing is under way on it any more, or all the
// time is over that its answers may take.
func (s *Service) end(bound context.Context, one *lane, old *links.Link, gone bool) {
	if gone {
		one.carry.set(mover{old})
	} else {
		one.carry.set(held{old})
	}
	one.sender.nudge()
	s.cfg.Log.Info().Str("link", one.name).Int("under way", old.InFlight()).Bool("gone", gone).Msg("link is drained")
	ctx, cancel := context.WithTimeout(bound, one.have.Response+time.Second)
	defer cancel()
	if err := old.Drain(ctx); err != nil && bound.Err() == nil {
		s.cfg.Log.Warn().Str("link", one.name).Int("under way", old.InFlight()).Msg("link ends although something is under way: it is in doubt")
	}
	one.stop()
	<-one.ended
	if gone {
		one.link.Store(nil)
		s.cfg.Log.Info().Str("link", one.name).Msg("link is gone")
	}
}

// sameBinds tells whether a change of a link needs no new binds.
func sameBinds(a, b *configs.Link) bool {
	return a.URL == b.URL && slices.Equal(a.URLs, b.URLs) && a.TLS == b.TLS && a.Kind == b.Kind && a.Binds == b.Binds && a.Version == b.Version &&
		a.SystemID == b.SystemID && a.PasswordFile == b.PasswordFile && a.PasswordEnv == b.PasswordEnv && a.LongPassword == b.LongPassword &&
		a.SystemType == b.SystemType && a.Window == b.Window && a.Bind == b.Bind && a.Response == b.Response && a.EnquireLink == b.EnquireLink &&
		a.Retry == b.Retry && a.SlowDown == b.SlowDown
}

// sail starts all links and their senders.
func (l *lanes) sail(s *Service, bound, sending context.Context) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.bound, l.sending = bound, sending
	for _, one := range s.do.senders.all() {
		l.send(one)
	}
	for _, one := range l.list {
		if one.have != nil {
			s.begin(bound, one, one.link.Load(), one.have)
		}
		s.change(one)
	}
}

// anchor has nothing new begin.
func (l *lanes) anchor() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.bound, l.sending = nil, nil
}

// all are the lanes that there are.
func (l *lanes) all() []*lane {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.list)
}
