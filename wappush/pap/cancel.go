package pap

import (
	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/wappush/xmldoc"
)

// CancelMessage is cancel-message: a push is not wanted any more, by anybody or
// by some addresses.
type CancelMessage struct {
	PushID    string // required
	Addresses []Address
}

// Element is cancel-message.
func (*CancelMessage) Element() string { return "cancel-message" }

func (m *CancelMessage) read(r *reader) {
	m.PushID = r.need("push-id")
	m.Addresses = r.addresses(nil)
}

func (m *CancelMessage) write(w *writer) {
	w.open(m.Element())
	w.need("push-id", m.PushID)
	w.inside()
	w.addresses(m.Addresses...)
	w.close(m.Element())
}

// CancelResponse is cancel-response, with what became of it for which
// addresses.
type CancelResponse struct {
	PushID  string         // required
	Results []CancelResult // at least one
}

// CancelResult is cancel-result; without addresses it is for all.
type CancelResult struct {
	Code      Code
	Desc      string
	Addresses []Address
}

// Element is cancel-response.
func (*CancelResponse) Element() string { return "cancel-response" }

func (m *CancelResponse) read(r *reader) {
	m.PushID = r.need("push-id")
	r.children(func(c *xmldoc.Element) {
		if c.Name == "cancel-result" {
			inner := reader{e: c}
			m.Results = append(m.Results, CancelResult{inner.code(), inner.text("desc"), inner.addresses(nil)})
			r.take(&inner)
		}
	})
	if len(m.Results) == 0 {
		r.fail("no cancel-result")
	}
}

func (m *CancelResponse) write(w *writer) {
	w.open(m.Element())
	w.need("push-id", m.PushID)
	w.inside()
	if len(m.Results) == 0 {
		w.fail("cancel-result", wire.ErrMissing)
	}
	for _, x := range m.Results {
		w.open("cancel-result")
		w.code(x.Code)
		w.text("desc", x.Desc)
		w.inside()
		w.addresses(x.Addresses...)
		w.close("cancel-result")
	}
	w.close(m.Element())
}
