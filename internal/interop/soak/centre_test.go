package soak

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"strconv"
	"sync"
	"time"

	"github.com/otagate/otagate/internal/bare"
	"github.com/otagate/otagate/smpp"
)

// kind is how a centre writes what it says.
type kind struct {
	name      string
	id        func(n uint64) string // in submit_sm_resp
	receipted func(n uint64) string // in its receipt
	tlvs      bool                  // it has the TLVs of a receipt, and returns user_message_reference
}

func hex(n uint64) string     { return fmt.Sprintf("%X", n) }
func decimal(n uint64) string { return strconv.FormatUint(n, 10) }

var kinds = [...]kind{{"alpha", hex, hex, true}, {"beta", decimal, decimal, false}, {"gamma", hex, decimal, true}}

const (
	linkBinds     = 2
	receiptWindow = 300 // receipts of a bind without an answer
	receiptDelay  = 5 * time.Millisecond
	receiptRetry  = 200 * time.Millisecond // when the gateway does not want it now
)

// centre is the message centre of a link.
type centre struct {
	kind
	ledger  *ledger
	ln      net.Listener
	running sync.WaitGroup
	quit    chan struct{}

	mu     sync.Mutex
	away   time.Time // until then nobody can connect
	given  uint64
	binds  map[*centreBind]struct{}
	queue  []owed // receipts, the oldest first
	ending bool
}

// owed is a receipt that is to be sent.
type owed struct {
	k    key
	id   uint64
	mark []byte // user_message_reference
	due  time.Time
}

// centreBind is one connection.
type centreBind struct {
	*conn
	c     *centre
	ended chan struct{}

	mu     sync.Mutex
	bound  bool
	dead   bool
	deaf   bool
	half   bool // of the next answers only some octets are written
	recent recent
	seq    uint32
	open   map[uint32]owed // receipts without an answer
}

func openCentre(k kind, l *ledger) (*centre, error) {
	c := &centre{kind: k, ledger: l, quit: make(chan struct{}), binds: map[*centreBind]struct{}{}}
	var err error
	if c.ln, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		return nil, err
	}
	c.running.Go(c.accept)
	c.running.Go(c.report)
	return c, nil
}

func (c *centre) close() {
	close(c.quit)
	c.mu.Lock()
	c.ending = true
	c.mu.Unlock()
	_ = c.ln.Close() // it has no other end
	for _, b := range c.all() {
		b.die()
		b.reset()
	}
	c.running.Wait()
}

func (c *centre) all() (list []*centreBind) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for b := range c.binds {
		list = append(list, b)
	}
	return list
}

func (c *centre) accept() {
	for {
		nc, err := c.ln.Accept()
		if err != nil {
			return
		}
		b := &centreBind{conn: newConn(nc), c: c, ended: make(chan struct{}), recent: newRecent(*window), open: map[uint32]owed{}}
		c.mu.Lock()
		away := c.ending || time.Now().Before(c.away)
		if !away {
			c.binds[b] = struct{}{}
			c.running.Go(b.run)
		}
		c.mu.Unlock()
		if away {
			b.reset()
		}
	}
}

// cut cuts all binds, and keeps the gateway away for a while.
func (c *centre) cut(r *rand.Rand, away time.Duration) {
	c.mu.Lock()
	c.away = time.Now().Add(away)
	c.mu.Unlock()
	for _, b := range c.all() {
		b.cut(manner(r.IntN(int(manners))), 1+r.IntN(60))
	}
}

// die notes, once, that the connection is about to end: from now on nothing is taken, and
// the answers to the last window may not be read. What had no answer comes again.
func (b *centreBind) die() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.perish()
}

// perish is die under the lock.
func (b *centreBind) perish() bool {
	if b.dead {
		return false
	}
	b.dead = true
	b.c.ledger.mark(unread, b.recent.list...)
	var back []owed
	for _, o := range b.open {
		back = append(back, o)
	}
	b.open = nil
	b.c.mu.Lock()
	b.c.queue = append(back, b.c.queue...)
	delete(b.c.binds, b)
	b.c.mu.Unlock()
	return true
}

// patience is how long a manner of cutting may wait for what is to be cut.
const patience = 30 * time.Millisecond

// cut cuts the connection, behind so many octets where half of something is written.
func (b *centreBind) cut(how manner, octets int) {
	switch how {
	case halfAnswer, deaf:
		b.mu.Lock()
		b.half, b.deaf = how == halfAnswer, how == deaf
		b.mu.Unlock()
		b.c.running.Go(func() {
			select {
			case <-b.ended:
				return
			case <-time.After(patience):
			}
			if b.die() {
				b.reset()
			}
		})
	case halfRequest:
		pdu, err := b.c.receipt(owed{}, 1)
		if b.die() && err == nil {
			_ = b.write(pdu[:min(octets, len(pdu)-1)]) // it ends in any case
			b.reset()
		}
	case closed:
		if b.die() {
			_ = b.Close()
		}
	default:
		if b.die() {
			b.reset()
		}
	}
}

func (b *centreBind) run() {
	defer close(b.ended)
	for {
		err := b.Fill()
		if err == nil {
			err = b.turn()
		}
		if err == nil {
			continue
		}
		if b.die() {
			b.c.ledger.ended(b.c.name, err)
		}
		b.reset()
		return
	}
}

var errCut = errors.New("cut")

// turn takes what was read and writes the answers.
func (b *centreBind) turn() error {
	var out []byte
	var due []owed
	b.mu.Lock()
	if b.dead || b.deaf {
		wait := b.deaf
		b.mu.Unlock()
		if wait {
			<-time.After(patience) // nobody reads
		}
		return nil
	}
	now := time.Now()
	err := b.Each(func(p bare.PDU) (err error) {
		out, due, err = b.request(out, due, p, now)
		return err
	})
	half := b.half && len(out) > 0
	if len(due) > 0 {
		b.c.mu.Lock()
		b.c.queue = append(b.c.queue, due...)
		b.c.mu.Unlock()
	}
	if half {
		b.perish()
	}
	b.mu.Unlock()
	switch {
	case err != nil:
		return err
	case half:
		_ = b.write(out[:len(out)/2+len(out)%16/2]) // it ends in any case
		b.reset()
		return errCut
	}
	if err := b.write(out); err != nil {
		if b.die() {
			return err
		}
		return errCut
	}
	return nil
}

// request answers one PDU, under the lock.
func (b *centreBind) request(out []byte, due []owed, p bare.PDU, now time.Time) ([]byte, []owed, error) {
	switch p.Command() {
	case smpp.CommandSubmitSM:
		o, err := b.message(p.Body())
		if err != nil {
			return out, due, err
		}
		if o.k.wanted() {
			o.due = now.Add(receiptDelay)
			due = append(due, o)
		}
		return p.AppendResponse(out, smpp.StatusOK, b.c.id(o.id)+"\x00"), due, nil
	case smpp.CommandBindTransceiver:
		b.bound = true // from the next tick on: its answer goes first
		return p.AppendResponse(out, smpp.StatusOK, b.c.name+"\x00"), due, nil
	case smpp.CommandEnquireLink, smpp.CommandUnbind:
		return p.AppendResponse(out, smpp.StatusOK, ""), due, nil
	case smpp.CommandDeliverSMResp:
		o, is := b.open[p.Sequence()]
		if !is {
			return out, due, fmt.Errorf("an answer to no receipt: %d", p.Sequence())
		}
		delete(b.open, p.Sequence())
		if p.Status() != smpp.StatusOK {
			o.due = now.Add(receiptRetry)
			due = append(due, o)
		}
		return out, due, nil
	}
	return out, due, fmt.Errorf("a PDU that was not expected: %08x", uint32(p.Command()))
}

// message takes a submit_sm, which must be what the account has sent.
func (b *centreBind) message(body []byte) (o owed, err error) {
	var p smpp.SubmitSM
	if err := p.Decode(body); err != nil {
		return o, err
	}
	k, err := readKey(p.ShortMessage)
	var text, source, dest [textLength]byte
	switch {
	case err != nil:
		return o, err
	case !b.c.ledger.known(k), !bytes.Equal(p.ShortMessage, k.appendText(text[:0])),
		!bytes.Equal(p.SourceAddr, k.appendSource(source[:0])), !bytes.Equal(p.DestinationAddr, k.appendDest(dest[:0])):
		return o, fmt.Errorf("message %s has changed on its way", k)
	case (p.RegisteredDelivery == 1) != k.wanted():
		return o, fmt.Errorf("message %s: registered_delivery %d", k, p.RegisteredDelivery)
	}
	b.c.ledger.take(b.c.name, k)
	b.recent.add(k)
	b.c.mu.Lock()
	b.c.given++
	o = owed{k: k, id: b.c.given}
	b.c.mu.Unlock()
	if v, ok := p.TLVs.Find(smpp.TagUserMessageReference); ok && b.c.tlvs {
		o.mark = bytes.Clone(v)
	}
	return o, nil
}

// report sends receipts.
func (c *centre) report() {
	t := time.NewTicker(receiptDelay)
	defer t.Stop()
	for {
		select {
		case <-c.quit:
			return
		case now := <-t.C:
			for _, b := range c.all() {
				if err := b.report(now); err != nil && b.die() {
					c.ledger.fail("%s: a receipt cannot be written: %v", c.name, err)
				}
			}
		}
	}
}

// report sends as many receipts as the bind has room for.
func (b *centreBind) report(now time.Time) (err error) {
	var out []byte
	b.mu.Lock()
	if b.dead || b.deaf || !b.bound {
		b.mu.Unlock()
		return nil
	}
	for _, o := range b.c.due(now, receiptWindow-len(b.open)) {
		var pdu []byte
		b.seq++
		if pdu, err = b.c.receipt(o, b.seq); err != nil {
			break
		}
		b.open[b.seq] = o
		out = append(out, pdu...)
	}
	b.mu.Unlock()
	if err != nil {
		return err
	}
	if err := b.write(out); err != nil {
		b.mu.Lock()
		defer b.mu.Unlock()
		if b.dead {
			return nil
		}
		return err
	}
	return nil
}

// due takes receipts off the queue.
func (c *centre) due(now time.Time, most int) []owed {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := 0
	for n < min(most, len(c.queue)) && !c.queue[n].due.After(now) {
		n++
	}
	list := append([]owed(nil), c.queue[:n]...)
	c.queue = c.queue[n:]
	return list
}

// receipt is a deliver_sm.
func (c *centre) receipt(o owed, seq uint32) ([]byte, error) {
	var source, dest, text [textLength]byte
	id := c.receipted(o.id)
	r := smpp.Receipt{ID: id, Sub: 1, Dlvrd: 1, SubmitDate: o.due, DoneDate: o.due, Stat: smpp.MessageDelivered, Text: string(o.k.appendText(text[:0]))}
	body, err := r.Append(nil)
	if err != nil {
		return nil, err
	}
	p := &smpp.DeliverSM{SourceAddr: o.k.appendDest(dest[:0]), DestinationAddr: o.k.appendSource(source[:0]), ESMClass: smpp.ESMClassReceipt, ShortMessage: body}
	if c.tlvs {
		p.TLVs = smpp.AppendReceiptTLVs(nil, id, smpp.MessageDelivered, nil)
		if o.mark != nil {
			p.TLVs = p.TLVs.AppendU16(smpp.TagUserMessageReference, binary.BigEndian.Uint16(o.mark))
		}
	}
	return smpp.AppendPDU(nil, smpp.Header{Sequence: seq}, p)
}
