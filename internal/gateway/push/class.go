package push

import (
	"fmt"
	"sync/atomic"
	"time"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/delivery"
	"github.com/otagate/otagate/smpp"
	"github.com/otagate/otagate/ss7/ansi41"
)

// errorKind tells the errors of the networks apart.
type errorKind uint8

const (
	submitStatus errorKind = iota + 1 // command_status of submit_sm_resp
	smsCause                          // SMS_CauseCode of SMDPP and SMSREQ
	returnError                       // error code of a RETURN ERROR
)

// classes is what an error means, by the configuration or else by what is
// built in.
type classes map[errorKey]meaning

type errorKey struct {
	kind errorKind
	code uint32
}

// meaning is the class of a failure; unknown: the peer may have taken the message.
type meaning struct {
	class   delivery.Class
	unknown bool
	after   time.Duration
}

var classWords = map[string]meaning{
	"temporary": {class: delivery.Temporary},
	"permanent": {class: delivery.Permanent},
	"postponed": {class: delivery.Postponed},
	"unknown":   {unknown: true},
}

func newClasses(list []configs.Retry) (classes, error) {
	c := classes{}
	for _, r := range list {
		kind, code, err := r.Code()
		if err != nil {
			return nil, fmt.Errorf("push.retries: %w", err)
		}
		m, ok := classWords[r.Class]
		if !ok {
			return nil, fmt.Errorf("push.retries: unknown class %q", r.Class)
		}
		m.after = r.After
		c[errorKey{errorWords[kind], code}] = m
	}
	return c, nil
}

// retries are the classes by the configuration of now.
type retries struct{ now atomic.Pointer[classes] }

// set changes them; on an error nothing has changed.
func (r *retries) set(list []configs.Retry) error {
	c, err := newClasses(list)
	if err == nil {
		r.now.Store(&c)
	}
	return err
}

// SetRetries changes what errors mean, from their next occurrence on.
func (s *Service) SetRetries(list []configs.Retry) error { return s.retries.set(list) }

func (r *retries) of(kind errorKind, code uint32) meaning { return r.now.Load().of(kind, code) }
func (r *retries) told(kind errorKind, code uint32) bool  { return r.now.Load().told(kind, code) }

var errorWords = map[string]errorKind{configs.RetrySMPP: submitStatus, configs.RetryCause: smsCause, configs.RetryError: returnError}

// told reports whether the configuration says what an error means.
func (c classes) told(kind errorKind, code uint32) bool {
	_, ok := c[errorKey{kind, code}]
	return ok
}

func (c classes) of(kind errorKind, code uint32) meaning {
	if m, ok := c[errorKey{kind, code}]; ok {
		return m
	}
	switch kind {
	case submitStatus:
		return ofStatus(smpp.Status(code))
	case smsCause:
		return ofCause(ansi41.SMSCauseCode(code))
	}
	return ofError(ansi41.ErrorCode(code))
}

// ofStatus: what a centre says for want of room passes. ESME_RUNKNOWNERR tells
// nothing, so that the message may be there.
func ofStatus(s smpp.Status) meaning {
	switch s {
	case smpp.StatusSystemError, smpp.StatusMessageQueueFull, smpp.StatusThrottled, smpp.StatusReceiverTemporaryError,
		smpp.StatusSubmitFailed, smpp.StatusServiceTypeUnavailable, smpp.StatusInvalidBindStatus:
		return meaning{class: delivery.Temporary}
	case smpp.StatusUnknownError:
		return meaning{unknown: true}
	}
	return meaning{class: delivery.Permanent}
}

// The causes that the division of ansi41 does not cover: the handset may be
// found elsewhere, or comes back.
const (
	causePostponed    = 36
	causeOutOfService = 37
	causeMoved        = 38
)

func ofCause(c ansi41.SMSCauseCode) meaning {
	switch {
	case c == causePostponed:
		return meaning{class: delivery.Postponed}
	case c == causeOutOfService, c == causeMoved, c.Temporary():
		return meaning{class: delivery.Temporary}
	}
	return meaning{class: delivery.Permanent}
}

// ofError: an MSC that does not know the MIN any more is not where the handset is.
func ofError(c ansi41.ErrorCode) meaning {
	switch c {
	case ansi41.UnrecognizedMIN, ansi41.UnrecognizedESN, ansi41.MINHLRMismatch, ansi41.ResourceShortage, ansi41.SystemFailure,
		ansi41.TrunkUnavailable, ansi41.OperationSequenceProblem:
		return meaning{class: delivery.Temporary}
	}
	return meaning{class: delivery.Permanent}
}

// event is the answer to a part that was not taken.
func (m meaning) event(detail string) delivery.Event {
	ev := delivery.Event{Kind: delivery.Failed, Failure: delivery.Failure{Class: m.class, After: m.after, Detail: detail}}
	if m.unknown {
		ev.Kind = delivery.InDoubt
	}
	return ev
}
