package tcap

import (
	"time"

	"github.com/otagate/otagate/ss7/sccp"
)

// Config is the configuration of an Endpoint. Zero values take the defaults.
type Config struct {
	// Node is the number of this node; its NodeBits low bits, at most 8, are
	// the high bits of every transaction id, so that it tells whose it is.
	Node     uint8
	NodeBits uint8

	// MaxTransactions bounds the open transactions of each direction;
	// 65,536 by default. A query beyond it is answered with P-Abort, resource
	// unavailable.
	MaxTransactions int

	// InvokeTimeout is how long a peer may take to answer; 10 s by default.
	InvokeTimeout time.Duration

	// TransactionTimeout is how long the Handler may take, and how long a peer
	// may leave a conversation open; 15 s by default.
	TransactionTimeout time.Duration

	// LocalAddress is the calling address of what we send. Answers carry the
	// subsystem number that was called.
	LocalAddress sccp.Address

	// Screen may be nil.
	Screen Screen
}

func (c Config) withDefaults() Config {
	c.NodeBits = min(c.NodeBits, 8)
	c.Node &= 1<<c.NodeBits - 1
	if c.MaxTransactions <= 0 {
		c.MaxTransactions = 65536
	}
	// Half of the ids of a node may be open, so that a free one is found soon.
	c.MaxTransactions = min(c.MaxTransactions, 1<<22)
	if c.InvokeTimeout <= 0 {
		c.InvokeTimeout = 10 * time.Second
	}
	if c.TransactionTimeout <= 0 {
		c.TransactionTimeout = 15 * time.Second
	}
	return c
}
