// Package sctp gives M3UA associations that keep messages apart. Three kinds
// have the same methods (the consumer, package m3ua, declares the interface):
//
//   - [Kernel]: the operating system's SCTP (RFC 9260, sockets of RFC 6458),
//     multi-homed, with streams; what signalling links use. Linux only.
//   - [TCP]: for labs and for peers that speak M3UA over TCP. TCP keeps no
//     message boundaries, so messages are cut by the length in the M3UA common
//     header; there is one stream.
//   - [Pipe]: an in-memory pair for tests.
//
// SCTP itself is not implemented here, nor encapsulation in UDP.
//
//	association.go   what they have in common: limits and errors
//	tcp.go           TCP
//	kernel.go        the addresses of a kernel association
//	kernel_linux.go  SCTP of the kernel; kernel_other.go says that there is none
//	pipe.go          the pair in memory; pipelistener.go listens for it
//
//	ln, err := sctp.ListenTCP("127.0.0.1:2905")
//	...
//	a, err := sctp.DialTCP(ctx, "127.0.0.1:2905")
//	n, stream, err := a.ReadMessage(buf)
package sctp
