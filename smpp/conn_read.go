package smpp

import (
	"cmp"
	"encoding/binary"
	"errors"
	"time"

	"github.com/otagate/otagate/internal/wire"
)

// readLoop reads until the connection ends, many PDUs with one read where the
// peer sends so. The buffer is r octets handled, then w-r to handle.
func (c *conn) readLoop() error {
	r, w := 0, 0
	for {
		n, err := c.nc.Read(c.buf[w:])
		if n > 0 {
			w += n
			c.now = time.Now()
			handled, ok := c.batch(r, w)
			c.finishBatch(handled > r, handled == w)
			if !ok {
				return nil
			}
			r, w = c.makeRoom(handled, w)
		}
		if err != nil {
			return err
		}
		select {
		case <-c.closing:
			return nil
		default:
		}
	}
}

// batch handles the whole PDUs of buf[r:w], all of them even when one ends the
// connection: an answer behind it still counts. It fails when framing is lost.
func (c *conn) batch(r, w int) (int, bool) {
	for w-r >= 4 {
		n := int(binary.BigEndian.Uint32(c.buf[r:]))
		if n < HeaderLen || n > c.cfg.pduLimit {
			c.mu.Lock()
			c.effects = c.step(Event{Kind: EventFramingLost, At: c.now}, c.effects[:0])
			c.mu.Unlock()
			return r, false
		}
		if w-r < n {
			break
		}
		c.handle(c.buf[r : r+n])
		r += n
	}
	return r, true
}

// makeRoom moves what is left to the front, into a larger buffer when its PDU
// needs one, and gives a larger one back.
func (c *conn) makeRoom(r, w int) (int, int) {
	left := c.buf[r:w]
	need := c.cfg.readBuffer
	if len(left) >= 4 {
		need = max(need, int(binary.BigEndian.Uint32(left)))
	}
	switch {
	case len(c.buf) != need:
		b := make([]byte, need)
		copy(b, left)
		c.buf = b
	case r > 0:
		copy(c.buf, left)
	}
	return 0, len(left)
}

// handle deals with one whole PDU.
func (c *conn) handle(b []byte) {
	h := header(b)
	body := b[HeaderLen:]
	var fault Status
	switch h.CommandID {
	case CommandSubmitSM, CommandDeliverSM:
		fault = faultOf(c.sm.Decode(body))
		if fault == StatusOK && c.message(h) {
			return
		}
	case CommandSubmitSMResp, CommandDeliverSMResp, CommandDataSMResp, CommandSubmitMultiResp,
		CommandQuerySMResp, CommandCancelSMResp, CommandReplaceSMResp:
		if c.completed(h, body) {
			return
		}
	case CommandDataSM, CommandSubmitMulti, CommandQuerySM, CommandCancelSM, CommandReplaceSM, CommandAlertNotification, CommandOutbind:
		fault = c.decodeRequest(h.CommandID, body)
		if fault == StatusOK && c.message(h) {
			return
		}
	case CommandBindReceiver, CommandBindTransmitter, CommandBindTransceiver:
		c.bindPDU.Kind = h.CommandID
		fault = faultOf(c.bindPDU.Decode(body))
	case CommandBindReceiverResp, CommandBindTransmitterResp, CommandBindTransceiverResp:
		fault = c.bindResponse(h, body)
	case CommandEnquireLink, CommandUnbind:
		if len(body) != 0 { // TLVs of a later edition
			var tlvs EnquireLink
			fault = faultOf(tlvs.Decode(body))
		}
	}
	c.judge(h, body, fault)
}

// judge lets the machine decide about a PDU and does what it says.
func (c *conn) judge(h Header, body []byte, fault Status) {
	c.mu.Lock()
	c.awaitRoom()
	c.effects = c.step(Event{Kind: EventReceived, At: c.now, Header: h, Fault: fault}, c.effects[:0])
	c.mu.Unlock()
	for _, e := range c.effects {
		switch e.Kind {
		case EffectAuthenticate:
			c.authenticate(h.CommandID) // takes c.effects anew
			return
		case EffectBound:
			c.app.bound(c)
		case EffectDeliver:
			c.message(h)
		case EffectClose:
			c.bindStatus = cmp.Or(h.Status, fault, StatusBindFailed) // of interest if this refused a bind
		case EffectComplete:
			if !c.completed(e.Header, body) {
				c.stats.count(ReasonUnexpectedResponse)
			}
		}
	}
}

// awaitRoom waits, under the lock, until an answer can be queued.
func (c *conn) awaitRoom() {
	for len(c.out) > QueueLimit && !c.dead && !c.sealed {
		c.signal()
		c.room.Wait()
	}
}

// decodeRequest decodes a request that is neither submit_sm nor deliver_sm.
func (c *conn) decodeRequest(id CommandID, body []byte) Status {
	if id == CommandDataSM {
		c.request = &c.data
	} else {
		c.request = newBody(id)
	}
	if fault := faultOf(c.request.Decode(body)); fault != StatusOK {
		return fault
	}
	if p, ok := c.request.(*SubmitMulti); ok && (len(p.Destinations) == 0 || len(p.Destinations) > MaxDestinations) {
		return StatusInvalidNumberOfDestinations
	}
	return StatusOK
}

// authenticate has the application judge a bind, or an outbind, which is
// answered with our bind.
func (c *conn) authenticate(id CommandID) {
	ev := Event{Kind: EventBindVerdict}
	if id == CommandOutbind {
		ev.Verdict = c.app.outbind(c, c.request.(*Outbind))
	} else {
		ev.Verdict = c.app.authenticate(c, &c.bindPDU)
	}
	ev.At = time.Now()
	c.mu.Lock()
	if id == CommandOutbind && c.cfg.bind != nil {
		ev.Request, ev.Sequence = c.cfg.bind.Kind, c.win.next()
	}
	c.effects = c.step(ev, c.effects[:0])
	bound := c.sess.State.Bound()
	c.mu.Unlock()
	if bound {
		c.app.bound(c)
	}
}

func (c *conn) bindResponse(h Header, body []byte) Status {
	p := &BindResp{Kind: h.CommandID}
	if len(body) > 0 {
		if fault := faultOf(p.Decode(body)); fault != StatusOK {
			return fault
		}
	}
	c.bindOut = p.Clone()
	return StatusOK
}

// message hands the request that was decoded last to the application when the
// session takes it. It is the way of every one that nothing is wrong with.
func (c *conn) message(h Header) bool {
	if h.CommandID == CommandAlertNotification || h.CommandID == CommandOutbind {
		return h.CommandID == CommandAlertNotification && c.alert()
	}
	r, taken := c.owe(h)
	switch {
	case r == nil:
	case h.CommandID == CommandSubmitSM || h.CommandID == CommandDeliverSM:
		c.app.deliver(c, &c.sm, r)
	case !c.app.operation(c, c.request, r):
		c.stats.count(ReasonUnsupportedCommand)
		r.respond(StatusInvalidCommandID, nil)
	}
	return taken
}

// alert hands on an alert_notification, which is not answered.
func (c *conn) alert() bool {
	c.mu.Lock()
	taken := c.sess.Takes(CommandAlertNotification)
	c.mu.Unlock()
	if taken && !c.app.operation(c, c.request, nil) {
		c.stats.count(ReasonUnsupportedCommand)
	}
	return taken
}

// owe makes the reply that a request is owed. Without one the session does not
// take the request or, when it was taken, it was answered already.
func (c *conn) owe(h Header) (r *Reply, taken bool) {
	c.mu.Lock()
	c.awaitRoom()
	if !c.sess.Takes(h.CommandID) {
		c.mu.Unlock()
		return nil, false
	}
	if why := c.throttle(h.CommandID); why != ReasonNone {
		c.stats.count(why)
		c.out = appendHeader(c.out, Header{CommandID: h.CommandID.Response(), Status: StatusThrottled, Sequence: h.Sequence})
		c.mu.Unlock()
		return nil, true
	}
	r = c.replies
	if r == nil {
		r = &Reply{c: c}
	} else {
		c.replies = r.next
	}
	r.next, r.answered, r.seq, r.command = nil, false, h.Sequence, h.CommandID.Response()
	c.inbound++
	c.current = r
	if c.corked {
		// A handler may take its time; requests of others must not wait for it.
		c.corked = false
		c.signal()
	}
	c.mu.Unlock()
	return r, true
}

// weight is how many short messages the request that was decoded last is.
func (c *conn) weight(id CommandID) int {
	switch id {
	case CommandSubmitSM:
		return c.sm.Segments()
	case CommandDataSM:
		return c.data.Segments()
	case CommandSubmitMulti:
		p := c.request.(*SubmitMulti)
		return p.Segments() * len(p.Destinations)
	}
	return 1
}

func (c *conn) throttle(id CommandID) Reason {
	full, n := c.inbound >= c.inLimit, 0
	if !full {
		n = c.weight(id)
	}
	switch {
	case c.app.allow(n, full):
		return ReasonNone
	case full:
		return ReasonThrottledWindow
	}
	return ReasonThrottledRate
}

// completed ends a request of ours; false when there is none of that number.
func (c *conn) completed(h Header, body []byte) bool {
	var done completer
	c.mu.Lock()
	if c.sess.Completes(h.CommandID) {
		done = c.win.take(h.Sequence, h.CommandID)
		c.corked, c.batchAt = true, c.now
		c.passOn()
	}
	c.mu.Unlock()
	if done == nil {
		return false
	}
	if len(body) == 0 || h.CommandID == CommandGenericNack {
		body = nil
	}
	done.complete(c, h.Status, body, nil)
	return true
}

// finishBatch flushes what the batch caused. When nothing is there to carry
// the kernel's acknowledgement it asks for one at once: a peer with Nagle's
// algorithm on would otherwise wait for it with its next PDU. Only a whole PDU
// counts as traffic, so that dripping octets do not keep a bind alive.
func (c *conn) finishBatch(traffic, whole bool) {
	c.mu.Lock()
	c.current, c.corked = nil, false
	if traffic {
		c.sess, c.effects = c.sess.Step(Event{Kind: EventTraffic, At: c.now}, c.effects[:0])
	}
	wrote := c.flush()
	more := c.cfg.role == RoleServer || c.win.used > 0 // may be on its way
	c.mu.Unlock()
	if !whole || !wrote && more {
		c.try.quickAck()
	}
}

// faultOf is the status for what a decoder refused.
func faultOf(err error) Status {
	if err == nil {
		return StatusOK
	}
	var we *wire.Error
	if !errors.As(err, &we) {
		return StatusSystemError
	}
	switch we.Field {
	case "short_message":
		return StatusInvalidMessageLength
	case "tag", "length", "value", "TLVs":
		return StatusInvalidTLVLength
	case "number_of_dests":
		return StatusInvalidNumberOfDestinations
	}
	if we.Field == "dest_flag" && errors.Is(we, wire.ErrValue) {
		return StatusInvalidDestinationFlag
	}
	if !errors.Is(we, wire.ErrTooLong) {
		return StatusInvalidCommandLength
	}
	switch we.Field {
	case "service_type":
		return StatusInvalidServiceType
	case "message_id":
		return StatusInvalidMessageID
	case "dl_name":
		return StatusInvalidDistributionListName
	case "source_addr":
		return StatusInvalidSourceAddress
	case "destination_addr":
		return StatusInvalidDestinationAddress
	case "schedule_delivery_time":
		return StatusInvalidScheduledTime
	case "validity_period":
		return StatusInvalidExpiry
	case "system_id":
		return StatusInvalidSystemID
	case "password":
		return StatusInvalidPassword
	case "system_type":
		return StatusInvalidSystemType
	}
	return StatusInvalidCommandLength
}
