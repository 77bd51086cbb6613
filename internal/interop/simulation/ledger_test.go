package simulation

import (
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/otagate/otagate/internal/sim"
	"github.com/otagate/otagate/otasp/is683"
	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/sessions/cdr"
	"github.com/otagate/otagate/smpp"
	"github.com/otagate/otagate/ss7/ansi41"
	"github.com/otagate/otagate/ss7/tcap/ansi"
)

// ledger is the second book-keeping: it sees every change of the store, every
// message and every answer, and says when they contradict each other.
type ledger struct {
	w *world

	mu       sync.Mutex
	accounts map[sessions.ID]*entry
	order    []*entry
	byMIN    map[string]*entry           // the live session that has the activation MIN
	calls    map[string]*call            // by TRN: the latest call that had it
	atMSC    map[string]*call            // by activation MIN, as the MSC has it attached
	atAC     map[string]*aKey            // by activation MIN
	handsets map[*sim.Handset]sim.Memory // as the last Commit has left it
	receipts map[string][]receipt        // by session
	excused  map[string]bool             // whose receipt may come twice
	promised map[*trigger]sessions.ID
	refused  *entry // the latest trigger that was refused

	// Of messages.
	postings    map[int64]*posting // by row
	bySMDPP     map[ansi.TransactionID]*posting
	lastClaimed *posting    // what was claimed last
	shows       map[int]int // how often a handset shows the message of a trigger
}

// entry is one session.
type entry struct {
	id       sessions.ID
	n        int // in the order of birth
	key      sessions.Key
	min, trn string
	receipt  bool // one was ordered
	over     bool
	record   cdr.Record
	order    string // that was carried out
	promised bool   // ESME_RESP OK has left
	refusal  bool
	at       time.Time // of the refusal
	written  int       // changes of the store
	asked    *trigger  // the one that was accepted, if the gateway could say so

	spc      map[string]int // SPCs on their way or arrived
	commits  int
	attached *call

	committed bool       // a Commit has arrived at the handset
	was, now  sim.Memory // of the handset, before and after that
	changes   int

	message *message // nil of activations
}

// call is a call at the MSC.
type call struct {
	*sim.Call
	by       *subscriber
	min      string
	released bool
	hungUp   bool
}

// aKey is a temporary A-key at the AC.
type aKey struct {
	by    *entry
	there bool
	ready bool // it is agreed on: public values alone cannot be committed
	stale bool // a late request has made it after it was given back
}

type receipt struct {
	id, text, ref string
	state         smpp.MessageState
}

func newLedger(w *world) *ledger {
	return &ledger{
		w: w, accounts: map[sessions.ID]*entry{}, byMIN: map[string]*entry{}, calls: map[string]*call{}, atMSC: map[string]*call{}, atAC: map[string]*aKey{},
		handsets: map[*sim.Handset]sim.Memory{}, receipts: map[string][]receipt{}, excused: map[string]bool{},
		promised: map[*trigger]sessions.ID{},
		postings: map[int64]*posting{}, bySMDPP: map[ansi.TransactionID]*posting{}, shows: map[int]int{},
	}
}

// name is how the trace calls a session: numbers in the order of birth.
func (l *ledger) name(id sessions.ID) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.entry(id).name()
}

func (e *entry) name() string { return fmt.Sprintf("s%d", e.n) }

func (l *ledger) nameText(id string) string {
	v, err := sessions.ParseID(id)
	if err != nil {
		return "?"
	}
	return l.name(v)
}

func (l *ledger) entry(id sessions.ID) *entry {
	e := l.accounts[id]
	if e == nil {
		e = &entry{id: id, n: len(l.order) + 1, spc: map[string]int{}}
		l.accounts[id] = e
		l.order = append(l.order, e)
	}
	return e
}

func (l *ledger) dialled(c *sim.Call, s *subscriber) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.calls[c.TRN] = &call{Call: c, by: s}
	if _, known := l.handsets[s.set]; !known {
		l.handsets[s.set] = s.set.Memory()
	}
}

func (l *ledger) hungUp(trn string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.calls[trn].hungUp = true
}

// change sees a change before the store makes it.
func (l *ledger) change(c *sessions.Change) {
	l.mu.Lock()
	defer l.mu.Unlock()
	e := l.entry(c.ID)
	e.written++
	if e.over {
		l.w.breach("%s: a change after its end", e.name())
	}
	if c.Expect == 0 {
		l.born(e, c)
	}
	e.key = c.FinalKey()
	for _, other := range l.order {
		if other != e && !other.over && other.min != "" && other.key == e.key && !c.Finish {
			l.w.breach("%s and %s both live under %s", e.name(), other.name(), e.key)
		}
	}
	if e.message != nil {
		l.settled(c.OutboxDone)
	}
	e.receipt = e.receipt || len(c.Outbox) > 0 && (e.message == nil || c.Finish)
	if len(c.CDR) > 0 != c.Finish || len(c.CDR) > 1 || len(c.Outbox) > 1 {
		l.w.breach("%s: %d records, %d receipts in one change, finish=%t", e.name(), len(c.CDR), len(c.Outbox), c.Finish)
	}
	if c.Finish {
		l.ended(e, c)
	}
}

func (l *ledger) born(e *entry, c *sessions.Change) {
	if c.Key.Kind == sessions.KeyMessage {
		l.bornMessage(e, c)
		return
	}
	if c.Finish {
		e.refusal, e.at, l.refused = true, time.Now(), e
		if len(c.AddCorr) > 0 || c.OrderDone.Name != "" || c.NewKey != nil {
			l.w.breach("%s: a refusal that changes something", e.name())
		}
		return
	}
	for _, a := range c.AddCorr {
		switch a.Kind {
		case sessions.CorrActivationMIN:
			e.min = a.ID
			l.byMIN[a.ID] = e
		case sessions.CorrTRN:
			e.trn = a.ID
		}
	}
	l.w.say("%s is born: TRN %s, activation MIN %s", e.name(), e.trn, e.min)
}

func (l *ledger) ended(e *entry, c *sessions.Change) {
	e.over, e.record, e.order = true, c.CDR[0], c.OrderDone.Name
	if l.byMIN[e.min] == e {
		delete(l.byMIN, e.min)
	}
	r := &e.record
	l.w.say("%s ends: %s, %s, %s", e.name(), r.Outcome, r.Reason, r.Detail)
	if r.Session != e.id.String() {
		l.w.breach("%s: the record names session %s", e.name(), r.Session)
	}
	if e.message != nil {
		l.endedMessage(e, r)
		return
	}
	if e.refusal {
		if r.Outcome != cdr.Refused {
			l.w.breach("%s: refused, and the record says %s", e.name(), r.Outcome)
		}
		return
	}
	l.handset(e, r)
}

// handset holds what has become of the handset against the record. A record
// that says "in doubt" allows everything.
func (l *ledger) handset(e *entry, r *cdr.Record) {
	good := r.Outcome == cdr.Done || r.Outcome == cdr.Partial
	switch {
	case r.Reason == "commit-in-doubt":
	case good && e.attached == nil:
		l.w.breach("%s: the record says %s, and no handset was there", e.name(), r.Outcome)
	case good && !e.committed:
		l.w.breach("%s: the record says %s, and no Commit has arrived", e.name(), r.Outcome)
	case good:
		l.holds(e, r)
	case e.changes > 0:
		l.w.breach("%s: the record says %s, %s, and the handset was programmed", e.name(), r.Outcome, r.Reason)
	}
}

// holds: what the record lists is in the handset as ordered, the rest as it was.
func (l *ledger) holds(e *entry, r *cdr.Record) {
	now := &e.now
	o := l.w.orderOf(e.order)
	if o == nil {
		l.w.breach("%s: %s, and no order is carried out", e.name(), r.Outcome)
		return
	}
	want := e.was
	for _, part := range r.Steps {
		switch part {
		case "nam":
			want.IMSIM = is683.IMSIM{MCC: o.NAM.MCC, IMSI1112: o.NAM.IMSI1112, S: o.NAM.S}
			want.Access = is683.Access{ACCOLC: o.NAM.ACCOLC, LocalControl: o.NAM.LocalControl, MobTermHome: o.NAM.MobTermHome, MobTermForSID: o.NAM.MobTermForSID, MobTermForNID: o.NAM.MobTermForNID}
			if a := o.NAM.Analog; a != nil && e.attached.by.kind == "analog" { // another handset gets the CDMA NAM of such an order
				want.Analog = sim.Analog(*a)
			}
			want.SIDNID = nil
			for _, p := range o.NAM.SIDNID {
				want.SIDNID = append(want.SIDNID, is683.SIDNID{SID: p.SID, NID: p.NID})
			}
		case "mdn":
			want.MDN = o.MDN
		case "imsi_t":
			want.IMSIT = is683.IMSIT{MCC: o.IMSIT.MCC, IMSI1112: o.IMSIT.IMSI1112, S: o.IMSIT.S}
		case "prl":
			want.PRL = o.PRL
		case "spc":
			want.SPC, _ = is683.ParseSPC(o.NewSPC, is683.HighFirst)
		case "packet_data":
			want.Packet = maps.Clone(want.Packet)
			for _, b := range o.PacketData {
				d, _ := hex.DecodeString(b.Data)
				want.Packet[b.ID] = string(d)
			}
		case "a_key":
			want.AKey, want.HasAKey = now.AKey, true
			if key, ok := l.w.net.lab.HLR.AKey(o.NAM.S); r.Reason != "after-commit" && (!ok || key != now.AKey) {
				l.w.breach("%s: handset and AC hold different A-keys", e.name())
			}
		}
	}
	if d := want.Differs(now); d != "" {
		l.w.breach("%s: the record says %s %v, and the handset's %s is another", e.name(), r.Outcome, r.Steps, d)
	}
}

// sent sees what the gateway asks the network to carry.
func (l *ledger) sent(s *sign) {
	l.mu.Lock()
	defer l.mu.Unlock()
	e := l.byMIN[s.min]
	switch {
	case e == nil:
		// The commit of its last step and the answer to it cross; what is sent
		// for nobody is a fault.
		l.w.breach("%s is sent, and no live session has this activation MIN", s)
	case s.spc():
		if e.spc[s.step]++; e.spc[s.step] > 1 {
			l.w.breach("%s: an SPC goes out a second time (%s)", e.name(), s.step)
		}
	case s.commit():
		if e.commits++; e.commits > 2 {
			l.w.breach("%s: Commit goes out a third time", e.name())
		}
	}
}

// returned: the network has given a message back, so that it surely did not arrive.
func (l *ledger) returned(s *sign) {
	l.mu.Lock()
	defer l.mu.Unlock()
	e := l.byMIN[s.min]
	switch {
	case e == nil:
	case s.spc():
		e.spc[s.step]--
	case s.commit():
		e.commits--
	}
}

// before and after see a message at its node.
func (l *ledger) before(s *sign) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if c := l.atMSC[s.min]; c != nil && s.commit() && !c.hungUp {
		s.watched, s.memory = c, c.Handset.Memory()
	}
}

func (l *ledger) after(s *sign) {
	l.mu.Lock()
	defer l.mu.Unlock()
	e := l.latest(s.min)
	switch {
	case e == nil:
	case s.watched != nil:
		l.programmed(e, s)
	case s.toAC:
		l.askedAC(e, s)
	case s.action == ansi41.ActionAttachMSCToOTAF:
		if c := l.calls[s.trn]; c != nil && !c.released && !c.hungUp {
			c.min, l.atMSC[s.min] = s.min, c
			if e.trn == s.trn {
				e.attached = c
			}
		}
	case s.action == ansi41.ActionReleaseTRN:
		if c := l.calls[s.trn]; c != nil && !c.released {
			c.released = true
			delete(l.atMSC, c.min)
		}
	}
}

// programmed: a Commit has reached a handset.
func (l *ledger) programmed(e *entry, s *sign) {
	set := s.watched.Handset
	now := set.Memory()
	if !e.committed || s.memory.Differs(&now) != "" {
		e.was = s.memory
	}
	e.committed, e.now = true, now
	if s.memory.Differs(&now) == "" {
		return
	}
	l.handsets[set] = now
	if e.changes++; e.changes > 1 {
		l.w.breach("%s: the handset is programmed a second time", e.name())
	}
	if e.over && e.record.Reason != "commit-in-doubt" {
		l.w.breach("%s: a handset is programmed after the record of it", e.name())
	}
}

// latest is the session that has, or had last, an activation MIN.
func (l *ledger) latest(min string) *entry {
	for i := len(l.order) - 1; i >= 0; i-- {
		if l.order[i].min == min {
			return l.order[i]
		}
	}
	return nil
}

func (l *ledger) askedAC(e *entry, s *sign) {
	k := l.atAC[s.min]
	switch s.action {
	case ansi41.ActionGeneratePublicEncryptionValues:
		if k == nil || !k.there {
			l.atAC[s.min] = &aKey{by: e, there: true, stale: e.over || k != nil && k.by == e}
		}
	case ansi41.ActionGenerateAKey:
		if k != nil {
			k.ready = true
		}
	case ansi41.ActionCommitAKey:
		if k != nil && k.ready {
			k.there = false
		}
	case ansi41.ActionReleaseResources: // what a request makes of it that was before this one on the way is late
		l.atAC[s.min] = &aKey{by: e}
	}
}

// answered sees the answer to a trigger as it leaves the gateway.
func (l *ledger) answered(t *trigger, status smpp.Status, id string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	first, before := l.promised[t]
	switch status {
	case smpp.StatusOK:
		v, err := sessions.ParseID(id)
		e := l.accounts[v]
		if err != nil || e == nil || e.refusal {
			l.w.breach("trigger %d is accepted as %q, which is no session", t.n, id)
			return
		}
		if before && first != v && t.safe {
			l.w.breach("trigger %d is %s and then %s", t.n, l.accounts[first].name(), e.name())
		}
		l.promised[t], e.promised = v, true
		if e.asked == nil {
			e.asked = t
		}
	case smpp.StatusThrottled, smpp.StatusSystemError:
		if e := l.refused; before && t.safe && e != nil && e.at.Equal(time.Now()) {
			l.w.breach("trigger %d was accepted as %s; repeated, there is a record that it was refused", t.n, l.accounts[first].name())
		}
	default:
		if before && t.safe {
			l.w.breach("trigger %d was accepted as %s; repeated, it is refused", t.n, l.accounts[first].name())
		}
		if e := l.refused; e == nil || !e.at.Equal(time.Now()) { // the answer leaves at the instant of the commit
			l.w.breach("trigger %d is refused with %s, and no record says so", t.n, status)
		}
		l.refused = nil
	}
}

func (l *ledger) receipt(r receipt) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, was := range l.receipts[r.id] {
		if was != r {
			l.w.breach("receipt of %s: %+v and then %+v", r.id, was, r)
		}
	}
	if n := len(l.receipts[r.id]); n > 0 && !l.excused[r.id] {
		l.w.breach("a receipt came twice, and nothing was lost: %s", strings.SplitN(r.text, " sub:", 2)[0])
	}
	l.receipts[r.id] = append(l.receipts[r.id], r)
	delete(l.excused, r.id)
}

// excuse: the answer to this receipt was lost, so that it may come again.
func (l *ledger) excuse(id string) {
	l.mu.Lock()
	l.excused[id] = true
	l.mu.Unlock()
}

// unsettled: the postman could not write down what he has delivered. If his
// process is dead, died has seen to it, and the next one may have delivered since.
func (l *ledger) unsettled(rows []sessions.Settlement) {
	l.again(func(r *row) bool {
		return slices.ContainsFunc(rows, func(s sessions.Settlement) bool { return s.Row == r.Row })
	})
}

// died: whatever was delivered and not settled comes again.
func (l *ledger) died() { l.again(func(*row) bool { return true }) }

// again excuses rows that are still in the outbox.
func (l *ledger) again(which func(*row) bool) {
	m := l.w.store
	m.mu.Lock() // before the ledger's, as in a change
	defer m.mu.Unlock()
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, r := range m.out {
		if p := l.postings[r.Row]; p != nil && which(r) && !r.LeaseUntil.IsZero() {
			p.ok, p.fail, p.orphan = false, false, true
		}
		if id := r.ID.String(); len(l.receipts[id]) > 0 && which(r) {
			l.excused[id] = true
		}
	}
}
