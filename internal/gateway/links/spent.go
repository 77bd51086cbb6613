package links

import "time"

// Hold is what keeps a link from being given more.
type Hold uint8

// The holds, and that there is none.
const (
	Open     Hold = iota // there is room: who has something to send is the reason when nothing is sent
	Window               // all that may be under way is
	Rate                 // of the link
	SlowDown             // the centre had too much
	NoBind               // none stands
	Draining             // nothing new is wanted
	holds
)

func (h Hold) String() string {
	return [...]string{"open", "window", "rate", "slow-down", "no bind", "draining", "", ""}[h&7]
}

// Spent is how long a link was in each of them since its start.
type Spent [holds]time.Duration

// Sub is what was spent since an earlier time.
func (s Spent) Sub(earlier Spent) Spent {
	for i := range s {
		s[i] -= earlier[i]
	}
	return s
}

// Most is where most of the time was spent, and which part of all it is.
func (s Spent) Most() (most Hold, part float64) {
	all := time.Duration(0)
	for h, d := range s {
		all += d
		if d > s[most] {
			most = Hold(h)
		}
	}
	if all > 0 {
		part = float64(s[most]) / float64(all)
	}
	return most, part
}

// hold is what keeps the link from being given more now. It is under the lock.
func (l *Link) hold(now time.Time) Hold {
	switch {
	case l.draining != nil:
		return Draining
	case !l.up():
		return NoBind
	case l.pace.paused:
		return SlowDown
	case l.tokens.whole(now) < 1:
		return Rate
	}
	n := 0
	for _, b := range l.binds {
		n += b.room()
	}
	switch {
	case n <= 0:
		return Window
	case l.pace.limit(n, l.flying) <= 0:
		return SlowDown // one goes alone, or half the window is full
	}
	return Open
}

// clock keeps the time of a hold. It is under the lock, and called when one may
// have begun or ended.
func (l *Link) clock(now time.Time) {
	if d := now.Sub(l.since); d > 0 {
		l.spent[l.held] += d
	}
	l.since, l.held = now, l.hold(now)
}

// tick is clock for what happens with each message. Without a rate the hold does not hang
// on the time, which is read only when another one has begun.
func (l *Link) tick() {
	if l.tokens.rate > 0 || l.hold(l.since) != l.held {
		l.clock(l.cfg.Clock.Now())
	}
}
