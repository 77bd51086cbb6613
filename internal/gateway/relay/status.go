package relay

import (
	"errors"

	"github.com/otagate/otagate/internal/gateway/push"
	"github.com/otagate/otagate/internal/sms"
	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/smpp"
)

// statusOf is the refusal of a message in SMPP. What passes is ESME_RTHROTTLED or
// ESME_RSYSERR, after which clients come again.
func statusOf(err error) smpp.Status {
	var refused *push.RefusedError
	var long *sms.TooLongError
	var octets *wire.Error
	switch {
	case errors.As(err, &refused):
		return refused.Status
	case errors.As(err, &long):
		return smpp.StatusInvalidMessageLength
	case errors.Is(err, push.ErrNoRoute):
		return smpp.StatusInvalidDestinationAddress
	case errors.Is(err, push.ErrValidity):
		return smpp.StatusInvalidExpiry
	case errors.Is(err, sessions.ErrBusy):
		return smpp.StatusThrottled
	case errors.As(err, &octets), errors.Is(err, push.ErrContent), errors.Is(err, push.ErrNoMIN):
		return smpp.StatusSubmitFailed
	}
	return smpp.StatusSystemError
}
