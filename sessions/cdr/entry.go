package cdr

import (
	"encoding/binary"
	"strconv"
	"time"

	"github.com/otagate/otagate/internal/wire"
)

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

const (
	numTexts, numLists, numTimes = 21, 4, 2

	textMDN, textDestination = 6, 4

	bitLists  = numTexts
	bitTimes  = bitLists + numLists
	bitCounts = bitTimes + numTimes
	bitTwin   = bitCounts + 1 // the destination is the MDN
	bitAnew   = bitTwin + 1   // there is nothing before it
)

// span is where a text stands in the body of a block, without its length, or a list, with
// the number of its texts.
type span struct{ from, to uint32 }

func spanOf(from, to int) span { return span{uint32(from), uint32(to)} }

func (s span) of(body []byte) []byte { return body[s.from:s.to] }

// entry is a record as the body of a block has it, so that the next one can say what is
// not the same.
type entry struct {
	texts               [numTexts]span
	lists               [numLists]span
	times               [numTimes]instant
	recovered, attempts int
}

// instant is a time: seconds since 1970 and nanoseconds.
type instant struct {
	seconds     int64
	nanoseconds int64
}

func instantOf(t time.Time) instant { return instant{t.Unix(), int64(t.Nanosecond())} }

func (i instant) time() time.Time { return time.Unix(i.seconds, i.nanoseconds).UTC() }

// append appends r, and makes e what is before the next record.
func (e *entry) append(dst []byte, r *Record, anew bool) []byte {
	at := len(dst)
	id := number(r.Session)
	dst = binary.BigEndian.AppendUint64(append(dst, 0), id)
	dst = append(dst, 0, 0, 0, 0)
	own := uint32(0)
	if anew {
		*e = entry{}
		own = 1 << bitAnew
	}
	for i, s := range r.texts() {
		text := *s
		if i == 0 && id != 0 {
			text = ""
		}
		if string(e.texts[i].of(dst)) == text {
			continue
		}
		if i == textDestination && text == r.MDN {
			own |= 1 << bitTwin
			continue
		}
		own |= 1 << i
		dst = appendText(dst, text)
		e.texts[i] = spanOf(len(dst)-len(text), len(dst))
	}
	if own&(1<<bitTwin) != 0 {
		e.texts[textDestination] = e.texts[textMDN]
	}
	for i, l := range r.lists() {
		from := len(dst)
		dst = appendList(dst, *l)
		list := spanOf(from, len(dst))
		if string(e.lists[i].of(dst)) == string(list.of(dst)) {
			dst = dst[:from]
			continue
		}
		own |= 1 << (bitLists + i)
		e.lists[i] = list
	}
	for i, t := range r.times() {
		now, was := instantOf(*t), e.times[i]
		if now == was {
			continue
		}
		own |= 1 << (bitTimes + i)
		dst = binary.AppendVarint(dst, now.seconds-was.seconds)
		dst = binary.AppendVarint(dst, now.nanoseconds-was.nanoseconds)
		e.times[i] = now
	}
	if r.Recovered != e.recovered || r.Attempts != e.attempts {
		own |= 1 << bitCounts
		dst = binary.AppendVarint(binary.AppendVarint(dst, int64(r.Recovered)), int64(r.Attempts))
		e.recovered, e.attempts = r.Recovered, r.Attempts
	}
	wire.PutU32(dst, at+9, own)
	return e.measure(dst, at)
}

// measure writes the length of the record at at, and makes room for a large one.
func (e *entry) measure(dst []byte, at int) []byte {
	n := len(dst) - at - 1
	if n < 255 {
		dst[at] = byte(n)
		return dst
	}
	const more = 4
	dst = append(dst, 0, 0, 0, 0)
	copy(dst[at+1+more:], dst[at+1:])
	dst[at] = 255
	wire.PutU32(dst, at+1, uint32(n))
	for _, spans := range [...][]span{e.texts[:], e.lists[:]} {
		for i := range spans {
			if s := &spans[i]; int(s.from) > at {
				s.from, s.to = s.from+more, s.to+more
			}
		}
	}
	return dst
}

// read reads what a record of body says, behind its session.
func (e *entry) read(c *wire.Cursor) {
	own := c.U32("own")
	is := func(bit int) bool { return own&(1<<bit) != 0 && c.Err() == nil }
	if is(bitAnew) {
		*e = entry{}
	}
	for i := range e.texts {
		if is(i) {
			e.texts[i] = skipText(c)
		}
	}
	if is(bitTwin) {
		e.texts[textDestination] = e.texts[textMDN]
	}
	for i := range e.lists {
		if is(bitLists + i) {
			e.lists[i] = skipList(c)
		}
	}
	for i := range e.times {
		if is(bitTimes + i) {
			e.times[i].read(c)
		}
	}
	if is(bitCounts) {
		e.recovered, e.attempts = int(readVarint(c, "recovered")), int(readVarint(c, "attempts"))
	}
}

func (i *instant) read(c *wire.Cursor) {
	off := c.Off()
	i.seconds += readVarint(c, "seconds")
	if i.nanoseconds += readVarint(c, "nanoseconds"); i.nanoseconds < 0 || i.nanoseconds >= 1e9 {
		c.FailAt(off, "nanoseconds", wire.ErrValue)
	}
}

// skipText is a text that is only looked at when somebody wants its record.
func skipText(c *wire.Cursor) span {
	n := readLength(c)
	from := c.Off()
	return spanOf(from, from+len(c.Bytes(n, "text")))
}

func skipList(c *wire.Cursor) span {
	from := c.Off()
	for range c.Count(readLength(c), 1, "texts") {
		skipText(c)
	}
	return spanOf(from, c.Off())
}

// record is the record of session id.
func (e *entry) record(body []byte, id uint64) Record {
	r := Record{Recovered: e.recovered, Attempts: e.attempts}
	for i, s := range r.texts() {
		*s = string(e.texts[i].of(body))
	}
	for i, l := range r.lists() {
		if c := wire.NewCursor("list", e.lists[i].of(body)); c.More() {
			*l = readList(&c)
		}
	}
	for i, t := range r.times() {
		*t = e.times[i].time()
	}
	if id != 0 {
		r.Session = hex16(id)
	}
	return r
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

func appendList(dst []byte, texts []string) []byte {
	dst = appendLength(dst, len(texts))
	for _, s := range texts {
		dst = appendText(dst, s)
	}
	return dst
}

func readList(c *wire.Cursor) (texts []string) {
	for range c.Count(readLength(c), 1, "texts") {
		texts = append(texts, readText(c))
	}
	return texts
}

// readVarint reads what binary.AppendVarint has written.
func readVarint(c *wire.Cursor, field string) int64 {
	off, v := c.Off(), uint64(0)
	for shift := 0; ; shift += 7 {
		o := c.U8(field)
		if shift == 63 && o > 1 {
			c.FailAt(off, field, wire.ErrValue)
			return 0
		}
		if v |= uint64(o&0x7f) << shift; o < 0x80 {
			return int64(v>>1) ^ -int64(v&1)
		}
	}
}
