package sim_test

import (
	"net"
	"testing"

	"github.com/otagate/otagate/internal/sim"
)

// TestFreePort: nobody gets an address that another one has, who can listen there.
func TestFreePort(t *testing.T) {
	const some = 800 // of 22,000: without the reservation more than ten would come twice
	seen := map[string]bool{}
	for range some {
		address, taken, err := sim.FreePort()
		if err != nil {
			t.Fatal(err)
		}
		defer taken.Close()
		if seen[address] {
			t.Fatalf("%s was given twice", address)
		}
		seen[address] = true
	}
	for address := range seen {
		ln, err := net.Listen("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		ln.Close()
		break
	}
}
