package links

import (
	"context"
	"fmt"
	"time"

	"github.com/cenkalti/backoff/v5"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/smpp"
)

// State is where a bind stands.
type State uint8

// The states.
const (
	Down       State = iota // until the pause is over
	Connecting              // to the host, and binding
	Up
	Leaving // unbinding
)

func (s State) String() string {
	return [...]string{"down", "connecting", "up", "leaving"}[s&3]
}

// MarshalText has the logs show the word.
func (s State) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// bind is one bind of a link: a goroutine that binds, and binds again.
type bind struct {
	l      *Link
	number int
	kind   smpp.CommandID

	// Of its goroutine alone.
	host   int // of l.hosts, the next to be tried
	missed int // hosts in a row that were not reached

	// Under the lock of the link.
	state  State
	tried  bool   // an attempt to bind has come out
	centre Centre // nil while nothing can be submitted
	flying int
	full   bool // the peer does not read: nothing more until it has answered something
	since  time.Time
	to     string // the host it is or was bound to
	last   string // the last error

	version string
}

// newBinds are those of the configuration. With a Centre there are no receivers,
// as that delivers by another way.
func newBinds(l *Link) (all []*bind) {
	kinds := []smpp.CommandID{smpp.CommandBindTransceiver}
	if l.cfg.Link.Kind == configs.KindPair && l.cfg.Centre == nil {
		kinds = []smpp.CommandID{smpp.CommandBindTransmitter, smpp.CommandBindReceiver}
	}
	for range max(l.cfg.Link.Binds, 1) {
		for _, kind := range kinds {
			all = append(all, &bind{l: l, number: len(all), kind: kind, since: l.cfg.Clock.Now()})
		}
	}
	return all
}

func (b *bind) submits() bool { return b.kind != smpp.CommandBindReceiver }

// room is under the lock.
func (b *bind) room() int {
	if b.centre == nil || b.full {
		return 0
	}
	return b.l.cfg.Link.Window - b.flying
}

// run keeps the bind until ctx ends.
func (b *bind) run(ctx context.Context) {
	if dial := b.l.cfg.Centre; dial != nil {
		if c := dial(); c != nil {
			b.set(Up, c, nil)
		} else {
			b.set(Down, nil, nil)
		}
		<-ctx.Done()
		b.set(Down, nil, nil)
		return
	}
	again := newPause(b.l.cfg.Link.Retry)
	for ctx.Err() == nil {
		begun := time.Now()
		if cl, err := b.dial(ctx); err == nil {
			b.missed = 0
			b.hold(ctx, cl)
		} else if ctx.Err() == nil {
			b.fail(err)
			if b.missed++; b.missed < len(b.l.hosts) {
				continue // with the next host, at once
			}
			b.missed = 0
		}
		if ctx.Err() == nil {
			sleep(ctx, again.after(time.Since(begun)))
		}
	}
	b.set(Down, nil, nil)
}

// sleep waits, at most until ctx ends.
func sleep(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}

// hold is the life of a bind that stands.
func (b *bind) hold(ctx context.Context, cl *smpp.Client) {
	log := b.l.cfg.Log
	log.Info().Str("host", b.to).Stringer("kind", b.kind).Msg("bound")
	var submits Centre
	if b.submits() {
		submits = cl
	}
	b.l.mu.Lock()
	b.version = cl.Version().String()
	b.l.mu.Unlock()
	b.set(Up, submits, nil)
	select {
	case <-cl.Done():
		err := fmt.Errorf("the bind has ended: %s", cl.Reason())
		b.set(Down, nil, err)
		log.Warn().Str("host", b.to).Stringer("reason", cl.Reason()).Msg("bind ended")
	case <-ctx.Done():
		b.set(Leaving, nil, nil)
		cl.Close() // an error says that it was cut after its time
	}
}

// fail keeps why there is no bind. The same again is no news.
func (b *bind) fail(err error) {
	ev := b.l.cfg.Log.Warn()
	if b.last == err.Error() {
		ev = b.l.cfg.Log.Debug()
	}
	ev.Str("host", b.to).Err(err).Msg("not bound")
	b.set(Down, nil, err)
}

func (b *bind) set(s State, to Centre, err error) {
	l := b.l
	l.mu.Lock()
	if b.state != s {
		b.since = l.cfg.Clock.Now()
	}
	b.state, b.centre, b.full, b.tried = s, to, false, true
	if err != nil {
		b.last = err.Error()
		l.counts.last = b.last
	}
	l.clock(l.cfg.Clock.Now())
	l.mu.Unlock()
	l.cfg.OnRoom()
}

// pause is the time between two binds. It grows also when the centre takes each
// and ends it soon: what is under way then is in doubt each time.
type pause struct {
	backoff.ExponentialBackOff
	cfg configs.Backoff
}

func newPause(c configs.Backoff) *pause {
	p := &pause{*backoff.NewExponentialBackOff(), c}
	p.InitialInterval, p.MaxInterval = c.Min, c.Max
	p.Reset()
	return p
}

// after is the pause after a bind, or an attempt, that has lasted so long. The
// jitter never leads beyond the bounds.
func (p *pause) after(lasted time.Duration) time.Duration {
	if lasted > p.cfg.Max {
		p.Reset()
	}
	return min(max(p.NextBackOff(), p.cfg.Min), p.cfg.Max)
}
