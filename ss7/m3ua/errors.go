package m3ua

import "errors"

// Why Transfer did not take a message.
var (
	ErrNotActive              = errors.New("m3ua: no active association")
	ErrDestinationUnavailable = errors.New("m3ua: destination unavailable")
	ErrCongested              = errors.New("m3ua: destination congested")
	ErrBusy                   = errors.New("m3ua: send queue full")
)
