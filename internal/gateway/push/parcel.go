package push

import (
	"encoding/binary"
	"time"

	"github.com/otagate/otagate/internal/delivery"
	"github.com/otagate/otagate/internal/sms"
	"github.com/otagate/otagate/internal/wire"
)

// parcel is one message as the runtime keeps it.
type parcel struct {
	id       uint64
	began    time.Time
	to, min  string // digits
	esn      uint32 // of the handset, when the HLR has told it
	link     string
	priority uint8
	origin   Origin
	content  sms.Message
	way      sms.Way
	limits   sms.Limits
	relay    relayKind   // of one that goes on as it came content is the body of its PDU
	receipt  bool        // of relay: the centre is asked for receipts
	wanted   bool        // of relay: somebody wants to hear of its end
	timed    bool        // of relay: it said how long it is of use
	told     Told        // of relay: by its last receipt
	marks    uint16      // user_message_reference of the first part
	taken    []receiptID // message ids that a centre has given
	joint    *joint      // of one that goes for its siblings
	delivery delivery.Session
}

// receiptID is the message id of a part.
type receiptID struct {
	part uint8
	id   string
}

// parcelVersion 2 has what is kept of relayed messages; composed ones stay as they
// were in version 1.
const parcelVersion = 2

// maxState bounds the text fields of a state, which are an octet long.
const maxState = 255

// append appends the stored form.
func (p *parcel) append(dst []byte) ([]byte, error) {
	if p.relay == composed {
		dst = append(dst, 1)
	} else {
		dst = p.told.append(append(dst, parcelVersion, byte(p.relay)|bit(p.receipt)<<4|bit(p.timed)<<5|bit(p.wanted)<<6|bit(p.joint != nil)<<7))
	}
	dst = append(dst, p.priority, byte(p.way), byte(p.content.Coding))
	dst = binary.BigEndian.AppendUint64(dst, p.id)
	dst = binary.BigEndian.AppendUint64(dst, uint64(p.began.UnixMilli()))
	dst = binary.BigEndian.AppendUint32(dst, p.esn)
	dst = binary.BigEndian.AppendUint16(dst, uint16(p.limits.Octets))
	dst = append(dst, byte(p.limits.Segments))
	for _, n := range [...]uint16{p.content.Source, p.content.Destination, p.content.Reference, p.marks} {
		dst = binary.BigEndian.AppendUint16(dst, n)
	}
	o := &p.origin
	for _, s := range [...]string{p.to, p.min, p.link, o.Door, o.Account, o.Source, o.Corr} {
		dst = appendText(dst, s)
	}
	dst = appendOctets(dst, o.Data)
	dst = appendOctets(dst, p.content.Payload)
	dst = append(dst, byte(len(p.taken)))
	for _, t := range p.taken {
		dst = appendText(append(dst, t.part), t.id)
	}
	if p.joint != nil {
		dst = p.joint.append(dst)
	}
	return p.delivery.Append(dst)
}

func (p *parcel) decode(b []byte) error {
	*p = parcel{}
	c, joined := wire.NewCursor("message state", b), false
	switch v := c.U8("version"); {
	case c.Err() != nil || v == 1:
	case v == parcelVersion:
		flags := c.U8("relay")
		p.relay, p.receipt, p.timed, p.wanted = relayKind(flags&0x0f), flags&0x10 != 0, flags&0x20 != 0, flags&0x40 != 0
		joined = flags&0x80 != 0
		p.told.read(&c)
	default:
		c.FailAt(0, "version", wire.ErrUnsupported)
	}
	p.priority, p.way, p.content.Coding = c.U8("priority"), sms.Way(c.U8("way")), sms.Coding(c.U8("coding"))
	p.id = c.U64("id")
	p.began = time.UnixMilli(int64(c.U64("began")))
	p.esn = c.U32("esn")
	p.limits.Octets, p.limits.Segments = int(c.U16("octets")), int(c.U8("segments"))
	for _, n := range [...]*uint16{&p.content.Source, &p.content.Destination, &p.content.Reference, &p.marks} {
		*n = c.U16("content")
	}
	o := &p.origin
	for _, s := range [...]*string{&p.to, &p.min, &p.link, &o.Door, &o.Account, &o.Source, &o.Corr} {
		*s = readText(&c)
	}
	o.Data, p.content.Payload = readOctets(&c), readOctets(&c)
	for range c.U8("taken") {
		p.taken = append(p.taken, receiptID{part: c.U8("part"), id: readText(&c)})
	}
	if joined {
		p.joint = readJoint(&c)
	}
	rest := c.Rest("delivery")
	if err := c.End(); err != nil {
		return err
	}
	return p.delivery.Decode(rest)
}

func bit(b bool) byte {
	if b {
		return 1
	}
	return 0
}

func appendText(dst []byte, s string) []byte {
	s = s[:min(len(s), maxState)]
	return append(append(dst, byte(len(s))), s...)
}

func readText(c *wire.Cursor) string { return string(c.Bytes(int(c.U8("length")), "text")) }

// appendOctets takes up to 64 KiB, which is what a door takes.
func appendOctets(dst, b []byte) []byte {
	b = b[:min(len(b), 1<<16-1)]
	return append(binary.BigEndian.AppendUint16(dst, uint16(len(b))), b...)
}

func readOctets(c *wire.Cursor) []byte {
	return append([]byte(nil), c.Bytes(int(c.U16("length")), "octets")...)
}
