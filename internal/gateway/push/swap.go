package push

import (
	"sync/atomic"

	"github.com/otagate/otagate/internal/delivery"
	"github.com/otagate/otagate/internal/gateway/links"
)

// swap is a carrier that stands for another.
type swap struct{ to atomic.Pointer[carrier] }

func (s *swap) set(c carrier)                         { s.to.Store(&c) }
func (s *swap) now() carrier                          { return *s.to.Load() }
func (s *swap) up() bool                              { return s.now().up() }
func (s *swap) room() int                             { return s.now().room() }
func (s *swap) under() int                            { return s.now().under() }
func (s *swap) send(p *part, done func(answer)) error { return s.now().send(p, done) }

// held takes nothing for now.
type held struct{ old *links.Link }

func (held) up() bool                       { return true }
func (held) room() int                      { return 0 }
func (h held) under() int                   { return under(h.old) }
func (held) send(*part, func(answer)) error { return links.ErrNoRoom }

// mover has all that waits for a link that is gone routed again.
type mover struct{ old *links.Link }

func (mover) up() bool     { return false }
func (mover) room() int    { return batch }
func (m mover) under() int { return under(m.old) }

func (mover) send(_ *part, done func(answer)) error {
	done(answer{ev: delivery.Event{Kind: delivery.Failed, Failure: goneFailure()}, moved: true})
	return nil
}

func under(old *links.Link) int {
	if old == nil {
		return 0
	}
	return old.InFlight()
}

// goneFailure is what a message hears that cannot be routed again.
func goneFailure() delivery.Failure {
	return delivery.Failure{Class: delivery.Temporary, Detail: "its link is gone, and no route leads elsewhere"}
}
