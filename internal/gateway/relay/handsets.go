package relay

import (
	"github.com/otagate/otagate/internal/gateway/push"
	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/smpp"
)

// Deliver takes a message of a handset that a link delivers. The routes lead it by the
// name of the link; it is answered when it is on the disk.
func (d *Door) Deliver(link string, p *smpp.DeliverSM, reply push.Replier) {
	d.fromLink(link, string(p.SourceAddr), &push.Relay{From: link, Submit: (*smpp.SubmitSM)(p)}, reply)
}

// DeliverData is Deliver of a data_sm.
func (d *Door) DeliverData(link string, p *smpp.DataSM, reply push.Replier) {
	d.fromLink(link, string(p.SourceAddr), &push.Relay{From: link, Data: p}, reply)
}

// fromLink takes a message that nobody is told the end of.
func (d *Door) fromLink(link, source string, r *push.Relay, reply push.Replier) {
	m := push.Message{Relay: r, Origin: push.Origin{Door: DoorName, Account: link, Source: source}}
	if r.Submit != nil {
		m.Priority = min(r.Submit.PriorityFlag, mostPriority)
	}
	err := d.service.Accept(&m, func(id sessions.ID, err error) {
		if err != nil {
			d.undelivered(link, err, reply)
			return
		}
		d.counts.ofHandsets.Add(1)
		reply.Respond(smpp.StatusOK, id.String())
	})
	if err != nil {
		d.undelivered(link, err, reply)
	}
}

// undelivered refuses a message: for good where no route takes it, and else for now.
func (d *Door) undelivered(link string, err error, reply push.Replier) {
	d.counts.undelivered.Add(1)
	status := smpp.StatusReceiverTemporaryError
	switch statusOf(err) {
	case smpp.StatusThrottled, smpp.StatusSystemError:
	default:
		status = smpp.StatusReceiverPermanentError
	}
	d.trouble.Do(func() {
		d.cfg.Log.Warn().Str("link", link).Stringer("status", status).Err(err).Msg("messages of handsets refused")
	})
	reply.Respond(status, "")
}
