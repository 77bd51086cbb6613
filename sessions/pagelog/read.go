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
	var b batch
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
			if f.number <= taken || len(f.page.Records) == 0 {
				return nil
			}
			return l.collect(ctx, &b, f)
		})
		if err != nil {
			return err
		}
	}
	return l.hand(ctx, &b)
}

// collect puts the records of f into b, which is handed over before if it is full.
func (l *Log) collect(ctx context.Context, b *batch, f *frame) error {
	records := f.page.Records
	for i := range records {
		var err error
		if records[i].Sessions, err = cdr.BlockSessions(records[i].Body); err != nil {
			return err
		}
	}
	if !b.takes(octets(records)) {
		if err := l.hand(ctx, b); err != nil {
			return err
		}
	}
	b.add(records, f.number)
	return nil
}

// hand makes the tables take b. With trouble nothing is tried again: the next start
// sees what became of it.
func (l *Log) hand(ctx context.Context, b *batch) error {
	if b.upTo == 0 {
		return nil
	}
	err := l.tables.TakeRecords(context.WithoutCancel(ctx), b.blocks, Mark{Log: l.id, Taken: b.upTo})
	b.reset()
	return err
}
