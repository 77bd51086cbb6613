package omacp

import (
	"encoding/binary"
	"fmt"
	"strings"
)

const maxIMSI = 15 // digits, ITU-T E.212

// IMSISecret is the network secret of GSM: the IMSI packed as in the file
// EF-IMSI of a SIM, without its length octet. The first octet has the first
// digit in the high half and 9 in the low half when the number of digits is
// odd, 1 when it is even; then two digits an octet, the first in the low half.
// An even number leaves the last high half over, which is F.
//
//	310150123456789 → 39 01 51 10 32 54 76 98
func IMSISecret(imsi string) (NetworkSecret, error) {
	if !onlyDigits(imsi) || len(imsi) > maxIMSI {
		return nil, &InvalidError{"IMSI", fmt.Sprintf("want 1 to %d digits", maxIMSI)}
	}
	const odd, even, filler = 9, 1, 0xf
	parity := byte(even)
	if len(imsi)%2 == 1 {
		parity = odd
	}
	s := NetworkSecret{(imsi[0]-'0')<<4 | parity}
	for i := 1; i < len(imsi); i += 2 {
		high := byte(filler)
		if i+1 < len(imsi) {
			high = imsi[i+1] - '0'
		}
		s = append(s, high<<4|(imsi[i]-'0'))
	}
	return s, nil
}

// CDMAPart is a part of the network secret of CDMA.
type CDMAPart uint8

// The parts.
const (
	PartESN         CDMAPart = iota // four octets, the manufacturer's first
	PartESNReversed                 // four octets, the manufacturer's last
	PartSSDA                        // SSD_A, eight octets
	PartSSDB                        // SSD_B, eight octets
)

var cdmaParts = [...]string{"esn", "esn-reversed", "ssd-a", "ssd-b"}

// String is the word that ParseCDMALayout reads.
func (p CDMAPart) String() string {
	if int(p) < len(cdmaParts) {
		return cdmaParts[p]
	}
	return fmt.Sprintf("part %d", uint8(p))
}

// CDMALayout says which octets in which order make the network secret of CDMA.
// The standard has ESN ‖ SSD, but its order of octets is not verified by any
// public text or trace, so it is configuration. Few platforms get to see an SSD
// at all: USERPIN is what works.
type CDMALayout []CDMAPart

// DefaultCDMALayout is ESN ‖ SSD_A ‖ SSD_B, the ESN most significant octet first.
func DefaultCDMALayout() CDMALayout { return CDMALayout{PartESN, PartSSDA, PartSSDB} }

// ParseCDMALayout reads parts with commas between them, "esn,ssd-a,ssd-b".
func ParseCDMALayout(s string) (CDMALayout, error) {
	var l CDMALayout
	for word := range strings.SplitSeq(s, ",") {
		p := CDMAPart(0)
		for int(p) < len(cdmaParts) && cdmaParts[p] != strings.TrimSpace(word) {
			p++
		}
		if int(p) == len(cdmaParts) {
			return nil, &InvalidError{"CDMA network secret", fmt.Sprintf("part %q is none of %s", word, strings.Join(cdmaParts[:], ", "))}
		}
		l = append(l, p)
	}
	return l, nil
}

// CDMASecret is the network secret of CDMA in the given layout.
func CDMASecret(l CDMALayout, esn uint32, ssdA, ssdB [8]byte) (NetworkSecret, error) {
	var s NetworkSecret
	for _, p := range l {
		switch p {
		case PartESN:
			s = binary.BigEndian.AppendUint32(s, esn)
		case PartESNReversed:
			s = binary.LittleEndian.AppendUint32(s, esn)
		case PartSSDA:
			s = append(s, ssdA[:]...)
		case PartSSDB:
			s = append(s, ssdB[:]...)
		default:
			return nil, &InvalidError{"CDMA network secret", "no " + p.String()}
		}
	}
	if len(s) == 0 {
		return nil, &InvalidError{"CDMA network secret", "no parts"}
	}
	return s, nil
}
