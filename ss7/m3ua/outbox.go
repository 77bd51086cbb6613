package m3ua

import "sync"

// outbox is the bounded queue before the writer of an association. Messages
// are encoded straight into it, end to end, so that one write can take all
// that has gathered.
type outbox struct {
	mu     sync.Mutex
	buf    []byte
	items  []outItem
	max    int
	closed bool
	wake   chan struct{}
}

type outItem struct {
	end    int
	stream uint16
}

// controlRoom is what messages other than DATA may use above the limit, so
// that a queue full of DATA does not cost the heartbeat.
const controlRoom = 256

// spareMax is how large a buffer is kept for the next batch.
const spareMax = 1 << 20

func newOutbox(max int) *outbox {
	return &outbox{max: max, wake: make(chan struct{}, 1)}
}

// putData queues DATA. It does not wait: a full queue is ErrBusy.
func (q *outbox) putData(d *Data, stream uint16) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return ErrNotActive
	}
	if len(q.items) >= q.max {
		return ErrBusy
	}
	b, err := d.Append(q.buf)
	if err != nil {
		return err
	}
	q.add(b, stream)
	return nil
}

// put queues any other message.
func (q *outbox) put(m Message) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return ErrNotActive
	}
	if len(q.items) >= q.max+controlRoom {
		return ErrBusy
	}
	b, err := m.Append(q.buf)
	if err != nil {
		return err
	}
	q.add(b, 0)
	return nil
}

func (q *outbox) add(b []byte, stream uint16) {
	q.buf = b
	q.items = append(q.items, outItem{len(b), stream})
	if len(q.items) == 1 {
		q.signal()
	}
}

func (q *outbox) signal() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// take hands over all that is queued; the writer gives the slices back with
// the next call.
func (q *outbox) take(usedBuf []byte, usedItems []outItem) (buf []byte, items []outItem, closed bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	buf, items = q.buf, q.items
	if cap(usedBuf) > spareMax {
		usedBuf = nil
	}
	q.buf, q.items = usedBuf[:0], usedItems[:0]
	return buf, items, q.closed
}

// close refuses further messages; the writer still takes what is queued.
func (q *outbox) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	q.signal()
}
