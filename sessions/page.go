package sessions

import "github.com/otagate/otagate/sessions/cdr"

// Page is what one commit of a log of pages writes: all of it, or nothing. What
// is in it is the business of who writes it; see package pages.
type Page struct {
	Seq     int64       // the number of this page: one more than that of the last
	Body    []byte      // nil for a commit that only leaves records
	First   int64       // pages before this one are dropped
	Records []cdr.Block // records of what has ended
}

// LogMark is how far the records of a log of pages are where they are kept for ever; see
// package pagelog.
type LogMark struct {
	Log   uint64 // which log; 0 for none
	Taken uint64 // the last frame of it whose records are
}
