package push

import (
	"encoding/binary"
	"strconv"
	"time"

	"github.com/otagate/otagate/internal/sms"
	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/sessions"
)

// part is one short message on its way: all that its carrier needs.
type part struct {
	number, total uint8 // from 0
	sending       uint16
	way           sms.Way
	coding        sms.Coding
	priority      uint8
	esn           uint32
	reference     uint16 // of the message
	mark          uint16 // of this part, for receipts
	source, dest  uint16 // ports
	to, min, msc  string
	userData      []byte // with its header, where the way has one

	// Of the outbox row.
	id    sessions.ID
	until time.Time
}

const partVersion = 1

// append appends the body of an outbox row.
func (p *part) append(dst []byte) []byte {
	dst = append(dst, partVersion, p.number, p.total, byte(p.way), byte(p.coding), p.priority)
	dst = binary.BigEndian.AppendUint32(dst, p.esn)
	for _, n := range [...]uint16{p.sending, p.reference, p.mark, p.source, p.dest} {
		dst = binary.BigEndian.AppendUint16(dst, n)
	}
	for _, s := range [...]string{p.to, p.min, p.msc} {
		dst = appendText(dst, s)
	}
	return append(dst, p.userData...)
}

func (p *part) decode(b []byte) error {
	c := wire.NewCursor("outbox part", b)
	if v := c.U8("version"); c.Err() == nil && v != partVersion {
		c.FailAt(0, "version", wire.ErrUnsupported)
	}
	p.number, p.total, p.way, p.coding, p.priority = c.U8("number"), c.U8("total"), sms.Way(c.U8("way")), sms.Coding(c.U8("coding")), c.U8("priority")
	p.esn = c.U32("esn")
	for _, n := range [...]*uint16{&p.sending, &p.reference, &p.mark, &p.source, &p.dest} {
		*n = c.U16("numbers")
	}
	for _, s := range [...]*string{&p.to, &p.min, &p.msc} {
		*s = readText(&c)
	}
	p.userData = c.Rest("user data")
	return c.End()
}

// dedup names a sending: the same one is in the outbox once.
func dedup(id uint64, number uint8, sending uint16) string {
	return "part/" + sessions.ID(id).String() + "/" + strconv.Itoa(int(number)) + "/" + strconv.Itoa(int(sending))
}

// destOf is the outbox destination of a link, or of an MSC.
func destOf(link, msc string) string {
	if msc != "" {
		return "msc/" + msc
	}
	return "centre/" + link
}

// row is the outbox row of a sending.
func (p *parcel) row(number uint8, sending uint16, msc string) (sessions.Outbox, error) {
	plan, err := sms.Split(&p.content, p.way, p.limits)
	if err != nil {
		return sessions.Outbox{}, err
	}
	i := int(number)
	one := part{
		number: number, total: uint8(plan.Segments()), sending: sending, way: p.way, coding: p.content.Coding, priority: p.priority,
		esn: p.esn, reference: p.content.Reference, mark: p.mark(number), source: p.content.Source, dest: p.content.Destination,
		to: p.to, min: p.min, msc: msc,
	}
	one.userData = plan.AppendUserData(make([]byte, 0, p.limits.Octets), i)
	// Due at once, not at the time it is: the clock may be set back.
	return sessions.Outbox{
		Dest: destOf(p.link, msc), Validity: p.delivery.Validity, ID: sessions.ID(p.id),
		Dedup: dedup(p.id, number, sending), Body: one.append(nil),
	}, nil
}

// mark is the user_message_reference of a part. It is not the reference of the
// concatenation, of which messages to one number may have neighbouring ones.
func (p *parcel) mark(number uint8) uint16 { return p.marks + uint16(number) }
