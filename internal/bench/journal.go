package bench

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"
)

// The journal is the least that makes a step durable: a file, and one
// goroutine that writes whatever has queued up with one write and one sync.
// It keeps nothing that could be found again, and it writes over a file of
// fixed size, as a log that is used again and again does, so that a sync has
// no new length to record.
type journal struct {
	file  *os.File
	queue chan chan<- error
	ended chan struct{}
}

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
	j := &journal{file: f, queue: make(chan chan<- error, journalBatch), ended: make(chan struct{})}
	go j.write(block)
	return j, nil
}

// write is the one goroutine.
func (j *journal) write(octets []byte) {
	defer close(j.ended)
	var waiting []chan<- error
	var at int64
	for first := range j.queue {
		waiting = append(waiting[:0], first)
		for more := true; more && len(waiting) < journalBatch; {
			select {
			case w, open := <-j.queue:
				if more = open; open {
					waiting = append(waiting, w)
				}
			default:
				more = false
			}
		}
		n := len(waiting) * journalRecord
		if at+int64(n) > journalSize {
			at = 0
		}
		_, err := j.file.WriteAt(octets[:n], at)
		if err == nil {
			err = syncData(j.file)
		}
		at += int64(n)
		for _, w := range waiting {
			w <- err
		}
	}
}

// sessions is sqlite.MeasureSessions on a journal.
func (j *journal) sessions(ctx context.Context, workers int, d time.Duration) (float64, error) {
	ctx, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	var done atomic.Int64
	var wg sync.WaitGroup
	errs := make(chan error, workers)
	began := time.Now()
	for range workers {
		wg.Go(func() {
			ack := make(chan error, 1)
			for ctx.Err() == nil {
				for range journalSteps {
					j.queue <- ack
					if err := <-ack; err != nil {
						errs <- err
						cancel()
						return
					}
				}
				done.Add(1)
			}
		})
	}
	wg.Wait()
	select {
	case err := <-errs:
		return 0, err
	default:
		return float64(done.Load()) / time.Since(began).Seconds(), nil
	}
}

func (j *journal) close() error {
	close(j.queue)
	<-j.ended
	return j.file.Close()
}
