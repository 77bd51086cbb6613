package sctp

import "net"

// TCPOver is an association over a connection that is there.
func TCPOver(conn net.Conn) *TCP { return newTCP(conn) }
