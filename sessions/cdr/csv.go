package cdr

import (
	"encoding/csv"
	"strconv"
	"strings"
	"time"
)

// Header is the first row of a CSV file. Columns keep their place for ever;
// new ones come at the end.
func Header() []string {
	return []string{
		"session", "flow", "account", "source", "destination", "corr",
		"mdn", "trn", "msc", "esn", "meid",
		"old_min", "old_mdn", "new_min", "new_imsi", "old_prl", "new_prl",
		"started", "ended", "outcome", "reason", "detail",
		"steps", "skipped", "recovered", "attempts", "link", "ways", "found",
	}
}

// Row is r in the columns of Header. Lists are joined with blanks, times are
// RFC 3339 in UTC.
func (r *Record) Row() []string {
	return []string{
		r.Session, r.Flow, r.Trigger.Account, r.Trigger.Source, r.Trigger.Destination, r.Trigger.Corr,
		r.MDN, r.TRN, r.MSC, r.ESN, r.MEID,
		r.OldMIN, r.OldMDN, r.NewMIN, r.NewIMSI, r.OldPRL, r.NewPRL,
		stamp(r.Started), stamp(r.Ended), string(r.Outcome), r.Reason, r.Detail,
		strings.Join(r.Steps, " "), strings.Join(r.Skipped, " "),
		strconv.Itoa(r.Recovered), strconv.Itoa(r.Attempts), r.Link, strings.Join(r.Ways, "; "), strings.Join(r.Found, " "),
	}
}

// WriteCSV writes r as one row.
func (r *Record) WriteCSV(w *csv.Writer) error { return w.Write(r.Row()) }

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}
