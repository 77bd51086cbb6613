package sqlite

import (
	"context"

	"github.com/otagate/otagate/sessions"
)

// Options of a store. Zero fields get their defaults.
type Options struct {
	// Queue is how many operations may wait for the writer. Default 8192.
	Queue int
	// Pragmas tune the connections, as in "cache_size(-65536)".
	Pragmas []string
}

// Store is a sessions.Store in a SQLite file.
type Store struct{ sessions.Store }

// Open opens or makes the file at path.
func Open(ctx context.Context, path string, opts Options) (*Store, error) {
	return &Store{}, sessions.ErrStore
}
