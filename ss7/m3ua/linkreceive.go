package m3ua

import (
	"slices"

	"github.com/otagate/otagate/ss7/mtp"
)

// receive takes one message on the reader of the association.
func (l *link) receive(b []byte) {
	if typeOf(b) == TypeData {
		l.receiveData(b)
		return
	}
	m, err := Decode(b)
	if err == nil {
		if o, is := m.(*Other); is {
			err = unknownType(o)
		}
	}
	if err != nil {
		l.broken(b, err)
		return
	}
	ev := Event{Kind: ReceivedMessage, Type: m.Type()}
	switch m := m.(type) {
	case *Notify:
		ev.Code = l.checkContexts(b)
		ev.Status = m.Status
		l.log.Info().Stringer("status", m.Status).Msg("NTFY received")
	case *Error:
		ev.Code = m.Code
	case *ASPActive, *ASPInactive:
		ev.Code = l.request(m, b)
	case *RegistrationResponse:
		ev.Refused = !l.register(m)
	case *DUPU:
		// Neither ranges nor lists can be signalled (§3.4.5).
		if ev.Code = l.checkContexts(b); len(m.Affected) != 1 || m.Affected[0].Mask != 0 {
			ev.Code = InvalidParameterValue
		}
	case *DUNA, *DAVA, *DRST, *SCON:
		ev.Code = l.checkContexts(b)
	}
	if l.handle(ev, b) {
		l.c.network(l, m)
	}
}

// broken answers a message that does not decode; the association goes on.
func (l *link) broken(b []byte, err error) {
	l.c.count.anomaly("message refused: " + CodeOf(err).String())
	l.log.Debug().Err(err).Msg("message refused")
	l.mu.Lock()
	defer l.mu.Unlock()
	l.conn.sendError(CodeOf(err), b, Error{})
}

func (l *link) receiveData(b []byte) {
	var d Data
	if err := d.Decode(b); err != nil {
		l.broken(b, err)
		return
	}
	if code, e := l.dataFault(&d); code != 0 {
		l.c.count.anomaly("message refused: " + code.String())
		l.mu.Lock()
		l.conn.sendError(code, b, e)
		l.mu.Unlock()
		return
	}
	if l.handle(Event{Kind: ReceivedMessage, Type: TypeData}, b) {
		l.c.count.dataReceived.Add(1)
		l.c.user.Transfer(d.Transfer())
	}
}

// dataFault checks what DATA claims against the configuration.
func (l *link) dataFault(d *Data) (ErrorCode, Error) {
	if rcs := l.contexts(); d.RoutingContext.Set && len(rcs) > 0 && !slices.Contains(rcs, d.RoutingContext.V) {
		return InvalidRoutingContext, Error{RoutingContext: []uint32{d.RoutingContext.V}}
	}
	if na := l.c.cfg.NetworkAppearance; na != nil && d.NetworkAppearance.Set && d.NetworkAppearance.V != *na {
		return InvalidNetworkAppearance, Error{NetworkAppearance: d.NetworkAppearance}
	}
	return 0, Error{}
}

// checkContexts finds fault with a message that is for none of our routing
// contexts. One without a context is for all.
func (l *link) checkContexts(b []byte) ErrorCode {
	own := l.contexts()
	bad := len(foreign(b, own))
	if len(own) == 0 || bad == 0 || bad < len(numbersIn(b, TagRoutingContext)) {
		return 0
	}
	return InvalidRoutingContext
}

// network takes signalling network management.
func (c *Client) network(l *link, m Message) {
	switch m := m.(type) {
	case *DUNA:
		c.reachable(l, m.Affected, false)
	case *DAVA:
		c.reachable(l, m.Affected, true)
	case *DRST:
		c.reachable(l, m.Affected, true)
	case *SCON:
		c.congested(m)
	case *DUPU:
		c.userPart(m)
	}
}

var causes = map[UnavailabilityCause]mtp.StatusCause{
	CauseUnequipped: mtp.CauseUnequipped, CauseInaccessible: mtp.CauseInaccessible,
}

func (c *Client) userPart(m *DUPU) {
	cause, known := causes[m.Cause]
	if !known {
		cause = mtp.CauseUnknown
	}
	c.tell.Lock()
	defer c.tell.Unlock()
	for _, a := range m.Affected {
		c.user.Status(mtp.Status{Affected: a.PC, Cause: cause})
	}
}
