package tpdu

import "fmt"

// Direction is where a message goes.
type Direction uint8

// The directions. Either is for octets of which nobody knows.
const (
	Either           Direction = 0
	MobileTerminated Direction = 1 // from the service centre to the mobile
	MobileOriginated Direction = 2
)

// ParseDirection reads mo and mt.
func ParseDirection(s string) (Direction, error) {
	switch s {
	case "mt":
		return MobileTerminated, nil
	case "mo":
		return MobileOriginated, nil
	}
	return Either, fmt.Errorf("direction %q: want mo or mt", s)
}

func (d Direction) String() string {
	switch d {
	case Either:
		return "either"
	case MobileTerminated:
		return "mt"
	case MobileOriginated:
		return "mo"
	}
	return fmt.Sprintf("direction %d", uint8(d))
}
