package storetest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/sessions/cdr"
)

// testModel applies random operations to the store and to a model, and
// compares every answer and everything that can be seen.
func testModel(t *testing.T, open Open) {
	rapid.Check(t, func(rt *rapid.T) {
		dir, err := os.MkdirTemp(t.TempDir(), "")
		check(rt, err)
		m := &machine{open: func() sessions.Store { return open(t, dir) }, model: newModel()}
		m.store = m.open()
		defer func() { check(rt, m.store.Close()) }()
		rt.Repeat(rapid.StateMachineActions(m))
	})
}

// machine is what rapid drives.
type machine struct {
	open  func() sessions.Store
	store sessions.Store
	model *model
	rows  []sessions.Outbox // claimed at some time
	now   int
}

// model is a store in the plainest form.
type model struct {
	live map[sessions.ID]sessions.Record
	corr map[sessions.Corr]sessions.ID
	seen map[string]sessions.ID
	out  []modelRow
	cdrs int

	orders map[string]sessions.Order

	births int // outbox rows ever
}

type modelRow struct {
	birth   int
	row     int64 // known once it was claimed
	body    string
	next    int
	attempt int
	dedup   string
	leased  bool
}

func newModel() *model {
	return &model{
		live: make(map[sessions.ID]sessions.Record),
		corr: make(map[sessions.Corr]sessions.ID),
		seen: make(map[string]sessions.ID),

		orders: make(map[string]sessions.Order),
	}
}

// Few ids, numbers and correlations, so that they meet.
func drawKey(t *rapid.T, label string) sessions.Key {
	n := rapid.Uint64Range(0, 5).Draw(t, label)
	if n%2 == 0 {
		return mdn(n)
	}
	return trn(n)
}

func drawCorrs(t *rapid.T, label string) []sessions.Corr {
	return rapid.SliceOfNDistinct(rapid.Custom(func(t *rapid.T) sessions.Corr {
		return sessions.Corr{Kind: sessions.CorrKind(rapid.IntRange(1, 2).Draw(t, "kind")), ID: rapid.StringMatching("[abc]").Draw(t, "id")}
	}), 0, 2, rapid.ID[sessions.Corr]).Draw(t, label)
}

// Change is a create, a step or a finish, right or wrong.
func (m *machine) Change(t *rapid.T) {
	c := sessions.Change{
		ID:      sessions.ID(rapid.Uint64Range(1, 6).Draw(t, "id")),
		State:   rapid.SliceOfN(rapid.Byte(), 0, 3).Draw(t, "state"),
		AddCorr: drawCorrs(t, "add"),
		DelCorr: drawCorrs(t, "del"),
		Finish:  rapid.IntRange(0, 4).Draw(t, "finish") == 0,
		KeepDue: rapid.Bool().Draw(t, "keep due"),
	}
	if due := rapid.IntRange(0, 3).Draw(t, "due"); due > 0 {
		c.Due = at(due)
	}
	rec, there := m.model.live[c.ID]
	c.Key, c.Expect = drawKey(t, "key"), rec.Version
	if there {
		c.Key = rec.Key
	}
	if rapid.IntRange(0, 5).Draw(t, "spoil version") == 0 {
		c.Expect = rapid.Uint64Range(0, 3).Draw(t, "version")
	}
	if c.Expect == 0 {
		c.KeepDue = false
	} else if rapid.IntRange(0, 2).Draw(t, "move") == 0 {
		k := drawKey(t, "new key")
		c.NewKey = &k
	}
	if rapid.IntRange(0, 3).Draw(t, "seen") == 0 {
		c.Seen = sessions.Seen{Key: rapid.StringMatching("[xyz]").Draw(t, "seen key"), Until: time.Now().Add(time.Hour)}
	}
	if rapid.IntRange(0, 2).Draw(t, "needs order") == 0 {
		c.OrderOpen = drawOrder(t, "open")
	}
	m.extras(t, &c)
	got, want := apply(t, m.store, c), m.model.apply(c)
	if got.Version != want.Version || got.First != want.First || !errors.Is(got.Err, want.Err) {
		t.Fatalf("%+v: %+v, want %+v", c, got, want)
	}
}

func drawOrder(t *rapid.T, label string) sessions.OrderRef {
	return sessions.OrderRef{Name: rapid.StringMatching("[pq]").Draw(t, label+" order"), Revision: rapid.Int64Range(1, 3).Draw(t, label+" revision")}
}

// Order puts one, in place of another perhaps.
func (m *machine) Order(t *rapid.T) {
	o := sessions.Order{Name: drawOrder(t, "put").Name, Done: rapid.IntRange(0, 3).Draw(t, "done already") == 0, UpdatedAt: at(1)}
	check(t, m.store.PutOrders(context.Background(), []sessions.Order{o}))
	o.Revision = m.model.orders[o.Name].Revision + 1
	m.model.orders[o.Name] = o
}

// extras adds rows that are not refused.
func (m *machine) extras(t *rapid.T, c *sessions.Change) {
	if rapid.IntRange(0, 3).Draw(t, "order done") == 0 {
		c.OrderDone = drawOrder(t, "done")
	}
	for i := range rapid.IntRange(0, 2).Draw(t, "outbox") {
		o := sessions.Outbox{Dest: "smsc", Body: fmt.Appendf(nil, "%s-%d-%d", c.ID, c.Expect, i), Due: at(m.now + rapid.IntRange(-2, 2).Draw(t, "in"))}
		if rapid.IntRange(0, 2).Draw(t, "named") == 0 {
			o.Dedup = drawDedup(t)
		}
		c.Outbox = append(c.Outbox, o)
	}
	if len(m.rows) > 0 && rapid.Bool().Draw(t, "outbox done") {
		c.OutboxDone = []int64{rapid.SampledFrom(m.rows).Draw(t, "row").Row}
	}
	if rapid.Bool().Draw(t, "cdr") {
		c.CDR = []cdr.Record{{Session: c.ID.String()}}
	}
}

func drawDedup(t *rapid.T) string { return rapid.StringMatching("[uv]").Draw(t, "dedup") }

// Orphans leases again what is leased.
func (m *machine) Orphans(t *rapid.T) {
	lease := rapid.IntRange(1, 6).Draw(t, "lease")
	rows, err := m.store.Orphans(context.Background(), "smsc", at(m.now), time.Duration(lease)*time.Second)
	check(t, err)
	got := ""
	for _, o := range rows {
		got += fmt.Sprintf("%s %d ", o.Body, o.Attempt)
	}
	if want := m.model.orphans(m.now + lease); got != want {
		t.Fatalf("orphans %q, want %q", got, want)
	}
}

// Withdraw takes a row back if nobody has it.
func (m *machine) Withdraw(t *rapid.T) {
	dedup := drawDedup(t)
	withdraw(t, m.store, dedup, m.model.withdraw(dedup))
}

// Claim leases rows after some time has passed.
func (m *machine) Claim(t *rapid.T) {
	m.now += rapid.IntRange(0, 5).Draw(t, "seconds")
	n, lease := rapid.IntRange(1, 4).Draw(t, "rows"), rapid.IntRange(1, 6).Draw(t, "lease")
	rows, got := claim(t, m.store, at(m.now), n, time.Duration(lease)*time.Second)
	if want := m.model.claim(rows, m.now, n, lease); got != want {
		t.Fatalf("claimed %q, want %q", got, want)
	}
	m.rows = append(m.rows, rows...)
}

// Settle deletes a row or makes it due again.
func (m *machine) Settle(t *rapid.T) {
	if len(m.rows) == 0 {
		t.Skip("nothing was claimed")
	}
	o := rapid.SampledFrom(m.rows).Draw(t, "row")
	st, next := sessions.Settlement{Row: o.Row, Attempt: o.Attempt}, -1
	if rapid.Bool().Draw(t, "retry") {
		next = m.now + rapid.IntRange(0, 3).Draw(t, "in")
		st.Retry = at(next)
	}
	check(t, m.store.Settle(context.Background(), st))
	m.model.settle(o.Row, o.Attempt, next)
}

// Reopen closes the store and opens it again.
func (m *machine) Reopen(t *rapid.T) {
	if rapid.IntRange(0, 3).Draw(t, "really") != 0 {
		t.Skip("not this time")
	}
	check(t, m.store.Close())
	m.store = m.open()
}

// Check compares all that can be seen.
func (m *machine) Check(t *rapid.T) {
	if diff := cmp.Diff(m.model.live, live(t, m.store), byLength); diff != "" {
		t.Fatalf("live sessions (-want +got):\n%s", diff)
	}
	want := maps.Clone(m.model.corr)
	for _, kind := range []sessions.CorrKind{1, 2} {
		for _, id := range []string{"a", "b", "c"} {
			c := sessions.Corr{Kind: kind, ID: id}
			want[c] = m.model.corr[c]
		}
	}
	correlated(t, m.store, want)
	for name, want := range m.model.orders {
		got, err := m.store.FindOrder(context.Background(), sessions.OrderQuery{Name: name})
		if err != nil || got.Done != want.Done || got.Revision != want.Revision {
			t.Fatalf("order %+v %v, want %+v", got, err, want)
		}
	}
	if n := len(records(t, m.store, cdr.Filter{})); n != m.model.cdrs {
		t.Fatalf("%d records, want %d", n, m.model.cdrs)
	}
}

// apply is what a store has to do, in the order of sessions.Result.
func (m *model) apply(c sessions.Change) sessions.Result {
	rec, there := m.live[c.ID]
	if first, dup := m.seen[c.Seen.Key]; dup && c.Seen.Key != "" {
		return sessions.Result{First: first, Err: sessions.ErrDuplicate}
	}
	if !there && c.Expect > 0 {
		return sessions.Result{Err: sessions.ErrNotFound}
	}
	if rec.Version != c.Expect {
		return sessions.Result{Version: rec.Version, Err: sessions.ErrConflict}
	}
	if c.Expect == 0 || !c.Finish {
		for id, other := range m.live {
			if other.Key == c.FinalKey() && id != c.ID {
				return sessions.Result{First: id, Err: sessions.ErrKeyTaken}
			}
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
	m.commit(c)
	return sessions.Result{Version: c.Expect + 1}
}

func (m *model) commit(c sessions.Change) {
	due := c.Due
	if c.KeepDue {
		due = m.live[c.ID].Due
	}
	m.live[c.ID] = sessions.Record{ID: c.ID, Key: c.FinalKey(), Version: c.Expect + 1, State: c.State, Due: due}
	for _, d := range c.DelCorr {
		if m.corr[d] == c.ID {
			delete(m.corr, d)
		}
	}
	for _, a := range c.AddCorr {
		m.corr[a] = c.ID
	}
	if c.Finish {
		delete(m.live, c.ID)
		maps.DeleteFunc(m.corr, func(_ sessions.Corr, id sessions.ID) bool { return id == c.ID })
	}
	if c.Seen.Key != "" {
		m.seen[c.Seen.Key] = c.ID
	}
	for _, row := range c.OutboxDone {
		m.settle(row, 0, -1)
	}
	for _, o := range c.Outbox {
		if m.named(o.Dedup) >= 0 {
			continue
		}
		m.births++
		m.out = append(m.out, modelRow{birth: m.births, body: string(o.Body), next: int(o.Due.Sub(epoch) / time.Second), dedup: o.Dedup})
	}
	m.cdrs += len(c.CDR)
	if o, there := m.orders[c.OrderDone.Name]; there && o.Revision == c.OrderDone.Revision {
		o.Done = true
		m.orders[o.Name] = o
	}
}

// claim leases rows in order and takes their numbers over from got.
func (m *model) claim(got []sessions.Outbox, now, n, lease int) string {
	// Rows of equal time go by their number, which is the order of their birth.
	slices.SortFunc(m.out, func(a, b modelRow) int { return or(a.next-b.next, a.birth-b.birth) })
	bodies := ""
	for i := range m.out {
		o := &m.out[i]
		if o.next > now || n == 0 {
			break
		}
		if len(got) > 0 {
			o.row, got = got[0].Row, got[1:]
		}
		o.attempt++
		o.next, o.leased = now+lease, true
		n--
		if bodies != "" {
			bodies += " "
		}
		bodies += o.body
	}
	return bodies
}

// settle deletes a row, or makes it due at next when the attempt is still that.
func (m *model) settle(row int64, attempt, next int) {
	i := slices.IndexFunc(m.out, func(o modelRow) bool { return o.row == row })
	switch {
	case i < 0:
	case next < 0:
		m.out = slices.Delete(m.out, i, i+1)
	case m.out[i].attempt == attempt:
		m.out[i].next, m.out[i].leased = next, false
	}
}

// named is the index of the row with this text, -1 for none.
func (m *model) named(dedup string) int {
	if dedup == "" {
		return -1
	}
	return slices.IndexFunc(m.out, func(o modelRow) bool { return o.dedup == dedup })
}

// orphans leases what is leased until then and says what that is.
func (m *model) orphans(until int) (list string) {
	slices.SortFunc(m.out, func(a, b modelRow) int { return a.birth - b.birth })
	for i := range m.out {
		if o := &m.out[i]; o.leased {
			o.next = until
			list += fmt.Sprintf("%s %d ", o.body, o.attempt)
		}
	}
	return list
}

// withdraw deletes a row that is not leased and tells whether it is gone.
func (m *model) withdraw(dedup string) bool {
	i := m.named(dedup)
	switch {
	case i < 0:
		return true
	case m.out[i].leased:
		return false
	}
	m.out = slices.Delete(m.out, i, i+1)
	return true
}

func or(a, b int) int {
	if a != 0 {
		return a
	}
	return b
}
