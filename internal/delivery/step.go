package delivery

import (
	"math"
	"time"
)

// withdrawPause is after how long a part is asked for again that its sender has
// and does not answer for.
const withdrawPause = time.Minute

// machine is one step: the state so far, and the effects.
type machine struct {
	Session
	ev  Event // a pointer would put it on the heap
	out []Effect
}

// Step is the delivery machine. It has no clock, I/O, goroutine, lock or log.
func (s Session) Step(ev Event, out []Effect) (Session, []Effect) {
	m := machine{s, ev, out}
	if ev.Row != 0 {
		m.emit(Effect{Kind: Settle, Row: ev.Row})
	}
	switch ev.Kind {
	case Start:
		m.start()
	case Taken, Failed, InDoubt:
		m.answer()
	case Receipt:
		m.receipt()
	case Located, NotHere:
		m.location()
	case Notified:
		m.notified()
	case Withdrawn:
		m.withdrawn()
	case Expired:
		m.expired()
	case Recovered:
		m.recovered()
	case Cancel:
		m.cancel()
	case Recall:
		m.recall()
	case Alone, Join, Absorb:
		m.gathered()
	case Joined:
		m.joined()
	default:
		m.anomaly("unknown event")
	}
	if m.Phase == Gathering && ev.Kind == Expired {
		return m.Session, m.out
	}
	if m.Phase != Ended && m.Phase != Idle && (!m.Wake.Equal(s.Wake) || s.Phase == Idle || ev.Kind == Recovered || ev.Kind == Expired) {
		m.emit(Effect{Kind: SetTimer, At: m.Wake})
	}
	return m.Session, m.out
}

func (m *machine) emit(e Effect) { m.out = append(m.out, e) }

func (m *machine) anomaly(what string) {
	m.emit(Effect{Kind: Anomaly, Note: m.ev.Kind.String() + " in " + m.Phase.String() + ": " + what})
}

func (m *machine) start() {
	if m.Phase != Idle || len(m.Parts) == 0 || len(m.Parts) > maxParts {
		m.anomaly("nothing to start")
		return
	}
	m.await()
	if m.Wake.After(m.ev.At) {
		m.Phase, m.Wake = Gathering, earlier(m.Wake, m.Validity)
		m.emit(Effect{Kind: Gather})
		return
	}
	m.schedule()
}

// schedule begins when it is time. The clock may have been set back since the
// timer was set.
func (m *machine) schedule() {
	if m.NotBefore.After(m.ev.At) && !m.over(m.ev.At) {
		m.Phase, m.Wake = Scheduled, earlier(m.NotBefore, m.Validity)
		return
	}
	m.proceed()
}

// await: a notification may come for a handset that an MSC serves.
func (m *machine) await() {
	if m.Bearer == ByMSC {
		m.emit(Effect{Kind: Await})
	}
}

// proceed does what is next for the part in hand. No part is with a sender.
func (m *machine) proceed() {
	switch {
	case m.over(m.ev.At):
		m.fail(ReasonExpired, m.Last)
	case m.Bearer == ByMSC && m.MSC == "":
		m.locate()
	default:
		m.hand()
	}
}

func (m *machine) locate() {
	if m.tooMany(m.Asked) {
		m.fail(ReasonAttempts, m.Last)
		return
	}
	m.Asked++
	m.Phase, m.Wake = Locating, m.Validity
	m.ask()
}

func (m *machine) ask() {
	m.Req++
	m.emit(Effect{Kind: Locate, Req: m.Req})
}

func (m *machine) hand() {
	if m.tooMany(m.Parts[m.Part].Sendings) {
		m.fail(ReasonAttempts, m.Last)
		return
	}
	p := m.edit(m.Part)
	p.State = Sent
	p.Sendings++
	m.Sending++
	m.Phase, m.Wake = Sending, m.Validity
	m.emit(Effect{Kind: Hand, Part: m.Part, Sending: m.Sending, MSC: m.MSC})
}

func (m *machine) tooMany(done uint8) bool {
	limit := m.Policy.Attempts
	return done == 255 || limit != 0 && done >= limit
}

// answer is what a sender says of the part it had.
func (m *machine) answer() {
	ev := m.ev
	if (m.Phase != Sending && m.Phase != Ending) || ev.Sending != m.Sending || ev.Part != m.Part {
		m.anomaly("no such part is being sent")
		return
	}
	ending := m.Phase == Ending
	m.Phase = Pausing // no sender has it any more; what follows says where it goes
	known := m.known()
	switch {
	case known: // its receipt was faster
	case ev.Kind == Taken:
		m.taken()
	case ev.Kind == Failed:
		m.edit(m.Part).State = Unsent
		m.Last = ev.Failure.Detail
	default:
		m.edit(m.Part).Doubt = true
		m.Last = ev.Failure.Detail
	}
	switch {
	case ending:
		m.finish(m.Result)
	case known || ev.Kind == Taken:
		m.next()
	case ev.Kind == Failed:
		m.failed()
	default:
		m.doubt()
	}
}

// known tells whether a receipt has said what became of the part in hand.
func (m *machine) known() bool { return m.Parts[m.Part].State >= Delivered }

func (m *machine) taken() {
	p := m.edit(m.Part)
	p.State, p.Doubt = Accepted, false
	if m.Bearer == ByMSC || m.Policy.Final {
		p.State = Delivered
	}
	if m.Policy.Receipts && m.ev.MessageID != "" {
		m.emit(Effect{Kind: Correlate, Part: m.Part, MessageID: m.ev.MessageID})
	}
}

// next goes on with the part behind one that is done.
func (m *machine) next() {
	m.Asked = 0
	if int(m.Part)+1 < len(m.Parts) {
		m.Part++
		m.proceed()
		return
	}
	m.complete()
}

// complete ends a message of which all parts were taken, or waits for receipts.
func (m *machine) complete() {
	switch {
	case m.pending() == 0:
		m.finish(Result{Outcome: Done, Reason: ReasonDelivered})
	case m.Policy.Receipts:
		m.Phase, m.Wake = Settling, m.Validity.Add(m.Policy.Grace)
	default:
		m.finish(Result{Outcome: Done, Reason: ReasonAccepted})
	}
}

// failed goes on after a failure. Where no try is left nothing is waited for.
func (m *machine) failed() {
	f := &m.ev.Failure
	spent := m.tooMany(m.Parts[m.Part].Sendings)
	switch {
	case f.Class == Late:
		m.fail(ReasonExpired, f.Detail)
	case f.Class != Temporary && f.Class != Postponed:
		m.fail(ReasonUndeliverable, f.Detail)
	case spent, f.Class == Temporary && m.Bearer == ByMSC && m.tooMany(m.Asked):
		m.fail(ReasonAttempts, f.Detail)
	case f.Class == Temporary:
		m.MSC = "" // it may be elsewhere by then
		m.pause(f.After)
	default:
		m.MSC = ""
		m.away()
	}
}

// pause waits before the next try: the pause doubles with each, and never
// leads beyond the message's time.
func (m *machine) pause(first time.Duration) {
	if first <= 0 {
		first = m.Policy.Pause
	}
	d := doubled(first, m.Policy.MaxPause, max(m.Parts[m.Part].Sendings, m.Asked, 1)-1)
	m.Phase, m.Wake = Pausing, earlier(m.ev.At.Add(d), m.Validity)
}

// doubled is d, doubled so many times but not beyond limit, of which 0 is none.
func doubled(d, limit time.Duration, times uint8) time.Duration {
	if limit <= 0 {
		limit = math.MaxInt64
	}
	for range times {
		if d > limit/2 {
			return limit
		}
		d *= 2
	}
	return min(d, limit)
}

func (m *machine) away() {
	m.Phase, m.Wake = Away, m.Validity
	if m.Policy.AskAgain > 0 {
		m.Wake = earlier(m.ev.At.Add(m.Policy.AskAgain), m.Validity)
	}
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// doubt: a receipt would settle it.
func (m *machine) doubt() {
	if m.Policy.Receipts && m.Policy.Doubt > 0 {
		m.Phase, m.Wake = Doubtful, m.ev.At.Add(m.Policy.Doubt)
		return
	}
	m.doubtStays()
}

func (m *machine) doubtStays() {
	if m.Policy.Resend {
		m.Phase = Pausing
		m.proceed()
		return
	}
	m.edit(m.Part).State = Unknown
	m.fail(ReasonInDoubt, m.Last)
}

func (m *machine) receipt() {
	ev := m.ev
	if int(ev.Part) >= len(m.Parts) || ev.Outcome < Delivered || ev.Outcome > Unknown {
		m.anomaly("a receipt for no part")
		return
	}
	was := m.Parts[ev.Part]
	switch {
	case was.State >= Delivered:
		return // a repetition
	case was.State == Unsent && !was.Doubt:
		m.anomaly("a receipt for a part that was not sent")
		return
	case m.Phase == Ended:
		return
	}
	p := m.edit(ev.Part)
	p.State, p.Doubt = ev.Outcome, false
	switch {
	case m.Phase == Ending:
	case ev.Outcome != Delivered:
		m.fail(ReasonUndeliverable, "receipt: "+ev.Failure.Detail)
	case m.Phase == Settling:
		m.complete()
	case ev.Part != m.Part:
	case m.Phase != Sending:
		m.next()
	case was.Doubt:
		m.withdraw(0) // it was the sending before this one
	}
}

// location is the answer of the HLR.
func (m *machine) location() {
	ev := m.ev
	if m.Phase != Locating || ev.Req != m.Req {
		m.anomaly("not asked")
		return
	}
	if ev.Kind == Located {
		m.MSC = ev.MSC
		m.proceed()
		return
	}
	m.Last = ev.Failure.Detail
	m.failed()
}

// notified: one notification is for all messages that wait, so that one which
// needs none is nothing unusual.
func (m *machine) notified() {
	switch m.Phase {
	case Away, Locating:
		m.Req++ // an answer that is still to come is out of date
		m.Asked = 0
		m.MSC = m.ev.MSC
		m.proceed()
	case Pausing:
		m.MSC = m.ev.MSC
		m.proceed()
	}
}

// withdrawn tells whether the part in hand will be sent.
func (m *machine) withdrawn() {
	ev := m.ev
	if (m.Phase != Sending && m.Phase != Ending) || ev.Sending != m.Sending || !ev.OK {
		m.reply(false)
		return
	}
	ending, known := m.Phase == Ending, m.known()
	m.Phase = Pausing // no sender has it, or will have it
	if !known {
		m.edit(m.Part).State = Unsent
	}
	switch {
	case ending:
		m.reply(false)
		m.finish(m.Result)
	case known: // the handset has it, from the sending before
		m.reply(false)
		m.next()
	case ev.Again:
		if p := m.edit(m.Part); p.Sendings > 0 {
			p.Sendings-- // it was no attempt
		}
		m.again()
	case ev.Ask != 0:
		m.cancel()
	default:
		m.proceed()
	}
}

// recall begins again with a message of which nobody has, or may have, anything.
func (m *machine) recall() {
	if m.Part > 0 || m.Parts[0].Doubt || m.known() {
		m.reply(false)
		return
	}
	switch m.Phase {
	case Scheduled, Locating, Away, Pausing:
		m.again()
	case Sending:
		m.emit(Effect{Kind: Withdraw, Part: m.Part, Sending: m.Sending, MSC: m.MSC, Ask: m.ev.Ask, Again: true})
	default:
		m.reply(false)
	}
}

// again goes on with what is changed. No part is with a sender.
func (m *machine) again() {
	m.reply(true)
	m.during()
	m.MSC = ""
	m.schedule()
}

func (m *machine) cancel() {
	switch m.Phase {
	case Scheduled, Locating, Away, Pausing:
		m.reply(true)
		m.fail(ReasonCancelled, "")
	case Gathering:
		m.reply(true)
		m.fail(ReasonCancelled, "")
	case Joining:
		m.reply(m.Result == Result{})
		m.Result = Result{Outcome: Unsuccessful, Reason: ReasonCancelled}
	case Sending:
		m.withdraw(m.ev.Ask)
	default:
		m.reply(false)
	}
}

func (m *machine) reply(ok bool) {
	if m.ev.Ask != 0 {
		m.emit(Effect{Kind: Answer, Ask: m.ev.Ask, OK: ok})
	}
}

func (m *machine) withdraw(ask uint64) {
	m.emit(Effect{Kind: Withdraw, Part: m.Part, Sending: m.Sending, MSC: m.MSC, Ask: ask})
}

func (m *machine) expired() {
	switch m.Phase {
	case Scheduled:
		m.schedule()
	case Pausing, Away:
		m.proceed()
	case Locating:
		m.Req++
		m.proceed()
	case Sending, Ending:
		m.Wake = m.ev.At.Add(withdrawPause)
		if m.Phase == Ending || m.over(m.ev.At) {
			m.withdraw(0)
		}
	case Doubtful:
		m.doubtStays()
	case Settling:
		m.finish(Result{Outcome: Uncertain, Reason: ReasonNoReceipt})
	case Gathering: // Wake stays: after a restart its time is still over
		m.emit(Effect{Kind: GiveUp})
		m.emit(Effect{Kind: SetTimer, At: m.ev.At.Add(withdrawPause)})
	case Joining:
		m.Wake = m.ev.At.Add(withdrawPause)
		m.emit(Effect{Kind: Take})
	default:
		m.anomaly("no timer")
	}
}

// recovered: what was asked is asked again, and what was handed out is handed
// out again under its name, unless a receipt has made that superfluous.
func (m *machine) recovered() {
	if m.Phase == Idle || m.Phase == Ended {
		m.anomaly("nothing to recover")
		return
	}
	m.Recoveries += min(1, math.MaxUint8-m.Recoveries)
	m.await()
	switch m.Phase {
	case Locating:
		m.ask()
	case Away:
		if m.Bearer == ByMSC { // the notification may have come while nobody was there
			m.Asked = 0
			m.proceed()
		}
	case Sending:
		if m.known() {
			m.withdraw(0)
			return
		}
		m.emit(Effect{Kind: Hand, Part: m.Part, Sending: m.Sending, MSC: m.MSC})
	case Ending:
		m.withdraw(0)
	case Gathering:
		m.emit(Effect{Kind: Gather})
	case Joining:
		m.emit(Effect{Kind: Take})
	}
}

// fail ends the delivery without success.
func (m *machine) fail(why Reason, detail string) {
	m.finish(Result{Outcome: Unsuccessful, Reason: why, Detail: detail})
}

// finish reports, once no sender has a part. Only then is known whether a part
// is in doubt, which makes a failure uncertain.
func (m *machine) finish(r Result) {
	m.Result = r
	if m.Phase == Sending {
		m.Phase, m.Wake = Ending, m.ev.At.Add(withdrawPause)
		m.withdraw(0)
		return
	}
	if r.Outcome == Unsuccessful && m.inDoubt() {
		m.Result.Outcome = Uncertain
	}
	m.Phase = Ended
	m.emit(Effect{Kind: Report, Result: m.Result})
}
