package ppg

import (
	"context"
	"errors"

	"github.com/otagate/otagate/internal/delivery"
	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/wappush/pap"
)

// cancel answers a cancel-message.
func (s *Server) cancel(ctx context.Context, who *initiator, m *pap.CancelMessage) answer {
	s.counts.cancels.Add(1)
	r := &pap.CancelResponse{PushID: m.PushID}
	all, err := s.find(ctx, name{who.name, m.PushID})
	if err != nil {
		code, text := s.trouble(who, err)
		r.Results = []pap.CancelResult{{Code: code, Desc: text, Addresses: m.Addresses}}
		a := answer{message: r}
		a.status, a.retry = unavailable(&pap.Error{Code: code, Err: err})
		return a
	}
	each(all, m.Addresses, func(o *one, a pap.Address, err error) {
		x := pap.CancelResult{Code: pap.CodeOK, Addresses: []pap.Address{a}}
		if err == nil {
			err = s.cancelOne(ctx, o)
		}
		if err != nil {
			x.Code, x.Desc = pap.CodeOf(err), desc(err)
		}
		r.Results = append(r.Results, x)
	})
	return answer{message: r}
}

// cancelOne cancels a message. One that was cancelled before is cancelled.
func (s *Server) cancelOne(ctx context.Context, o *one) error {
	cancelled, err := false, sessions.ErrNotFound
	if o.Live {
		cancelled, err = s.cfg.Service.Cancel(ctx, o.id)
	}
	if o.Live && errors.Is(err, sessions.ErrNotFound) { // it has ended meanwhile
		var again error
		if o.Status, again = s.cfg.Service.Status(ctx, o.id); again != nil {
			return acceptError(again)
		}
	}
	switch {
	case cancelled, err != nil && delivery.Reason(o.Reason) == delivery.ReasonCancelled:
		return nil
	case err != nil && !errors.Is(err, sessions.ErrNotFound):
		return acceptError(err)
	case err == nil:
		return refused(pap.CodeCancellationNotPossible, "a part of it is on its way")
	}
	return refused(pap.CodeCancellationNotPossible, "it is over")
}
