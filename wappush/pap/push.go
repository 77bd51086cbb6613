package pap

import (
	"time"

	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/wappush/xmldoc"
)

// PushMessage is push-message, by which an initiator submits content. The
// content is in another part: see Envelope.
type PushMessage struct {
	PushID                 string // required; the initiator's, usually name@host
	ReplacePushID          string
	ReplaceMethod          ReplaceMethod
	DeliverBefore          time.Time // deliver-before-timestamp; zero: no limit
	DeliverAfter           time.Time
	SourceReference        string
	ProgressNotesRequested bool
	NotifyRequestedTo      string // ppg-notify-requested-to, a URL
	Addresses              []Address
	QualityOfService       *QualityOfService
}

// Element is push-message.
func (*PushMessage) Element() string { return "push-message" }

func (m *PushMessage) read(r *reader) {
	m.PushID = r.need("push-id")
	m.ReplacePushID = r.text("replace-push-id")
	m.ReplaceMethod = ReplaceMethod(r.enum("replace-method", replaceMethods[:]))
	m.DeliverBefore = r.time("deliver-before-timestamp")
	m.DeliverAfter = r.time("deliver-after-timestamp")
	m.SourceReference = r.text("source-reference")
	m.ProgressNotesRequested = r.flag("progress-notes-requested")
	m.NotifyRequestedTo = r.text("ppg-notify-requested-to")
	if m.Addresses = r.addresses(&m.QualityOfService); len(m.Addresses) == 0 {
		r.fail("no address")
	}
}

func (m *PushMessage) write(w *writer) {
	w.open(m.Element())
	w.need("push-id", m.PushID)
	w.text("replace-push-id", m.ReplacePushID)
	w.enum("replace-method", replaceMethods[:], uint8(m.ReplaceMethod))
	w.time("deliver-before-timestamp", m.DeliverBefore)
	w.time("deliver-after-timestamp", m.DeliverAfter)
	w.text("source-reference", m.SourceReference)
	w.flag("progress-notes-requested", m.ProgressNotesRequested)
	w.text("ppg-notify-requested-to", m.NotifyRequestedTo)
	w.inside()
	if len(m.Addresses) == 0 {
		w.fail("address", wire.ErrMissing)
	}
	w.addresses(m.Addresses...)
	w.qos(m.QualityOfService)
	w.close(m.Element())
}

// PushResponse is push-response, the answer to a push-message.
type PushResponse struct {
	PushID        string // required
	SenderAddress string // the gateway's URL
	SenderName    string
	ReplyTime     time.Time
	Progress      []ProgressNote
	Result        ResponseResult
}

// ProgressNote is progress-note: what the gateway did, when asked to say so.
type ProgressNote struct {
	Stage string // required
	Note  string
	Time  time.Time
}

// ResponseResult is response-result.
type ResponseResult struct {
	Code Code
	Desc string
}

// Element is push-response.
func (*PushResponse) Element() string { return "push-response" }

func (m *PushResponse) read(r *reader) {
	m.PushID = r.need("push-id")
	m.SenderAddress = r.text("sender-address")
	m.SenderName = r.text("sender-name")
	m.ReplyTime = r.time("reply-time")
	results := 0
	r.children(func(c *xmldoc.Element) {
		inner := reader{e: c}
		switch c.Name {
		case "progress-note":
			m.Progress = append(m.Progress, ProgressNote{inner.need("stage"), inner.text("note"), inner.time("time")})
		case "response-result":
			m.Result = ResponseResult{inner.code(), inner.text("desc")}
			results++
		}
		r.take(&inner)
	})
	if results != 1 {
		r.fail("%d results; want one", results)
	}
}

func (m *PushResponse) write(w *writer) {
	w.open(m.Element())
	w.need("push-id", m.PushID)
	w.text("sender-address", m.SenderAddress)
	w.text("sender-name", m.SenderName)
	w.time("reply-time", m.ReplyTime)
	w.inside()
	for _, n := range m.Progress {
		w.open("progress-note")
		w.need("stage", n.Stage)
		w.text("note", n.Note)
		w.time("time", n.Time)
		w.empty()
	}
	w.open("response-result")
	w.code(m.Result.Code)
	w.text("desc", m.Result.Desc)
	w.empty()
	w.close(m.Element())
}
