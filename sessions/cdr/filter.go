package cdr

import "time"

// Filter selects records. Zero fields select all.
type Filter struct {
	From    time.Time // ended at this time or later
	To      time.Time // ended before
	MDN     string
	Session string
	Flow    string
	Outcome Outcome
	Limit   int
}

// Match tells whether f selects r. Limit is the reader's business.
func (f *Filter) Match(r *Record) bool {
	return (f.From.IsZero() || !r.Ended.Before(f.From)) &&
		(f.To.IsZero() || r.Ended.Before(f.To)) &&
		(f.MDN == "" || f.MDN == r.MDN) &&
		(f.Session == "" || f.Session == r.Session) &&
		(f.Flow == "" || f.Flow == r.Flow) &&
		(f.Outcome == "" || f.Outcome == r.Outcome)
}
