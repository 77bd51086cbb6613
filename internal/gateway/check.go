package gateway

import (
	"errors"
	"fmt"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/smpp"
)

// Check puts a gateway together without opening anything, so that what only
// shows then is found before serve finds it.
func Check(cfg *configs.Config, log zerolog.Logger) error {
	if err := cfg.Validate(); err != nil {
		return err
	}
	_, err := assembleOver(cfg, nil, nil, Outside{}, log)
	return err
}

// CheckOrders checks orders as an import does, without a store.
func CheckOrders(orders []configs.Order) error {
	lists := imported{}
	for i := range orders {
		if _, err := orderRow(&orders[i], lists); err != nil {
			return fmt.Errorf("order %s: %w", orders[i].Name, err)
		}
	}
	return nil
}

// BeforeRoutes says what becomes of a submit_sm of an account before routes are looked
// at: a trigger takes it, or it is refused. Both are empty when routes decide. A text
// that names the flow of another trigger is not looked at.
func BeforeRoutes(cfg *configs.Config, account string, p *smpp.SubmitSM) (trigger, refused string, err error) {
	for i := range cfg.SMPP.Accounts {
		a := &cfg.SMPP.Accounts[i]
		if a.Name != account {
			continue
		}
		may, err := newAllowance(a)
		switch {
		case err != nil:
			return "", "", err
		case a.Disabled:
			return "", "the account is disabled and cannot bind", nil
		case !may.destinations.Match(p.DestinationAddr):
			return "", smpp.StatusInvalidDestinationAddress.String() + ", by destinations of the account", nil
		case !may.sources.Match(p.SourceAddr):
			return "", smpp.StatusInvalidSourceAddress.String() + ", by sources of the account", nil
		}
		for j := range cfg.Triggers {
			if t := &cfg.Triggers[j]; matches(t, account, p) {
				return t.Name, "", nil
			}
		}
	}
	return "", "", nil
}

// ExplainRoute says where a TRN leads and why.
func ExplainRoute(cfg *configs.Config, trn string) (string, error) {
	if !cfg.Signalling() {
		return "", errors.New("without a section ss7 no TRN leads anywhere; for a message say --explain-route FROM TO")
	}
	r, err := newRoutes(cfg)
	if err != nil {
		return "", err
	}
	n, err := sessions.ParseTRN(trn)
	if err != nil {
		return "", fmt.Errorf("%q is not a TRN: want ten digits; for a message say --explain-route FROM TO", trn)
	}
	name, ok := r.trns.Lookup(n)
	if !ok {
		return "", fmt.Errorf("no MSC has a trn_ranges entry that holds %s", trn)
	}
	m := r.mscs[name]
	return fmt.Sprintf("TRN %s: MSC %s by its trn_ranges, at %s, roaming lists in segments of %d octets", trn, name, m.addr, m.segment), nil
}
