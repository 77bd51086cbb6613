package tpdu

import "fmt"

// PID is TP-Protocol-Identifier (9.2.3.9).
type PID uint8

// Some protocol identifiers.
const (
	PIDPlain             PID = 0x00
	PIDTelematic         PID = 0x20 // to 0x3f
	PIDEmail             PID = 0x32
	PIDType0             PID = 0x40 // acknowledged and thrown away, unseen
	PIDReplaceType1      PID = 0x41 // to 0x47
	PIDReturnCall        PID = 0x5f
	PIDANSI136           PID = 0x7c
	PIDMEDataDownload    PID = 0x7d
	PIDDepersonalization PID = 0x7e
	PIDSIMDataDownload   PID = 0x7f
)

func (p PID) String() string {
	switch p {
	case PIDPlain:
		return "plain"
	case PIDEmail:
		return "e-mail"
	case PIDType0:
		return "type 0, silent"
	case PIDReturnCall:
		return "return call"
	case PIDANSI136:
		return "ANSI-136 R-DATA"
	case PIDMEDataDownload:
		return "ME data download"
	case PIDDepersonalization:
		return "ME de-personalization"
	case PIDSIMDataDownload:
		return "(U)SIM data download"
	}
	switch {
	case p < PIDTelematic:
		return fmt.Sprintf("SME to SME protocol %d", p)
	case p < PIDType0:
		return fmt.Sprintf("telematic device %d", p-PIDTelematic)
	case p >= PIDReplaceType1 && p < PIDReplaceType1+7:
		return fmt.Sprintf("replace short message type %d", p-PIDType0)
	case p >= 0xc0:
		return "SC specific"
	}
	return "reserved"
}
