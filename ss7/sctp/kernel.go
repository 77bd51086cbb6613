package sctp

import "net/netip"

// KernelAddr is both ends of a kernel association. Several addresses on an end
// make it multi-homed. ListenKernel looks at the local half only; an empty
// Local binds to all addresses, LocalPort 0 lets the kernel choose.
type KernelAddr struct {
	Local      []netip.Addr
	LocalPort  uint16
	Remote     []netip.Addr
	RemotePort uint16
}
