package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/otagate/otagate/internal/sim"
	"github.com/otagate/otagate/ss7/ansi41"
)

// phones are the subscribers of a network and their handsets.
type phones struct {
	handsetFlags
	away time.Duration
	all  []*handset

	calls sync.WaitGroup
}

// firstESN is of the first subscriber, unless he has one; the next has the next.
const firstESN = 0x82000001

// mobileSubscriber reads MIN[:ESN]; n counts from 0.
func mobileSubscriber(text string, n int) (number string, esn uint32, err error) {
	number, hex, given := strings.Cut(text, ":")
	if _, err := ansi41.ParseMIN(number); err != nil {
		return "", 0, usageError{fmt.Errorf("--subscriber: %w", err)}
	}
	if !given {
		return number, firstESN + uint32(n), nil
	}
	e, err := ansi41.ParseESN(hex)
	if err != nil {
		return "", 0, usageError{fmt.Errorf("--subscriber: %w", err)}
	}
	return number, uint32(e), nil
}

// subscribe makes the subscribers known to the network.
func (p *phones) subscribe(ctx context.Context, n *sim.Network, out io.Writer, observe func(sim.Sight)) error {
	for i, text := range p.subscribers {
		number, esn, err := mobileSubscriber(text, i)
		if err != nil {
			return err
		}
		memory := idle(number, esn)
		h := p.switchOn(number, out, observe, p.calling(ctx, n, memory, out, observe))
		n.Subscribe(sim.Subscriber{MIN: number, ESN: esn, Phone: h.agent})
		n.MSC.Camp(number, memory)
		if p.away > 0 {
			n.HLR.Deny(number, ansi41.AccessPostponed)
		}
		p.all = append(p.all, h)
		fmt.Fprintf(out, "handset %s is on: ESN=%08X\n", number, esn)
	}
	return nil
}

// calling has the handset follow the call-backs of IOTA until ctx ends: on goroutines, as
// it takes the message first.
func (p *phones) calling(ctx context.Context, n *sim.Network, h *sim.Handset, out io.Writer, observe func(sim.Sight)) func(url string) {
	agent := sim.NewIOTA(sim.IOTAConfig{Handset: h, OEM: "otagate", Model: "simulated", Software: "1", PSA: "2.0", Observe: observe})
	return func(url string) {
		p.calls.Go(func() {
			before := h.Memory().MDN
			err := agent.CallBack(ctx, url)
			n.Register(h)
			switch {
			case err != nil:
				fmt.Fprintf(out, "handset %s called back: %v\n", before, err)
			default:
				fmt.Fprintf(out, "handset %s called back, and is %s now\n", before, h.Memory().MDN)
			}
		})
	}
}

// idle is the same handset to OTAPA and IOTA.
func idle(number string, esn uint32) *sim.Handset {
	c := sim.OTAPAHandset()
	c.ESN, c.Memory.MDN = esn, number
	c.Memory.IMSIM.S, c.Memory.IMSIT.S = number, number
	return sim.NewHandset(c)
}

// watch prints what the handsets do, until ctx ends.
func (p *phones) watch(ctx context.Context) {
	var wg sync.WaitGroup
	for _, h := range p.all {
		wg.Go(func() { h.watch(ctx) })
	}
	wg.Wait()
	p.calls.Wait()
}

// comeBack ends the absence of the subscribers.
func (p *phones) comeBack(ctx context.Context, n *sim.Network, script *sim.Script, out io.Writer) {
	if p.away == 0 || n.HLR.Wait(ctx, func() bool { return script.Count("SMSREQ") > 0 }) != nil {
		return
	}
	t := time.NewTimer(p.away)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
		return
	}
	for _, h := range p.all {
		fmt.Fprintf(out, "handset %s is back\n", h.number)
		n.HLR.Appear(h.number)
	}
}

// beside runs what there is beside the main thing, as long as that takes.
func beside(ctx context.Context, main func(context.Context) error, others ...func(context.Context)) error {
	ctx, cancel := context.WithCancel(ctx)
	var wg sync.WaitGroup
	for _, f := range others {
		wg.Go(func() { f(ctx) })
	}
	err := main(ctx)
	cancel()
	wg.Wait()
	return err
}
