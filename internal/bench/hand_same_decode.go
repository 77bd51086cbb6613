package bench

import (
	"encoding/binary"

	"github.com/otagate/otagate/internal/ber"
	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/ss7/ansi41"
	"github.com/otagate/otagate/ss7/m3ua"
	"github.com/otagate/otagate/ss7/mtp"
	"github.com/otagate/otagate/ss7/sccp"
	"github.com/otagate/otagate/ss7/tcap/ansi"
)

// handSame is the codec that one would write by hand for the public structs
// that our codecs fill, and the reference for their goal: straight-line
// arithmetic over indices, as fast as we can write it.
//
// It does all that the message of the bench needs of a general codec. The
// parameters of DATA and of the SMDPP may come in any order; all parameters of
// both are known, those that are not are kept; none is taken twice; all
// lengths are checked, in all their forms up to two octets; all fields are
// reset; nothing is written that cannot be. Of the layers between, it knows
// one shape: a UDT whose addresses have a subsystem number and a point code or
// one of them, in a query without a dialogue portion and with one INVOKE.
//
// It does not do the following, which ours does: say what was wrong and where;
// trace; other messages, components and packages; global titles and addresses
// in ITU form; the four SMDPP parameters of DigitsType, which it refuses;
// parts of a UDT in another order, or with octets between them; parameters of
// an unverified length, which it refuses, too.
type handSame struct {
	data  m3ua.Data
	udt   sccp.UDT
	query ansi.Package
	smdpp ansi41.SMDPPInvoke
}

//go:noinline
func (m *handSame) decode(b []byte) bool {
	return m.decodeData(b) && m.decodeUDT(m.data.UserData) && m.decodeQuery(m.udt.Data) &&
		m.decodeSMDPP(m.query.Components[0].Parameters)
}

//go:noinline
func (m *handSame) decodeData(b []byte) bool {
	d := &m.data
	*d = m3ua.Data{}
	if len(b) < 8 || b[0] != 1 || b[2] != 1 || b[3] != 1 || binary.BigEndian.Uint32(b[4:]) != uint32(len(b)) {
		return false
	}
	seen := false
	for i := 8; i < len(b); {
		if i+4 > len(b) {
			return false
		}
		tag, n := binary.BigEndian.Uint16(b[i:]), int(binary.BigEndian.Uint16(b[i+2:]))
		if n < 4 || i+n > len(b) {
			return false
		}
		v := b[i+4 : i+n : i+n]
		switch {
		case tag == 0x0210 && !seen:
			if n < 16 || v[0] != 0 || v[4] != 0 {
				return false
			}
			d.OPC, d.DPC = mtp.PointCode(binary.BigEndian.Uint32(v)), mtp.PointCode(binary.BigEndian.Uint32(v[4:]))
			d.SI, d.NI, d.MP, d.SLS, d.UserData, seen = v[8], v[9], v[10], v[11], v[12:], true
		case tag == 0x0006 && !d.RoutingContext.Set:
			if n != 8 {
				return false
			}
			d.RoutingContext = m3ua.Some(binary.BigEndian.Uint32(v))
		case tag == 0x0200 && !d.NetworkAppearance.Set:
			if n != 8 {
				return false
			}
			d.NetworkAppearance = m3ua.Some(binary.BigEndian.Uint32(v))
		case tag == 0x0013 && !d.CorrelationID.Set:
			if n != 8 {
				return false
			}
			d.CorrelationID = m3ua.Some(binary.BigEndian.Uint32(v))
		default:
			d.Unknown = append(d.Unknown, m3ua.Parameter{Tag: m3ua.Tag(tag), Value: v})
		}
		i += (n + 3) &^ 3
	}
	return seen
}

//go:noinline
func (m *handSame) decodeUDT(b []byte) bool {
	u := &m.udt
	if len(b) < 8 || b[0] != 9 {
		return false
	}
	called, calling, data := 2+int(b[2]), 3+int(b[3]), 4+int(b[4])
	if called != 5 || calling >= len(b) || data >= len(b) ||
		calling != 6+int(b[5]) || data != calling+1+int(b[calling]) || data+1+int(b[data]) != len(b) {
		return false
	}
	u.Class, u.Data = sccp.ProtocolClass(b[1]), b[data+1:]
	return handAddressSame(&u.Called, b[6:calling]) && handAddressSame(&u.Calling, b[calling+1:data])
}

func handAddressSame(a *sccp.Address, v []byte) bool {
	if len(v) == 0 || v[0]&0xbc != 0x80 {
		return false
	}
	*a = sccp.Address{RouteOnSSN: v[0]&0x40 != 0, HasSSN: v[0]&1 != 0, HasPointCode: v[0]&2 != 0}
	i := 1
	if a.HasSSN {
		if i >= len(v) {
			return false
		}
		a.SSN, i = sccp.SSN(v[i]), i+1
	}
	if a.HasPointCode {
		if i+3 > len(v) {
			return false
		}
		a.PointCode, i = mtp.ANSI(v[i+2], v[i+1], v[i]), i+3
	}
	return i == len(v)
}

//go:noinline
func (m *handSame) decodeQuery(b []byte) bool {
	p := &m.query
	*p = ansi.Package{Components: append(p.Components[:0], ansi.Component{})}
	if len(b) == 0 || b[0] != 0xe2 && b[0] != 0xe3 {
		return false
	}
	p.Type = ansi.PackageType(b[0])
	i, end := element(b, 0, b[0])
	if end != len(b) {
		return false
	}
	v, e := element(b, i, 0xc7)
	if e-v != 4 {
		return false
	}
	p.Originating = ansi.TransactionID(binary.BigEndian.Uint32(b[v:]))
	if i, end = element(b, e, 0xe8); end != len(b) || i >= end || b[i] != 0xe9 && b[i] != 0xed {
		return false
	}
	k := &p.Components[0]
	k.Type = ansi.ComponentType(b[i])
	if i, end = element(b, i, b[i]); end != len(b) {
		return false
	}
	if v, e = element(b, i, 0xcf); e-v > 2 || e < 0 {
		return false
	}
	if e-v > 0 {
		k.HasInvokeID, k.InvokeID = true, b[v]
	}
	if e-v > 1 {
		k.HasCorrelationID, k.CorrelationID = true, b[v+1]
	}
	if v, e = element(b, e, 0xd1); e-v != 2 {
		return false
	}
	k.Operation = ansi.Operation{Family: b[v], Specifier: b[v+1]}
	if v, e = element(b, e, 0xf2); e != len(b) {
		return false
	}
	k.ParameterTag, k.Parameters = ansi.ParameterSet, b[v:e]
	return true
}

//go:noinline
func (m *handSame) decodeSMDPP(b []byte) bool {
	p := &m.smdpp
	*p = ansi41.SMDPPInvoke{Unknown: p.Unknown[:0]}
	bearer, teleservice := false, false
	for i := 0; i < len(b); {
		tag := uint32(b[i])
		i++
		for more := tag&0x1f == 0x1f; more; i++ {
			if i == len(b) || tag > 0xffffff {
				return false
			}
			tag, more = tag<<8|uint32(b[i]), b[i]&0x80 != 0
		}
		if i == len(b) {
			return false
		}
		n := int(b[i])
		i++
		switch {
		case n == 0x81 && i < len(b):
			n, i = int(b[i]), i+1
		case n == 0x82 && i+1 < len(b):
			n, i = int(b[i])<<8|int(b[i+1]), i+2
		case n >= 0x80:
			return false
		}
		if i+n > len(b) {
			return false
		}
		v := b[i : i+n : i+n]
		i += n
		switch tag {
		case 0x9f69:
			if bearer {
				return false
			}
			p.SMSBearerData, bearer = v, true
		case 0x9f74:
			if n == 2 {
				p.SMSTeleserviceIdentifier = ansi41.Teleservice(binary.BigEndian.Uint16(v))
			} else if n != 0 {
				return false
			}
			if teleservice {
				return false
			}
			teleservice = true
		case 0x89:
			if n != 4 || p.ESN.OK {
				return false
			}
			p.ESN = ansi41.Some(ansi41.ESN(binary.BigEndian.Uint32(v)))
		case 0x88:
			if n != 5 || p.MIN.OK {
				return false
			}
			p.MIN = ansi41.Some(ansi41.MIN(v))
		case 0x9f8141:
			if n != 1 || p.ServiceIndicator.OK {
				return false
			}
			p.ServiceIndicator = ansi41.Some(ansi41.ServiceIndicator(v[0]))
		default:
			if !handOther(p, tag, v) {
				return false
			}
		}
	}
	return bearer && teleservice
}

// handOther takes the parameters that the message of the bench does not have.
func handOther(p *ansi41.SMDPPInvoke, tag uint32, v []byte) bool {
	switch tag {
	case 0x9f8100:
		return handOctet(&p.ActionCode, v)
	case 0x9f8306:
		if len(v) != 7 || p.MEID.OK {
			return false
		}
		p.MEID = ansi41.Some(ansi41.MEID(v))
	case 0x9f8172:
		if len(v) != 8 || p.IMSI.OK {
			return false
		}
		p.IMSI = ansi41.Some(ansi41.IMSI(v))
	case 0x9f813b:
		if len(v) != 5 || p.NewlyAssignedMIN.OK {
			return false
		}
		p.NewlyAssignedMIN = ansi41.Some(ansi41.MIN(v))
	case 0x9f821f:
		if len(v) != 8 || p.NewlyAssignedIMSI.OK {
			return false
		}
		p.NewlyAssignedIMSI = ansi41.Some(ansi41.IMSI(v))
	case 0x9f8248:
		return len(v) == 3 && handOctets(&p.NewMINExtension, v)
	case 0x9f8143:
		if len(v) != 5 || p.TRN.OK {
			return false
		}
		p.TRN = ansi41.Some(ansi41.TRN(v))
	case 0x95:
		if len(v) != 3 || p.MSCID.OK {
			return false
		}
		p.MSCID = ansi41.Some(ansi41.MSCID{MarketID: binary.BigEndian.Uint16(v), SwitchNumber: v[2]})
	case 0x9f8245:
		return handOctet(&p.InterMessageTime, v)
	case 0x9f825b:
		return handOctets(&p.CDMAServingOneWayDelay2, v)
	case 0x9f6a:
		return handOctet(&p.SMSChargeIndicator, v)
	case 0x9f6c:
		return handOctet(&p.SMSMessageCount, v)
	case 0x9f6d:
		return handOctet(&p.SMSNotificationIndicator, v)
	case 0x9f6f:
		return handOctets(&p.SMSOriginalDestinationSubaddress, v)
	case 0x9f71:
		return handOctets(&p.SMSOriginalOriginatingSubaddress, v)
	case 0x9f8222:
		return handOctet(&p.TeleservicePriority, v)
	case 0x9f6b, 0x9f6e, 0x9f70, 0x9f72: // DigitsType
		return false
	default:
		p.Unknown = append(p.Unknown, ansi41.Parameter{Tag: ber.Tag(tag), Value: v})
	}
	return true
}

func handOctet[T ~uint8](o *ansi41.Optional[T], v []byte) bool {
	if len(v) != 1 || o.OK {
		return false
	}
	*o = ansi41.Some(T(v[0]))
	return true
}

func handOctets(o *ansi41.Optional[wire.Hex], v []byte) bool {
	if o.OK {
		return false
	}
	*o = ansi41.Some(wire.Hex(v))
	return true
}
