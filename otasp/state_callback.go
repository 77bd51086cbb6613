package otasp

import (
	"encoding/binary"
	"time"

	"github.com/otagate/otagate/internal/wire"
)

// What version 5 added, as bits: a session that has none of it takes one octet.
const (
	moreWays = 1 << iota
	moreTrigger
	moreOptions
	moreMMC
	moreProfile
	moreInvited // has nothing behind it
)

// appendCallback appends what version 5 added: the ways of a session, and what
// belongs to a conversation over MMC.
//
//	bits, then what they say: the way and its doubt, the ways to come, those before;
//	MEID and old MDN; options; the end of the conversation; the profile
func (s *Session) appendCallback(dst []byte) []byte {
	t, bits := &s.Trigger, s.moreBits()
	dst = append(dst, bits)
	if bits&moreWays != 0 {
		dst = s.appendWays(dst)
	}
	if bits&moreTrigger != 0 {
		dst = appendText(appendText(dst, t.MEID), t.OldMDN)
	}
	if bits&moreOptions != 0 {
		dst = t.Options.appendMMC(dst)
	}
	if bits&moreMMC != 0 {
		dst = binary.BigEndian.AppendUint64(dst, uint64(s.MMC.Until.UnixMilli()))
	}
	if bits&moreProfile != 0 {
		for _, p := range s.Handset.Profile.texts() {
			dst = appendText(dst, *p)
		}
	}
	return dst
}

func (s *Session) moreBits() (bits byte) {
	t := &s.Trigger
	if s.Way != t.Start || s.doubt != 0 || len(t.Ways) > 0 || len(s.Attempts) > 0 {
		bits |= moreWays
	}
	if t.MEID != "" || t.OldMDN != "" {
		bits |= moreTrigger
	}
	if o := &t.Options; o.CallbackTime != 0 || o.IdleTime != 0 || o.ChunkSize != 0 || o.ListAsObject || o.OTAPAInMMC {
		bits |= moreOptions
	}
	if !s.MMC.Until.IsZero() {
		bits |= moreMMC
	}
	if s.Handset.Profile != (Profile{}) {
		bits |= moreProfile
	}
	if s.MMC.Invited {
		bits |= moreInvited
	}
	return bits
}

func (s *Session) readCallback(c *wire.Cursor) {
	t, bits := &s.Trigger, c.U8("more")
	s.MMC.Invited = bits&moreInvited != 0
	if bits&moreWays != 0 {
		s.readWays(c)
	}
	if bits&moreTrigger != 0 {
		t.MEID, t.OldMDN = text(c, "meid"), text(c, "old mdn")
	}
	if bits&moreOptions != 0 {
		t.Options.readMMC(c)
	}
	if bits&moreMMC != 0 {
		s.MMC.Until = time.UnixMilli(int64(c.U64("until")))
	}
	if bits&moreProfile != 0 {
		for _, p := range s.Handset.Profile.texts() {
			*p = text(c, "profile")
		}
	}
}

func (s *Session) appendWays(dst []byte) []byte {
	dst = append(dst, byte(s.Way), s.doubt, s.changed, byte(len(s.Trigger.Ways)))
	for _, w := range s.Trigger.Ways {
		dst = append(dst, byte(w))
	}
	dst = append(dst, byte(len(s.Attempts)))
	for _, a := range s.Attempts {
		dst = appendText(appendText(append(dst, byte(a.Way)), string(a.Reason)), a.Detail)
	}
	return dst
}

func (s *Session) readWays(c *wire.Cursor) {
	s.Way, s.doubt, s.changed = readWay(c), c.U8("doubt"), c.U8("changed")
	for range c.Count(int(c.U8("ways")), 1, "ways") {
		s.Trigger.Ways = append(s.Trigger.Ways, readWay(c))
	}
	for range c.Count(int(c.U8("attempts")), 3, "attempts") {
		s.Attempts = append(s.Attempts, Attempt{readWay(c), Reason(text(c, "reason")), text(c, "detail")})
	}
}

func readWay(c *wire.Cursor) StartKind {
	w := StartKind(c.U8("way"))
	if w >= numStarts {
		c.Fail("way", wire.ErrValue)
	}
	return w
}

func (o *Options) appendMMC(dst []byte) []byte {
	dst = append(dst, bit(o.ListAsObject)|bit(o.OTAPAInMMC)<<1)
	dst = binary.BigEndian.AppendUint16(dst, o.ChunkSize)
	for _, d := range [...]time.Duration{o.CallbackTime, o.IdleTime} {
		dst = binary.BigEndian.AppendUint64(dst, uint64(d.Milliseconds()))
	}
	return dst
}

func (o *Options) readMMC(c *wire.Cursor) {
	f := c.U8("mmc options")
	o.ListAsObject, o.OTAPAInMMC, o.ChunkSize = f&1 != 0, f&2 != 0, c.U16("chunk size")
	o.CallbackTime, o.IdleTime = readMillis(c, "callback time"), readMillis(c, "idle time")
}

// texts are the fields of a profile in the order in which they are stored.
func (p *Profile) texts() [7]*string {
	return [...]*string{&p.MDN, &p.MSID, &p.Make, &p.Model, &p.Software, &p.Agent, &p.MMCID}
}

func (o *Order) appendObjects(dst []byte) ([]byte, error) {
	if len(o.Objects) == 0 {
		return dst, nil
	}
	if len(o.Objects) > 0xff {
		return dst, wire.Unencodable("otasp state", "objects", wire.ErrTooLong)
	}
	dst = append(dst, byte(len(o.Objects)))
	for _, b := range o.Objects {
		dst = appendOctets(appendText(dst, b.Name), []byte(b.Value))
	}
	return dst, nil
}

func (o *Order) readObjects(c *wire.Cursor) {
	for range c.Count(int(c.U8("objects")), 3, "objects") {
		o.Objects = append(o.Objects, Object{Name: text(c, "object"), Value: string(octets(c, "object"))})
	}
}
