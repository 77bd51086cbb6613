package ansi41

// TypeOfDigits is the first octet of DigitsType.
type TypeOfDigits uint8

var typesOfDigits = [...]string{
	0: "not used", 1: "dialed number", 2: "calling party number", 3: "caller interaction",
	4: "routing number", 5: "billing number", 6: "destination number", 7: "LATA", 8: "carrier",
}

func (v TypeOfDigits) String() string { return nameOf(typesOfDigits[:], uint8(v)) }

// NatureOfNumber is the second octet of DigitsType, a set of bits.
type NatureOfNumber uint8

// The bits of NatureOfNumber.
const (
	NatureInternational      NatureOfNumber = 0x01
	NatureRestricted         NatureOfNumber = 0x02
	NatureNumberNotAvailable NatureOfNumber = 0x04
)

func (v NatureOfNumber) String() string {
	s := "national"
	if v&NatureInternational != 0 {
		s = "international"
	}
	if v&NatureRestricted != 0 {
		s += ", presentation restricted"
	}
	if v&NatureNumberNotAvailable != 0 {
		s += ", number not available"
	}
	return s + ", " + screening[v>>4&3]
}

var screening = [...]string{"user provided, not screened", "user provided, screening passed",
	"user provided, screening failed", "network provided"}

// NumberingPlan is the high half of the third octet of DigitsType.
type NumberingPlan uint8

// The numbering plans.
const (
	PlanUnknown    NumberingPlan = 0
	PlanISDN       NumberingPlan = 1
	PlanTelephony  NumberingPlan = 2
	PlanX121       NumberingPlan = 3
	PlanLandMobile NumberingPlan = 6
	PlanPrivate    NumberingPlan = 7
	PlanSS7        NumberingPlan = 13
	PlanInternet   NumberingPlan = 14
)

var numberingPlans = [...]string{
	0: "unknown", 1: "ISDN", 2: "telephony E.164", 3: "X.121", 6: "land mobile E.212",
	7: "private", 13: "SS7 PC and SSN", 14: "internet", 15: "extension",
}

func (v NumberingPlan) String() string { return nameOf(numberingPlans[:], uint8(v)) }

// counted reports whether the plan's digits have a count octet before them.
func (v NumberingPlan) counted() bool {
	return v == PlanUnknown || v == PlanTelephony || v == PlanLandMobile || v == PlanPrivate
}

// DigitEncoding is the low half of the third octet of DigitsType.
type DigitEncoding uint8

// The encodings.
const (
	EncodingBCD    DigitEncoding = 1
	EncodingIA5    DigitEncoding = 2
	EncodingOctets DigitEncoding = 3
)

var digitEncodings = [...]string{0: "not used", 1: "BCD", 2: "IA5", 3: "octet string"}

func (v DigitEncoding) String() string { return nameOf(digitEncodings[:], uint8(v)) }
