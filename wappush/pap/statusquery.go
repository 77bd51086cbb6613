package pap

import (
	"time"

	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/wappush/xmldoc"
)

// StatusQueryMessage is statusquery-message: how far is a push, for all or some
// addresses?
type StatusQueryMessage struct {
	PushID    string // required
	Addresses []Address
}

// Element is statusquery-message.
func (*StatusQueryMessage) Element() string { return "statusquery-message" }

func (m *StatusQueryMessage) read(r *reader) {
	m.PushID = r.need("push-id")
	m.Addresses = r.addresses(nil)
}

func (m *StatusQueryMessage) write(w *writer) {
	w.open(m.Element())
	w.need("push-id", m.PushID)
	w.inside()
	w.addresses(m.Addresses...)
	w.close(m.Element())
}

// StatusQueryResponse is statusquery-response.
type StatusQueryResponse struct {
	PushID  string              // required
	Results []StatusQueryResult // at least one
}

// StatusQueryResult is statusquery-result; without addresses it is for all.
type StatusQueryResult struct {
	EventTime        time.Time
	State            MessageState // required
	Code             Code
	Desc             string
	Addresses        []Address
	QualityOfService *QualityOfService
}

// Element is statusquery-response.
func (*StatusQueryResponse) Element() string { return "statusquery-response" }

func (m *StatusQueryResponse) read(r *reader) {
	m.PushID = r.need("push-id")
	r.children(func(c *xmldoc.Element) {
		if c.Name == "statusquery-result" {
			inner := reader{e: c}
			m.Results = append(m.Results, readStatusQueryResult(&inner))
			r.take(&inner)
		}
	})
	if len(m.Results) == 0 {
		r.fail("no statusquery-result")
	}
}

func readStatusQueryResult(r *reader) (x StatusQueryResult) {
	x.EventTime = r.time("event-time")
	x.State = r.state()
	x.Code = r.code()
	x.Desc = r.text("desc")
	x.Addresses = r.addresses(&x.QualityOfService)
	return x
}

func (m *StatusQueryResponse) write(w *writer) {
	w.open(m.Element())
	w.need("push-id", m.PushID)
	w.inside()
	if len(m.Results) == 0 {
		w.fail("statusquery-result", wire.ErrMissing)
	}
	for _, x := range m.Results {
		w.open("statusquery-result")
		w.time("event-time", x.EventTime)
		w.state(x.State)
		w.code(x.Code)
		w.text("desc", x.Desc)
		w.inside()
		w.addresses(x.Addresses...)
		w.qos(x.QualityOfService)
		w.close("statusquery-result")
	}
	w.close(m.Element())
}
