package binds

import (
	"errors"
	"time"

	"github.com/otagate/otagate/internal/gateway/links"
	"github.com/otagate/otagate/smpp"
)

// Receiver is a bind that takes messages. Each send is answered once: done is called, on
// some goroutine, unless the send fails.
type Receiver interface {
	SendDeliverSM(p *smpp.DeliverSM, done func(smpp.Status, error)) error
	SendDataSM(p *smpp.DataSM, done func(smpp.Status, error)) error
	Version() smpp.Version
	Room() int // requests that its window takes now
}

// Load is what goes over a bind.
type Load uint8

const (
	Receipts Load = iota
	Messages
	loads
)

// messageWindow is how many messages may be under way on one bind at a time, however many
// it takes: receipts would wait behind more.
const messageWindow = 32

const (
	// A bind that refuses a request that is alone gets the next one after a pause, which
	// doubles; one that does not read what waits to be written, after the first.
	firstPause = 100 * time.Millisecond
	lastPause  = 10 * time.Second
	// After so many windows that were taken some more are tried, since what an ESME takes
	// changes.
	windowsTaken = 16
)

// Bind is a bind of an account, and what is under way on it.
type Bind struct {
	Receiver
	of *Account

	// Under the lock of the account.
	name   uint64
	flying [loads]int
	most   int // under way at a time, as what it has refused tells; 0: it has refused nothing
	taken  int // since it refused one, or most became more
	pause  time.Duration
	until  time.Time // nothing before
}

func (b *Bind) is(r Receiver) bool { return b.Receiver == r }

// under is how much is under way.
func (b *Bind) under() (n int) {
	for _, one := range b.flying {
		n += one
	}
	return n
}

// room is how many of a load the bind may have now.
func (b *Bind) room(of Load, now time.Time) int {
	if now.Before(b.until) {
		return 0
	}
	n := b.Room()
	if b.most > 0 {
		n = min(n, b.most-b.under())
	}
	if of == Messages {
		n = min(n, messageWindow-b.flying[Messages])
	}
	return max(n, 0)
}

// learn sees what an answer, or that there is none, says of how much the bind takes. The
// request is still under way. It returns the pause that begins, if one does.
func (b *Bind) learn(status smpp.Status, err error, now time.Time) time.Duration {
	under := b.under()
	switch {
	case errors.Is(err, smpp.ErrResponseTimeout): // it may have them all, or be as good as gone
		b.most, b.taken = 1, 0
	case errors.Is(err, smpp.ErrQueueFull): // it does not read, and who is woken would try again at once
		b.until = now.Add(firstPause)
		return firstPause
	case err != nil:
	case !links.Throttled(status):
		b.pause = 0
		if b.most == 0 {
			break
		}
		if b.taken++; b.taken >= windowsTaken*b.most {
			b.most, b.taken = b.most+b.most/8+1, 0
		}
	case under > 1:
		if b.most == 0 || under < b.most {
			b.most = under
		}
		b.most, b.taken = max(b.most-1, 1), 0
	default:
		b.most, b.taken, b.pause = 1, 0, min(max(2*b.pause, firstPause), lastPause)
		b.until = now.Add(b.pause)
		return b.pause
	}
	return 0
}

// Land is told of the answer to what the bind was given, or that it was not sent.
func (b *Bind) Land(load Load, status smpp.Status, err error) {
	a := b.of
	a.mu.Lock()
	pause := b.learn(status, err, a.clock.Now())
	b.flying[load]--
	a.mu.Unlock()
	if pause > 0 {
		a.clock.After(pause, a.Wake)
	}
	a.Wake()
}
