package sessions_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/sessions/cdr"
)

// memStore is a journal in memory whose commits take time and can fail.
type memStore struct {
	mu      sync.Mutex
	live    map[sessions.ID]sessions.Record
	corr    map[sessions.Corr]sessions.ID
	seen    map[string]sessions.ID
	ended   map[sessions.ID][]cdr.Record
	outbox  []sessions.Outbox
	dues    map[sessions.ID]int // how often a deadline was rewritten
	applied int

	latency func(c *sessions.Change) time.Duration // nil commits before Apply returns
	fail    func(c *sessions.Change) error
	lie     bool // a failing change is committed all the same
	held    []heldChange
	hold    bool // changes wait for release
}

// heldChange is a change that waits for release.
type heldChange struct {
	id     sessions.ID
	answer func()
}

func newMemStore() *memStore {
	return &memStore{
		live:  make(map[sessions.ID]sessions.Record),
		corr:  make(map[sessions.Corr]sessions.ID),
		seen:  make(map[string]sessions.ID),
		ended: make(map[sessions.ID][]cdr.Record),
		dues:  make(map[sessions.ID]int),
	}
}

// load puts n sessions in, of 3 steps each.
func (m *memStore) load(n sessions.ID) {
	for i := range n {
		m.live[i+1] = sessions.Record{ID: i + 1, Key: mdn(i), Version: 3, State: []byte("3 0")}
	}
}

func (m *memStore) Apply(c *sessions.Change, done func(sessions.Result)) {
	answer := func() { done(m.commit(c)) }
	m.mu.Lock()
	switch {
	case m.hold:
		m.held = append(m.held, heldChange{c.ID, answer})
		m.mu.Unlock()
	case m.latency != nil:
		d := m.latency(c)
		m.mu.Unlock()
		time.AfterFunc(d, answer)
	default:
		m.mu.Unlock()
		answer()
	}
}

// release lets what is held, and all later changes, go.
func (m *memStore) release() {
	m.mu.Lock()
	held := m.held
	m.held, m.hold = nil, false
	m.mu.Unlock()
	for _, h := range held {
		h.answer()
	}
}

func (m *memStore) commit(c *sessions.Change) sessions.Result {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.applied++
	var trouble error
	if m.fail != nil {
		trouble = m.fail(c)
	}
	if trouble != nil && !m.lie {
		return sessions.Result{Err: trouble}
	}
	if res := m.refusal(c); res.Err != nil {
		return res
	}
	m.write(c)
	if trouble != nil {
		return sessions.Result{Err: trouble}
	}
	return sessions.Result{Version: c.Expect + 1}
}

func (m *memStore) refusal(c *sessions.Change) sessions.Result {
	rec, there := m.live[c.ID]
	if first, dup := m.seen[c.Seen.Key]; dup {
		return sessions.Result{First: first, Err: sessions.ErrDuplicate}
	}
	switch {
	case !there && c.Expect > 0:
		return sessions.Result{Err: sessions.ErrNotFound}
	case rec.Version != c.Expect:
		return sessions.Result{Version: rec.Version, Err: sessions.ErrConflict}
	}
	for id, other := range m.live {
		if c.Expect > 0 && c.NewKey == nil {
			break // the key is its own
		}
		if other.Key == c.FinalKey() && id != c.ID {
			return sessions.Result{First: id, Err: sessions.ErrKeyTaken}
		}
	}
	for _, a := range c.AddCorr {
		if by := m.corr[a]; by != 0 && by != c.ID {
			return sessions.Result{First: by, Err: sessions.ErrCorrTaken}
		}
	}
	return sessions.Result{}
}

func (m *memStore) write(c *sessions.Change) {
	due := c.Due
	if c.KeepDue {
		due = m.live[c.ID].Due
	} else {
		m.dues[c.ID]++
	}
	m.live[c.ID] = sessions.Record{ID: c.ID, Key: c.FinalKey(), Version: c.Expect + 1, State: slices.Clone(c.State), Due: due}
	for _, a := range c.AddCorr {
		m.corr[a] = c.ID
	}
	if c.Seen.Key != "" {
		m.seen[c.Seen.Key] = c.ID
	}
	m.outbox = append(m.outbox, c.Outbox...)
	if c.Finish {
		delete(m.live, c.ID)
		m.ended[c.ID] = append(m.ended[c.ID], c.CDR...)
	}
}

func (m *memStore) Load(_ context.Context, each func(sessions.Record) error) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, rec := range m.live {
		rec.State = slices.Clone(rec.State)
		if err := each(rec); err != nil {
			return err
		}
	}
	return nil
}

// state is what is committed of a session, with the steps of a finished one.
func (m *memStore) state(id sessions.ID) (steps int, ended bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if recs := m.ended[id]; len(recs) > 0 {
		return recs[0].Attempts, true
	}
	var last int
	if _, err := fmt.Sscanf(string(m.live[id].State), "%d %d", &steps, &last); err != nil {
		return 0, false
	}
	return steps, false
}

func (m *memStore) record(id sessions.ID) sessions.Record {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.live[id]
}

// ids are those of the live sessions.
func (m *memStore) ids() []sessions.ID {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Sorted(maps.Keys(m.live))
}

// rewritten is how often a deadline was.
func (m *memStore) rewritten(id sessions.ID) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.dues[id]
}

// waits is the session whose change has been held the longest.
func (m *memStore) waits() sessions.ID {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.held[0].id
}

// set changes the store's behaviour while it is in use.
func (m *memStore) set(f func(*memStore)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	f(m)
}
