package pagelog

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// maxSegment is more than a file of a log ever has.
const maxSegment = 2 * maxFrame

// segment is a file of frames.
type segment struct {
	first uint64 // the number of its first frame, and its name
	prev  uint64 // the last frame that counts before it
	last  uint64 // the last of its frames that counts; 0 for none
	seq   int64  // the last page in it; 0 for none
	size  int
	bad   bool // a write has failed: it is not used again
}

const (
	segmentSuffix = ".seg"
	sparePrefix   = "spare-"
)

func segmentName(first uint64) string { return fmt.Sprintf("%016x", first) + segmentSuffix }

// segmentFirst reads the name of a segment; 0 when it is none.
func segmentFirst(name string) uint64 {
	text, _ := strings.CutSuffix(name, segmentSuffix)
	first, err := strconv.ParseUint(text, 16, 64)
	if err != nil || segmentName(first) != name {
		return 0
	}
	return first
}

// spare is a file that will be a segment. It is open already.
type spare struct {
	name string
	file file
}

// maxSpares is how many are kept.
const maxSpares = 2

// makeSpare makes a file that can become a segment.
func (l *Log) makeSpare(size int) (spare, error) {
	name := l.spareName()
	if err := l.files.Make(name, size); err != nil {
		return spare{}, err
	}
	f, err := l.files.Open(name)
	if err != nil {
		return spare{}, errors.Join(err, l.files.Remove(name))
	}
	return spare{name, f}, nil
}

func (l *Log) spareName() string { return fmt.Sprintf("%s%016x", sparePrefix, l.spared.Add(1)) }

// takeSpare takes one that is there, or makes one.
func (l *Log) takeSpare(size int) (spare, error) {
	if size == l.opts.Segment {
		l.mu.Lock()
		if n := len(l.spares); n > 0 {
			s := l.spares[n-1]
			l.spares = l.spares[:n-1]
			l.mu.Unlock()
			return s, nil
		}
		l.mu.Unlock()
	}
	return l.makeSpare(size)
}

// enter makes a segment for the next frame, which has so many octets. Nothing
// more goes into the one before, even if there will be none: at the next start a
// file that was to follow it would count as one that did.
func (l *Log) enter(size int) error {
	l.leave()
	s := &segment{first: l.next, prev: l.last, size: max(size, l.opts.Segment)}
	sp, err := l.takeSpare(s.size)
	if err != nil {
		return err
	}
	if err = l.files.Rename(sp.name, segmentName(s.first)); err == nil {
		err = l.files.Sync()
	}
	if err != nil {
		// If it has the new name it is in nobody's way: the next one takes it, or
		// Open finds that no frame is in it.
		_ = l.files.Remove(sp.name)
		return errors.Join(err, sp.file.Close())
	}
	l.at, l.file, l.offset = s, sp.file, 0
	return nil
}

// leave ends the segment that was written to. What is in it is on the disk.
func (l *Log) leave() {
	if l.file != nil {
		_ = l.file.Close()
	}
	l.at, l.file = nil, nil
}

// giveUp leaves a segment in which a write has failed: nobody knows what is on
// the disk. The frame's number is not used again, so that the next segment tells
// that it does not count.
func (l *Log) giveUp() {
	s := l.at
	l.leave()
	unused := s.last == 0
	if unused && l.files.Remove(segmentName(s.first)) == nil {
		return // for good when the next segment is made
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if s.bad = true; unused {
		// The clerk has to see that it goes, and before the segment that tells that
		// nothing in it counts.
		l.segments = append(l.segments, s)
	}
}
