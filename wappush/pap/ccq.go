package pap

// CCQMessage is ccq-message: what can a client do?
type CCQMessage struct {
	QueryID string
	AppID   string
	Address Address // required
}

// Element is ccq-message.
func (*CCQMessage) Element() string { return "ccq-message" }

func (m *CCQMessage) read(r *reader) {
	m.QueryID = r.text("query-id")
	m.AppID = r.text("app-id")
	m.Address = r.one(nil)
}

func (m *CCQMessage) write(w *writer) {
	w.open(m.Element())
	w.text("query-id", m.QueryID)
	w.text("app-id", m.AppID)
	w.inside()
	w.addresses(m.Address)
	w.close(m.Element())
}

// CCQResponse is ccq-response. The capabilities are in another part: see
// Envelope.
type CCQResponse struct {
	QueryID string
	Code    Code
	Desc    string
	Address Address // required
}

// Element is ccq-response.
func (*CCQResponse) Element() string { return "ccq-response" }

func (m *CCQResponse) read(r *reader) {
	m.QueryID = r.text("query-id")
	m.Code = r.code()
	m.Desc = r.text("desc")
	m.Address = r.one(nil)
}

func (m *CCQResponse) write(w *writer) {
	w.open(m.Element())
	w.text("query-id", m.QueryID)
	w.code(m.Code)
	w.text("desc", m.Desc)
	w.inside()
	w.addresses(m.Address)
	w.close(m.Element())
}
