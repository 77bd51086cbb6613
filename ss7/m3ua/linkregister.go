package m3ua

import (
	"fmt"
	"slices"

	"github.com/otagate/otagate/ss7/mtp"
)

// checkKeys finds keys that could not be sent or not be told apart.
func (c *ClientConfig) checkKeys() error {
	if len(c.RoutingKeys) == 0 {
		return nil
	}
	seen := map[uint32]bool{}
	for _, k := range c.RoutingKeys {
		if seen[k.LocalRKIdentifier] {
			return fmt.Errorf("two routing keys have the local identifier %d", k.LocalRKIdentifier)
		}
		seen[k.LocalRKIdentifier] = true
	}
	_, err := (&RegistrationRequest{Keys: c.RoutingKeys}).Append(nil)
	return err
}

// register takes the results of REG RSP and reports whether every key has been
// registered.
func (l *link) register(m *RegistrationResponse) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.asp.Await != TypeRegistrationRequest {
		return false // the machine will not take it
	}
	var rcs []uint32
	for _, k := range l.c.cfg.RoutingKeys {
		i := slices.IndexFunc(m.Results, func(r RegistrationResult) bool { return r.LocalRKIdentifier == k.LocalRKIdentifier })
		if i < 0 {
			l.log.Warn().Uint32("key", k.LocalRKIdentifier).Msg("REG RSP without a result for this key")
			return false
		}
		if st := m.Results[i].Status; st != RegistrationSuccess {
			l.log.Warn().Uint32("key", k.LocalRKIdentifier).Stringer("status", st).Msg("REG RSP")
			return false
		}
		rcs = append(rcs, m.Results[i].RoutingContext)
	}
	l.keys = rcs
	return true
}

// contexts are our routing contexts at this SGP.
func (l *link) contexts() []uint32 {
	if len(l.c.cfg.RoutingKeys) == 0 {
		return l.c.cfg.RoutingContext
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.routing()
}

// routing is contexts with l.mu held.
func (l *link) routing() []uint32 {
	if len(l.keys) == 0 {
		return l.c.cfg.RoutingContext
	}
	return slices.Concat(l.c.cfg.RoutingContext, l.keys)
}

// contextFrom is the routing context that DATA from opc goes out with: that of
// the key whose destination opc is, else the first. l.mu is held.
func (l *link) contextFrom(opc mtp.PointCode) Optional[uint32] {
	for i, rc := range l.keys {
		if slices.ContainsFunc(l.c.cfg.RoutingKeys[i].Destinations, func(d KeyDestination) bool {
			return AffectedPointCode{Mask: d.Mask, PC: d.PC}.Covers(opc)
		}) {
			return Some(rc)
		}
	}
	switch {
	case l.c.cfg.IPSP == DoubleExchange && len(l.theirs) > 0:
		return Some(l.theirs[0])
	case l.c.cfg.IPSP == DoubleExchange:
		return Optional[uint32]{}
	case len(l.c.cfg.RoutingContext) > 0:
		return Some(l.c.cfg.RoutingContext[0])
	case len(l.keys) > 0:
		return Some(l.keys[0])
	}
	return Optional[uint32]{}
}
