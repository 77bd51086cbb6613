package sqlite_test

import (
	"testing"

	"github.com/otagate/otagate/sessions/storetest"
)

// TestKill kills a writing process with SIGKILL.
func TestKill(t *testing.T) { storetest.Kill(t, open) }
