package simulation

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/otagate/otagate/internal/gateway/binds"
	"github.com/otagate/otagate/smpp"
)

// account is how the IVR binds.
const account = "ivr"

// ivr triggers, takes receipts, and remembers what it was promised.
type ivr struct {
	w *world

	mu       sync.Mutex
	epoch    int // of the bind; a new one after each end
	bound    bool
	since    *process // whose bind it is
	waiting  map[*letter]bool
	letters  int
	triggers []*trigger
}

// trigger is one thing the IVR wants started. It may take several submit_sm.
type trigger struct {
	n       int
	text    string
	receipt uint8
	push    bool // it is for a message
	safe    bool // it names a CORR, so that it may be repeated
	left    int  // how often it is still submitted
	open    bool // an answer is waited for
	over    bool
	status  smpp.Status // the last answer
	id      string      // of the session, when it was accepted
	refs    []string    // user_message_reference of refused submissions
}

var errUnbound = errors.New("the bind has ended")

func newIVR(w *world) *ivr { return &ivr{w: w, waiting: map[*letter]bool{}} }

// answer is a call that has reached the IVR.
func (v *ivr) answer(s *subscriber, trn string, d *rand.Rand) {
	mine := s.mdn()
	text, safe := "TRN="+trn, d.IntN(5) > 1
	switch d.IntN(12) {
	case 0, 1, 2:
		text += ";MDN=" + mine
	case 3:
		text += fmt.Sprintf(";ORDER=order-%d", s.n)
	case 4:
		text += ";MIN=" + mine
	case 5: // he says that he is somebody else
		text += ";MDN=" + v.w.somebody(s, d).mdn()
	case 6:
		text += ";PRL=7"
	}
	switch d.IntN(25) {
	case 0:
		text = "TRN=9999990000"
	case 1:
		text += ";COLOUR=red"
	}
	receipt := uint8(1)
	if d.IntN(8) == 0 {
		receipt = uint8(2 * d.IntN(2))
	}
	first := v.add(text, trn, safe, receipt)
	v.w.after(time.Duration(d.Int64N(int64(2*time.Second))), func() { v.submit(first) })
	if d.IntN(3) == 0 { // the same caller asks again, or a second IVR does
		again := first
		if d.IntN(2) == 0 {
			again = v.add(text, trn+"b", d.IntN(2) == 0, receipt)
		}
		v.w.after(time.Duration(d.Int64N(int64(25*time.Second))), func() { v.submit(again) })
	}
}

func (v *ivr) add(text, corr string, safe bool, receipt uint8) *trigger {
	v.mu.Lock()
	defer v.mu.Unlock()
	if safe {
		text += ";CORR=" + corr
	}
	t := &trigger{n: len(v.triggers), text: text, receipt: receipt, safe: safe, left: 8}
	v.triggers = append(v.triggers, t)
	return t
}

// reply is the answer to one submit_sm.
type reply struct {
	v     *ivr
	t     *trigger
	p     *process
	epoch int
	ref   string
	once  sync.Once
}

// submit sends a trigger, now or when there is a bind.
func (v *ivr) submit(t *trigger) {
	w := v.w
	v.mu.Lock()
	p, epoch := v.since, v.epoch
	switch {
	case t.open || t.id != "" && !t.safe || t.over && t.id == "" || t.left <= 0:
		v.mu.Unlock()
		return
	case !v.bound || p.isDead():
		v.mu.Unlock()
		w.after(w.between(fmt.Sprintf("trigger %d waits", t.n), time.Second, 4*time.Second), func() { v.submit(t) })
		return
	}
	t.open = true
	t.left--
	ref := fmt.Sprintf("%d.%d", t.n, t.left)
	v.mu.Unlock()
	r := &reply{v: v, t: t, p: p, epoch: epoch, ref: ref}
	w.after(w.between("submit "+ref, time.Millisecond, 8*time.Millisecond), func() {
		if !v.at(p, epoch) {
			return
		}
		w.say("ivr submits %s: %s", ref, t.text)
		w.count("triggers submitted")
		to := "*228"
		if t.push {
			to = pushNumber
		}
		p.gw.Submit(account, &smpp.SubmitSM{
			SourceAddr: []byte("5550000"), DestinationAddr: []byte(to), RegisteredDelivery: t.receipt, ShortMessage: []byte(t.text),
			TLVs: smpp.TLVs{{Tag: smpp.TagUserMessageReference, Value: []byte(ref)}},
		}, r)
	})
	w.after(20*time.Second, func() { v.unanswered(r) })
}

// at tells whether this bind to this process is still there.
func (v *ivr) at(p *process, epoch int) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.bound && v.epoch == epoch && v.since == p && !p.isDead()
}

// Respond is the gateway's answer. It is safe in the store by now, or it is
// the answer of a dead process, which nobody hears.
func (r *reply) Respond(status smpp.Status, id string) {
	w := r.v.w
	if r.p.isDead() {
		return
	}
	w.ledger.answered(r.t, status, id)
	w.after(w.between("answer "+r.ref, time.Millisecond, 8*time.Millisecond), func() {
		if !r.v.at(r.p, r.epoch) || w.fault("answer lost", r.ref, w.plan.receiptLost/4) {
			w.say("the answer to %s is lost", r.ref)
			return
		}
		r.once.Do(func() { r.v.answered(r, status, id) })
	})
}

func (v *ivr) answered(r *reply, status smpp.Status, id string) {
	w, t := v.w, r.t
	w.say("ivr hears %s: %s %s", r.ref, status, id)
	v.mu.Lock()
	defer v.mu.Unlock()
	t.open, t.status = false, status
	switch status {
	case smpp.StatusOK:
		if t.safe && t.id != "" && t.id != id {
			w.breach("trigger %q is session %s and then %s", t.text, t.id, id)
		}
		t.id, t.over = id, true
		w.count("answers OK")
	case smpp.StatusThrottled, smpp.StatusSystemError:
		w.count("answers try later")
		w.after(w.between("again "+r.ref, 200*time.Millisecond, 8*time.Second), func() { v.submit(t) })
	default:
		t.over = true
		t.refs = append(t.refs, r.ref)
		w.count("answers refused")
	}
}

// unanswered: the IVR does not know what became of a trigger. It asks again;
// without CORR that may be refused, because the first asking was heard.
func (v *ivr) unanswered(r *reply) {
	r.once.Do(func() {
		v.mu.Lock()
		r.t.open = false
		r.t.over = r.t.over || r.t.push && !r.t.safe // it would be another message
		v.mu.Unlock()
		v.w.count("triggers without answer")
		v.submit(r.t)
	})
}

// bind keeps the IVR bound to whatever gateway there is.
func (v *ivr) bind() {
	w := v.w
	if p := w.running(); p != nil && p.ready.Load() {
		v.mu.Lock()
		if !v.bound {
			v.bound, v.since = true, p
			v.epoch++
			w.say("ivr binds to process %d", p.n)
		}
		v.mu.Unlock()
	}
	w.after(700*time.Millisecond, v.bind)
}

// cut ends the bind with everything that is under way on it.
func (v *ivr) cut() {
	v.mu.Lock()
	v.bound = false
	v.epoch++
	all := slices.SortedFunc(maps.Keys(v.waiting), func(a, b *letter) int { return cmp.Compare(a.n, b.n) })
	v.mu.Unlock()
	for _, l := range all { // one after the other, so that the course is the same each time
		v.w.after(0, func() { v.end(l, 0, errUnbound) })
	}
}

// unbind keeps the IVR away for a while.
func (v *ivr) unbind(d time.Duration) {
	v.cut()
	v.mu.Lock()
	v.bound, v.since = true, &process{}
	v.since.dead.Store(true)
	v.mu.Unlock()
	v.w.after(d, v.cut)
}

func (v *ivr) binds(p *process, _ string) []binds.Receiver {
	v.mu.Lock()
	defer v.mu.Unlock()
	if !v.bound || v.since != p || p.isDead() {
		return nil
	}
	return []binds.Receiver{bind{v, p, v.epoch}}
}

// bind is the IVR as the postman sees it.
type bind struct {
	v     *ivr
	p     *process
	epoch int
}

// letter is a deliver_sm under way.
type letter struct {
	n    int
	id   string
	done func(smpp.Status, error)
}

// receiptTime is how long the IVR may take to answer.
const receiptTime = 30 * time.Second

func (b bind) SendDeliverSM(p *smpp.DeliverSM, done func(smpp.Status, error)) error {
	w, v := b.v.w, b.v
	id, state, _, _ := smpp.ReceiptTLVs(p.TLVs)
	ref, _ := p.TLVs.Find(smpp.TagUserMessageReference)
	got := receipt{id: id, state: state, text: string(p.ShortMessage), ref: string(ref)}
	if !v.at(b.p, b.epoch) {
		return errUnbound
	}
	v.mu.Lock()
	v.letters++
	l := &letter{v.letters, id, done}
	v.waiting[l] = true
	v.mu.Unlock()
	name := w.ledger.nameText(id)
	w.after(w.between("receipt "+name, time.Millisecond, 20*time.Millisecond), func() { v.take(b, l, got, name) })
	w.after(receiptTime, func() { v.end(l, 0, smpp.ErrResponseTimeout) })
	return nil
}

func (bind) SendDataSM(*smpp.DataSM, func(smpp.Status, error)) error {
	return errors.New("no message goes to the IVR")
}

func (bind) Version() smpp.Version { return smpp.Version34 }
func (bind) Room() int             { return 10 }

// end ends a deliver_sm that is under way still.
func (v *ivr) end(l *letter, status smpp.Status, err error) {
	v.mu.Lock()
	waits := v.waiting[l]
	delete(v.waiting, l)
	v.mu.Unlock()
	if !waits {
		return
	}
	if err != nil {
		v.w.ledger.excuse(l.id)
	}
	l.done(status, err)
}

func (v *ivr) take(b bind, l *letter, got receipt, name string) {
	w := v.w
	status := smpp.StatusOK
	switch {
	case !v.at(b.p, b.epoch):
		return
	case w.fault("receipt refused", name, w.plan.receiptBusy):
		status = smpp.StatusSystemError
		w.say("ivr cannot take the receipt of %s", name)
	default:
		w.say("ivr takes the receipt of %s: %s", name, got.state)
		w.ledger.receipt(got)
	}
	if w.fault("receipt answer lost", name, w.plan.receiptLost) {
		w.say("ivr's answer is lost")
		w.ledger.excuse(got.id)
		if w.fault("bind lost", name, 0.3) {
			v.cut()
		}
		return
	}
	w.after(w.between("receipt answer "+name, time.Millisecond, 20*time.Millisecond), func() { v.end(l, status, nil) })
}

// settled tells whether the IVR waits for nothing.
func (v *ivr) settled() bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, t := range v.triggers {
		if t.open || t.status == smpp.StatusThrottled && t.left > 0 || t.status == smpp.StatusSystemError && t.left > 0 {
			return false
		}
	}
	return true
}
