package push

import (
	"context"
	"time"

	"github.com/otagate/otagate/internal/delivery"
	"github.com/otagate/otagate/sessions"
)

// line is what waits for a link, or of an account. It is guarded by the
// directory's lock.
type line struct {
	name     string
	waiting  int // messages that are not, or not wholly, with a centre
	settling int // messages that a centre has and whose receipt is awaited
}

// Line is how long a line is.
type Line struct {
	Waiting  int       // messages that are not, or not wholly, with a centre or an MSC
	Settling int       // messages that a centre has and whose receipt is awaited
	Oldest   time.Time // when the oldest of Waiting was accepted; zero without any
}

func lineOf(all map[string]*line, name string) *line {
	l := all[name]
	if l == nil {
		l = &line{name: name}
		all[name] = l
	}
	return l
}

// stand puts a message into its two lines. It is under the lock.
func (d *directory) stand(e *entry, p *parcel) {
	e.began = p.began.Unix()
	e.line, e.from = lineOf(d.links, p.link), lineOf(d.from, p.origin.Account)
	e.settling = p.delivery.Phase == delivery.Settling
	e.count(1)
}

// shift puts a message where it stands by now. It is under the lock.
func (d *directory) shift(e *entry, p *parcel) {
	settling := p.delivery.Phase == delivery.Settling
	e.parts = len(p.delivery.Parts)
	e.keep(p)
	if e.settling == settling && e.line.name == p.link {
		return
	}
	e.count(-1)
	if e.line.name != p.link { // it was routed again
		e.account, e.other = d.account(p.link), e.account
		if e.min == "" && p.min != "" {
			e.min = p.min
			d.byMIN[p.min] = append(d.byMIN[p.min], sessions.ID(p.id))
		}
	}
	e.line, e.settling = lineOf(d.links, p.link), settling
	e.count(1)
}

// heads says where a message goes as soon as this is committed: its receipt may be here
// before the effects of the step are.
func (d *directory) heads(p *parcel) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if e := d.what.Get(p.id); e != nil {
		e.other = d.account(p.link)
	}
}

// count is under the lock.
func (e *entry) count(n int) {
	for _, l := range [...]*line{e.line, e.from} {
		if e.settling {
			l.settling += n
		} else {
			l.waiting += n
		}
	}
}

// waiting is how many messages of an account wait.
func (d *directory) waiting(account string) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	if l := d.from[account]; l != nil {
		return l.waiting
	}
	return 0
}

// scanned is how many messages are looked at while nobody else can: a million of
// them at once would stop the traffic.
const scanned = 4096

// lines are the lines of links and of accounts, but for those that are empty.
func (d *directory) lines() (links, accounts map[string]Line) {
	d.mu.Lock()
	defer d.mu.Unlock()
	oldest := map[*line]int64{}
	n := 0
	for e := range d.what.All {
		if n++; n%scanned == 0 {
			d.mu.Unlock() // a map may change below a range
			d.mu.Lock()
		}
		if e.settling {
			continue
		}
		for _, l := range [...]*line{e.line, e.from} {
			if at, ok := oldest[l]; !ok || e.began < at {
				oldest[l] = e.began
			}
		}
	}
	return told(d.links, oldest), told(d.from, oldest)
}

// told is under the lock.
func told(all map[string]*line, oldest map[*line]int64) map[string]Line {
	out := map[string]Line{}
	for name, l := range all {
		if l.waiting == 0 && l.settling == 0 {
			continue
		}
		one := Line{Waiting: l.waiting, Settling: l.settling}
		if at, ok := oldest[l]; ok && l.waiting > 0 {
			one.Oldest = time.Unix(at, 0)
		}
		out[name] = one
	}
	return out
}

// WaitingOf is how many messages of an account are not with a centre or an MSC.
func (s *Service) WaitingOf(account string) int { return s.dir.waiting(account) }

// Lines tells what waits for each link, "ss7" among them, and of each account or
// initiator. It looks at every message.
func (s *Service) Lines() (links, accounts map[string]Line) { return s.dir.lines() }

// Due tells whether something that waits for a link could be sent now, as far as
// the message is concerned.
func (s *Service) Due(ctx context.Context, link string) bool {
	at, err := s.cfg.Store.NextDue(ctx, destOf(link, ""))
	return err == nil && !at.IsZero() && !at.After(s.cfg.Clock.Now())
}
