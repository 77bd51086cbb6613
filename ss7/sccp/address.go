package sccp

import (
	"fmt"
	"strings"

	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/ss7/mtp"
)

const proto = "sccp"

// Address is a called or calling party address.
//
//	bit of the indicator   ANSI                          ITU
//	8                      1: ANSI form, 0: ITU form     reserved for national use
//	7                      1: route on SSN               1: route on SSN
//	6-3                    global title indicator        global title indicator
//	2                      point code present            SSN present
//	1                      SSN present                   point code present
//
// ANSI has the SSN first, then the point code as member, cluster, network; ITU
// has the point code first, low octet first, then the SSN. The title is last.
//
// An Address is comparable. Variant is the form of the address itself: an ANSI
// message may carry an address in ITU form, never the other way round.
type Address struct {
	Variant      Variant       `json:"variant"`
	National     bool          `json:"national,omitempty"` // bit 8 of an ITU address, which means nothing to us
	RouteOnSSN   bool          `json:"route_on_ssn"`
	HasSSN       bool          `json:"has_ssn"`
	SSN          SSN           `json:"ssn,omitempty"`
	HasPointCode bool          `json:"has_point_code"`
	PointCode    mtp.PointCode `json:"point_code,omitempty"`
	GlobalTitle  GlobalTitle   `json:"global_title,omitzero"`

	// Unread is what could not be read: a title of an unknown form, digits
	// that are not BCD, octets behind the last field.
	Unread Octets `json:"unread,omitempty"`
}

// PointCodeAddress routes on point code and subsystem number.
func PointCodeAddress(v Variant, pc mtp.PointCode, n SSN) Address {
	return Address{Variant: v, RouteOnSSN: true, HasSSN: true, SSN: n, HasPointCode: true, PointCode: pc}
}

// SSNAddress routes on the subsystem number at the node the MTP delivers to.
func SSNAddress(v Variant, n SSN) Address {
	return Address{Variant: v, RouteOnSSN: true, HasSSN: true, SSN: n}
}

// GlobalTitleAddress routes on translation type and digits (GTI 2), with the
// subsystem number beside them.
func GlobalTitleAddress(v Variant, n SSN, translationType uint8, digits string) Address {
	return Address{Variant: v, HasSSN: true, SSN: n,
		GlobalTitle: GlobalTitle{GTI: 2, TranslationType: translationType, Digits: digits}}
}

// E164Address routes on an international E.164 number in ITU form (GTI 4,
// translation type 0), as nodes of GSM networks address each other.
func E164Address(n SSN, digits string) Address {
	return Address{Variant: ITU, HasSSN: true, SSN: n,
		GlobalTitle: GlobalTitle{GTI: 4, NumberingPlan: PlanE164, Nature: NatureInternational, Digits: digits}}
}

// IsZero reports whether the address says nothing at all.
func (a Address) IsZero() bool { return a == Address{} || a == Address{Variant: ITU} }

func (a Address) String() string {
	var s []string
	if t := a.GlobalTitle; t.GTI != 0 {
		s = append(s, fmt.Sprintf("GT %s (GTI %d, TT %d)", t.Digits, t.GTI, t.TranslationType))
	}
	if a.HasPointCode {
		if a.Variant == ITU {
			s = append(s, "PC "+a.PointCode.Decimal())
		} else {
			s = append(s, "PC "+a.PointCode.String())
		}
	}
	if a.HasSSN {
		s = append(s, fmt.Sprintf("SSN %d", uint8(a.SSN)))
	}
	if len(s) == 0 {
		return "no address"
	}
	return strings.Join(s, ", ")
}

// Masked is String for a log, as a global title may be a subscriber's number:
// all of it but the ends is hidden.
func (a Address) Masked() string {
	if d := a.GlobalTitle.Digits; len(d) > 7 {
		a.GlobalTitle.Digits = d[:3] + "***" + d[len(d)-4:]
	} else if d != "" {
		a.GlobalTitle.Digits = "***"
	}
	return a.String()
}

// Append appends the address parameter without its length octet.
func (a *Address) Append(dst []byte) ([]byte, error) {
	if a.GlobalTitle.GTI > 15 {
		return dst, wire.Unencodable(proto, "global title indicator", wire.ErrValue)
	}
	ind := byte(a.GlobalTitle.GTI) << 2
	if a.RouteOnSSN {
		ind |= 0x40
	}
	var err error
	if a.Variant == ANSI {
		dst = a.appendANSI(dst, ind|0x80)
	} else if dst, err = a.appendITU(dst, ind); err != nil {
		return dst, err
	}
	if dst, err = a.appendTitle(dst); err != nil {
		return dst, err
	}
	return append(dst, a.Unread...), nil
}

func (a *Address) appendANSI(dst []byte, ind byte) []byte {
	at := len(dst)
	dst = append(dst, 0)
	if a.HasSSN {
		ind |= 1
		dst = append(dst, byte(a.SSN))
	}
	if a.HasPointCode {
		ind |= 2
		dst = append(dst, a.PointCode.Member(), a.PointCode.Cluster(), a.PointCode.Network())
	}
	dst[at] = ind
	return dst
}

func (a *Address) appendITU(dst []byte, ind byte) ([]byte, error) {
	at := len(dst)
	dst = append(dst, 0)
	if a.HasPointCode {
		if a.PointCode > 0x3fff {
			return dst, wire.Unencodable(proto, "signalling point code", wire.ErrTooLong)
		}
		ind |= 1
		dst = append(dst, byte(a.PointCode), byte(a.PointCode>>8))
	}
	if a.HasSSN {
		ind |= 2
		dst = append(dst, byte(a.SSN))
	}
	if a.National {
		ind |= 0x80
	}
	dst[at] = ind
	return dst, nil
}

// titleParts says what a title of this form and indicator holds.
type titleParts struct {
	nature1, tt, plan, nature bool // nature1: with the odd/even bit in it
}

func (v Variant) titleParts(g GTI) (p titleParts, known bool) {
	switch {
	case g == 2:
		return titleParts{tt: true}, true
	case v == ANSI && g == 1, v == ITU && g == 3:
		return titleParts{tt: true, plan: true}, true
	case v == ITU && g == 1:
		return titleParts{nature1: true}, true
	case v == ITU && g == 4:
		return titleParts{tt: true, plan: true, nature: true}, true
	}
	return titleParts{}, false
}

func (a *Address) appendTitle(dst []byte) ([]byte, error) {
	t := &a.GlobalTitle
	p, known := a.Variant.titleParts(t.GTI)
	if !known {
		if t.Digits != "" {
			return dst, wire.Unencodable(proto, "global title indicator", wire.ErrValue)
		}
		return dst, nil
	}
	odd := byte(len(t.Digits) % 2)
	if p.nature1 {
		dst = append(dst, byte(t.Nature)&0x7f|odd<<7)
	}
	if p.tt {
		dst = append(dst, t.TranslationType)
	}
	if p.plan {
		scheme := t.Scheme
		if t.Digits != "" {
			scheme = SchemeBCDEven - Scheme(odd)
		}
		if t.NumberingPlan > 15 || scheme > 15 {
			return dst, wire.Unencodable(proto, "numbering plan", wire.ErrTooLong)
		}
		dst = append(dst, byte(t.NumberingPlan)<<4|byte(scheme))
	}
	if p.nature {
		dst = append(dst, byte(t.Nature)&0x7f)
	}
	dst, ok := appendDigits(dst, t.Digits)
	if !ok {
		return dst, wire.Unencodable(proto, "global title digits", wire.ErrValue)
	}
	return dst, nil
}
