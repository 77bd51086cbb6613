package differential

import (
	"fmt"
	"reflect"

	"github.com/wmnsk/go-m3ua/messages"
	"github.com/wmnsk/go-m3ua/messages/params"

	"github.com/otagate/otagate/ss7/m3ua"
)

// theirGoM3UA reads with go-m3ua.
func theirGoM3UA(b []byte) (fields, func() ([]byte, error), error) {
	m, err := messages.Parse(b)
	if err != nil {
		return nil, nil, err
	}
	f, err := goM3UAFields(m)
	return f, func() ([]byte, error) { return messages.MarshalBinary(m) }, err
}

// goM3UAFields are the parameters that its message has, by its own accessors.
func goM3UAFields(m messages.M3UA) (f fields, err error) {
	f.add("type", "%v", m3ua.Type(uint16(m.MessageClass())<<8|uint16(m.MessageType())))
	if g, ok := m.(*messages.Generic); ok {
		var ps []m3ua.Parameter
		for _, p := range g.Params {
			ps = append(ps, m3ua.Parameter{Tag: m3ua.Tag(p.Tag), Value: p.Data})
		}
		f.others(ps)
		return f, nil
	}
	v := reflect.ValueOf(m).Elem()
	for i := range v.NumField() {
		if p, ok := v.Field(i).Interface().(*params.Param); ok && p != nil {
			if err := f.goParameter(p); err != nil {
				return nil, err
			}
		}
	}
	return f, nil
}

func (f *fields) goParameter(p *params.Param) error {
	tag := m3ua.Tag(p.Tag)
	name := tag.String()
	switch p.Tag {
	case params.ProtocolData:
		d, err := p.ProtocolData()
		if err != nil {
			return err
		}
		f.add("opc", "%d", d.OriginatingPointCode)
		f.add("dpc", "%d", d.DestinationPointCode)
		f.add("si", "%d", d.ServiceIndicator)
		f.add("ni", "%d", d.NetworkIndicator)
		f.add("mp", "%d", d.MessagePriority)
		f.add("sls", "%d", d.SignalingLinkSelection)
		f.add("user_data", "%x", d.Data)
	case params.RoutingContext:
		f.list(tag, p.RoutingContexts())
	case params.AffectedPointCode:
		f.list(tag, p.AffectedPointCodes())
	case params.NetworkAppearance:
		f.add(name, "%d", p.NetworkAppearance())
	case params.CorrelationID:
		f.add(name, "%d", p.CorrelationID())
	case params.ConcernedDestination:
		f.add(name, "%d", p.ConcernedDestination())
	case params.CongestionIndications:
		f.add(name, "%d", p.CongestionLevel())
	case params.UserCause:
		f.add(name, "%d/%d", p.UnavailabilityCause(), p.UserIdentity())
	case params.AspIdentifier:
		f.add(name, "%d", p.AspIdentifier())
	case params.TrafficModeType:
		f.add(name, "%d", p.TrafficModeType())
	case params.ErrorCode:
		f.add(name, "%d", p.ErrorCode())
	case params.Status:
		f.add(name, "%d", p.Status())
	case params.InfoString:
		f.add(name, "%x", p.InfoString())
	case params.HeartbeatData:
		f.add(name, "%x", p.HeartbeatData())
	case params.DiagnosticInformation:
		f.add(name, "%x", p.DiagnosticInformation())
	default:
		return fmt.Errorf("a parameter %s that was not expected", name)
	}
	return nil
}

func goNumber[T ~uint32](v m3ua.Optional[T], of func(uint32) *params.Param) *params.Param {
	if !v.Set {
		return nil
	}
	return of(uint32(v.V))
}

func goContexts(v []uint32) *params.Param {
	if len(v) == 0 {
		return nil
	}
	return params.NewRoutingContext(v...)
}

func goPoints(v []m3ua.AffectedPointCode) *params.Param {
	var words []uint32
	for _, a := range v {
		words = append(words, uint32(a.Mask)<<24|uint32(a.PC))
	}
	if len(words) == 0 {
		return nil
	}
	return params.NewAffectedPointCode(words...)
}

func goInfo(v []byte) *params.Param {
	if v == nil {
		return nil
	}
	return params.NewInfoString(string(v))
}

func goOctets(v []byte, of func([]byte) *params.Param) *params.Param {
	if v == nil {
		return nil
	}
	return of(v)
}

// goM3UAWrites builds a message from values in go-m3ua's structures and
// encodes it there; those that it has no constructor for are drawn again.
func goM3UAWrites(s source) ([]byte, fields) {
	for {
		m := s.drawM3UA()
		g := goMessage(m)
		if g == nil {
			continue
		}
		f := m3uaFields(m, nil)
		if f.get("others") != absent {
			continue
		}
		b, err := messages.MarshalBinary(g)
		if err != nil {
			panic(err)
		}
		return b, f
	}
}

func goMessage(m m3ua.Message) messages.M3UA {
	na, asp := params.NewNetworkAppearance, params.NewAspIdentifier
	switch m := m.(type) {
	case *m3ua.Data:
		return messages.NewData(goNumber(m.NetworkAppearance, na), goNumber(m.RoutingContext, func(v uint32) *params.Param { return params.NewRoutingContext(v) }),
			params.NewProtocolData(uint32(m.OPC), uint32(m.DPC), m.SI, m.NI, m.MP, m.SLS, m.UserData), goNumber(m.CorrelationID, params.NewCorrelationID))
	case *m3ua.DUNA:
		return messages.NewDestinationUnavailable(goNumber(m.NetworkAppearance, na), goContexts(m.RoutingContext), goPoints(m.Affected), goInfo(m.Info))
	case *m3ua.DAVA:
		return messages.NewDestinationAvailable(goNumber(m.NetworkAppearance, na), goContexts(m.RoutingContext), goPoints(m.Affected), goInfo(m.Info))
	case *m3ua.DAUD:
		return messages.NewDestinationStateAudit(goNumber(m.NetworkAppearance, na), goContexts(m.RoutingContext), goPoints(m.Affected), goInfo(m.Info))
	case *m3ua.DRST:
		return messages.NewDestinationRestricted(goNumber(m.NetworkAppearance, na), goContexts(m.RoutingContext), goPoints(m.Affected), goInfo(m.Info))
	case *m3ua.SCON:
		var level *params.Param
		if m.Level.Set {
			level = params.NewCongestionIndications(m.Level.V)
		}
		return messages.NewSignallingCongestion(goNumber(m.NetworkAppearance, na), goContexts(m.RoutingContext), goPoints(m.Affected),
			goNumber(m.Concerned, params.NewConcernedDestination), level, goInfo(m.Info))
	case *m3ua.DUPU:
		return messages.NewDestinationUserPartUnavailable(goNumber(m.NetworkAppearance, na), goContexts(m.RoutingContext), goPoints(m.Affected),
			params.NewUserCause(m.User, uint16(m.Cause)), goInfo(m.Info))
	case *m3ua.ASPUp:
		return messages.NewAspUp(goNumber(m.ASPIdentifier, asp), goInfo(m.Info))
	case *m3ua.ASPUpAck:
		return messages.NewAspUpAck(goNumber(m.ASPIdentifier, asp), goInfo(m.Info))
	case *m3ua.ASPDown:
		return messages.NewAspDown(goInfo(m.Info))
	case *m3ua.ASPDownAck:
		return messages.NewAspDownAck(goInfo(m.Info))
	case *m3ua.Beat:
		return messages.NewHeartbeat(goOctets(m.HeartbeatData, params.NewHeartbeatData))
	case *m3ua.BeatAck:
		return messages.NewHeartbeatAck(goOctets(m.HeartbeatData, params.NewHeartbeatData))
	case *m3ua.ASPActive:
		return messages.NewAspActive(goNumber(m.TrafficMode, params.NewTrafficModeType), goContexts(m.RoutingContext), goInfo(m.Info))
	case *m3ua.ASPActiveAck:
		return messages.NewAspActiveAck(goNumber(m.TrafficMode, params.NewTrafficModeType), goContexts(m.RoutingContext), goInfo(m.Info))
	case *m3ua.ASPInactive:
		return messages.NewAspInactive(goContexts(m.RoutingContext), goInfo(m.Info))
	case *m3ua.ASPInactiveAck:
		return messages.NewAspInactiveAck(goContexts(m.RoutingContext), goInfo(m.Info))
	case *m3ua.Error:
		return messages.NewError(params.NewErrorCode(uint32(m.Code)), goContexts(m.RoutingContext), goNumber(m.NetworkAppearance, na), goPoints(m.Affected),
			goOctets(m.Diagnostic, params.NewDiagnosticInformation))
	case *m3ua.Notify:
		return messages.NewNotify(params.NewStatus(uint32(m.Status)), goNumber(m.ASPIdentifier, asp), goContexts(m.RoutingContext), goInfo(m.Info))
	}
	return nil
}
