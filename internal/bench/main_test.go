package bench_test

import (
	"context"
	"fmt"
	"os"
	"testing"

	"github.com/otagate/otagate/internal/bench"
)

// TestMain is also the children of relay, which starts its own program again.
func TestMain(m *testing.M) {
	if len(os.Args) == 4 && os.Args[1] == bench.ChildCommand {
		if err := bench.Child(context.Background(), os.Args[2], os.Args[3], os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}
