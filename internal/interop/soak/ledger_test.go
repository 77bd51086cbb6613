package soak

import (
	"bytes"
	"fmt"
	"maps"
	"strconv"
	"sync"
	"time"

	"github.com/otagate/otagate/smpp"
)

// key is a message as it was offered: its number, and how often it was offered
// before without an answer.
type key uint32

const (
	offerBits  = 4
	mostOffers = 1<<offerBits - 1
)

func keyOf(number int) key { return key(number << offerBits) }

func (k key) number() int { return int(k >> offerBits) }
func (k key) offer() int  { return int(k & mostOffers) }

func (k key) String() string { return strconv.Itoa(k.number()) + "." + strconv.Itoa(k.offer()) }

// wanted tells whether the account wants a receipt.
func (k key) wanted() bool { return k.number()%2 == 0 }

const (
	handsets     = 2000
	sourcePrefix = "22"
	textLength   = 120
)

// appendDest appends the destination. Several messages to a number are on their way
// together, so that the number does not say whose a receipt is.
func (k key) appendDest(dst []byte) []byte {
	return fmt.Appendf(dst, "1205%07d", k.number()%handsets)
}

// appendSource appends the source address, by which a record is known.
func (k key) appendSource(dst []byte) []byte {
	return fmt.Appendf(dst, sourcePrefix+"%09d", k.number())
}

// appendText appends the text: the key, and octets that differ from message to message.
func (k key) appendText(dst []byte) []byte {
	at := len(dst)
	dst = append(append(dst, k.String()...), ' ')
	for n := byte(k); len(dst)-at < textLength; n += 7 {
		dst = append(dst, 'a'+n%26)
	}
	return dst
}

// readKey reads what a text begins with.
func readKey(text []byte) (key, error) {
	head, _, _ := bytes.Cut(text, []byte{' '})
	number, offer, ok := bytes.Cut(head, []byte{'.'})
	n, err := strconv.ParseUint(string(number), 10, 32-offerBits)
	o, err2 := strconv.ParseUint(string(offer), 10, offerBits)
	if !ok || err != nil || err2 != nil {
		return 0, fmt.Errorf("no message begins with %q", head)
	}
	return keyOf(int(n)) | key(o), nil
}

// state is what has become of a message.
type state uint8

const (
	answered   state = 1 << iota // to the account, with ESME_ROK
	taken                        // by a centre
	unread                       // whose answer the gateway may not have read
	told                         // its receipt has come
	toldUnread                   // and our answer to that may not have been read
)

// ledger is what both ends have seen.
type ledger struct {
	resend bool

	mu      sync.Mutex
	first   []state       // of messages at their first offer, by number
	others  map[key]state // of those offered again
	counts  counts
	wrong   []string
	leaving bool
	asked   map[key]time.Time // when the centre has taken some of those that want a receipt
	ages    ages
}

type counts struct {
	answered, taken, told  int // messages, each once
	again                  int // offered again, as they had no answer
	forced, forcedReceipts int
	offeredTwice           int // taken at more than one offer
	unknown                int // receipts that say so
	narrow                 int // receipts that were too many at a time
	refused                map[smpp.Status]int
	wrong                  int
}

func newLedger(messages int, resend bool) *ledger {
	return &ledger{
		resend: resend, first: make([]state, 0, messages), others: map[key]state{}, asked: map[key]time.Time{},
		counts: counts{refused: map[smpp.Status]int{}},
	}
}

const mostWrong = 20

// fault notes what must not be. It is under the lock.
func (l *ledger) fault(format string, args ...any) {
	if l.counts.wrong++; len(l.wrong) < mostWrong {
		l.wrong = append(l.wrong, fmt.Sprintf(format, args...))
	}
}

func (l *ledger) fail(format string, args ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.fault(format, args...)
}

// at is under the lock, and so is put.
func (l *ledger) at(k key) state {
	if k.offer() == 0 {
		return l.first[k.number()]
	}
	return l.others[k]
}

func (l *ledger) put(k key, s state) {
	if k.offer() == 0 {
		l.first[k.number()] = s
		return
	}
	l.others[k] = s
}

// known tells whether a message was ever offered.
func (l *ledger) known(k key) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return k.number() < len(l.first)
}

// begin makes a new message.
func (l *ledger) begin() key {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.first = append(l.first, 0)
	return keyOf(len(l.first) - 1)
}

// take is told of a message that the centre of a link takes.
func (l *ledger) take(link string, k key) {
	l.mu.Lock()
	defer l.mu.Unlock()
	s := l.at(k)
	switch {
	case s&taken == 0:
		l.counts.taken++
		if k.offer() > 0 {
			l.counts.offeredTwice++ // or its first offer has not arrived, which the end shows
		}
		if k.wanted() && k.number()%ageEvery == 0 {
			l.asked[k] = time.Now()
		}
	case !l.resend:
		l.fault("%s: message %s was sent again, without resend", link, k)
	case s&unread == 0:
		l.fault("%s: message %s was sent again, and its answer had been read", link, k)
	default:
		l.counts.forced++
	}
	l.put(k, s&^unread|taken)
}

// mark adds a bit to each.
func (l *ledger) mark(bit state, all ...key) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, k := range all {
		l.put(k, l.at(k)|bit)
	}
}

// answer is what the account hears of a message.
func (l *ledger) answer(k key, status smpp.Status) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if status != smpp.StatusOK {
		l.counts.refused[status]++
		return
	}
	l.counts.answered++
	l.put(k, l.at(k)|answered)
}

// receipt is one that comes to the account.
func (l *ledger) receipt(k key, stat smpp.MessageState) {
	l.mu.Lock()
	defer l.mu.Unlock()
	s := l.at(k)
	switch {
	case !k.wanted():
		l.fault("a receipt for message %s, which wanted none", k)
	case s&told == 0:
		l.counts.told++
	case s&toldUnread == 0:
		l.fault("the receipt of message %s came again, and our answer had been read", k)
	default:
		l.counts.forcedReceipts++
	}
	switch {
	case stat == smpp.MessageDelivered:
		if s&taken == 0 {
			l.fault("message %s is said to be delivered, and no centre has it", k)
		}
	case stat == smpp.MessageUnknown && !l.resend:
		if s&told == 0 {
			l.counts.unknown++
		}
	default:
		l.fault("message %s is said to be %s", k, stat)
	}
	if at, is := l.asked[k]; is {
		delete(l.asked, k)
		l.ages.add(time.Since(at))
	}
	l.put(k, s&^toldUnread|told)
}

// owed is how much of what was answered is still to come: to the centres, and as
// receipts. Without resend a message need not be taken.
func (l *ledger) owed() (messages, receipts int, example key) {
	l.mu.Lock()
	defer l.mu.Unlock()
	look := func(k key, s state) {
		if s&answered == 0 {
			return
		}
		if s&taken == 0 && l.resend {
			messages++
			example = k
		}
		if s&told == 0 && k.wanted() {
			receipts++
			example = k
		}
	}
	for n, s := range l.first {
		look(keyOf(n), s)
	}
	for k, s := range l.others {
		look(k, s)
	}
	return messages, receipts, example
}

func (l *ledger) snapshot() (counts, ages) {
	l.mu.Lock()
	defer l.mu.Unlock()
	c := l.counts
	c.refused = maps.Clone(c.refused)
	return c, l.ages
}

func (l *ledger) offeredAgain(n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.counts.again += n
}

// narrow counts a receipt that was too many at a time.
func (l *ledger) narrow() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.counts.narrow++
}

// leave is told that the gateway is about to be stopped.
func (l *ledger) leave() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.leaving = true
}

// ended is told of a bind that nobody here has cut.
func (l *ledger) ended(whose string, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.leaving {
		l.fault("a bind of %s has ended: %v", whose, err)
	}
}

// ageEvery says of how many messages one is looked at for how long its receipt took.
const ageEvery = 64

// ages are from the centre's taking a message to its receipt at the account.
type ages struct {
	n       int
	longest time.Duration
	over    [len(ageSteps)]int
}

var ageSteps = [...]time.Duration{100 * time.Millisecond, time.Second, 5 * time.Second, 30 * time.Second}

func (a *ages) add(d time.Duration) {
	a.n++
	a.longest = max(a.longest, d)
	for i, step := range ageSteps {
		if d > step {
			a.over[i]++
		}
	}
}

func (a *ages) String() string {
	s := fmt.Sprintf("of %d receipts looked at", a.n)
	for i, step := range ageSteps {
		s += fmt.Sprintf(", %d took more than %s", a.over[i], step)
	}
	return s + fmt.Sprintf("; the longest %s", a.longest.Round(time.Millisecond))
}
