package sim

import (
	"math/rand/v2"
	"sync"
	"time"
)

// Air is what happens to short messages on the way to a phone, as
// probabilities. Seed decides it.
type Air struct {
	Drop      float64 // the phone gets nothing, and the network knows it
	Vanish    float64 // the phone gets nothing, and the network thinks it has
	LoseAck   float64 // the phone has it, and the network thinks it has not
	Duplicate float64 // the phone gets it twice
	Reorder   float64 // the next message to the phone overtakes it
	Seed      uint64
}

// HandOver is one message on its way to a phone. A message that comes twice is
// there twice.
type HandOver struct {
	At      time.Time
	ID      string // of the SMSC; empty at an MSC
	To      string
	Message ShortMessage
	Fault   string // dropped, vanished, acknowledgement lost, repeated, held back
	Acked   bool   // the network thinks that the phone has it
}

// maxHold is how long a message waits to be overtaken.
const maxHold = 300 * time.Millisecond

// air is the way to the phones of an SMSC or an MSC.
type air struct {
	cfg    Air
	timers *timers
	told   func() // a phone has something, or a hand-over was noted

	mu     sync.Mutex
	random *rand.Rand
	held   map[string][]func() // by number: what waits to be overtaken
	log    []HandOver
}

func newAir(cfg Air, t *timers, told func()) *air {
	return &air{cfg: cfg, timers: t, told: told, random: rand.New(rand.NewPCG(cfg.Seed, 2)), held: map[string][]func(){}}
}

// decide draws the fate of one message.
func (a *air) decide() string {
	a.mu.Lock()
	defer a.mu.Unlock()
	fault, draw := "", a.random.Float64() // one draw, so that each message costs the same
	for _, f := range [...]struct {
		name string
		p    float64
	}{{"dropped", a.cfg.Drop}, {"vanished", a.cfg.Vanish}, {"acknowledgement lost", a.cfg.LoseAck}, {"repeated", a.cfg.Duplicate}, {"held back", a.cfg.Reorder}} {
		if draw < f.p && fault == "" {
			fault = f.name
		}
		draw -= f.p
	}
	return fault
}

// hand takes m to the phone, or what the air makes of it. It tells whether the
// network thinks that the phone has it.
func (a *air) hand(p Phone, id, to string, m ShortMessage) (acked bool) {
	h := HandOver{At: time.Now(), ID: id, To: to, Message: m.clone(), Fault: a.decide()}
	switch h.Fault {
	case "dropped":
	case "vanished":
		h.Acked = true
	case "acknowledgement lost":
		p.Receive(m)
	case "repeated":
		twin := m.clone()
		h.Acked = p.Receive(m)
		a.note(h)
		h.Acked = p.Receive(twin)
	case "held back":
		h.Acked = true
		a.hold(to, func() { p.Receive(m) })
	default:
		h.Acked = p.Receive(m)
	}
	a.note(h)
	if h.Fault != "held back" {
		a.release(to)
	}
	return h.Acked
}

func (a *air) note(h HandOver) {
	a.mu.Lock()
	a.log = append(a.log, h)
	a.mu.Unlock()
	a.told()
}

func (a *air) hold(to string, late func()) {
	a.mu.Lock()
	a.held[to] = append(a.held[to], late)
	a.mu.Unlock()
	a.timers.after(maxHold, func() { a.release(to) })
}

// release hands over what was held back, the last first.
func (a *air) release(to string) {
	a.mu.Lock()
	held := a.held[to]
	delete(a.held, to)
	a.mu.Unlock()
	for i := len(held) - 1; i >= 0; i-- {
		held[i]()
		a.told()
	}
}

// handOvers is a copy of what was noted.
func (a *air) handOvers() []HandOver {
	a.mu.Lock()
	defer a.mu.Unlock()
	return append([]HandOver(nil), a.log...)
}
