package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/otagate/otagate/sessions/cdr"
)

// ReadCDRs is CDRs of the file at path, which another process may have open: it is
// only read.
func ReadCDRs(ctx context.Context, path string, f cdr.Filter, each func(cdr.Record) error) error {
	read, err := sql.Open("sqlite", dsn(path, "busy_timeout(2000)", "query_only(1)"))
	if err != nil {
		return err
	}
	s := &Store{read: read, write: &writer{}}
	if _, err = s.write.ends.load(ctx, read); err == nil {
		err = s.CDRs(ctx, f, each)
	}
	if err = errors.Join(err, read.Close()); err != nil {
		return fmt.Errorf("sqlite: reading %s: %w", path, err)
	}
	return nil
}

// CDRs gives matching records to each, oldest first: those of the table, and
// those in the blocks of the log.
func (s *Store) CDRs(ctx context.Context, f cdr.Filter, each func(cdr.Record) error) error {
	in, err := s.blocks(ctx, f.Number())
	if err != nil {
		return err
	}
	query, args := recordsSQL(&f, in)
	rows, err := s.read.QueryContext(ctx, query, args...)
	if err != nil {
		return readError(err)
	}
	defer rows.Close()
	m := merge{f: &f, each: each}
	for rows.Next() {
		var at, block int64
		var text sql.RawBytes
		if err := rows.Scan(&at, &block, &text); err != nil {
			return readError(err)
		}
		if err := m.row(at, block != 0, text); err != nil {
			return m.end(err)
		}
	}
	if err := readError(rows.Err()); err != nil {
		return err
	}
	return m.end(m.flush(1<<63 - 1))
}

// merge puts the records of both tables into the order of their ends. Rows come
// in the order of the first end in them.
type merge struct {
	f       *cdr.Filter
	each    func(cdr.Record) error
	waiting []cdr.Record // by their ends; others may come between them
	given   int
}

var errEnough = errors.New("as many as were asked for")

func (m *merge) end(err error) error {
	if errors.Is(err, errEnough) {
		return nil
	}
	return err
}

func (m *merge) row(at int64, block bool, text []byte) error {
	if err := m.flush(at); err != nil {
		return err
	}
	if !block {
		var r cdr.Record
		if err := r.Decode(text); err != nil {
			return fmt.Errorf("sqlite: stored record: %w", err)
		}
		m.wait(&r)
		return nil
	}
	err := cdr.ReadBlock(text, m.f, func(r *cdr.Record) error {
		m.wait(r)
		return nil
	})
	if err != nil {
		return fmt.Errorf("sqlite: stored records: %w", err)
	}
	return nil
}

// wait puts r behind those that have ended no later.
func (m *merge) wait(r *cdr.Record) {
	i := len(m.waiting)
	for i > 0 && m.waiting[i-1].Ended.After(r.Ended) {
		i--
	}
	m.waiting = slices.Insert(m.waiting, i, *r)
}

// flush gives those away that have ended no later than at.
func (m *merge) flush(at int64) error {
	n := 0
	for ; n < len(m.waiting) && micros(m.waiting[n].Ended) <= at; n++ {
		if err := m.each(m.waiting[n]); err != nil {
			return err
		}
		if m.given++; m.given == m.f.Limit {
			return errEnough
		}
	}
	m.waiting = slices.Delete(m.waiting, 0, n)
	return nil
}

// recordsSQL asks both tables; each is read in the order of its index. With a
// session that has a number, those are the blocks that it is in.
func recordsSQL(f *cdr.Filter, in []int64) (string, []any) {
	where, args := cdrWhere(*f)
	blocks, more := blockWhere(f, in)
	return "SELECT ended_at AS at, 0, record FROM cdr" + where +
		" UNION ALL SELECT first_at, 1, records FROM cdr_block" + blocks + " ORDER BY at", append(args, more...)
}

// indexedFlow is the flow whose records have an index by session: see the
// migrations. It is used for a condition that says so word for word.
const indexedFlow = "push"

func cdrWhere(f cdr.Filter) (string, []any) {
	var w where
	if !f.From.IsZero() {
		w.add("ended_at >= ?", micros(f.From))
	}
	if !f.To.IsZero() {
		w.add("ended_at < ?", micros(f.To))
	}
	if f.Flow == indexedFlow {
		w.conds, f.Flow = append(w.conds, "flow = '"+indexedFlow+"'"), ""
	}
	for _, c := range [...]struct{ cond, val string }{
		{"mdn = ?", f.MDN}, {"session = ?", f.Session}, {"flow = ?", f.Flow}, {"outcome = ?", string(f.Outcome)},
	} {
		if c.val != "" {
			w.add(c.cond, c.val)
		}
	}
	return w.text()
}

func blockWhere(f *cdr.Filter, in []int64) (string, []any) {
	var w where
	if f.Number() != 0 {
		list := fmt.Sprint(in) // of numbers
		w.conds = append(w.conds, "seq IN ("+strings.ReplaceAll(list[1:len(list)-1], " ", ",")+")")
	}
	if !f.From.IsZero() {
		w.add("first_at >= ?", micros(f.From)-cdr.Span.Microseconds())
		w.add("last_at >= ?", micros(f.From))
	}
	if !f.To.IsZero() {
		w.add("first_at < ?", micros(f.To))
	}
	if f.Flow != "" {
		w.add("flow = ?", f.Flow)
	}
	return w.text()
}

// where collects conditions.
type where struct {
	conds []string
	args  []any
}

func (w *where) add(cond string, arg any) {
	w.conds, w.args = append(w.conds, cond), append(w.args, arg)
}

func (w *where) text() (string, []any) {
	if len(w.conds) == 0 {
		return "", nil
	}
	return " WHERE " + strings.Join(w.conds, " AND "), w.args
}
