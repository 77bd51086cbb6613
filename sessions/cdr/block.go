package cdr

import (
	"time"

	"github.com/otagate/otagate/internal/wire"
)

// Block is the compact form of records that were written together: one row of a
// store instead of one each.
//
//	block    version (1), records
//	record   length, session (8), own (4), texts, lists, times, recovered, attempts
//	text     length, octets
//	list     number of texts as a length, texts
//	time     seconds since 1970, nanoseconds, as the difference to those before
//	length   1 octet, or 255 and 4 octets
//
// session is the number of the session id, 0 when the record has another text for it. A
// record says what is not as in the record before it: the bits of own, from the lowest, are
// those of (*Record).texts, of its lists, of its times, of both counts, that the
// destination is the MDN, and that there is nothing before it. Differences and counts are
// varints of encoding/binary, with a sign.
type Block struct {
	Flow        string   // of all its records
	First, Last int64    // the earliest and the latest end, Unix microseconds; 0 for none
	Sessions    []uint64 // whose records they are, where the text is a session id
	Body        []byte

	before  entry // the last record, while the next one may be like it
	follows bool
}

const blockVersion = 2

// Span is how far the ends of a block's records are apart at most: whoever looks
// for records since some time need not look at blocks that begin before that by more.
const Span = time.Minute

// Takes tells whether r may go into the block.
func (b *Block) Takes(r *Record) bool {
	if len(b.Body) == 0 {
		return true
	}
	at := micros(r.Ended)
	return b.Flow == r.Flow && max(b.Last, at)-min(b.First, at) <= Span.Microseconds()
}

// Add puts r into the block, which takes it.
func (b *Block) Add(r *Record) {
	at := micros(r.Ended)
	if len(b.Body) == 0 {
		b.Flow, b.First, b.Last = r.Flow, at, at
		b.Body = append(b.Body, blockVersion)
	}
	b.First, b.Last = min(b.First, at), max(b.Last, at)
	b.Body = b.before.append(b.Body, r, !b.follows)
	b.follows = true
	if id := number(r.Session); id != 0 {
		b.Sessions = append(b.Sessions, id)
	}
}

// maxMerged is how many octets a block has at most that others were merged into.
const maxMerged = 64 << 10

// Merge puts the records of o behind those of b, when one block may have them all.
// It copies them.
func (b *Block) Merge(o *Block) bool {
	switch {
	case len(o.Body) == 0:
		return true
	case len(b.Body)+len(o.Body) > maxMerged:
		return false
	case len(b.Body) == 0:
		b.Flow, b.First, b.Last = o.Flow, o.First, o.Last
		b.Body = append(b.Body, o.Body[0])
	case b.Flow != o.Flow || b.Body[0] != o.Body[0] || max(b.Last, o.Last)-min(b.First, o.First) > Span.Microseconds():
		return false
	}
	b.First, b.Last = min(b.First, o.First), max(b.Last, o.Last)
	b.Body = append(b.Body, o.Body[1:]...)
	b.Sessions = append(b.Sessions, o.Sessions...)
	b.follows = false
	return true
}

// Reset empties the block and keeps its memory.
func (b *Block) Reset() { *b = Block{Sessions: b.Sessions[:0], Body: b.Body[:0]} }

// ReadBlock gives the records of a block that f selects to each, in the order in
// which they were added. It keeps nothing of body.
func ReadBlock(body []byte, f *Filter, each func(*Record) error) error {
	c := wire.NewCursor("block of records", body)
	v, wanted := readVersion(&c), f.Number()
	var e entry
	for c.More() {
		l := c.Enter(recordLength(&c, v), "record")
		id := c.U64("session")
		if v == firstVersion {
			e.readFirst(&c)
		} else {
			e.read(&c)
		}
		c.Leave(l)
		if c.Err() != nil || wanted != 0 && wanted != id { // most are not the one
			continue
		}
		if r := e.record(body, id); f.Match(&r) {
			if err := each(&r); err != nil {
				return err
			}
		}
	}
	return c.End()
}

func readVersion(c *wire.Cursor) (v uint8) {
	if v = c.U8("version"); c.Err() == nil && v != firstVersion && v != blockVersion {
		c.FailAt(0, "version", wire.ErrUnsupported)
	}
	return v
}

func recordLength(c *wire.Cursor, version uint8) int {
	if version == firstVersion {
		return int(c.U32("length"))
	}
	return readLength(c)
}

// Number is the session that f looks for, 0 when it looks for none or its text
// is no session id.
func (f *Filter) Number() uint64 { return number(f.Session) }

// BlockSessions reads which sessions have records in a block.
func BlockSessions(body []byte) (all []uint64, err error) {
	c := wire.NewCursor("block of records", body)
	v := readVersion(&c)
	for c.More() {
		l := c.Enter(recordLength(&c, v), "record")
		if id := c.U64("session"); id != 0 {
			all = append(all, id)
		}
		c.Skip(c.Len())
		c.Leave(l)
	}
	return all, c.End()
}

// number reads a session id, 16 lower case hex digits; 0 is none.
func number(s string) uint64 {
	if len(s) != 16 {
		return 0
	}
	var n uint64
	for i := range len(s) {
		switch d := s[i]; {
		case d >= '0' && d <= '9':
			n = n<<4 | uint64(d-'0')
		case d >= 'a' && d <= 'f':
			n = n<<4 | uint64(d-'a'+10)
		default:
			return 0
		}
	}
	return n
}

// micros is t in Unix microseconds, 0 for none.
func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}
