package gateway

import (
	"fmt"
	"time"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/gateway/push"
	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/ss7/ansi41"
	"github.com/otagate/otagate/ss7/mtp"
	"github.com/otagate/otagate/ss7/sccp"
)

// routes is who is where in the signalling network, and how long each may take.
type routes struct {
	mscs   map[string]*mscRoute
	ac     *sccp.Address
	trns   *sessions.TRNTable
	timers configs.SS7Timers
	smsreq time.Duration // how long the HLR may take to say where a handset is

	segment uint8 // octets of roaming list in a message that every MSC takes
}

type mscRoute struct {
	addr    sccp.Address
	segment uint8
}

func newRoutes(c *configs.Config) (*routes, error) {
	r := &routes{mscs: map[string]*mscRoute{}, timers: c.SS7.Timers, smsreq: c.Push.SS7.SMSREQ}
	var ranges []sessions.TRNRange
	for _, m := range c.SS7.MSCs {
		addr, err := address41(m.Route)
		if err != nil {
			return nil, fmt.Errorf("ss7.mscs[%s]: %w", m.Name, err)
		}
		r.mscs[m.Name] = &mscRoute{addr, uint8(m.SegmentSize)}
		if s := uint8(m.SegmentSize); r.segment == 0 || s < r.segment {
			r.segment = s
		}
		for _, t := range m.TRNRanges {
			first, err := sessions.ParseTRN(t.First)
			if err != nil {
				return nil, fmt.Errorf("ss7.mscs[%s]: %w", m.Name, err)
			}
			last, err := sessions.ParseTRN(t.Last)
			if err != nil {
				return nil, fmt.Errorf("ss7.mscs[%s]: %w", m.Name, err)
			}
			ranges = append(ranges, sessions.TRNRange{First: first, Last: last, MSC: m.Name})
		}
	}
	var err error
	if r.trns, err = sessions.NewTRNTable(ranges...); err != nil {
		return nil, err
	}
	if len(c.SS7.ACs) > 0 {
		a := c.SS7.ACs[0]
		addr, err := address41(a.Route)
		if err != nil {
			return nil, fmt.Errorf("ss7.acs[%s]: %w", a.Name, err)
		}
		r.ac = &addr
	}
	return r, nil
}

// address41 is the SCCP address of a configured node.
func address41(r configs.Route) (sccp.Address, error) {
	if r.GlobalTitle != "" {
		return sccp.GlobalTitleAddress(sccp.ANSI, sccp.SSN(r.SSN), r.TranslationType, r.GlobalTitle), nil
	}
	pc, err := mtp.ParsePointCode(r.PointCode)
	if err != nil {
		return sccp.Address{}, err
	}
	return sccp.PointCodeAddress(sccp.ANSI, pc, sccp.SSN(r.SSN)), nil
}

// addresses are those of the MSCs.
func (r *routes) addresses() map[string]sccp.Address {
	all := make(map[string]sccp.Address, len(r.mscs))
	for name, m := range r.mscs {
		all[name] = m.addr
	}
	return all
}

// mscAt is the configured MSC with this address, empty for none.
func (r *routes) mscAt(d *ansi41.Digits) string { return push.MSCAt(r.addresses(), d) }
