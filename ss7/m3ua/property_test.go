package m3ua_test

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/ss7/m3ua"
	"github.com/otagate/otagate/ss7/mtp"
)

func optional(t *rapid.T, name string) m3ua.Optional[uint32] {
	if !rapid.Bool().Draw(t, name+" set") {
		return m3ua.Optional[uint32]{}
	}
	return m3ua.Some(rapid.Uint32().Draw(t, name))
}

func octets(t *rapid.T, name string) wire.Hex {
	if !rapid.Bool().Draw(t, name+" set") {
		return nil
	}
	return rapid.SliceOfN(rapid.Byte(), 0, 40).Draw(t, name)
}

func contexts(t *rapid.T) []uint32 {
	v := rapid.SliceOfN(rapid.Uint32(), 0, 4).Draw(t, "contexts")
	if len(v) == 0 {
		return nil
	}
	return v
}

func points(t *rapid.T) []m3ua.AffectedPointCode {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) m3ua.AffectedPointCode {
		return m3ua.AffectedPointCode{Mask: rapid.Byte().Draw(t, "mask"), PC: mtp.PointCode(rapid.Uint32Range(0, 1<<24-1).Draw(t, "pc"))}
	}), 1, 4).Draw(t, "affected")
}

func unknown(t *rapid.T) []m3ua.Parameter {
	if rapid.Bool().Draw(t, "no unknown") {
		return nil
	}
	return []m3ua.Parameter{{Tag: m3ua.Tag(rapid.Uint16Range(0x300, 0xffff).Draw(t, "tag")), Value: rapid.SliceOfN(rapid.Byte(), 0, 9).Draw(t, "value")}}
}

// message draws any message with any contents it can have.
func message(t *rapid.T) m3ua.Message {
	dest := func() m3ua.Destinations {
		return m3ua.Destinations{NetworkAppearance: optional(t, "na"), RoutingContext: contexts(t), Affected: points(t), Info: octets(t, "info"), Unknown: unknown(t)}
	}
	sm := func() m3ua.StateMaintenance {
		return m3ua.StateMaintenance{ASPIdentifier: optional(t, "id"), Info: octets(t, "info"), Unknown: unknown(t)}
	}
	down := func() m3ua.StateMaintenance {
		return m3ua.StateMaintenance{Info: octets(t, "info"), Unknown: unknown(t)}
	}
	act := func() m3ua.Activation {
		a := m3ua.Activation{RoutingContext: contexts(t), Info: octets(t, "info"), Unknown: unknown(t)}
		if v := optional(t, "mode"); v.Set {
			a.TrafficMode = m3ua.Some(m3ua.TrafficMode(v.V))
		}
		return a
	}
	deact := func() m3ua.Deactivation {
		return m3ua.Deactivation{RoutingContext: contexts(t), Info: octets(t, "info"), Unknown: unknown(t)}
	}
	switch rapid.IntRange(0, 18).Draw(t, "kind") {
	case 0:
		return &m3ua.DUNA{Destinations: dest()}
	case 1:
		return &m3ua.DAVA{Destinations: dest()}
	case 2:
		return &m3ua.DAUD{Destinations: dest()}
	case 3:
		return &m3ua.DRST{Destinations: dest()}
	case 4:
		return &m3ua.ASPUp{StateMaintenance: sm()}
	case 5:
		return &m3ua.ASPUpAck{StateMaintenance: sm()}
	case 6:
		return &m3ua.ASPDown{StateMaintenance: down()}
	case 7:
		return &m3ua.ASPDownAck{StateMaintenance: down()}
	case 8:
		return &m3ua.ASPActive{Activation: act()}
	case 9:
		return &m3ua.ASPActiveAck{Activation: act()}
	case 10:
		return &m3ua.ASPInactive{Deactivation: deact()}
	case 11:
		return &m3ua.ASPInactiveAck{Deactivation: deact()}
	case 12:
		return &m3ua.Beat{Heartbeat: m3ua.Heartbeat{HeartbeatData: octets(t, "data"), Unknown: unknown(t)}}
	case 13:
		return &m3ua.BeatAck{Heartbeat: m3ua.Heartbeat{HeartbeatData: octets(t, "data"), Unknown: unknown(t)}}
	case 14:
		m := &m3ua.SCON{NetworkAppearance: optional(t, "na"), RoutingContext: contexts(t), Affected: points(t), Info: octets(t, "info")}
		if rapid.Bool().Draw(t, "level") {
			m.Level = m3ua.Some(rapid.Byte().Draw(t, "l"))
			m.Concerned = m3ua.Some(mtp.PointCode(rapid.Uint32Range(0, 1<<24-1).Draw(t, "c")))
		}
		return m
	case 15:
		return &m3ua.DUPU{Affected: points(t), Cause: m3ua.UnavailabilityCause(rapid.Uint16().Draw(t, "cause")), User: rapid.Uint16().Draw(t, "user"), Unknown: unknown(t)}
	case 16:
		return &m3ua.Error{Code: m3ua.ErrorCode(rapid.Uint32().Draw(t, "code")), RoutingContext: contexts(t), NetworkAppearance: optional(t, "na"), Diagnostic: octets(t, "diag"), Unknown: unknown(t)}
	case 17:
		return &m3ua.Notify{Status: m3ua.Status(rapid.Uint32().Draw(t, "status")), ASPIdentifier: optional(t, "id"), RoutingContext: contexts(t), Info: octets(t, "info"), Unknown: unknown(t)}
	}
	return data(t)
}

func data(t *rapid.T) *m3ua.Data {
	return &m3ua.Data{NetworkAppearance: optional(t, "na"), RoutingContext: optional(t, "rc"),
		OPC: mtp.PointCode(rapid.Uint32Range(0, 1<<24-1).Draw(t, "opc")), DPC: mtp.PointCode(rapid.Uint32Range(0, 1<<24-1).Draw(t, "dpc")),
		SI: rapid.Byte().Draw(t, "si"), NI: rapid.Byte().Draw(t, "ni"), MP: rapid.Byte().Draw(t, "mp"), SLS: rapid.Byte().Draw(t, "sls"),
		UserData: rapid.SliceOfN(rapid.Byte(), 0, 300).Draw(t, "user data"), CorrelationID: optional(t, "corr"), Unknown: unknown(t)}
}

func TestDecodeOfAppendIsEqual(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := message(t)
		b, err := m.Append(nil)
		if err != nil {
			t.Fatal(err)
		}
		if len(b)%4 != 0 {
			t.Fatalf("%x is not padded", b)
		}
		got, err := m3ua.Decode(b)
		if err != nil {
			t.Fatalf("%x: %v", b, err)
		}
		if d := cmp.Diff(m, got); d != "" {
			t.Fatal(d)
		}
		j, err := m3ua.ToJSON(m)
		if err != nil {
			t.Fatal(err)
		}
		back, err := m3ua.FromJSON(j)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := back.Append(nil); err != nil || !bytes.Equal(b, again) {
			t.Fatalf("through JSON %s:\n got %x (%v)\nwant %x", j, again, err, b)
		}
	})
}
