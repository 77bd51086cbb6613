package m3ua

import (
	"slices"
	"time"

	"github.com/otagate/otagate/ss7/mtp"
)

// reach is what one SGP told about destinations. DUNA and DAVA may name whole
// ranges; the statement made last wins.
type reach struct {
	prohibited bool // what holds for a destination never named
	seq        uint64
	exact      map[mtp.PointCode]statement
	ranges     []rangeStatement // in the order of seq
}

type statement struct {
	seq        uint64
	prohibited bool
}

type rangeStatement struct {
	AffectedPointCode
	statement
}

// reachMax bounds the destinations named one by one, and a 64th of it the
// ranges, that are kept for a peer. One that names more is in error, and all
// that it told before is forgotten.
const reachMax = 1 << 16

// say takes a statement and reports whether older ones were forgotten for it.
func (r *reach) say(a AffectedPointCode, prohibited bool) (forgot bool) {
	if a.Mask == 0 && len(r.ranges) == 0 && prohibited == r.prohibited {
		delete(r.exact, a.PC) // what holds anyway
		return false
	}
	_, named := r.exact[a.PC]
	if a.Mask == 0 {
		forgot = !named && len(r.exact) >= reachMax
	} else {
		r.ranges = slices.DeleteFunc(r.ranges, func(o rangeStatement) bool { return o.Mask <= a.Mask && a.Covers(o.PC) })
		forgot = len(r.ranges) >= reachMax/64
	}
	if forgot {
		r.reset()
	}
	r.seq++
	st := statement{r.seq, prohibited}
	switch {
	case a.Mask != 0:
		r.ranges = append(r.ranges, rangeStatement{a, st})
	case r.exact == nil:
		r.exact = map[mtp.PointCode]statement{a.PC: st}
	default:
		r.exact[a.PC] = st
	}
	return forgot
}

func (r *reach) can(pc mtp.PointCode) bool {
	st := statement{prohibited: r.prohibited}
	if e, has := r.exact[pc]; has {
		st = e
	}
	for _, o := range slices.Backward(r.ranges) { // the latest first
		if o.seq < st.seq {
			break
		}
		if o.Covers(pc) {
			return !o.prohibited
		}
	}
	return !st.prohibited
}

// plain reports that nothing was said that could prohibit a destination; a
// range is not looked into.
func (r *reach) plain() bool { return !r.prohibited && len(r.exact) == 0 && len(r.ranges) == 0 }

func (r *reach) reset() {
	r.exact, r.ranges = nil, nil
}

// congestion is a level that holds until it is renewed or lapses: the end of
// congestion is not always told.
type congestion struct {
	level uint8
	until time.Time
}
