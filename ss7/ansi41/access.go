package ansi41

// SystemAccessType tells how the terminal came to the system.
type SystemAccessType uint8

// AccessOTASP is the access type of a provisioning call.
const AccessOTASP SystemAccessType = 9

var systemAccessTypes = [...]string{
	"not used", "unspecified", "flash", "autonomous registration", "call origination", "page response",
	"no access", "power-down registration", "SMS page response", "OTASP",
}

func (v SystemAccessType) String() string { return nameOf(systemAccessTypes[:], uint8(v)) }

// QualificationInformationCode says what a registration asks for.
type QualificationInformationCode uint8

var qualificationInformationCodes = [...]string{
	"not used", "no information", "validation only", "validation and profile", "profile only",
}

func (v QualificationInformationCode) String() string {
	return nameOf(qualificationInformationCodes[:], uint8(v))
}

// DeregistrationType says why a terminal becomes inactive.
type DeregistrationType uint8

var deregistrationTypes = [...]string{"not used", "unspecified", "administrative", "MS power-down"}

func (v DeregistrationType) String() string { return nameOf(deregistrationTypes[:], uint8(v)) }

// AvailabilityType says why a registered terminal cannot be reached.
type AvailabilityType uint8

var availabilityTypes = [...]string{1: "unspecified"}

func (v AvailabilityType) String() string { return nameOf(availabilityTypes[:], uint8(v)) }

// TerminalType is the standard that a terminal follows.
type TerminalType uint8

var terminalTypes = [...]string{
	0: "not used", 1: "not distinguished", 2: "IS-54-B", 3: "IS-136", 4: "J-STD-011", 32: "IS-95",
	33: "IS-95-B", 34: "J-STD-008", 35: "TIA/EIA-95-B", 36: "IS-2000", 64: "IS-88", 65: "IS-94",
	66: "IS-91", 67: "J-STD-014", 68: "TIA-553-A", 69: "IS-91-A",
}

func (v TerminalType) String() string { return nameOf(terminalTypes[:], uint8(v)) }

// SystemMyTypeCode is the maker of a system. Makers number themselves, so the
// list is neither complete nor binding.
type SystemMyTypeCode uint8

var systemMyTypeCodes = [...]string{
	"not used", "EDS", "Astronet", "Lucent", "Ericsson", "GTE", "Motorola", "NEC", "Nortel", "NovAtel",
	"Plexsys", "DEC", "INET", "Bellcore", "Alcatel SEL", "Compaq", "Qualcomm", "Aldiscon", "Celcore",
	"Telos", "ADI", "Coral", "Synacom", "DSC", "MCI", "NewNet", "Sema", "LG", "CBIS", "Siemens",
	"Samsung", "ReadyCom", "AG Communication", "Hughes", "Phoenix",
}

func (v SystemMyTypeCode) String() string { return nameOf(systemMyTypeCodes[:], uint8(v)) }
