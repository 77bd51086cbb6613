package sessions

import (
	"fmt"
	"slices"
	"sort"
)

// TRNRange gives the temporary reference numbers from First to Last to one MSC.
type TRNRange struct {
	First, Last TRN
	MSC         string
}

// String prints the range as a configuration has it.
func (r TRNRange) String() string { return fmt.Sprintf("%s-%s (%s)", r.First, r.Last, r.MSC) }

// TRNTable tells which MSC a temporary reference number belongs to. It does
// not change after it was made.
type TRNTable struct{ ranges []TRNRange }

// NewTRNTable makes the table. Ranges may come in any order and may not overlap.
func NewTRNTable(ranges ...TRNRange) (*TRNTable, error) {
	sorted := slices.Clone(ranges)
	slices.SortFunc(sorted, func(a, b TRNRange) int {
		switch {
		case a.First < b.First:
			return -1
		case a.First > b.First:
			return 1
		}
		return 0
	})
	for i, r := range sorted {
		switch {
		case r.Last < r.First:
			return nil, fmt.Errorf("sessions: TRN range %s ends before it begins", r)
		case r.Last > maxTRN:
			return nil, fmt.Errorf("sessions: TRN range %s has more than 10 digits", r)
		case r.MSC == "":
			return nil, fmt.Errorf("sessions: TRN range %s names no MSC", r)
		case i > 0 && r.First <= sorted[i-1].Last:
			return nil, fmt.Errorf("sessions: TRN ranges %s and %s overlap", sorted[i-1], r)
		}
	}
	return &TRNTable{ranges: sorted}, nil
}

// Lookup names the MSC that gave t.
func (t *TRNTable) Lookup(n TRN) (string, bool) {
	i := sort.Search(len(t.ranges), func(i int) bool { return t.ranges[i].Last >= n })
	if i == len(t.ranges) || n < t.ranges[i].First {
		return "", false
	}
	return t.ranges[i].MSC, true
}
