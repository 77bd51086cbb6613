package simulation

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/otagate/otagate/internal/sim"
)

// phone is a handset that messages go to, and now and then out of reach.
type phone struct {
	w     *world
	n     int
	min   string // empty when a message centre serves it
	agent *sim.Agent
	away  bool // guarded by the world's lock
}

// The beginnings of the numbers that the two ways serve.
const (
	byCentre = "5556"
	bySS7    = "5557"
)

// forever is longer than a run: the handset forgets no part and no datagram.
const forever = 2 * longest

func newPhone(w *world, n int) *phone {
	p := &phone{w: w, n: n}
	if w.dice(fmt.Sprintf("phone %d", n)).IntN(2) == 0 {
		p.min = p.mdn(bySS7)
	}
	p.agent = sim.NewAgent(sim.AgentConfig{Timeout: forever, Remember: forever, Observe: func(s sim.Sight) { w.ledger.shown(p, s.Octets) }})
	return p
}

func (p *phone) mdn(way string) string { return fmt.Sprintf("%s%06d", way, 100+p.n) }

func (p *phone) number() string {
	if p.min != "" {
		return p.min
	}
	return p.mdn(byCentre)
}

// marker tells in the content of a message which trigger has ordered it.
var marker = regexp.MustCompile(`msg-(\d+)-`)

// marked is the number of the trigger of a content, or of a state that holds one.
func marked(b []byte) (int, bool) {
	m := marker.FindSubmatch(b)
	if m == nil {
		return 0, false
	}
	n, err := strconv.Atoi(string(m[1]))
	return n, err == nil
}

// live has messages ordered for the phone, and takes it out of reach.
func (p *phone) live() {
	w := p.w
	d := w.dice(fmt.Sprintf("life of phone %d", p.n))
	for range 1 + d.IntN(4) {
		at := time.Duration(d.Int64N(int64(w.plan.chaos)))
		order := rand.New(rand.NewPCG(d.Uint64(), 0))
		w.after(at, func() { p.order(order) })
	}
	for i := range d.IntN(3) {
		at, last := time.Duration(d.Int64N(int64(w.plan.chaos))), time.Second+time.Duration(d.Int64N(int64(3*time.Minute)))
		w.after(at, func() {
			if w.fault("handset away", fmt.Sprintf("phone %d, %d", p.n, i), 1) {
				p.reach(false)
				w.after(last, func() { p.reach(true) })
			}
		})
	}
}

// reach takes the phone out of reach, or back.
func (p *phone) reach(can bool) {
	w := p.w
	w.mu.Lock()
	was := p.away
	p.away = !can
	w.mu.Unlock()
	if was != can {
		return
	}
	w.say("phone %d in reach: %t", p.n, can)
	if can && p.min != "" {
		w.register.back(p)
	}
}

func (p *phone) isAway() bool {
	p.w.mu.Lock()
	defer p.w.mu.Unlock()
	return p.away
}

// order has the IVR trigger a message for the phone.
func (p *phone) order(d *rand.Rand) {
	v := p.w.ivr
	v.mu.Lock()
	n := len(v.triggers)
	v.mu.Unlock()
	text := "FLOW=push;MDN=" + p.number()
	if mark := fmt.Sprintf("msg-%d-", n); d.IntN(4) == 0 {
		text += ";TYPE=sl;HREF=http://www.example.com/" + mark + strings.Repeat("x", d.IntN(60))
	} else {
		text += ";TYPE=si;HREF=http://www.example.com/a;TEXT=" + mark + strings.Repeat("x", d.IntN(p.w.plan.post.longest()))
	}
	if d.IntN(3) == 0 {
		text += ";VALID=" + []string{"20s", "90s", "5m", "1h"}[d.IntN(4)]
	}
	if d.IntN(40) == 0 {
		text += ";LINK=nowhere"
	}
	first := v.add(text, fmt.Sprintf("p%d", n), d.IntN(4) > 0, uint8(d.IntN(3)))
	first.push = true
	v.submit(first)
	if first.safe && d.IntN(3) == 0 {
		p.w.after(time.Duration(d.Int64N(int64(2*time.Minute))), func() { v.submit(first) })
	}
}

// phoneOf is the phone with this number.
func (w *world) phoneOf(number string) *phone {
	for _, p := range w.phones {
		if p.number() == number {
			return p
		}
	}
	return nil
}
