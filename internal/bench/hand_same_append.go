package bench

import (
	"encoding/binary"

	"github.com/otagate/otagate/ss7/ansi41"
	"github.com/otagate/otagate/ss7/sccp"
)

// append writes the whole message in one pass: each layer its head, then the
// layer within, then what the layer only knows when that is written. There is
// no buffer between the layers and nothing is copied, unless a length of TCAP
// takes more than its one octet.
//
//go:noinline
func (m *handSame) append(dst []byte) ([]byte, bool) {
	start := len(dst)
	dst, data, ok := m.dataHead(dst)
	dst, ok2 := m.udtHead(dst)
	udt := len(dst)
	dst, parameters, ok3 := m.queryHead(dst)
	dst, ok4 := m.appendSMDPP(dst)
	dst = closeQuery(dst, udt, parameters)
	if !ok || !ok2 || !ok3 || !ok4 || len(dst)-udt > 0xff {
		return dst, false
	}
	dst[udt-1] = byte(len(dst) - udt)
	return m.dataTail(dst, start, data)
}

// dataHead also says where the Protocol Data begin.
func (m *handSame) dataHead(dst []byte) (_ []byte, at int, ok bool) {
	d := &m.data
	dst = append(dst, 1, 0, 1, 1, 0, 0, 0, 0)
	if v := d.NetworkAppearance.V; d.NetworkAppearance.Set {
		dst = append(dst, 2, 0, 0, 8, byte(v>>24), byte(v>>16), byte(v>>8), byte(v))
	}
	if v := d.RoutingContext.V; d.RoutingContext.Set {
		dst = append(dst, 0, 6, 0, 8, byte(v>>24), byte(v>>16), byte(v>>8), byte(v))
	}
	at = len(dst)
	o, e := d.OPC, d.DPC
	dst = append(dst, 2, 0x10, 0, 0, 0, byte(o>>16), byte(o>>8), byte(o), 0, byte(e>>16), byte(e>>8), byte(e), d.SI, d.NI, d.MP, d.SLS)
	return dst, at, o <= 0xffffff && e <= 0xffffff
}

// dataTail sets the lengths of the Protocol Data that begin at dst[at] and of
// the message that begins at dst[start], and appends what is behind.
func (m *handSame) dataTail(dst []byte, start, at int) ([]byte, bool) {
	d := &m.data
	n := len(dst) - at
	if n > 0xffff {
		return dst, false
	}
	dst[at+2], dst[at+3] = byte(n>>8), byte(n)
	for ; n&3 != 0; n++ {
		dst = append(dst, 0)
	}
	if v := d.CorrelationID.V; d.CorrelationID.Set {
		dst = append(dst, 0, 0x13, 0, 8, byte(v>>24), byte(v>>16), byte(v>>8), byte(v))
	}
	for _, p := range d.Unknown {
		n := 4 + len(p.Value)
		if n > 0xffff {
			return dst, false
		}
		dst = append(append(dst, byte(p.Tag>>8), byte(p.Tag), byte(n>>8), byte(n)), p.Value...)
		for ; n&3 != 0; n++ {
			dst = append(dst, 0)
		}
	}
	binary.BigEndian.PutUint32(dst[start+4:], uint32(len(dst)-start))
	return dst, true
}

// udtHead ends with the length octet of the data.
func (m *handSame) udtHead(dst []byte) ([]byte, bool) {
	u := &m.udt
	if !noTitle(&u.Called) || !noTitle(&u.Calling) {
		return dst, false
	}
	a, b, class := route(&u.Called), route(&u.Calling), byte(u.Class)
	p, q := u.Called.PointCode, u.Calling.PointCode
	if u.Called.HasSSN && u.Called.HasPointCode && u.Calling.HasSSN && u.Calling.HasPointCode {
		return append(dst, 9, class, 3, 8, 13, 5, a|3, byte(u.Called.SSN), byte(p), byte(p>>8), byte(p>>16),
			5, b|3, byte(u.Calling.SSN), byte(q), byte(q>>8), byte(q>>16), 0), true
	}
	at := len(dst)
	dst = appendAddress(append(dst, 9, class, 3, 0, 0), a, &u.Called)
	dst[at+3] = byte(len(dst) - at - 3)
	dst = appendAddress(dst, b, &u.Calling)
	dst[at+4] = byte(len(dst) - at - 4)
	return append(dst, 0), true
}

func noTitle(a *sccp.Address) bool {
	return a.Variant == sccp.ANSI && a.GlobalTitle.GTI == 0 && a.GlobalTitle.Digits == "" && a.Unread == ""
}

// route is the indicator without the bits of what is present.
func route(a *sccp.Address) byte {
	if a.RouteOnSSN {
		return 0xc0
	}
	return 0x80
}

func appendAddress(dst []byte, ind byte, a *sccp.Address) []byte {
	pc := a.PointCode
	switch {
	case a.HasSSN && a.HasPointCode:
		return append(dst, 5, ind|3, byte(a.SSN), byte(pc), byte(pc>>8), byte(pc>>16))
	case a.HasSSN:
		return append(dst, 2, ind|1, byte(a.SSN))
	case a.HasPointCode:
		return append(dst, 4, ind|2, byte(pc), byte(pc>>8), byte(pc>>16))
	}
	return append(dst, 1, ind)
}

// closeQuery sets the lengths of package, component sequence, component and
// parameters in a query that begins at dst[at].
func closeQuery(dst []byte, at, parameters int) []byte {
	if n := len(dst) - at; n < 0x80+2 { // and so are the others
		dst[at+1], dst[at+9], dst[at+11], dst[parameters-1] = byte(n-2), byte(n-10), byte(n-12), byte(len(dst)-parameters)
		return dst
	}
	for _, at := range [...]int{parameters, at + 12, at + 10, at + 2} {
		dst = widen(dst, at)
	}
	return dst
}

// widen sets the length of the value that begins at dst[at] in its shortest form.
func widen(dst []byte, at int) []byte {
	n := len(dst) - at
	switch {
	case n < 0x80:
		dst[at-1] = byte(n)
	case n < 0x100:
		dst = append(dst, 0)
		copy(dst[at+1:], dst[at:])
		dst[at-1], dst[at] = 0x81, byte(n)
	default:
		dst = append(dst, 0, 0)
		copy(dst[at+2:], dst[at:])
		dst[at-1], dst[at], dst[at+1] = 0x82, byte(n>>8), byte(n)
	}
	return dst
}

// queryHead also says where the parameters begin.
func (m *handSame) queryHead(dst []byte) (_ []byte, parameters int, ok bool) {
	p := &m.query
	if p.Type != 0xe2 && p.Type != 0xe3 || len(p.Components) != 1 || p.Dialogue != nil {
		return dst, 0, false
	}
	c := &p.Components[0]
	id, o := p.Originating, c.Operation
	if c.Type != 0xe9 && c.Type != 0xed || c.ParameterTag != 0xf2 && c.ParameterTag != 0 || o.National || o.Short || !c.HasInvokeID && c.HasCorrelationID {
		return dst, 0, false
	}
	if c.HasInvokeID && !c.HasCorrelationID {
		dst = append(dst, byte(p.Type), 0, 0xc7, 4, byte(id>>24), byte(id>>16), byte(id>>8), byte(id), 0xe8, 0, byte(c.Type), 0,
			0xcf, 1, c.InvokeID, 0xd1, 2, o.Family, o.Specifier, 0xf2, 0)
		return dst, len(dst), true
	}
	dst = append(dst, byte(p.Type), 0, 0xc7, 4, byte(id>>24), byte(id>>16), byte(id>>8), byte(id), 0xe8, 0, byte(c.Type), 0)
	if c.HasCorrelationID {
		dst = append(dst, 0xcf, 2, c.InvokeID, c.CorrelationID)
	} else {
		dst = append(dst, 0xcf, 0)
	}
	dst = append(dst, 0xd1, 2, o.Family, o.Specifier, 0xf2, 0)
	return dst, len(dst), true
}

//go:noinline
func (m *handSame) appendSMDPP(dst []byte) ([]byte, bool) {
	p := &m.smdpp
	if len(p.SMSBearerData) > 0xffff {
		return dst, false
	}
	dst = appendLength(append(dst, 0x9f, 0x69), len(p.SMSBearerData))
	dst = append(dst, p.SMSBearerData...)
	if t := p.SMSTeleserviceIdentifier; t.Given {
		dst = append(dst, 0x9f, 0x74, 2, byte(t.ID>>8), byte(t.ID))
	} else {
		dst = append(dst, 0x9f, 0x74, 0)
	}
	if p.ActionCode.OK {
		dst = append(dst, 0x9f, 0x81, 0, 1, byte(p.ActionCode.V))
	}
	if v := p.ESN.V; p.ESN.OK {
		dst = append(dst, 0x89, 4, byte(v>>24), byte(v>>16), byte(v>>8), byte(v))
	}
	if p.MEID.OK {
		dst = append(append(dst, 0x9f, 0x83, 6, 7), p.MEID.V[:]...)
	}
	if v := &p.MIN.V; p.MIN.OK {
		dst = append(dst, 0x88, 5, v[0], v[1], v[2], v[3], v[4])
	}
	if p.IMSI.OK {
		dst = append(append(dst, 0x9f, 0x81, 0x72, 8), p.IMSI.V[:]...)
	}
	if p.NewlyAssignedMIN.OK {
		dst = append(append(dst, 0x9f, 0x81, 0x3b, 5), p.NewlyAssignedMIN.V[:]...)
	}
	if p.NewlyAssignedIMSI.OK {
		dst = append(append(dst, 0x9f, 0x82, 0x1f, 8), p.NewlyAssignedIMSI.V[:]...)
	}
	if p.NewMINExtension.OK {
		if len(p.NewMINExtension.V) != 3 {
			return dst, false
		}
		dst = append(append(dst, 0x9f, 0x82, 0x48, 3), p.NewMINExtension.V...)
	}
	if p.ServiceIndicator.OK {
		dst = append(dst, 0x9f, 0x81, 0x41, 1, byte(p.ServiceIndicator.V))
	}
	if p.TRN.OK {
		dst = append(append(dst, 0x9f, 0x81, 0x43, 5), p.TRN.V[:]...)
	}
	if v := p.MSCID.V; p.MSCID.OK {
		dst = append(dst, 0x95, 3, byte(v.MarketID>>8), byte(v.MarketID), v.SwitchNumber)
	}
	return handAppendSMS(dst, p)
}

// handAppendSMS writes the parameters that only a short message has, and what
// was kept.
func handAppendSMS(dst []byte, p *ansi41.SMDPPInvoke) (_ []byte, ok bool) {
	if p.InterMessageTime.OK {
		dst = append(dst, 0x9f, 0x82, 0x45, 1, p.InterMessageTime.V)
	}
	if p.CDMAServingOneWayDelay2.OK {
		if dst, ok = handAppendOctets(append(dst, 0x9f, 0x82, 0x5b), p.CDMAServingOneWayDelay2.V); !ok {
			return dst, false
		}
	}
	if p.SMSChargeIndicator.OK {
		dst = append(dst, 0x9f, 0x6a, 1, byte(p.SMSChargeIndicator.V))
	}
	if p.SMSMessageCount.OK {
		dst = append(dst, 0x9f, 0x6c, 1, p.SMSMessageCount.V)
	}
	if p.SMSNotificationIndicator.OK {
		dst = append(dst, 0x9f, 0x6d, 1, byte(p.SMSNotificationIndicator.V))
	}
	if p.SMSOriginalDestinationSubaddress.OK {
		if dst, ok = handAppendOctets(append(dst, 0x9f, 0x6f), p.SMSOriginalDestinationSubaddress.V); !ok {
			return dst, false
		}
	}
	if p.SMSOriginalOriginatingSubaddress.OK {
		if dst, ok = handAppendOctets(append(dst, 0x9f, 0x71), p.SMSOriginalOriginatingSubaddress.V); !ok {
			return dst, false
		}
	}
	if p.TeleservicePriority.OK {
		dst = append(dst, 0x9f, 0x82, 0x22, 1, p.TeleservicePriority.V)
	}
	if p.SMSDestinationAddress.OK || p.SMSOriginalDestinationAddress.OK || p.SMSOriginalOriginatingAddress.OK || p.SMSOriginatingAddress.OK {
		return dst, false
	}
	for i := range p.Unknown {
		if dst, ok = handAppendOctets(p.Unknown[i].Tag.Append(dst), p.Unknown[i].Value); !ok {
			return dst, false
		}
	}
	return dst, true
}

func handAppendOctets(dst, v []byte) ([]byte, bool) {
	return append(appendLength(dst, len(v)), v...), len(v) <= 0xffff
}

// The single layers have their payload in their structs.

//go:noinline
func (m *handSame) appendData(dst []byte) ([]byte, bool) {
	start := len(dst)
	dst, at, ok := m.dataHead(dst)
	if !ok {
		return dst, false
	}
	return m.dataTail(append(dst, m.data.UserData...), start, at)
}

//go:noinline
func (m *handSame) appendUDT(dst []byte) ([]byte, bool) {
	dst, ok := m.udtHead(dst)
	if !ok || len(m.udt.Data) > 0xff {
		return dst, false
	}
	dst[len(dst)-1] = byte(len(m.udt.Data))
	return append(dst, m.udt.Data...), true
}

//go:noinline
func (m *handSame) appendQuery(dst []byte) ([]byte, bool) {
	at := len(dst)
	dst, parameters, ok := m.queryHead(dst)
	if !ok {
		return dst, false
	}
	return closeQuery(append(dst, m.query.Components[0].Parameters...), at, parameters), true
}
