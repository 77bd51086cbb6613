package ansi41

import (
	"encoding/json"
	"fmt"
)

// OTASPResultCode is the value of OTASP_ResultCode, the AC's answer to OTASPREQ.
type OTASPResultCode uint8

// The results.
const (
	ResultAccepted                       OTASPResultCode = 0
	ResultRejected                       OTASPResultCode = 1
	ResultComputationFailure             OTASPResultCode = 2
	ResultCSCRejected                    OTASPResultCode = 3
	ResultUnrecognizedOTASPCallEntry     OTASPResultCode = 4
	ResultUnsupportedAKeyProtocolVersion OTASPResultCode = 5
	ResultUnableToCommit                 OTASPResultCode = 6
)

var otaspResultCodes = [...]string{
	"accepted", "rejected, unknown cause", "computation failure", "CSC rejected",
	"unrecognized OTASPCallEntry", "unsupported AKeyProtocolVersion", "unable to commit",
}

func (v OTASPResultCode) String() string { return nameOf(otaspResultCodes[:], uint8(v)) }

// AKeyProtocolVersion is one version of the A-key exchange.
type AKeyProtocolVersion uint8

// The versions: bits of modulus, primitive and exponents.
const (
	AKeyNotSupported  AKeyProtocolVersion = 1
	AKeyDH768_160_160 AKeyProtocolVersion = 2
	AKeyDH512_160_160 AKeyProtocolVersion = 3
	AKeyDH768_32_160  AKeyProtocolVersion = 4
)

var aKeyProtocolVersions = [...]string{
	"not used", "A-key generation not supported", "Diffie-Hellman 768/160/160",
	"Diffie-Hellman 512/160/160", "Diffie-Hellman 768/32/160",
}

func (v AKeyProtocolVersion) String() string { return nameOf(aKeyProtocolVersions[:], uint8(v)) }

// AKeyProtocolVersions is the value of the parameter AKeyProtocolVersion: one
// octet a version, the preferred one first.
type AKeyProtocolVersions []byte

// At is the version at place i.
func (l AKeyProtocolVersions) At(i int) AKeyProtocolVersion { return AKeyProtocolVersion(l[i]) }

// MarshalJSON writes an array of numbers.
func (l AKeyProtocolVersions) MarshalJSON() ([]byte, error) {
	v := make([]uint16, len(l))
	for i := range l {
		v[i] = uint16(l[i])
	}
	return json.Marshal(v)
}

// UnmarshalJSON reads an array of numbers.
func (l *AKeyProtocolVersions) UnmarshalJSON(b []byte) error {
	var v []uint16
	if err := json.Unmarshal(b, &v); err != nil {
		return err
	}
	*l = nil
	for _, o := range v {
		if o > 0xff {
			return fmt.Errorf("AKeyProtocolVersion %d: want one octet", o)
		}
		*l = append(*l, byte(o))
	}
	return nil
}
