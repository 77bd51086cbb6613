package bench_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/otagate/otagate/internal/bench"
)

func ptr(v float64) *float64 { return &v }

// TestWriteJSON holds the line that programs read.
func TestWriteJSON(t *testing.T) {
	var b strings.Builder
	err := bench.WriteJSON(&b, []bench.Result{
		{Bench: "smpp", Case: "window=10", Unit: "msg/s", Value: 120000, Ceiling: 200000, Ratio: 0.6, Noise: 0.03, Goal: bench.Goal{RatioLeast: 0.6}},
		{Bench: "codec", Case: "submit_sm encode", Unit: "ns/op", Value: 39.5, Ceiling: 28.1, Ratio: 1.406, AllocsPerOp: ptr(0)},
		{Bench: "session", Case: "concurrent=16", Unit: "sessions/s", Value: 1, Ceiling: 2, Ratio: 0.5, CPUPer10k: ptr(4.5)},
	})
	want := `{"bench":"smpp","case":"window=10","unit":"msg/s","value":120000,"ceiling":200000,"ratio":0.6,"noise":0.03}
{"bench":"codec","case":"submit_sm encode","unit":"ns/op","value":39.5,"ceiling":28.1,"ratio":1.406,"noise":0,"allocs_per_op":0}
{"bench":"session","case":"concurrent=16","unit":"sessions/s","value":1,"ceiling":2,"ratio":0.5,"noise":0,"cpu_s_per_10k":4.5}
`
	if diff := cmp.Diff(want, b.String()); err != nil || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
}

func TestWriteTable(t *testing.T) {
	var b strings.Builder
	err := bench.WriteTable(&b, []bench.Result{
		{Bench: "smpp", Case: "window=10", Unit: "msg/s", Value: 120000, Ceiling: 240000, Ratio: 0.5, Noise: 0.03, Goal: bench.Goal{RatioLeast: 0.6}},
		{Bench: "codec", Case: "submit_sm encode", Unit: "ns/op", Value: 39.5, Ceiling: 28.1, Ratio: 1.406, AllocsPerOp: ptr(0), Goal: bench.Goal{RatioMost: 1.5, NoAllocs: true}},
		{Bench: "store", Case: "concurrent=1", Unit: "sessions/s", Value: 190, Ceiling: 458, Ratio: 0.41},
	})
	want := `bench  case              value   ceiling  unit        ratio  ±   goal                      allocs  CPU s/10k
smpp   window=10         120000  240000   msg/s       0.50   3%  ≥ 0.6×            MISSED          
codec  submit_sm encode  39.5    28.1     ns/op       1.41   0%  ≤ 1.5×, 0 allocs  met     0       
store  concurrent=1      190     458      sessions/s  0.41   0%                                    
`
	if diff := cmp.Diff(want, b.String()); err != nil || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
}

func TestMet(t *testing.T) {
	for _, tt := range []struct {
		name string
		r    bench.Result
		want bool
	}{
		{"no goal", bench.Result{Ratio: 9}, true},
		{"time below", bench.Result{Ratio: 1.5, Goal: bench.Goal{RatioMost: 1.5}}, true},
		{"time above", bench.Result{Ratio: 1.51, Goal: bench.Goal{RatioMost: 1.5}}, false},
		{"rate above", bench.Result{Ratio: 0.35, Goal: bench.Goal{RatioLeast: 0.35}}, true},
		{"rate below", bench.Result{Ratio: 0.34, Goal: bench.Goal{RatioLeast: 0.35}}, false},
		{"value above", bench.Result{Value: 2001, Goal: bench.Goal{ValueMost: 2000}}, false},
		{"value below", bench.Result{Value: 2000, Goal: bench.Goal{ValueMost: 2000}}, true},
		{"few allocations", bench.Result{AllocsPerOp: ptr(5), Goal: bench.Goal{AllocsMost: 5}}, true},
		{"more allocations", bench.Result{AllocsPerOp: ptr(6), Goal: bench.Goal{AllocsMost: 5}}, false},
		{"allocations not counted", bench.Result{Goal: bench.Goal{AllocsMost: 5}}, false},
		{"allocates", bench.Result{AllocsPerOp: ptr(1), Goal: bench.Goal{NoAllocs: true}}, false},
		{"allocations not counted", bench.Result{Goal: bench.Goal{NoAllocs: true}}, false},
		{"no allocations", bench.Result{AllocsPerOp: ptr(0), Goal: bench.Goal{NoAllocs: true}}, true},
	} {
		if got := tt.r.Met(); got != tt.want {
			t.Errorf("%s: %t", tt.name, got)
		}
	}
}

// TestAll: every bench says what its ceiling is.
func TestAll(t *testing.T) {
	for _, b := range bench.All() {
		if b.Name == "" || b.Run == nil || !strings.Contains(b.About, "ceiling: ") {
			t.Errorf("%+v", b)
		}
	}
}
