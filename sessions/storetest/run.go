package storetest

import (
	"testing"

	"github.com/otagate/otagate/sessions"
)

// Run runs the suite. open makes a new empty store each time it is called.
func Run(t *testing.T, open func(t *testing.T) sessions.Store) {}
