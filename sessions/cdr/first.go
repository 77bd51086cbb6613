package cdr

import (
	"time"

	"github.com/otagate/otagate/internal/wire"
)

// firstVersion is of blocks in which each record says all that it has:
//
//	record   length (4), session (8), present (4), texts, lists, times, recovered (4), attempts (4)
//	time     seconds since 1970 (8), nanoseconds (4)
//
// A bit of present says that a text, a list or a time is there; bit 0 is the first of
// them in the order of (*Record).texts, lists and times.
const firstVersion = 1

func firstLength(c *wire.Cursor) int { return int(c.U32("length")) }

// readFirst is ReadBlock of such a block, behind its version.
func readFirst(c *wire.Cursor, f *Filter, each func(*Record) error) error {
	wanted := f.Number()
	for c.More() {
		l := c.Enter(firstLength(c), "record")
		id := c.U64("session")
		if wanted != 0 && wanted != id {
			c.Skip(c.Len())
			c.Leave(l)
			continue
		}
		var r Record
		r.readFirst(c, id)
		c.Leave(l)
		if c.Err() == nil && f.Match(&r) {
			if err := each(&r); err != nil {
				return err
			}
		}
	}
	return c.End()
}

func (r *Record) readFirst(c *wire.Cursor, id uint64) {
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
			*l = readList(c)
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
