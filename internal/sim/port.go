package sim

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"syscall"
)

// FreePort is a TCP address on loopback that nobody listens on, for a gateway that is
// not there yet, or not all the time: below those that systems give to connections
// and to listeners on port 0, one of which would have it by the time it is needed.
//
// Until taken is closed nobody else gets it of FreePort: its number is taken of UDP, which
// tells all programs, and nobody here speaks.
func FreePort() (address string, taken io.Closer, err error) {
	const lowest, highest = 10_000, 32_000
	for {
		address = fmt.Sprintf("127.0.0.1:%d", lowest+rand.IntN(highest-lowest))
		taken, err = net.ListenPacket("udp", address)
		if errors.Is(err, syscall.EADDRINUSE) {
			continue
		}
		if err != nil {
			return "", nil, err
		}
		ln, err := net.Listen("tcp", address)
		if err == nil {
			return address, taken, ln.Close()
		}
		taken.Close()
		if !errors.Is(err, syscall.EADDRINUSE) {
			return "", nil, err
		}
	}
}
