package sctp

import (
	"errors"
	"time"
)

const (
	maxMessage   = 65535            // octets accepted as one message
	writeTimeout = 10 * time.Second // for a peer that does not read; the association is of no use after that
	dialTimeout  = 5 * time.Second  // to establish an association
	streams      = 16               // asked for; TCP has one
)

// ErrFraming says that the octets cannot be cut into messages any more.
var ErrFraming = errors.New("message boundaries lost")

// ErrNoKernel says that this machine has no SCTP.
var ErrNoKernel = errors.New("this machine's kernel has no SCTP: load the sctp module (modprobe sctp), or use transport tcp")

// ErrBufferTooSmall says that a message did not fit the buffer of ReadMessage.
var ErrBufferTooSmall = errors.New("message longer than the read buffer")

// PPID is the payload protocol identifier of M3UA (RFC 4666 §1.4.8).
const PPID = 3
