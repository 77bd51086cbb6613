package pagelog

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/sessions/cdr"
)

// Tables is where records end up. *sqlite.Store is one.
type Tables interface {
	// LogMark is what the tables know of the log that belongs to them; the zero
	// Mark when there was none. What TakeRecords has committed before is in it,
	// whatever TakeRecords has returned.
	LogMark(ctx context.Context) (Mark, error)
	// TakeRecords commits blocks and mark in one transaction. It copies nothing
	// after it has returned.
	TakeRecords(ctx context.Context, blocks []cdr.Block, mark Mark) error
	// CDRs gives the records that match f to each, oldest first.
	CDRs(ctx context.Context, f cdr.Filter, each func(cdr.Record) error) error
}

// Mark is what the tables know of a log.
type Mark = sessions.LogMark

// Options of a log. Zero fields get their defaults.
type Options struct {
	// Segment is how many octets a segment has. Default 4 MiB.
	Segment int
	// Pending is how many octets of records may wait for the tables. Default 16 MiB.
	Pending int
	// Every is how long records wait at most, when the tables take them. Default 250 ms.
	Every time.Duration
	// Random fills octets for the number of a new log. Default crypto/rand.
	Random func([]byte)
}

// Log is a log of pages in a directory. It is a pages.Log.
type Log struct {
	id     uint64 // Mark.Log
	files  files
	tables Tables
	opts   Options

	writing sync.Mutex // held by who appends, and guards what follows
	closed  bool
	next    uint64   // the number of the next frame
	at      *segment // that is written to; nil for none
	file    file     // of at
	offset  int      // in at, of the next frame
	buf     []byte   // the frame at hand

	mu       sync.Mutex // guards what follows
	segments []*segment // oldest first
	spares   []spare
	last     uint64 // the last frame that counts; changed by who appends only
	need     int64  // the oldest page that is needed
	frames   uint64 // since the start
	queue    queue
	err      error // the clerk's last trouble

	spareSoon bool // the segment is half full

	spared atomic.Uint64 // spares that have got a name
	wake   chan struct{}
	asked  chan chan error // records are to be handed over now
	quit   chan struct{}
	ended  chan struct{} // the clerk has
}

// maxKept is how many octets of memory are kept for the next frame.
const maxKept = 4 << 20

// AppendPage commits p: it is on the disk when AppendPage returns nil. Otherwise
// the error is sessions.ErrStore, and p is not in the log once a later page is. One
// caller at a time; p is the caller's again afterwards.
func (l *Log) AppendPage(p *sessions.Page) error {
	l.writing.Lock()
	defer l.writing.Unlock()
	err := l.ready()
	if err == nil {
		err = l.append(p)
		if cap(l.buf) > maxKept {
			l.buf = nil
		}
	}
	if err != nil {
		return fmt.Errorf("%w: the log of pages: %w", sessions.ErrStore, err)
	}
	return nil
}

var errClosed = errors.New("it is closed")

func (l *Log) ready() error {
	if l.closed {
		return errClosed
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.queue.octets <= l.opts.Pending {
		return nil
	}
	return errors.Join(fmt.Errorf("the tables have not taken %d octets of records", l.queue.octets), l.err)
}

func (l *Log) append(p *sessions.Page) error {
	if p.Body != nil && p.Seq < 1 {
		return fmt.Errorf("a page with the number %d", p.Seq) // 0 is for none
	}
	n := frameSize(p)
	if n > maxFrame {
		return fmt.Errorf("a commit of %d octets: %d are the most", n, maxFrame)
	}
	size := padded(n)
	if l.at == nil || l.at.size-l.offset < size {
		if err := l.enter(size); err != nil {
			return fmt.Errorf("making a segment: %w", err)
		}
	}
	number := l.next
	l.next++
	l.buf = appendFrame(slices.Grow(l.buf[:0], size), p)
	l.buf = seal(l.buf, head{log: l.id, segment: l.at.first, size: uint64(l.at.size), prev: l.at.prev, number: number})
	if _, err := l.file.WriteAt(l.buf, int64(l.offset)); err != nil {
		l.giveUp()
		return err
	}
	l.offset += size
	l.note(p, number)
	return nil
}

// note makes a frame that is on the disk a part of the log.
func (l *Log) note(p *sessions.Page, number uint64) {
	l.mu.Lock()
	if l.at.last == 0 {
		l.segments = append(l.segments, l.at)
	}
	l.at.last, l.last = number, number
	l.frames++
	if p.Body != nil {
		l.at.seq, l.need = p.Seq, p.First
	}
	l.spareSoon = 2*l.offset >= l.at.size
	work := l.queue.add(p.Records, number) || l.oldest() != nil || l.wanting()
	l.mu.Unlock()
	if work {
		l.kick()
	}
}

// kick wakes the clerk.
func (l *Log) kick() {
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

// CDRs gives the records that match f to each, oldest first. What waits is handed
// over before: whoever was answered finds its record.
func (l *Log) CDRs(ctx context.Context, f cdr.Filter, each func(cdr.Record) error) error {
	if err := l.flush(ctx); err != nil {
		return err
	}
	return l.tables.CDRs(ctx, f, each)
}

func (l *Log) flush(ctx context.Context) error {
	l.mu.Lock()
	none := l.queue.empty()
	l.mu.Unlock()
	if none {
		return nil
	}
	answer := make(chan error, 1)
	select {
	case l.asked <- answer:
	case <-l.ended:
		return fmt.Errorf("%w: the log of pages: %w", sessions.ErrStore, errClosed)
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case err := <-answer:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Stats is what a log has.
type Stats struct {
	Segments int
	Octets   int    // of the segments and the spare files
	Frames   uint64 // since the start
	Waiting  int    // octets of records that the tables do not have yet
	Err      error  // of the tables or the directory, until the next success
}

// Stats reads what the log has at the moment.
func (l *Log) Stats() Stats {
	l.mu.Lock()
	defer l.mu.Unlock()
	s := Stats{
		Segments: len(l.segments), Octets: len(l.spares) * l.opts.Segment,
		Frames: l.frames, Waiting: l.queue.octets, Err: l.err,
	}
	for _, one := range l.segments {
		s.Octets += one.size
	}
	return s
}

// Close hands over what waits. The tables may be closed afterwards. What they do
// not take is in the log, and an error.
func (l *Log) Close() error {
	l.writing.Lock()
	defer l.writing.Unlock()
	if l.closed {
		return nil
	}
	l.closed = true
	l.leave()
	close(l.quit)
	<-l.ended
	err := l.handOver()
	for _, s := range l.spares {
		err = errors.Join(err, s.file.Close())
	}
	return errors.Join(err, l.files.Close())
}
