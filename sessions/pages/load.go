package pages

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/sessions"
)

// load rebuilds memory from the log.
func (m *memory) load(ctx context.Context, log Log) error {
	first := int64(0) // page that is needed
	err := log.Pages(ctx, func(p sessions.Page) error {
		first = p.First
		if err := m.read(p); err != nil {
			return fmt.Errorf("pages: page %d: %w", p.Seq, err)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if n := len(m.history.pages); n > 0 && m.history.pages[0].seq != first {
		return fmt.Errorf("pages: page %d is missing: the log begins with page %d", first, m.history.pages[0].seq)
	}
	return m.index()
}

// read takes one page over.
func (m *memory) read(p sessions.Page) error {
	if want := m.history.next(); len(m.history.pages) > 0 && p.Seq != want {
		return fmt.Errorf("page %d should be before it", want)
	}
	body := p.Body
	if len(body) > 0 && body[0] == olderVersion {
		var err error
		if body, err = older(body); err != nil {
			return err
		}
	}
	c := wire.NewCursor("page", body)
	if v := c.U8("version"); c.Err() == nil && v != formatVersion {
		c.FailAt(0, "version", wire.ErrUnsupported)
	}
	m.given = int64(c.U64("rows"))
	one := &page{seq: p.Seq, size: sizeOf(len(p.Body), p.Records)}
	m.history.add(one)
	for c.More() {
		m.entry(&c, one)
	}
	return c.End()
}

// entry reads one entry. What is said of an entity whose image is in no page any
// more is of no interest: a newer image comes, or it is over.
func (m *memory) entry(c *wire.Cursor, p *page) {
	from := c.Off()
	switch kind := c.U8("kind of entry"); kind {
	case entrySession:
		s := &session{id: sessions.ID(c.U64("session"))}
		if s.read(c); c.Err() == nil {
			m.forgetSession(s.id)
			m.live.Put(uint64(s.id), s)
			m.history.put(s, p, c.Off()-from)
		}
	case entrySessionOver:
		m.forgetSession(sessions.ID(c.U64("session")))
	case entryRow:
		r := &row{number: int64(c.U64("row"))}
		if r.read(c, m.boxOf); c.Err() == nil {
			m.forgetRow(uint64(r.number))
			m.rows.Put(uint64(r.number), r)
			m.history.put(r, p, c.Off()-from)
		}
	case entryRowMoved:
		r := m.rows.Get(c.U64("row"))
		if r == nil {
			r = new(row)
		}
		r.readState(c)
	case entryRowOver:
		m.forgetRow(c.U64("row"))
	case entrySeen:
		x := &sight{index: -1}
		x.id, x.until, x.there = sessions.ID(c.U64("session")), int64(c.U64("until")), true
		if x.key = readText(c, "key"); c.Err() == nil {
			m.forgetSight(x.key)
			m.seen[x.key] = x
			m.history.put(x, p, c.Off()-from)
		}
	default:
		c.FailAt(from, "kind of entry", wire.ErrUnsupported)
	}
}

func (m *memory) forgetSession(id sessions.ID) {
	if s := m.live.Drop(uint64(id)); s != nil {
		m.history.take(s)
	}
}

func (m *memory) forgetRow(n uint64) {
	if r := m.rows.Drop(n); r != nil {
		m.history.take(r)
	}
}

func (m *memory) forgetSight(key string) {
	if x := m.seen[key]; x != nil {
		m.history.take(x)
		delete(m.seen, key)
	}
}

// index makes all that was loaded found. Two that have the same key, correlation
// or text were never committed.
func (m *memory) index() error {
	for s := range m.live.All {
		if by := m.owner(s.key); by != nil && by != s {
			return fmt.Errorf("pages: sessions %s and %s have the same key", s.id, by.id)
		}
		for _, c := range s.corrs {
			if by := m.corr[c]; by != nil && by != s {
				return fmt.Errorf("pages: sessions %s and %s have the same %s", s.id, by.id, c.Kind)
			}
		}
		m.indexSession(s)
	}
	for _, r := range slices.SortedFunc(m.rows.All, func(a, b *row) int { return cmp.Compare(a.number, b.number) }) {
		if by := m.dedup[r.dedup]; r.dedup != "" && by != nil {
			return fmt.Errorf("pages: rows %d and %d have the same text", by.number, r.number)
		}
		m.indexRow(r)
	}
	for _, x := range m.seen {
		m.indexSight(x)
	}
	return nil
}
