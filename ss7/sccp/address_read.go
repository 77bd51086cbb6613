package sccp

import (
	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/ss7/mtp"
)

// read takes all that is left on the level. Digits that equal those already in
// a are not allocated again.
func (a *Address) read(c *wire.Cursor, v Variant) {
	digits := a.GlobalTitle.Digits
	ind := c.U8("address indicator")
	c.Hexadecimal()
	*a = Address{Variant: v, RouteOnSSN: ind&0x40 != 0}
	if v == ANSI && ind&0x80 == 0 {
		a.Variant = ITU
		c.Note("coded as in international networks")
	}
	a.GlobalTitle.GTI = GTI(ind >> 2 & 0x0f)
	if a.Variant == ANSI {
		a.HasSSN, a.HasPointCode = ind&1 != 0, ind&2 != 0
		a.readSSN(c)
		a.readPointCode(c)
	} else {
		a.National = ind&0x80 != 0
		a.HasSSN, a.HasPointCode = ind&2 != 0, ind&1 != 0
		a.readPointCode(c)
		a.readSSN(c)
	}
	a.readTitle(c, digits)
	if c.More() {
		a.Unread = Octets(c.Rest("unread"))
		c.Note("kept as it is")
	}
}

func (a *Address) readSSN(c *wire.Cursor) {
	if a.HasSSN {
		a.SSN = wire.Say(c, SSN(c.U8("subsystem number")))
	}
}

func (a *Address) readPointCode(c *wire.Cursor) {
	if !a.HasPointCode {
		return
	}
	b := c.Bytes(a.Variant.pointCodeLen(), "signalling point code")
	if c.Err() != nil {
		return
	}
	if a.Variant == ANSI {
		a.PointCode = wire.Say(c, mtp.ANSI(b[2], b[1], b[0]))
		return
	}
	a.PointCode = mtp.PointCode(b[0]) | mtp.PointCode(b[1]&0x3f)<<8
	if b[1]&0xc0 != 0 {
		c.Note("spare bits set")
	}
	wire.Say(c, decimal(a.PointCode))
}

func (v Variant) pointCodeLen() int {
	if v == ANSI {
		return 3
	}
	return 2
}

// decimal prints a point code as one number.
type decimal mtp.PointCode

func (d decimal) String() string { return mtp.PointCode(d).Decimal() }

func (a *Address) readTitle(c *wire.Cursor, same string) {
	t := &a.GlobalTitle
	p, known := a.Variant.titleParts(t.GTI)
	if !known {
		return
	}
	odd, bcd := false, true
	if p.nature1 {
		o := c.U8("nature of address")
		odd = o&0x80 != 0
		t.Nature = wire.Say(c, Nature(o&0x7f))
	}
	if p.tt {
		t.TranslationType = c.U8("translation type")
	}
	if p.plan {
		o := c.U8("numbering plan and encoding scheme")
		c.Hexadecimal()
		t.NumberingPlan = wire.Say(c, NumberingPlan(o>>4))
		t.Scheme = wire.Say(c, Scheme(o&0x0f))
		odd, bcd = t.Scheme == SchemeBCDOdd, t.Scheme == SchemeBCDOdd || t.Scheme == SchemeBCDEven
	}
	if p.nature {
		t.Nature = wire.Say(c, Nature(c.U8("nature of address")&0x7f))
	}
	if !bcd || !c.More() || c.Len() > maxDigits/2 {
		return
	}
	var buf [maxDigits]byte
	d := unpack(&buf, c.Rest("global title digits"), odd)
	if same == string(d) {
		t.Digits = same
	} else {
		t.Digits = string(d)
	}
	t.Scheme = SchemeUnknown
	wire.Say(c, text(t.Digits))
}

// text is a Stringer.
type text string

func (t text) String() string { return string(t) }
