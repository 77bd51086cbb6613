package pagelog

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"
)

// Open reads the log in the directory dir, and brings the records that t has not
// taken yet to t, which must stay open until the log is closed. A directory is only
// made for a log that is new to t.
func Open(ctx context.Context, dir string, t Tables, o Options) (*Log, error) {
	l, err := openIn(ctx, dir, t, o)
	if err != nil {
		return nil, fmt.Errorf("pagelog: opening %s: %w", dir, err)
	}
	return l, nil
}

func openIn(ctx context.Context, dir string, t Tables, o Options) (*Log, error) {
	mark, err := t.LogMark(ctx)
	if err != nil {
		return nil, err
	}
	d, err := openDisk(dir, mark.Log == 0)
	if errors.Is(err, fs.ErrNotExist) && mark.Log != 0 {
		return nil, errMissing
	}
	if err != nil {
		return nil, err
	}
	l, err := open(ctx, d, mark, t, o)
	if err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return l, nil
}

// What is said when a directory and its tables do not belong together.
var (
	errMissing = errors.New("the log is not there, and messages may be in it: bring it back; an empty directory begins a log without them")
	errOther   = errors.New("the directory belongs to another store: give each store a directory of its own")
	errUnknown = errors.New("there is a log, of which the tables know nothing: bring its tables back, or move its files away")
)

const whatToDo = "bring directory and tables back from one backup; to go on without the messages in the log, move its files away and leave the directory empty"

// open opens a log in files, which become the log's when there is no error.
func open(ctx context.Context, f files, mark Mark, t Tables, o Options) (*Log, error) {
	if o.Segment <= 0 {
		o.Segment = 4 << 20
	}
	o.Segment = padded(min(o.Segment, maxFrame))
	if o.Pending <= 0 {
		o.Pending = 16 << 20
	}
	if o.Every <= 0 {
		o.Every = 250 * time.Millisecond
	}
	if o.Random == nil {
		o.Random = func(b []byte) { _, _ = rand.Read(b) } // it never fails
	}
	l := &Log{
		id: mark.Log, files: f, tables: t, opts: o,
		wake: make(chan struct{}, 1), asked: make(chan chan error), quit: make(chan struct{}), ended: make(chan struct{}),
	}
	if err := l.start(ctx, mark); err != nil {
		return nil, err
	}
	go l.clerk()
	return l, nil
}

// start reads what there is. Nothing is changed before all of it has been looked at.
func (l *Log) start(ctx context.Context, mark Mark) error {
	names, err := l.files.List()
	if err != nil {
		return err
	}
	var firsts []uint64
	var spares []string
	for _, name := range names {
		if first := segmentFirst(name); first != 0 {
			firsts = append(firsts, first)
		} else if strings.HasPrefix(name, sparePrefix) {
			spares = append(spares, name)
		}
	}
	slices.Sort(firsts)
	if mark.Log == 0 {
		if len(firsts) > 0 {
			return errUnknown
		}
		if err := l.begin(ctx); err != nil {
			return err
		}
	}
	s := scan{log: l, taken: mark.Taken}
	if err := s.all(ctx, firsts); err != nil {
		return err
	}
	// Spare files go too: in an older copy of a directory, or in one that was emptied,
	// they have frames with numbers that will be given again.
	if err := l.clean(append(spares, s.garbage...)); err != nil {
		return err
	}
	l.segments, l.need, l.last = s.segments, s.need, s.last
	l.next = max(s.last, mark.Taken) + 1
	l.queue.taken = l.next - 1
	if err := l.proceed(&s); err != nil {
		return err
	}
	if err := l.handOld(ctx, mark.Taken); err != nil {
		l.leave()
		return err
	}
	return nil
}

// begin makes a new log, which the tables know before there is anything in it.
func (l *Log) begin(ctx context.Context) error {
	var b [8]byte
	for l.id == 0 {
		l.opts.Random(b[:])
		l.id = binary.BigEndian.Uint64(b[:])
	}
	return l.tables.TakeRecords(context.WithoutCancel(ctx), nil, Mark{Log: l.id})
}

// clean removes files that are not needed. They must be gone before the next
// frame is written: one that was to follow the last segment must not count as one
// that did.
func (l *Log) clean(names []string) error {
	for _, name := range names {
		if err := l.files.Remove(name); err != nil {
			return err
		}
	}
	return l.files.Sync()
}

// proceed goes on behind the last frame, if there is room and the next frame
// follows it. The last frame is written once more: it may be one that nobody has
// waited for, and only be there because the system has not forgotten it yet.
func (l *Log) proceed(s *scan) error {
	if s.last == 0 {
		return nil
	}
	at := s.segments[len(s.segments)-1]
	f, err := l.files.Open(segmentName(at.first))
	if err != nil {
		return err
	}
	if _, err := f.WriteAt(s.frame, int64(s.offset)); err != nil {
		return errors.Join(err, f.Close())
	}
	if l.next != s.last+1 {
		return f.Close()
	}
	l.at, l.file, l.offset = at, f, s.offset+padded(len(s.frame))
	return nil
}
