package pagelog

import (
	"context"
	"fmt"
	"slices"

	"github.com/otagate/otagate/internal/wire"
)

// scan finds out what of a directory counts.
type scan struct {
	log   *Log
	taken uint64 // Mark.Taken

	segments []*segment
	garbage  []string // files without a frame that counts
	need     int64    // First of the last page
	last     uint64   // the last frame that counts
	frame    []byte   // it, without what it is padded with
	offset   int      // where it is in its segment

	buf []byte
}

// all looks at the newest segment first: each tells how far the one before it
// counts.
func (s *scan) all(ctx context.Context, firsts []uint64) error {
	for _, first := range slices.Backward(firsts) {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := s.one(first); err != nil {
			return fmt.Errorf("%s: %w", segmentName(first), err)
		}
	}
	slices.Reverse(s.segments)
	return nil
}

func (s *scan) one(first uint64) (err error) {
	newest := len(s.segments) == 0
	limit := uint64(1<<64 - 1)
	if !newest {
		limit = s.segments[len(s.segments)-1].prev
	}
	if first > limit {
		s.garbage = append(s.garbage, segmentName(first))
		return nil
	}
	if s.buf, err = s.log.files.Read(segmentName(first), s.buf); err != nil {
		return err
	}
	seg := &segment{first: first, size: len(s.buf) / blockSize * blockSize}
	size, need, hasPage := uint64(0), int64(0), false
	end, err := s.log.walk(s.buf, first, limit, func(f *frame, whole []byte, at int) error {
		size, seg.prev, seg.last = f.size, f.prev, f.number
		if f.page.Body != nil {
			seg.seq, need, hasPage = f.page.Seq, f.page.First, true
		}
		if newest {
			s.last, s.frame, s.offset = f.number, whole, at
		}
		return nil
	})
	if err != nil {
		return err
	}
	if size > uint64(len(s.buf)) {
		return fmt.Errorf("%d octets are left of %d: %s", len(s.buf), size, whatToDo)
	}
	if err := s.judge(seg, end, limit); err != nil {
		return err
	}
	if seg.last == 0 {
		s.garbage = append(s.garbage, segmentName(first))
		return nil
	}
	if newest {
		s.frame = slices.Clone(s.frame)
	}
	if hasPage && s.need == 0 {
		s.need = need
	}
	s.segments = append(s.segments, seg)
	return nil
}

// judge tells the end of a segment from damage in its middle. An older one must
// go as far as the next one says. In the newest one the first frame that is not
// whole is one that nobody has waited for, unless there are frames behind it, or
// the tables have its records. That those have more than there is may be because
// the directory is an older copy: then there is no sign of the frame.
func (s *scan) judge(seg *segment, end int, limit uint64) error {
	missing := max(seg.last+1, seg.first)
	if len(s.segments) > 0 && missing > limit {
		return nil
	}
	was := missing <= s.taken && (seg.last == 0 || s.log.claims(s.buf[end:], seg.first, missing))
	if was || len(s.segments) > 0 || s.log.behind(s.buf, end, seg.first, missing) {
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
