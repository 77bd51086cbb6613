package m3ua

import (
	"errors"
	"io"
	"net"
	"sync"

	"github.com/otagate/otagate/internal/wire"
)

// conn drives one association: one goroutine reads, one writes, the owner
// calls run and gets control back when both have ended.
type conn struct {
	name    string
	assoc   Association
	out     *outbox
	tap     Tap
	count   *counters
	streams uint16

	lost chan struct{} // closed when reading or writing failed
	end  chan struct{} // closed when our side wants the association closed
	once struct{ lost, end sync.Once }
	err  error // why it was lost; read after lost is closed
	why  string
}

func newConn(name string, a Association, queue int, tap Tap, count *counters) *conn {
	c := &conn{name: name, assoc: a, out: newOutbox(queue), tap: tap, count: count, streams: 1,
		lost: make(chan struct{}), end: make(chan struct{})}
	if s, has := a.(streamCounter); has && s.Streams() > 0 {
		c.streams = s.Streams()
	}
	return c
}

// stream keeps stream 0 for management (RFC 4666 §1.4.7) and maps a signalling
// link selection to one of the others, so that its order is kept.
func (c *conn) stream(sls uint8) uint16 {
	if c.streams < 2 {
		return 0
	}
	return 1 + uint16(sls)%(c.streams-1)
}

// start starts reader and writer; receive gets each message on the reader.
func (c *conn) start(wg *sync.WaitGroup, receive func(b []byte)) {
	wg.Go(func() { c.fail(c.read(receive)) })
	wg.Go(func() { c.fail(c.write()) })
}

// fail records the first reason why the association is lost.
func (c *conn) fail(err error) {
	c.once.lost.Do(func() {
		c.err = err
		close(c.lost)
	})
}

// finish asks the owner to close the association.
func (c *conn) finish(why string) {
	c.once.end.Do(func() {
		c.why = why
		close(c.end)
	})
}

// stop ends both goroutines. What is queued is written first when the
// association still works.
func (c *conn) stop(wg *sync.WaitGroup) {
	c.out.close()
	if !c.deaf() {
		<-c.lost
	}
	c.fail(net.ErrClosed)
	_ = c.assoc.Close()
	wg.Wait()
}

// abortDeaf ends an association whose peer is deaf, before stop. It is for the
// side that has dialled: a listener's port is not in use by the old
// association, and there are ASPs (osmo-stp 1.6) that connect again after an
// ABORT without ASPUP.
func (c *conn) abortDeaf() {
	if a, can := c.assoc.(aborter); can && c.deaf() {
		_ = a.Abort()
	}
}

// deaf reports that nothing can be expected of the peer any more: it does not
// answer, or it has taken nothing until the write gave up.
func (c *conn) deaf() bool {
	if why := c.reason(); why == whyBeat || why == whyNoAck {
		return true
	}
	select {
	case <-c.lost:
		var e interface{ Timeout() bool }
		return errors.As(c.err, &e) && e.Timeout()
	default:
		return false
	}
}

// reason is why our side closes, empty when it does not.
func (c *conn) reason() string {
	select {
	case <-c.end:
		return c.why
	default:
		return ""
	}
}

const readBuffer = 1 << 16

func (c *conn) read(receive func(b []byte)) error {
	buf := make([]byte, readBuffer)
	for {
		n, _, err := c.assoc.ReadMessage(buf)
		if n > 0 {
			c.count.received.Add(1)
			if c.tap != nil {
				c.tap(Received, c.name, buf[:n])
			}
			receive(buf[:n])
		}
		if err != nil {
			// The peer may have to hear what was wrong before the end.
			if n > 0 {
				c.finish(err.Error())
				return errAfterAnswer(c, err)
			}
			return err
		}
	}
}

// errAfterAnswer waits until the writer has sent the answer to a broken
// message; the writer's end is then the end of the association.
func errAfterAnswer(c *conn, err error) error {
	<-c.lost
	return err
}

func (c *conn) write() error {
	batch, canBatch := c.assoc.(batchWriter)
	var buf []byte
	var items []outItem
	for {
		select {
		case <-c.out.wake:
		case <-c.lost:
			return io.ErrClosedPipe
		}
		for {
			var closed bool
			buf, items, closed = c.out.take(buf, items)
			if len(items) == 0 {
				if closed {
					return net.ErrClosed
				}
				break
			}
			c.observe(buf, items)
			var err error
			if canBatch {
				err = batch.WriteBatch(buf)
			} else {
				err = c.writeEach(buf, items)
			}
			if err != nil {
				return err
			}
		}
	}
}

func (c *conn) writeEach(buf []byte, items []outItem) error {
	start := 0
	for _, it := range items {
		if err := c.assoc.WriteMessage(buf[start:it.end], it.stream); err != nil {
			return err
		}
		start = it.end
	}
	return nil
}

func (c *conn) observe(buf []byte, items []outItem) {
	c.count.sent.Add(uint64(len(items)))
	if c.tap == nil {
		return
	}
	start := 0
	for _, it := range items {
		c.tap(Sent, c.name, buf[start:it.end])
		start = it.end
	}
}

// diagnosticMax is how much of an offending message goes into ERR.
const diagnosticMax = 40

// sendError queues ERR about the message b. There is never an ERR about an ERR.
func (c *conn) sendError(code ErrorCode, b []byte, e Error) {
	if len(b) >= 4 && Type(b[2])<<8|Type(b[3]) == TypeError {
		return
	}
	e.Code = code
	e.Diagnostic = append(wire.Hex{}, b[:min(len(b), diagnosticMax)]...)
	c.count.errorSent(code)
	if err := c.out.put(&e); errors.Is(err, ErrBusy) {
		c.count.anomaly("ERR not sent, the queue is full")
	}
}

// typeOf looks at the header of a message.
func typeOf(b []byte) Type {
	if len(b) < 4 || b[0] != Version {
		return 0xffff
	}
	return Type(b[2])<<8 | Type(b[3])
}
