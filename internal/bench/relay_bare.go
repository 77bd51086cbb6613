package bench

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"sync"

	"github.com/otagate/otagate/internal/bare"
	"github.com/otagate/otagate/smpp"
)

// bareRelay is the least that relays messages durably: PDUs are read, queued,
// appended to a file of fixed size with one write and one fdatasync for all that
// wait, and then answered and written to the other side, with one write for
// each connection. It keeps no state of a message, so that the answers of the
// other side say nothing to it; receipts pass in the same way.
type bareRelay struct {
	ln      net.Listener
	journal *journal
	wake    chan struct{}
	running sync.WaitGroup

	mu    sync.Mutex
	shops []*bareConn
	links []*bareConn
	queue []barePDU
	bytes []byte // of the queue
	err   error

	// Of the loop.
	turn int
	seq  uint32
}

// bareConn is one connection of either side.
type bareConn struct {
	*bare.Conn
	out []byte
}

// barePDU is one that waits.
type barePDU struct {
	from     *bareConn
	fromLink bool
	at, end  int // in the octets of the queue
}

// bareConfig is the file that says what to relay where.
type bareConfig struct {
	Centre string
	Binds  int
}

func openBareRelay(file string) (*bareRelay, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var cfg bareConfig
	if err := json.Unmarshal(b, &cfg); err != nil {
		return nil, err
	}
	r := &bareRelay{wake: make(chan struct{}, 1)}
	if r.journal, err = openJournal(filepath.Dir(file)); err != nil {
		return nil, err
	}
	bind, err := smpp.AppendPDU(nil, smpp.Header{Sequence: 1}, &smpp.Bind{Kind: smpp.CommandBindTransceiver, SystemID: []byte("bench"), InterfaceVersion: 0x34})
	if err != nil {
		return nil, err
	}
	for range cfg.Binds {
		nc, err := net.Dial("tcp", cfg.Centre)
		if err != nil {
			return nil, err
		}
		if _, err := nc.Write(bind); err != nil {
			return nil, err
		}
		r.links = append(r.links, &bareConn{Conn: bare.NewConn(nc, readSize)})
	}
	r.ln, err = net.Listen("tcp", "127.0.0.1:0")
	return r, err
}

// run relays until ctx ends.
func (r *bareRelay) run(ctx context.Context) error {
	defer r.running.Wait()
	defer r.close()
	for _, c := range r.links {
		r.running.Go(func() { r.read(c, true) })
	}
	r.running.Go(r.accept)
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-r.wake:
		}
		if err := r.relay(); err != nil {
			return err
		}
	}
}

func (r *bareRelay) close() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ln.Close() // the process ends
	for _, c := range append(r.links, r.shops...) {
		c.Close()
	}
	r.journal.close()
}

func (r *bareRelay) accept() {
	for {
		nc, err := r.ln.Accept()
		if err != nil {
			return
		}
		c := &bareConn{Conn: bare.NewConn(nc, readSize)}
		r.mu.Lock()
		r.shops = append(r.shops, c)
		r.mu.Unlock()
		r.running.Go(func() { r.read(c, false) })
	}
}

// read queues what is to be relayed, and answers all other requests at once.
func (r *bareRelay) read(c *bareConn, fromLink bool) {
	var out []byte
	for {
		out = out[:0]
		err := c.Take(func(pdu bare.PDU) error {
			switch pdu.Command() {
			case smpp.CommandSubmitSM, smpp.CommandDeliverSM:
				r.mu.Lock()
				at := len(r.bytes)
				r.bytes = append(r.bytes, pdu...)
				r.queue = append(r.queue, barePDU{c, fromLink, at, len(r.bytes)})
				r.mu.Unlock()
			default:
				out = answerPlain(out, pdu)
			}
			return nil
		})
		if err == nil && len(out) > 0 {
			_, err = c.Write(out)
		}
		select {
		case r.wake <- struct{}{}:
		default:
		}
		if err != nil {
			if !errors.Is(err, io.EOF) && !errors.Is(err, net.ErrClosed) {
				r.mu.Lock()
				r.err = err
				r.mu.Unlock()
			}
			return
		}
	}
}

// relay makes durable what waits and passes it on.
func (r *bareRelay) relay() error {
	r.mu.Lock()
	queue, octets, err := r.queue, r.bytes, r.err
	r.queue, r.bytes = nil, nil
	shops := r.shops
	r.mu.Unlock()
	if err != nil || len(queue) == 0 {
		return err
	}
	if err := r.journal.append(octets); err != nil {
		return err
	}
	for i := range queue {
		q := &queue[i]
		pdu, others, body := bare.PDU(octets[q.at:q.end]), r.links, "bare-123\x00"
		if q.fromLink {
			others, body = shops, "\x00"
		}
		q.from.out = pdu.AppendResponse(q.from.out, smpp.StatusOK, body)
		r.turn++
		to := others[r.turn%len(others)]
		at := len(to.out)
		to.out = append(to.out, pdu...)
		r.seq++
		bare.PDU(to.out[at:]).SetSequence(r.seq)
	}
	for _, side := range [...][]*bareConn{r.links, shops} {
		for _, c := range side {
			if len(c.out) == 0 {
				continue
			}
			if _, err := c.Write(c.out); err != nil {
				return err
			}
			c.out = c.out[:0]
		}
	}
	return nil
}

// append writes octets over those of the file, and syncs them.
func (j *journal) append(octets []byte) error {
	for len(octets) > 0 {
		n := min(len(octets), journalSize)
		if j.at+int64(n) > journalSize {
			j.at = 0
		}
		if _, err := j.file.WriteAt(octets[:n], j.at); err != nil {
			return err
		}
		j.at, octets = j.at+int64(n), octets[n:]
	}
	return syncData(j.file)
}
