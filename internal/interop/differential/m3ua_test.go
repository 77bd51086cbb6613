package differential

import (
	"encoding/binary"
	"fmt"
	"strings"

	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/ss7/m3ua"
	"github.com/otagate/otagate/ss7/mtp"
)

// ourM3UA reads with our decoder; once more with that of the message, as
// connections do, since DATA has a way of its own.
func ourM3UA(b []byte) (fields, func() ([]byte, error), error) {
	m, err := m3ua.Decode(b)
	if err != nil {
		return nil, nil, err
	}
	if err := m.Decode(b); err != nil {
		return nil, nil, err
	}
	return m3uaFields(m, b), func() ([]byte, error) { return m.Append(nil) }, nil
}

// m3uaFields are the parameters of a message; one that it does not define, or
// that comes twice, is among the others. The octets are those of the message.
func m3uaFields(m m3ua.Message, b []byte) (f fields) {
	f.add("type", "%v", m.Type())
	switch m := m.(type) {
	case *m3ua.Data:
		f.number(m3ua.TagNetworkAppearance, m.NetworkAppearance)
		f.number(m3ua.TagRoutingContext, m.RoutingContext)
		f.add("opc", "%d", uint32(m.OPC))
		f.add("dpc", "%d", uint32(m.DPC))
		f.add("si", "%d", m.SI)
		f.add("ni", "%d", m.NI)
		f.add("mp", "%d", m.MP)
		f.add("sls", "%d", m.SLS)
		f.add("user_data", "%x", []byte(m.UserData))
		f.number(m3ua.TagCorrelationID, m.CorrelationID)
		f.others(m.Unknown)
	case *m3ua.DUNA:
		f.destinations(&m.Destinations)
	case *m3ua.DAVA:
		f.destinations(&m.Destinations)
	case *m3ua.DAUD:
		f.destinations(&m.Destinations)
	case *m3ua.DRST:
		f.destinations(&m.Destinations)
	case *m3ua.SCON:
		d := m3ua.Destinations{NetworkAppearance: m.NetworkAppearance, RoutingContext: m.RoutingContext, Affected: m.Affected, Info: m.Info, Unknown: m.Unknown}
		f.destinations(&d)
		if m.Concerned.Set {
			f.add(m3ua.TagConcernedDestination.String(), "%d", uint32(m.Concerned.V))
		}
		if m.Level.Set {
			f.add(m3ua.TagCongestionIndications.String(), "%d", m.Level.V)
		}
	case *m3ua.DUPU:
		d := m3ua.Destinations{NetworkAppearance: m.NetworkAppearance, RoutingContext: m.RoutingContext, Affected: m.Affected, Info: m.Info, Unknown: m.Unknown}
		f.destinations(&d)
		f.add(m3ua.TagUserCause.String(), "%d/%d", m.Cause, m.User)
	case *m3ua.ASPUp:
		f.maintenance(&m.StateMaintenance)
	case *m3ua.ASPUpAck:
		f.maintenance(&m.StateMaintenance)
	case *m3ua.ASPDown:
		f.maintenance(&m.StateMaintenance)
	case *m3ua.ASPDownAck:
		f.maintenance(&m.StateMaintenance)
	case *m3ua.Beat:
		f.octets(m3ua.TagHeartbeatData, m.HeartbeatData)
		f.others(m.Unknown)
	case *m3ua.BeatAck:
		f.octets(m3ua.TagHeartbeatData, m.HeartbeatData)
		f.others(m.Unknown)
	case *m3ua.ASPActive:
		f.activation(&m.Activation)
	case *m3ua.ASPActiveAck:
		f.activation(&m.Activation)
	case *m3ua.ASPInactive:
		f.activation(&m3ua.Activation{RoutingContext: m.RoutingContext, Info: m.Info, Unknown: m.Unknown})
	case *m3ua.ASPInactiveAck:
		f.activation(&m3ua.Activation{RoutingContext: m.RoutingContext, Info: m.Info, Unknown: m.Unknown})
	case *m3ua.Error:
		f.add(m3ua.TagErrorCode.String(), "%d", uint32(m.Code))
		f.list(m3ua.TagRoutingContext, m.RoutingContext)
		f.number(m3ua.TagNetworkAppearance, m.NetworkAppearance)
		f.affected(m.Affected)
		f.octets(m3ua.TagDiagnosticInformation, m.Diagnostic)
		f.others(m.Unknown)
	case *m3ua.Notify:
		f.add(m3ua.TagStatus.String(), "%d", uint32(m.Status))
		f.number(m3ua.TagASPIdentifier, m.ASPIdentifier)
		f.list(m3ua.TagRoutingContext, m.RoutingContext)
		f.octets(m3ua.TagInfoString, m.Info)
		f.others(m.Unknown)
	case *m3ua.Other:
		f.others(m.Parameters)
	default: // registration, of which go-m3ua knows no more than that it has parameters
		var as m3ua.Other
		if err := as.Decode(b); err != nil {
			f.add("parameters", "%v", err)
		}
		f.others(as.Parameters)
	}
	return f
}

func (f *fields) number(tag m3ua.Tag, v m3ua.Optional[uint32]) {
	if v.Set {
		f.add(tag.String(), "%d", v.V)
	}
}

func (f *fields) list(tag m3ua.Tag, v []uint32) {
	if len(v) == 1 {
		f.add(tag.String(), "%d", v[0])
	} else if len(v) > 1 {
		f.add(tag.String(), "%d", v)
	}
}

func (f *fields) octets(tag m3ua.Tag, v []byte) {
	if v != nil {
		f.add(tag.String(), "%x", v)
	}
}

func (f *fields) affected(v []m3ua.AffectedPointCode) {
	var words []uint32
	for _, a := range v {
		words = append(words, uint32(a.Mask)<<24|uint32(a.PC))
	}
	f.list(m3ua.TagAffectedPointCode, words)
}

func (f *fields) others(ps []m3ua.Parameter) {
	var words []string
	for _, p := range ps {
		words = append(words, fmt.Sprintf("%04x=%x", uint16(p.Tag), []byte(p.Value)))
	}
	if len(words) > 0 {
		f.add("others", "%s", strings.Join(words, " "))
	}
}

func (f *fields) destinations(d *m3ua.Destinations) {
	f.number(m3ua.TagNetworkAppearance, d.NetworkAppearance)
	f.list(m3ua.TagRoutingContext, d.RoutingContext)
	f.affected(d.Affected)
	f.octets(m3ua.TagInfoString, d.Info)
	f.others(d.Unknown)
}

func (f *fields) maintenance(m *m3ua.StateMaintenance) {
	f.number(m3ua.TagASPIdentifier, m.ASPIdentifier)
	f.octets(m3ua.TagInfoString, m.Info)
	f.others(m.Unknown)
}

func (f *fields) activation(a *m3ua.Activation) {
	if a.TrafficMode.Set {
		f.add(m3ua.TagTrafficModeType.String(), "%d", uint32(a.TrafficMode.V))
	}
	f.list(m3ua.TagRoutingContext, a.RoutingContext)
	f.octets(m3ua.TagInfoString, a.Info)
	f.others(a.Unknown)
}

func (s source) optional() m3ua.Optional[uint32] {
	if s.one(2) {
		return m3ua.Optional[uint32]{}
	}
	return m3ua.Some(s.Uint32())
}

func (s source) contexts() (v []uint32) {
	for range s.IntN(4) {
		v = append(v, s.Uint32())
	}
	return v
}

func (s source) info() wire.Hex {
	if s.one(2) {
		return nil
	}
	return s.octets(0, 0, 40)
}

func (s source) points() (v []m3ua.AffectedPointCode) {
	for range 1 + s.IntN(3) {
		v = append(v, m3ua.AffectedPointCode{Mask: s.u8(), PC: s.point()})
	}
	return v
}

func (s source) point() mtp.PointCode { return mtp.PointCode(s.Uint32N(1 << 24)) }

// unknown are parameters that no message defines, now and then.
func (s source) unknown() []m3ua.Parameter {
	if !s.one(10) {
		return nil
	}
	return []m3ua.Parameter{{Tag: m3ua.Tag(0x300 + s.IntN(0xfd00)), Value: s.octets(0, 0, 9)}}
}

// drawM3UA draws any message with any contents it can have.
func (s source) drawM3UA() m3ua.Message {
	dest := m3ua.Destinations{NetworkAppearance: s.optional(), RoutingContext: s.contexts(), Affected: s.points(), Info: s.info(), Unknown: s.unknown()}
	sm := m3ua.StateMaintenance{ASPIdentifier: s.optional(), Info: s.info(), Unknown: s.unknown()}
	down := sm
	down.ASPIdentifier = m3ua.Optional[uint32]{}
	deact := m3ua.Deactivation{RoutingContext: s.contexts(), Info: s.info(), Unknown: s.unknown()}
	act := m3ua.Activation{RoutingContext: deact.RoutingContext, Info: deact.Info, Unknown: deact.Unknown}
	if s.one(2) {
		act.TrafficMode = m3ua.Some(m3ua.TrafficMode(s.Uint32()))
	}
	beat := m3ua.Heartbeat{HeartbeatData: s.info(), Unknown: s.unknown()}
	data := &m3ua.Data{NetworkAppearance: s.optional(), RoutingContext: s.optional(), OPC: s.point(), DPC: s.point(), SI: s.u8(), NI: s.u8(), MP: s.u8(), SLS: s.u8(),
		UserData: s.octets(0, 0, 300), CorrelationID: s.optional(), Unknown: s.unknown()}
	scon := &m3ua.SCON{NetworkAppearance: dest.NetworkAppearance, RoutingContext: dest.RoutingContext, Affected: dest.Affected, Info: dest.Info, Unknown: dest.Unknown}
	if s.one(2) {
		scon.Level, scon.Concerned = m3ua.Some(s.u8()), m3ua.Some(s.point())
	}
	dupu := &m3ua.DUPU{NetworkAppearance: dest.NetworkAppearance, RoutingContext: dest.RoutingContext, Affected: dest.Affected, Info: dest.Info, Unknown: dest.Unknown,
		Cause: m3ua.UnavailabilityCause(s.u16()), User: s.u16()}
	e := &m3ua.Error{Code: m3ua.ErrorCode(s.Uint32()), RoutingContext: s.contexts(), NetworkAppearance: s.optional(), Diagnostic: s.info(), Unknown: s.unknown()}
	if s.one(3) {
		e.Affected = s.points()
	}
	return pick[m3ua.Message](s, data, data, data, data, scon, dupu, e,
		&m3ua.DUNA{Destinations: dest}, &m3ua.DAVA{Destinations: dest}, &m3ua.DAUD{Destinations: dest}, &m3ua.DRST{Destinations: dest},
		&m3ua.ASPUp{StateMaintenance: sm}, &m3ua.ASPUpAck{StateMaintenance: sm}, &m3ua.ASPDown{StateMaintenance: down}, &m3ua.ASPDownAck{StateMaintenance: down},
		&m3ua.Beat{Heartbeat: beat}, &m3ua.BeatAck{Heartbeat: beat},
		&m3ua.ASPActive{Activation: act}, &m3ua.ASPActiveAck{Activation: act}, &m3ua.ASPInactive{Deactivation: deact}, &m3ua.ASPInactiveAck{Deactivation: deact},
		&m3ua.Notify{Status: m3ua.Status(s.Uint32()), ASPIdentifier: s.optional(), RoutingContext: s.contexts(), Info: s.info(), Unknown: s.unknown()},
		s.drawRegistration(), s.drawRegistration())
}

func (s source) drawRegistration() m3ua.Message {
	key := m3ua.RoutingKey{LocalRKIdentifier: s.Uint32(), RoutingContext: s.optional(), NetworkAppearance: s.optional(), Unknown: s.unknown()}
	for range 1 + s.IntN(2) {
		d := m3ua.KeyDestination{Mask: s.u8(), PC: s.point(), ServiceIndicators: s.info()}
		if s.one(2) {
			d.OPCs = s.points()
		}
		if len(d.ServiceIndicators) == 0 {
			d.ServiceIndicators = nil
		}
		key.Destinations = append(key.Destinations, d)
	}
	return pick[m3ua.Message](s,
		&m3ua.RegistrationRequest{Keys: []m3ua.RoutingKey{key}, Unknown: s.unknown()},
		&m3ua.RegistrationResponse{Results: []m3ua.RegistrationResult{{LocalRKIdentifier: s.Uint32(), Status: m3ua.RegistrationStatus(s.Uint32()), RoutingContext: s.Uint32()}}},
		&m3ua.DeregistrationRequest{RoutingContext: append(s.contexts(), 7)},
		&m3ua.DeregistrationResponse{Results: []m3ua.DeregistrationResult{{RoutingContext: s.Uint32(), Status: m3ua.DeregistrationStatus(s.Uint32())}}})
}

func drawM3UA(s source) (octets []byte, meant fields) {
	m := s.drawM3UA()
	b, err := m.Append(nil)
	if err != nil {
		panic(err) // drawM3UA draws what can be encoded
	}
	return b, m3uaFields(m, b)
}

// drawM3UAOctets is a message to be broken; some have a parameter more, of any
// kind, and some a class and type as no message has them.
func (s source) drawM3UAOctets() []byte {
	b, _ := drawM3UA(s)
	if s.one(6) {
		tag := pick(s, m3ua.TagASPIdentifier, m3ua.TagRoutingContext, m3ua.TagInfoString, m3ua.TagNetworkAppearance, m3ua.TagCorrelationID, m3ua.TagProtocolData)
		v := s.octets(0, 4, 4)
		if tag == m3ua.TagProtocolData {
			v = append([]byte{0, 0, 0, 1, 0, 0, 0, 2, 3, 2, 0, 5}, v...)
		}
		b = append(append(b, byte(tag>>8), byte(tag&0xff), 0, byte(4+len(v))), v...)
		binary.BigEndian.PutUint32(b[4:], uint32(len(b)))
	}
	if s.one(40) {
		b[2], b[3] = 0, b[2]<<4|b[3]
	}
	return b
}
