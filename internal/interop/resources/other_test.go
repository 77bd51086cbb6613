//go:build interop && !(linux && (amd64 || arm64))

package resources

import (
	"os"
	"slices"
	"strings"
	"testing"
)

func TestResources(t *testing.T) {
	if slices.Contains(strings.Fields(os.Getenv("ALLOW_SKIP")), "resources") {
		t.Skip("SKIPPED: the machine can only be taken away on Linux (amd64, arm64), and ALLOW_SKIP allows to do without")
	}
	t.Fatal("the machine can only be taken away on Linux (amd64, arm64), and ALLOW_SKIP does not name resources")
}
