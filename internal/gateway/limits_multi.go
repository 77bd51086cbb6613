package gateway

import (
	"github.com/otagate/otagate/internal/gateway/relay"
	"github.com/otagate/otagate/smpp"
)

// submitMulti is a submit_multi of an account, with the destinations that it may
// send to; of the others it is told.
func (g *Gateway) submitMulti(account string, p *smpp.SubmitMulti, r relay.MultiReplier) {
	each := p.Segments()
	reply := &multiReply{MultiReplier: r, each: each}
	allowed := make([]smpp.Destination, 0, len(p.Destinations))
	for i := range p.Destinations {
		to := &p.Destinations[i]
		if to.DestFlag != smpp.DestFlagSME || g.limits.reaches(account, to.DestinationAddr) {
			allowed = append(allowed, *to)
			continue
		}
		reply.refused = append(reply.refused, smpp.UnsuccessSME{DestAddrTON: to.DestAddrTON, DestAddrNPI: to.DestAddrNPI,
			DestinationAddr: append([]byte(nil), to.DestinationAddr...), ErrorStatusCode: smpp.StatusInvalidDestinationAddress})
	}
	if len(allowed) == 0 {
		r.Respond(smpp.StatusInvalidDestinationAddress, "", nil)
		return
	}
	reply.all = each * len(allowed)
	var status smpp.Status
	if reply.paid, status = g.limits.charge(account, p.SourceAddr, reply.all); status != smpp.StatusOK {
		r.Respond(status, "", nil)
		return
	}
	some := *p
	some.Destinations = allowed
	g.relay.SubmitMulti(account, &some, reply)
}

// multiReply tells of the destinations that were refused here, too, and gives back
// what messages have taken of a quota that were not accepted.
type multiReply struct {
	relay.MultiReplier
	paid      *payment
	each, all int // segments
	refused   []smpp.UnsuccessSME
}

func (m *multiReply) Respond(status smpp.Status, messageID string, unsuccess []smpp.UnsuccessSME) {
	if status != smpp.StatusOK {
		m.paid.giveBack(m.all)
		m.MultiReplier.Respond(status, messageID, unsuccess)
		return
	}
	m.paid.giveBack(m.each * len(unsuccess))
	m.MultiReplier.Respond(status, messageID, append(m.refused, unsuccess...))
}
