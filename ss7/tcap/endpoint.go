package tcap

import (
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/ss7/sccp"
	"github.com/otagate/otagate/ss7/tcap/ansi"
)

// Network carries packages. It does not keep the data after it returned.
type Network interface {
	Unitdata(u sccp.Unitdata) error
}

// Handler takes incoming INVOKEs, on the goroutine that delivers from below:
// it must not block. It answers q then or later, from any goroutine.
type Handler interface {
	Invoke(q *Incoming)
}

// Why Invoke refuses.
var (
	ErrShutdown            = errors.New("tcap: shut down")
	ErrTooManyTransactions = errors.New("tcap: too many open transactions")
)

// invokeID is the id of the one INVOKE of each of our queries.
const invokeID = 0

// Endpoint is a user of SCCP that runs transactions. It implements sccp.User.
type Endpoint struct {
	cfg     Config
	network Network
	handler Handler
	log     zerolog.Logger
	counts  [counters]atomic.Uint64
	// Packages and buffers in use for the time of one call.
	packages, buffers sync.Pool

	mu      sync.Mutex
	open    map[ansi.TransactionID]*transaction // both directions, by our id
	queries map[peerKey]*transaction            // incoming, by the peer's
	ids     *ids
	closing bool
	empty   chan struct{} // closed when nothing is open any more while closing
}

// peerKey names an incoming transaction.
type peerKey struct {
	calling sccp.Address
	id      ansi.TransactionID
}

// transaction is one open transaction.
type transaction struct {
	id         ansi.TransactionID
	peer       ansi.TransactionID // 0 until a package told it
	way        way
	machine    Transaction
	timer      *time.Timer
	generation uint32 // of the timer

	// Of a transaction that we opened.
	invoke InvokeState
	done   func(Outcome)
	asked  sccp.Address

	// Of one that the peer opened.
	incoming bool
	key      peerKey
	waiting  int // INVOKEs without answer
	answers  []ansi.Component
	dropped  bool // there is something that gets no answer
	answered bool // there is an INVOKE that got one
}

// way is how the peer of a transaction is reached.
type way struct{ unitdata sccp.Unitdata }

func backWay(u *sccp.Unitdata, local sccp.Address) way {
	w := sccp.Unitdata{Called: u.Calling, Calling: local, Peer: u.Peer, InSequence: u.InSequence, SLS: u.SLS}
	if local.IsZero() {
		w.Calling = u.Called
	} else if u.Called.HasSSN {
		w.Calling.HasSSN, w.Calling.SSN = true, u.Called.SSN
	}
	return way{w}
}

// NewEndpoint returns an endpoint that sends through n. A nil h refuses every
// operation.
func NewEndpoint(cfg Config, n Network, h Handler, log zerolog.Logger) *Endpoint {
	cfg = cfg.withDefaults()
	e := &Endpoint{
		cfg: cfg, network: n, handler: h, log: log,
		open:    map[ansi.TransactionID]*transaction{},
		queries: map[peerKey]*transaction{},
		ids:     newIDs(cfg.Node, cfg.NodeBits),
		empty:   make(chan struct{}),
	}
	e.packages.New = func() any { return new(ansi.Package) }
	e.buffers.New = func() any { return new([]byte) }
	return e
}

// newID picks an id that is not open.
func (e *Endpoint) newID() ansi.TransactionID {
	for {
		id := ansi.TransactionID(e.ids.next())
		if e.open[id] == nil && id != 0 {
			return id
		}
	}
}

// Unitdata takes a message from SCCP.
func (e *Endpoint) Unitdata(u sccp.Unitdata) {
	p := e.packages.Get().(*ansi.Package)
	defer e.packages.Put(p)
	if err := p.Decode(u.Data); err != nil {
		e.log.Debug().Err(err).Str("calling", u.Calling.Masked()).Msg("bad package")
		e.bad(&u)
		return
	}
	switch p.Type {
	case ansi.Unidirectional:
		e.unidirectional(p, &u)
	case ansi.QueryWithPermission:
		e.query(p, ReceiveQueryWithPermission, &u)
	case ansi.QueryWithoutPermission:
		e.query(p, ReceiveQueryWithoutPermission, &u)
	case ansi.ConversationWithPermission:
		e.proceed(p, ReceiveConversationWithPermission, &u)
	case ansi.ConversationWithoutPermission:
		e.proceed(p, ReceiveConversationWithoutPermission, &u)
	case ansi.Response:
		e.proceed(p, ReceiveResponse, &u)
	case ansi.Abort:
		e.proceed(p, ReceiveAbort, &u)
	}
}

// Notice takes a message that SCCP returned.
func (e *Endpoint) Notice(n sccp.Notice) {
	_, id, _, ok := ansi.Peek(n.Data)
	var do todo
	e.mu.Lock()
	tx := e.open[id]
	switch {
	case ok && tx != nil && !tx.incoming && tx.returned(&n):
		e.step(tx, ReceiveAbort, nil, Outcome{Kind: OutcomeNotice, ReturnCause: n.Cause}, &do)
	case ok && tx != nil && !tx.incoming:
		e.count(ForeignAnswer)
	default:
		e.count(LateNotice)
	}
	e.mu.Unlock()
	e.perform(&do)
}
