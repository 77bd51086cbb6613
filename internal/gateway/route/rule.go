package route

import (
	"fmt"
	"slices"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/smpp"
)

// Rule is one route.
type Rule struct {
	Name   string
	Refuse smpp.Status // 0: there are targets
	Sticky bool
	Shares []Share // by tier

	from                 []string
	source, to           []pattern
	sourceTON, sourceNPI []uint8
	destTON, destNPI     []uint8
	serviceType          []string
	dataCoding           []uint8
	tlvs                 []configs.TLVCondition
}

func newRule(c *configs.MessageRoute, d *configs.Dictionary) (r Rule, err error) {
	r = Rule{
		Name: c.Name, Sticky: c.Sticky, from: c.From, sourceTON: c.SourceTON, sourceNPI: c.SourceNPI, destTON: c.DestTON, destNPI: c.DestNPI,
		serviceType: c.ServiceType, dataCoding: c.DataCoding,
	}
	if r.source, err = newPatterns(c.Source); err != nil {
		return r, err
	}
	if r.to, err = newPatterns(c.To); err != nil {
		return r, err
	}
	for i := range c.TLV {
		one, err := c.TLV[i].Condition(d)
		if err != nil {
			return r, fmt.Errorf("tlv[%d].%w", i, err)
		}
		r.tlvs = append(r.tlvs, one)
	}
	if c.Refuse != "" {
		r.Refuse, err = c.Refuse.Status()
		return r, err
	}
	r.Shares, err = newShares(c.Via)
	return r, err
}

// field is a condition of a rule; 0 is none.
type field int

const (
	byFrom field = iota + 1
	bySource
	bySourceTON
	bySourceNPI
	byTo
	byDestTON
	byDestNPI
	byServiceType
	byDataCoding
	byTLV // and those behind it
)

// fails is the first condition that does not hold, 0 when all do.
func (r *Rule) fails(m *Message) field {
	switch {
	case !r.submits(m):
		return byFrom
	case !oneOf(r.sourceTON, m.SourceTON):
		return bySourceTON
	case !oneOf(r.sourceNPI, m.SourceNPI):
		return bySourceNPI
	case !oneOf(r.destTON, m.DestTON):
		return byDestTON
	case !oneOf(r.destNPI, m.DestNPI):
		return byDestNPI
	case !oneOf(r.dataCoding, m.DataCoding):
		return byDataCoding
	case !r.serves(m.ServiceType):
		return byServiceType
	case !anyMatches(r.source, m.Source):
		return bySource
	case !anyMatches(r.to, m.Destination):
		return byTo
	}
	for i := range r.tlvs {
		if !r.tlvs[i].Holds(m.TLVs) {
			return byTLV + field(i)
		}
	}
	return 0
}

func (r *Rule) submits(m *Message) bool {
	return len(r.from) == 0 || slices.Contains(r.from, m.From) || m.Push && slices.Contains(r.from, configs.FromPush)
}

func (r *Rule) serves(service []byte) bool {
	for _, s := range r.serviceType {
		if string(service) == s {
			return true
		}
	}
	return len(r.serviceType) == 0
}
