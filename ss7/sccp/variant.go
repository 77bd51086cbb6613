package sccp

import "fmt"

// Variant is the national form of a message or an address.
type Variant uint8

// The two forms.
const (
	ANSI Variant = iota // T1.112
	ITU                 // Q.713
)

func (v Variant) String() string {
	switch v {
	case ANSI:
		return "ansi"
	case ITU:
		return "itu"
	}
	return fmt.Sprintf("variant %d", uint8(v))
}

// ParseVariant reads "ansi" or "itu".
func ParseVariant(s string) (Variant, error) {
	switch s {
	case "ansi":
		return ANSI, nil
	case "itu":
		return ITU, nil
	}
	return 0, fmt.Errorf("variant %q: want ansi or itu", s)
}

// MarshalText returns "ansi" or "itu".
func (v Variant) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// UnmarshalText is ParseVariant.
func (v *Variant) UnmarshalText(b []byte) (err error) {
	*v, err = ParseVariant(string(b))
	return err
}
