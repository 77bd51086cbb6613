package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/gateway"
	"github.com/otagate/otagate/internal/gateway/binds"
	"github.com/otagate/otagate/otasp"
	"github.com/otagate/otagate/otasp/iota"
	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/sessions/sqlite"
	"github.com/otagate/otagate/ss7/mtp"
)

// pendingGateway is the gateway with pending sessions, without networks and sockets.
type pendingGateway struct {
	g     *gateway.Gateway
	order otasp.Order
	bell  *bell
	stop  context.CancelFunc
	ended chan error
}

// pendingList is the name of the roaming list that all are to get, and
// pendingOctets how long it is.
const (
	pendingList   = "bench"
	pendingOctets = 430
)

// openPendingGateway starts a gateway over the store at path and returns when
// all that is in it is loaded.
func openPendingGateway(ctx context.Context, path string) (_ *pendingGateway, err error) {
	store, err := sqlite.Open(ctx, path, sqlite.Options{})
	if err != nil {
		return nil, err
	}
	list := bytes.Repeat([]byte{0x5a}, pendingOctets)
	if err := store.PutBlob(ctx, pendingList, list); err != nil {
		return nil, errors.Join(err, store.Close())
	}
	p := &pendingGateway{bell: &bell{}, ended: make(chan error, 1)}
	p.order = otasp.Order{PRL: &otasp.PRL{Name: pendingList, ID: 1001, Data: list}, SPC: "000000"}
	out := gateway.Outside{Network: nowhere{}, Receivers: func(string) []binds.Receiver { return nil }}
	if p.g, err = gateway.Inside(pendingConfig(path), store, out, zerolog.New(p.bell).Level(zerolog.WarnLevel)); err != nil {
		return nil, errors.Join(err, store.Close())
	}
	run, stop := context.WithCancel(context.WithoutCancel(ctx))
	p.stop = stop
	go func() { p.ended <- p.g.Run(run) }()
	select {
	case <-p.g.Loaded():
		return p, nil
	case err := <-p.ended:
		stop()
		return nil, err
	}
}

// pendingConfig is the default, with handsets that are called back.
func pendingConfig(path string) *configs.Config {
	c := configs.Default()
	c.Store.Path = path
	c.SS7.PointCode = "1-12-5"
	c.OTASP.ActivationMINs = configs.MINRange{First: "6191230000", Last: "6191239999"}
	c.IOTA.Listen, c.IOTA.Base = "127.0.0.1:0", "http://127.0.0.1/iota"
	return c
}

// nowhere is a signalling network that takes everything and answers nothing.
type nowhere struct{}

func (nowhere) Transfer(mtp.Transfer) error { return nil }

// bell is told of each line of the log, and tells who waits for one.
type bell struct {
	performed atomic.Pointer[func()]
	odd       atomic.Pointer[string] // a line that nobody waited for
}

func (b *bell) Write(line []byte) (int, error) {
	if f := b.performed.Swap(nil); f != nil {
		(*f)()
	} else {
		text := string(line)
		b.odd.CompareAndSwap(nil, &text)
	}
	return len(line), nil
}

// begin asks for the n-th session, with pendingToken(n); done is told when it is
// durable.
func (p *pendingGateway) begin(n int, done func(error)) error {
	t := pendingToken(n)
	token, err := iota.NewToken(t[:])
	if err != nil {
		return err
	}
	o := p.order
	o.Name = fmt.Sprintf("order-%d", n)
	return p.g.Pend(pendingID(n), sessions.MDN(5_550_000_000+n), token, &o, done)
}

// call does what the HTTP server does when a handset calls back: it looks the token
// up and gives the session its event. performed is called by the effect of that step.
func (p *pendingGateway) call(t token, performed func()) error {
	token, err := iota.NewToken(t[:])
	if err != nil {
		return err
	}
	p.bell.performed.Store(&performed)
	return p.g.Glance(token)
}

func (p *pendingGateway) stats() sessions.Stats { return p.g.Sessions() }

func (p *pendingGateway) close() error {
	p.stop()
	err := <-p.ended
	if line := p.bell.odd.Load(); line != nil {
		err = errors.Join(err, fmt.Errorf("the gateway says: %s", *line))
	}
	return err
}
