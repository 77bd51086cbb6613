package pagelog

import (
	"context"
	"fmt"

	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/sessions/cdr"
)

// Pages gives the pages that are needed to each, the oldest first. A page's body
// and records are only valid during the call. It is for the start, before any page is appended.
func (l *Log) Pages(ctx context.Context, each func(sessions.Page) error) error {
	l.mu.Lock()
	all, need := make([]segment, 0, len(l.segments)), l.need
	for _, s := range l.segments {
		if s.seq != 0 && s.seq >= need {
			all = append(all, *s)
		}
	}
	l.mu.Unlock()
	var buf []byte
	for i := range all {
		if err := ctx.Err(); err != nil {
			return err
		}
		var err error
		buf, err = l.read(&all[i], buf, func(f *frame) error {
			if f.page.Body == nil || f.page.Seq < need {
				return nil
			}
			return each(f.page)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// read gives the frames of s that count to each. They are all there, or it is an
// error.
func (l *Log) read(s *segment, buf []byte, each func(*frame) error) ([]byte, error) {
	buf, err := l.files.Read(segmentName(s.first), buf)
	if err != nil {
		return buf, err
	}
	last := uint64(0)
	end, err := l.walk(buf, s.first, s.last, func(f *frame, _ []byte, _ int) error {
		last = f.number
		return each(f)
	})
	if err == nil && last != s.last {
		err = fmt.Errorf("frame %d at octet %d was there before", last+1, end)
	}
	if err != nil {
		return buf, fmt.Errorf("pagelog: %s: %w", segmentName(s.first), err)
	}
	return buf, nil
}

// handOld brings the records of frames behind taken to the tables.
func (l *Log) handOld(ctx context.Context, taken uint64) error {
	var buf []byte
	for _, s := range l.segments {
		if s.last <= taken {
			continue
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		var err error
		buf, err = l.read(s, buf, func(f *frame) error {
			if f.number <= taken {
				return nil
			}
			if err := f.findSessions(); err != nil {
				return err
			}
			if l.queue.add(f.page.Records, f.number); l.queue.octets < 2*maxTaken {
				return nil
			}
			return l.handOver()
		})
		if err != nil {
			return err
		}
	}
	return l.handOver()
}

// findSessions reads from the records of a frame whose they are.
func (f *frame) findSessions() (err error) {
	for i := range f.page.Records {
		b := &f.page.Records[i]
		if b.Sessions, err = cdr.BlockSessions(b.Body); err != nil {
			return err
		}
	}
	return nil
}
