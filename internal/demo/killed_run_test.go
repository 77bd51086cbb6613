package demo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/sim"
	"github.com/otagate/otagate/internal/testlog"
	"github.com/otagate/otagate/smpp"
	"github.com/otagate/otagate/ss7/ansi41"
)

// course is what happens in a story, for those whose gateway may be killed at any
// moment of it: nobody in it gives up because of that.
type course func(*killedRun) error

// killedStories are the stories of an order that is carried out without a call, or
// after it.
var killedStories = []killedStory{
	{"otapa-prl", updated},
	{"otapa-nam-lock", updated},
	{"otapa-audit", updated},
	{"otapa-postponed", awayAndBack},
	{"iota-one-button", buttonPressed},
	{"iota-ivr", calledTheStarCode},
	{"iota-split", calledBack("iota")},
	{"iota-settings", calledBack("iota")},
	{"iota-prl", calledBack("iota")},
	{"iota-fails-then-otapa", calledBack("iota,otapa-ss7")},
	{"iota-replayed-url", andReplayed(calledBack("iota"))},
	{"iota-expired", calledBack("iota")},
}

type killedStory struct {
	name   string
	course course
}

// reason is that of a story that ends as it should.
func (k *killedStory) reason() string {
	s, _ := Find(k.name)
	return s.Ends.Reason
}

// killedRun is one playing of a story.
type killedRun struct {
	*run
	gate *gate
	a    *attempt
	out  io.Writer

	store   []byte // before the first start
	pressed bool   // the button once more after the activation
}

// killedAt plays a story with a gateway that is killed at a moment, and checks what
// is left.
func killedAt(ctx context.Context, a *attempt) (e *killedEnd, err error) {
	s := &killedStories[a.story]
	story, known := Find(s.name)
	if !known {
		return nil, fmt.Errorf("no story %s", s.name)
	}
	var out testlog.Log
	k := &killedRun{a: a, out: &out}
	k.gate = newGate(a.moment, func(what string) { fmt.Fprintf(k.out, "%s\n", what) })
	k.run = newRun(ctx, &story)
	defer func() {
		k.gate.close()
		if k.lab != nil {
			err = errors.Join(err, k.lab.close())
		}
		if err != nil {
			err = fmt.Errorf("%w\n%s", err, out.String())
		}
	}()
	if err := k.prepare(); err != nil {
		return nil, err
	}
	if err := s.course(k); err != nil {
		return nil, err
	}
	k.hungUp()
	if err := k.gate.settle(); err != nil {
		return nil, err
	}
	return k.ended()
}

func (k *killedRun) prepare() (err error) {
	o := &Options{Out: k.out, Log: zerolog.Nop(), iota: k.story.IOTA, watch: newLadder(k.out).see, front: k.gate.place}
	if o.iota != nil {
		i := *o.iota
		i.Client = k.habits
		o.iota, k.story.IOTA = &i, &i
	}
	if k.lab, err = newLab(o, nil); err != nil {
		return err
	}
	if err := k.filled(); err != nil {
		return err
	}
	if err := k.gate.start(k.lab.config.File, k.lab.config.Store.Path); err != nil {
		return err
	}
	return k.bind()
}

// filled makes the store, which takes longer than to copy one.
func (k *killedRun) filled() (err error) {
	if k.a.store != nil {
		return os.WriteFile(k.lab.config.Store.Path, k.a.store, 0o600)
	}
	if err := k.lab.importOrders(k.ctx, []configs.Order{k.order}); err != nil {
		return err
	}
	k.store, err = os.ReadFile(k.lab.config.Store.Path)
	return err
}

// habits makes the handset of the story one that may repeat.
func (k *killedRun) habits(c *sim.IOTAConfig) {
	if s, _ := Find(k.story.Name); s.IOTA.Client != nil {
		s.IOTA.Client(c)
	}
	if k.a.again {
		c.Client = &http.Client{Transport: &repeating{http.Transport{DisableKeepAlives: true}}}
	}
}

// repeating repeats a request once of which it has heard nothing.
type repeating struct{ way http.Transport }

func (r *repeating) RoundTrip(q *http.Request) (*http.Response, error) {
	a, err := r.way.RoundTrip(q)
	if err == nil || q.Context().Err() != nil {
		return a, err
	}
	again := q.Clone(q.Context())
	if q.GetBody != nil {
		if again.Body, err = q.GetBody(); err != nil {
			return nil, err
		}
	}
	return r.way.RoundTrip(again)
}

// longest is how long anybody waits for anything.
const longest = 40 * time.Second

// errSlow is that something did not come in time. It may when nothing else runs.
var errSlow = errors.New("too slow")

func (k *killedRun) bind() error {
	v, err := k.lab.dial(k.ctx)
	var refused *smpp.BindError
	switch {
	case errors.As(err, &refused) && refused.Status != smpp.StatusSystemError:
		return err
	case err != nil:
		return fmt.Errorf("%w: %w", errSlow, err)
	}
	k.ivr = v
	return nil
}

// ordered triggers until there is an answer, and waits for the receipt.
func (k *killedRun) ordered(text string) error {
	ctx, cancel := context.WithTimeout(k.ctx, longest)
	defer cancel()
	for {
		status, id, err := k.ivr.Trigger(ctx, text)
		switch {
		case err == nil && status == smpp.StatusOK:
			k.id = id
			return k.informed(ctx)
		case err == nil:
			return fmt.Errorf("the trigger was refused with %s", status)
		case ctx.Err() != nil:
			return fmt.Errorf("%w: no answer to the trigger: %w", errSlow, err)
		}
		if err := k.bind(); err != nil {
			return err
		}
	}
}

// informed waits for the receipt. That it has come does not mean that the gateway
// knows, which then sends it again.
func (k *killedRun) informed(ctx context.Context) error {
	for {
		r, err := k.ivr.Receipt(ctx, k.id)
		if err == nil {
			k.receipt = r
			return nil
		}
		if ctx.Err() != nil {
			return fmt.Errorf("%w: no receipt: %w", errSlow, err)
		}
		if err := k.bind(); err != nil {
			return err
		}
	}
}

func updated(k *killedRun) error { return k.ordered(k.updateText(k.camp())) }

// awayAndBack: the handset comes back when nobody does anything about it any more.
func awayAndBack(k *killedRun) error {
	min := k.camp()
	hlr := k.lab.Net.HLR
	hlr.Deny(min, ansi41.AccessPostponed)
	back := make(chan error, 1)
	go func() {
		ctx, cancel := context.WithTimeout(k.ctx, longest)
		defer cancel()
		err := hlr.Wait(ctx, func() bool { return k.lab.script.Count("SMSREQ") > 0 })
		if err != nil {
			err = fmt.Errorf("%w: no SMSREQ: %w", errSlow, err)
		} else {
			err = k.gate.quiet(ctx, commitTime)
		}
		hlr.Appear(min)
		back <- err
	}()
	return errors.Join(k.ordered(k.updateText(min)), <-back)
}

func calledBack(carriers string) course {
	return func(k *killedRun) error { return k.ordered(k.inviteText(k.switchOn(), carriers)) }
}

// andReplayed: somebody else has seen the URL.
func andReplayed(c course) course {
	return func(k *killedRun) error {
		if err := c(k); err != nil {
			return err
		}
		k.hungUp()
		if len(k.called.links()) == 0 {
			return nil // the handset was never called back
		}
		before := k.handset.Memory()
		err := k.client.CallBack(k.ctx, k.called.links()[0])
		after := k.handset.Memory()
		if err == nil || before.Differs(&after) != "" {
			return fmt.Errorf("the URL was good after the session: %w", err)
		}
		return nil
	}
}

func calledTheStarCode(k *killedRun) error {
	k.switchOn()
	if err := k.dialStarCode(); err != nil {
		return err
	}
	return k.ordered(k.assistText())
}

// buttonPressed: a handset that was activated cannot be a second time.
func buttonPressed(k *killedRun) error {
	k.corr = "" // nobody has triggered it
	k.answering()
	_ = k.client.Boot(k.ctx, k.bootURL()) // when it fails the user gives up
	k.lab.Net.Register(k.handset)
	if s := k.client.Sessions()[0]; s.Err != nil || !s.Committed {
		return nil
	}
	ctx, cancel := context.WithTimeout(k.ctx, longest)
	defer cancel()
	if err := k.gate.quiet(ctx, commitTime); err != nil { // until it is on the disk that the order is done
		return err
	}
	k.pressed = true
	_ = k.client.Boot(k.ctx, k.bootURL()) // a gateway that does not know yet ends the session at once
	if n := k.client.Sessions()[1].Documents; n > 1 {
		return fmt.Errorf("it was given %d documents after it was activated", n)
	}
	return nil
}
