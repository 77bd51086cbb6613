package ansi41

import (
	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/ss7/mtp"
)

// Digits is a value of DigitsType: a telephone number, or an SS7 address.
//
//	octet 1   type of digits
//	octet 2   nature of number
//	octet 3   numbering plan (high half), encoding (low half)
//	octet 4   number of digits   } numbers, see NumberingPlan.counted
//	octets 5- digits             }
//	octets 4-7  member, cluster, network, SSN    plan SS7 as octet string
//
// Some networks put a count octet (04) before the four octets of an SS7
// address; CountOctet tells that it was there, and makes Append write it.
// Everything else is kept in Octets.
type Digits struct {
	TypeOfDigits  TypeOfDigits
	Nature        NatureOfNumber
	NumberingPlan NumberingPlan
	Encoding      DigitEncoding
	Digits        string        `json:",omitempty"`
	PC            mtp.PointCode `json:",omitzero"`
	SSN           uint8         `json:",omitempty"`
	CountOctet    bool          `json:",omitempty"`
	Octets        wire.Hex      `json:",omitempty"`
}

// E164 is a telephone number of plan E.164 in BCD.
func E164(digits string, nature NatureOfNumber) Digits {
	return Digits{Nature: nature, NumberingPlan: PlanTelephony, Encoding: EncodingBCD, Digits: digits}
}

// ss7 reports whether the digits are a point code and a subsystem number.
func (d *Digits) ss7() bool {
	return d.NumberingPlan == PlanSS7 && d.Encoding == EncodingOctets
}

// counted reports whether a number of digits and the digits follow.
func (d *Digits) counted() bool {
	return d.NumberingPlan.counted() && (d.Encoding == EncodingBCD || d.Encoding == EncodingIA5)
}

func readDigits(s *set, o *Optional[Digits]) {
	if !s.ready(o.OK) {
		return
	}
	c, d := &s.c, &o.V
	o.OK = true
	l := c.Enter(s.n, s.info.Name)
	d.TypeOfDigits = wire.Say(c, TypeOfDigits(c.U8("type of digits")))
	d.Nature = wire.Say(c, NatureOfNumber(c.U8("nature of number")))
	v := c.U8("numbering plan, encoding")
	d.NumberingPlan = wire.Say(c, NumberingPlan(v>>4))
	d.Encoding = wire.Say(c, DigitEncoding(v&0x0f))
	switch {
	case d.ss7():
		s.ss7Address(d)
	case d.counted():
		s.number(d)
	default:
		d.Octets = c.Rest("octets")
	}
	c.Leave(l)
}

func (s *set) ss7Address(d *Digits) {
	switch s.c.Len() {
	case 4:
	case 5:
		d.CountOctet = true
		if s.c.U8("number of octets") != 4 {
			s.badLength()
		}
		s.c.Note("count octet")
	default:
		s.badLength()
	}
	d.PC = readPointCode(&s.c)
	d.SSN = s.c.U8("SSN")
}

func (s *set) number(d *Digits) {
	n := int(s.c.U8("number of digits"))
	size := n
	if d.Encoding == EncodingBCD {
		size = (n + 1) / 2
	}
	if size != s.c.Len() {
		s.badLength()
		return
	}
	var buf [255]byte
	v := s.c.Bytes(size, "digits")
	if d.Encoding == EncodingIA5 {
		for i := range v {
			if v[i] > 0x7f {
				s.c.FailAt(s.off, s.info.Name, wire.ErrValue)
				return
			}
		}
		d.Digits = string(v)
		return
	}
	for i := range n {
		buf[i] = digits16[v[i/2]>>(4*(i&1))&0x0f]
	}
	d.Digits = string(buf[:n])
	s.c.Note(d.Digits)
	if n%2 == 1 && v[size-1]>>4 != 0 {
		s.c.Note("odd padding")
	}
}

func readPointCode(c *wire.Cursor) mtp.PointCode {
	v := c.Bytes(3, "PC")
	if len(v) != 3 {
		return 0
	}
	return wire.Say(c, mtp.ANSI(v[2], v[1], v[0]))
}

func (w *writer) digits(id ParameterID, o *Optional[Digits]) {
	if o.OK {
		w.number(id, &o.V)
	}
}

// number appends d, whose form plan and encoding decide; a field of another
// form that is set would be lost, so it is an error.
func (w *writer) number(id ParameterID, d *Digits) {
	name := parameters[id].Name
	ss7, counted := d.ss7(), d.counted()
	switch {
	case d.NumberingPlan > 0x0f, d.Encoding > 0x0f, d.Digits != "" && !counted,
		len(d.Octets) > 0 && (ss7 || counted), (d.PC != 0 || d.SSN != 0 || d.CountOctet) && !ss7:
		w.fail(name, wire.ErrValue)
		return
	case len(d.Digits) > 0xff:
		w.fail(name, wire.ErrTooLong)
		return
	}
	w.dst = appendHeader(w.dst, id, 3+d.size())
	w.dst = append(w.dst, byte(d.TypeOfDigits), byte(d.Nature), byte(d.NumberingPlan)<<4|byte(d.Encoding))
	switch {
	case ss7:
		if d.CountOctet {
			w.dst = append(w.dst, 4)
		}
		w.pointCode(name, d.PC, d.SSN)
	case counted:
		w.dst = append(w.dst, byte(len(d.Digits)))
		if d.Encoding == EncodingIA5 {
			w.ia5(name, d.Digits)
		} else {
			w.bcd(name, d.Digits)
		}
	default:
		w.dst = append(w.dst, d.Octets...)
	}
}

// size is the number of octets behind the first three.
func (d *Digits) size() int {
	switch {
	case d.ss7() && d.CountOctet:
		return 5
	case d.ss7():
		return 4
	case d.counted() && d.Encoding == EncodingIA5:
		return 1 + len(d.Digits)
	case d.counted():
		return 1 + (len(d.Digits)+1)/2
	}
	return len(d.Octets)
}

func (w *writer) ia5(field, digits string) {
	for i := range len(digits) {
		if digits[i] > 0x7f {
			w.fail(field, wire.ErrValue)
			return
		}
	}
	w.dst = append(w.dst, digits...)
}

func (w *writer) bcd(field, digits string) {
	for i := range len(digits) {
		d, ok := nibble(digits[i], 'f')
		if !ok {
			w.fail(field, wire.ErrValue)
			return
		}
		if i&1 == 0 {
			w.dst = append(w.dst, d)
		} else {
			w.dst[len(w.dst)-1] |= d << 4
		}
	}
}

// pointCode appends member, cluster, network and subsystem number.
func (w *writer) pointCode(field string, pc mtp.PointCode, ssn uint8) {
	if pc > 0xffffff {
		w.fail(field, wire.ErrValue)
	}
	w.dst = append(w.dst, pc.Member(), pc.Cluster(), pc.Network(), ssn)
}
