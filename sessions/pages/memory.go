package pages

import (
	"github.com/otagate/otagate/internal/idtable"
	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/sessions/cdr"
)

// memory is what the log says, in a form in which it is found. It belongs to the
// goroutine of the store, and is ahead of the log by one batch.
type memory struct {
	now   int64 // of the batch, in Unix microseconds
	live  idtable.Table[session]
	keys  map[sessions.Key]*session // all but the keys of messages that are their own id
	corr  map[sessions.Corr]*session
	seen  map[string]*sight
	rows  idtable.Table[row]
	dedup map[string]*row
	boxes map[string]*box
	given int64 // the highest row number ever given

	expiry  sightHeap
	history history
	batch   changes

	// Used again, so that what comes and goes costs no memory each time.
	idleSessions []*session
	idleRows     []*row
}

func newMemory() *memory {
	return &memory{
		keys: map[sessions.Key]*session{}, corr: map[sessions.Corr]*session{},
		seen: map[string]*sight{}, dedup: map[string]*row{}, boxes: map[string]*box{},
	}
}

// changes is what a batch has changed, and what that was before.
type changes struct {
	sessions []keptSession
	rows     []keptRow
	sights   []keptSight
	given    int64 // before
	records  cdr.Blocks
}

type keptSession struct {
	s      *session
	before sessionState
}

type keptRow struct {
	r      *row
	before rowState
}

type keptSight struct {
	x      *sight
	before sightState
}

// begin begins a batch.
func (m *memory) begin() { m.batch.given = m.given }

// changed tells whether there is anything to be committed.
func (m *memory) changed() bool {
	b := &m.batch
	return len(b.sessions)+len(b.rows)+len(b.sights)+len(b.records) > 0 || m.given != b.given
}

// undo makes everything as it was before the batch. First all that was touched
// is taken out, since what one has lost another may have got.
func (m *memory) undo() {
	b := &m.batch
	for i := range b.sessions {
		if s := b.sessions[i].s; s.there {
			m.unindexSession(s)
		}
	}
	for i := range b.rows {
		if r := b.rows[i].r; r.there {
			m.unindexRow(r)
		}
	}
	for i := range b.sights {
		if x := b.sights[i].x; x.there {
			m.unindexSight(x)
		}
	}
	for i := range b.sessions {
		k := &b.sessions[i]
		if k.s.sessionState = k.before; k.s.there {
			m.indexSession(k.s)
		}
	}
	for i := range b.rows {
		k := &b.rows[i]
		if k.r.rowState = k.before; k.r.there {
			m.indexRow(k.r)
		}
	}
	for i := range b.sights {
		k := &b.sights[i]
		if k.x.sightState = k.before; k.x.there {
			m.indexSight(k.x)
		}
	}
	m.given = b.given
	m.end()
}

// end ends a batch, however it went.
func (m *memory) end() {
	b := &m.batch
	for i := range b.sessions {
		m.endSession(b.sessions[i].s)
	}
	for i := range b.rows {
		m.endRow(b.rows[i].r)
	}
	for i := range b.sights {
		b.sights[i].x.place.settle()
	}
	clear(b.sessions)
	clear(b.rows)
	clear(b.sights)
	b.sessions, b.rows, b.sights, b.records = b.sessions[:0], b.rows[:0], b.sights[:0], b.records[:0]
}

// settle ends what a batch has noted at an entity.
func (p *place) settle() { p.touched, p.leaving = false, false }

// maxIdle is how many sessions, and how many rows, are kept to be used again.
const maxIdle = 4096

func (m *memory) newSession() *session {
	if n := len(m.idleSessions); n > 0 {
		s := m.idleSessions[n-1]
		m.idleSessions = m.idleSessions[:n-1]
		return s
	}
	return new(session)
}

func (m *memory) endSession(s *session) {
	if s.place.settle(); !s.there && len(m.idleSessions) < maxIdle {
		*s = session{}
		m.idleSessions = append(m.idleSessions, s)
	}
}

func (m *memory) newRow() *row {
	if n := len(m.idleRows); n > 0 {
		r := m.idleRows[n-1]
		m.idleRows = m.idleRows[:n-1]
		return r
	}
	return new(row)
}

func (m *memory) endRow(r *row) {
	if r.place.settle(); !r.there && len(m.idleRows) < maxIdle {
		*r = row{}
		m.idleRows = append(m.idleRows, r)
	}
}
