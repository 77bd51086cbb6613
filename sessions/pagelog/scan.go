package pagelog

import (
	"context"
	"fmt"
	"slices"

	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/sessions"
)

// scan finds out what of a directory counts.
type scan struct {
	log   *Log
	taken uint64 // Mark.Taken

	segments []*segment // newest first, until all have been looked at
	garbage  []string   // files without a frame that counts
	need     int64      // First of the last page
	last     uint64     // the last frame that counts
	frame    []byte     // it, without what it is padded with
	offset   int        // where it is in its segment

	buf []byte
}

// noLimit is how far the newest segment counts.
const noLimit = 1<<64 - 1

// all looks at the newest segment first: each tells how far the one before it
// counts.
func (s *scan) all(ctx context.Context, firsts []uint64) error {
	limit := uint64(noLimit)
	for _, first := range slices.Backward(firsts) {
		if err := ctx.Err(); err != nil {
			return err
		}
		seg, err := s.one(first, limit)
		if err != nil {
			return fmt.Errorf("%s: %w", segmentName(first), err)
		}
		if seg == nil {
			s.garbage = append(s.garbage, segmentName(first))
			continue
		}
		s.segments = append(s.segments, seg)
		limit = seg.prev
	}
	slices.Reverse(s.segments)
	return nil
}

// one looks at one segment. It is nil when nothing in it counts; such a file need not
// even be readable.
func (s *scan) one(first, limit uint64) (seg *segment, err error) {
	if first > limit {
		return nil, nil
	}
	if s.buf, err = s.log.files.Read(segmentName(first), s.buf); err != nil {
		return nil, err
	}
	seg = &segment{first: first, size: len(s.buf) / blockSize * blockSize}
	var last head
	var page sessions.Page
	var whole []byte
	var offset int
	end, err := s.log.walk(s.buf, first, limit, func(f *frame, b []byte, at int) error {
		last, whole, offset = f.head, b, at
		if f.page.Body != nil {
			page = f.page
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	seg.prev, seg.last, seg.seq = last.prev, last.number, page.Seq
	if last.size > uint64(len(s.buf)) {
		return nil, fmt.Errorf("%d octets are left of %d: %s", len(s.buf), last.size, whatToDo)
	}
	if err := s.judge(seg, end, limit); err != nil || seg.last == 0 {
		return nil, err
	}
	if limit == noLimit {
		s.last, s.frame, s.offset = seg.last, slices.Clone(whole), offset
	}
	if s.need == 0 {
		s.need = page.First
	}
	return seg, nil
}

// judge tells the end of a segment from damage in its middle. An older one must
// go as far as the next one says. In the newest one the first frame that is not
// whole is one that nobody has waited for, unless there are frames behind it, or
// the tables have its records. That those have more than there is may be because
// the directory is an older copy: then there is no sign of the frame.
func (s *scan) judge(seg *segment, end int, limit uint64) error {
	missing := max(seg.last+1, seg.first)
	if missing > limit {
		return nil
	}
	taken := missing <= s.taken && (seg.last == 0 || s.log.claims(s.buf[end:], seg.first, missing))
	if taken || limit != noLimit || s.log.behind(s.buf, end, seg.first, missing) {
		return fmt.Errorf("frame %d at octet %d is damaged or missing, and was acknowledged: %s", missing, end, whatToDo)
	}
	return nil
}

// walk gives the frames of a segment to each, in their order, up to limit. It ends
// where there is none that is whole, and returns where that is.
func (l *Log) walk(b []byte, first, limit uint64, each func(f *frame, whole []byte, at int) error) (end int, err error) {
	var f frame
	for number := first; number <= limit; number++ {
		whole, err := wholeFrame(b[end:])
		if err != nil {
			return end, nil
		}
		if err := f.Decode(whole); err != nil {
			return end, fmt.Errorf("at octet %d: %w", end, err)
		}
		if f.segment != first || f.number != number {
			return end, nil // from an earlier time
		}
		if f.log != l.id {
			return end, errOther
		}
		if err := each(&f, whole, end); err != nil {
			return end, fmt.Errorf("frame %d at octet %d: %w", number, end, err)
		}
		end = min(end+padded(len(whole)), len(b))
	}
	return end, nil
}

// behind tells whether a frame of the segment comes behind the one that is missing.
func (l *Log) behind(b []byte, at int, first, missing uint64) bool {
	var f frame
	for at += blockSize; at < len(b); at += blockSize {
		whole, err := wholeFrame(b[at:])
		if err == nil && f.Decode(whole) == nil && f.log == l.id && f.segment == first && f.number > missing {
			return true
		}
	}
	return false
}

// claims tells whether b begins with what says it is that frame.
func (l *Log) claims(b []byte, first, number uint64) bool {
	c := wire.NewCursor("frame", b)
	marker := c.U32("marker")
	c.Bytes(6, "length, version and flags")
	var h head
	h.readHead(&c)
	return c.Err() == nil && marker == frameMarker && h.log == l.id && h.segment == first && h.number == number
}
