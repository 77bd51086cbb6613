package soak

import (
	"context"
	"database/sql"
	"os"
	"strconv"
	"strings"

	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/sessions/cdr"
	"github.com/otagate/otagate/sessions/disk"
	"github.com/otagate/otagate/sessions/pages"
	"github.com/otagate/otagate/sessions/sqlite"
)

// ends are the records of one number: one for each of its offers that was accepted.
type ends struct{ done, unknown uint8 }

// checkRecords holds the records, and what is left in the store, against the ledger.
func (w *world) checkRecords() {
	ctx := context.Background()
	st, err := sqlite.Open(ctx, w.store(), sqlite.Options{})
	w.must(err)
	defer func() { w.must(st.Close()) }()
	w.checkEmpty(ctx, st)
	w.ledger.wrong = nil // they have been said, and nobody is there any more
	all, total, unknown := make([]ends, len(w.ledger.first)), 0, 0
	w.must(st.CDRs(ctx, cdr.Filter{Flow: "relay"}, func(r cdr.Record) error {
		total++
		number, is := strings.CutPrefix(r.Trigger.Source, sourcePrefix)
		n, err := strconv.Atoi(number)
		switch {
		case !is || err != nil || n >= len(all):
			w.ledger.fail("a record of no message: %+v", r)
		case r.Outcome == cdr.Done:
			all[n].done++
		case r.Outcome == cdr.Unknown && !w.ledger.resend:
			all[n].unknown++
			unknown++
		default:
			w.ledger.fail("a record that says %s, %s (%s): %+v", r.Outcome, r.Reason, r.Detail, r)
		}
		return nil
	}))
	w.compare(all)
	w.t.Logf("%d records, of them %d unknown; %s", total, unknown, w.sizes(total))
	w.ledger.mu.Lock()
	defer w.ledger.mu.Unlock()
	for _, s := range w.ledger.wrong {
		w.t.Error(s)
	}
}

// compare holds the records of each number against its offers: those that were taken are done,
// or unknown without resend; those that were answered have one.
func (w *world) compare(all []ends) {
	l := w.ledger
	l.mu.Lock()
	defer l.mu.Unlock()
	had, accepted := make([]uint8, len(all)), make([]uint8, len(all))
	look := func(k key, s state) {
		if s&taken != 0 {
			had[k.number()]++
		}
		if s&answered != 0 {
			accepted[k.number()]++
		}
	}
	for n, s := range l.first {
		look(keyOf(n), s)
	}
	for k, s := range l.others {
		look(k, s)
	}
	for n, e := range all {
		switch {
		case e.done > had[n], e.done+e.unknown < had[n]:
			l.fault("message %d: taken at %d offers, and %d records done, %d unknown", n, had[n], e.done, e.unknown)
		case e.done+e.unknown < accepted[n] || accepted[n] == 0:
			l.fault("message %d: answered at %d offers, and %d records", n, accepted[n], e.done+e.unknown)
		}
	}
}

// checkEmpty: nothing is on its way.
func (w *world) checkEmpty(ctx context.Context, st *sqlite.Store) {
	m, err := disk.OpenMessages(ctx, st, pages.Options{})
	w.must(err)
	n := 0
	w.must(m.Load(ctx, func(sessions.Record) error { n++; return nil }))
	stats := m.Stats()
	w.must(m.Close())
	if n > 0 || stats.Rows > 0 {
		w.t.Errorf("%d messages and %d rows are still in the store", n, stats.Rows)
	}
}

// sizes says what the file is made of.
func (w *world) sizes(records int) string {
	db, err := sql.Open("sqlite", "file:"+w.store()+"?mode=ro&_pragma=query_only(1)")
	w.must(err)
	defer func() { w.must(db.Close()) }()
	var octets, index int
	w.must(db.QueryRow("SELECT (SELECT sum(pgsize) FROM dbstat WHERE name IN ('cdr_block', 'cdr_block_first') AND aggregate = TRUE),"+
		" (SELECT sum(pgsize) FROM dbstat WHERE name IN ('cdr_run', 'cdr_piece') AND aggregate = TRUE)").Scan(&octets, &index))
	info, err := os.Stat(w.store())
	w.must(err)
	return strconv.Itoa(octets/max(records, 1)) + " octets a record and " + strconv.Itoa(index/max(records, 1)) +
		" to find it; the file has " + strconv.FormatInt(info.Size()>>20, 10) + " MB"
}
