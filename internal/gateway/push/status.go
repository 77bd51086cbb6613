package push

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/otagate/otagate/internal/delivery"
	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/sessions/cdr"
)

// Status is what is known of a message.
type Status struct {
	To     string
	Origin Origin // of one that is over without its Data
	Live   bool
	Phase  delivery.Phase // of a live one
	Link   string
	Body   []byte    // of a live one that is relayed as submit_sm, and may still be sent and replaced
	At     time.Time // of the end
	// Of one that is over.
	Outcome, Reason, Detail string
}

// Status looks a message up, also one that is over. The error is
// [sessions.ErrNotFound] when there is no record of it.
func (s *Service) Status(ctx context.Context, id sessions.ID) (Status, error) {
	rec, err := s.cfg.Store.ByID(ctx, s.gather.carrier(id))
	if err == nil && Owns(rec.Key) {
		var p parcel
		if err := p.decode(rec.State); err != nil {
			return Status{}, err
		}
		st := Status{To: p.to, Origin: p.as(id).origin, Live: true, Phase: p.delivery.Phase, Link: p.link}
		if p.relay == submitted && p.joint == nil && p.delivery.Phase != delivery.Gathering {
			st.Body = p.content.Payload
		}
		return st, nil
	}
	if err != nil && !errors.Is(err, sessions.ErrNotFound) {
		return Status{}, err
	}
	st, found := Status{}, false
	err = s.cfg.Store.CDRs(ctx, cdr.Filter{Session: id.String()}, func(r cdr.Record) error { // the last one counts
		o := Origin{Account: r.Trigger.Account, Source: r.Trigger.Source, Corr: r.Trigger.Corr}
		st, found = Status{To: r.MDN, Origin: o, Link: r.Link, At: r.Ended, Outcome: string(r.Outcome), Reason: r.Reason, Detail: r.Detail}, true
		return nil
	})
	if err == nil && !found {
		err = fmt.Errorf("%w: message %s", sessions.ErrNotFound, id)
	}
	return st, err
}
