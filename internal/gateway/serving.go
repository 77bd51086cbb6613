package gateway

import (
	"fmt"
	"os"
	"time"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/gateway/binds"
	"github.com/otagate/otagate/internal/gateway/ppg"
	"github.com/otagate/otagate/internal/gateway/push"
	"github.com/otagate/otagate/internal/gateway/relay"
	"github.com/otagate/otagate/internal/gateway/route"
	"github.com/otagate/otagate/otasp"
	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/ss7/ansi41"
	"github.com/otagate/otagate/ss7/tcap"
	"github.com/otagate/otagate/ss7/tcap/ansi"
	"github.com/otagate/otagate/wappush/omacp"
)

// served takes the operations that the signalling network may invoke, behind
// the screen.
type served struct{ g *Gateway }

// Invoke gives an operation to whom it is for.
func (s served) Invoke(q *tcap.Incoming) {
	switch q.Operation {
	case ansi.PrivateOperation(uint8(ansi41.SMSNotification)):
		s.g.notified(q)
	default:
		q.Reject(ansi.UnrecognizedOperation)
	}
}

// patience is how long answers are waited for when the gateway stops. Without one
// the parts of messages that are under way would be in doubt at the next start.
const patience = 3 * time.Second

// notified tells whoever waits for a handset that it is back: messages, and
// sessions of OTAPA. It is answered when the messages have it on the disk; a
// session that a crash keeps from it asks the HLR.
func (g *Gateway) notified(q *tcap.Incoming) {
	var inv ansi41.SMSNOTInvoke
	if err := inv.Decode(q.Parameters); err != nil {
		q.Error(uint8(ansi41.ParameterError), nil)
		return
	}
	if !inv.SMSAccessDeniedReason.OK {
		g.handsetBack(&inv)
	}
	g.push.SMSNOT(&inv, func() {
		var r ansi41.SMSNOTResult
		params, err := r.Append(nil)
		if err != nil {
			q.Error(uint8(ansi41.SystemFailure), nil)
			return
		}
		q.Result(params)
	})
}

// handsetBack tells the sessions that wait.
func (g *Gateway) handsetBack(inv *ansi41.SMSNOTInvoke) {
	ev := otasp.Event{Kind: otasp.HandsetBack, At: g.out.Clock.Now(), Terminal: &otasp.Terminal{ESN: uint32(inv.ESN)}}
	if inv.MEID.OK {
		ev.Terminal.MEID = inv.MEID.V.String()
	}
	if inv.SMSAddress.OK {
		ev.MSC = g.routes.mscAt(&inv.SMSAddress.V)
	}
	for _, id := range g.awaiting.of(inv.MIN.V.String()) {
		g.post(id, ev)
	}
}

// delivering puts the delivery of messages together.
func (g *Gateway) delivering() (err error) {
	table, err := route.New(g.cfg.Routes, g.cfg.SMPP.Dictionary())
	if err != nil {
		return err
	}
	c := &g.cfg.Push
	g.binds = binds.NewTable(g.receivers, g.out.Clock)
	g.relay, err = relay.NewDoor(relay.Config{
		Accounts: g.cfg.SMPP.Accounts, TLVs: g.cfg.SMPP.Dictionary(), Box: destOf, Wake: g.wakePostman, Now: g.out.Clock.Now, Log: g.log,
	})
	if err != nil {
		return err
	}
	pc := push.Config{
		Push: c, Links: g.cfg.Links, Routes: table, MSCs: g.routes.addresses(), SMDPP: g.cfg.SS7.Timers.SMDPP, Network: g.ss7, Store: g.messages,
		TLVs: g.cfg.SMPP.Dictionary(), SMPP: &g.cfg.SMPP, Binds: g.binds.Of, Handsets: g.relay,
		Doors: map[string]push.Door{doorTrigger: triggerDoor{g}, doorIOTA: iotaDoor{g}, doorWelcome: g.welcomes, relay.DoorName: g.relay},
		Clock: g.out.Clock, Random: g.out.random, Shards: g.out.Shards,
		Log: g.log, Dial: g.out.Centres,
	}
	if g.out.Network == nil {
		pc.Patience = patience
	}
	for i := range g.cfg.SS7.ACs {
		if ac := &g.cfg.SS7.ACs[i]; ac.Name == c.SS7.HLR {
			if pc.HLR, err = address41(ac.Route); err != nil {
				return fmt.Errorf("ss7.acs[%s]: %w", ac.Name, err)
			}
		}
	}
	if g.profiles, err = profiles(c.Profiles); err != nil {
		return err
	}
	if g.cfg.HTTP.Listen != "" {
		g.results, err = ppg.NewDoor(ppg.DoorConfig{Initiators: g.cfg.HTTP.Initiators, Box: g.messages, Now: g.out.Clock.Now, Log: g.log})
		if err != nil {
			return err
		}
		pc.Doors[ppg.DoorName] = g.results
	}
	if g.push, err = push.New(pc); err != nil {
		return err
	}
	g.relay.Serve(g.push)
	if g.results == nil {
		return nil
	}
	g.pap, err = ppg.New(ppg.Config{
		HTTP: &g.cfg.HTTP, Memory: c.Memory, Service: g.push, Now: g.out.Clock.Now, Random: g.out.random, Log: g.log,
	})
	return err
}

// receivers are the binds of an account that take messages now.
func (g *Gateway) receivers(account string) (all []binds.Receiver) {
	if g.out.Receivers != nil {
		return g.out.Receivers(account)
	}
	for _, b := range g.smpp.Receivers(account) {
		all = append(all, b)
	}
	return all
}

// profiles reads the documents that triggers can name. One that is not valid
// keeps the gateway from starting rather than a handset from working.
func profiles(list []configs.Profile) (map[string]*omacp.Document, error) {
	all := map[string]*omacp.Document{}
	for _, p := range list {
		text, err := os.ReadFile(p.File)
		if err != nil {
			return nil, fmt.Errorf("push.profiles[%s]: %w", p.Name, err)
		}
		doc, err := omacp.ParseXML(text)
		if err == nil {
			err = doc.Validate(omacp.Rules{Names: omacp.NonTabledNames()})
		}
		if err != nil {
			return nil, fmt.Errorf("push.profiles[%s]: %w", p.Name, err)
		}
		all[p.Name] = doc
	}
	return all, nil
}

// provisions tells which sessions of the store program handsets.
func provisions(k sessions.Key) bool { return !push.Owns(k) }
