package ansi41

import (
	"fmt"

	"github.com/otagate/otagate/ss7/mtp"
)

// MSCID names a mobile switching centre: the system's MarketID, which is its
// SID, and the number of the switch in it.
//
//	octets 1-2  MarketID
//	octet 3     SwitchNumber
type MSCID struct {
	MarketID     uint16
	SwitchNumber uint8
}

// String is market-switch.
func (m MSCID) String() string { return fmt.Sprintf("%d-%d", m.MarketID, m.SwitchNumber) }

// ExtendedMSCID is an MSCID with a type octet before it.
type ExtendedMSCID struct {
	Type         uint8
	MarketID     uint16
	SwitchNumber uint8
}

// CDMANetworkIdentification is the SID and NID that the base station sends.
type CDMANetworkIdentification struct {
	SID, NID uint16
}

// AuthorizationPeriod says how long an authorization lasts. The codes are
// 1 per call, 2 hours, 3 days, 4 weeks, 5 per agreement, 6 indefinite and
// 7 number of calls.
type AuthorizationPeriod struct {
	Period, Value uint8
}

// PCSSN is the parameter PC_SSN, an SS7 address with a type before it.
//
//	octet 1     type
//	octets 2-4  member, cluster, network
//	octet 5     subsystem number
type PCSSN struct {
	Type uint8
	PC   mtp.PointCode
	SSN  uint8
}

func readMSCID(s *set, o *Optional[MSCID]) {
	if !s.ready(o.OK) {
		return
	}
	l := s.c.Enter(s.n, s.info.Name)
	*o = Some(MSCID{MarketID: s.c.U16("MarketID"), SwitchNumber: s.c.U8("SwitchNumber")})
	s.c.Leave(l)
}

func appendMSCID(dst []byte, o Optional[MSCID]) []byte {
	if !o.OK {
		return dst
	}
	return append(dst, 0x80|byte(ParamMSCID), 3, byte(o.V.MarketID>>8), byte(o.V.MarketID), o.V.SwitchNumber)
}

func readExtendedMSCID(s *set, o *Optional[ExtendedMSCID]) {
	if !s.ready(o.OK) {
		return
	}
	l := s.c.Enter(s.n, s.info.Name)
	o.V.Type = s.c.U8("Type")
	o.V.MarketID = s.c.U16("MarketID")
	o.V.SwitchNumber = s.c.U8("SwitchNumber")
	o.OK = true
	s.c.Leave(l)
}

func appendExtendedMSCID(dst []byte, o Optional[ExtendedMSCID]) []byte {
	if !o.OK {
		return dst
	}
	dst = appendHeader(dst, ParamExtendedMSCID, 4)
	return append(dst, o.V.Type, byte(o.V.MarketID>>8), byte(o.V.MarketID), o.V.SwitchNumber)
}

func readCDMANetwork(s *set, o *Optional[CDMANetworkIdentification]) {
	if !s.ready(o.OK) {
		return
	}
	l := s.c.Enter(s.n, s.info.Name)
	*o = Some(CDMANetworkIdentification{SID: s.c.U16("SID"), NID: s.c.U16("NID")})
	s.c.Leave(l)
}

func appendCDMANetwork(dst []byte, o Optional[CDMANetworkIdentification]) []byte {
	if !o.OK {
		return dst
	}
	dst = appendHeader(dst, ParamCDMANetworkIdentification, 4)
	return append(dst, byte(o.V.SID>>8), byte(o.V.SID), byte(o.V.NID>>8), byte(o.V.NID))
}

func readAuthorizationPeriod(s *set, o *Optional[AuthorizationPeriod]) {
	if !s.ready(o.OK) {
		return
	}
	l := s.c.Enter(s.n, s.info.Name)
	*o = Some(AuthorizationPeriod{Period: s.c.U8("Period"), Value: s.c.U8("Value")})
	s.c.Leave(l)
}

func appendAuthorizationPeriod(dst []byte, o Optional[AuthorizationPeriod]) []byte {
	if !o.OK {
		return dst
	}
	return append(appendHeader(dst, ParamAuthorizationPeriod, 2), o.V.Period, o.V.Value)
}

func readPCSSN(s *set, o *Optional[PCSSN]) {
	if !s.ready(o.OK) {
		return
	}
	l := s.c.Enter(s.n, s.info.Name)
	o.V.Type = s.c.U8("Type")
	o.V.PC = readPointCode(&s.c)
	o.V.SSN = s.c.U8("SSN")
	o.OK = true
	s.c.Leave(l)
}

func (w *writer) pcssn(o Optional[PCSSN]) {
	if !o.OK {
		return
	}
	w.dst = append(appendHeader(w.dst, ParamPCSSN, 5), o.V.Type)
	w.pointCode("PC_SSN", o.V.PC, o.V.SSN)
}
