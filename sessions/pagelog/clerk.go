package pagelog

import (
	"context"
	"errors"
	"io/fs"
	"time"
)

// maxPause is how long the clerk waits at most after trouble.
const maxPause = 5 * time.Second

// clerk is the goroutine of a log: it brings records to the tables, and lets
// segments go.
func (l *Log) clerk() {
	defer close(l.ended)
	timer := time.NewTimer(0)
	defer timer.Stop()
	armed := true
	var refused, stuck error // by the tables; with the files
	pause := time.Duration(0)
	for {
		woken := false // what is in trouble waits for the timer
		select {
		case <-l.quit:
			return
		case <-timer.C:
			armed = false
			refused = l.handOver()
		case answer := <-l.asked:
			refused = l.handOver()
			answer <- refused
		case <-l.wake:
			if woken = true; refused == nil && l.muchWaits() {
				refused = l.handOver()
			}
		}
		if stuck == nil || !woken {
			stuck = l.tidy()
		}
		pause = l.trouble(errors.Join(refused, stuck), pause, woken)
		if (pause > 0 || l.anyWaits()) && !armed {
			timer.Reset(max(pause, l.opts.Every))
			armed = true
		}
	}
}

// trouble notes what is wrong, and tells how long the clerk waits before it tries
// again: twice as long as before, if it has tried.
func (l *Log) trouble(err error, pause time.Duration, woken bool) time.Duration {
	l.mu.Lock()
	l.err = err
	l.mu.Unlock()
	switch {
	case err == nil:
		return 0
	case pause > 0 && woken:
		return pause
	}
	return min(max(2*pause, l.opts.Every), maxPause)
}

func (l *Log) muchWaits() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.queue.octets >= enough
}

func (l *Log) anyWaits() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return !l.queue.empty()
}

// handOver brings what waits now to the tables.
func (l *Log) handOver() error {
	l.mu.Lock()
	all := l.last
	b := l.queue.oldest()
	l.mu.Unlock()
	for b != nil {
		if err := l.take(b); err != nil {
			return err
		}
		done := b.upTo
		l.mu.Lock()
		l.queue.drop(l.last)
		if b = nil; done < all {
			b = l.queue.oldest()
		}
		l.mu.Unlock()
	}
	return nil
}

// take makes the tables take b once. What they answered with an error may have
// been committed all the same; then their mark says so.
func (l *Log) take(b *batch) error {
	ctx := context.Background() // what has been begun ends
	mark := Mark{Log: l.id, Taken: b.upTo}
	if b.doubt {
		switch m, err := l.tables.LogMark(ctx); {
		case err != nil:
			return err
		case m == mark:
			return nil
		}
	}
	err := l.tables.TakeRecords(ctx, b.blocks, mark)
	b.doubt = err != nil
	return err
}

// oldest is the oldest segment, when nobody needs it any more. The one with the
// last frame stays: it tells how far the log goes.
func (l *Log) oldest() *segment {
	if len(l.segments) == 0 {
		return nil
	}
	s := l.segments[0]
	if s.last == 0 || s.last != l.last && s.last <= l.queue.taken && (s.seq == 0 || s.seq < l.need) {
		return s
	}
	return nil
}

// wanting tells whether a spare file has to be made, so that who appends need not.
func (l *Log) wanting() bool { return l.spareSoon && len(l.spares) == 0 }

// tidy lets segments go, and sees that there is a spare file. One segment goes
// after the other: if the second were gone after a crash and the first were not,
// one would be missing.
func (l *Log) tidy() error {
	for {
		l.mu.Lock()
		s, wanting := l.oldest(), l.wanting()
		keep := s != nil && !s.bad && s.size == l.opts.Segment && len(l.spares) < maxSpares
		l.mu.Unlock()
		var err error
		switch {
		case s != nil:
			err = l.release(s, keep)
		case wanting:
			err = l.addSpare()
		default:
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func (l *Log) addSpare() error {
	sp, err := l.makeSpare(l.opts.Segment)
	if err == nil {
		l.mu.Lock()
		l.spares = append(l.spares, sp)
		l.mu.Unlock()
	}
	return err
}

// release makes s a spare file, or removes it. It may have been tried before.
func (l *Log) release(s *segment, keep bool) (err error) {
	name, sp := segmentName(s.first), spare{}
	if keep {
		sp.name = l.spareName()
		err = l.files.Rename(name, sp.name)
	} else {
		err = l.files.Remove(name)
	}
	if errors.Is(err, fs.ErrNotExist) {
		keep, err = false, nil // but that may not be on the disk yet
	}
	if err == nil {
		err = l.files.Sync()
	}
	if err != nil {
		return err
	}
	if keep {
		if sp.file, err = l.files.Open(sp.name); err != nil {
			err = errors.Join(err, l.files.Remove(sp.name))
			keep = false
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	n := copy(l.segments, l.segments[1:])
	l.segments[n] = nil
	l.segments = l.segments[:n]
	if keep {
		l.spares = append(l.spares, sp)
	}
	return err
}
