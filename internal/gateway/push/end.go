package push

import (
	"sync"
	"time"

	"github.com/otagate/otagate/internal/delivery"
	"github.com/otagate/otagate/sessions"
)

// ends are the [End]s that doors are shown. Each message has one for the time of its last
// commit, and they are used again.
type ends struct{ free sync.Pool }

// ending is an End with its own copy of the origin: the state of its message does not
// live as long.
type ending struct {
	End
	origin Origin
}

func (x *ends) of(p *parcel, r delivery.Result, at time.Time) *ending {
	e, _ := x.free.Get().(*ending)
	if e == nil {
		e = new(ending)
	}
	e.origin = p.origin
	e.End = End{
		ID: sessions.ID(p.id), To: p.to, Origin: &e.origin, Result: r, Told: p.told, Parts: len(p.delivery.Parts), Began: p.began, Ended: at,
	}
	for _, part := range p.delivery.Parts {
		if part.State == delivery.Delivered {
			e.Good++
		}
	}
	return e
}

// put takes one back that nobody looks at any more.
func (x *ends) put(e *ending) {
	*e = ending{}
	x.free.Put(e)
}
