package cdr_test

import (
	"testing"
	"time"

	"github.com/otagate/otagate/sessions/cdr"
)

func recordsIn(t *testing.T, all cdr.Blocks) (ids []string) {
	t.Helper()
	for i := range all {
		if err := cdr.ReadBlock(all[i].Body, &cdr.Filter{}, func(r *cdr.Record) error { ids = append(ids, r.Session); return nil }); err != nil {
			t.Fatal(err)
		}
	}
	return ids
}

// TestBlocks: records of a flow are together, those of others and of other times apart, and
// cut to nothing there is nothing left of what was in them.
func TestBlocks(t *testing.T) {
	began := time.Unix(1_700_000_000, 0)
	var all, merged cdr.Blocks
	for range 2 {
		all, merged = all[:0], merged[:0]
		for i, r := range []cdr.Record{
			{Session: "0000000000000001", Flow: "push", Ended: began},
			{Session: "0000000000000002", Flow: "relay", Ended: began},
			{Session: "0000000000000003", Flow: "push", Ended: began.Add(cdr.Span)},
			{Session: "0000000000000004", Flow: "push", Ended: began.Add(2 * cdr.Span)},
		} {
			all.Add(&r)
			if want := []int{1, 2, 2, 3}[i]; len(all) != want {
				t.Errorf("%d blocks after record %d, want %d", len(all), i+1, want)
			}
			var one cdr.Block
			one.Add(&r)
			merged.Merge(&one)
		}
		for _, b := range []cdr.Blocks{all, merged} {
			if got := recordsIn(t, b); len(b) != 3 || len(got) != 4 || got[0] != "0000000000000001" || got[1] != "0000000000000003" {
				t.Errorf("%d blocks with %v", len(b), got)
			}
			if len(b[0].Sessions) != 2 || b[0].Sessions[1] != 3 {
				t.Errorf("sessions %v", b[0].Sessions)
			}
		}
	}
	if n := testing.AllocsPerRun(100, func() {
		merged = merged[:0]
		for i := range all {
			merged.Merge(&all[i])
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
