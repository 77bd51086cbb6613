package ppg

import (
	"encoding/binary"
	"encoding/json"
	"time"

	"github.com/otagate/otagate/internal/gateway/push"
	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/wappush/pap"
)

// origin is what is kept with a message whose end is to be told.
type origin struct {
	version pap.Version
	notify  string // URL
	address string // as the initiator has spelled it
}

const originVersion = 1

// append appends the stored form. Its texts were bounded before.
func (o *origin) append(dst []byte) []byte {
	dst = append(dst, originVersion, byte(o.version))
	for _, s := range [...]string{o.notify, o.address} {
		dst = append(binary.BigEndian.AppendUint16(dst, uint16(len(s))), s...)
	}
	return dst
}

func (o *origin) decode(b []byte) error {
	c := wire.NewCursor("push origin", b)
	if v := c.U8("version"); c.Err() == nil && v != originVersion {
		c.FailAt(0, "version", wire.ErrUnsupported)
	}
	o.version = pap.Version(c.U8("PAP version"))
	o.notify = string(c.Bytes(int(c.U16("length")), "notify"))
	o.address = string(c.Bytes(int(c.U16("length")), "address"))
	return c.End()
}

// notice is a result notification waiting in the outbox.
type notice struct {
	URL      string           `json:"url"`
	Version  pap.Version      `json:"version"`
	PushID   string           `json:"push_id"`
	Address  string           `json:"address"`
	State    pap.MessageState `json:"state"`
	Code     pap.Code         `json:"code"`
	Desc     string           `json:"desc"`
	Received time.Time        `json:"received"`
	Event    time.Time        `json:"event"`
}

// noticeValidity is how long a result is tried to be told.
const noticeValidity = 72 * time.Hour

// row is the outbox row of the end of a message.
func row(e *push.End) (sessions.Outbox, bool) {
	var o origin
	if len(e.Origin.Data) == 0 || o.decode(e.Origin.Data) != nil || o.notify == "" {
		return sessions.Outbox{}, false
	}
	v := verdictOf(e.Result.Outcome.String(), e.Result.Reason, e.Result.Detail)
	body, err := json.Marshal(&notice{
		URL: o.notify, Version: o.version, PushID: e.Origin.Corr, Address: o.address,
		State: v.state, Code: v.code, Desc: v.desc, Received: e.Began, Event: e.Ended,
	})
	if err != nil {
		return sessions.Outbox{}, false // a struct of strings and numbers cannot fail
	}
	// Due at once, not at the time it is: the clock may be set back. The id comes
	// again when a push-id is used again, so that the beginning goes with it.
	return sessions.Outbox{
		Dest: destOf(e.Origin.Account), Validity: e.Ended.Add(noticeValidity), ID: e.ID,
		Dedup: "pap/" + e.ID.String() + "/" + e.Began.UTC().Format(time.RFC3339Nano), Body: body,
	}, true
}

// destOf is the outbox destination of an initiator.
func destOf(initiator string) string { return "pap/" + initiator }

// entity is the message as the initiator gets it.
func (n *notice) entity() ([]byte, error) {
	c := pap.Control{Version: n.Version, Message: &pap.ResultNotificationMessage{
		PushID: n.PushID, SenderName: senderName, ReceivedTime: n.Received, EventTime: n.Event,
		State: n.State, Code: n.Code, Desc: n.Desc, Address: pap.Address(n.Address),
	}}
	return c.AppendXML(nil)
}
