package gateway

import (
	"fmt"
	"slices"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/ss7/ansi41"
	"github.com/otagate/otagate/ss7/mtp"
	"github.com/otagate/otagate/ss7/sccp"
	"github.com/otagate/otagate/ss7/screen"
)

// refusals are the words of ss7.screening.
var refusals = map[string]screen.Refusal{"reject": screen.Reject, "error": screen.Error, "discard": screen.Discard}

// screening makes the rules of the configuration: the peers that it names, then
// the nodes that are asked, which may answer and invoke nothing.
func screening(c *configs.SS7, translations *sccp.Table) (screen.Config, error) {
	s := &c.Screening
	refusal := refusals[s.Refusal]
	out := screen.Config{
		Guesses: screen.Guesses{Rate: s.Guesses.Rate, Burst: s.Guesses.Burst, Hold: s.Guesses.Hold, BlockAnswers: s.Guesses.BlockAnswers},
	}
	r := &out.Rules
	r.Strangers = screen.Peer{Refusal: refusals[s.Strangers], Rate: s.Rate, Burst: int(s.Rate)}
	for i := range s.Peers {
		p, err := screenedPeer(&s.Peers[i])
		if err != nil {
			return out, fmt.Errorf("ss7.screening.peers[%s]: %w", s.Peers[i].Name, err)
		}
		p.Refusal = refusal
		r.Peers = append(r.Peers, p)
	}
	asked := func(key, name string, to configs.Route) error {
		route, err := answering(to, translations)
		if err != nil {
			return fmt.Errorf("%s[%s].route: %w", key, name, err)
		}
		r.Routes = append(r.Routes, route)
		nodes := route.PointCodes
		if route.Asked.HasPointCode {
			nodes = append(slices.Clone(nodes), route.Asked.PointCode)
		}
		r.Peers = append(r.Peers, screen.Peer{Name: name, PointCodes: nodes, Refusal: refusal, Rate: s.Rate, Burst: int(s.Rate)})
		return nil
	}
	for _, m := range c.MSCs {
		if err := asked("ss7.mscs", m.Name, m.Route); err != nil {
			return out, err
		}
	}
	for _, a := range c.ACs {
		if err := asked("ss7.acs", a.Name, a.Route); err != nil {
			return out, err
		}
	}
	return out, nil
}

func screenedPeer(p *configs.ScreenedPeer) (screen.Peer, error) {
	out := screen.Peer{Name: p.Name, GTPrefixes: p.GTPrefixes, Rate: p.Rate, Burst: p.Burst}
	var err error
	if out.PointCodes, err = pointCodes(p.PointCodes); err != nil {
		return out, err
	}
	for _, n := range p.SSNs {
		out.SSNs = append(out.SSNs, sccp.SSN(n))
	}
	for _, word := range p.Operations {
		op, ok := ansi41.ParseOperation(word)
		if !ok {
			return out, fmt.Errorf("operations: %q is none; allowed are acronyms of ANSI-41 such as SMSNOT, and numbers up to 255", word)
		}
		out.Operations = append(out.Operations, op)
	}
	return out, nil
}

// answering says who may answer on a route. A title is answered by the node
// that translates it, or by those that the route names.
func answering(to configs.Route, translations *sccp.Table) (screen.Route, error) {
	var out screen.Route
	var err error
	if out.Asked, err = address41(to); err != nil {
		return out, err
	}
	if slices.Contains(to.AnswersFrom, configs.AnswersFromAny) {
		out.Anybody = true
	} else if out.PointCodes, err = pointCodes(to.AnswersFrom); err != nil {
		return out, err
	}
	if !out.Asked.RouteOnSSN {
		if pc, _, ok := translations.Translate(out.Asked); ok && pc != 0 {
			out.PointCodes = append(out.PointCodes, pc)
		}
	}
	return out, nil
}

func pointCodes(list []string) (out []mtp.PointCode, err error) {
	for _, s := range list {
		pc, err := mtp.ParsePointCode(s)
		if err != nil {
			return nil, err
		}
		out = append(out, pc)
	}
	return out, nil
}
