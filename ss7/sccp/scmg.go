package sccp

import (
	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/ss7/mtp"
)

// ManagementFormat is the kind of an SCCP management message (T1.112.3 §5,
// Q.713 §5).
type ManagementFormat uint8

// The formats that both variants have.
const (
	SubsystemAllowed    ManagementFormat = 1
	SubsystemProhibited ManagementFormat = 2
	SubsystemStatusTest ManagementFormat = 3
	OutOfServiceRequest ManagementFormat = 4
	OutOfServiceGrant   ManagementFormat = 5
)

// Management is an SCCP management message: the data of a UDT between the
// subsystems 1 of two nodes.
//
//	format | affected SSN | affected point code, 3 octets ANSI, 2 ITU | subsystem multiplicity | …
//
// What formats of one variant add behind that stays in Rest.
type Management struct {
	Variant      Variant
	Format       ManagementFormat
	Affected     SSN
	PointCode    mtp.PointCode
	Multiplicity uint8
	Rest         []byte
}

// Append appends m in wire form to dst.
func (m *Management) Append(dst []byte) ([]byte, error) {
	dst = append(dst, byte(m.Format), byte(m.Affected))
	if m.Variant == ANSI {
		dst = append(dst, m.PointCode.Member(), m.PointCode.Cluster(), m.PointCode.Network())
	} else {
		if m.PointCode > 0x3fff {
			return dst, wire.Unencodable(proto, "affected point code", wire.ErrTooLong)
		}
		dst = append(dst, byte(m.PointCode), byte(m.PointCode>>8))
	}
	return append(append(dst, m.Multiplicity), m.Rest...), nil
}

// Decode fills m from b, a message of the form m.Variant says.
func (m *Management) Decode(b []byte) error {
	c := wire.NewCursor(proto, b)
	m.Format = ManagementFormat(c.U8("format identifier"))
	m.Affected = SSN(c.U8("affected SSN"))
	pc := c.Bytes(m.Variant.pointCodeLen(), "affected point code")
	m.Multiplicity = c.U8("subsystem multiplicity indicator")
	m.Rest = c.Rest("rest")
	if c.Err() != nil {
		return c.Err()
	}
	if m.Variant == ANSI {
		m.PointCode = mtp.ANSI(pc[2], pc[1], pc[0])
	} else {
		m.PointCode = mtp.PointCode(pc[0]) | mtp.PointCode(pc[1]&0x3f)<<8
	}
	return nil
}

// manage answers a test of one of our subsystems with SSA when it has a user.
// Silence says that it has none; all else is counted only.
func (e *Endpoint) manage(u *Unitdata) {
	m := Management{Variant: e.cfg.Variant}
	if err := m.Decode(u.Data); err != nil {
		e.count(Malformed)
		return
	}
	ours := m.Affected == SSNManagement || e.user(m.Affected) != nil
	if m.Format != SubsystemStatusTest || m.PointCode != e.cfg.OPC || !ours {
		e.count(ManagementIgnored)
		return
	}
	m.Format, m.Rest = SubsystemAllowed, nil
	b, err := m.Append(nil)
	if err != nil {
		e.count(NotSent)
		return
	}
	v := e.cfg.Variant
	err = e.Unitdata(Unitdata{
		Called:  PointCodeAddress(v, u.Peer, SSNManagement),
		Calling: PointCodeAddress(v, e.cfg.OPC, SSNManagement),
		Data:    b,
	})
	if err == nil {
		e.count(ManagementAnswered)
	}
}
