package tpdu

import "strconv"

// TON is the type of number of an address (9.1.2.5).
type TON uint8

// The types of number.
const (
	TONUnknown         TON = 0
	TONInternational   TON = 1
	TONNational        TON = 2
	TONNetworkSpecific TON = 3
	TONSubscriber      TON = 4
	TONAlphanumeric    TON = 5
	TONAbbreviated     TON = 6
)

var tonNames = [...]string{"unknown", "international", "national", "network specific", "subscriber", "alphanumeric", "abbreviated"}

func (t TON) String() string {
	if int(t) < len(tonNames) {
		return tonNames[t]
	}
	return "TON " + strconv.Itoa(int(t))
}

// NPI is the numbering plan of an address (9.1.2.5).
type NPI uint8

// The numbering plans.
const (
	NPIUnknown  NPI = 0
	NPIE164     NPI = 1
	NPIData     NPI = 3
	NPITelex    NPI = 4
	NPINational NPI = 8
	NPIPrivate  NPI = 9
	NPIERMES    NPI = 10
)

func (n NPI) String() string {
	switch n {
	case NPIUnknown:
		return "unknown plan"
	case NPIE164:
		return "E.164"
	case NPIData:
		return "X.121"
	case NPITelex:
		return "telex"
	case NPINational:
		return "national plan"
	case NPIPrivate:
		return "private plan"
	case NPIERMES:
		return "ERMES"
	}
	return "plan " + strconv.Itoa(int(n))
}
