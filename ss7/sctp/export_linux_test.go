//go:build linux && !386

package sctp

// KernelThatReads is an association of which only ReadMessage works, by recv
// in the place of recvmsg(2).
func KernelThatReads(recv func(p, oob []byte) (n, oobn, flags int, err error)) *Kernel {
	return &Kernel{recv: recv, closed: make(chan struct{})}
}
