package sqlite_test

import (
	"context"
	"path/filepath"
	"testing"

	"go.uber.org/goleak"

	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/sessions/sqlite"
	"github.com/otagate/otagate/sessions/storetest"
)

func open(t testing.TB, dir string) sessions.Store {
	t.Helper()
	return openWith(t, filepath.Join(dir, "gateway.db"), sqlite.Options{})
}

func openWith(t testing.TB, path string, opts sqlite.Options) *sqlite.Store {
	t.Helper()
	s, err := sqlite.Open(context.Background(), path, opts)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestConformance(t *testing.T) {
	defer goleak.VerifyNone(t)
	storetest.Run(t, open)
}
