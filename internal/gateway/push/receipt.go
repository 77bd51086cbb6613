package push

import (
	"context"
	"encoding/binary"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/clock"
	"github.com/otagate/otagate/internal/delivery"
	"github.com/otagate/otagate/internal/gateway/links"
	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/smpp"
)

// receipts matches delivery receipts to messages. One that comes before its
// message id is known waits a little, while a message to its number is on its way, and
// while a request that was under way when it came has no answer: only that can bring
// the message id. A receipt that waits takes a place in the centre's window, and after a cut or a
// crash the centre sends many again whose messages are over. The centre gets its
// answer when the message has the receipt on the disk.
type receipts struct {
	dir    *directory
	do     *performer
	clock  clock.Clock
	counts *counters
	log    zerolog.Logger
	oldest func() (oldest map[string]uint64, none uint64) // see Service.oldest
	wake   chan struct{}                                  // one has been parked

	mu     sync.Mutex
	parked []*letter
	keys   map[idKey][]*letter // the parked, by what may lead to them
}

// Replier answers a deliver_sm.
type Replier = links.Replier

// letter is a receipt, copied out of the read buffer.
type letter struct {
	link      string
	account   string // of the link at its centre
	from      string
	to        string // the other address, where it may be the number: see find
	spellings []string
	id        sessions.ID // of its message, once it was parked and is found
	keys      []idKey     // spellings as the directory has them, each once, while it is parked
	at        int         // its place among the parked
	mark      uint16
	marked    bool
	outcome   delivery.PartState
	detail    string
	told      Told
	reply     Replier
	until     time.Time
	ticket    uint64 // of the last request that was under way when it came
	idle      bool   // all of those had their answers at the last sweep
}

const (
	// parkTime is how long a receipt waits at least for its message id: the answer
	// to submit_sm is on its way, and has the time of its link.
	parkTime  = 30 * time.Second
	parkLimit = 10_000
	// parkPeriod is how often it is looked whether that can still be. A receipt whose
	// requests have their answers is given up the second time, since the directory
	// hears of a message id a moment after its answer is on the disk.
	parkPeriod = 100 * time.Millisecond
)

func newReceipts(dir *directory, do *performer, clock clock.Clock, counts *counters, log zerolog.Logger) *receipts {
	r := &receipts{dir: dir, do: do, clock: clock, counts: counts, log: log, wake: make(chan struct{}, 1), keys: map[idKey][]*letter{}}
	dir.taken = r.known
	return r
}

// Deliver is a deliver_sm of a link.
func (s *Service) Deliver(link string, p *smpp.DeliverSM, reply Replier) {
	receiver{s, s.everLink(link)}.Deliver(link, p, reply)
}

// receiver takes what a link delivers as long as that runs, whatever a link of its
// name is by then.
type receiver struct {
	*Service
	link *configs.Link
}

func (r receiver) Deliver(link string, p *smpp.DeliverSM, reply Replier) {
	if !r.letters.take(r.link, p, reply) {
		r.cfg.Handsets.Deliver(link, p, reply)
	}
}

// Data is a data_sm of a link, by which some centres send receipts.
func (r receiver) Data(link string, p *smpp.DataSM, reply Replier) {
	taken := r.letters.take(r.link, &smpp.DeliverSM{
		ESMClass: p.ESMClass, SourceAddr: p.SourceAddr, DestinationAddr: p.DestinationAddr, DataCoding: p.DataCoding, TLVs: p.TLVs,
	}, reply)
	if !taken {
		r.cfg.Handsets.DeliverData(link, p, reply)
	}
}

// nobody takes no messages of handsets: they have nowhere to go.
type nobody struct{}

func (nobody) Deliver(_ string, _ *smpp.DeliverSM, r Replier) {
	r.Respond(smpp.StatusReceiverPermanentError, "")
}

func (nobody) DeliverData(_ string, _ *smpp.DataSM, r Replier) {
	r.Respond(smpp.StatusReceiverPermanentError, "")
}

// take is given every deliver_sm of a link. It tells whether that is a receipt: all
// others are for somebody else to answer.
func (r *receipts) take(link *configs.Link, p *smpp.DeliverSM, reply Replier) bool {
	if !isReceipt(p) {
		r.counts.otherDeliver.Add(1)
		return false
	}
	l, ok := readReceipt(link, r.dir.accountNow(link.Name), p)
	switch {
	case !ok:
		r.counts.otherDeliver.Add(1)
		reply.Respond(smpp.StatusReceiverPermanentError, "")
		return true
	case l.outcome == delivery.Unsent: // an intermediate notification
		reply.Respond(smpp.StatusOK, "")
		return true
	}
	r.counts.receipts.Add(1)
	l.reply, l.until, l.ticket = reply, r.clock.Now().Add(max(parkTime, link.Response)), r.do.tickets.Load()
	r.mu.Lock()
	id, ok := r.find(l)
	awaited := ok || r.dir.awaited(l.account, l.from) || l.to != "" && r.dir.awaited(l.account, l.to)
	full := awaited && !ok && len(r.parked) >= parkLimit
	if awaited && !ok && !full {
		r.park(l)
	}
	r.mu.Unlock()
	switch {
	case ok:
		r.give(id, l)
	case !awaited:
		r.ofNobody(l)
	case full:
		reply.Respond(smpp.StatusReceiverTemporaryError, "")
	}
	return true
}

// find looks a receipt up: by the id as it is, by our mark, and by the id in the
// other spellings.
//
// Some centres leave the addresses as submit_sm had them: where the message came from is
// then where its receipt comes from.
func (r *receipts) find(l *letter) (sessions.ID, bool) {
	id, ok := r.look(l)
	if ok || l.to == "" {
		return id, ok
	}
	turned := *l
	turned.from = l.to
	if id, ok = r.look(&turned); ok && r.dir.isFrom(id, l.from) {
		l.spellings = turned.spellings
		return id, true
	}
	return 0, false
}

func (r *receipts) look(l *letter) (sessions.ID, bool) {
	if id, ok := r.dir.identified(l); ok {
		return id, true
	}
	if l.marked {
		if id, ok := r.dir.marked(l.account, l.from, l.mark); ok {
			l.spellings = nil
			return id, true
		}
	}
	return r.dir.converted(l)
}

// park is under the lock.
func (r *receipts) park(l *letter) {
	for _, s := range l.spellings {
		if key := keyOf(l.account, s); !slices.Contains(l.keys, key) {
			l.keys = append(l.keys, key)
			r.keys[key] = append(r.keys[key], l)
		}
	}
	l.at = len(r.parked)
	r.parked = append(r.parked, l)
	r.counts.parked.Add(1)
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// unpark is under the lock.
func (r *receipts) unpark(l *letter) {
	last := len(r.parked) - 1
	r.parked[l.at] = r.parked[last]
	r.parked[l.at].at = l.at
	r.parked[last] = nil
	r.parked = r.parked[:last]
	for _, key := range l.keys {
		r.keys[key] = slices.DeleteFunc(r.keys[key], func(x *letter) bool { return x == l })
		if len(r.keys[key]) == 0 {
			delete(r.keys, key)
		}
	}
}

// ofNobody answers a receipt that no message is found for: the centre would send
// it again and again.
func (r *receipts) ofNobody(l *letter) {
	r.counts.unmatched.Add(1)
	r.log.Info().Str("link", l.link).Msg("receipt of no message")
	l.reply.Respond(smpp.StatusOK, "")
}

// give tells the message, and the centre when that is committed.
func (r *receipts) give(id sessions.ID, l *letter) {
	r.do.post(id, event{
		Event:     delivery.Event{Kind: delivery.Receipt, Outcome: l.outcome, Failure: delivery.Failure{Detail: l.detail}},
		spellings: l.spellings, mark: l.mark, told: &l.told,
		done: func() { l.reply.Respond(smpp.StatusOK, "") },
	})
}

// known gives the receipts that have waited for this message id.
func (r *receipts) known(key idKey) {
	var found []*letter
	r.mu.Lock()
	for _, l := range r.keys[key] {
		if id, ok := r.find(l); ok { // or it is of another number
			l.id = id
			found = append(found, l)
		}
	}
	for _, l := range found {
		r.unpark(l)
	}
	r.mu.Unlock()
	for _, l := range found {
		r.give(l.id, l)
	}
}

// run answers receipts whose message id does not come, until ctx ends.
func (r *receipts) run(ctx context.Context) {
	t := time.NewTimer(parkPeriod)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-r.wake:
		}
		for r.waiting() {
			t.Reset(parkPeriod)
			select {
			case <-ctx.Done():
				return
			case <-t.C:
				r.sweep(r.clock.Now())
			}
		}
	}
}

func (r *receipts) waiting() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.parked) > 0
}

func (r *receipts) sweep(now time.Time) {
	oldest, none := r.oldest()
	var old []*letter
	r.mu.Lock()
	for _, l := range r.parked {
		was, first := l.idle, none
		if n, is := oldest[l.account]; is {
			first = n
		}
		if l.idle = l.ticket < first; was && l.idle || !now.Before(l.until) {
			old = append(old, l)
		}
	}
	for _, l := range old {
		r.unpark(l)
	}
	r.mu.Unlock()
	for _, l := range old {
		r.ofNobody(l)
	}
}

// receiptBits of esm_class: 1 is a delivery receipt, 8 an intermediate notification.
// The others are of handsets: acknowledgements of SMEs, and what they abort.
const (
	receiptBits  = 0x3c
	ofDelivery   = 0x04
	intermediate = 0x20
)

// isReceipt: some centres say it by the TLV only.
func isReceipt(p *smpp.DeliverSM) bool {
	switch p.ESMClass & receiptBits {
	case ofDelivery, intermediate:
		return true
	case 0:
		_, is := p.TLVs.Find(smpp.TagReceiptedMessageID)
		return is
	}
	return false
}

// readReceipt reads what a centre says of a message: TLVs before the text. account is
// that of the link.
func readReceipt(link *configs.Link, account string, p *smpp.DeliverSM) (*letter, bool) {
	id, state, network, found := smpp.ReceiptTLVs(p.TLVs)
	l := &letter{link: link.Name, account: account, from: string(p.SourceAddr)}
	switch {
	case link.Source != "" && l.from == link.Source, link.Relay.Source != "" && l.from == link.Relay.Source:
		l.from = string(p.DestinationAddr)
	case isNumber(string(p.DestinationAddr)):
		l.to = strings.TrimPrefix(string(p.DestinationAddr), "+")
	}
	l.from = strings.TrimPrefix(l.from, "+")
	text := p.ShortMessage
	if payload, ok := p.TLVs.Find(smpp.TagMessagePayload); ok && len(text) == 0 {
		text = payload
	}
	r, err := smpp.ParseReceipt(text, nil)
	switch {
	case err != nil && !found:
		return nil, false
	case !found:
		id, state = r.ID, r.Stat
	case state == smpp.MessageUnknown && err == nil:
		state = r.Stat
	}
	l.spellings = spellings(id, link.MessageID != "same")
	if v, ok := p.TLVs.Find(smpp.TagUserMessageReference); ok && len(v) == 2 {
		l.mark, l.marked = binary.BigEndian.Uint16(v), true
	}
	if l.outcome = outcomeOf(state); p.ESMClass&receiptBits == intermediate {
		l.outcome = delivery.Unsent // whatever it says is not the end
	}
	l.told = Told{State: state, Err: r.Err[:min(len(r.Err), maxErr)]}
	if network != nil {
		l.told.Network = []byte{network.NetworkType, byte(network.Code >> 8), byte(network.Code)}
	}
	l.detail = state.String()
	if r.Err != "" && r.Err != "000" {
		l.detail += " err " + r.Err
	}
	return l, true
}

func outcomeOf(s smpp.MessageState) delivery.PartState {
	switch s {
	case smpp.MessageDelivered:
		return delivery.Delivered
	case smpp.MessageEnroute, smpp.MessageAccepted, smpp.MessageScheduled:
		return delivery.Unsent
	case smpp.MessageUnknown:
		return delivery.Unknown
	}
	return delivery.Undelivered
}
