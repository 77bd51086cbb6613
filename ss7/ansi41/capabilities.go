package ansi41

import (
	"encoding/hex"
	"strings"

	"github.com/otagate/otagate/internal/wire"
)

// SystemCapabilities is the value of the parameter: one octet of bits, more in
// later editions. It borrows the message.
type SystemCapabilities []byte

// The bits of the first octet of SystemCapabilities.
const (
	CapabilityAuthenticationParameters uint8 = 1 << iota
	CapabilitySignalingMessageEncryption
	CapabilityVoicePrivacy
	CapabilityCAVE
	CapabilityShareSSD
	CapabilityDataPrivacy
)

var systemCapabilities = [...]string{
	"authentication parameters requested", "SME", "VP", "CAVE", "SSD shared", "data privacy",
}

// Has reports a bit of the first octet.
func (v SystemCapabilities) Has(bit uint8) bool { return len(v) > 0 && v[0]&bit != 0 }

// String lists the bits of the first octet.
func (v SystemCapabilities) String() string {
	var s []string
	for i, name := range systemCapabilities {
		if v.Has(1 << i) {
			s = append(s, name)
		}
	}
	if len(s) == 0 {
		return "none"
	}
	return strings.Join(s, ", ")
}

// MarshalText returns hexadecimal digits.
func (v SystemCapabilities) MarshalText() ([]byte, error) { return hex.AppendEncode(nil, v), nil }

// UnmarshalText reads hexadecimal digits.
func (v *SystemCapabilities) UnmarshalText(b []byte) error {
	return (*wire.Hex)(v).UnmarshalText(b)
}

func readCapabilities(s *set, o *Optional[SystemCapabilities]) {
	readOctets(s, o)
	if s.c.Trace() != nil && o.OK {
		s.c.Note(o.V.String())
	}
}
