package sccp

import (
	"errors"

	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/ss7/mtp"
)

var errTooLong = errors.New("longer than the peer takes")

// Unitdata sends data: in a UDT when that is short enough, otherwise in
// segments if the peer takes XUDT. What cannot be sent gives a *LocalError.
// The data is not kept.
func (e *Endpoint) Unitdata(u Unitdata) error {
	pc, called, err := e.route(u.Called, u.Peer)
	if err != nil {
		return err
	}
	u.Called = called
	if pc == e.cfg.OPC {
		return e.loop(u)
	}
	class := Class0
	if u.InSequence {
		class = Class1
	} else {
		u.SLS = e.nextSLS()
	}
	if u.ReturnOnError {
		class |= ReturnOnError
	}
	p := e.cfg.peer(pc)
	buf := e.buffers.Get().(*[]byte)
	defer e.buffers.Put(buf)
	if p.XUDT != XUDTAlways {
		m := UDT{Variant: e.cfg.Variant, Class: class, Called: u.Called, Calling: u.Calling, Data: u.Data}
		b, err := m.Append((*buf)[:0])
		*buf = b[:0]
		switch {
		case err == nil && len(b) <= p.MaxMessage:
			return e.transfer(pc, u.SLS, b)
		case err != nil && !errors.Is(err, wire.ErrTooLong):
			return &LocalError{Cause: ErrorInLocalProcessing, Err: err}
		case p.XUDT == XUDTNever:
			return &LocalError{Cause: SegmentationNotSupported, Err: errTooLong}
		}
	}
	return e.extended(pc, class, p, &u, buf)
}

// extended sends one XUDT, or the segments of one message: all of them in
// class 1 and on one SLS, so that they arrive in order.
func (e *Endpoint) extended(pc mtp.PointCode, class ProtocolClass, p Peer, u *Unitdata, buf *[]byte) error {
	m := XUDT{Variant: e.cfg.Variant, Class: class, HopCounter: e.cfg.HopCounter, Called: u.Called, Calling: u.Calling, Data: u.Data}
	b, err := m.Append((*buf)[:0])
	*buf = b[:0]
	if err == nil && len(b) <= p.MaxMessage && (p.SegmentSize <= 0 || len(u.Data) <= p.SegmentSize) {
		return e.transfer(pc, u.SLS, b)
	}
	if err != nil && !errors.Is(err, wire.ErrTooLong) {
		return &LocalError{Cause: ErrorInLocalProcessing, Err: err}
	}
	m.Class |= Class1
	m.Optional = Optional{Segmented: true, Segmentation: Segmentation{InSequence: u.InSequence}}
	size, err := e.room(&m, p, buf)
	if err != nil {
		return err
	}
	n, each, ok := split(len(u.Data), size)
	if !ok {
		return &LocalError{Cause: SegmentationFailure, Err: errTooLong}
	}
	m.Optional.Segmentation.LocalReference = e.reference.Add(1) & 0xffffff
	for i := range n {
		m.Data = u.Data[i*each : min((i+1)*each, len(u.Data))]
		m.Optional.Segmentation.First = i == 0
		m.Optional.Segmentation.Remaining = uint8(n - 1 - i)
		b, err := m.Append((*buf)[:0])
		if err != nil {
			return &LocalError{Cause: ErrorInLocalProcessing, Err: err}
		}
		*buf = b[:0]
		if err := e.transfer(pc, u.SLS, b); err != nil {
			return err
		}
	}
	return nil
}

// room is how much data one segment takes: what the message leaves, what the
// pointers reach and the peer allows.
func (e *Endpoint) room(m *XUDT, p Peer, buf *[]byte) (int, error) {
	m.Data = nil
	b, err := m.Append((*buf)[:0])
	if err != nil {
		return 0, &LocalError{Cause: ErrorInLocalProcessing, Err: err}
	}
	*buf = b[:0]
	size := min(p.MaxMessage-len(b), 254)
	// The pointer to the optional part stands at octet 6 and counts from itself.
	size = min(size, 255-(len(b)-6-7))
	if p.SegmentSize > 0 {
		size = min(size, p.SegmentSize)
	}
	return size, nil
}

// route finds the node for a called address, and the address to go there with.
func (e *Endpoint) route(a Address, fallback mtp.PointCode) (mtp.PointCode, Address, error) {
	switch {
	case a.RouteOnSSN && a.HasPointCode:
		return a.PointCode, a, nil
	case a.RouteOnSSN && fallback != 0:
		return fallback, a, nil
	case a.RouteOnSSN:
		return e.cfg.OPC, a, nil
	}
	if pc, to, ok := e.cfg.Translations.Translate(a); ok {
		if pc == 0 {
			pc = e.cfg.OPC
		}
		return pc, to, nil
	}
	switch {
	case a.HasPointCode && a.PointCode != e.cfg.OPC:
		return a.PointCode, a, nil // the node that is to translate
	case fallback != 0:
		return fallback, a, nil
	}
	return 0, a, &LocalError{Cause: NoTranslation}
}

// loop delivers to a user in our own node.
func (e *Endpoint) loop(u Unitdata) error {
	usr := e.user(u.Called.SSN)
	if usr == nil || !u.Called.HasSSN {
		return &LocalError{Cause: UnequippedUser}
	}
	u.Peer = e.cfg.OPC
	e.count(Delivered)
	usr.Unitdata(u)
	return nil
}

func (e *Endpoint) nextSLS() uint8 {
	sls := uint8(e.sls.Add(1))
	if e.cfg.Variant == ITU {
		sls &= 0x0f
	}
	return sls
}

func (e *Endpoint) transfer(pc mtp.PointCode, sls uint8, b []byte) error {
	err := e.out.Transfer(mtp.Transfer{
		OPC: e.cfg.OPC, DPC: pc, SI: mtp.ServiceSCCP, NI: e.cfg.NI, Priority: e.cfg.Priority, SLS: sls, Data: b,
	})
	if err != nil {
		e.count(NotSent)
		return &LocalError{Cause: MTPFailure, Err: err}
	}
	e.count(Sent)
	return nil
}
