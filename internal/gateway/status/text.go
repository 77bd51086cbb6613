package status

import (
	"cmp"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"
)

// Write writes a document for people.
func (d *Document) Write(out io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s, running for %s; rates of the last %.0f s\n", d.At.Local().Format(time.DateTime), d.At.Sub(d.Started).Round(time.Second), d.Period)
	fmt.Fprintf(&b, "limits now: %s\n\n", d.Limit)
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "stage\ta second\tsince the start")
	for _, s := range d.Stages {
		fmt.Fprintf(w, "%s\t%.1f\t%d\n", s.Name, s.Rate, s.Total)
	}
	fmt.Fprintf(w, "commit\t%.1f ms\t\n", d.CommitMS)
	if len(d.Links) > 0 {
		fmt.Fprintln(w, "\nlink\tstate\tbinds\tunder way\twaiting\toldest\treceipts due\tsent/s\tanswered/s\tlimit")
	}
	for _, l := range d.Links {
		fmt.Fprintf(w, "%s\t%s\t%d/%d\t%d/%d\t%d\t%s\t%d\t%.1f\t%.1f\t%s\n", l.Name, l.State, l.BindsUp, l.Binds, l.InFlight, l.Window,
			l.Waiting, old(l.OldestS), l.Settling, l.Sent, l.Answered, cmp.Or(l.Limit, "-"))
	}
	fmt.Fprintln(w, "\naccount\tbinds\tunanswered\twaiting\toldest\treceipts due\theld\treceived/s\trefused/s\tlimit")
	for _, a := range d.Accounts {
		name := a.Name
		if a.Disabled {
			name += " (disabled)"
		}
		fmt.Fprintf(w, "%s\t%d\t%d/%d\t%d\t%s\t%d\t%d\t%.1f\t%.1f\t%s\n", name, a.Binds, a.Unanswered, a.Window,
			a.Waiting, old(a.OldestS), a.Settling, a.Held, a.Received, a.Refused, cmp.Or(a.Limit, "-"))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	for _, l := range d.Links {
		if l.LastError != "" && l.State != "up" {
			fmt.Fprintf(&b, "\n%s: %s", l.Name, l.LastError)
		}
	}
	_, err := io.WriteString(out, strings.TrimRight(b.String(), "\n")+"\n")
	return err
}

func old(s int) string {
	if s == 0 {
		return "-"
	}
	return (time.Duration(s) * time.Second).String()
}
