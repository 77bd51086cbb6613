package gateway

import (
	"context"
	"fmt"
	"time"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/sessions/disk"
)

// logCounters logs the counters of all layers at intervals and once at the
// end, so that the night's log says what was refused, lost or malformed.
func (g *Gateway) logCounters(ctx context.Context) error {
	defer g.logCountersOnce()
	if g.cfg.Log.Counters <= 0 {
		<-ctx.Done()
		return nil
	}
	tick := time.NewTicker(g.cfg.Log.Counters)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			g.logCountersOnce()
		}
	}
}

func (g *Gateway) logCountersOnce() {
	e := g.log.Info()
	if g.pap != nil {
		e = e.Interface("pap", g.pap.Stats()).Interface("result notifications", g.results.Stats())
	}
	if g.callbacks != nil {
		e = e.Interface("handsets", g.Handsets())
	}
	if kept, is := g.messages.(*disk.Messages); is {
		e = e.Interface("pages", kept.Stats()).Interface("log", kept.LogStats())
	}
	e = e.Interface("gateway", g.Stats()).
		Interface("sessions", g.runtime.Stats()).
		Interface("push", g.push.Stats()).
		Interface("relay", g.relay.Stats()).
		Interface("links", g.push.Links()).
		Interface("smpp", g.smpp.Stats())
	g.ss7.counters(e).Msg("counters")
}

// counted is what is not zero, by name.
func counted(values []uint64, name func(int) fmt.Stringer) *zerolog.Event {
	d := zerolog.Dict()
	for i, v := range values {
		if v != 0 {
			d.Uint64(name(i).String(), v)
		}
	}
	return d
}
