package ppg

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/otagate/otagate/internal/gateway/push"
	"github.com/otagate/otagate/internal/sms"
	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/wappush"
	"github.com/otagate/otagate/wappush/pap"
)

const (
	// maxAddresses of one push-message. Each is a commit of its own.
	maxAddresses = 100
	// maxText bounds what is kept with a message: push-id, source-reference.
	maxText = 255

	senderName = "otagate"
)

// submission is a push-message that was understood.
type submission struct {
	name      name
	to        []sessions.MDN
	addresses []pap.Address // of to, as they were spelled
	base      push.Message
	origin    origin
	until     time.Time // how long the push-id is known
}

// message is the i-th message.
func (s *submission) message(i int) push.Message {
	m, p := s.base, placeOf(i, len(s.to))
	m.ID, m.To = s.name.id(p), s.to[i]
	m.Seen = sessions.Seen{Key: s.name.seen(i, p), Until: s.until}
	if o := s.origin; o.notify != "" {
		o.address = string(s.addresses[i])
		m.Origin.Data = o.append(nil)
	}
	return m
}

// push answers a push-message.
func (s *Server) push(ctx context.Context, who *initiator, env *pap.Envelope, m *pap.PushMessage) answer {
	r := &pap.PushResponse{PushID: m.PushID, SenderName: senderName, ReplyTime: s.cfg.Now()}
	parts, wait, err := s.submit(ctx, who, env, m)
	if wait > 0 {
		s.counts.throttled.Add(1)
		r.Result = pap.ResponseResult{Code: pap.CodeServiceUnavailable, Desc: "too many messages a second"}
		return answer{status: http.StatusTooManyRequests, retry: wait, message: r}
	}
	if err != nil {
		return s.refusal(who, r, err)
	}
	s.counts.accepted.Add(1)
	r.Result = pap.ResponseResult{Code: pap.CodeAccepted, Desc: "accepted for processing"}
	if m.ProgressNotesRequested {
		r.Progress = []pap.ProgressNote{{Stage: "stored", Note: fmt.Sprintf("short messages for each address: %d", parts), Time: s.cfg.Now()}}
	}
	return answer{message: r}
}

func (s *Server) refusal(who *initiator, r *pap.PushResponse, err error) answer {
	r.Result = pap.ResponseResult{Code: pap.CodeOf(err), Desc: desc(err)}
	switch r.Result.Code {
	case pap.CodeDuplicatePushID:
		s.counts.duplicates.Add(1)
	case pap.CodeInternalServerError:
		s.cfg.Log.Error().Str("initiator", who.name).Err(err).Msg("push not accepted")
	}
	a := answer{message: r}
	a.status, a.retry = unavailable(err)
	return a
}

// submit accepts a push-message: all of it is checked before any of it is
// accepted.
func (s *Server) submit(ctx context.Context, who *initiator, env *pap.Envelope, m *pap.PushMessage) (parts int, wait time.Duration, err error) {
	sub, err := s.submission(who, env, m)
	if err != nil {
		return 0, 0, err
	}
	for i := range sub.to {
		one := sub.message(i)
		if parts, err = s.cfg.Service.Check(&one); err != nil {
			return 0, 0, acceptError(err)
		}
	}
	if wait = who.pace.take(s.cfg.Now(), len(sub.to)); wait > 0 {
		return 0, wait, nil
	}
	return parts, 0, s.accept(ctx, sub)
}

// submission understands a push-message.
func (s *Server) submission(who *initiator, env *pap.Envelope, m *pap.PushMessage) (*submission, error) {
	if err := possible(m); err != nil {
		return nil, err
	}
	now := s.cfg.Now()
	sub := &submission{name: name{who.name, m.PushID}, until: now.Add(s.cfg.Memory)}
	if m.NotifyRequestedTo != "" {
		to, err := who.notify.allow(m.NotifyRequestedTo)
		if err != nil {
			return nil, err
		}
		sub.origin = origin{version: env.Control.Version, notify: to}
	}
	if err := sub.recipients(m.Addresses); err != nil {
		return nil, err
	}
	var tid [1]byte
	s.cfg.Random(tid[:])
	pdu, err := compose(env.Content, who.rules, tid[0])
	if err != nil {
		return nil, err
	}
	sub.base = push.Message{
		Content:   sms.Message{Coding: sms.Octets, Payload: pdu, Source: wappush.SourcePort, Destination: wappush.Port},
		NotBefore: m.DeliverAfter, Deadline: m.DeliverBefore, Priority: priority(m.QualityOfService),
		Origin: push.Origin{Door: DoorName, Account: who.name, Source: m.SourceReference, Corr: m.PushID},
	}
	if !m.DeliverBefore.IsZero() && !m.DeliverBefore.After(now) {
		return nil, refused(pap.CodeBadRequest, "deliver-before-timestamp: it is later than that")
	}
	return sub, nil
}

// possible refuses what this gateway cannot do.
func possible(m *pap.PushMessage) error {
	q := m.QualityOfService
	code := q.ForSMS()
	switch {
	case len(m.PushID) > maxText:
		return refused(pap.CodeBadRequest, "push-id: at most %d octets", maxText)
	case len(m.SourceReference) > maxText:
		return refused(pap.CodeBadRequest, "source-reference: at most %d octets", maxText)
	case m.ReplacePushID != "":
		return refused(pap.CodeReplacementNotSupported, "replace-push-id: what was sent cannot be replaced")
	case code == pap.CodeDeliveryMethodNotPossible:
		return refused(code, "delivery-method: no client confirms a short message")
	case code != pap.CodeOK:
		return refused(code, "bearer: there is SMS only")
	case q != nil && q.NetworkRequired && !served(q.Network):
		return refused(pap.CodeNetworkNotAvailable, "network: there is %s only", pap.NetworkIS95)
	case !m.DeliverBefore.IsZero() && !m.DeliverAfter.IsZero() && !m.DeliverBefore.After(m.DeliverAfter):
		return refused(pap.CodeBadRequest, "deliver-before-timestamp is not behind deliver-after-timestamp")
	}
	return nil
}

// served tells whether it may be this network. What is behind a message centre is
// not known here; the gateway itself is one of IS-95's world.
func served(n pap.Network) bool {
	return n == "" || strings.EqualFold(string(n), string(pap.NetworkAny)) || strings.EqualFold(string(n), string(pap.NetworkIS95))
}

// priority is that of SMPP, and of IS-637 on its way: normal, and urgent for
// high. Interactive (1) is not for what nobody has asked for, emergency (3) not
// for an initiator to say; and there is nothing below normal.
func priority(q *pap.QualityOfService) uint8 {
	if q != nil && q.Priority == pap.PriorityHigh {
		return 2
	}
	return 0
}

// recipients reads the addresses. A number that is there twice gets one message.
func (s *submission) recipients(all []pap.Address) error {
	if len(all) > maxAddresses {
		return refused(pap.CodeMultipleAddresses, "address: %d; at most %d", len(all), maxAddresses)
	}
	for i, a := range all {
		mdn, err := number(a)
		var e *pap.Error
		switch {
		case errors.As(err, &e):
			return refused(e.Code, "address %d: %w", i+1, e.Err)
		case slices.Contains(s.to, mdn):
		default:
			s.to, s.addresses = append(s.to, mdn), append(s.addresses, a)
		}
	}
	return nil
}

// number is the telephone number of an address; its errors do not show it.
func number(a pap.Address) (sessions.MDN, error) {
	if len(a) > maxText {
		return 0, refused(pap.CodeAddressError, "address-value: at most %d octets", maxText)
	}
	c, err := a.Client()
	if err != nil {
		return 0, err
	}
	digits, err := c.PLMN()
	if err != nil {
		return 0, err
	}
	if digits[0] == '+' {
		digits = digits[1:]
	}
	mdn, err := sessions.ParseMDN(digits)
	if err != nil {
		return 0, refused(pap.CodeAddressError, "address-value: want up to 15 digits, the first not 0")
	}
	return mdn, nil
}
