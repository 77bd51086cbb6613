package pages_test

import (
	"context"
	"errors"
	"path/filepath"
	"testing"

	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/sessions/pagelog"
	"github.com/otagate/otagate/sessions/pages"
	"github.com/otagate/otagate/sessions/storetest"
)

func firstPage(t *testing.T, log pages.Log) (first int64) {
	t.Helper()
	enough := errors.New("enough")
	if err := log.Pages(context.Background(), func(p sessions.Page) error { first = p.Seq; return enough }); !errors.Is(err, enough) {
		t.Fatal(err)
	}
	return first
}

// TestKill kills a writing process with SIGKILL, which drops pages and files all the
// time.
func TestKill(t *testing.T) {
	s := storetest.Kill(t, func(t testing.TB, dir string) sessions.Store {
		tables := openTables(t, filepath.Join(dir, "crash.db"))
		log, err := pagelog.Open(context.Background(), tables.Path()+".messages", tables, pagelog.Options{Segment: 1 << 16})
		if err != nil {
			t.Fatal(err)
		}
		return &both{Store: openPages(t, log, pages.Options{Slack: 20_000}), log: log, tables: tables}
	})
	if first := firstPage(t, s.(*both).log); first == 1 {
		t.Error("no page was ever dropped")
	}
}
