package sccp

import "strconv"

// SSN is a subsystem number.
type SSN uint8

// Subsystem numbers that ANSI-41 and GSM MAP share. MC and OTAF are from
// memory; no public text that gives them was found.
const (
	SSNManagement SSN = 1
	SSNMAP        SSN = 5
	SSNHLR        SSN = 6
	SSNVLR        SSN = 7
	SSNMSC        SSN = 8
	SSNEIR        SSN = 9
	SSNAC         SSN = 10
	SSNMC         SSN = 11
	SSNOTAF       SSN = 12
)

func (n SSN) String() string {
	switch n {
	case SSNManagement:
		return "SCCP management"
	case SSNMAP:
		return "MAP"
	case SSNHLR:
		return "HLR"
	case SSNVLR:
		return "VLR"
	case SSNMSC:
		return "MSC"
	case SSNEIR:
		return "EIR"
	case SSNAC:
		return "AC"
	case SSNMC:
		return "MC, unverified"
	case SSNOTAF:
		return "OTAF, unverified"
	}
	return "SSN " + strconv.Itoa(int(n))
}
