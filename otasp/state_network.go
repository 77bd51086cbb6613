package otasp

import (
	"encoding/binary"
	"time"

	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/otasp/is683"
)

// appendNetwork appends what version 4 added: that the network began, what a
// handset has already, and more of what was read from it.
func (s *Session) appendNetwork(dst []byte) []byte {
	t := &s.Trigger
	dst = append(dst, byte(t.Start), s.same, bit(t.Options.SkipSame), bit(s.OTAPA.NAMLock))
	for _, v := range [...]uint32{t.ESN, s.OTAPA.RandOTAPA, s.OTAPA.AuthOTAPA} {
		dst = binary.BigEndian.AppendUint32(dst, v)
	}
	for _, v := range [...]int64{t.Options.AwayTime.Milliseconds(), t.Options.AskAgain.Milliseconds(), s.OTAPA.AwayUntil.UnixMilli()} {
		dst = binary.BigEndian.AppendUint64(dst, uint64(v))
	}
	if s.Phase.silent() {
		return dst
	}
	return s.Handset.appendMore(dst)
}

func (s *Session) readNetwork(c *wire.Cursor, told bool) {
	t := &s.Trigger
	t.Start = StartKind(c.U8("start"))
	if t.Start >= numStarts {
		c.Fail("start", wire.ErrValue)
	}
	s.same = c.U8("same")
	t.Options.SkipSame, s.OTAPA.NAMLock = c.U8("skip same") != 0, c.U8("nam lock") != 0
	t.ESN, s.OTAPA.RandOTAPA, s.OTAPA.AuthOTAPA = c.U32("esn"), c.U32("rand_otapa"), c.U32("auth_otapa")
	t.Options.AwayTime, t.Options.AskAgain = readMillis(c, "away time"), readMillis(c, "ask again")
	s.OTAPA.AwayUntil = time.UnixMilli(int64(c.U64("away until")))
	if told {
		s.Handset.readMore(c)
	}
}

func readMillis(c *wire.Cursor, field string) time.Duration {
	return time.Duration(c.U64(field)) * time.Millisecond
}

func (h *Handset) appendMore(dst []byte) []byte {
	dst = binary.BigEndian.AppendUint16(dst, h.Firmware)
	dst = binary.BigEndian.AppendUint16(dst, h.CurPRL)
	dst = append(dst, h.Model, h.PRLPRev)
	dst = h.IMSIT.append(h.IMSI.append(dst))
	pairs := h.SIDNID[:min(len(h.SIDNID), 0xff)] // more do not fit into the block they were read from
	dst = append(dst, byte(len(pairs)))
	for _, p := range pairs {
		dst = binary.BigEndian.AppendUint16(dst, p.SID)
		dst = binary.BigEndian.AppendUint16(dst, p.NID)
	}
	return dst
}

func (h *Handset) readMore(c *wire.Cursor) {
	h.Firmware, h.CurPRL = c.U16("firmware"), c.U16("current prl")
	h.Model, h.PRLPRev = c.U8("model"), c.U8("prl revision")
	h.IMSI.read(c)
	h.IMSIT.read(c)
	for range c.Count(int(c.U8("stored sid/nid")), 4, "stored sid/nid") {
		h.SIDNID = append(h.SIDNID, is683.SIDNID{SID: c.U16("sid"), NID: c.U16("nid")})
	}
}
