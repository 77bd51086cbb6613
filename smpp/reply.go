package smpp

// Reply is the answer that a handler owes for one message. It is reused: after
// Respond it must not be touched.
type Reply struct {
	c        *conn
	next     *Reply
	seq      uint32
	command  CommandID
	answered bool
}

// Respond answers the message, from any goroutine. messageID is sent with
// StatusOK in a submit_sm_resp; it may have 64 octets. Exactly one Respond is
// due per Reply, also when the connection has ended meanwhile, which it then
// ignores. It does not block.
func (r *Reply) Respond(status Status, messageID string) {
	c := r.c
	c.mu.Lock()
	if r.answered {
		c.stats.count(ReasonAnsweredTwice)
		c.mu.Unlock()
		return
	}
	if !c.dead && !c.sealed {
		c.out = r.append(c.out, status, messageID)
	}
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

func (r *Reply) append(dst []byte, status Status, messageID string) []byte {
	h := Header{CommandID: r.command, Status: status, Sequence: r.seq}
	if status != StatusOK {
		return appendHeader(dst, h)
	}
	if r.command != CommandSubmitSMResp {
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
	dst[start+3] = byte(len(dst) - start) // at most 16+64+1
	return dst
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
