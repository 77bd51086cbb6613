package simulation

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/sessions/cdr"
	"github.com/otagate/otagate/sessions/storetest"
)

// memory is a store in memory: what a process leaves behind when it dies.
type memory struct {
	now   func() time.Time
	watch func(c *sessions.Change) // told of every change before it is made

	mu     sync.Mutex
	closed bool
	live   map[sessions.ID]sessions.Record
	keys   map[sessions.Key]sessions.ID
	corr   map[sessions.Corr]sessions.ID
	seen   map[string]sight
	out    []*row
	rows   int64
	cdrs   []cdr.Record
	orders map[string]sessions.Order
	blobs  map[string][]byte
}

type sight struct {
	id    sessions.ID
	until time.Time
}

type row struct {
	sessions.Outbox
	next time.Time // when it can be claimed
}

var _ sessions.Store = (*memory)(nil)

func newMemory(now func() time.Time) *memory {
	return &memory{
		now: now, live: map[sessions.ID]sessions.Record{}, keys: map[sessions.Key]sessions.ID{},
		corr: map[sessions.Corr]sessions.ID{}, seen: map[string]sight{},
		orders: map[string]sessions.Order{}, blobs: map[string][]byte{},
	}
}

// TestMemory: the store of the simulation keeps the promises of a store.
func TestMemory(t *testing.T) {
	kept := map[string]*memory{}
	storetest.Run(t, func(_ testing.TB, dir string) sessions.Store {
		m := kept[dir]
		if m == nil {
			m = newMemory(time.Now)
			kept[dir] = m
		}
		m.closed = false
		return m
	})
}

func (m *memory) lock() error {
	m.mu.Lock()
	if m.closed {
		m.mu.Unlock()
		return fmt.Errorf("%w: closed", sessions.ErrStore)
	}
	return nil
}

func (m *memory) Apply(c *sessions.Change, done func(sessions.Result)) { done(m.apply(c)) }

func (m *memory) apply(c *sessions.Change) sessions.Result {
	if err := c.Validate(); err != nil {
		return sessions.Result{Err: err}
	}
	if err := m.lock(); err != nil {
		return sessions.Result{Err: err}
	}
	defer m.mu.Unlock()
	if no := m.refusal(c); no.Err != nil {
		return no
	}
	if m.watch != nil {
		m.watch(c)
	}
	m.session(c)
	m.correlate(c)
	m.rest(c)
	return sessions.Result{Version: c.Expect + 1}
}

func (m *memory) refusal(c *sessions.Change) sessions.Result {
	rec, there := m.live[c.ID]
	if s, known := m.seen[c.Seen.Key]; known && c.Seen.Key != "" && s.until.After(m.now()) {
		return sessions.Result{First: s.id, Err: sessions.ErrDuplicate}
	}
	switch {
	case !there && c.Expect > 0:
		return sessions.Result{Err: sessions.ErrNotFound}
	case rec.Version != c.Expect:
		return sessions.Result{Version: rec.Version, Err: sessions.ErrConflict}
	}
	if c.Expect == 0 || !c.Finish {
		if by := m.keys[c.FinalKey()]; by != 0 && by != c.ID {
			return sessions.Result{First: by, Err: sessions.ErrKeyTaken}
		}
	}
	for _, a := range c.AddCorr {
		if by := m.corr[a]; by != 0 && by != c.ID {
			return sessions.Result{First: by, Err: sessions.ErrCorrTaken}
		}
	}
	if o := m.orders[c.OrderOpen.Name]; c.OrderOpen.Name != "" && (o.Done || o.Revision != c.OrderOpen.Revision) {
		return sessions.Result{Err: sessions.ErrOrderChanged}
	}
	return sessions.Result{}
}

func (m *memory) session(c *sessions.Change) {
	rec, there := m.live[c.ID]
	due := c.Due.Truncate(time.Second)
	if c.KeepDue {
		due = rec.Due
	}
	if there {
		delete(m.keys, rec.Key)
	}
	delete(m.live, c.ID)
	if !c.Finish {
		if !due.IsZero() {
			due = due.UTC()
		}
		m.live[c.ID] = sessions.Record{ID: c.ID, Key: c.FinalKey(), Version: c.Expect + 1, State: slices.Clone(c.State), Due: due}
		m.keys[c.FinalKey()] = c.ID
	}
}

func (m *memory) correlate(c *sessions.Change) {
	for _, d := range c.DelCorr {
		if m.corr[d] == c.ID {
			delete(m.corr, d)
		}
	}
	for _, a := range c.AddCorr {
		m.corr[a] = c.ID
	}
	if c.Finish {
		for a, id := range m.corr {
			if id == c.ID {
				delete(m.corr, a)
			}
		}
	}
	if c.Seen.Key != "" {
		m.seen[c.Seen.Key] = sight{c.ID, c.Seen.Until}
	}
}

func (m *memory) rest(c *sessions.Change) {
	for _, r := range c.OutboxDone {
		m.drop(r)
	}
	for _, o := range c.Outbox {
		if o.Dedup != "" && slices.ContainsFunc(m.out, func(r *row) bool { return r.Dedup == o.Dedup }) {
			continue
		}
		m.rows++
		o.Row, o.Body = m.rows, slices.Clone(o.Body)
		next := o.Due
		if next.IsZero() {
			next = time.UnixMicro(0) // at once, but behind what is given back
		}
		m.out = append(m.out, &row{o, next})
	}
	m.cdrs = append(m.cdrs, c.CDR...)
	if o, known := m.orders[c.OrderDone.Name]; known && o.Revision == c.OrderDone.Revision {
		o.Done = true
		m.orders[o.Name] = o
	}
}

func (m *memory) drop(n int64) {
	m.out = slices.DeleteFunc(m.out, func(r *row) bool { return r.Row == n })
}

func (m *memory) Load(_ context.Context, each func(sessions.Record) error) error {
	if err := m.lock(); err != nil {
		return err
	}
	var all []sessions.Record
	for _, rec := range m.live {
		rec.State = slices.Clone(rec.State)
		all = append(all, rec)
	}
	m.mu.Unlock()
	slices.SortFunc(all, func(a, b sessions.Record) int { return cmp.Compare(a.ID, b.ID) })
	for _, rec := range all {
		if err := each(rec); err != nil {
			return err
		}
	}
	return nil
}

func (m *memory) ByID(_ context.Context, id sessions.ID) (sessions.Record, error) {
	return m.find(func() sessions.ID { return id })
}

func (m *memory) ByKey(_ context.Context, k sessions.Key) (sessions.Record, error) {
	return m.find(func() sessions.ID { return m.keys[k] })
}

func (m *memory) ByCorr(_ context.Context, c sessions.Corr) (sessions.Record, error) {
	return m.find(func() sessions.ID { return m.corr[c] })
}

func (m *memory) find(whose func() sessions.ID) (sessions.Record, error) {
	if err := m.lock(); err != nil {
		return sessions.Record{}, err
	}
	defer m.mu.Unlock()
	rec, there := m.live[whose()]
	if !there {
		return rec, sessions.ErrNotFound
	}
	return rec, nil
}

func (m *memory) Claim(_ context.Context, dest string, now time.Time, n int, lease time.Duration) ([]sessions.Outbox, error) {
	if n <= 0 || lease < time.Microsecond {
		return nil, fmt.Errorf("%w: %d rows claimed for %s", sessions.ErrInvalid, n, lease)
	}
	if err := m.lock(); err != nil {
		return nil, err
	}
	defer m.mu.Unlock()
	slices.SortStableFunc(m.out, func(a, b *row) int { return cmp.Or(a.next.Compare(b.next), cmp.Compare(a.Row, b.Row)) })
	var got []sessions.Outbox
	for _, r := range m.out {
		if r.Dest != dest || r.next.After(now) || len(got) == n {
			continue
		}
		r.Attempt++
		r.LeaseUntil, r.next = now.Add(lease), now.Add(lease)
		got = append(got, r.Outbox)
	}
	return got, nil
}

func (m *memory) Settle(_ context.Context, rows ...sessions.Settlement) error {
	if err := m.lock(); err != nil {
		return err
	}
	defer m.mu.Unlock()
	for _, s := range rows {
		if s.Retry.IsZero() {
			m.drop(s.Row)
			continue
		}
		for _, r := range m.out {
			if r.Row == s.Row && (s.Attempt == 0 || s.Attempt == r.Attempt) {
				r.Due, r.next, r.LeaseUntil = s.Retry, s.Retry, time.Time{}
			}
		}
	}
	return nil
}

func (m *memory) Orphans(_ context.Context, dest string, now time.Time, lease time.Duration) ([]sessions.Outbox, error) {
	if lease < time.Microsecond {
		return nil, fmt.Errorf("%w: rows leased for %s", sessions.ErrInvalid, lease)
	}
	if err := m.lock(); err != nil {
		return nil, err
	}
	defer m.mu.Unlock()
	slices.SortFunc(m.out, func(a, b *row) int { return cmp.Compare(a.Row, b.Row) })
	var got []sessions.Outbox
	for _, r := range m.out {
		if r.Dest != dest || r.LeaseUntil.IsZero() {
			continue
		}
		r.LeaseUntil, r.next = now.Add(lease), now.Add(lease)
		got = append(got, r.Outbox)
	}
	return got, nil
}

func (m *memory) Withdraw(_ context.Context, dedup string) (bool, error) {
	if dedup == "" {
		return false, fmt.Errorf("%w: no row is withdrawn by an empty text", sessions.ErrInvalid)
	}
	if err := m.lock(); err != nil {
		return false, err
	}
	defer m.mu.Unlock()
	named := func(r *row) bool { return r.Dedup == dedup }
	m.out = slices.DeleteFunc(m.out, func(r *row) bool { return named(r) && r.LeaseUntil.IsZero() })
	return !slices.ContainsFunc(m.out, named), nil
}

func (m *memory) NextDue(_ context.Context, dest string) (time.Time, error) {
	if err := m.lock(); err != nil {
		return time.Time{}, err
	}
	defer m.mu.Unlock()
	var first time.Time
	for _, r := range m.out {
		if r.Dest == dest && (first.IsZero() || r.next.Before(first)) {
			first = r.next
		}
	}
	return first, nil
}

func (m *memory) PutOrders(_ context.Context, orders []sessions.Order) error {
	if slices.ContainsFunc(orders, func(o sessions.Order) bool { return o.Name == "" }) {
		return fmt.Errorf("%w: an order without a name", sessions.ErrInvalid)
	}
	if err := m.lock(); err != nil {
		return err
	}
	defer m.mu.Unlock()
	for _, o := range orders {
		o.Revision = m.orders[o.Name].Revision + 1
		m.orders[o.Name] = o
	}
	return nil
}

func (m *memory) FindOrder(_ context.Context, q sessions.OrderQuery) (sessions.Order, error) {
	if _, _, err := q.Field(); err != nil {
		return sessions.Order{}, err
	}
	if err := m.lock(); err != nil {
		return sessions.Order{}, err
	}
	defer m.mu.Unlock()
	var found []sessions.Order
	for _, o := range m.orders {
		if q == (sessions.OrderQuery{Name: o.Name}) || q == (sessions.OrderQuery{MDN: o.MDN}) || q == (sessions.OrderQuery{MIN: o.MIN}) ||
			q == (sessions.OrderQuery{IMSI: o.IMSI}) || q == (sessions.OrderQuery{ESN: o.ESN}) || q == (sessions.OrderQuery{MEID: o.MEID}) {
			found = append(found, o)
		}
	}
	if len(found) == 0 {
		return sessions.Order{}, sessions.ErrNotFound
	}
	return slices.MinFunc(found, func(a, b sessions.Order) int {
		return cmp.Or(cmp.Compare(number(a.Done), number(b.Done)), b.UpdatedAt.Compare(a.UpdatedAt), cmp.Compare(a.Name, b.Name))
	}), nil
}

func number(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (m *memory) PutBlob(_ context.Context, name string, data []byte) error {
	if err := m.lock(); err != nil {
		return err
	}
	defer m.mu.Unlock()
	m.blobs[name] = slices.Clone(data)
	return nil
}

func (m *memory) Blob(_ context.Context, name string) ([]byte, error) {
	if err := m.lock(); err != nil {
		return nil, err
	}
	defer m.mu.Unlock()
	data, there := m.blobs[name]
	if !there {
		return nil, sessions.ErrNotFound
	}
	return slices.Clone(data), nil
}

func (m *memory) CDRs(_ context.Context, f cdr.Filter, each func(cdr.Record) error) error {
	if err := m.lock(); err != nil {
		return err
	}
	all := slices.Clone(m.cdrs)
	m.mu.Unlock()
	slices.SortStableFunc(all, func(a, b cdr.Record) int { return a.Ended.Compare(b.Ended) })
	n := 0
	for i := range all {
		if !f.Match(&all[i]) || f.Limit > 0 && n == f.Limit {
			continue
		}
		n++
		if err := each(all[i]); err != nil {
			return err
		}
	}
	return nil
}

func (m *memory) Ping(context.Context) error {
	if err := m.lock(); err != nil {
		return err
	}
	m.mu.Unlock()
	return nil
}

func (m *memory) Close() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.closed = true
	return nil
}
