package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/otagate/otagate/sessions/sqlite"
)

// storeRound is one round of the store or of its ceiling.
const storeRound = 150 * time.Millisecond

// Store measures how many sessions of 14 committed steps the SQLite store
// takes from 1, 16 and 256 workers, each of which waits for every commit
// (sqlite.MeasureSessions). The ceiling is the journal: as many workers, as
// many steps, 384 octets each, one write and one fdatasync for all steps that
// wait. It keeps no rows, no index and nothing that could be read again.
func Store(ctx context.Context, o Options) (out []Result, err error) {
	dir, err := os.MkdirTemp(o.Dir, "otagate-bench-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	store, err := sqlite.Open(ctx, filepath.Join(dir, "store.db"), sqlite.Options{})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	bare, err := openJournal(dir)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, bare.close()) }()
	workers := []int{1, 16, 256}
	for _, n := range workers {
		var s series
		end := time.Now().Add(o.time() / time.Duration(len(workers)))
		for round := 0; round < 1 || time.Now().Before(end); round++ {
			ours, err := sqlite.MeasureSessions(ctx, store, n, storeRound)
			if err != nil {
				return out, err
			}
			ceiling, err := bare.sessions(ctx, n, storeRound)
			if err != nil {
				return out, err
			}
			s.add(ours, ceiling)
		}
		if err := ctx.Err(); err != nil {
			return out, err
		}
		out = append(out, s.result("store", fmt.Sprintf("concurrent=%d", n), "sessions/s"))
	}
	return out, nil
}
