package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strings"
	"text/tabwriter"
	"time"
)

// Result is one figure beside its ceiling.
type Result struct {
	Bench   string  `json:"bench"`
	Case    string  `json:"case"`
	Unit    string  `json:"unit"`
	Value   float64 `json:"value"`
	Ceiling float64 `json:"ceiling"`
	Ratio   float64 `json:"ratio"` // Value by Ceiling
	// Noise is half of what lies between the quartiles of the rounds' ratios,
	// relative to their median: 0.05 says that half of the rounds were within 5 %.
	Noise       float64  `json:"noise"`
	AllocsPerOp *float64 `json:"allocs_per_op,omitempty"`
	// CPUPer10k is processor seconds for 10,000 operations of the whole
	// process, the simulated peers included.
	CPUPer10k *float64 `json:"cpu_s_per_10k,omitempty"`

	Goal Goal `json:"-"`
}

// Goal is what a figure is to reach. Fields that are 0 ask for nothing.
type Goal struct {
	RatioMost, RatioLeast float64
	ValueMost             float64
	NoAllocs              bool
	AllocsMost            float64
}

// Met tells whether r reaches its goal.
func (r *Result) Met() bool {
	g := &r.Goal
	switch {
	case g.RatioMost > 0 && r.Ratio > g.RatioMost:
	case g.RatioLeast > 0 && r.Ratio < g.RatioLeast:
	case g.ValueMost > 0 && r.Value > g.ValueMost:
	case (g.NoAllocs || g.AllocsMost > 0) && (r.AllocsPerOp == nil || *r.AllocsPerOp > g.AllocsMost):
	default:
		return true
	}
	return false
}

// String is the goal for people, empty when there is none.
func (g Goal) String() string {
	var s []string
	if g.RatioMost > 0 {
		s = append(s, fmt.Sprintf("≤ %g×", g.RatioMost))
	}
	if g.RatioLeast > 0 {
		s = append(s, fmt.Sprintf("≥ %g×", g.RatioLeast))
	}
	if g.ValueMost > 0 {
		s = append(s, fmt.Sprintf("≤ %g", g.ValueMost))
	}
	if g.NoAllocs {
		s = append(s, "0 allocs")
	}
	if g.AllocsMost > 0 {
		s = append(s, fmt.Sprintf("≤ %g allocs", g.AllocsMost))
	}
	return strings.Join(s, ", ")
}

// Options say how to measure.
type Options struct {
	// Time is the budget of one bench, all its cases together; 5 s by default.
	Time time.Duration
	// Dir is where relay, store, session and pending put their files, on the disk that is to
	// be measured. Empty is the folder for temporary files.
	Dir string
	// Case, when it is not empty, is the only case of relay that runs.
	Case string
}

func (o Options) time() time.Duration {
	if o.Time <= 0 {
		return 5 * time.Second
	}
	return o.Time
}

// Bench is one of the benches.
type Bench struct {
	Name  string
	About string // what is measured, and against what
	Run   func(context.Context, Options) ([]Result, error)
}

// All are the benches, in the order in which they run.
func All() []Bench {
	return []Bench{
		{"codec", "submit_sm, an SMDPP from the M3UA header down to the bearer data, and pushes with their segments; ceiling: a codec written by hand for the same structs", Codec},
		{"smpp", "submit_sm over loopback at windows 1, 10 and 100; ceiling: a client and a server that copy prepared PDUs and decode nothing", SMPP},
		{"ss7", "each layer of that SMDPP, and the whole stack both ways; ceiling: written by hand", SS7},
		{"relay", "submit_sm through a gateway to a message centre, each durable, without and with receipts, processor time of the gateway alone; ceiling: a process that appends PDUs to a file, syncs it and passes them on", Relay},
		{"store", "sessions of 14 committed steps at 1, 16 and 256 at a time; ceiling: a file, one write and one sync for all that waits", Store},
		{"session", "complete activations, SMPP to handset to CDR and receipt, simulated network included, 8 changes of the store each; ceiling: the bare store, 14 each", Session},
		{"pending", "100,000 sessions that wait for a handset to call back: look-up, memory, restart; ceiling: a map, its octets, one query for the same rows", Pending},
	}
}

// significant rounds to four digits: the fifth is never more than noise.
func significant(v float64) float64 {
	if v == 0 || math.IsInf(v, 0) || math.IsNaN(v) {
		return 0
	}
	scale := math.Pow(10, 3-math.Floor(math.Log10(math.Abs(v))))
	return math.Round(v*scale) / scale
}

// WriteJSON prints one object a line.
func WriteJSON(w io.Writer, results []Result) error {
	enc := json.NewEncoder(w)
	for i := range results {
		if err := enc.Encode(&results[i]); err != nil {
			return err
		}
	}
	return nil
}

// WriteTable prints the results for people.
func WriteTable(w io.Writer, results []Result) error {
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	fmt.Fprintln(t, "bench\tcase\tvalue\tceiling\tunit\tratio\t±\tgoal\t\tallocs\tCPU s/10k")
	for i := range results {
		r := &results[i]
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%.2f\t%.0f%%\t%s\t%s\t%s\t%s\n", r.Bench, r.Case, number(r.Value), number(r.Ceiling), r.Unit,
			r.Ratio, 100*r.Noise, r.Goal, r.verdict(), optional(r.AllocsPerOp), optional(r.CPUPer10k))
	}
	return t.Flush()
}

func (r *Result) verdict() string {
	switch {
	case r.Goal == Goal{}:
		return ""
	case r.Met():
		return "met"
	}
	return "MISSED"
}

func number(v float64) string {
	if v >= 1000 {
		return fmt.Sprintf("%.0f", v)
	}
	return fmt.Sprintf("%.3g", v)
}

func optional(v *float64) string {
	if v == nil {
		return ""
	}
	return fmt.Sprintf("%.3g", *v)
}
