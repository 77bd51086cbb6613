package bench

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"time"
)

// The journal is the least that makes a step durable: a file, and a loop
// that writes whatever has queued up with one write and one sync.
// It keeps nothing that could be found again, and it writes over a file of
// fixed size, as a log that is used again and again does, so that a sync has
// no new length to record. As in sqlite.MeasureSessions, the next step of a
// session is queued in the answer to the last one.
type journal struct {
	file   *os.File
	octets []byte
	at     int64
	queue  []*journalSession
	batch  []*journalSession
}

// journalSession is one worker: one session after the other.
type journalSession struct{ steps, sessions int }

const (
	// journalRecord is what the store writes for one step at least: a state of
	// 300 octets, its keys, a correlation, two times.
	journalRecord = 384
	journalSize   = 16 << 20
	journalBatch  = 512
	// journalSteps are the commits of one session of sqlite.MeasureSessions.
	journalSteps = 14
)

func openJournal(dir string) (*journal, error) {
	f, err := os.Create(filepath.Join(dir, "journal"))
	if err != nil {
		return nil, err
	}
	block := make([]byte, 1<<20)
	for i := range block {
		block[i] = byte(i)
	}
	for range journalSize / len(block) {
		if _, err := f.Write(block); err != nil {
			return nil, errors.Join(err, f.Close())
		}
	}
	if err := f.Sync(); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return &journal{file: f, octets: block}, nil
}

// sessions is sqlite.MeasureSessions on a journal.
func (j *journal) sessions(ctx context.Context, workers int, d time.Duration) (float64, error) {
	all := make([]journalSession, workers)
	j.queue = j.queue[:0]
	for i := range all {
		j.queue = append(j.queue, &all[i])
	}
	began := time.Now()
	for len(j.queue) > 0 {
		if err := j.commit(ctx.Err() == nil && time.Since(began) < d); err != nil {
			return 0, err
		}
	}
	sum := 0
	for i := range all {
		sum += all[i].sessions
	}
	return float64(sum) / time.Since(began).Seconds(), nil
}

// commit writes what has queued up and answers it.
func (j *journal) commit(more bool) error {
	n := min(len(j.queue), journalBatch)
	j.batch = append(j.batch[:0], j.queue[:n]...)
	j.queue = j.queue[:copy(j.queue, j.queue[n:])]
	size := int64(n * journalRecord)
	if j.at+size > journalSize {
		j.at = 0
	}
	if _, err := j.file.WriteAt(j.octets[:size], j.at); err != nil {
		return err
	}
	j.at += size
	if err := syncData(j.file); err != nil {
		return err
	}
	for _, s := range j.batch {
		if s.steps++; s.steps == journalSteps {
			s.steps, s.sessions = 0, s.sessions+1
			if !more {
				continue
			}
		}
		j.queue = append(j.queue, s)
	}
	return nil
}

func (j *journal) close() error { return j.file.Close() }
