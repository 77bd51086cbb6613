package udh

// LockingShift is the national language of the characters of one septet, that
// of the last IE 25 of one octet (9.2.3.24.16); 0, the default alphabet, when
// there is none.
func (h *Header) LockingShift() uint8 { return h.shift(LockingShift) }

// SingleShift is the national language of the characters behind an escape, that
// of the last IE 24 of one octet (9.2.3.24.15).
func (h *Header) SingleShift() uint8 { return h.shift(SingleShift) }

func (h *Header) shift(id ID) (language uint8) {
	for i := range h.Elements {
		if e := &h.Elements[i]; e.ID == id && len(e.Data) == 1 {
			language = e.Data[0]
		}
	}
	return language
}

// meaning is a remark about the data, empty when there is nothing to say.
func (e *Element) meaning() string {
	if c, ok := e.concatenation(); ok {
		return c.String()
	}
	if p, ok := e.ports(); ok {
		return p.String()
	}
	switch e.ID {
	case Concatenation8, Concatenation16, Ports8, Ports16:
		return "makes no sense and is ignored"
	}
	return ""
}
