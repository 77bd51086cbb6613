package pages

import "github.com/otagate/otagate/sessions"

// writer makes the page of a batch.
type writer struct {
	slack  int
	page   sessions.Page
	images []image
	buf    []byte
	octets int // of the log as it will be
	live   int // of the newest images, as they will be
}

// image is one that is in the page.
type image struct {
	e    entity
	size int
}

// moveOctets is how many octets of old pages are written again with each commit,
// beside twice as many as the commit itself has.
const moveOctets = 16 << 10

// compose fills w with what the batch of m has to commit.
func (w *writer) compose(m *memory) {
	w.page = sessions.Page{Records: m.batch.records}
	w.images = w.images[:0]
	h := &m.history
	w.octets, w.live = h.octets, h.live
	w.buf = appendHead(w.buf[:0], m.given)
	w.changes(&m.batch)
	w.page.Seq, w.page.First = h.next(), w.move(m, moveOctets+2*len(w.buf))
	w.page.Body = w.buf
}

// changes writes what became of each entity that the batch has touched.
func (w *writer) changes(b *changes) {
	for i := range b.sessions {
		switch s := b.sessions[i].s; {
		case s.there:
			w.image(s)
		case s.page != nil:
			w.buf = s.over(w.buf)
			w.leave(s)
		}
	}
	for i := range b.rows {
		switch r := b.rows[i].r; {
		case r.there && r.page == nil:
			w.image(r)
		case r.there:
			w.buf = r.moved(w.buf)
		case r.page != nil:
			w.buf = r.over(w.buf)
			w.leave(r)
		}
	}
	for i := range b.sights {
		w.image(b.sights[i].x)
	}
}

// image writes all of e, so that an older image is not needed any more.
func (w *writer) image(e entity) {
	from := len(w.buf)
	w.buf = e.image(w.buf)
	size := len(w.buf) - from
	w.images = append(w.images, image{e, size})
	w.leave(e)
	w.live += size
}

// leave notes that e's image, if there is one, is not needed any more.
func (w *writer) leave(e entity) {
	if at := e.where(); at.page != nil && !at.leaving {
		at.leaving = true
		w.live -= int(at.size)
	}
}

// move lets the oldest pages go, and returns the first that has to stay. While
// the log is too long, what is needed of them is written again, up to so many
// octets.
func (w *writer) move(m *memory, budget int) (first int64) {
	h := &m.history
	for _, p := range h.pages {
		for _, e := range p.live {
			if e.where().leaving {
				continue
			}
			if budget <= 0 || w.octets+sizeOf(len(w.buf), w.page.Records) <= 2*w.live+w.slack {
				return p.seq
			}
			from := len(w.buf)
			w.image(e)
			budget -= len(w.buf) - from
			h.moved++
		}
		w.octets -= p.size
	}
	return h.next()
}

// done makes the page that was committed a part of the log.
func (w *writer) done(m *memory) {
	h, p := &m.history, &page{seq: w.page.Seq, size: sizeOf(len(w.page.Body), w.page.Records)}
	b := &m.batch
	for i := range b.sessions {
		h.take(b.sessions[i].s)
	}
	for i := range b.rows {
		if r := b.rows[i].r; !r.there {
			h.take(r)
		}
	}
	p.live = make([]entity, 0, len(w.images))
	for _, x := range w.images {
		h.put(x.e, p, x.size)
		x.e.where().leaving = false
	}
	h.add(p)
	h.drop(w.page.First)
	clear(w.images)
}

// failed forgets the page.
func (w *writer) failed() {
	for _, x := range w.images {
		x.e.where().leaving = false
	}
	clear(w.images)
}
