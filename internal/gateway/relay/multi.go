package relay

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"

	"github.com/otagate/otagate/internal/gateway/push"
	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/smpp"
)

// MultiReplier answers a submit_multi.
type MultiReplier interface {
	Respond(status smpp.Status, messageID string, unsuccess []smpp.UnsuccessSME)
}

// multi is a submit_multi that waits for its messages to be on the disk.
type multi struct {
	door    *Door
	account *account
	reply   MultiReplier
	id      sessions.ID

	mu        sync.Mutex
	again     sessions.ID // what the first message was taken as, when it was sent again
	left      int
	good      int
	unsuccess []smpp.UnsuccessSME
}

// SubmitMulti takes a submit_multi: each destination is a message of its own, and all
// have one message id, which is that of the first.
func (d *Door) SubmitMulti(name string, p *smpp.SubmitMulti, reply MultiReplier) {
	a, now := d.accounts[name], d.cfg.Now()
	if a == nil {
		reply.Respond(smpp.StatusInvalidSystemID, "", nil)
		return
	}
	notBefore, err1 := smpp.ParseTime(p.ScheduleDeliveryTime, now)
	deadline, err2 := smpp.ParseTime(p.ValidityPeriod, now)
	switch {
	case err1 != nil:
		reply.Respond(smpp.StatusInvalidScheduledTime, "", nil)
		return
	case err2 != nil:
		reply.Respond(smpp.StatusInvalidExpiry, "", nil)
		return
	}
	all := &multi{door: d, account: a, reply: reply, id: d.service.NewID(), left: len(p.Destinations) + 1}
	given := 0 // messages of which we shall hear
	for i := range p.Destinations {
		to := &p.Destinations[i]
		if status := faultOf(to); status != smpp.StatusOK {
			all.failed(to, status)
			continue
		}
		pdu := p.To(to)
		m := all.message(&pdu, given, len(p.Destinations))
		m.NotBefore, m.Deadline, m.Seen = notBefore, deadline, a.seen(p.TLVs, now)
		if m.Seen.Key != "" {
			m.Seen.Key += "/" + strconv.Itoa(i)
		}
		if all.give(m, to, given == 0) {
			given++
		}
	}
	all.land()
}

// faultOf is what is wrong with a destination. There are no distribution lists here.
func faultOf(to *smpp.Destination) smpp.Status {
	switch {
	case to.DestFlag != smpp.DestFlagSME:
		return smpp.StatusInvalidDistributionListName
	case len(to.DestinationAddr) == 0:
		return smpp.StatusInvalidDestinationAddress
	}
	return smpp.StatusOK
}

// message is the one for the i-th destination that is taken, of so many.
func (m *multi) message(pdu *smpp.SubmitSM, i, of int) *push.Message {
	o := m.account.originOf(pdu)
	o.told = uint64(m.id)
	one := &push.Message{
		ID: sibling(m.id, i), Priority: min(pdu.PriorityFlag, mostPriority), Origin: m.account.origin(pdu.TLVs, &o),
		Relay: &push.Relay{From: m.account.name, Submit: pdu, Receipt: pdu.RegisteredDelivery&receiptMask != 0},
	}
	one.Origin.Corr = corrOf(m.id, i, of)
	return one
}

// give tells whether the message was taken, so that we hear of its commit. What is kept
// of its destination is copied.
func (m *multi) give(one *push.Message, to *smpp.Destination, first bool) bool {
	kept := *to
	kept.DestinationAddr = bytes.Clone(to.DestinationAddr)
	err := m.door.service.Accept(one, func(id sessions.ID, err error) { m.accepted(&kept, first, id, err) })
	if err != nil {
		m.failed(&kept, statusOf(err))
	}
	return err == nil
}

// sibling is the id of the i-th message of a submit_multi.
func sibling(id sessions.ID, i int) sessions.ID {
	n := uint64(id) + uint64(i)*0x9e3779b97f4a7c15
	return sessions.ID(max(n, 1))
}

// corrOf is what the record of such a message says of it.
func corrOf(id sessions.ID, i, of int) string { return fmt.Sprintf("multi %s %d/%d", id, i+1, of) }

// siblings are how many messages the one with this reference may have beside it.
func siblings(corr string) int {
	rest, ok := strings.CutPrefix(corr, "multi ")
	_, of, found := strings.Cut(rest, "/")
	n, err := strconv.Atoi(of)
	if !ok || !found || err != nil {
		return 1
	}
	return min(n, 255)
}

func (m *multi) accepted(to *smpp.Destination, first bool, id sessions.ID, err error) {
	switch {
	case err == nil:
		m.door.counts.accepted.Add(1)
	case errors.Is(err, sessions.ErrDuplicate):
		m.door.counts.duplicates.Add(1)
	default:
		m.failed(to, statusOf(err))
		return
	}
	m.mu.Lock()
	if m.good++; first && id != m.id {
		m.again = id // of a repetition the first one
	}
	m.mu.Unlock()
	m.land()
}

func (m *multi) failed(to *smpp.Destination, status smpp.Status) {
	m.door.counts.refused.Add(1)
	m.mu.Lock()
	m.unsuccess = append(m.unsuccess, smpp.UnsuccessSME{
		DestAddrTON: to.DestAddrTON, DestAddrNPI: to.DestAddrNPI, DestinationAddr: bytes.Clone(to.DestinationAddr), ErrorStatusCode: status,
	})
	m.mu.Unlock()
	m.land()
}

// land answers when nothing is left to come.
func (m *multi) land() {
	m.mu.Lock()
	m.left--
	over := m.left == 0
	m.mu.Unlock()
	switch {
	case !over:
	case m.good == 0:
		m.reply.Respond(m.unsuccess[0].ErrorStatusCode, "", nil)
	default:
		m.reply.Respond(smpp.StatusOK, spell(cmp.Or(m.again, m.id), m.account.decimal), m.unsuccess)
	}
}

// together is the state of all messages of a submit_multi, of which st is the first: under way while
// one is; or else that of the first that was not delivered.
func (d *Door) together(ctx context.Context, id sessions.ID, st push.Status) (push.Status, error) {
	worst := st
	for i := 1; i < siblings(st.Origin.Corr) && !worst.Live; i++ {
		one, err := d.service.Status(ctx, sibling(id, i))
		switch {
		case errors.Is(err, sessions.ErrNotFound):
			continue // it was refused at once
		case err != nil:
			return worst, err
		}
		bad, _ := recorded(&worst)
		if one.Live || bad == smpp.MessageDelivered {
			worst = one
		}
	}
	return worst, nil
}
