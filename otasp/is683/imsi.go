package is683

import (
	"strconv"
	"strings"

	"github.com/otagate/otagate/internal/wire"
)

// IMSIM is an IMSI as the NAM holds it, in decimal digits. Wherever a number
// received stands for no digits it is kept as "#" and the number, so that
// writing back what was read changes nothing.
//
//	1:CLASS 3:ADDR_NUM 10:MCC 7:IMSI_11_12 34:IMSI_S
type IMSIM struct {
	Class    bool   // false: class 0, 15 digits; true: class 1, fewer
	AddrNum  uint8  // 3 bits: class 1, digits of the NMSI less 4; class 0, 0
	MCC      string // 3 digits
	IMSI1112 string // 2 digits, the 11th and 12th from the end
	S        string // the last 10 digits; MIN2 and MIN1
}

// String shows the network and hides the subscriber.
func (i IMSIM) String() string { return i.MCC + i.IMSI1112 + maskDigits(i.S) }

// IMSIT is block IMSI_T, the true IMSI, in the same form.
//
//	1:IMSI_T_CLASS 3:IMSI_T_ADDR_NUM 10:MCC_T 7:IMSI_T_11_12 34:IMSI_T_S 1:reserved
type IMSIT struct {
	Class    bool
	AddrNum  uint8
	MCC      string
	IMSI1112 string
	S        string
}

// String shows the network and hides the subscriber.
func (i IMSIT) String() string { return IMSIM(i).String() }

// Append appends the block's data to dst.
func (i *IMSIT) Append(dst []byte) ([]byte, error) {
	p := newPacker(dst)
	(*IMSIM)(i).pack(&p, &imsiTFields)
	p.u(1, 0, "reserved")
	return p.end()
}

// Decode fills i from b, the data of one block.
func (i *IMSIT) Decode(b []byte) error {
	r := wire.NewBits(proto, b, 0, nil)
	i.read(&r)
	return r.End()
}

func (i *IMSIT) read(r *wire.Bits) {
	(*IMSIM)(i).unpack(r, &imsiTFields)
	reserved(r, 1)
}

// imsiFields are the names that the two IMSIs have in the standard.
type imsiFields struct{ class, addrNum, mcc, imsi1112, s string }

var (
	imsiMFields = imsiFields{"IMSI_M_CLASS", "IMSI_M_ADDR_NUM", "MCC_M", "IMSI_M_11_12", "IMSI_M_S"}
	imsiTFields = imsiFields{"IMSI_T_CLASS", "IMSI_T_ADDR_NUM", "MCC_T", "IMSI_T_11_12", "IMSI_T_S"}
)

func (i *IMSIM) unpack(r *wire.Bits, f *imsiFields) {
	i.Class = r.Flag(f.class)
	i.AddrNum = uint8(r.U(3, f.addrNum))
	i.MCC = digitsOf(r, 10, 3, f.mcc)
	i.IMSI1112 = digitsOf(r, 7, 2, f.imsi1112)
	i.S = digitsOf(r, 34, 10, f.s)
}

func (i *IMSIM) pack(p *packer, f *imsiFields) {
	p.flag(i.Class)
	p.u(3, uint64(i.AddrNum), f.addrNum)
	p.digits(10, 3, i.MCC, f.mcc)
	p.digits(7, 2, i.IMSI1112, f.imsi1112)
	p.digits(34, 10, i.S, f.s)
}

// digitsOf reads n bits that stand for so many digits.
func digitsOf(r *wire.Bits, n, digits int, field string) string {
	v := r.U(n, field)
	if r.Err() != nil {
		return ""
	}
	s, ok := decodeDigits(v, digits)
	if !ok {
		s = rawMark + strconv.FormatUint(v, 10)
	}
	r.Note(s)
	return s
}

// rawMark begins a number that stands for no digits.
const rawMark = "#"

func (p *packer) digits(n, digits int, s, field string) {
	if raw, is := strings.CutPrefix(s, rawMark); is {
		v, err := strconv.ParseUint(raw, 10, 64)
		if err != nil {
			p.adopt(wire.Unencodable(proto, field, wire.ErrValue))
		}
		p.u(n, v, field)
		return
	}
	v, err := encodeDigits(s, digits, field)
	p.adopt(err)
	p.u(n, v, field)
}

// EncodeIMSIS codes the last ten digits of an IMSI, or a MIN, as IMSI_S: MIN2
// in the upper 10 bits, MIN1 in the lower 24.
func EncodeIMSIS(digits string) (uint64, error) { return encodeDigits(digits, 10, "IMSI_S") }

// DecodeIMSIS is the inverse of EncodeIMSIS; a number that stands for no
// digits is an error.
func DecodeIMSIS(v uint64) (string, error) { return decodedOr(v, 10, "IMSI_S") }

// EncodeMCC codes the three digits of a mobile country code.
func EncodeMCC(digits string) (uint16, error) {
	v, err := encodeDigits(digits, 3, "MCC")
	return uint16(v), err
}

// DecodeMCC is the inverse of EncodeMCC.
func DecodeMCC(v uint16) (string, error) { return decodedOr(uint64(v), 3, "MCC") }

// EncodeIMSI1112 codes the two digits IMSI_11_12.
func EncodeIMSI1112(digits string) (uint8, error) {
	v, err := encodeDigits(digits, 2, "IMSI_11_12")
	return uint8(v), err
}

// DecodeIMSI1112 is the inverse of EncodeIMSI1112.
func DecodeIMSI1112(v uint8) (string, error) { return decodedOr(uint64(v), 2, "IMSI_11_12") }

func decodedOr(v uint64, digits int, field string) (string, error) {
	s, ok := decodeDigits(v, digits)
	if !ok {
		return "", wire.Unencodable(proto, field, wire.ErrValue)
	}
	return s, nil
}

// encodeDigits codes 2, 3 or 10 digits. In a group of two or three every digit
// counts 1 to 10, a 0 counting 10, less the smallest sum (11 or 111).
func encodeDigits(s string, digits int, field string) (uint64, error) {
	if len(s) != digits || strings.Trim(s, "0123456789") != "" {
		return 0, wire.Unencodable(proto, field, wire.ErrValue)
	}
	if digits < 10 {
		return group(s), nil
	}
	return group(s[:3])<<24 | group(s[3:6])<<14 | tenForZero(s[6])<<10 | group(s[7:]), nil
}

func group(s string) uint64 {
	var v, least uint64
	for i := range len(s) {
		v, least = v*10+tenForZero(s[i]), least*10+1
	}
	return v - least
}

func tenForZero(digit byte) uint64 {
	if digit == '0' {
		return 10
	}
	return uint64(digit - '0')
}

func decodeDigits(v uint64, digits int) (string, bool) {
	var b [10]byte
	if digits < 10 {
		ok := ungroup(b[:digits], v)
		return string(b[:digits]), ok
	}
	seventh := v >> 10 & 0xf
	b[6] = '0' + byte(seventh%10)
	ok := seventh >= 1 && seventh <= 10 &&
		ungroup(b[:3], v>>24) && ungroup(b[3:6], v>>14&0x3ff) && ungroup(b[7:], v&0x3ff)
	return string(b[:]), ok
}

// ungroup fills b with the digits of a group; false when v is too large.
func ungroup(b []byte, v uint64) bool {
	for i := len(b) - 1; i >= 0; i-- {
		b[i] = '0' + byte((v+1)%10)
		v /= 10
	}
	return v == 0
}

// maskDigits hides all but the last two digits.
func maskDigits(s string) string {
	if len(s) <= 4 {
		return strings.Repeat("*", len(s))
	}
	return strings.Repeat("*", len(s)-2) + s[len(s)-2:]
}
