package push

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/otagate/otagate/internal/delivery"
	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/sessions/cdr"
	"github.com/otagate/otagate/ss7/ansi41"
)

// timerWake is the one timer of a message.
const timerWake sessions.TimerKind = 1

// event is what a message is told: the machine's event, and what the machine
// does not see of it.
type event struct {
	delivery.Event
	esn       uint32    // of Located and Notified, when the HLR says it
	spellings []string  // of Receipt: message ids that would be this one
	mark      uint16    // of Receipt: user_message_reference, when there are no spellings
	told      *Told     // of Receipt
	change    *change   // of Recall, and of the Withdrawn that answers it
	assembly  *assembly // of Join
	done      func()    // called when the step is committed
	from      *sender   // and this one lets go of the row then
	moved     bool      // of Failed: the link is gone, see move
	tries     int       // how often it was put off
}

// flow is the way of messages as the runtime drives it.
type flow struct {
	svc   *Service
	dir   *directory
	doors map[string]Door
	do    *performer
	rooms sync.Pool // *[]delivery.Effect, for the machine: the shards step at once
}

var (
	_ sessions.Flow[parcel, event, effect] = (*flow)(nil)
	_ sessions.Dropper[event]              = (*flow)(nil)
)

// Step runs the machine and sorts its effects: durable ones into the
// transaction, the others into out.
func (f *flow) Step(p *parcel, ev event, tx *sessions.Tx, out []effect) []effect {
	if ev.done != nil || ev.from != nil {
		out = append(out, effect{kind: doTell, done: ev.done, from: ev.from, row: ev.Row})
	}
	if ev.Kind == delivery.Receipt && !p.find(&ev) {
		return append(out, effect{kind: doAnomaly, note: "a receipt for no part"})
	}
	if p.placed(&ev) {
		p.esn = ev.esn // 0 too: that of a handset before would be refused
	}
	if ev.told != nil && p.relay.isPDU() && p.delivery.Parts[ev.Part].State < delivery.Delivered {
		p.told = *ev.told
	}
	was, again := p.link, false
	if p.moves(&ev) {
		again = f.move(p, &ev, tx)
	}
	gathering := p.delivery.Phase == delivery.Gathering
	if gathering {
		f.gathered(p, &ev)
	}
	room, _ := f.rooms.Get().(*[]delivery.Effect)
	if room == nil {
		room = new([]delivery.Effect)
	}
	var effects []delivery.Effect
	p.delivery, effects = p.delivery.Step(ev.Event, (*room)[:0])
	if p.relay.isPDU() && p.delivery.Phase == delivery.Settling && p.content.Payload != nil {
		p.content.Payload = nil // it is with the centre, and is not sent again
		if !slices.ContainsFunc(effects, func(e delivery.Effect) bool { return e.Kind == delivery.Correlate }) {
			out = append(out, effect{kind: doKnow, parcel: p}) // with a message id the directory hears of it anyway
		}
	}
	if ev.change != nil && recalled(effects) {
		out = p.apply(ev.change, out)
	}
	for i := range effects {
		if effects[i].Again {
			out = append(out, effect{kind: doWithdraw, dest: destOf(p.link, ""), part: effects[i].Part, sending: effects[i].Sending, ask: effects[i].Ask,
				again: &recall{ev.change, ev.NotBefore, ev.Validity}})
			continue
		}
		if effects[i].Kind == delivery.Hand {
			// What has just been changed is not in the directory before the commit.
			out = f.hand(p, &effects[i], ev.change == nil && !again && !gathering, tx, out)
			continue
		}
		out = f.sort(p, &effects[i], ev.At, tx, out)
	}
	if gathering && p.delivery.Phase != delivery.Gathering {
		out = append(out, effect{kind: doLeft})
		again = again || p.delivery.Phase != delivery.Ended
	}
	if again || p.link != was {
		f.dir.heads(p)
		out = append(out, effect{kind: doKnow, parcel: p})
	}
	clear(effects)
	*room = effects
	f.rooms.Put(room)
	return out
}

// recalled tells whether a message begins again.
func recalled(effects []delivery.Effect) bool {
	return slices.ContainsFunc(effects, func(e delivery.Effect) bool { return e.Kind == delivery.Answer && e.OK })
}

// placed tells whether the event says where the handset is now.
func (p *parcel) placed(ev *event) bool {
	switch ev.Kind {
	case delivery.Located:
		return p.delivery.Phase == delivery.Locating && ev.Req == p.delivery.Req
	case delivery.Notified:
		return ev.MSC != ""
	}
	return false
}

// find puts the part into a receipt.
func (p *parcel) find(ev *event) bool {
	if len(ev.spellings) == 0 {
		n := ev.mark - p.mark(0)
		ev.Part = uint8(n)
		return int(n) < len(p.delivery.Parts)
	}
	for _, s := range ev.spellings { // what is the same goes before what may be
		i := slices.IndexFunc(p.taken, func(t receiptID) bool { return plain(t.id) == s })
		if i >= 0 {
			ev.Part = p.taken[i].part
			return true
		}
	}
	return false
}

func (f *flow) sort(p *parcel, e *delivery.Effect, at time.Time, tx *sessions.Tx, out []effect) []effect {
	switch e.Kind {
	case delivery.Settle:
		tx.Done(e.Row)
	case delivery.Correlate:
		p.taken = append(slices.Clone(p.taken), receiptID{e.Part, e.MessageID})
		return append(out, effect{kind: doKnow, parcel: p})
	case delivery.SetTimer:
		tx.Timer(timerWake, e.At)
	case delivery.Locate:
		return append(out, effect{kind: doLocate, req: e.Req, min: p.min})
	case delivery.Withdraw:
		return append(out, effect{kind: doWithdraw, dest: destOf(p.link, e.MSC), part: e.Part, sending: e.Sending, ask: e.Ask})
	case delivery.Answer:
		return append(out, effect{kind: doAnswer, ask: e.Ask, ok: e.OK})
	case delivery.Report:
		return f.report(p, e.Result, at, tx, out)
	case delivery.Anomaly:
		return append(out, effect{kind: doAnomaly, note: e.Note})
	case delivery.Gather:
		known := *p
		return append(out, effect{kind: doGather, parcel: &known})
	case delivery.Take:
		known := *p
		return append(out, effect{kind: doTake, parcel: &known})
	case delivery.GiveUp:
		return append(out, effect{kind: doGiveUp})
	case delivery.Leave:
		tx.Finish()
		return append(out, effect{kind: doLeave})
	}
	return out // Await: a message is in the directory from its beginning
}

// hand puts a part into the outbox. known: the directory has what is to be sent.
func (f *flow) hand(p *parcel, e *delivery.Effect, known bool, tx *sessions.Tx, out []effect) []effect {
	row, err := p.row(e.Part, e.Sending, e.MSC, known && e.Sending == 1)
	if err != nil { // it was split before it was accepted
		return append(out, effect{kind: doRefuse, part: e.Part, sending: e.Sending, note: err.Error()})
	}
	tx.Send(row)
	return append(out, effect{kind: doNudge, dest: row.Dest, part: e.Part, sending: e.Sending})
}

// report writes the end of a message: its record and what its door wants to
// tell go with the deletion of the session into one commit.
func (f *flow) report(p *parcel, r delivery.Result, at time.Time, tx *sessions.Tx, out []effect) []effect {
	e, told := f.say(p, r, at, tx)
	if p.joint != nil {
		for i := range p.joint.fellows {
			one := p.fellow(&p.joint.fellows[i])
			other, also := f.say(&one, r, at, tx)
			f.do.ends.put(other)
			told = told || also
		}
	}
	tx.Finish()
	return append(out, effect{kind: doForget, end: e, ok: p.relay != composed, told: told || p.relay == composed, joint: p.joint})
}

// say writes the end of one message, and tells whether its door wants to tell it.
func (f *flow) say(p *parcel, r delivery.Result, at time.Time, tx *sessions.Tx) (e *ending, told bool) {
	p.record(tx.Record(), r, at)
	e = f.do.ends.of(p, r, at)
	door := f.doors[p.origin.Door]
	if door == nil {
		return e, false
	}
	row, wanted := door.Report(&e.End)
	if wanted {
		tx.Send(row)
	}
	return e, wanted
}

// flowRelay is the flow of relayed messages in records.
const flowRelay = "relay"

// record fills an empty record.
func (p *parcel) record(rec *cdr.Record, r delivery.Result, at time.Time) {
	s := &p.delivery
	*rec = cdr.Record{
		Session: sessions.ID(p.id).String(), Flow: "push",
		Trigger: cdr.Trigger{Account: p.origin.Account, Source: p.origin.Source, Corr: p.origin.Corr},
		MDN:     p.to, MSC: s.MSC, Link: p.link,
		Started: p.began, Ended: at, Outcome: cdr.Outcome(r.Outcome.String()), Reason: string(r.Reason), Detail: r.Detail,
		Recovered: int(s.Recoveries), Attempts: s.Sendings(),
	}
	if p.relay != composed {
		rec.Flow, rec.Trigger.Destination = flowRelay, p.to
	}
	if p.esn != 0 {
		rec.ESN = ansi41.ESN(p.esn).String()
	}
	if len(s.Parts) == 1 && s.Parts[0].Sendings <= 1 && p.joint == nil {
		rec.Steps = plainSteps[s.Parts[0].State]
		return
	}
	rec.Steps = make([]string, len(s.Parts))
	for i := range s.Parts {
		rec.Steps[i] = stepOf(i+1, len(s.Parts), &s.Parts[i])
	}
	if j := p.joint; j != nil {
		rec.Steps = append(rec.Steps, fmt.Sprintf("joined:%d/%d", j.number, j.total))
	}
}

// plainSteps are those of nearly all messages: of one part that was sent once. They
// never change.
var plainSteps = func() (all [delivery.Unknown + 1][]string) {
	for i := range all {
		all[i] = []string{stepOf(1, 1, &delivery.Part{State: delivery.PartState(i)})}
	}
	return all
}()

// stepOf is what the record says of a part: its number, of how many, what became of
// it, and how often it was sent when that is more than once.
func stepOf(number, total int, part *delivery.Part) string {
	var b [32]byte
	dst := append(strconv.AppendInt(b[:0], int64(number), 10), '/')
	dst = append(strconv.AppendInt(dst, int64(total), 10), ':')
	dst = append(dst, part.State.String()...)
	if part.Sendings > 1 {
		dst = strconv.AppendUint(append(dst, ':'), uint64(part.Sendings), 10)
	}
	return string(dst)
}

func (f *flow) AppendState(dst []byte, p *parcel) ([]byte, error) { return p.append(dst) }

// DecodeState puts a message of an earlier run into the directory, before the
// networks can say anything of it.
func (f *flow) DecodeState(b []byte) (parcel, error) {
	var p parcel
	if err := p.decode(b); err != nil {
		return p, err
	}
	f.dir.add(&p)
	f.do.gather.learn(&p)
	return p, nil
}

func (f *flow) Timeout(_ sessions.TimerKind, at time.Time) event {
	return event{Event: delivery.Event{Kind: delivery.Expired, At: at}}
}

func (f *flow) Recovered(at time.Time) event {
	return event{Event: delivery.Event{Kind: delivery.Recovered, At: at}}
}

// Refused does not come: a message takes no key and no correlation that
// another may have.
func (f *flow) Refused(_ error, at time.Time) event {
	return event{Event: delivery.Event{Kind: delivery.Expired, At: at}}
}

// Dropped is an event for a message that has just ended. Whoever waits for it is
// told, and its row has to go.
func (f *flow) Dropped(ref sessions.Ref, ev event) {
	f.do.later(func(ctx context.Context) { f.do.missing(ctx, ref.ID, ev) })
}

func (f *flow) Perform(ref sessions.Ref, effects []effect) {
	for i := range effects {
		f.do.perform(ref, &effects[i])
	}
}
