package demo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/sim"
	"github.com/otagate/otagate/smpp"
)

// Options say how a story is played.
type Options struct {
	Out   io.Writer // ladder and table
	PCAP  io.Writer // capture, nil for none
	Noise sim.Noise
	Self  string // path of this program
	Log   zerolog.Logger

	watch  func(sim.Sight)
	front  func(door, behind string) (string, error) // who stands before the doors; nil is nobody
	push   *Push                                     // of the story, if it is one of a message
	iota   *IOTA                                     // likewise
	log    string                                    // of the configuration, that of a demo when empty
	stderr io.Writer                                 // gets what a gateway says that is a process, beside what keeps it; may be nil
}

// run is one playing of a story.
type run struct {
	ctx     context.Context
	lab     *Lab
	story   *Story
	order   configs.Order
	handset *sim.Handset
	before  sim.Memory
	call    *sim.Call
	ivr     *sim.IVR
	corr    string
	id      string
	receipt smpp.Receipt
	balance int // TRNs that are to stay taken
	client  *sim.IOTA
	called  called
}

// Play plays a story and checks its end. The error says what is not as promised.
func Play(ctx context.Context, s Story, o Options) error {
	o.Out = zerolog.SyncWriter(o.Out) // messages still pass while the table is printed
	ladder := newLadder(o.Out, s.Flow...)
	capture := newCapture(o.PCAP)
	o.watch = func(m sim.Sight) {
		ladder.see(m)
		capture.see(m)
	}
	err := newRun(ctx, &s).play(&o)
	if err == nil {
		err = ladder.missing()
	}
	return errors.Join(err, capture.close())
}

// newRun prepares the order and the handset of a story.
func newRun(ctx context.Context, s *Story) *run {
	r := &run{ctx: ctx, story: s, order: baseOrder(), corr: "demo-" + s.Name}
	if s.Order != nil {
		s.Order(&r.order)
	}
	hc := sim.DefaultHandset()
	if s.Handset != nil {
		s.Handset(&hc)
	}
	r.handset = sim.NewHandset(hc)
	r.before = r.handset.Memory()
	return r
}

func (r *run) play(o *Options) (err error) {
	o.push, o.iota = r.story.Push, r.story.IOTA
	if r.lab, err = newLab(o, r.story.Rules); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.lab.close()) }()
	if r.story.Push == nil {
		if err := r.lab.importOrders(r.ctx, []configs.Order{r.order}); err != nil {
			return err
		}
	}
	if err := r.lab.open(r.ctx, r.story.Process); err != nil {
		return err
	}
	if r.ivr, err = r.lab.dial(r.ctx); err != nil {
		return err
	}
	play := r.story.Play
	if play == nil {
		play = oneCall
	}
	if err := play(r); err != nil {
		return err
	}
	if err := r.ivr.Close(r.ctx); err != nil && !r.story.Process {
		return fmt.Errorf("unbind: %w", err)
	}
	return r.check(o.Out)
}

// oneCall is the plain course: a call, a trigger, a receipt.
func oneCall(r *run) error {
	if err := r.dialStarCode(); err != nil {
		return err
	}
	if err := r.trigger(fmt.Sprintf("TRN=%s;CORR=%s", r.call.TRN, r.corr)); err != nil {
		return err
	}
	return r.await()
}

func (r *run) dialStarCode() (err error) {
	r.call, err = r.lab.Net.MSC.Dial(r.handset)
	return err
}

// trigger submits a trigger that has to be accepted.
func (r *run) trigger(text string) error {
	status, id, err := r.submit(text)
	if err != nil {
		return err
	}
	if status != smpp.StatusOK {
		return fmt.Errorf("the trigger was refused with %s", status)
	}
	r.id = id
	return nil
}

func (r *run) submit(text string) (smpp.Status, string, error) {
	ctx, cancel := context.WithTimeout(r.ctx, 10*time.Second)
	defer cancel()
	defer r.lab.heard()
	return r.ivr.Trigger(ctx, text)
}

// await waits for the receipt. When the gateway was killed, the IVR binds again.
func (r *run) await() error {
	ctx, cancel := context.WithTimeout(r.ctx, 30*time.Second)
	defer cancel()
	for {
		rec, err := r.ivr.Receipt(ctx, r.id)
		if err == nil {
			r.receipt = rec
			return nil
		}
		if ctx.Err() != nil || !r.story.Process {
			return fmt.Errorf("no receipt: %w", err)
		}
		if r.ivr, err = r.lab.dial(ctx); err != nil {
			return err
		}
	}
}

func unknownTRN(r *run) error {
	if err := r.trigger("TRN=2222229998;CORR=" + r.corr); err != nil {
		return err
	}
	return r.await()
}

func noOrder(r *run) error {
	if err := r.dialStarCode(); err != nil {
		return err
	}
	r.balance = 1 // the gateway never reached the MSC
	status, _, err := r.submit(fmt.Sprintf("TRN=%s;MDN=5550000000;CORR=%s", r.call.TRN, r.corr))
	if err != nil {
		return err
	}
	if status != smpp.StatusSubmitFailed {
		return fmt.Errorf("the trigger was answered with %s, not ESME_RSUBMITFAIL", status)
	}
	return r.await()
}

// second is the reference of the second trigger of a story.
const second = "second"

func busyMDN(r *run) error {
	if err := r.dialStarCode(); err != nil {
		return err
	}
	if err := r.trigger(fmt.Sprintf("TRN=%s;MDN=%s;CORR=%s", r.call.TRN, r.order.MDN, r.corr)); err != nil {
		return err
	}
	other, err := r.lab.Net.MSC.Dial(sim.NewHandset(sim.DefaultHandset()))
	if err != nil {
		return err
	}
	r.balance = 1 // the second call was never attached
	status, _, err := r.submit(fmt.Sprintf("TRN=%s;MDN=%s;CORR=%s", other.TRN, r.order.MDN, second))
	if err != nil {
		return err
	}
	if status != smpp.StatusSubmitFailed {
		return fmt.Errorf("the second trigger was answered with %s, not ESME_RSUBMITFAIL", status)
	}
	if err := r.await(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(r.ctx, 10*time.Second)
	defer cancel()
	return r.ivr.Wait(ctx, 2)
}

func duplicateTrigger(r *run) error {
	if err := r.dialStarCode(); err != nil {
		return err
	}
	text := fmt.Sprintf("TRN=%s;CORR=%s", r.call.TRN, r.corr)
	if err := r.trigger(text); err != nil {
		return err
	}
	first := r.id
	if err := r.trigger(text); err != nil {
		return err
	}
	if r.id != first {
		return fmt.Errorf("the repeated trigger got id %s, the first one %s", r.id, first)
	}
	return r.await()
}
