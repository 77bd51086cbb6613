package ppg

import (
	"context"
	"errors"

	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/wappush/pap"
)

// query answers a statusquery-message.
func (s *Server) query(ctx context.Context, who *initiator, m *pap.StatusQueryMessage) answer {
	s.counts.queries.Add(1)
	r := &pap.StatusQueryResponse{PushID: m.PushID}
	all, err := s.find(ctx, name{who.name, m.PushID})
	if err != nil {
		code, text := s.trouble(who, err)
		r.Results = []pap.StatusQueryResult{{State: pap.StateUnknown, Code: code, Desc: text, Addresses: m.Addresses}}
		a := answer{message: r}
		a.status, a.retry = unavailable(&pap.Error{Code: code, Err: err})
		return a
	}
	each(all, m.Addresses, func(o *one, a pap.Address, err error) {
		x := pap.StatusQueryResult{State: pap.StateUnknown, Addresses: []pap.Address{a}}
		if err != nil {
			x.Code, x.Desc = pap.CodeOf(err), desc(err)
		} else {
			v := verdictNow(&o.Status)
			x.State, x.Code, x.Desc, x.EventTime = v.state, v.code, v.desc, o.At
		}
		r.Results = append(r.Results, x)
	})
	return answer{message: r}
}

// trouble is why nothing was found.
func (s *Server) trouble(who *initiator, err error) (pap.Code, string) {
	if errors.Is(err, sessions.ErrNotFound) {
		return pap.CodePushIDNotFound, "push-id: not known"
	}
	err = acceptError(err)
	if code := pap.CodeOf(err); code != pap.CodeInternalServerError {
		return code, "try again"
	}
	s.cfg.Log.Error().Str("initiator", who.name).Err(err).Msg("push not looked up")
	return pap.CodeInternalServerError, ""
}

// each gives the messages to the addresses that are asked for, or all when none
// is.
func each(all []one, asked []pap.Address, f func(o *one, a pap.Address, err error)) {
	if len(asked) == 0 {
		for i := range all {
			f(&all[i], pap.PLMNAddress(all[i].To, ""), nil)
		}
		return
	}
	byTo := make(map[string]*one, len(all))
	for i := range all {
		byTo[all[i].To] = &all[i]
	}
	for _, a := range asked {
		mdn, err := number(a)
		if err != nil {
			f(nil, a, err)
			continue
		}
		o := byTo[mdn.String()]
		if o == nil {
			err = refused(pap.CodeAddressNotFound, "address: the push was not for it")
		}
		f(o, a, err)
	}
}
