package prl

import (
	"fmt"
	"strings"

	"github.com/otagate/otagate/internal/wire"
)

// PLMNSystem identifies systems by country and network code:
//
//	3:SYS_RECORD_SUBTYPE 12:MCC 12:MNC, then by subtype
//	0  nothing
//	1  4:reserved 4:NUM_SID {16:SID}
//	2  4:reserved 4:NUM_SID_NID {16:SID 16:NID}
//	3  4:reserved 4:NUM_SUBNET_ID {8:SUBNET_LENGTH SUBNET_ID}
//
// Single source, no live example seen.
type PLMNSystem struct {
	Subtype uint8      `json:"sys_record_subtype"`
	MCC     PLMNDigits `json:"mcc"`
	MNC     PLMNDigits `json:"mnc"`
	SIDs    []SIDNID   `json:"sids,omitempty"` // subtypes 1 and 2; NID with 2 only
	Subnets []Subnet   `json:"subnets,omitempty"`
}

// SIDNID is one system of a PLMN.
type SIDNID struct {
	SID uint16 `json:"sid"`
	NID uint16 `json:"nid,omitempty"`
}

// PLMNDigits are three digits of four bits each, filled up with F.
type PLMNDigits uint16

func (d PLMNDigits) String() string {
	return strings.TrimRight(fmt.Sprintf("%03x", uint16(d)), "f")
}

// MarshalText writes the digits without fillers.
func (d PLMNDigits) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads up to three digits.
func (d *PLMNDigits) UnmarshalText(b []byte) error {
	if len(b) > 3 {
		return fmt.Errorf("%q: want at most three digits", b)
	}
	v := uint16(0xfff)
	for i, o := range b {
		n := strings.IndexByte("0123456789abcdef", o)
		if n < 0 {
			return fmt.Errorf("%q is not a code of digits", b)
		}
		at := 8 - 4*i
		v = v&^(0xf<<at) | uint16(n)<<at
	}
	*d = PLMNDigits(v)
	return nil
}

func (p *PLMNSystem) read(r *wire.Bits) (odd string) {
	p.Subtype = uint8(r.U(3, "SYS_RECORD_SUBTYPE"))
	p.MCC = say(r, PLMNDigits(r.U(12, "MCC")))
	p.MNC = say(r, PLMNDigits(r.U(12, "MNC")))
	switch p.Subtype {
	case 0:
	case 1, 2:
		odd = p.readSIDs(r)
	case 3:
		odd = p.readSubnets(r)
	default:
		r.Fail("SYS_RECORD_SUBTYPE", wire.ErrUnsupported)
	}
	return odd
}

func (p *PLMNSystem) readSIDs(r *wire.Bits) (odd string) {
	odd = reserved(r, 4)
	field, size := "NUM_SID", 16
	if p.Subtype == 2 {
		field, size = "NUM_SID_NID", 32
	}
	n := int(r.U(4, field))
	if !fits(r, n, size, field) {
		return odd
	}
	p.SIDs = make([]SIDNID, n)
	for i := range p.SIDs {
		p.SIDs[i].SID = uint16(r.U(16, "SID"))
		if p.Subtype == 2 {
			p.SIDs[i].NID = uint16(r.U(16, "NID"))
		}
	}
	return odd
}

func (p *PLMNSystem) readSubnets(r *wire.Bits) (odd string) {
	odd = reserved(r, 4)
	n := int(r.U(4, "NUM_SUBNET_ID"))
	if !fits(r, n, 8, "NUM_SUBNET_ID") {
		return odd
	}
	p.Subnets = make([]Subnet, n)
	for i := range p.Subnets {
		p.Subnets[i].read(r, 8, "SUBNET_LENGTH", "SUBNET_ID")
	}
	return odd
}

func (p *PLMNSystem) append(w *wire.BitAppender) error {
	switch {
	case p == nil:
		return wire.Unencodable(proto, "MCC", wire.ErrMissing)
	case p.Subtype > 3:
		return wire.Unencodable(proto, "SYS_RECORD_SUBTYPE", wire.ErrUnsupported)
	case p.MCC > 0xfff || p.MNC > 0xfff:
		return wire.Unencodable(proto, "MCC", wire.ErrValue)
	case len(p.SIDs) > 15 || len(p.Subnets) > 15:
		return wire.Unencodable(proto, "NUM_SID", wire.ErrTooLong)
	}
	w.U(3, uint64(p.Subtype))
	w.U(12, uint64(p.MCC))
	w.U(12, uint64(p.MNC))
	switch p.Subtype {
	case 1, 2:
		w.U(8, uint64(len(p.SIDs)))
		for _, s := range p.SIDs {
			w.U(16, uint64(s.SID))
			if p.Subtype == 2 {
				w.U(16, uint64(s.NID))
			}
		}
	case 3:
		w.U(8, uint64(len(p.Subnets)))
		for i := range p.Subnets {
			if err := p.Subnets[i].append(w, 8, "SUBNET_ID"); err != nil {
				return err
			}
		}
	}
	return nil
}
