package gateway

import (
	"context"
	"crypto/rand"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/clock"
	"github.com/otagate/otagate/internal/gateway/binds"
	"github.com/otagate/otagate/internal/gateway/push"
	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/smpp"
	"github.com/otagate/otagate/ss7/mtp"
	"github.com/otagate/otagate/ss7/sccp"
)

// Outside is what lies around a gateway: clock, chance, and the two networks.
// The zero value is the real world; a simulation puts its own in its place.
type Outside struct {
	Clock  clock.Clock
	Random func(b []byte) // fills b

	// Network takes MTP-TRANSFER requests in place of M3UA, and Receivers finds
	// the binds in place of the SMPP server. With them the gateway opens no
	// socket: Transfer and Submit bring it what comes in.
	Network   sccp.Transferer
	Receivers func(account string) []binds.Receiver
	Shards    int // of the runtime

	// Centres stands in for the SMPP clients of links.
	Centres func(link string) push.Centre
}

func (o *Outside) random(b []byte) {
	if o.Random != nil {
		o.Random(b)
		return
	}
	rand.Read(b) // never fails, by its documentation
}

// Replier answers one submit_sm.
type Replier interface {
	Respond(status smpp.Status, messageID string)
}

// Inside puts a gateway together over an open store and without sockets, as
// its outside has both networks. Run runs it and closes the store.
func Inside(cfg *configs.Config, store sessions.Store, out Outside, log zerolog.Logger) (*Gateway, error) {
	return assemble(context.Background(), cfg, store, out, log)
}

// Transfer is MTP-TRANSFER from a network of the outside.
func (g *Gateway) Transfer(t mtp.Transfer) { g.ss7.sccp.Transfer(t) }

// Deliver is a deliver_sm of a link that Outside.Centres has made.
func (g *Gateway) Deliver(link string, p *smpp.DeliverSM, r Replier) { g.push.Deliver(link, p, r) }

// Messages is the number of messages on their way, and of entries that the
// networks' answers would find one by.
func (g *Gateway) Messages() (live, known int) { return g.push.Live(), g.push.Known() }

// Loans is the number of activation MINs that are lent.
func (g *Gateway) Loans() int { return g.mins.InUse() }

// Live is the number of sessions in memory.
func (g *Gateway) Live() int { return g.runtime.Len() }

// Loaded is closed when the sessions of an earlier run are loaded.
// Messages are loaded last.
func (g *Gateway) Loaded() <-chan struct{} { return g.push.Ready() }
