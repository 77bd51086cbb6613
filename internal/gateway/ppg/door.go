package ppg

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/gateway/push"
	"github.com/otagate/otagate/internal/gateway/web"
	"github.com/otagate/otagate/sessions"
)

// Door tells initiators how their messages ended. It is the push.Door of the
// name DoorName.
type Door struct {
	notifiers map[string]*notifier
	counts    doorCounters
	client    *http.Client
}

var _ push.Door = (*Door)(nil)

// DoorConfig puts a door into its surroundings.
type DoorConfig struct {
	Initiators []configs.Initiator
	Box        sessions.Postbox
	Now        func() time.Time
	Log        zerolog.Logger
}

// NewDoor makes a door; Run runs it.
func NewDoor(cfg DoorConfig) (*Door, error) {
	d := &Door{notifiers: map[string]*notifier{}, client: web.NewClient(10*time.Second, 4)}
	for i := range cfg.Initiators {
		c := &cfg.Initiators[i]
		allowed, err := newBeginnings(c.Notify)
		if err != nil {
			return nil, fmt.Errorf("http.initiators[%s]: %w", c.Name, err)
		}
		d.notifiers[c.Name] = &notifier{
			initiator: c.Name, allowed: allowed, box: cfg.Box, client: d.client, counts: &d.counts, now: cfg.Now,
			log: cfg.Log, wake: make(chan struct{}, 1),
		}
	}
	return d, nil
}

// Report gives the outbox row of the end of a message, when the initiator has
// asked to be told.
func (d *Door) Report(e *push.End) (sessions.Outbox, bool) {
	if d.notifiers[e.Origin.Account] == nil {
		return sessions.Outbox{}, false // nobody would ever send it
	}
	return row(e)
}

// Reported wakes the notifier of an initiator.
func (d *Door) Reported(e *push.End) {
	if n := d.notifiers[e.Origin.Account]; n != nil {
		n.nudge()
	}
}

// Run tells what waits, until ctx ends.
func (d *Door) Run(ctx context.Context) error {
	var wg sync.WaitGroup
	for _, n := range d.notifiers {
		wg.Go(func() { n.run(ctx) })
	}
	wg.Wait()
	d.client.CloseIdleConnections()
	return nil
}
