package pap

import "time"

// ResultNotificationMessage is resultnotification-message: the gateway tells
// the initiator what became of a push for one address.
type ResultNotificationMessage struct {
	PushID           string // required
	SenderAddress    string
	SenderName       string
	ReceivedTime     time.Time
	EventTime        time.Time
	State            MessageState // required
	Code             Code
	Desc             string
	Address          Address // required
	QualityOfService *QualityOfService
}

// Element is resultnotification-message.
func (*ResultNotificationMessage) Element() string { return "resultnotification-message" }

func (m *ResultNotificationMessage) read(r *reader) {
	m.PushID = r.need("push-id")
	m.SenderAddress = r.text("sender-address")
	m.SenderName = r.text("sender-name")
	m.ReceivedTime = r.time("received-time")
	m.EventTime = r.time("event-time")
	m.State = r.state()
	m.Code = r.code()
	m.Desc = r.text("desc")
	m.Address = r.one(&m.QualityOfService)
}

func (m *ResultNotificationMessage) write(w *writer) {
	w.open(m.Element())
	w.need("push-id", m.PushID)
	w.text("sender-address", m.SenderAddress)
	w.text("sender-name", m.SenderName)
	w.time("received-time", m.ReceivedTime)
	w.time("event-time", m.EventTime)
	w.state(m.State)
	w.code(m.Code)
	w.text("desc", m.Desc)
	w.inside()
	w.addresses(m.Address)
	w.qos(m.QualityOfService)
	w.close(m.Element())
}

// ResultNotificationResponse is resultnotification-response, the initiator's
// answer.
type ResultNotificationResponse struct {
	PushID  string // required
	Code    Code
	Desc    string
	Address Address // required
}

// Element is resultnotification-response.
func (*ResultNotificationResponse) Element() string { return "resultnotification-response" }

func (m *ResultNotificationResponse) read(r *reader) {
	m.PushID = r.need("push-id")
	m.Code = r.code()
	m.Desc = r.text("desc")
	m.Address = r.one(nil)
}

func (m *ResultNotificationResponse) write(w *writer) {
	w.open(m.Element())
	w.need("push-id", m.PushID)
	w.code(m.Code)
	w.text("desc", m.Desc)
	w.inside()
	w.addresses(m.Address)
	w.close(m.Element())
}
