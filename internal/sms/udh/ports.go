package udh

import "fmt"

// Ports are those of the applications that talk (9.2.3.24.3, 9.2.3.24.4). Mind
// the order: the destination comes first.
//
//	IE 04  8:destination  8:source
//	IE 05  16:destination 16:source
type Ports struct {
	Destination uint16
	Source      uint16
	Wide        bool // IE 05, 16 bits
}

// Ports are those of the last IE 04 or 05 that has the right length.
func (h *Header) Ports() (p Ports, ok bool) {
	for i := range h.Elements {
		if k, is := h.Elements[i].ports(); is {
			p, ok = k, true
		}
	}
	return p, ok
}

func (e *Element) ports() (p Ports, ok bool) {
	switch d := e.Data; {
	case e.ID == Ports8 && len(d) == 2:
		return Ports{Destination: uint16(d[0]), Source: uint16(d[1])}, true
	case e.ID == Ports16 && len(d) == 4:
		return Ports{Destination: uint16(d[0])<<8 | uint16(d[1]), Source: uint16(d[2])<<8 | uint16(d[3]), Wide: true}, true
	}
	return p, false
}

// Append appends the element. Of the ports of IE 04 there are the low eight bits.
func (p Ports) Append(dst []byte) []byte {
	if p.Wide {
		return append(dst, byte(Ports16), 4, byte(p.Destination>>8), byte(p.Destination), byte(p.Source>>8), byte(p.Source))
	}
	return append(dst, byte(Ports8), 2, byte(p.Destination), byte(p.Source))
}

// Element is p as an element of a header.
func (p Ports) Element() Element { return element(p.Append(nil)) }

func (p Ports) String() string { return fmt.Sprintf("to port %d from %d", p.Destination, p.Source) }
