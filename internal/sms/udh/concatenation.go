package udh

import "fmt"

// Concatenation says which part of which longer message this is (9.2.3.24.1,
// 9.2.3.24.8).
//
//	IE 00  8:reference  8:total 8:number
//	IE 08  16:reference 8:total 8:number
type Concatenation struct {
	Reference uint16
	Total     uint8
	Number    uint8 // from 1 on
	Wide      bool  // IE 08, 16 bits of reference
}

// Concatenation is that of the last IE 00 or 08 that makes sense.
func (h *Header) Concatenation() (c Concatenation, ok bool) {
	for i := range h.Elements {
		if k, is := h.Elements[i].concatenation(); is {
			c, ok = k, true
		}
	}
	return c, ok
}

func (e *Element) concatenation() (c Concatenation, ok bool) {
	switch d := e.Data; {
	case e.ID == Concatenation8 && len(d) == 3:
		c = Concatenation{Reference: uint16(d[0]), Total: d[1], Number: d[2]}
	case e.ID == Concatenation16 && len(d) == 4:
		c = Concatenation{Reference: uint16(d[0])<<8 | uint16(d[1]), Total: d[2], Number: d[3], Wide: true}
	}
	return c, c.Number > 0 && c.Number <= c.Total
}

// Append appends the element. Of the reference of IE 00 there are the low eight
// bits.
func (c Concatenation) Append(dst []byte) []byte {
	if c.Wide {
		return append(dst, byte(Concatenation16), 4, byte(c.Reference>>8), byte(c.Reference), c.Total, c.Number)
	}
	return append(dst, byte(Concatenation8), 3, byte(c.Reference), c.Total, c.Number)
}

// Element is c as an element of a header.
func (c Concatenation) Element() Element { return element(c.Append(nil)) }

func (c Concatenation) String() string {
	return fmt.Sprintf("part %d of %d, reference %d", c.Number, c.Total, c.Reference)
}

// element is the one element of b.
func element(b []byte) Element { return Element{ID: ID(b[0]), Data: b[2:]} }
