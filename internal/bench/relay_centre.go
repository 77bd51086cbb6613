package bench

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/otagate/otagate/internal/bare"
	"github.com/otagate/otagate/smpp"
)

// centre is where messages come out: it answers, and with receipts it sends one
// for each message a moment later.
type centre struct {
	ln       net.Listener
	tally    *tally
	receipts bool
	receipt  []byte // a deliver_sm
	number   int    // where in it the number is
	ids      [2]int // and where the message id is
	given    atomic.Uint64
	bound    atomic.Int64
	running  sync.WaitGroup
	mu       sync.Mutex
	binds    []*centreBind
}

// receiptDelay is how long a receipt takes at least.
const receiptDelay = 5 * time.Millisecond

// receiptWindow is how many receipts of a bind may be without an answer.
const receiptWindow = 500

// centreBind is one connection.
type centreBind struct {
	*bare.Conn
	c *centre

	mu    sync.Mutex
	out   []byte
	seq   uint32
	open  int    // receipts without an answer
	young []owed // receipts to be sent
	ended chan struct{}
}

// owed is a receipt that is to be sent.
type owed struct {
	number int
	id     uint64
	at     time.Time
}

const idLen = 16

func openCentre(receipts bool, t *tally) (*centre, error) {
	c := &centre{tally: t, receipts: receipts}
	id := "0123456789abcdef"
	text, err := (&smpp.Receipt{
		ID: id, Sub: 1, Dlvrd: 1, SubmitDate: time.Unix(1e9, 0), DoneDate: time.Unix(1e9, 0), Stat: smpp.MessageDelivered, Err: "000",
	}).Append(nil)
	if err != nil {
		return nil, err
	}
	c.receipt, err = smpp.AppendPDU(nil, smpp.Header{}, &smpp.DeliverSM{
		SourceAddrTON: 1, SourceAddrNPI: 1, SourceAddr: []byte("12020000000"), DestAddrTON: 5, DestinationAddr: []byte("otagate"),
		ESMClass: smpp.ESMClassReceipt, ShortMessage: text, TLVs: smpp.AppendReceiptTLVs(nil, id, smpp.MessageDelivered, nil),
	})
	if err != nil {
		return nil, err
	}
	c.number, err = numberAt(c.receipt[smpp.HeaderLen:], false)
	c.number += smpp.HeaderLen
	c.ids = [2]int{bytes.Index(c.receipt, []byte(id)), bytes.LastIndex(c.receipt, []byte(id))}
	if err == nil {
		c.ln, err = net.Listen("tcp", "127.0.0.1:0")
	}
	if err != nil {
		return nil, err
	}
	c.running.Go(c.accept)
	return c, nil
}

func (c *centre) accept() {
	for {
		nc, err := c.ln.Accept()
		if err != nil {
			return
		}
		b := &centreBind{Conn: bare.NewConn(nc, readSize), c: c, ended: make(chan struct{})}
		c.mu.Lock()
		c.binds = append(c.binds, b)
		c.mu.Unlock()
		c.running.Go(b.run)
		if c.receipts {
			c.running.Go(b.report)
		}
	}
}

// ready waits for so many binds.
func (c *centre) ready(ctx context.Context, binds int) error {
	return until(ctx, func() (bool, error) { return c.bound.Load() >= int64(binds), nil })
}

func (c *centre) close() {
	c.ln.Close() // it has no other end
	c.mu.Lock()
	for _, b := range c.binds {
		b.Close() // it may have ended already
	}
	c.mu.Unlock()
	c.running.Wait()
}

func (b *centreBind) run() {
	defer close(b.ended)
	for {
		err := b.turn()
		if err == nil {
			continue
		}
		if !errors.Is(err, net.ErrClosed) && !errors.Is(err, io.EOF) {
			b.c.tally.fail(err)
		}
		return
	}
}

// turn reads once and writes once.
func (b *centreBind) turn() error {
	var out []byte
	now := time.Now()
	err := b.Take(func(pdu bare.PDU) error {
		switch pdu.Command() {
		case smpp.CommandSubmitSM:
			id := b.c.given.Add(1)
			n, err := b.message(pdu)
			if err != nil {
				return err
			}
			var text [idLen + 1]byte
			putID(text[:], id)
			out = pdu.AppendResponse(out, smpp.StatusOK, string(text[:]))
			if b.c.receipts {
				b.mu.Lock()
				b.young = append(b.young, owed{n, id, now})
				b.mu.Unlock()
			}
			return nil
		case smpp.CommandDeliverSMResp:
			b.mu.Lock()
			b.open--
			b.mu.Unlock()
			return nil
		case smpp.CommandBindTransceiver:
			b.c.bound.Add(1)
		}
		out = answerPlain(out, pdu)
		return nil
	})
	if err == nil && len(out) > 0 {
		_, err = b.Write(out)
	}
	return err
}

// message takes a submit_sm.
func (b *centreBind) message(pdu bare.PDU) (number int, err error) {
	t := b.c.tally
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.note(t.out, &t.outs, pdu.Body(), true)
}

// report sends the receipts that have become old enough.
func (b *centreBind) report() {
	tick := time.NewTicker(receiptDelay / 2)
	defer tick.Stop()
	for {
		select {
		case <-b.ended:
			return
		case now := <-tick.C:
			b.mu.Lock()
			b.out = b.due(b.out[:0], now.Add(-receiptDelay))
			var err error
			if len(b.out) > 0 {
				_, err = b.Write(b.out)
			}
			b.mu.Unlock()
			if err != nil {
				return // the reader tells it
			}
		}
	}
}

// due appends the receipts of what came before then. It is under the lock.
func (b *centreBind) due(dst []byte, then time.Time) []byte {
	n := 0
	for ; n < len(b.young) && b.open < receiptWindow && b.young[n].at.Before(then); n++ {
		at := len(dst)
		dst = append(dst, b.c.receipt...)
		one := dst[at:]
		b.seq++
		bare.PDU(one).SetSequence(b.seq)
		putNumber(one[b.c.number:], b.young[n].number)
		for _, i := range b.c.ids {
			putID(one[i:], b.young[n].id)
		}
		b.open++
	}
	b.young = b.young[:copy(b.young, b.young[n:])]
	return dst
}

// putID writes a message id in hexadecimal.
func putID(dst []byte, id uint64) {
	for i := idLen - 1; i >= 0; i-- {
		dst[i] = "0123456789abcdef"[id&15]
		id >>= 4
	}
}
