package sqlite

import (
	"database/sql"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/otagate/otagate/sessions/cdr"
)

// TestMessageRecords: the record of a message is found by the index that only
// messages have.
func TestMessageRecords(t *testing.T) {
	file := filepath.Join(t.TempDir(), "plan.db")
	s, err := Open(t.Context(), file, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for flow, want := range map[string]bool{"push": true, "otasp": false} {
		query, args := recordsSQL(&cdr.Filter{Session: "00000000000000ab", Flow: flow}, []int64{7, 8})
		plan := planOf(t, db, query, args...)
		if strings.Contains(plan, "cdr_message") != want || !strings.Contains(plan, "cdr_block USING INTEGER PRIMARY KEY (rowid=?)") {
			t.Errorf("%s: %s", flow, plan)
		}
	}
	// Both tables are read in the order of their indexes, and nothing is sorted.
	query, args := recordsSQL(&cdr.Filter{From: time.Unix(1, 0), To: time.Unix(2, 0)}, nil)
	plan := planOf(t, db, query, args...)
	for _, want := range []string{"cdr USING INDEX cdr_ended (ended_at>", "cdr_block USING INDEX cdr_block_first (first_at>"} {
		if !strings.Contains(plan, want) {
			t.Errorf("no %s in %s", want, plan)
		}
	}
	if strings.Contains(plan, "TEMP B-TREE") {
		t.Error(plan)
	}
	if plan := planOf(t, db, piecesSQL, int64(1)); !strings.Contains(plan, "p USING PRIMARY KEY (upto=? AND first<?)") {
		t.Error(plan)
	}
}

func planOf(t *testing.T, db *sql.DB, query string, args ...any) (plan string) {
	t.Helper()
	rows, err := db.Query("EXPLAIN QUERY PLAN "+query, args...)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var id, parent, unused int
		var detail string
		if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
			t.Fatal(err)
		}
		plan += detail + "; "
	}
	return plan
}
