package otasp_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/otagate/otagate/otasp"
)

// reachIOTA is reach over MMC: a list goes by one way or by the other.
func reachIOTA(t *testing.T) map[otasp.Phase]otasp.Session {
	states := reach(t, "iota-list-object")
	maps.Copy(states, reach(t, "iota-every-phase"))
	return states
}

// TestCallbackTable is the transition table of a session in which the handset
// calls back, in the phases that it passes.
func TestCallbackTable(t *testing.T) {
	var b strings.Builder
	states := reachIOTA(t)
	for ph := otasp.Idle; ph <= otasp.Ended; ph++ {
		s, ok := states[ph]
		if !ok {
			continue
		}
		for _, word := range table {
			p := player{t: t, o: order(), s: s}
			p.event(strings.Fields(word))
			fmt.Fprintf(&b, "%-17s %-17s %s\n", ph, word, squeeze(p.b.String()))
		}
	}
	golden(t, "otasp-iota.table", b.String())
}
