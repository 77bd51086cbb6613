package sccp

import (
	"crypto/rand"
	"encoding/binary"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/ss7/mtp"
)

// Endpoint is the connectionless SCCP of one end node. It implements mtp.User.
type Endpoint struct {
	cfg    Config
	out    Transferer
	log    zerolog.Logger
	counts [counters]atomic.Uint64

	reference atomic.Uint32 // local reference of the latest segmented message
	sls       atomic.Uint32

	decoders sync.Pool // *inbound
	buffers  sync.Pool // *[]byte

	mu    sync.RWMutex
	users map[SSN]User

	joining sync.Mutex
	joiner  Reassembler
	sweep   *time.Timer // runs while segments wait
}

// NewEndpoint returns an endpoint that sends through out.
func NewEndpoint(cfg Config, out Transferer, log zerolog.Logger) *Endpoint {
	cfg = cfg.withDefaults()
	e := &Endpoint{
		cfg: cfg, out: out, log: log,
		users:  map[SSN]User{},
		joiner: Reassembler{Timeout: cfg.ReassemblyTimeout, Max: cfg.MaxReassemblies},
	}
	e.decoders.New = func() any { return new(inbound) }
	e.buffers.New = func() any { return new([]byte) }
	var seed [4]byte
	rand.Read(seed[:]) // never fails
	e.reference.Store(binary.BigEndian.Uint32(seed[:]))
	return e
}

// Bind makes u the user of a subsystem number; nil takes it away again.
// Subsystem 1 is SCCP's own management.
func (e *Endpoint) Bind(ssn SSN, u User) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if u == nil {
		delete(e.users, ssn)
		return
	}
	e.users[ssn] = u
}

func (e *Endpoint) user(ssn SSN) User {
	e.mu.RLock()
	defer e.mu.RUnlock()
	return e.users[ssn]
}

// Pause counts. Which nodes cannot be reached is MTP's to know: it refuses what
// is for one of them.
func (e *Endpoint) Pause(mtp.PointCode) { e.count(Paused) }

// Resume counts.
func (e *Endpoint) Resume(mtp.PointCode) { e.count(Resumed) }

// Status counts congestion and unavailable user parts. It stops nothing: what
// is sent to such a node comes back or times out.
func (e *Endpoint) Status(s mtp.Status) {
	e.count(StatusReceived)
	e.log.Info().Stringer("affected", s.Affected).Uint8("cause", uint8(s.Cause)).Uint8("level", s.Level).Msg("MTP-STATUS")
}

// Close stops the reassembly timer. Segments that wait are forgotten.
func (e *Endpoint) Close() {
	e.joining.Lock()
	defer e.joining.Unlock()
	if e.sweep != nil {
		e.sweep.Stop()
	}
	e.joiner.pending = nil
}

// join takes a segment of a message.
func (e *Endpoint) join(opc mtp.PointCode, calling Address, s Segmentation, data []byte) (whole []byte, from mtp.PointCode, ok bool) {
	e.joining.Lock()
	defer e.joining.Unlock()
	whole, from, v := e.joiner.Add(time.Now(), opc, calling, s, data)
	switch v {
	case Waiting:
		e.arm()
	case Duplicate:
		e.count(DuplicateSegment)
	case OutOfOrder:
		e.count(SegmentOutOfOrder)
	case Overflow:
		e.count(ReassemblyOverflow)
	}
	return whole, from, v == Complete
}

// arm sees to it that what waits is forgotten in time. It is called locked.
func (e *Endpoint) arm() {
	if e.sweep == nil {
		e.sweep = time.AfterFunc(e.cfg.ReassemblyTimeout, e.expire)
	}
}

func (e *Endpoint) expire() {
	e.joining.Lock()
	defer e.joining.Unlock()
	e.joiner.Expire(time.Now())
	e.sweep = nil
	if e.joiner.Pending() > 0 {
		e.arm()
	}
}
