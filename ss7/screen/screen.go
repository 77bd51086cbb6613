package screen

import (
	"sync"
	"time"

	"github.com/rs/zerolog"
	"golang.org/x/time/rate"

	"github.com/otagate/otagate/ss7/ansi41"
	"github.com/otagate/otagate/ss7/mtp"
	"github.com/otagate/otagate/ss7/sccp"
	"github.com/otagate/otagate/ss7/tcap"
	"github.com/otagate/otagate/ss7/tcap/ansi"
)

// Guesses bounds what belongs to no transaction, for each node.
type Guesses struct {
	Rate  float64 // a second; 0 is no limit
	Burst int
	Hold  time.Duration // how long a node above the rate gets no answer; at least 1 minute

	// BlockAnswers refuses the good answers of such a node too: then it cannot
	// hit by chance, but who can write in its name can keep it from answering.
	BlockAnswers bool
}

// Config is the configuration of a Screen.
type Config struct {
	Rules   Rules
	Guesses Guesses
	Now     func() time.Time // nil is the clock of the machine
}

// logEvery is how often one node may fill a line of the log for one cause.
const logEvery = time.Minute

// maxNodes bounds the nodes that are watched one by one; who comes later shares
// one watch, so that nobody makes us remember all point codes.
const maxNodes = 1024

// Screen stands before a Handler and is the tcap.Screen of an Endpoint.
type Screen struct {
	cfg  Config
	next tcap.Handler
	log  zerolog.Logger

	mu      sync.Mutex
	rates   map[*Peer]*rate.Limiter
	nodes   map[mtp.PointCode]*node
	rest    *node // all others
	swept   time.Time
	counts  [counters]uint64
	refused map[string]uint64 // by operation
}

// node is what is remembered of one.
type node struct {
	guesses *rate.Limiter
	held    time.Time // until then it gets no answer
	seen    time.Time
	said    [causes]line
}

// line bounds the log: when it was written, and what has happened since.
type line struct {
	at    time.Time
	since uint64
}

type cause int

const (
	unsolicited cause = iota
	foreign
	guessing
	causes
)

// New returns a screen before next; a nil next rejects what is allowed too.
func New(cfg Config, next tcap.Handler, log zerolog.Logger) *Screen {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	cfg.Guesses.Hold = max(cfg.Guesses.Hold, time.Minute)
	s := &Screen{
		cfg: cfg, next: next, log: log,
		rates: map[*Peer]*rate.Limiter{}, nodes: map[mtp.PointCode]*node{}, refused: map[string]uint64{},
	}
	s.rest = s.newNode()
	r := &s.cfg.Rules
	for i := range r.Peers {
		s.rates[&r.Peers[i]] = limiter(r.Peers[i].Rate, r.Peers[i].Burst)
	}
	s.rates[&r.Strangers] = limiter(r.Strangers.Rate, r.Strangers.Burst)
	return s
}

func limiter(perSecond float64, burst int) *rate.Limiter {
	if perSecond <= 0 {
		return rate.NewLimiter(rate.Inf, 0)
	}
	return rate.NewLimiter(rate.Limit(perSecond), max(burst, 1))
}

// Invoke gives an INVOKE to the next handler if its sender may invoke it.
func (s *Screen) Invoke(q *tcap.Incoming) {
	p, why := s.admit(q)
	switch {
	case why == Allowed && s.next != nil:
		s.next.Invoke(q)
	case why == Allowed:
		q.Reject(ansi.UnrecognizedOperation)
	case why == TooFast || p.Refusal == Discard:
		q.Drop()
	case p.Refusal == Error:
		q.Error(uint8(ansi41.OperationNotSupported), nil)
	default:
		q.Reject(ansi.UnrecognizedOperation)
	}
}

// admit judges, takes a token and counts. An INVOKE that is refused takes a
// token too: it may cost an answer.
func (s *Screen) admit(q *tcap.Incoming) (*Peer, Reason) {
	from := tcap.Origin{PointCode: q.PointCode, Calling: q.Calling}
	p, why := s.cfg.Rules.Judge(from, q.Operation)
	now := s.cfg.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.rates[p].AllowN(now, 1) {
		why = TooFast
	}
	s.counts[Counter(why)]++
	if why == Allowed {
		return p, why
	}
	s.refused[nameOf(q.Operation)]++
	if since, ok := s.node(from.PointCode, now).mayLog(unsolicited, now); ok {
		s.log.Warn().Stringer("node", from.PointCode).Str("calling", from.Calling.Masked()).Str("peer", p.Name).
			Str("operation", nameOf(q.Operation)).Stringer("reason", why).Uint64("refused", since).
			Msg("operation refused")
	}
	return p, why
}

// nameOf is the acronym of an operation of ANSI-41; all others are one, so that
// nobody makes us count by names of his own.
func nameOf(op ansi.Operation) string {
	if op != ansi.PrivateOperation(op.Specifier) {
		return "other"
	}
	return ansi41.Operation(op.Specifier).Acronym()
}

// MayAnswer tells whether a node may answer what went to asked.
func (s *Screen) MayAnswer(asked sccp.Address, from tcap.Origin) bool {
	good := s.cfg.Rules.MayAnswer(asked, from)
	if good && !s.cfg.Guesses.BlockAnswers {
		return true
	}
	now := s.cfg.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	if !good {
		s.counts[ForeignAnswer]++
		if since, ok := s.node(from.PointCode, now).mayLog(foreign, now); ok {
			s.log.Warn().Stringer("node", from.PointCode).Str("calling", from.Calling.Masked()).Str("asked", asked.Masked()).
				Uint64("refused", since).Msg("answer of another node refused")
		}
		return false
	}
	if n := s.nodes[from.PointCode]; n != nil && s.holds(n, now) {
		s.counts[BlockedAnswer]++
		return false
	}
	return true
}

// Stray counts what belongs nowhere. Strangers whose operations are discarded
// get no answer to it either.
func (s *Screen) Stray(from tcap.Origin) bool {
	p := s.cfg.Rules.find(from)
	if p == nil {
		p = &s.cfg.Rules.Strangers
	}
	now := s.cfg.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	n := s.node(from.PointCode, now)
	s.counts[Guess]++
	held := s.holds(n, now)
	if n.guesses.AllowN(now, 1) && !held {
		return p.Refusal != Discard
	}
	if !held {
		n.held = now.Add(s.cfg.Guesses.Hold)
		s.counts[Alarm]++
	}
	s.counts[GuessHeld]++
	if since, ok := n.mayLog(guessing, now); ok {
		s.log.Warn().Stringer("node", from.PointCode).Str("calling", from.Calling.Masked()).Str("peer", p.Name).
			Uint64("held", since).Msg("ALARM: somebody guesses transaction ids")
	}
	return false
}

// holds tells whether a node gets no answer now. A clock that was set back does
// not make it longer.
func (s *Screen) holds(n *node, now time.Time) bool {
	return now.Before(n.held) && n.held.Sub(now) <= s.cfg.Guesses.Hold
}

// node is what is remembered of a node.
func (s *Screen) node(pc mtp.PointCode, now time.Time) *node {
	n := s.nodes[pc]
	if n == nil && len(s.nodes) >= maxNodes {
		s.forget(now)
	}
	switch {
	case n != nil:
	case len(s.nodes) >= maxNodes:
		n = s.rest
	default:
		n = s.newNode()
		s.nodes[pc] = n
	}
	n.seen = now
	return n
}

// forget drops the nodes that have been quiet for longer than a hold. It looks
// at them no more than once a second.
func (s *Screen) forget(now time.Time) {
	if ago := now.Sub(s.swept); ago >= 0 && ago < time.Second {
		return
	}
	s.swept = now
	for pc, n := range s.nodes {
		if now.Sub(n.seen) > s.cfg.Guesses.Hold {
			delete(s.nodes, pc)
		}
	}
}

func (s *Screen) newNode() *node {
	return &node{guesses: limiter(s.cfg.Guesses.Rate, s.cfg.Guesses.Burst)}
}

// mayLog tells whether the log takes a line, and for how many events it stands.
func (n *node) mayLog(c cause, now time.Time) (since uint64, ok bool) {
	l := &n.said[c]
	l.since++
	if !l.at.IsZero() && now.Sub(l.at) < logEvery && now.Sub(l.at) > -logEvery {
		return 0, false
	}
	since = l.since
	l.at, l.since = now, 0
	return since, true
}
