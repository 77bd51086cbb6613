package bench

import (
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/otagate/otagate/internal/bare"
	"github.com/otagate/otagate/smpp"
)

// shop is the account whose messages are relayed: some binds, each with a full
// window, and one goroutine each.
type shop struct {
	binds    []*shopBind
	tally    *tally
	numbers  atomic.Int64
	answered atomic.Int64
	refused  atomic.Int64 // with ESME_RTHROTTLED
	running  sync.WaitGroup
}

type shopBind struct {
	*bare.Conn
	shop *shop
	pdu  []byte // a submit_sm
	at   int    // of the number in it

	mu   sync.Mutex
	seq  uint32
	owed int
	end  time.Time
	out  []byte
}

// relayMessage is the submit_sm that is relayed: 140 octets of binary user data,
// as a text would have them in GSM 7 bit.
func relayMessage(receipts bool) *smpp.SubmitSM {
	p := &smpp.SubmitSM{
		SourceAddrTON: 5, SourceAddr: []byte("otagate"), DestAddrTON: 1, DestAddrNPI: 1, DestinationAddr: []byte("12020000000"),
		DataCoding: 4, ShortMessage: make([]byte, 140),
	}
	for i := range p.ShortMessage {
		p.ShortMessage[i] = byte(i)
	}
	if receipts {
		p.RegisteredDelivery = 1
	}
	return p
}

func openShop(addr, password string, binds int, receipts bool, t *tally) (*shop, error) {
	s := &shop{tally: t}
	for range binds {
		b, err := s.bind(addr, password, receipts)
		if err != nil {
			return s, errors.Join(err, s.close())
		}
		s.binds = append(s.binds, b)
		s.running.Go(b.run)
	}
	return s, nil
}

func (s *shop) bind(addr, password string, receipts bool) (*shopBind, error) {
	pdu, err := smpp.AppendPDU(nil, smpp.Header{}, relayMessage(receipts))
	if err != nil {
		return nil, err
	}
	at, err := numberAt(bare.PDU(pdu).Body(), true)
	if err != nil {
		return nil, err
	}
	c, err := bare.Dial(addr, account, password, readSize)
	if err != nil {
		return nil, err
	}
	return &shopBind{Conn: c, shop: s, seq: 1, pdu: pdu, at: smpp.HeaderLen + at}, nil
}

// send fills all windows, and keeps them full for d.
func (s *shop) send(window int, d time.Duration) error {
	end := time.Now().Add(d)
	for _, b := range s.binds {
		b.mu.Lock()
		b.end, b.out = end, b.out[:0]
		for range window {
			b.submit()
		}
		_, err := b.Write(b.out)
		b.mu.Unlock()
		if err != nil {
			return err
		}
	}
	return nil
}

// owed is how many submit_sm have no answer.
func (s *shop) owed() (n int) {
	for _, b := range s.binds {
		b.mu.Lock()
		n += b.owed
		b.mu.Unlock()
	}
	return n
}

func (s *shop) close() error {
	for _, b := range s.binds {
		b.Close() // its reader may have met the end already
	}
	s.running.Wait()
	_, _, err := s.tally.counts()
	return err
}

// run takes answers and receipts until the connection ends.
func (b *shopBind) run() {
	for {
		err := b.turn()
		if err == nil {
			continue
		}
		if !errors.Is(err, net.ErrClosed) && !errors.Is(err, io.EOF) {
			b.shop.tally.fail(err)
		}
		return
	}
}

// turn reads once and writes once.
func (b *shopBind) turn() error {
	answers, refusals := 0, 0
	var answersOut []byte
	err := b.Take(func(pdu bare.PDU) error {
		switch pdu.Command() {
		case smpp.CommandSubmitSMResp:
			switch status := pdu.Status(); status {
			case smpp.StatusOK:
				answers++
			case smpp.StatusThrottled: // another takes its place
				refusals++
			default:
				return fmt.Errorf("bench: a message was refused with %s", status)
			}
			return nil
		case smpp.CommandDeliverSM:
			t := b.shop.tally
			t.mu.Lock()
			_, err := t.note(t.receipts, &t.told, pdu.Body(), false)
			t.mu.Unlock()
			if err != nil {
				return err
			}
		}
		answersOut = answerPlain(answersOut, pdu)
		return nil
	})
	b.shop.answered.Add(int64(answers))
	b.shop.refused.Add(int64(refusals))
	answers += refusals
	b.mu.Lock()
	defer b.mu.Unlock()
	b.owed -= answers
	b.out = append(b.out[:0], answersOut...)
	if time.Now().Before(b.end) {
		for range answers {
			b.submit()
		}
	}
	if len(b.out) > 0 && err == nil {
		_, err = b.Write(b.out)
	}
	return err
}

// submit is under the lock.
func (b *shopBind) submit() {
	at := len(b.out)
	b.out = append(b.out, b.pdu...)
	b.seq++
	bare.PDU(b.out[at:]).SetSequence(b.seq)
	putNumber(b.out[at+b.at:], int(b.shop.numbers.Add(1)))
	b.owed++
}
