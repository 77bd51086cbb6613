package relay

import (
	"bytes"
	"context"
	"errors"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/otagate/otagate/internal/delivery"
	"github.com/otagate/otagate/internal/gateway/push"
	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/smpp"
)

// QueryReplier answers a query_sm.
type QueryReplier interface {
	Respond(status smpp.Status, p *smpp.QuerySMResp)
}

const (
	// workers look at the store for query_sm, cancel_sm and replace_sm; so many of
	// these may wait for one, and more are ESME_RTHROTTLED.
	workers   = 4
	workQueue = 1024
	workTime  = 10 * time.Second
)

// Run does what may block, until ctx ends.
func (d *Door) Run(ctx context.Context) error {
	var all sync.WaitGroup
	for range workers {
		all.Go(func() {
			for {
				select {
				case <-ctx.Done():
					return
				case do := <-d.work:
					one, cancel := context.WithTimeout(ctx, workTime)
					do(one)
					cancel()
				}
			}
		})
	}
	all.Wait()
	for { // what is left is answered, without the store
		select {
		case do := <-d.work:
			do(ctx)
		default:
			return nil
		}
	}
}

// later has a worker do what may block. It tells whether there is one.
func (d *Door) later(do func(ctx context.Context)) bool {
	select {
	case d.work <- do:
		return true
	default:
		d.counts.throttled.Add(1)
		return false
	}
}

// mine looks up the message that an operation is about: the account has to have
// submitted it, from the source address that is named, if one is.
func (d *Door) mine(ctx context.Context, account string, messageID, source []byte) (id sessions.ID, st push.Status, err error) {
	a := d.accounts[account]
	if a == nil {
		return 0, st, sessions.ErrNotFound
	}
	base := 16
	if a.decimal {
		base = 10
	}
	n, err := strconv.ParseUint(string(messageID), base, 64)
	if err != nil || n == 0 {
		return 0, st, sessions.ErrNotFound
	}
	st, err = d.service.Status(ctx, sessions.ID(n))
	if err == nil && (st.Origin.Account != account || len(source) > 0 && st.Origin.Source != string(source)) {
		err = sessions.ErrNotFound
	}
	return sessions.ID(n), st, err
}

// trouble is why an operation came to nothing; failed is its own word for that.
func trouble(err error, failed smpp.Status) smpp.Status {
	switch {
	case errors.Is(err, sessions.ErrNotFound):
		return failed
	case errors.Is(err, sessions.ErrBusy):
		return smpp.StatusThrottled
	case errors.Is(err, push.ErrValidity):
		return smpp.StatusInvalidExpiry
	}
	return smpp.StatusSystemError
}

// Query tells what has become of a message. One that is not over is ENROUTE, with us
// or with its centre.
func (d *Door) Query(account string, p *smpp.QuerySM, reply QueryReplier) {
	p = p.Clone()
	ok := d.later(func(ctx context.Context) {
		id, st, err := d.mine(ctx, account, p.MessageID, p.SourceAddr)
		if err != nil {
			reply.Respond(trouble(err, smpp.StatusInvalidMessageID), nil)
			return
		}
		if st, err = d.together(ctx, id, st); err != nil {
			reply.Respond(trouble(err, smpp.StatusInvalidMessageID), nil)
			return
		}
		resp := smpp.QuerySMResp{MessageID: []byte(spell(id, d.accounts[account].decimal)), MessageState: smpp.MessageEnroute}
		if !st.Live {
			resp.MessageState, resp.ErrorCode = recorded(&st)
			resp.FinalDate = smpp.AppendTime(nil, st.At)
		}
		reply.Respond(smpp.StatusOK, &resp)
	})
	if !ok {
		reply.Respond(smpp.StatusThrottled, nil)
	}
}

// recorded is the end of a message by its record.
func recorded(st *push.Status) (smpp.MessageState, uint8) {
	reason := delivery.Reason(st.Reason)
	code := uint8(ownErrors[reason])
	if word, ok := strings.CutPrefix(st.Detail, "receipt: "); ok && reason == delivery.ReasonUndeliverable {
		word, _, _ = strings.Cut(word, " ")
		for s := range smpp.MessageSkipped + 1 {
			if s.String() == word {
				return s, code
			}
		}
	}
	end := push.End{Result: delivery.Result{Reason: reason, Outcome: delivery.Unsuccessful}}
	switch st.Outcome {
	case delivery.Uncertain.String():
		end.Result.Outcome = delivery.Uncertain
	case delivery.Done.String():
		end.Result.Outcome = delivery.Done
	}
	state, _ := verdict(&end)
	return state, code
}

// Cancel takes a message back that no centre has yet, or, without a message_id, all
// that are between the two addresses.
func (d *Door) Cancel(account string, p *smpp.CancelSM, reply Replier) {
	p = p.Clone()
	ok := d.later(func(ctx context.Context) {
		if len(p.MessageID) == 0 {
			reply.Respond(d.cancelAll(ctx, account, p), "")
			return
		}
		id, st, err := d.mine(ctx, account, p.MessageID, p.SourceAddr)
		switch {
		case err != nil:
			reply.Respond(trouble(err, smpp.StatusInvalidMessageID), "")
		default:
			reply.Respond(d.cancelTogether(ctx, id, siblings(st.Origin.Corr)), "")
		}
	})
	if !ok {
		reply.Respond(smpp.StatusThrottled, "")
	}
}

// cancelTogether is good when one of the messages of a submit_multi was cancelled.
func (d *Door) cancelTogether(ctx context.Context, id sessions.ID, messages int) smpp.Status {
	status := d.cancel(ctx, id)
	for i := 1; i < messages; i++ {
		if d.cancel(ctx, sibling(id, i)) == smpp.StatusOK {
			status = smpp.StatusOK
		}
	}
	return status
}

func (d *Door) cancel(ctx context.Context, id sessions.ID) smpp.Status {
	switch done, err := d.service.Cancel(ctx, id); {
	case err != nil:
		return trouble(err, smpp.StatusCancelFailed)
	case !done:
		return smpp.StatusCancelFailed
	}
	d.counts.cancelled.Add(1)
	return smpp.StatusOK
}

// cancelAll is good when one was cancelled: others may be with a centre already.
func (d *Door) cancelAll(ctx context.Context, account string, p *smpp.CancelSM) smpp.Status {
	status := smpp.StatusCancelFailed
	for _, id := range d.service.Waiting(push.Match{
		Account: account, Source: string(p.SourceAddr), To: strings.TrimPrefix(string(p.DestinationAddr), "+"),
		ServiceType: string(p.ServiceType), AnyServiceType: len(p.ServiceType) == 0,
	}) {
		if s := d.cancel(ctx, id); s == smpp.StatusOK || status != smpp.StatusOK {
			status = s
		}
	}
	return status
}

// supersede cancels what waits between the addresses of a new message, which has
// replace_if_present_flag.
func (d *Door) supersede(account string, p *smpp.SubmitSM, by sessions.ID) {
	d.later(func(ctx context.Context) {
		for _, id := range d.service.Waiting(push.Match{
			Account: account, Source: string(p.SourceAddr), To: strings.TrimPrefix(string(p.DestinationAddr), "+"), ServiceType: string(p.ServiceType),
		}) {
			if id != by {
				d.cancel(ctx, id)
			}
		}
	})
}

// Replace puts another text into a message that no centre has yet. It keeps its id.
func (d *Door) Replace(account string, p *smpp.ReplaceSM, reply Replier) {
	p = p.Clone()
	ok := d.later(func(ctx context.Context) { reply.Respond(d.replace(ctx, account, p), "") })
	if !ok {
		reply.Respond(smpp.StatusThrottled, "")
	}
}

func (d *Door) replace(ctx context.Context, account string, p *smpp.ReplaceSM) smpp.Status {
	id, st, err := d.mine(ctx, account, p.MessageID, p.SourceAddr)
	if err != nil {
		return trouble(err, smpp.StatusInvalidMessageID)
	}
	var r push.Replacement
	now := d.cfg.Now()
	if r.NotBefore, err = smpp.ParseTime(p.ScheduleDeliveryTime, now); err != nil {
		return smpp.StatusInvalidScheduledTime
	}
	if r.Deadline, err = smpp.ParseTime(p.ValidityPeriod, now); err != nil {
		return smpp.StatusInvalidExpiry
	}
	var pdu smpp.SubmitSM
	var o origin
	if siblings(st.Origin.Corr) > 1 {
		return smpp.StatusReplaceFailed
	}
	if len(st.Body) == 0 || pdu.Decode(st.Body) != nil || o.decode(st.Origin.Data) != nil {
		return smpp.StatusReplaceFailed // it is over, with a centre, or came as data_sm
	}
	replaceText(&pdu, p)
	o.registered, o.text = p.RegisteredDelivery, beginning(&pdu)
	r.Receipt, r.Data = p.RegisteredDelivery&receiptMask != 0, o.append(nil)
	if r.Body, err = pdu.Append(nil); err != nil {
		return smpp.StatusReplaceFailed
	}
	switch done, err := d.service.Replace(ctx, id, &r); {
	case err != nil:
		return trouble(err, smpp.StatusReplaceFailed)
	case !done:
		return smpp.StatusReplaceFailed
	}
	d.counts.replaced.Add(1)
	return smpp.StatusOK
}

// replaceText puts what a replace_sm has into a message. The rest of it stays, its
// data_coding too, which replace_sm does not have.
func replaceText(pdu *smpp.SubmitSM, p *smpp.ReplaceSM) {
	pdu.RegisteredDelivery, pdu.SMDefaultMsgID, pdu.ShortMessage = p.RegisteredDelivery, p.SMDefaultMsgID, p.ShortMessage
	kept := pdu.TLVs[:0]
	for _, t := range pdu.TLVs {
		if t.Tag != smpp.TagMessagePayload {
			kept = append(kept, t)
		}
	}
	if payload, ok := p.TLVs.Find(smpp.TagMessagePayload); ok {
		kept = append(kept, smpp.TLV{Tag: smpp.TagMessagePayload, Value: bytes.Clone(payload)})
	}
	pdu.TLVs = kept
}
