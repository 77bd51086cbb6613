package mtp

import (
	"fmt"
	"strconv"
	"strings"
)

// PointCode is a signalling point code of 24 bits (ANSI: network, cluster,
// member) or 14 bits (ITU), right-justified as M3UA carries it.
type PointCode uint32

// ANSI assembles a 24-bit point code.
func ANSI(network, cluster, member uint8) PointCode {
	return PointCode(network)<<16 | PointCode(cluster)<<8 | PointCode(member)
}

// Network is the first part of an ANSI point code.
func (pc PointCode) Network() uint8 { return uint8(pc >> 16) }

// Cluster is the middle part of an ANSI point code.
func (pc PointCode) Cluster() uint8 { return uint8(pc >> 8) }

// Member is the last part of an ANSI point code.
func (pc PointCode) Member() uint8 { return uint8(pc) }

// String prints the ANSI form, network-cluster-member. ITU networks write the
// same number in many ways; Decimal is the one that is never ambiguous.
func (pc PointCode) String() string {
	return fmt.Sprintf("%d-%d-%d", uint32(pc)>>16, pc.Cluster(), pc.Member())
}

// Decimal prints the point code as one number.
func (pc PointCode) Decimal() string { return strconv.FormatUint(uint64(pc), 10) }

// ParsePointCode reads network-cluster-member, or one decimal number.
func ParsePointCode(s string) (PointCode, error) {
	parts := strings.Split(s, "-")
	switch len(parts) {
	case 1:
		v, err := strconv.ParseUint(s, 10, 24)
		if err != nil {
			return 0, fmt.Errorf("point code %q: want network-cluster-member or a number below 2^24", s)
		}
		return PointCode(v), nil
	case 3:
		var pc PointCode
		for _, p := range parts {
			v, err := strconv.ParseUint(p, 10, 8)
			if err != nil {
				return 0, fmt.Errorf("point code %q: each part must be 0 to 255", s)
			}
			pc = pc<<8 | PointCode(v)
		}
		return pc, nil
	}
	return 0, fmt.Errorf("point code %q: want network-cluster-member or a number below 2^24", s)
}

// MarshalText returns String.
func (pc PointCode) MarshalText() ([]byte, error) { return []byte(pc.String()), nil }

// UnmarshalText is ParsePointCode.
func (pc *PointCode) UnmarshalText(b []byte) error {
	v, err := ParsePointCode(string(b))
	if err != nil {
		return err
	}
	*pc = v
	return nil
}
