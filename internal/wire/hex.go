package wire

import (
	"encoding/hex"
	"fmt"
)

// Hex is an octet string that JSON writes as hexadecimal digits.
type Hex []byte

// MarshalText returns lower-case hexadecimal.
func (h Hex) MarshalText() ([]byte, error) {
	return hex.AppendEncode(nil, h), nil
}

// UnmarshalText reads hexadecimal digits.
func (h *Hex) UnmarshalText(s []byte) error {
	b, err := hex.DecodeString(string(s))
	if err != nil {
		return fmt.Errorf("not hexadecimal: %w", err)
	}
	*h = b
	return nil
}

func (h Hex) String() string { return hex.EncodeToString(h) }
