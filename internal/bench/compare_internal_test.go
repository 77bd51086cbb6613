package bench

import (
	"context"
	"errors"
	"testing"
	"time"
)

func TestSeries(t *testing.T) {
	var s series
	for _, p := range [][2]float64{{300, 100}, {200, 100}, {100, 100}, {220, 110}, {9000, 90}} {
		s.add(p[0], p[1])
	}
	r := s.result("b", "c", "u")
	// Medians of the rounds: 220 and 100. The ratios 1, 2, 2, 3, 100 have
	// their quartiles at 2 and 3 and their median at 2.
	if r.Value != 220 || r.Ceiling != 100 || r.Ratio != 2.2 || r.Noise != 0.25 || r.Bench != "b" || r.Case != "c" || r.Unit != "u" {
		t.Errorf("%+v", r)
	}
	if r := new(series).result("b", "c", "u"); r.Value != 0 || r.Ratio != 0 || r.Noise != 0 {
		t.Errorf("nothing measured: %+v", r)
	}
}

func TestMedian(t *testing.T) {
	v := []float64{4, 1, 3, 2}
	if m := median(v); m != 2.5 || v[0] != 4 {
		t.Errorf("%v, and the series is %v", m, v)
	}
}

func TestSignificant(t *testing.T) {
	for in, want := range map[float64]float64{0: 0, 123456: 123500, 0.123456: 0.1235, 99.996: 100, 1.40625: 1.406} {
		if got := significant(in); got != want {
			t.Errorf("%v: %v, want %v", in, got, want)
		}
	}
}

var sink []byte

func TestAllocations(t *testing.T) {
	n, err := allocations(func(n int) error {
		for range n {
			sink = make([]byte, 64)
			sink = make([]byte, 64)
		}
		return nil
	})
	if err != nil || n != 2 {
		t.Errorf("%v %v", n, err)
	}
}

func TestNanoseconds(t *testing.T) {
	bad := errors.New("bad")
	good := func(int) error { return nil }
	if _, _, err := nanoseconds(context.Background(), time.Millisecond, func(int) error { return bad }, good); !errors.Is(err, bad) {
		t.Errorf("%v", err)
	}
	s, _, err := nanoseconds(context.Background(), time.Microsecond, good, good)
	if err != nil || len(s.ours) != fewest || len(s.ceiling) != fewest {
		t.Errorf("%d rounds, %v", len(s.ours), err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, _, err := nanoseconds(ctx, time.Hour, good, good); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}
