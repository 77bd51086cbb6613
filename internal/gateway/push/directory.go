package push

import (
	"math"
	"slices"
	"sync"

	"github.com/otagate/otagate/sessions"
)

// directory finds the messages on their way by what the networks say of them.
// Several may have the same key: what is found is looked at once more.
type directory struct {
	mu     sync.Mutex
	byTo   map[string][]sessions.ID // destination number
	byMIN  map[string][]sessions.ID // of those that an MSC serves
	byID   map[string][]sessions.ID // link and message id, in its plainest spelling
	what   map[sessions.ID]*entry
	taken  func(key string)       // told of every new message id, outside the lock
	mailed map[string]sessions.ID // push ids
}

// entry is what is known of a message that a key has led to.
type entry struct {
	link, to, min string
	reference     uint16 // of the concatenation
	mark          uint16 // of the first part
	parts         int
	ids           []string // keys in byID
	corr          string   // key in mailed
}

func newDirectory() *directory {
	return &directory{
		byTo: map[string][]sessions.ID{}, byMIN: map[string][]sessions.ID{}, byID: map[string][]sessions.ID{},
		what: map[sessions.ID]*entry{}, mailed: map[string]sessions.ID{}, taken: func(string) {},
	}
}

// add takes a message in, or what is new of one that it has.
func (d *directory) add(p *parcel) (isNew bool) {
	id := sessions.ID(p.id)
	d.mu.Lock()
	e := d.what[id]
	if isNew = e == nil; isNew {
		e = &entry{link: p.link, to: p.to, min: p.min, reference: p.content.Reference, mark: p.mark(0), parts: len(p.delivery.Parts), corr: corrKey(&p.origin)}
		d.what[id] = e
		d.byTo[p.to] = append(d.byTo[p.to], id)
		if p.min != "" {
			d.byMIN[p.min] = append(d.byMIN[p.min], id)
		}
		if e.corr != "" {
			d.mailed[e.corr] = id
		}
	}
	var news []string
	for _, t := range p.taken {
		if key := idKey(p.link, t.id); !slices.Contains(e.ids, key) {
			e.ids = append(e.ids, key)
			d.byID[key] = append(d.byID[key], id)
			news = append(news, key)
		}
	}
	d.mu.Unlock()
	for _, key := range news {
		d.taken(key)
	}
	return isNew
}

func (d *directory) remove(id sessions.ID) {
	d.mu.Lock()
	defer d.mu.Unlock()
	e := d.what[id]
	if e == nil {
		return
	}
	delete(d.what, id)
	without(d.byTo, e.to, id)
	without(d.byMIN, e.min, id)
	for _, key := range e.ids {
		without(d.byID, key, id)
	}
	if d.mailed[e.corr] == id {
		delete(d.mailed, e.corr)
	}
}

// size is the number of all entries.
func (d *directory) size() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.what) + len(d.byTo) + len(d.byMIN) + len(d.byID) + len(d.mailed)
}

func without(m map[string][]sessions.ID, key string, id sessions.ID) {
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

// corrKey is what a status query finds a message by.
func corrKey(o *Origin) string {
	if o.Corr == "" {
		return ""
	}
	return o.Door + "/" + o.Account + "/" + o.Corr
}

// named finds a message by its initiator's own reference.
func (d *directory) named(o *Origin) (sessions.ID, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	id, ok := d.mailed[corrKey(o)]
	return id, ok
}

// reference is one near wish that no message to this number has, in the low octet
// that some ways have of it.
func (d *directory) reference(to string, wish uint16) uint16 {
	d.mu.Lock()
	defer d.mu.Unlock()
	for range 256 {
		if wish != 0 && !slices.ContainsFunc(d.byTo[to], func(id sessions.ID) bool { return uint8(d.what[id].reference) == uint8(wish) }) {
			break
		}
		wish++
	}
	return max(wish, 1)
}

// serving finds what waits for the handset with this MIN.
func (d *directory) serving(min string) []sessions.ID {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.byMIN[min])
}

// marked finds the message of a link to this number of which a part has this mark,
// if there is one only.
func (d *directory) marked(link, to string, mark uint16) (found sessions.ID, ok bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, id := range d.byTo[to] {
		if e := d.what[id]; e.link == link && int(mark-e.mark) < e.parts {
			if ok {
				return 0, false
			}
			found, ok = id, true
		}
	}
	return found, ok
}

// confusable tells whether the marks of a message with this id could be those of
// another one to this number.
func (d *directory) confusable(to string, id uint64) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.ContainsFunc(d.byTo[to], func(other sessions.ID) bool {
		apart := uint16(id) - d.what[other].mark
		return min(apart, -apart) <= math.MaxUint8
	})
}

// identified finds the message with this message id. When from is given its
// number has to be that, or to end in it or it in that.
func (d *directory) identified(link string, spellings []string, from string) (sessions.ID, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, s := range spellings {
		for _, id := range d.byID[idKey(link, s)] {
			if sameNumber(d.what[id].to, from) {
				return id, true
			}
		}
	}
	return 0, false
}
