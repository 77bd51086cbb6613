package sqlite

import (
	"database/sql"
	"path/filepath"
	"strings"
	"testing"

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
		where, args := cdrWhere(cdr.Filter{Session: "00000000000000ab", Flow: flow})
		var id, parent, unused int
		var detail string
		if err := db.QueryRow("EXPLAIN QUERY PLAN SELECT record FROM cdr"+where+" ORDER BY ended_at, seq", args...).Scan(&id, &parent, &unused, &detail); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(detail, "cdr_message") != want {
			t.Errorf("%s: %s", flow, detail)
		}
	}
}
