package pap

// BadMessageResponse is badmessage-response, the answer to what was not
// understood.
type BadMessageResponse struct {
	Code     Code
	Desc     string
	Fragment string // bad-message-fragment, of the message
}

// Element is badmessage-response.
func (*BadMessageResponse) Element() string { return "badmessage-response" }

func (m *BadMessageResponse) read(r *reader) {
	m.Code = r.code()
	m.Desc = r.text("desc")
	m.Fragment = r.text("bad-message-fragment")
}

func (m *BadMessageResponse) write(w *writer) {
	w.open(m.Element())
	w.code(m.Code)
	w.text("desc", m.Desc)
	w.text("bad-message-fragment", m.Fragment)
	w.empty()
}
