// Command otagate is an SMS/SS7 gateway and narrow-band provisioning bridge.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/otagate/otagate/internal/dissect"
)

// Exit statuses: the thing asked for failed, and wrong usage.
const (
	exitFailed = 1
	exitUsage  = 2
)

// usageError is a command line that cannot be carried out as it stands.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

func main() {
	paceCollector()
	os.Exit(run())
}

// run is main with an exit status, so that tests can call it.
func run() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := newRoot().ExecuteContext(ctx)
	if err == nil {
		return 0
	}
	fmt.Fprintln(os.Stderr, "otagate:", err)
	var usage usageError
	if errors.As(err, &usage) || errors.Is(err, dissect.ErrProtocol) {
		return exitUsage
	}
	return exitFailed
}
