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

// readFirst is read of such a record.
func (e *entry) readFirst(c *wire.Cursor) {
	never := instantOf(time.Time{})
	*e = entry{times: [numTimes]instant{never, never}}
	present := c.U32("present")
	is := func(bit int) bool { return present&(1<<bit) != 0 && c.Err() == nil }
	for i := range e.texts {
		if is(i) {
			e.texts[i] = skipText(c)
		}
	}
	for i := range e.lists {
		if is(bitLists + i) {
			e.lists[i] = skipList(c)
		}
	}
	for i := range e.times {
		if is(bitTimes + i) {
			e.times[i] = instant{int64(c.U64("seconds")), int64(c.U32("nanoseconds"))}
		}
	}
	e.recovered, e.attempts = int(c.U32("recovered")), int(c.U32("attempts"))
}
