package m3ua

import (
	"time"

	"github.com/otagate/otagate/ss7/mtp"
)

// reach is what one SGP told about destinations. DUNA and DAVA may name whole
// ranges; the statement made last wins.
type reach struct {
	prohibited bool // what holds for a destination never named
	seq        uint64
	exact      map[mtp.PointCode]statement
	ranges     []rangeStatement
}

type statement struct {
	seq        uint64
	prohibited bool
}

type rangeStatement struct {
	AffectedPointCode
	statement
}

// reachMax bounds the statements kept for a peer; beyond it the peer is in
// error and destinations named first are forgotten.
const reachMax = 1 << 16

func (r *reach) say(a AffectedPointCode, prohibited bool) {
	r.seq++
	st := statement{r.seq, prohibited}
	if a.Mask == 0 {
		if len(r.exact) >= reachMax {
			clear(r.exact)
		}
		if r.exact == nil {
			r.exact = map[mtp.PointCode]statement{}
		}
		r.exact[a.PC] = st
		return
	}
	for pc := range r.exact {
		if a.Covers(pc) {
			delete(r.exact, pc)
		}
	}
	kept := r.ranges[:0]
	for _, o := range r.ranges {
		if o.Mask > a.Mask || !a.Covers(o.PC) {
			kept = append(kept, o)
		}
	}
	if len(kept) >= reachMax/64 {
		kept = kept[1:]
	}
	r.ranges = append(kept, rangeStatement{a, st})
}

func (r *reach) can(pc mtp.PointCode) bool {
	st := statement{prohibited: r.prohibited}
	if e, has := r.exact[pc]; has {
		st = e
	}
	for _, o := range r.ranges {
		if o.seq > st.seq && o.Covers(pc) {
			st = o.statement
		}
	}
	return !st.prohibited
}

// plain reports that nothing is prohibited.
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
