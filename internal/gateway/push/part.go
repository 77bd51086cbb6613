package push

import (
	"encoding/binary"
	"strconv"
	"strings"
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
	relay         relayKind // of one that goes on as it came userData is the body of its PDU
	receipt       bool      // of relay: ask for one
	timed         bool      // of relay: say until when it is of use
	kept          bool      // of relay: its user data are in the state of its message, and not here
	esn           uint32
	reference     uint16 // of the message
	mark          uint16 // of this part, for receipts
	source, dest  uint16 // ports
	to, min, msc  string
	from          string // source address, of text7
	userData      []byte // with its header, where the way has one

	// Of the outbox row.
	id    sessions.ID
	until time.Time
}

// partVersion 2 is a part of a relayed message, and 3 one whose user data are kept in
// the state of its message; those of composed ones have 1.
const (
	partVersion     = 2
	keptPartVersion = 3
)

// append appends the body of an outbox row.
func (p *part) append(dst []byte) []byte {
	switch {
	case p.relay == composed:
		dst = append(dst, 1)
	case p.kept:
		dst = append(dst, keptPartVersion, p.flags())
	default:
		dst = append(dst, partVersion, p.flags())
	}
	dst = append(dst, p.number, p.total, byte(p.way), byte(p.coding), p.priority)
	dst = binary.BigEndian.AppendUint32(dst, p.esn)
	for _, n := range [...]uint16{p.sending, p.reference, p.mark, p.source, p.dest} {
		dst = binary.BigEndian.AppendUint16(dst, n)
	}
	for _, s := range [...]string{p.to, p.min, p.msc} {
		dst = appendText(dst, s)
	}
	if p.relay == text7 {
		dst = appendText(dst, p.from)
	}
	return append(dst, p.userData...)
}

func (p *part) flags() byte { return byte(p.relay) | bit(p.receipt)<<4 | bit(p.timed)<<5 }

func (p *part) decode(b []byte) error {
	c := wire.NewCursor("outbox part", b)
	switch v := c.U8("version"); {
	case c.Err() != nil || v == 1:
	case v == partVersion || v == keptPartVersion:
		p.kept = v == keptPartVersion
		flags := c.U8("relay")
		p.relay, p.receipt, p.timed = relayKind(flags&0x0f), flags&0x10 != 0, flags&0x20 != 0
	default:
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
	if p.relay == text7 {
		p.from = readText(&c)
	}
	p.userData = c.Rest("user data")
	return c.End()
}

// dedup names a sending: the same one is in the outbox once.
func dedup(id uint64, number uint8, sending uint16) string {
	var b [32]byte
	dst := append(sessions.ID(id).Append(append(b[:0], "part/"...)), '/')
	dst = append(strconv.AppendUint(dst, uint64(number), 10), '/')
	return string(strconv.AppendUint(dst, uint64(sending), 10))
}

// destOf is the outbox destination of a link, or of an MSC.
func destOf(link, msc string) string {
	if msc != "" {
		return "msc/" + msc
	}
	if strings.HasPrefix(link, accountPrefix) {
		return link
	}
	return "centre/" + link
}

// row is the outbox row of a sending. kept: what is sent is known to be in the directory,
// and need not be in the row.
func (p *parcel) row(number uint8, sending uint16, msc string, kept bool) (sessions.Outbox, error) {
	if p.relay.isPDU() {
		return p.relayRow(number, sending, kept)
	}
	plan, err := sms.Split(&p.content, p.way, p.limits)
	if err != nil {
		return sessions.Outbox{}, err
	}
	i := int(number)
	one := part{
		number: number, total: uint8(plan.Segments()), sending: sending, way: p.way, coding: p.content.Coding, priority: p.priority,
		esn: p.esn, reference: p.content.Reference, mark: p.mark(number), source: p.content.Source, dest: p.content.Destination,
		to: p.to, min: p.min, msc: msc, relay: p.relay,
	}
	if p.relay == text7 {
		one.from = p.origin.Source
	}
	one.userData = plan.AppendUserData(make([]byte, 0, p.limits.Octets), i)
	return sessions.Outbox{
		Dest: destOf(p.link, msc), Due: dueAt(p.priority), Validity: p.delivery.Validity, ID: sessions.ID(p.id),
		Dedup: dedup(p.id, number, sending), Body: one.append(nil),
	}, nil
}

// relayRow is row of a message that goes on as it came.
func (p *parcel) relayRow(number uint8, sending uint16, kept bool) (sessions.Outbox, error) {
	one := part{
		number: number, total: uint8(len(p.delivery.Parts)), sending: sending, priority: p.priority, relay: p.relay, receipt: p.receipt, timed: p.timed,
		mark: p.mark(number), kept: kept && len(p.delivery.Parts) == 1,
	}
	switch {
	case one.kept:
	case one.total == 1:
		one.userData = p.content.Payload
	default:
		var err error
		if one.userData, err = p.segment(number); err != nil {
			return sessions.Outbox{}, err
		}
	}
	return sessions.Outbox{
		Dest: destOf(p.link, ""), Due: dueAt(p.priority), Validity: p.delivery.Validity, ID: sessions.ID(p.id),
		Dedup: dedup(p.id, number, sending), Body: one.append(make([]byte, 0, partHeader+len(one.userData))),
	}, nil
}

// partHeader is what a row has in front of the user data, with empty texts.
const partHeader = 24

// mark is the user_message_reference of a part. It is not the reference of the
// concatenation, of which messages to one number may have neighbouring ones.
func (p *parcel) mark(number uint8) uint16 { return p.marks + uint16(number) }
