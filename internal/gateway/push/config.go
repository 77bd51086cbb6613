package push

import (
	"context"
	"time"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/clock"
	"github.com/otagate/otagate/internal/delivery"
	"github.com/otagate/otagate/internal/gateway/binds"
	"github.com/otagate/otagate/internal/gateway/route"
	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/sessions/cdr"
	"github.com/otagate/otagate/smpp"
	"github.com/otagate/otagate/ss7/sccp"
	"github.com/otagate/otagate/ss7/tcap"
	"github.com/otagate/otagate/ss7/tcap/ansi"
)

// Door is where messages come from, and where their ends are told. An End is lent: it is
// used again after the call.
type Door interface {
	// Report gives the outbox row that tells the end of a message, when somebody
	// wants to hear of it. It is called in a step: it only computes.
	Report(e *End) (row sessions.Outbox, wanted bool)
	// Reported is called when the end is committed, with a row or without.
	Reported(e *End)
}

// End is how a message ended.
type End struct {
	ID     sessions.ID
	To     string
	Origin *Origin
	Result delivery.Result
	Told   Told // of a relayed message: what its receipt said
	Parts  int  // of how many parts it was
	Good   int  // and how many of them were delivered
	Began  time.Time
	Ended  time.Time
}

// Store is what the service needs of the session store.
type Store interface {
	sessions.Journal
	box
	CDRs(ctx context.Context, f cdr.Filter, each func(cdr.Record) error) error
}

// Handsets takes messages of handsets. What it is given borrows the read buffer, and is
// answered exactly once.
type Handsets interface {
	Deliver(link string, p *smpp.DeliverSM, r Replier)
	DeliverData(link string, p *smpp.DataSM, r Replier)
}

// Invoker sends one invoke and tells what became of it.
type Invoker interface {
	Invoke(inv tcap.Invoke, done func(tcap.Outcome)) (ansi.TransactionID, error)
}

// Config puts a service into its surroundings.
type Config struct {
	Push   *configs.Push
	Links  []configs.Link
	Routes *route.Table
	TLVs   *configs.Dictionary // of links[].relay.strip

	// Of messages to accounts: what SMPP says of them, and their binds. Nil without.
	SMPP  *configs.SMPP
	Binds func(account string) *binds.Account
	// Handsets takes the messages of handsets that links deliver; nil: nobody does.
	Handsets Handsets

	HLR     sccp.Address            // of push.ss7.hlr
	MSCs    map[string]sccp.Address // by their configured names
	SMDPP   time.Duration           // how long an MSC may take
	Network Invoker
	Store   Store
	Doors   map[string]Door
	Clock   clock.Clock
	Random  func(b []byte)
	Shards  int
	Log     zerolog.Logger

	// Patience is how long the end of Run waits for answers that are under way.
	Patience time.Duration

	// Dial stands in for the SMPP client of a link; nil is the client.
	Dial func(link string) Centre
}
