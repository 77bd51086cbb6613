package push

import (
	"slices"
	"sync"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/idtable"
	"github.com/otagate/otagate/sessions"
)

// directory finds the messages on their way by what the networks say of them.
// Several may have the same key: what is found is looked at once more.
type directory struct {
	mu    sync.Mutex
	byTo  map[uint64]neighbours    // the end of the destination number; see tailKey
	byMIN map[string][]sessions.ID // of those that an MSC serves
	byID  map[idKey][]sessions.ID  // account and message id, in its plainest spelling
	what  idtable.Table[entry]     // by message id
	marks [1 << marksBits]lastMark // of numbers with the same hash
	taken func(key idKey)          // told of every new message id, outside the lock

	links, from map[string]*line // of links, and of who submitted

	// accounts are the links' at their centres: a receipt may come by any bind of
	// the account that submitted the message.
	accounts map[string]string
}

// accountNow is account, for who has no lock.
func (d *directory) accountNow(link string) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.account(link)
}

// account is that of a link; a link that is not configured any more has its own. It is
// under the lock.
func (d *directory) account(link string) string {
	if a, ok := d.accounts[link]; ok {
		return a
	}
	return link
}

// know keeps the account of a link.
func (d *directory) know(l *configs.Link) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.accounts[l.Name] = accountOf(l)
}

// accountOf names what a link is at its centre, of which it may have several hosts.
func accountOf(l *configs.Link) string {
	hosts, err := l.Hosts()
	if err != nil {
		return l.Name
	}
	return l.SystemID + "@" + hosts[0].Address
}

// neighbours are the messages to numbers with the same end.
type neighbours struct {
	first *entry
	count int
}

// entry is what is known of a message that a key has led to.
type entry struct {
	id        sessions.ID
	account   string // of its link
	other     string // of the link that it is about to leave, or to go to: its receipts may come from there
	to, min   string
	relayed   bool
	sender    string // who gave it, of a relayed one
	source    string // its source address
	service   string // and its service_type
	reference uint16 // of the concatenation
	mark      uint16 // of the first part
	parts     int
	content   []byte  // what is to be sent, of a PDU that is relayed
	ids       []idKey // in byID

	next, prev *entry // neighbours

	line, from *line
	began      int64 // in seconds
	settling   bool
}

func newDirectory() *directory {
	return &directory{
		byTo: map[uint64]neighbours{}, byMIN: map[string][]sessions.ID{}, byID: map[idKey][]sessions.ID{},
		taken: func(idKey) {}, accounts: map[string]string{},
		links: map[string]*line{}, from: map[string]*line{},
	}
}

// add takes in a message of an earlier run, or what is new of one that is known.
func (d *directory) add(p *parcel) {
	d.mu.Lock()
	e := d.what.Get(p.id)
	if e == nil {
		e = d.enter(p, d.byTo[tailKey(p.to)])
		d.given(p) // in an earlier run
	}
	d.shift(e, p)
	var news []idKey
	for _, t := range p.taken {
		if key := keyOf(d.account(p.link), t.id); !slices.Contains(e.ids, key) {
			e.ids = append(e.ids, key)
			d.byID[key] = append(d.byID[key], sessions.ID(p.id))
			news = append(news, key)
		}
	}
	d.mu.Unlock()
	for _, key := range news {
		d.taken(key)
	}
}

// enter takes in what is not known, under the lock. others are its neighbours.
func (d *directory) enter(p *parcel, others neighbours) *entry {
	id := sessions.ID(p.id)
	e := &entry{id: id, account: d.account(p.link), to: p.to, min: p.min, reference: p.content.Reference, mark: p.marks, parts: len(p.delivery.Parts)}
	if p.relay != composed {
		e.relayed, e.sender, e.source, e.service = true, p.origin.Account, p.origin.Source, p.serviceType()
	}
	e.keep(p)
	d.stand(e, p)
	d.what.Put(p.id, e)
	d.join(e, tailKey(p.to), others)
	if p.min != "" {
		d.byMIN[p.min] = append(d.byMIN[p.min], id)
	}
	return e
}

// keep is under the lock.
func (e *entry) keep(p *parcel) {
	if p.relay.isPDU() {
		e.content = p.content.Payload
	}
}

// content is what is to be sent of a message: it does not change while a sender has it.
func (d *directory) content(id sessions.ID) ([]byte, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	e := d.what.Get(uint64(id))
	if e == nil || e.content == nil {
		return nil, false
	}
	return e.content, true
}

func (d *directory) remove(id sessions.ID) {
	d.mu.Lock()
	defer d.mu.Unlock()
	e := d.what.Drop(uint64(id))
	if e == nil {
		return
	}
	e.count(-1)
	d.leave(e)
	without(d.byMIN, e.min, id)
	for _, key := range e.ids {
		without(d.byID, key, id)
	}
}

// join puts an entry in front of its neighbours, under the lock.
func (d *directory) join(e *entry, key uint64, c neighbours) {
	if e.next = c.first; e.next != nil {
		e.next.prev = e
	}
	d.byTo[key] = neighbours{e, c.count + 1}
}

// leave takes an entry out, however many neighbours it has. It is under the lock.
func (d *directory) leave(e *entry) {
	key := tailKey(e.to)
	if e.next == nil && e.prev == nil {
		delete(d.byTo, key)
		return
	}
	c := d.byTo[key]
	if e.next != nil {
		e.next.prev = e.prev
	}
	if e.prev != nil {
		e.prev.next = e.next
	} else {
		c.first = e.next
	}
	c.count--
	d.byTo[key] = c
}

// size is the number of all entries.
func (d *directory) size() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.what.Len() + len(d.byTo) + len(d.byMIN) + len(d.byID)
}

func without[K comparable](m map[K][]sessions.ID, key K, id sessions.ID) {
	list := m[key]
	i := slices.Index(list, id)
	switch {
	case i < 0:
	case len(list) == 1:
		delete(m, key)
	default:
		m[key] = slices.Delete(slices.Clone(list), i, i+1)
	}
}

// marksBits: so many numbers have a last mark of their own.
const marksBits = 12

const (
	// crowd is how many messages to one number are kept apart by their references,
	// of which some ways have 256.
	crowd = 64
	// throng is how many are not kept apart at all: those that wait for an account, which
	// has one number, may be hundreds of thousands.
	throng = 1024
	// markTries: there are so many marks that the first is nearly always free.
	markTries = 64
)

// lastMark is the last mark that was given; known is false while there is none.
type lastMark struct {
	mark  uint16
	known bool
}

// nextMark is the mark of a new message: that of the time, or the next one while its number
// has had one as late. It is under the lock.
//
// So marks of a number do not come again for a quarter of an hour, or before 32,768
// others, after a restart neither. A centre that has not heard our answer, as when the
// gateway was killed, sends a receipt again when its message may be over and forgotten:
// it must not be taken for that of another one, which the centre may never have got.
func (d *directory) nextMark(p *parcel) uint16 {
	last := d.lastMark(p)
	now := uint16(p.began.UnixMilli() >> 4)
	if last.known && int16(now-last.mark) <= 0 {
		return last.mark + 1
	}
	return now
}

func (d *directory) lastMark(p *parcel) *lastMark {
	return &d.marks[tailKey(p.to)*0x9e3779b97f4a7c15>>(64-marksBits)]
}

// given notes the marks of a message. It is under the lock.
func (d *directory) given(p *parcel) {
	last, mark := d.lastMark(p), p.marks+uint16(len(p.delivery.Parts))-1
	if !last.known || int16(mark-last.mark) > 0 {
		last.mark, last.known = mark, true
	}
}

// begin takes a new message in. Its reference is that of its id or one behind it, and
// its marks are the next, so that no other message to this number has them: of a
// reference some ways have the low octet only.
func (d *directory) begin(p *parcel) (isNew bool) {
	d.mu.Lock()
	reference, mark := uint16(p.id), d.nextMark(p)
	others := d.byTo[tailKey(p.to)]
	tries, marks := 256, markTries
	switch many := others.count; {
	case many > throng:
		tries, marks = 0, 0
	case many > crowd:
		tries = 1
	}
	if n := len(p.delivery.Parts); p.relay.isPDU() && n == 1 { // its reference is in its text, if it has one
		tries = 0
		if !p.receipt && p.delivery.Wake.IsZero() { // one that is joined may want a receipt after all
			marks = 0
		}
	}
	for range tries {
		if reference != 0 && !others.any(p.to, func(e *entry) bool { return uint8(e.reference) == uint8(reference) }) {
			break
		}
		reference++
	}
	n := len(p.delivery.Parts)
	for range marks {
		if !others.any(p.to, func(e *entry) bool { return int(mark-e.mark) < e.parts || int(e.mark-mark) < n }) {
			break
		}
		mark += uint16(n)
	}
	p.content.Reference, p.marks = max(reference, 1), mark
	d.given(p)
	if isNew = d.what.Get(p.id) == nil; isNew {
		d.enter(p, others)
	}
	d.mu.Unlock()
	return isNew
}

// any tells whether one of these messages is to this number and so.
func (c neighbours) any(to string, is func(*entry) bool) bool {
	for e := range c.all {
		if e.to == to && is(e) {
			return true
		}
	}
	return false
}

func (c neighbours) all(yield func(*entry) bool) {
	for e := c.first; e != nil && yield(e); e = e.next {
	}
}

// serving finds what waits for the handset with this MIN.
func (d *directory) serving(min string) []sessions.ID {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.byMIN[min])
}

// marked finds the message of an account to this number of which a part has this
// mark, and some part no message id yet: what has its id is found by that.
func (d *directory) marked(account, from string, mark uint16) (sessions.ID, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for e := range d.byTo[tailKey(from)].all {
		if e.with(account) && len(e.ids) < e.parts && sameNumber(e.to, from) && int(mark-e.mark) < e.parts {
			return e.id, true
		}
	}
	return 0, false
}

// with tells whether a message is, or may be by now, with an account's centre.
func (e *entry) with(account string) bool { return e.account == account || e.other == account }

// by finds the relayed messages that are to go by a link.
func (d *directory) by(link string) (all []sessions.ID) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for e := range d.what.All {
		if e.line.name == link && e.relayed {
			all = append(all, e.id)
		}
	}
	return all
}

// matching finds relayed messages.
func (d *directory) matching(m *Match) (all []sessions.ID) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for e := range d.byTo[tailKey(m.To)].all {
		if e.sender == m.Account && e.to == m.To && e.source == m.Source && (m.AnyServiceType || e.service == m.ServiceType) {
			all = append(all, e.id)
		}
	}
	return all
}

// isFrom tells whether a message was relayed for this source address.
func (d *directory) isFrom(id sessions.ID, source string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	e := d.what.Get(uint64(id))
	return e != nil && e.relayed && e.source == source
}

// awaited tells whether a message of an account to this number is on its way, so
// that its message id may still come.
func (d *directory) awaited(account, from string) bool {
	if !isNumber(from) {
		return true
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	for e := range d.byTo[tailKey(from)].all {
		if e.with(account) && sameNumber(e.to, from) {
			return true
		}
	}
	return false
}

// identified finds the message with this message id. When the receipt says a
// number that has to be that of the message, in one of its forms.
func (d *directory) identified(l *letter) (sessions.ID, bool) {
	return d.withID(l, l.spellings[:1], true)
}

// converted finds it by the id as another centre would have written it. With small
// ids that may be the id of another message: a mark of ours tells.
func (d *directory) converted(l *letter) (sessions.ID, bool) {
	return d.withID(l, l.spellings[1:], !l.marked)
}

func (d *directory) withID(l *letter, spellings []string, anyMark bool) (sessions.ID, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, s := range spellings {
		for _, id := range d.byID[keyOf(l.account, s)] {
			e := d.what.Get(uint64(id))
			if sameNumber(e.to, l.from) && (anyMark || int(l.mark-e.mark) < e.parts) {
				return id, true
			}
		}
	}
	return 0, false
}
