package soak

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"sync"
	"time"

	"github.com/otagate/otagate/internal/bare"
	"github.com/otagate/otagate/smpp"
)

// deliverWindow is how many receipts the gateway gives a bind of an account
// ahead of its answers (smpp.ServerConfig.OutboundWindow).
const deliverWindow = 100

// windows are those of the account's binds.
var windows = [...]int{100, 100, 10, 10}

// shop is the account.
type shop struct {
	ledger  *ledger
	addr    string
	least   int // messages
	running sync.WaitGroup
	quit    chan struct{}
	binds   []*shopBind

	mu     sync.Mutex
	enough bool  // was cut: no more than the least is needed
	next   int   // number of a message
	again  []key // those to be offered again
	open   int   // without an answer
}

// shopBind is one bind, and binds again.
type shopBind struct {
	s      *shop
	window int

	mu     sync.Mutex
	conn   *conn // nil while there is none
	bound  bool
	dead   bool
	deaf   bool
	half   bool
	seq    uint32
	open   map[uint32]key
	recent recent
	batch  int       // receipts of what was read last
	until  time.Time // while the gateway has too much
}

func openShop(addr string, least int, l *ledger) *shop {
	s := &shop{ledger: l, addr: addr, least: least, quit: make(chan struct{})}
	for _, w := range windows {
		b := &shopBind{s: s, window: w, dead: true}
		s.binds = append(s.binds, b)
		s.running.Go(b.keep)
	}
	s.running.Go(s.wake)
	return s
}

func (s *shop) close() {
	close(s.quit)
	for _, b := range s.binds {
		if c := b.die(); c != nil {
			c.reset()
		}
	}
	s.running.Wait()
}

func (s *shop) leaving() bool {
	select {
	case <-s.quit:
		return true
	default:
		return false
	}
}

// sate says that enough was cut.
func (s *shop) sate() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.enough = true
}

// done tells whether all messages have been answered.
func (s *shop) done() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.enough && s.next >= s.least && len(s.again) == 0 && s.open == 0
}

// offer takes the next message.
func (s *shop) offer() (key, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n := len(s.again); n > 0 {
		k := s.again[n-1]
		s.again = s.again[:n-1]
		s.open++
		return k, true
	}
	if s.enough && s.next >= s.least {
		return 0, false
	}
	k := s.ledger.begin()
	s.next++
	s.open++
	return k, true
}

// back takes messages that were not answered, or not taken.
func (s *shop) back(all ...key) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open -= len(all)
	s.again = append(s.again, all...)
}

func (s *shop) answered() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open--
}

const (
	wakeEvery   = 10 * time.Millisecond
	refusedRest = 50 * time.Millisecond
)

// wake has binds go on that have nothing under way.
func (s *shop) wake() {
	t := time.NewTicker(wakeEvery)
	defer t.Stop()
	for {
		select {
		case <-s.quit:
			return
		case <-t.C:
		}
		for _, b := range s.binds {
			b.mu.Lock()
			c, out := b.conn, b.submit(nil)
			b.mu.Unlock()
			if c != nil && len(out) > 0 {
				_ = c.write(out) // its reader hears of it
			}
		}
	}
}

// keep binds, and binds again when the bind is cut.
func (b *shopBind) keep() {
	for !b.s.leaving() {
		err := b.live()
		if c := b.die(); c != nil && err != nil && !b.s.leaving() {
			b.s.ledger.ended("the account", err)
		}
		select {
		case <-b.s.quit:
		case <-time.After(wakeEvery):
		}
	}
}

// live is one connection.
func (b *shopBind) live() error {
	nc, err := net.Dial("tcp", b.s.addr)
	if err != nil {
		b.s.ledger.fail("%v", err)
		return nil
	}
	c := newConn(nc)
	defer c.reset()
	pdu, err := smpp.AppendPDU(nil, smpp.Header{Sequence: 1}, &smpp.Bind{
		Kind: smpp.CommandBindTransceiver, SystemID: []byte("shop"), Password: []byte(password), InterfaceVersion: 0x34,
	})
	if err != nil {
		return err
	}
	b.mu.Lock()
	b.conn, b.bound, b.dead, b.deaf, b.half, b.seq = c, false, false, false, false, 1
	b.open, b.recent = map[uint32]key{}, newRecent(deliverWindow)
	b.mu.Unlock()
	if b.s.leaving() {
		return nil
	}
	if err := c.write(pdu); err != nil {
		return err
	}
	for {
		if err := c.Fill(); err != nil {
			return err
		}
		if err := b.turn(c); err != nil {
			return err
		}
	}
}

// die is that of centreBind. It gives the connection to whom it was alive for.
func (b *shopBind) die() *conn {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.perish()
}

// perish is die under the lock. What is open is offered again, with another mark.
func (b *shopBind) perish() *conn {
	if b.dead {
		return nil
	}
	b.dead = true
	b.s.ledger.mark(toldUnread, b.recent.list...)
	var back []key
	for _, k := range b.open {
		if k.offer() == mostOffers { // it cannot be told from the next
			b.s.ledger.fail("message %s is never answered", k)
			k--
		}
		back = append(back, k+1)
	}
	b.open = nil
	b.s.ledger.offeredAgain(len(back))
	b.s.back(back...)
	c := b.conn
	b.conn = nil
	return c
}

// cut is that of centreBind.
func (b *shopBind) cut(r *rand.Rand) {
	how := manner(r.IntN(int(manners)))
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.dead {
		return
	}
	switch how {
	case halfAnswer, deaf:
		b.half, b.deaf = how == halfAnswer, how == deaf
		conn := b.conn
		b.s.running.Go(func() {
			<-time.After(patience)
			b.mu.Lock()
			defer b.mu.Unlock()
			if b.conn == conn {
				b.perish()
				conn.reset()
			}
		})
	case halfRequest:
		pdu, err := submit(0, 1)
		c := b.perish()
		if err == nil {
			_ = c.write(pdu[:1+r.IntN(len(pdu)-1)]) // it ends in any case
		}
		c.reset()
	case closed:
		_ = b.perish().Close()
	default:
		b.perish().reset()
	}
}

// turn takes what was read; it writes the answers and new messages.
func (b *shopBind) turn(c *conn) error {
	var out []byte
	b.mu.Lock()
	if b.dead || b.deaf {
		wait := b.deaf
		b.mu.Unlock()
		if wait {
			<-time.After(patience) // nobody reads
		}
		return nil
	}
	b.batch = 0
	err := c.Each(func(p bare.PDU) (err error) {
		out, err = b.pdu(out, p)
		return err
	})
	half := b.half && len(out) > 0
	if half {
		b.perish()
	} else {
		out = b.submit(out)
	}
	b.mu.Unlock()
	switch {
	case err != nil:
		return err
	case half:
		_ = c.write(out[:len(out)/2]) // it ends in any case
		return errCut
	}
	return c.write(out)
}

func (b *shopBind) pdu(out []byte, p bare.PDU) ([]byte, error) {
	switch p.Command() {
	case smpp.CommandBindTransceiverResp:
		if p.Status() != smpp.StatusOK {
			return out, fmt.Errorf("the bind is refused: %s", p.Status())
		}
		b.bound = true
	case smpp.CommandSubmitSMResp:
		k, is := b.open[p.Sequence()]
		if !is {
			return out, errors.New("an answer to no message")
		}
		delete(b.open, p.Sequence())
		b.s.ledger.answer(k, p.Status())
		switch p.Status() {
		case smpp.StatusOK:
			b.s.answered()
		case smpp.StatusThrottled, smpp.StatusMessageQueueFull:
			b.until = time.Now().Add(refusedRest)
			b.s.back(k)
		default:
			return out, fmt.Errorf("message %s is refused: %s", k, p.Status())
		}
	case smpp.CommandDeliverSM:
		if b.batch++; b.batch > b.window { // it takes no more at a time than it gives
			b.s.ledger.narrow()
			return p.AppendResponse(out, smpp.StatusThrottled, "\x00"), nil
		}
		if err := b.receipt(p.Body()); err != nil {
			return out, err
		}
		return p.AppendResponse(out, smpp.StatusOK, "\x00"), nil
	case smpp.CommandEnquireLink, smpp.CommandUnbind:
		return p.AppendResponse(out, smpp.StatusOK, ""), nil
	default:
		return out, fmt.Errorf("a PDU that was not expected: %08x", uint32(p.Command()))
	}
	return out, nil
}

func (b *shopBind) receipt(body []byte) error {
	var p smpp.DeliverSM
	if err := p.Decode(body); err != nil {
		return err
	}
	r, err := smpp.ParseReceipt(p.ShortMessage, nil)
	if err != nil {
		return err
	}
	k, err := readKey([]byte(r.Text))
	var source, dest [textLength]byte
	if err != nil || !b.s.ledger.known(k) || string(p.SourceAddr) != string(k.appendDest(dest[:0])) || string(p.DestinationAddr) != string(k.appendSource(source[:0])) {
		return fmt.Errorf("a receipt that is none: %q", p.ShortMessage)
	}
	b.s.ledger.receipt(k, r.Stat)
	b.recent.add(k)
	return nil
}

// submit appends what there is room for, under the lock.
func (b *shopBind) submit(out []byte) []byte {
	if b.dead || b.deaf || b.half || !b.bound || len(b.open) == b.window || time.Now().Before(b.until) {
		return out
	}
	for len(b.open) < b.window {
		k, ok := b.s.offer()
		if !ok {
			return out
		}
		b.seq++
		pdu, err := submit(k, b.seq)
		if err != nil {
			b.s.ledger.fail("%v", err)
			return out
		}
		b.open[b.seq] = k
		out = append(out, pdu...)
	}
	return out
}

func submit(k key, seq uint32) ([]byte, error) {
	p := &smpp.SubmitSM{
		SourceAddr: k.appendSource(nil), DestAddrTON: 1, DestAddrNPI: 1, DestinationAddr: k.appendDest(nil), ShortMessage: k.appendText(nil),
	}
	if k.wanted() {
		p.RegisteredDelivery = 1
	}
	return smpp.AppendPDU(nil, smpp.Header{Sequence: seq}, p)
}
