package gateway

import (
	"errors"
	"fmt"

	"github.com/otagate/otagate/otasp"
	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/smpp"
)

// This file is the one place that translates between the three kinds of
// trouble: SMPP statuses, session outcomes, our own errors.

// refusal is the answer to a trigger that starts no session.
type refusal struct {
	status smpp.Status
	reason otasp.Reason
	detail string
}

var (
	refusalUnknownTRN = refusal{status: smpp.StatusInvalidTLVValue, reason: otasp.ReasonUnknownTRN, detail: "no MSC is configured for this TRN"}
	refusalNoOrder    = refusal{status: smpp.StatusSubmitFailed, reason: otasp.ReasonNoOrder, detail: "there is no open order for this subscriber"}
	refusalBusy       = refusal{status: smpp.StatusSubmitFailed, reason: otasp.ReasonBusy, detail: "a session for this MDN or TRN is running"}
	refusalNoMIN      = refusal{status: smpp.StatusThrottled, reason: "no-activation-min", detail: "all activation MINs are in use"}
	refusalOverload   = refusal{status: smpp.StatusThrottled, reason: "overload", detail: "too many sessions"}
	refusalStore      = refusal{status: smpp.StatusSystemError, reason: "store-unavailable", detail: "the session could not be stored"}
)

func refusalText(text string) *refusal {
	return &refusal{status: smpp.StatusInvalidTLVValue, reason: "bad-trigger", detail: text}
}

// refusalOf translates an error of the runtime or the store.
func refusalOf(err error) refusal {
	switch {
	case errors.Is(err, sessions.ErrKeyTaken), errors.Is(err, sessions.ErrCorrTaken):
		return refusalBusy
	case errors.Is(err, sessions.ErrBusy):
		return refusalOverload
	default:
		return refusalStore
	}
}

// verdict is an outcome as a receipt tells it.
type verdict struct {
	state smpp.MessageState
	code  uint16 // err: of the receipt and octets 2 and 3 of network_error_code
	text  string
}

// receiptCodes number the reasons for the err field of receipts. The numbers
// are ours, documented in the README, and never change.
var receiptCodes = map[otasp.Reason]uint16{
	otasp.ReasonNone: 0, otasp.ReasonSkipped: 1, otasp.ReasonAfterCommit: 2,
	otasp.ReasonUnknownTRN: 10, otasp.ReasonNoOrder: 11, otasp.ReasonBusy: 12, "bad-trigger": 13,
	"no-activation-min": 14, "overload": 15, "store-unavailable": 16, otasp.ReasonBackEnd: 17, otasp.ReasonOtherOrder: 18,
	otasp.ReasonMSC: 20, otasp.ReasonHandsetMute: 21, otasp.ReasonHangUp: 22, otasp.ReasonTimeout: 23,
	otasp.ReasonStopped: 24, otasp.ReasonCrash: 25, otasp.ReasonProtocol: 26,
	otasp.ReasonWrongSPC: 30, otasp.ReasonLocked: 31, otasp.ReasonSPCInDoubt: 32, otasp.ReasonRefused: 33,
	otasp.ReasonNotRepresent: 34, otasp.ReasonAC: 40, otasp.ReasonSSD: 41, otasp.ReasonReAuth: 42,
	otasp.ReasonCommitRefused: 50, otasp.ReasonCommitInDoubt: 51,
	otasp.ReasonNothingToDo: 4, otasp.ReasonReadOut: 5, otasp.ReasonHLR: 27, otasp.ReasonAway: 28, otasp.ReasonDenied: 29, otasp.ReasonSPASM: 35,
	otasp.ReasonNotCarried: 36, otasp.ReasonNotInvited: 37, otasp.ReasonNoCallback: 38,
	"accepted": 3, "no-route": 60, "too-long": 61, "no-min": 62,
	"expired": 70, "undeliverable": 71, "attempts": 72, "cancelled": 73, "in-doubt": 74, "no-receipt": 75,
}

const codeOther = 99

func codeOf(r otasp.Reason) uint16 {
	if c, known := receiptCodes[r]; known {
		return c
	}
	return codeOther
}

func verdictOf(r otasp.Result) verdict {
	v := verdict{state: smpp.MessageUndeliverable, code: codeOf(r.Reason), text: string(r.Reason)}
	switch {
	case r.Outcome == otasp.Done || r.Outcome == otasp.Partial:
		v.state = smpp.MessageDelivered
	case r.Reason == otasp.ReasonNoOrder || r.Reason == otasp.ReasonBusy || r.Reason == otasp.ReasonOtherOrder:
		v.state = smpp.MessageRejected
	case r.Reason == otasp.ReasonTimeout || r.Reason == otasp.ReasonAway || r.Reason == otasp.ReasonNoCallback:
		v.state = smpp.MessageExpired
	case r.Reason == otasp.ReasonCommitInDoubt:
		v.state = smpp.MessageUnknown
	}
	return v
}

func (r refusal) verdict() verdict {
	return verdict{state: smpp.MessageRejected, code: codeOf(r.reason), text: string(r.reason)}
}

type errNoRoute string

func (e errNoRoute) Error() string { return fmt.Sprintf("no route to %s is configured", string(e)) }
