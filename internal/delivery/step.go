package delivery

import (
	"slices"
	"time"
)

// withdrawPause is after how long a part is asked for again that its sender has
// and does not answer for.
const withdrawPause = time.Minute

// machine is one step: the state so far, and the effects.
type machine struct {
	Session
	ev  *Event
	out []Effect
}

// Step is the delivery machine. It has no clock, I/O, goroutine, lock or log.
func (s Session) Step(ev Event, out []Effect) (Session, []Effect) {
	m := machine{s, &ev, out}
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
	default:
		m.anomaly("unknown event")
	}
	if m.Phase != Ended && m.Phase != Idle && (m.Wake != s.Wake || ev.Kind == Recovered || ev.Kind == Expired) {
		m.emit(Effect{Kind: SetTimer, At: m.Wake})
	}
	return m.Session, m.out
}

func (m *machine) emit(e Effect) { m.out = append(m.out, e) }

func (m *machine) anomaly(what string) {
	m.emit(Effect{Kind: Anomaly, Note: m.ev.Kind.String() + " in " + m.Phase.String() + ": " + what})
}

func (m *machine) start() {
	if m.Phase != Idle || len(m.Parts) == 0 {
		m.anomaly("nothing to start")
		return
	}
	m.await()
	if m.NotBefore.After(m.ev.At) {
		m.Phase, m.Wake = Scheduled, m.NotBefore
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
	p := &m.Parts[m.Part]
	if m.tooMany(p.Sendings) {
		m.fail(ReasonAttempts, m.Last)
		return
	}
	m.set(m.Part, Sent)
	m.Parts[m.Part].Sendings++
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
	known := m.Parts[m.Part].State == Delivered || m.Parts[m.Part].State == Undelivered
	switch {
	case known: // its receipt was faster
	case ev.Kind == Taken:
		m.taken()
	case ev.Kind == Failed:
		m.set(m.Part, Unsent)
		m.Last = ev.Failure.Detail
	default:
		m.set(m.Part, Sent)
		m.Parts[m.Part].Doubt = true
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

func (m *machine) taken() {
	m.Asked = 0
	state := Accepted
	if m.Bearer == ByMSC {
		state = Delivered
	}
	m.set(m.Part, state)
	m.Parts[m.Part].Doubt = false
	if m.Policy.Receipts && m.ev.MessageID != "" {
		m.emit(Effect{Kind: Correlate, Part: m.Part, MessageID: m.ev.MessageID})
	}
}

// next goes on with the part behind one that is done.
func (m *machine) next() {
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

func (m *machine) failed() {
	f := &m.ev.Failure
	switch f.Class {
	case Temporary:
		m.MSC = "" // it may be elsewhere by then
		m.pause(f.After)
	case Postponed:
		m.MSC = ""
		m.away()
	case Late:
		m.fail(ReasonExpired, f.Detail)
	default:
		m.fail(ReasonUndeliverable, f.Detail)
	}
}

// pause waits before the next try: the pause doubles with each, and never
// leads beyond the message's time.
func (m *machine) pause(after time.Duration) {
	if after <= 0 {
		after = m.Policy.Pause
	}
	tries := max(m.Parts[m.Part].Sendings, m.Asked, 1) - 1
	after <<= min(tries, 20)
	if limit := m.Policy.MaxPause; limit > 0 && (after > limit || after <= 0) {
		after = limit
	}
	m.Phase, m.Wake = Pausing, earlier(m.ev.At.Add(after), m.Validity)
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
	m.set(m.Part, Unknown)
	m.fail(ReasonInDoubt, m.Last)
}

func (m *machine) receipt() {
	ev := m.ev
	if int(ev.Part) >= len(m.Parts) || ev.Outcome < Delivered || ev.Outcome > Unknown {
		m.anomaly("a receipt for no part")
		return
	}
	if s := m.Parts[ev.Part].State; s != Accepted && s != Sent {
		return // a repetition
	}
	current := ev.Part == m.Part
	m.set(ev.Part, ev.Outcome)
	m.Parts[ev.Part].Doubt = false
	switch {
	case m.Phase == Ending || m.Phase == Ended:
	case ev.Outcome != Delivered:
		m.fail(ReasonUndeliverable, "receipt: "+ev.Failure.Detail)
	case m.Phase == Doubtful && current:
		m.next()
	case m.Phase == Settling:
		m.complete()
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
	if (m.Phase != Sending && m.Phase != Ending) || ev.Sending != m.Sending {
		m.reply(false)
		return
	}
	if !ev.OK {
		m.reply(false)
		return
	}
	m.set(m.Part, unsentUnless(m.Parts[m.Part].State))
	switch {
	case m.Phase == Ending:
		m.finish(m.Result)
	case ev.Ask != 0:
		m.Phase = Pausing
		m.cancel()
	default:
		m.Phase = Pausing
		m.proceed()
	}
}

// unsentUnless: a part that was taken back was not sent, unless a receipt says so.
func unsentUnless(s PartState) PartState {
	if s == Sent {
		return Unsent
	}
	return s
}

func (m *machine) cancel() {
	switch m.Phase {
	case Scheduled, Locating, Away, Pausing:
		m.reply(true)
		m.fail(ReasonCancelled, "")
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
	case Scheduled, Pausing:
		m.proceed()
	case Away:
		m.MSC = ""
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
	default:
		m.anomaly("no timer")
	}
}

// recovered: what was asked is asked again, and what was handed out is handed
// out again under its name.
func (m *machine) recovered() {
	m.Recoveries++
	m.await()
	switch m.Phase {
	case Locating:
		m.ask()
	case Sending:
		m.emit(Effect{Kind: Hand, Part: m.Part, Sending: m.Sending, MSC: m.MSC})
	case Ending:
		m.withdraw(0)
	case Idle, Ended:
		m.anomaly("nothing to recover")
	}
}

// fail ends the delivery without success. A part in doubt makes that uncertain.
func (m *machine) fail(why Reason, detail string) {
	r := Result{Outcome: Unsuccessful, Reason: why, Detail: detail}
	if slices.ContainsFunc(m.Parts, func(p Part) bool { return p.Doubt || p.State == Unknown }) {
		r.Outcome = Uncertain
	}
	m.finish(r)
}

// finish reports, once no sender has a part.
func (m *machine) finish(r Result) {
	m.Result = r
	if m.Phase == Sending {
		m.Phase, m.Wake = Ending, m.ev.At.Add(withdrawPause)
		m.withdraw(0)
		return
	}
	m.Phase = Ended
	m.emit(Effect{Kind: Report, Result: r})
}
