package sctp

import (
	"errors"
	"time"
)

// Options of an association; the zero value is usable.
type Options struct {
	// MaxMessage is the longest message accepted from the peer, 65,535 octets
	// unless set.
	MaxMessage int
	// WriteTimeout is how long a write may wait for a peer that does not
	// read, 10 s unless set. The association is of no use after that.
	WriteTimeout time.Duration
	// DialTimeout bounds the time to establish, 5 s unless set.
	DialTimeout time.Duration
	// Streams is the number of streams asked for, kernel only; 16 unless set.
	Streams uint16
}

// ErrFraming says that the octets cannot be cut into messages any more.
var ErrFraming = errors.New("message boundaries lost")

// ErrNoKernel says that this machine has no SCTP.
var ErrNoKernel = errors.New("this machine's kernel has no SCTP: load the sctp module (modprobe sctp), or use transport tcp")

// ErrBufferTooSmall says that a message did not fit the buffer of ReadMessage.
var ErrBufferTooSmall = errors.New("message longer than the read buffer")

// PPID is the payload protocol identifier of M3UA (RFC 4666 §1.4.8).
const PPID = 3

func options(opt []Options) Options {
	var o Options
	if len(opt) > 0 {
		o = opt[0]
	}
	if o.MaxMessage == 0 {
		o.MaxMessage = 65535
	}
	if o.WriteTimeout == 0 {
		o.WriteTimeout = 10 * time.Second
	}
	if o.DialTimeout == 0 {
		o.DialTimeout = 5 * time.Second
	}
	if o.Streams == 0 {
		o.Streams = 16
	}
	return o
}
