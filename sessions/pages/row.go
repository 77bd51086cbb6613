package pages

import (
	"github.com/otagate/otagate/sessions"
)

// row is one outbox row.
type row struct {
	place
	number   int64
	box      *box
	validity int64
	id       sessions.ID
	key      sessions.Key
	dedup    string
	body     string
	rowState

	// In its box.
	in         shelf
	index      int32 // in a heap
	prev, next *row  // in a list
}

// rowState is what of a row is put back when a batch is undone. Times are Unix
// microseconds, 0 for none.
type rowState struct {
	due     int64
	lease   int64 // until when; 0 when nobody has it
	attempt int32
	there   bool
}

// at is when the row can be claimed.
func (r *row) at() int64 {
	if r.lease > 0 {
		return r.lease
	}
	return r.due
}

// before is the order of claims.
func (r *row) before(o *row) bool {
	a, b := r.at(), o.at()
	return a < b || a == b && r.number < o.number
}

// outbox is the row as a sender gets it, without its body.
func (r *row) outbox() sessions.Outbox {
	return sessions.Outbox{
		Row: r.number, Dest: r.box.dest, Due: fromMicros(r.due), Validity: fromMicros(r.validity), Attempt: int(r.attempt),
		LeaseUntil: fromMicros(r.lease), ID: r.id, Key: r.key, Dedup: r.dedup,
	}
}

// addRow inserts o, unless a live row has its text.
func (m *memory) addRow(o *sessions.Outbox) {
	if o.Dedup != "" && m.dedup[o.Dedup] != nil {
		return
	}
	m.given++
	r := m.newRow()
	r.number, r.validity, r.id, r.key, r.dedup, r.body = m.given, micros(o.Validity), o.ID, o.Key, o.Dedup, string(o.Body)
	r.box = m.boxOf(o.Dest)
	m.touchRow(r)
	r.rowState = rowState{due: micros(o.Due), attempt: int32(o.Attempt), there: true}
	m.indexRow(r)
}

func (m *memory) removeRow(r *row) {
	m.touchRow(r)
	m.unindexRow(r)
	r.there = false
}

// lease gives r away until then, or, with 0, back.
func (m *memory) lease(r *row, until int64) {
	m.touchRow(r)
	r.box.remove(r)
	r.lease = until
	r.box.add(r)
}

func (m *memory) touchRow(r *row) {
	if r.touched {
		return
	}
	r.touched = true
	m.batch.rows = append(m.batch.rows, keptRow{r, r.rowState})
}

func (m *memory) indexRow(r *row) {
	m.rows.Put(uint64(r.number), r)
	if r.dedup != "" {
		m.dedup[r.dedup] = r
	}
	r.box = m.boxOf(r.box.dest)
	r.box.add(r)
}

func (m *memory) unindexRow(r *row) {
	m.rows.Drop(uint64(r.number))
	if r.dedup != "" {
		delete(m.dedup, r.dedup)
	}
	r.box.remove(r)
	if len(m.boxes) > manyBoxes && r.box.first() == nil {
		delete(m.boxes, r.box.dest)
	}
}

// manyBoxes is how many destinations are kept although nothing is there for them.
const manyBoxes = 1024

func (m *memory) boxOf(dest string) *box {
	x := m.boxes[dest]
	if x == nil {
		x = &box{dest: dest}
		m.boxes[dest] = x
	}
	return x
}
