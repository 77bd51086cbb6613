package smppbench_test

import (
	"context"
	"testing"
	"time"

	"github.com/otagate/otagate/smpp/smppbench"
)

func TestMeasure(t *testing.T) {
	rs, err := smppbench.Measure(context.Background(), smppbench.Options{Rounds: 1, Round: 20 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rs {
		if r.Bare <= 0 || r.Client <= 0 || r.Submit <= 0 || r.Server <= 0 || r.Both <= 0 {
			t.Errorf("a pairing did not run: %+v", r)
		}
	}
}

func BenchmarkPairings(b *testing.B) {
	for b.Loop() {
		rs, err := smppbench.Measure(context.Background(), smppbench.Options{})
		if err != nil {
			b.Fatal(err)
		}
		for _, r := range rs {
			b.Logf("window %3d: bare %.0f/s, client %.2f, blocking %.2f, server %.2f, both %.2f", r.Window, r.Bare, r.Client/r.Bare, r.Submit/r.Bare, r.Server/r.Bare, r.Both/r.Bare)
		}
	}
}
