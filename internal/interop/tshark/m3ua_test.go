//go:build interop

package tshark_test

import (
	"encoding/hex"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/ss7/m3ua"
	"github.com/otagate/otagate/ss7/mtp"
)

var m3uaTable = &table{
	columns: []column{
		{"version", "m3ua.version", number},
		{"reserved", "m3ua.reserved", number},
		{"message_class", "m3ua.message_class", number},
		{"message_type", "m3ua.message_type", number},
		{"message_length", "m3ua.message_length", number},
		{"parameter tag", "m3ua.parameter_tag", number},
		{"parameter length", "m3ua.parameter_length", number},
		{"parameter padding", "m3ua.parameter_padding", octets},
		{"parameter value", "m3ua.parameter_value", octets},
		{"network_appearance", "m3ua.network_appearance", number},
		{"info_string", "m3ua.info_string", raw},
		{"routing_context", "m3ua.routing_context", number},
		{"diagnostic_information", "m3ua.diagnostic_information", octets},
		{"heartbeat_data", "m3ua.heartbeat_data", octets},
		{"error_code", "m3ua.error_code", number},
		{"status type", "m3ua.status_type", number},
		{"status information", "m3ua.status_info", number},
		{"asp_identifier", "m3ua.asp_identifier", number},
		{"affected mask", "m3ua.affected_point_code_mask", number},
		{"affected point code", "m3ua.affected_point_code_pc", number},
		{"cause", "m3ua.unavailability_cause", number},
		{"user", "m3ua.user_identity", number},
		{"traffic_mode_type", "m3ua.traffic_mode_type", number},
		{"congestion reserved", "m3ua.congestion_reserved", octets},
		{"congestion level", "m3ua.congestion_level", number},
		{"concerned reserved", "m3ua.concerned_reserved", octets},
		{"concerned destination", "m3ua.concerned_dpc", number},
		{"local_rk_identifier", "m3ua.local_rk_identifier", number},
		{"destination mask", "m3ua.dpc_mask", number},
		{"destination point code", "m3ua.dpc_pc", number},
		{"service indicator", "m3ua.si", number},
		{"originating mask", "m3ua.opc_list_mask", number},
		{"originating point code", "m3ua.opc_list_pc", number},
		{"opc", "m3ua.protocol_data_opc", number},
		{"dpc", "m3ua.protocol_data_dpc", number},
		{"si", "m3ua.protocol_data_si", number},
		{"ni", "m3ua.protocol_data_ni", number},
		{"mp", "m3ua.protocol_data_mp", number},
		{"sls", "m3ua.protocol_data_sls", number},
		{"user_data", "data.data", octets},
		{"correlation_id", "m3ua.correlation_identifier", number},
		{"registration_status", "m3ua.registration_status", number},
		{"deregistration_status", "m3ua.deregistration_status", number},
	},
	ignored: map[string]string{
		"data": "heading", "data.len": "length of the user data, which data.data shows",
		"q708.sanc": "the name of an international point code", "q708.ispc_name": "the name of an international point code", "q708.ispc_operator_name": "the name of an international point code",
		"mtp3.opc": "the OPC again", "mtp3.dpc": "the DPC again", "mtp3.pc": "OPC and DPC again",
		"mtp3.ni": "the NI again", "mtp3.sls": "the SLS again",
	},
}

// m3uaSample builds the parameters' expected fields in the order of the wire.
type m3uaSample struct {
	*sample
	t *rapid.T
}

func (s m3uaSample) parameter(tag m3ua.Tag, n int) {
	s.number("parameter tag", uint64(tag))
	s.number("parameter length", uint64(n+4))
}

func (s m3uaSample) pad(n int) {
	if n%4 != 0 {
		s.add("parameter padding", strings.Repeat("00", 4-n%4))
	}
}

func (s m3uaSample) u32(tag m3ua.Tag, ours string, v m3ua.Optional[uint32]) {
	if v.Set {
		s.parameter(tag, 4)
		s.number(ours, uint64(v.V))
	}
}

func (s m3uaSample) list(tag m3ua.Tag, ours string, v []uint32) {
	if len(v) > 0 {
		s.parameter(tag, 4*len(v))
	}
	for _, n := range v {
		s.number(ours, uint64(n))
	}
}

func (s m3uaSample) value(tag m3ua.Tag, ours string, v wire.Hex) {
	if v == nil {
		return
	}
	s.parameter(tag, len(v))
	s.octets(ours, v)
	s.pad(len(v))
}

func (s m3uaSample) unknown(ps []m3ua.Parameter) {
	for _, p := range ps {
		s.value(p.Tag, "parameter value", p.Value)
	}
}

func (s m3uaSample) affected(as []m3ua.AffectedPointCode) {
	s.points(m3ua.TagAffectedPointCode, "affected mask", "affected point code", as)
}

func (s m3uaSample) points(tag m3ua.Tag, mask, pc string, as []m3ua.AffectedPointCode) {
	if len(as) > 0 {
		s.parameter(tag, 4*len(as))
	}
	for _, a := range as {
		s.number(mask, uint64(a.Mask))
		s.number(pc, uint64(a.PC))
	}
}

// The generators.

func (s m3uaSample) optional(name string) m3ua.Optional[uint32] {
	if !rapid.Bool().Draw(s.t, name+" set") {
		return m3ua.Optional[uint32]{}
	}
	return m3ua.Some(rapid.Uint32().Draw(s.t, name))
}

func (s m3uaSample) hex(name string) wire.Hex {
	if !rapid.Bool().Draw(s.t, name+" set") {
		return nil
	}
	return rapid.SliceOfN(rapid.Byte(), 1, 40).Draw(s.t, name)
}

// info is text: Wireshark remarks on what stands behind a NUL.
func (s m3uaSample) info() wire.Hex {
	if !rapid.Bool().Draw(s.t, "info set") {
		return nil
	}
	return wire.Hex(rapid.StringN(1, 20, 40).Filter(func(v string) bool { return !strings.Contains(v, "\x00") }).Draw(s.t, "info"))
}

func (s m3uaSample) contexts() []uint32 {
	return rapid.SliceOfN(rapid.Uint32(), 0, 4).Draw(s.t, "contexts")
}

func (s m3uaSample) pc(name string) mtp.PointCode {
	return mtp.PointCode(rapid.Uint32Range(0, 1<<24-1).Draw(s.t, name))
}

func (s m3uaSample) drawPoints(name string) []m3ua.AffectedPointCode {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) m3ua.AffectedPointCode {
		return m3ua.AffectedPointCode{Mask: rapid.Byte().Draw(t, "mask"), PC: mtp.PointCode(rapid.Uint32Range(0, 1<<24-1).Draw(t, "pc"))}
	}), 1, 4).Draw(s.t, name)
}

func (s m3uaSample) drawUnknown() []m3ua.Parameter {
	if rapid.Bool().Draw(s.t, "no unknown") {
		return nil
	}
	tag := m3ua.Tag(rapid.Uint16Range(0x300, 0xffff).Draw(s.t, "tag"))
	return []m3ua.Parameter{{Tag: tag, Value: rapid.SliceOfN(rapid.Byte(), 0, 9).Draw(s.t, "value")}}
}

func (s m3uaSample) destinations() m3ua.Destinations {
	d := m3ua.Destinations{NetworkAppearance: s.optional("na"), RoutingContext: s.contexts(), Affected: s.drawPoints("affected"), Info: s.info(), Unknown: s.drawUnknown()}
	s.u32(m3ua.TagNetworkAppearance, "network_appearance", d.NetworkAppearance)
	s.list(m3ua.TagRoutingContext, "routing_context", d.RoutingContext)
	s.affected(d.Affected)
	s.value(m3ua.TagInfoString, "info_string", d.Info)
	s.unknown(d.Unknown)
	return d
}

func (s m3uaSample) state() m3ua.StateMaintenance {
	id := s.optional("id")
	s.u32(m3ua.TagASPIdentifier, "asp_identifier", id)
	m := s.down()
	m.ASPIdentifier = id
	return m
}

func (s m3uaSample) down() m3ua.StateMaintenance {
	m := m3ua.StateMaintenance{Info: s.info(), Unknown: s.drawUnknown()}
	s.value(m3ua.TagInfoString, "info_string", m.Info)
	s.unknown(m.Unknown)
	return m
}

func (s m3uaSample) activation() m3ua.Activation {
	m := m3ua.Activation{RoutingContext: s.contexts(), Info: s.info(), Unknown: s.drawUnknown()}
	if rapid.Bool().Draw(s.t, "mode set") {
		m.TrafficMode = m3ua.Some(m3ua.TrafficMode(rapid.Uint32Range(0, 9).Draw(s.t, "mode")))
		s.parameter(m3ua.TagTrafficModeType, 4)
		s.number("traffic_mode_type", uint64(m.TrafficMode.V))
	}
	s.list(m3ua.TagRoutingContext, "routing_context", m.RoutingContext)
	s.value(m3ua.TagInfoString, "info_string", m.Info)
	s.unknown(m.Unknown)
	return m
}

func (s m3uaSample) deactivation() m3ua.Deactivation {
	m := m3ua.Deactivation{RoutingContext: s.contexts(), Info: s.info(), Unknown: s.drawUnknown()}
	s.list(m3ua.TagRoutingContext, "routing_context", m.RoutingContext)
	s.value(m3ua.TagInfoString, "info_string", m.Info)
	s.unknown(m.Unknown)
	return m
}

func (s m3uaSample) heartbeat() m3ua.Heartbeat {
	m := m3ua.Heartbeat{HeartbeatData: s.hex("data"), Unknown: s.drawUnknown()}
	s.value(m3ua.TagHeartbeatData, "heartbeat_data", m.HeartbeatData)
	s.unknown(m.Unknown)
	return m
}

func (s m3uaSample) scon() *m3ua.SCON {
	m := &m3ua.SCON{NetworkAppearance: s.optional("na"), RoutingContext: s.contexts(), Affected: s.drawPoints("affected")}
	s.u32(m3ua.TagNetworkAppearance, "network_appearance", m.NetworkAppearance)
	s.list(m3ua.TagRoutingContext, "routing_context", m.RoutingContext)
	s.affected(m.Affected)
	if rapid.Bool().Draw(s.t, "concerned") {
		m.Concerned = m3ua.Some(s.pc("concerned"))
		s.parameter(m3ua.TagConcernedDestination, 4)
		s.add("concerned reserved", "00")
		s.number("concerned destination", uint64(m.Concerned.V))
	}
	if rapid.Bool().Draw(s.t, "level") {
		m.Level = m3ua.Some(rapid.Byte().Draw(s.t, "level"))
		s.parameter(m3ua.TagCongestionIndications, 4)
		s.add("congestion reserved", "000000")
		s.number("congestion level", uint64(m.Level.V))
	}
	m.Info, m.Unknown = s.info(), s.drawUnknown()
	s.value(m3ua.TagInfoString, "info_string", m.Info)
	s.unknown(m.Unknown)
	return m
}

func (s m3uaSample) dupu() *m3ua.DUPU {
	m := &m3ua.DUPU{NetworkAppearance: s.optional("na"), RoutingContext: s.contexts(), Affected: s.drawPoints("affected"),
		Cause: m3ua.UnavailabilityCause(rapid.Uint16().Draw(s.t, "cause")), User: rapid.Uint16().Draw(s.t, "user"),
		Info: s.info(), Unknown: s.drawUnknown()}
	s.u32(m3ua.TagNetworkAppearance, "network_appearance", m.NetworkAppearance)
	s.list(m3ua.TagRoutingContext, "routing_context", m.RoutingContext)
	s.affected(m.Affected)
	s.parameter(m3ua.TagUserCause, 4)
	s.number("cause", uint64(m.Cause))
	s.number("user", uint64(m.User))
	s.value(m3ua.TagInfoString, "info_string", m.Info)
	s.unknown(m.Unknown)
	return m
}

func (s m3uaSample) err() *m3ua.Error {
	m := &m3ua.Error{Code: m3ua.ErrorCode(rapid.Uint32().Draw(s.t, "code")), RoutingContext: s.contexts(), NetworkAppearance: s.optional("na"),
		Diagnostic: s.hex("diagnostic"), Unknown: s.drawUnknown()}
	s.parameter(m3ua.TagErrorCode, 4)
	s.number("error_code", uint64(m.Code))
	s.list(m3ua.TagRoutingContext, "routing_context", m.RoutingContext)
	s.u32(m3ua.TagNetworkAppearance, "network_appearance", m.NetworkAppearance)
	if rapid.Bool().Draw(s.t, "affected set") {
		m.Affected = s.drawPoints("affected")
		s.affected(m.Affected)
	}
	s.value(m3ua.TagDiagnosticInformation, "diagnostic_information", m.Diagnostic)
	s.unknown(m.Unknown)
	return m
}

func (s m3uaSample) notify() *m3ua.Notify {
	m := &m3ua.Notify{Status: m3ua.Status(rapid.Uint32().Draw(s.t, "status")), ASPIdentifier: s.optional("id"), RoutingContext: s.contexts(),
		Info: s.info(), Unknown: s.drawUnknown()}
	s.parameter(m3ua.TagStatus, 4)
	s.number("status type", uint64(m.Status>>16))
	s.number("status information", uint64(m.Status&0xffff))
	s.u32(m3ua.TagASPIdentifier, "asp_identifier", m.ASPIdentifier)
	s.list(m3ua.TagRoutingContext, "routing_context", m.RoutingContext)
	s.value(m3ua.TagInfoString, "info_string", m.Info)
	s.unknown(m.Unknown)
	return m
}

func (s m3uaSample) data() *m3ua.Data {
	m := &m3ua.Data{NetworkAppearance: s.optional("na"), RoutingContext: s.optional("rc"), OPC: s.pc("opc"), DPC: s.pc("dpc"),
		SI: rapid.Byte().Draw(s.t, "si"), NI: rapid.Byte().Draw(s.t, "ni"), MP: rapid.Byte().Draw(s.t, "mp"), SLS: rapid.Byte().Draw(s.t, "sls"),
		UserData: rapid.SliceOfN(rapid.Byte(), 1, 300).Draw(s.t, "user data"), CorrelationID: s.optional("corr"), Unknown: s.drawUnknown()}
	s.u32(m3ua.TagNetworkAppearance, "network_appearance", m.NetworkAppearance)
	s.u32(m3ua.TagRoutingContext, "routing_context", m.RoutingContext)
	s.parameter(m3ua.TagProtocolData, 12+len(m.UserData))
	for name, v := range map[string]uint64{"opc": uint64(m.OPC), "dpc": uint64(m.DPC), "si": uint64(m.SI), "ni": uint64(m.NI), "mp": uint64(m.MP), "sls": uint64(m.SLS)} {
		s.number(name, v)
	}
	s.octets("user_data", m.UserData)
	s.pad(len(m.UserData))
	s.u32(m3ua.TagCorrelationID, "correlation_id", m.CorrelationID)
	s.unknown(m.Unknown)
	return m
}

func (s m3uaSample) registration() *m3ua.RegistrationRequest {
	m := &m3ua.RegistrationRequest{}
	for range rapid.IntRange(1, 3).Draw(s.t, "keys") {
		m.Keys = append(m.Keys, s.key())
	}
	return m
}

// key draws a routing key; its length, which stands first, follows from the parts.
func (s m3uaSample) key() m3ua.RoutingKey {
	k := m3ua.RoutingKey{LocalRKIdentifier: rapid.Uint32().Draw(s.t, "id"), RoutingContext: s.optional("rc"), NetworkAppearance: s.optional("na")}
	inner := m3uaSample{s.sub(), s.t}
	n := 8
	inner.u32(m3ua.TagLocalRKIdentifier, "local_rk_identifier", m3ua.Some(k.LocalRKIdentifier))
	if inner.u32(m3ua.TagRoutingContext, "routing_context", k.RoutingContext); k.RoutingContext.Set {
		n += 8
	}
	if rapid.Bool().Draw(s.t, "mode set") {
		k.TrafficMode = m3ua.Some(m3ua.TrafficMode(rapid.Uint32Range(0, 9).Draw(s.t, "mode")))
		inner.u32(m3ua.TagTrafficModeType, "traffic_mode_type", m3ua.Some(uint32(k.TrafficMode.V)))
		n += 8
	}
	if inner.u32(m3ua.TagNetworkAppearance, "network_appearance", k.NetworkAppearance); k.NetworkAppearance.Set {
		n += 8
	}
	for range rapid.IntRange(1, 2).Draw(s.t, "destinations") {
		d := m3ua.KeyDestination{Mask: rapid.Byte().Draw(s.t, "mask"), PC: s.pc("dpc")}
		inner.points(m3ua.TagDestinationPointCode, "destination mask", "destination point code", []m3ua.AffectedPointCode{{Mask: d.Mask, PC: d.PC}})
		n += 8
		if rapid.Bool().Draw(s.t, "si set") {
			d.ServiceIndicators = rapid.SliceOfN(rapid.Byte(), 1, 6).Draw(s.t, "si")
			inner.parameter(m3ua.TagServiceIndicators, len(d.ServiceIndicators))
			for _, si := range d.ServiceIndicators {
				inner.number("service indicator", uint64(si))
			}
			inner.pad(len(d.ServiceIndicators))
			n += 4 + (len(d.ServiceIndicators)+3)&^3
		}
		if rapid.Bool().Draw(s.t, "opc set") {
			d.OPCs = s.drawPoints("opcs")
			inner.points(m3ua.TagOriginatingPointCodes, "originating mask", "originating point code", d.OPCs)
			n += 4 + 4*len(d.OPCs)
		}
		k.Destinations = append(k.Destinations, d)
	}
	s.parameter(m3ua.TagRoutingKey, n)
	s.values = append(s.values, inner.values...)
	return k
}

func (s m3uaSample) registered() *m3ua.RegistrationResponse {
	m := &m3ua.RegistrationResponse{}
	for range rapid.IntRange(1, 3).Draw(s.t, "results") {
		r := m3ua.RegistrationResult{LocalRKIdentifier: rapid.Uint32().Draw(s.t, "id"), Status: m3ua.RegistrationStatus(rapid.Uint32().Draw(s.t, "status")), RoutingContext: rapid.Uint32().Draw(s.t, "rc")}
		s.parameter(m3ua.TagRegistrationResult, 24)
		s.u32(m3ua.TagLocalRKIdentifier, "local_rk_identifier", m3ua.Some(r.LocalRKIdentifier))
		s.u32(m3ua.TagRegistrationStatus, "registration_status", m3ua.Some(uint32(r.Status)))
		s.u32(m3ua.TagRoutingContext, "routing_context", m3ua.Some(r.RoutingContext))
		m.Results = append(m.Results, r)
	}
	return m
}

func (s m3uaSample) deregistered() *m3ua.DeregistrationResponse {
	m := &m3ua.DeregistrationResponse{}
	for range rapid.IntRange(1, 3).Draw(s.t, "results") {
		r := m3ua.DeregistrationResult{RoutingContext: rapid.Uint32().Draw(s.t, "rc"), Status: m3ua.DeregistrationStatus(rapid.Uint32().Draw(s.t, "status"))}
		s.parameter(m3ua.TagDeregistrationResult, 16)
		s.u32(m3ua.TagRoutingContext, "routing_context", m3ua.Some(r.RoutingContext))
		s.u32(m3ua.TagDeregistrationStatus, "deregistration_status", m3ua.Some(uint32(r.Status)))
		m.Results = append(m.Results, r)
	}
	return m
}

func (s m3uaSample) deregistration() *m3ua.DeregistrationRequest {
	m := &m3ua.DeregistrationRequest{RoutingContext: rapid.SliceOfN(rapid.Uint32(), 1, 4).Draw(s.t, "contexts")}
	s.list(m3ua.TagRoutingContext, "routing_context", m.RoutingContext)
	return m
}

func (s m3uaSample) any() m3ua.Message {
	switch rapid.IntRange(0, 22).Draw(s.t, "kind") {
	case 0:
		return &m3ua.DUNA{Destinations: s.destinations()}
	case 1:
		return &m3ua.DAVA{Destinations: s.destinations()}
	case 2:
		return &m3ua.DAUD{Destinations: s.destinations()}
	case 3:
		return &m3ua.DRST{Destinations: s.destinations()}
	case 4:
		return &m3ua.ASPUp{StateMaintenance: s.state()}
	case 5:
		return &m3ua.ASPUpAck{StateMaintenance: s.state()}
	case 6:
		return &m3ua.ASPDown{StateMaintenance: s.down()}
	case 7:
		return &m3ua.ASPDownAck{StateMaintenance: s.down()}
	case 8:
		return &m3ua.ASPActive{Activation: s.activation()}
	case 9:
		return &m3ua.ASPActiveAck{Activation: s.activation()}
	case 10:
		return &m3ua.ASPInactive{Deactivation: s.deactivation()}
	case 11:
		return &m3ua.ASPInactiveAck{Deactivation: s.deactivation()}
	case 12:
		return &m3ua.Beat{Heartbeat: s.heartbeat()}
	case 13:
		return &m3ua.BeatAck{Heartbeat: s.heartbeat()}
	case 14:
		return s.scon()
	case 15:
		return s.dupu()
	case 16:
		return s.err()
	case 17:
		return s.notify()
	case 18:
		return s.registration()
	case 19:
		return s.registered()
	case 20:
		return s.deregistration()
	case 21:
		return s.deregistered()
	}
	return s.data()
}

func drawM3UA(t *rapid.T) *sample {
	s := m3uaSample{&sample{table: m3uaTable}, t}
	m := s.any()
	b, err := m.Append(nil)
	if err != nil {
		panic(hex.EncodeToString(b) + ": " + err.Error())
	}
	s.kind, s.message = m.Type().String(), m
	s.packet = packet{at: protocol("m3ua"), octets: b}
	s.number("version", 1)
	s.number("reserved", 0)
	s.number("message_class", uint64(m.Type().Class()))
	s.number("message_type", uint64(m.Type().Number()))
	s.number("message_length", uint64(len(b)))
	return s.sample
}

var m3uaOptions = append([]string{"-o", "mtp3.standard:ANSI"}, disable("mtp3mg", "sccp", "isup", "bicc", "alcap", "tup", "h248", "sua")...)

func TestM3UA(t *testing.T) { m3uaBatch().run(t) }

func m3uaBatch() *batch {
	return &batch{
		name: "M3UA, all messages", against: "m3ua", protocols: []string{"m3ua", "fake-field-wrapper"}, table: m3uaTable, draw: drawM3UA,
		options: m3uaOptions,
	}
}
