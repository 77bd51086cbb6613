package simulation

import (
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/otagate/otagate/internal/sim"
	"github.com/otagate/otagate/smpp"
)

// smsc is a message centre, and the bind that it has with the gateway. It
// outlives the gateway: receipts that were not answered come again.
type smsc struct {
	w *world

	mu      sync.Mutex
	epoch   int      // of the bind
	since   *process // whose bind it is; nil without one
	closed  bool     // it takes no bind
	flights map[*flight]bool
	known   map[string]*shortMessage // by number and user_message_reference
	ids     map[string]int
	relays  int // messages that are still to go to a handset
	letters []*letterOut
}

// shortMessage is a part that the centre has taken.
type shortMessage struct {
	of    *posting
	id    string
	pdu   *smpp.SubmitSM
	until time.Time
	lost  bool // the centre has lost it
}

// flight is a submit_sm without an answer.
type flight struct {
	p     *process
	epoch int
	of    *posting
	pdu   *smpp.SubmitSM
	done  func(smpp.Status, *smpp.SubmitSMResp, error)
}

// line is the bind as a process of the gateway sees it.
type line struct {
	c *smsc
	p *process
}

var (
	errNoBind    = errors.New("there is no bind")
	errNoAnswer  = errors.New("no answer in time")
	errBindEnded = errors.New("the bind has ended")
)

func newSMSC(w *world) *smsc {
	return &smsc{w: w, flights: map[*flight]bool{}, known: map[string]*shortMessage{}, ids: map[string]int{}}
}

// SubmitAsync is the gateway's submit_sm.
func (l *line) SubmitAsync(p *smpp.SubmitSM, done func(smpp.Status, *smpp.SubmitSMResp, error)) error {
	c, w := l.c, l.c.w
	c.mu.Lock()
	bound, epoch, flying := c.since == l.p, c.epoch, len(c.flights)
	c.mu.Unlock()
	if !bound || l.p.isDead() {
		return errNoBind
	}
	f := &flight{p: l.p, epoch: epoch, pdu: copyOf(p), done: done, of: w.ledger.submitted(l.p, p)}
	if flying >= w.plan.post.window {
		w.breach("%d submit_sm are under way, and the window is %d", flying+1, w.plan.post.window)
	}
	name := f.of.name()
	if w.fault("crash at submit_sm", name, 4*w.plan.crash) {
		w.kill("at submit_sm " + name)
		return nil
	}
	c.mu.Lock()
	c.flights[f] = true
	c.mu.Unlock()
	w.after(w.between("way of submit_sm "+name, time.Millisecond, 25*time.Millisecond), func() { c.arrive(f, name) })
	w.after(responseTime, func() { c.finish(f, 0, "", errNoAnswer) })
	return nil
}

func copyOf(p *smpp.SubmitSM) *smpp.SubmitSM {
	q := *p
	q.DestinationAddr, q.SourceAddr, q.ValidityPeriod = slices.Clone(p.DestinationAddr), slices.Clone(p.SourceAddr), slices.Clone(p.ValidityPeriod)
	q.ShortMessage, q.TLVs = slices.Clone(p.ShortMessage), p.TLVs.Clone()
	return &q
}

// finish gives the gateway its answer, once.
func (c *smsc) finish(f *flight, status smpp.Status, id string, err error) {
	c.mu.Lock()
	there := c.flights[f]
	delete(c.flights, f)
	c.mu.Unlock()
	if !there || f.p.isDead() {
		return
	}
	w := c.w
	w.say("gw hears of %s: %s %s %v", f.of.name(), status, id, err)
	w.ledger.heard(f.of, err == nil && status == smpp.StatusOK, err == nil && status != smpp.StatusUnknownError && status != smpp.StatusOK, id)
	var resp *smpp.SubmitSMResp
	if err == nil {
		resp = &smpp.SubmitSMResp{MessageID: []byte(id)}
	}
	f.done(status, resp, err)
}

// arrive is the submit_sm at the centre, which takes it or says no.
func (c *smsc) arrive(f *flight, name string) {
	w, pl := c.w, &c.w.plan.post
	c.mu.Lock()
	same := c.epoch == f.epoch
	c.mu.Unlock()
	if !same && w.fault("lost with the bind", name, 0.5) {
		w.say("centre: %s: lost", name)
		return
	}
	status := c.refusal(name)
	id := ""
	if status == smpp.StatusOK || status == smpp.StatusUnknownError && w.dice("behind "+name).IntN(2) == 0 {
		id = c.take(f, name).id
	}
	w.say("centre gets %s: %s %s", name, status, id)
	if w.fault("crash behind submit_sm", name, 4*w.plan.crash) {
		w.kill("behind submit_sm " + name)
		return
	}
	d := w.between("answer to "+name, time.Millisecond, 300*time.Millisecond)
	switch {
	case w.fault("centre silent", name, pl.silent):
		w.say("centre does not answer %s", name)
		return
	case w.fault("centre late", name, pl.late):
		d = w.between("late answer to "+name, time.Second, 15*time.Second)
	}
	w.after(d, func() {
		c.mu.Lock()
		same := c.epoch == f.epoch
		c.mu.Unlock()
		if same {
			c.finish(f, status, id, nil)
		}
	})
}

// refusal is what the centre says to a submit_sm, mostly ESME_ROK.
func (c *smsc) refusal(name string) smpp.Status {
	w := c.w
	if !w.fault("centre refuses", name, w.plan.post.fails) {
		return smpp.StatusOK
	}
	all := []smpp.Status{
		smpp.StatusThrottled, smpp.StatusThrottled, smpp.StatusMessageQueueFull, smpp.StatusSystemError, smpp.StatusSubmitFailed,
		smpp.StatusInvalidDestinationAddress, smpp.StatusUnknownError,
	}
	return all[w.dice("status of "+name).IntN(len(all))]
}

// take makes a part the centre's own. One that knows repetitions keeps the first.
func (c *smsc) take(f *flight, name string) *shortMessage {
	w := c.w
	mark, _ := f.pdu.TLVs.Find(smpp.TagUserMessageReference)
	key := fmt.Sprintf("%s/%x", f.pdu.DestinationAddr, mark)
	c.mu.Lock()
	m := c.known[key]
	again := m != nil && w.plan.post.resend
	if !again {
		m = &shortMessage{of: f.of, pdu: f.pdu, until: time.Now().Add(validityOf(f.pdu))}
		numbers := ""
		if w.plan.post.reuse {
			numbers = string(f.pdu.DestinationAddr)
		}
		c.ids[numbers]++
		m.id = strconv.Itoa(1_000_003 + 7_919*c.ids[numbers])
		c.known[key] = m
		c.relays++
	}
	c.mu.Unlock()
	if !again {
		w.ledger.accepted(f.of, m.id)
		w.after(w.between("relay of "+name, 50*time.Millisecond, 20*time.Second), func() { c.relay(m, 1) })
	}
	return m
}

// validityOf reads YYMMDDhhmmss000R; nothing is a day.
func validityOf(p *smpp.SubmitSM) time.Duration {
	if len(p.ValidityPeriod) == 0 {
		return 24 * time.Hour
	}
	at := func(i int) time.Duration {
		n, _ := strconv.Atoi(string(p.ValidityPeriod[i : i+2])) // the gateway writes digits
		return time.Duration(n)
	}
	return at(4)*24*time.Hour + at(6)*time.Hour + at(8)*time.Minute + at(10)*time.Second
}

// relay takes a part to its handset, when that can be reached.
func (c *smsc) relay(m *shortMessage, try int) {
	w, pl, name := c.w, &c.w.plan.post, m.of.name()
	to := w.phoneOf(string(m.pdu.DestinationAddr))
	c.mu.Lock()
	lost := m.lost
	c.mu.Unlock()
	state := smpp.MessageDelivered
	switch {
	case lost:
		state = 0
	case !time.Now().Before(m.until):
		state = smpp.MessageExpired
	case to == nil, w.fault("not delivered", name, pl.undelivered/2):
		state = []smpp.MessageState{smpp.MessageUndeliverable, smpp.MessageRejected, smpp.MessageDeleted}[w.dice("end of "+name).IntN(3)]
	case to.isAway():
		w.after(w.between("relay again "+name, 5*time.Second, 15*time.Second), func() { c.relay(m, try+1) })
		return
	default:
		c.hand(m, to)
		if w.fault("radio twice", name, pl.twice) {
			c.hand(m, to)
		}
		if w.fault("state unknown", name, pl.undelivered/4) {
			state = smpp.MessageUnknown
		}
	}
	c.mu.Lock()
	c.relays--
	c.mu.Unlock()
	w.say("centre: end of %s: %s", name, state)
	if state != 0 && m.pdu.RegisteredDelivery != 0 {
		c.tell(m, state)
	}
}

// hand is the short message at the handset.
func (c *smsc) hand(m *shortMessage, to *phone) {
	p := m.pdu
	s := sim.ShortMessage{From: string(p.SourceAddr), UDHI: p.ESMClass&0x40 != 0, DataCoding: p.DataCoding, Octets: slices.Clone(p.ShortMessage)}
	if payload, ok := p.TLVs.Find(smpp.TagMessagePayload); ok {
		s.Octets = slices.Clone(payload)
	}
	if d, ok := tlvNumber(p.TLVs, smpp.TagDestinationPort); ok {
		src, _ := tlvNumber(p.TLVs, smpp.TagSourcePort)
		s.Ports = &sim.Ports{Source: src, Destination: d}
	}
	if ref, ok := tlvNumber(p.TLVs, smpp.TagSARMsgRefNum); ok {
		total, _ := tlvNumber(p.TLVs, smpp.TagSARTotalSegments)
		n, _ := tlvNumber(p.TLVs, smpp.TagSARSegmentSeqnum)
		s.SAR = &sim.SAR{Reference: ref, Total: uint8(total), Number: uint8(n)}
	}
	to.agent.Receive(s)
}

func tlvNumber(t smpp.TLVs, tag smpp.Tag) (v uint16, ok bool) {
	b, ok := t.Find(tag)
	for _, o := range b {
		v = v<<8 | uint16(o)
	}
	return v, ok
}

// letterOut is a receipt that the gateway has not answered.
type letterOut struct {
	m     *shortMessage
	name  string
	state smpp.MessageState
	tries int
}

// tell makes the receipt of a part, or two, or none.
func (c *smsc) tell(m *shortMessage, state smpp.MessageState) {
	w, pl, name := c.w, &c.w.plan.post, m.of.name()
	if w.fault("no receipt", name, pl.unheard) {
		return
	}
	if w.fault("on its way", name, pl.late) {
		c.post(&letterOut{m: m, name: name + " en route", state: smpp.MessageEnroute})
	}
	d := w.between("receipt time "+name, time.Millisecond, time.Second)
	if w.fault("receipt late", name, pl.late) {
		d = w.between("lateness of receipt "+name, time.Second, 10*time.Minute)
	}
	c.mu.Lock()
	c.relays++
	c.mu.Unlock()
	w.after(d, func() {
		c.mu.Lock()
		c.relays--
		c.mu.Unlock()
		c.post(&letterOut{m: m, name: name, state: state})
		if w.fault("receipt twice", name, pl.twice) {
			c.post(&letterOut{m: m, name: name + " again", state: state})
		}
	})
}

func (c *smsc) post(l *letterOut) {
	c.mu.Lock()
	c.letters = append(c.letters, l)
	c.mu.Unlock()
	c.deliver(l)
}

// answerTime is how long the centre waits for a deliver_sm_resp.
const answerTime = time.Minute

// deliver sends a receipt, when there is a bind.
func (c *smsc) deliver(l *letterOut) {
	w := c.w
	c.mu.Lock()
	p, epoch := c.since, c.epoch
	there := slices.Contains(c.letters, l)
	if there && p != nil {
		l.tries++
	}
	try := l.tries
	c.mu.Unlock()
	if !there || p == nil || p.isDead() {
		return
	}
	name := fmt.Sprintf("receipt of %s, %d", l.name, try)
	w.after(w.between("way of "+name, time.Millisecond, 25*time.Millisecond), func() {
		if !c.at(p, epoch) {
			return
		}
		w.say("gw gets the %s: %s", name, l.state)
		pdu, own := c.deliverSM(l)
		r := &receiptReply{c: c, p: p, l: l, epoch: epoch, name: name, try: try, seen: w.ledger.told(l, own)}
		w.due(p, latestAnswer, func() bool { return !r.answered.Load() && c.at(p, epoch) }, "the "+name)
		p.gw.Deliver(link, pdu, r)
		if w.fault("crash behind receipt", name, 4*w.plan.crash) {
			w.kill("behind " + name)
		}
	})
	w.after(answerTime, func() { c.again(l, try) })
}

// latestAnswer is when a receipt should be answered, one that no message is found
// for among them.
const latestAnswer = 50 * time.Second

// again sends a receipt that was not answered.
func (c *smsc) again(l *letterOut, try int) {
	c.mu.Lock()
	mine := l.tries == try
	c.mu.Unlock()
	if mine {
		c.deliver(l)
	}
}

func (c *smsc) at(p *process, epoch int) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.since == p && c.epoch == epoch && !p.isDead()
}

// receiptReply is the gateway's answer to a receipt.
type receiptReply struct {
	c     *smsc
	p     *process
	l     *letterOut
	epoch int
	name  string
	try   int
	seen  seen

	answered atomic.Bool
}

func (r *receiptReply) Respond(status smpp.Status, _ string) {
	w, c := r.c.w, r.c
	r.answered.Store(true)
	if r.p.isDead() {
		return
	}
	if status == smpp.StatusOK {
		w.ledger.thanked(r.l, r.seen)
	}
	w.after(w.between("answer to "+r.name, time.Millisecond, 25*time.Millisecond), func() {
		if !c.at(r.p, r.epoch) || w.fault("receipt response lost", r.name, w.plan.post.responseLost) {
			return
		}
		w.say("centre hears of the %s: %s", r.name, status)
		if status != smpp.StatusOK {
			w.after(w.between("again "+r.name, 5*time.Second, 30*time.Second), func() { c.again(r.l, r.try) })
			return
		}
		c.mu.Lock()
		c.letters = slices.DeleteFunc(c.letters, func(l *letterOut) bool { return l == r.l })
		c.mu.Unlock()
	})
}

// The spellings of a message id in receipts.
const (
	spelledSame = iota
	spelledHex
	spelledUpper
	spelledZeros
	numSpellings
)

func spell(id string, how int) string {
	n, _ := new(big.Int).SetString(id, 10)
	switch how {
	case spelledHex:
		return n.Text(16)
	case spelledUpper:
		return strings.ToUpper(n.Text(16))
	case spelledZeros:
		return "000" + id
	}
	return id
}

// deliverSM is a receipt; own tells whether it names the gateway's own reference.
func (c *smsc) deliverSM(l *letterOut) (p *smpp.DeliverSM, own bool) {
	w, pl := c.w, &c.w.plan.post
	d := w.dice("form of the receipt of " + l.name)
	id := spell(l.m.id, pl.spelling)
	p = &smpp.DeliverSM{SourceAddrTON: 1, SourceAddr: slices.Clone(l.m.pdu.DestinationAddr), DestinationAddr: []byte("2280"), ESMClass: smpp.ESMClassReceipt}
	r := smpp.Receipt{ID: id, Sub: 1, SubmitDate: w.wall(), DoneDate: w.wall(), Stat: l.state}
	form := d.IntN(3)
	if form != 1 {
		p.ShortMessage, _ = r.Append(nil) // such an id has room
	}
	if form != 0 {
		p.TLVs = smpp.AppendReceiptTLVs(nil, id, l.state, nil)
	}
	if own = pl.marks == 1 || pl.marks == 2 && d.IntN(2) == 0; own {
		mark, _ := l.m.pdu.TLVs.Find(smpp.TagUserMessageReference)
		p.TLVs = append(p.TLVs, smpp.TLV{Tag: smpp.TagUserMessageReference, Value: slices.Clone(mark)})
	}
	if d.IntN(4) == 0 {
		p.SourceAddr = append([]byte("+"), p.SourceAddr...)
		own = false // it is not looked for by that spelling
	}
	return p, own
}

// bind keeps a bind with whatever gateway there is; what was not answered on
// the last one comes again.
func (c *smsc) bind() {
	w := c.w
	if p := w.running(); p != nil && p.ready.Load() {
		c.mu.Lock()
		fresh := c.since == nil && !c.closed
		if fresh {
			c.since = p
			c.epoch++
		}
		rest := slices.Clone(c.letters)
		c.mu.Unlock()
		if fresh {
			w.say("centre has a bind with process %d", p.n)
			for _, l := range rest {
				c.deliver(l)
			}
		}
	}
	w.after(700*time.Millisecond, c.bind)
}

// cut ends the bind: what is under way has no answer.
func (c *smsc) cut() {
	c.mu.Lock()
	c.since = nil
	c.epoch++
	var open []*flight
	for f := range c.flights {
		open = append(open, f)
	}
	c.mu.Unlock()
	slices.SortFunc(open, func(a, b *flight) int { return strings.Compare(a.of.name(), b.of.name()) })
	for _, f := range open {
		c.w.after(0, func() { c.finish(f, 0, "", errBindEnded) })
	}
}

// close keeps the gateway away for a while.
func (c *smsc) close(d time.Duration) {
	c.mu.Lock()
	c.closed = true
	c.mu.Unlock()
	c.cut()
	c.w.after(d, func() {
		c.mu.Lock()
		c.closed = false
		c.mu.Unlock()
	})
}

// lose has the centre lose all that it has not delivered, and all receipts.
func (c *smsc) lose() {
	c.mu.Lock()
	for _, m := range c.known {
		m.lost = true
	}
	c.letters = nil
	c.mu.Unlock()
	c.cut()
}

// idle tells whether the centre has nothing to do.
func (c *smsc) idle() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.flights) == 0 && c.relays == 0 && len(c.letters) == 0
}
