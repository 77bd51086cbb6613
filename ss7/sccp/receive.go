package sccp

import (
	"errors"

	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/ss7/mtp"
)

// inbound is room to decode a message of each kind; it is used again.
type inbound struct {
	udt   UDT
	udts  UDTS
	xudt  XUDT
	xudts XUDTS
}

// Transfer takes a message from MTP.
func (e *Endpoint) Transfer(t mtp.Transfer) {
	if t.SI != mtp.ServiceSCCP {
		e.count(WrongService)
		return
	}
	e.count(Received)
	in := e.decoders.Get().(*inbound)
	defer e.decoders.Put(in)
	if err := e.take(&t, in); err != nil {
		if errors.Is(err, wire.ErrUnsupported) {
			e.count(UnknownMessage)
		} else {
			e.count(Malformed)
		}
		e.log.Debug().Err(err).Stringer("opc", t.OPC).Msg("message dropped")
	}
}

func (e *Endpoint) take(t *mtp.Transfer, in *inbound) error {
	if len(t.Data) == 0 {
		return &wire.Error{Proto: proto, Field: "message type", Err: wire.ErrShort}
	}
	switch MessageType(t.Data[0]) {
	case TypeUDT:
		m := &in.udt
		m.Variant = e.cfg.Variant
		if err := m.Decode(t.Data); err != nil {
			return err
		}
		e.deliver(t, m, m.Class, unitdata(t, m.Class, &m.Called, &m.Calling, m.Data))
	case TypeXUDT:
		m := &in.xudt
		m.Variant = e.cfg.Variant
		if err := m.Decode(t.Data); err != nil {
			return err
		}
		e.extendedIn(t, m)
	case TypeUDTS:
		m := &in.udts
		m.Variant = e.cfg.Variant
		if err := m.Decode(t.Data); err != nil {
			return err
		}
		e.notice(Notice{m.Cause, m.Called, m.Calling, m.Data})
	case TypeXUDTS:
		m := &in.xudts
		m.Variant = e.cfg.Variant
		if err := m.Decode(t.Data); err != nil {
			return err
		}
		if m.Optional.Segmented && !m.Optional.Segmentation.First {
			e.count(NoticeUnclaimed) // the first segment tells it all
			return nil
		}
		e.notice(Notice{m.Cause, m.Called, m.Calling, m.Data})
	default:
		return &wire.Error{Proto: proto, Field: "message type", Err: wire.ErrUnsupported}
	}
	return nil
}

func unitdata(t *mtp.Transfer, class ProtocolClass, called, calling *Address, data []byte) Unitdata {
	return Unitdata{
		Called: *called, Calling: *calling, Data: data, Peer: t.OPC, SLS: t.SLS,
		InSequence: class.Class() == 1, ReturnOnError: class.ReturnOnError(),
	}
}

func (e *Endpoint) extendedIn(t *mtp.Transfer, m *XUDT) {
	u := unitdata(t, m.Class, &m.Called, &m.Calling, m.Data)
	if m.HopCounter == 0 {
		e.count(HopsExhausted)
		e.giveBack(t, m, m.Class, HopCounterViolation, &u)
		return
	}
	if m.Optional.Segmented {
		// Ask before it takes memory, and return the first segment: it has the
		// user's header.
		if m.Optional.Segmentation.First {
			probe := u
			if _, found := e.addressee(t, m, m.Class, &probe); !found {
				return
			}
		}
		// Local references are the sender's own: an address that does not say
		// which node that is means the one the segment came from.
		from := m.Calling
		if !from.HasPointCode && from.GlobalTitle.GTI == 0 {
			from.HasPointCode, from.PointCode = true, t.OPC
		}
		whole, node, ok := e.join(t.OPC, from, m.Optional.Segmentation, m.Data)
		if !ok {
			return
		}
		// Of several nodes none has sent it all: whoever asks who it was must not
		// be told that it was the last one.
		u.Data, u.Peer = whole, node
		u.InSequence = m.Optional.Segmentation.InSequence
	}
	e.deliver(t, m, m.Class, u)
}

// addressee translates the called address and finds who is there, nil for
// SCCP's own management; if nobody is, the message goes back.
func (e *Endpoint) addressee(t *mtp.Transfer, m Message, class ProtocolClass, u *Unitdata) (usr User, found bool) {
	if !u.Called.RouteOnSSN {
		pc, to, ok := e.cfg.Translations.Translate(u.Called)
		if !ok || pc != 0 && pc != e.cfg.OPC {
			e.count(Untranslatable)
			e.giveBack(t, m, class, NoTranslation, u)
			return nil, false
		}
		u.Called = to
	}
	if u.Called.HasSSN && u.Called.SSN == SSNManagement {
		return nil, true
	}
	if usr = e.user(u.Called.SSN); usr == nil || !u.Called.HasSSN {
		e.count(UnequippedSSN)
		e.giveBack(t, m, class, UnequippedUser, u)
		return nil, false
	}
	return usr, true
}

// deliver gives data to the user of the called subsystem.
func (e *Endpoint) deliver(t *mtp.Transfer, m Message, class ProtocolClass, u Unitdata) {
	usr, found := e.addressee(t, m, class, &u)
	switch {
	case !found:
	case usr == nil:
		e.manage(&u)
	default:
		e.count(Delivered)
		usr.Unitdata(u)
	}
}

func (e *Endpoint) notice(n Notice) {
	usr := e.user(n.Called.SSN)
	if usr == nil || !n.Called.HasSSN {
		e.count(NoticeUnclaimed)
		return
	}
	e.count(NoticeDelivered)
	usr.Notice(n)
}

// giveBack returns a message if its sender wants that: the addresses
// exchanged, the data as it came.
func (e *Endpoint) giveBack(t *mtp.Transfer, m Message, class ProtocolClass, cause ReturnCause, u *Unitdata) {
	if !class.ReturnOnError() {
		return
	}
	pc, called, err := e.route(u.Calling, t.OPC)
	if err != nil || pc == e.cfg.OPC {
		pc, called = t.OPC, u.Calling
	}
	var back Message
	switch m := m.(type) {
	case *UDT:
		back = &UDTS{Variant: m.Variant, Cause: cause, Called: called, Calling: m.Called, Data: m.Data}
	case *XUDT:
		back = &XUDTS{Variant: m.Variant, Cause: cause, HopCounter: e.cfg.HopCounter, Called: called, Calling: m.Called, Data: m.Data, Optional: m.Optional}
	default:
		return
	}
	b, err := back.Append(nil)
	if err != nil {
		e.count(NotSent)
		return
	}
	if e.transfer(pc, t.SLS, b) == nil {
		e.count(Returned)
	}
}
