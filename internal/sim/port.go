package sim

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"syscall"
)

// FreePort is an address on loopback that nobody listens on, for a gateway that is
// not there yet, or not all the time: below those that systems give to connections
// and to listeners on port 0, one of which would have it by the time it is needed.
func FreePort() (string, error) {
	const lowest, highest = 10_000, 32_000
	for {
		ln, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", lowest+rand.IntN(highest-lowest)))
		if errors.Is(err, syscall.EADDRINUSE) {
			continue
		}
		if err != nil {
			return "", err
		}
		return ln.Addr().String(), ln.Close()
	}
}
