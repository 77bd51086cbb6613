package ppg

import (
	"context"
	"errors"

	"github.com/otagate/otagate/internal/gateway/push"
	"github.com/otagate/otagate/internal/sms"
	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/wappush/pap"
)

var errDuplicate = &pap.Error{Code: pap.CodeDuplicatePushID, Err: errors.New("push-id: there is one already")}

// accept commits the messages one after the other. Where the store gives up in
// between, the same push-message sent again goes on from there:
//
//	first message is new                     a push-id that nobody has used
//	first is there, the last is not          goes on where it was broken off
//	first is there, and the last             2007
//	first is there, of another number or     2007
//	of another count (single or several)
func (s *Server) accept(ctx context.Context, sub *submission) error {
	goesOn := false
	for i := range sub.to {
		m := sub.message(i)
		id, err := s.commit(ctx, &m)
		switch {
		case err == nil:
			s.counts.messages.Add(1)
			s.cfg.Log.Info().Stringer("session", m.ID).Str("initiator", sub.name.initiator).Msg("message accepted")
			continue
		case errors.Is(err, sessions.ErrDuplicate), errors.Is(err, sessions.ErrKeyTaken):
		default:
			return acceptError(err)
		}
		if i == 0 {
			goesOn = true
			if done, err := s.complete(ctx, sub, id); done || err != nil {
				return errorOr(err, errDuplicate)
			}
		}
		// Of another request at the same time, or of an earlier one: it must be
		// the same number.
		st, err := s.cfg.Service.Status(ctx, m.ID)
		switch {
		case err != nil:
			return acceptError(err)
		case st.To != m.To.String() || goesOn && i == len(sub.to)-1:
			return errDuplicate
		}
	}
	return nil
}

// complete tells whether an earlier push-message, whose first message is this
// one, cannot be gone on with.
func (s *Server) complete(ctx context.Context, sub *submission, first sessions.ID) (bool, error) {
	if len(sub.to) == 1 || first != sub.name.id(0) {
		return true, nil
	}
	_, err := s.cfg.Service.Status(ctx, sub.name.id(last))
	if errors.Is(err, sessions.ErrNotFound) {
		return false, nil
	}
	return true, errorOr(err, nil)
}

func errorOr(err error, otherwise error) error {
	if err != nil {
		return acceptError(err)
	}
	return otherwise
}

// commit waits until a message is on the disk.
func (s *Server) commit(ctx context.Context, m *push.Message) (sessions.ID, error) {
	type result struct {
		id  sessions.ID
		err error
	}
	done := make(chan result, 1)
	if err := s.cfg.Service.Accept(m, func(id sessions.ID, err error) { done <- result{id, err} }); err != nil {
		return 0, err
	}
	select {
	case r := <-done:
		return r.id, r.err
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

// acceptError translates what the delivery says of a message.
func acceptError(err error) error {
	var long *sms.TooLongError
	var known *pap.Error
	switch {
	case errors.As(err, &known):
		return err
	case errors.As(err, &long):
		return refused(pap.CodeNotPossible, "content: %w", err)
	case errors.Is(err, push.ErrNoRoute), errors.Is(err, push.ErrNoMIN):
		return refused(pap.CodeAddressNotFound, "address: %w", err)
	case errors.Is(err, push.ErrValidity):
		return refused(pap.CodeBadRequest, "deliver-before-timestamp: %w", err)
	case errors.Is(err, sessions.ErrBusy), errors.Is(err, sessions.ErrStore), errors.Is(err, sessions.ErrStopped),
		errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return refused(pap.CodeServiceUnavailable, "try again with the same push-id")
	}
	return err
}
