package sim

import (
	"slices"
	"time"

	"github.com/otagate/otagate/smpp"
)

// relay hands a message to its phone and reports it.
func (s *SMSC) relay(e *Submit, rule *Rule) {
	state := smpp.MessageUndeliverable
	if rule.Do == Fail {
		state = smpp.MessageState(rule.Code)
	} else if s.deliver(e) {
		state = smpp.MessageDelivered
	}
	wanted := e.PDU.RegisteredDelivery & receiptMask
	delivered := state == smpp.MessageDelivered
	if wanted == 0 || wanted == receiptFailure && delivered || wanted == receiptSuccess && !delivered {
		return
	}
	r, err := s.receipt(e, state)
	if err != nil {
		s.cfg.Log.Warn().Err(err).Msg("SMSC: no receipt")
		return
	}
	s.mu.Lock()
	s.receipts = append(s.receipts, r)
	s.mu.Unlock()
	report := func() {
		s.enqueue(r)
		s.flush(r.Account)
	}
	if s.cfg.ReceiptDelay > 0 {
		s.timers.after(s.cfg.ReceiptDelay, report)
		return
	}
	report()
}

// deliver hands all parts of a message to its phone.
func (s *SMSC) deliver(e *Submit) bool {
	to := bare(string(e.PDU.DestinationAddr))
	s.mu.Lock()
	p := s.phones[to]
	s.mu.Unlock()
	if p == nil {
		return false
	}
	all := true
	for _, m := range s.segments(e) {
		if !s.air.hand(p, e.ID, to, m) {
			all = false
		}
	}
	return all
}

// receipt is the deliver_sm that reports a message.
func (s *SMSC) receipt(e *Submit, state smpp.MessageState) (*Receipt, error) {
	p, now := e.PDU, time.Now()
	id := s.cfg.ReceiptID.spell(e.number)
	text := smpp.Receipt{ID: id, Sub: 1, SubmitDate: e.At.UTC(), DoneDate: now.UTC(), Stat: state}
	if state == smpp.MessageDelivered {
		text.Dlvrd = 1
	} else {
		text.Err = "001"
	}
	b, err := text.Append(nil)
	if err != nil {
		return nil, err
	}
	d := &smpp.DeliverSM{
		SourceAddrTON: p.DestAddrTON, SourceAddrNPI: p.DestAddrNPI, SourceAddr: p.DestinationAddr,
		DestAddrTON: p.SourceAddrTON, DestAddrNPI: p.SourceAddrNPI, DestinationAddr: p.SourceAddr,
		ESMClass: smpp.ESMClassReceipt, ShortMessage: b,
	}
	switch s.cfg.TLVs {
	case TLVsAsReceipt:
		d.TLVs = smpp.AppendReceiptTLVs(d.TLVs, id, state, nil)
	case TLVsAsResponse:
		d.TLVs = smpp.AppendReceiptTLVs(d.TLVs, e.ID, state, nil)
	}
	if v, ok := p.TLVs.Find(smpp.TagUserMessageReference); ok {
		d.TLVs = append(d.TLVs, smpp.TLV{Tag: smpp.TagUserMessageReference, Value: v})
	}
	return &Receipt{Submit: e.Number, Account: e.Account, PDU: d, State: state}, nil
}

func (s *SMSC) enqueue(r *Receipt) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queues[r.Account] = append(s.queues[r.Account], r)
}

// requeue takes up the receipts that were to be sent later when the centre was
// switched off.
func (s *SMSC) requeue() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.receipts {
		if !r.Done && !slices.Contains(s.queues[r.Account], r) {
			s.queues[r.Account] = append(s.queues[r.Account], r)
		}
	}
}

// flush sends what waits for a bind of the account, as far as it is taken now.
func (s *SMSC) flush(account string) {
	// One at a time: a bind that comes, or room, while another looks for one in
	// vain would be overlooked.
	s.flushing.Lock()
	defer s.flushing.Unlock()
	for {
		s.mu.Lock()
		q := s.queues[account]
		if len(q) == 0 {
			s.mu.Unlock()
			return
		}
		r := q[0]
		s.queues[account] = slices.Clone(q[1:])
		s.mu.Unlock()
		if !s.send(r) {
			return
		}
	}
}

// send gives a receipt to one of the account's binds. Without one it waits for
// the next.
func (s *SMSC) send(r *Receipt) bool {
	s.mu.Lock()
	r.Sent++
	s.mu.Unlock()
	for _, b := range s.server.Receivers(r.Account) {
		if b.SendDeliverSM(r.PDU, func(status smpp.Status, err error) { s.taken(r, status, err) }) == nil {
			return true
		}
	}
	s.mu.Lock()
	r.Sent--
	s.queues[r.Account] = append([]*Receipt{r}, s.queues[r.Account]...)
	s.mu.Unlock()
	return false
}

// taken is the ESME's answer to a receipt, or that there is none.
func (s *SMSC) taken(r *Receipt, status smpp.Status, err error) {
	again := err != nil || status == smpp.StatusThrottled || status == smpp.StatusMessageQueueFull || status == smpp.StatusReceiverTemporaryError
	if again {
		s.enqueue(r)
		s.timers.after(s.cfg.Retry, func() { s.flush(r.Account) })
		return
	}
	s.mu.Lock()
	r.Done, r.Status = true, status
	s.mu.Unlock()
	s.news.tell()
	s.flush(r.Account) // there is room again
}
