package gateway

import "time"

// appetite is how many receipts a bind takes at a time. SMPP has no way to say it, so it
// is learned: over it an ESME answers with ESME_RTHROTTLED, or ESME_RMSGQFUL.
type appetite struct {
	limit int           // 0: it has refused nothing yet
	fed   int           // rounds in a row in which it took as many
	pause time.Duration // the last one; it doubles
	until time.Time     // nothing before

	open           int  // without an answer
	slow           bool // it does not answer
	taken, refused int  // since it was learned from
}

const (
	firstPause = 100 * time.Millisecond
	lastPause  = 10 * time.Second
	// After so many rounds a little more is tried, since what an ESME takes changes.
	roundsFed = 16
)

// room is how many of those that the window takes it may have now.
func (a *appetite) room(window int, now time.Time) int {
	switch {
	case a.slow || now.Before(a.until):
		return 0
	case a.limit > 0:
		return max(min(a.limit-a.open, window), 0)
	}
	return window
}

// learn sees what the bind has done with what it got. One that takes nothing is left alone
// for a while.
func (a *appetite) learn(now time.Time) {
	switch {
	case a.refused > 0 && a.taken == 0:
		a.limit, a.fed = 1, 0
		a.pause = min(max(2*a.pause, firstPause), lastPause)
		a.until = now.Add(a.pause)
	case a.refused > 0:
		a.limit, a.fed, a.pause = a.taken, 0, 0
	case a.limit > 0 && a.taken >= a.limit:
		a.pause = 0
		if a.fed++; a.fed == roundsFed {
			a.limit, a.fed = a.limit+a.limit/8+1, 0
		}
	}
	a.taken, a.refused = 0, 0
}
