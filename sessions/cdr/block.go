package cdr

import (
	"encoding/binary"
	"strconv"
	"time"

	"github.com/otagate/otagate/internal/wire"
)

// Block is the compact form of records that were written together: one row of a
// store instead of one each.
//
//	block    version (1), records
//	record   length (4), session (8), present (4), texts, lists, times, recovered (4), attempts (4)
//	text     length, octets; the length is 1 octet, or 255 and 4 octets
//	list     number of texts as a length, texts
//	time     seconds since 1970 (8), nanoseconds (4)
//
// session is the number of the session id, 0 when the record has another text
// for it. A bit of present says that a text, a list or a time is there; bit 0 is
// the first of them in the order of (*Record).texts, lists and times.
type Block struct {
	Flow        string   // of all its records
	First, Last int64    // the earliest and the latest end, Unix microseconds; 0 for none
	Sessions    []uint64 // whose records they are, where the text is a session id
	Body        []byte
}

const blockVersion = 1

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
	b.Body = r.append(b.Body)
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
	return true
}

// Reset empties the block and keeps its memory.
func (b *Block) Reset() { *b = Block{Sessions: b.Sessions[:0], Body: b.Body[:0]} }

// ReadBlock gives the records of a block that f selects to each, in the order in
// which they were added. It keeps nothing of body.
func ReadBlock(body []byte, f *Filter, each func(*Record) error) error {
	c := wire.NewCursor("block of records", body)
	if v := c.U8("version"); c.Err() == nil && v != blockVersion {
		c.FailAt(0, "version", wire.ErrUnsupported)
	}
	wanted := f.Number()
	for c.More() {
		l := c.Enter(int(c.U32("length")), "record")
		id := c.U64("session")
		if wanted != 0 && wanted != id {
			c.Skip(c.Len()) // most are not the one
			c.Leave(l)
			continue
		}
		var r Record
		r.read(&c, id)
		c.Leave(l)
		if c.Err() == nil && f.Match(&r) {
			if err := each(&r); err != nil {
				return err
			}
		}
	}
	return c.End()
}

// Number is the session that f looks for, 0 when it looks for none or its text
// is no session id.
func (f *Filter) Number() uint64 { return number(f.Session) }

// BlockSessions reads which sessions have records in a block.
func BlockSessions(body []byte) (all []uint64, err error) {
	c := wire.NewCursor("block of records", body)
	if v := c.U8("version"); c.Err() == nil && v != blockVersion {
		c.FailAt(0, "version", wire.ErrUnsupported)
	}
	for c.More() {
		l := c.Enter(int(c.U32("length")), "record")
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

// texts are the fields of r that are texts; the places are stored and stay.
func (r *Record) texts() [21]*string {
	t := &r.Trigger
	return [...]*string{
		&r.Session, &r.Flow, &t.Account, &t.Source, &t.Destination, &t.Corr, &r.MDN, &r.TRN, &r.MSC, &r.ESN, &r.MEID,
		&r.OldMIN, &r.OldMDN, &r.NewMIN, &r.NewIMSI, &r.OldPRL, &r.NewPRL,
		(*string)(&r.Outcome), &r.Reason, &r.Detail, &r.Link,
	}
}

func (r *Record) lists() [4]*[]string { return [...]*[]string{&r.Steps, &r.Skipped, &r.Found, &r.Ways} }

func (r *Record) times() [2]*time.Time { return [...]*time.Time{&r.Started, &r.Ended} }

func (r *Record) append(dst []byte) []byte {
	at := len(dst)
	id := number(r.Session)
	dst = binary.BigEndian.AppendUint64(append(dst, 0, 0, 0, 0), id)
	dst = append(dst, 0, 0, 0, 0)
	present, bit := uint32(0), uint32(1)
	for i, s := range r.texts() {
		if *s != "" && (i > 0 || id == 0) {
			present |= bit
			dst = appendText(dst, *s)
		}
		bit <<= 1
	}
	for _, l := range r.lists() {
		if len(*l) > 0 {
			present |= bit
			dst = appendLength(dst, len(*l))
			for _, s := range *l {
				dst = appendText(dst, s)
			}
		}
		bit <<= 1
	}
	for _, t := range r.times() {
		if !t.IsZero() {
			present |= bit
			dst = binary.BigEndian.AppendUint64(dst, uint64(t.Unix()))
			dst = binary.BigEndian.AppendUint32(dst, uint32(t.Nanosecond()))
		}
		bit <<= 1
	}
	dst = binary.BigEndian.AppendUint32(dst, uint32(r.Recovered))
	dst = binary.BigEndian.AppendUint32(dst, uint32(r.Attempts))
	wire.PutU32(dst, at, uint32(len(dst)-at-4))
	wire.PutU32(dst, at+12, present)
	return dst
}

func (r *Record) read(c *wire.Cursor, id uint64) {
	present := c.U32("present")
	has := func() bool {
		is := present&1 != 0 && c.Err() == nil
		present >>= 1
		return is
	}
	for _, s := range r.texts() {
		if has() {
			*s = readText(c)
		}
	}
	for _, l := range r.lists() {
		if has() {
			for range c.Count(readLength(c), 1, "texts") {
				*l = append(*l, readText(c))
			}
		}
	}
	for _, t := range r.times() {
		if has() {
			sec := int64(c.U64("seconds"))
			*t = time.Unix(sec, int64(c.U32("nanoseconds"))).UTC()
		}
	}
	r.Recovered, r.Attempts = int(c.U32("recovered")), int(c.U32("attempts"))
	if id != 0 {
		r.Session = hex16(id)
	}
}

func hex16(id uint64) string {
	var b [16]byte
	s := strconv.AppendUint(b[:0], id, 16)
	return "0000000000000000"[len(s):] + string(s)
}

// appendLength appends 1 octet, or 255 and 4 octets.
func appendLength(dst []byte, n int) []byte {
	if n < 255 {
		return append(dst, byte(n))
	}
	return binary.BigEndian.AppendUint32(append(dst, 255), uint32(n))
}

func readLength(c *wire.Cursor) int {
	if n := c.U8("length"); n < 255 {
		return int(n)
	}
	return int(c.U32("length"))
}

func appendText(dst []byte, s string) []byte { return append(appendLength(dst, len(s)), s...) }

func readText(c *wire.Cursor) string { return string(c.Bytes(readLength(c), "text")) }

// micros is t in Unix microseconds, 0 for none.
func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}
