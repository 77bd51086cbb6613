package smpp

// Reply is the answer that a handler owes for one request. It is reused: after
// Respond it must not be touched.
type Reply struct {
	c        *conn
	next     *Reply
	seq      uint32
	command  CommandID
	answered bool
}

// Respond answers the request, from any goroutine. messageID is sent with
// StatusOK in a submit_sm_resp or data_sm_resp; it may have 64 octets. Exactly
// one Respond is due per Reply, also when the connection has ended meanwhile,
// which it then ignores. It does not block.
func (r *Reply) Respond(status Status, messageID string) {
	c := r.c
	c.mu.Lock()
	if !r.due() {
		return
	}
	if !c.dead && !c.sealed {
		c.out = r.append(c.out, status, messageID)
	}
	r.given()
}

// RespondTLVs is Respond with TLVs, such as delivery_failure_reason in a
// data_sm_resp. They go to peers of 3.4 and above, also with an error.
func (r *Reply) RespondTLVs(status Status, messageID string, tlvs TLVs) {
	if len(tlvs) == 0 || !r.hasMessageID() && r.command != CommandDeliverSMResp {
		r.Respond(status, messageID)
		return
	}
	p := SubmitSMResp{TLVs: tlvs}
	if status == StatusOK && r.hasMessageID() {
		p.MessageID = []byte(messageID)
	}
	switch r.command {
	case CommandDataSMResp:
		r.respond(status, (*DataSMResp)(&p))
	case CommandDeliverSMResp:
		r.respond(status, (*DeliverSMResp)(&p))
	default:
		r.respond(status, &p)
	}
}

// MultiReply is the answer to a submit_multi; see Reply.
type MultiReply Reply

// Respond answers it. message_id and unsuccess are sent with StatusOK: those
// destinations are told to have failed, all others to have been taken.
func (r *MultiReply) Respond(status Status, messageID string, unsuccess []UnsuccessSME) {
	if status != StatusOK {
		(*Reply)(r).respond(status, nil)
		return
	}
	(*Reply)(r).respond(status, &SubmitMultiResp{MessageID: []byte(messageID), UnsuccessSME: unsuccess})
}

// QueryReply is the answer to a query_sm; see Reply.
type QueryReply Reply

// Respond answers it. p is sent with StatusOK and may be nil otherwise.
func (r *QueryReply) Respond(status Status, p *QuerySMResp) {
	if status != StatusOK || p == nil {
		(*Reply)(r).respond(status, nil)
		return
	}
	q := *p // its TLVs may have to change
	(*Reply)(r).respond(status, &q)
}

// respond answers with a body, or without one when that is nil.
func (r *Reply) respond(status Status, body Body) {
	c := r.c
	c.mu.Lock()
	if !r.due() {
		return
	}
	if !c.dead && !c.sealed {
		c.out = r.appendBody(c.out, status, body)
	}
	r.given()
}

// due is asked under the lock, which it gives up when the answer was given.
func (r *Reply) due() bool {
	if r.answered {
		r.c.stats.count(ReasonAnsweredTwice)
		r.c.mu.Unlock()
		return false
	}
	return true
}

// given takes the reply back and gives the lock up.
func (r *Reply) given() {
	c := r.c
	r.answered = true
	r.next, c.replies = c.replies, r
	c.inbound--
	// What the handler answers on the reading goroutine leaves with the rest
	// of the batch.
	batched := c.current == r
	c.mu.Unlock()
	if !batched {
		c.signal()
	}
}

func (r *Reply) hasMessageID() bool {
	return r.command == CommandSubmitSMResp || r.command == CommandDataSMResp
}

func (r *Reply) append(dst []byte, status Status, messageID string) []byte {
	h := Header{CommandID: r.command, Status: status, Sequence: r.seq}
	if status != StatusOK || !r.hasMessageID() && r.command != CommandDeliverSMResp {
		return appendHeader(dst, h)
	}
	if !r.hasMessageID() {
		messageID = ""
	}
	if !goodMessageID(messageID) {
		r.c.stats.count(ReasonBadMessageID)
		h.Status = StatusSystemError
		return appendHeader(dst, h)
	}
	start := len(dst)
	dst = appendHeader(dst, h)
	dst = append(append(dst, messageID...), 0)
	if state, said := r.c.congestion(); said {
		dst = append(dst, byte(TagCongestionState>>8), byte(TagCongestionState&0xff), 0, 1, state)
	}
	dst[start+3] = byte(len(dst) - start) // at most 16+64+1+5
	return dst
}

// appendBody fits the body to the peer's edition.
func (r *Reply) appendBody(dst []byte, status Status, body Body) []byte {
	h := Header{CommandID: r.command, Status: status, Sequence: r.seq}
	if t := tlvsOf(body); t != nil {
		if r.c.version < Version34 {
			*t = nil
		} else if state, said := r.c.congestion(); said && status == StatusOK {
			*t = (*t)[:len(*t):len(*t)].AppendU8(TagCongestionState, state)
		}
	}
	out, err := AppendPDU(dst, h, body)
	if err != nil {
		r.c.stats.count(ReasonBadMessageID)
		h.Status = StatusSystemError
		return appendHeader(dst, h)
	}
	return out
}

// tlvsOf are the TLVs of a response's body.
func tlvsOf(body Body) *TLVs {
	switch p := body.(type) {
	case *SubmitSMResp:
		return &p.TLVs
	case *DataSMResp:
		return &p.TLVs
	case *DeliverSMResp:
		return &p.TLVs
	case *SubmitMultiResp:
		return &p.TLVs
	case *QuerySMResp:
		return &p.TLVs
	}
	return nil
}

// congestion is what a server says of itself to peers of SMPP 5.0.
func (c *conn) congestion() (state uint8, said bool) {
	if c.version < Version50 || c.cfg.congestion == nil {
		return 0, false
	}
	v := c.cfg.congestion.Load()
	return uint8(v - 1), v > 0
}

func goodMessageID(s string) bool {
	if len(s) > MaxMessageID {
		return false
	}
	for i := range len(s) {
		if s[i] == 0 {
			return false
		}
	}
	return true
}
