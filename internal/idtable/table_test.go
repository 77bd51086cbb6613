package idtable_test

import (
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/otagate/otagate/internal/idtable"
)

// TestTable holds a table against a map.
func TestTable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var table idtable.Table[uint64]
		model := map[uint64]*uint64{}
		numbers := rapid.OneOf(rapid.Uint64Range(0, 99), rapid.Uint64())
		for range rapid.IntRange(1, 200).Draw(t, "steps") {
			n := numbers.Draw(t, "number")
			if table.Get(n) != model[n] {
				t.Fatalf("%d is not what was put there", n)
			}
			if rapid.Bool().Draw(t, "put") {
				model[n] = &n
				table.Put(n, &n)
			} else {
				if table.Drop(n) != model[n] {
					t.Fatalf("%d is dropped, and is not what was put there", n)
				}
				delete(model, n)
			}
			all := slices.Collect(table.All)
			if len(all) != len(model) || table.Len() != len(model) {
				t.Fatalf("%d of %d, %d are counted", len(all), len(model), table.Len())
			}
			for _, x := range all {
				if model[*x] != x {
					t.Fatalf("%d is there still", *x)
				}
			}
		}
	})
}

// TestAllWhileDropping: what is dropped meanwhile is not given, all else once.
func TestAllWhileDropping(t *testing.T) {
	var table idtable.Table[uint64]
	there := map[uint64]bool{}
	for n := range uint64(100) {
		table.Put(n, &n)
		there[n] = true
	}
	for x := range table.All {
		if !there[*x] {
			t.Fatalf("%d is given, and is not there any more", *x)
		}
		for _, n := range []uint64{*x, (*x + 1) % 100, (*x + 50) % 100} {
			table.Drop(n)
			delete(there, n)
		}
	}
	if table.Len() != 0 || len(there) != 0 {
		t.Errorf("%d are left, of %v", table.Len(), slices.Sorted(maps.Keys(there)))
	}
}

func TestStop(t *testing.T) {
	var table idtable.Table[uint64]
	for n := range uint64(100) {
		table.Put(n*7, &n)
	}
	n := 0
	for range table.All {
		if n++; n == 3 {
			break
		}
	}
	if n != 3 {
		t.Errorf("%d are given", n)
	}
}
