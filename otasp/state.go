package otasp

import (
	"encoding/binary"
	"time"

	"github.com/otagate/otagate/internal/wire"
)

// stateVersion is the first octet of a stored session. A gateway refuses a
// state that it does not know rather than guess. It reads the versions before,
// so that it takes the sessions of the gateway that it replaces.
const (
	stateVersion = 5
	stateBefore  = 4 // had no IOTA, and one way only
	stateOldest  = 3 // had no sessions that the network initiated
)

// Append appends the stored form of the session:
//
//	version, phase, numbers, flags, strings with a length of 1 octet, what
//	versions 4 and 5 added, the order (without the list itself, which is stored by name)
//
// What the handset has told, and the key that is agreed with it, is not there
// before it has: many sessions may wait for a handset.
//
// It holds the SPC of the order: whoever stores it protects it.
func (s *Session) Append(dst []byte) ([]byte, error) {
	dst = append(dst, stateVersion, byte(s.Phase), s.Attempt, s.Block, s.parts, s.taken, s.commits, s.Recoveries, s.flags())
	dst = binary.BigEndian.AppendUint16(dst, s.Req)
	dst = binary.BigEndian.AppendUint16(dst, s.Offset)
	dst = binary.BigEndian.AppendUint64(dst, uint64(s.Deadline.UnixMilli()))
	dst = s.Trigger.append(dst)
	dst = s.Terminal.append(dst)
	if !s.Phase.silent() {
		dst = s.Handset.append(dst)
		for _, b := range [][]byte{s.Key.P, s.Key.G, s.Key.BS, s.Key.MS} {
			dst = appendOctets(dst, b)
		}
		dst = binary.BigEndian.AppendUint32(dst, s.Auth.AuthR)
		dst = append(dst, s.Auth.Count)
		dst = binary.BigEndian.AppendUint32(dst, s.Auth.AuthData)
	}
	dst = s.Result.append(dst)
	dst = s.appendNetwork(dst)
	dst = s.appendCallback(dst)
	if !s.HasOrder {
		return dst, nil
	}
	return s.Order.append(dst)
}

// Decode reads what Append wrote. The list of the order is not in it:
// Order.PRL.Data is to be filled in by name. b may be reused afterwards.
func (s *Session) Decode(b []byte) error {
	c := wire.NewCursor("otasp state", b)
	v := c.U8("version")
	if c.Err() == nil && (v < stateOldest || v > stateVersion) {
		c.FailAt(0, "version", wire.ErrUnsupported)
	}
	s.Phase = readPhase(&c, v)
	if s.Phase >= numPhases {
		c.Fail("phase", wire.ErrValue)
	}
	s.Attempt, s.Block = c.U8("attempt"), c.U8("block")
	s.parts, s.taken = c.U8("parts"), c.U8("taken")
	s.commits, s.Recoveries = c.U8("commits"), c.U8("recoveries")
	s.setFlags(c.U8("flags"))
	s.Req, s.Offset = c.U16("request"), c.U16("offset")
	s.Deadline = time.UnixMilli(int64(c.U64("deadline")))
	s.Trigger.read(&c)
	s.Terminal.read(&c)
	told := v < stateVersion || !s.Phase.silent()
	if told {
		s.readTold(&c)
	} else {
		s.Handset.NAMBlock = noNAMBlock
	}
	s.Result.read(&c)
	if v > stateOldest {
		s.readNetwork(&c, told)
	}
	s.Way = s.Trigger.Start
	if v > stateBefore {
		s.readCallback(&c)
	}
	if s.HasOrder {
		s.Order.read(&c, v)
	}
	return c.End()
}

// silent reports whether the handset has not told anything by IS-683 yet.
func (p Phase) silent() bool { return p > Idle && p < PhaseSPASM }

func (s *Session) readTold(c *wire.Cursor) {
	s.Handset.readState(c)
	for _, p := range []*Octets{&s.Key.P, &s.Key.G, &s.Key.BS, &s.Key.MS} {
		*p = octets(c, "key")
	}
	s.Auth = Authentication{AuthR: c.U32("authr"), Count: c.U8("count"), AuthData: c.U32("auth_data")}
}

const (
	flagOrder = 1 << iota
	flagInDoubt
	flagCommitted
	flagListAgain
	flagAnswered
)

func (s *Session) flags() byte {
	var f byte
	if s.HasOrder {
		f |= flagOrder
	}
	if s.inDoubt {
		f |= flagInDoubt
	}
	if s.Committed {
		f |= flagCommitted
	}
	if s.listAgain {
		f |= flagListAgain
	}
	if s.answered {
		f |= flagAnswered
	}
	return f
}

func (s *Session) setFlags(f byte) {
	s.HasOrder, s.inDoubt = f&flagOrder != 0, f&flagInDoubt != 0
	s.Committed, s.listAgain, s.answered = f&flagCommitted != 0, f&flagListAgain != 0, f&flagAnswered != 0
}

func (t *Trigger) append(dst []byte) []byte {
	for _, v := range []string{t.TRN, t.MSC, t.MDN, t.MIN, t.OrderName, t.PRL, t.ActivationMIN} {
		dst = appendText(dst, v)
	}
	dst = binary.BigEndian.AppendUint32(dst, t.Rand)
	dst = append(dst, t.Options.SegmentSize, t.Options.Repeats, bit(t.Options.SPCLowFirst))
	dst = binary.BigEndian.AppendUint32(dst, uint32(t.Options.SessionTime/time.Millisecond))
	return appendOctets(dst, t.Options.AKeyVersions)
}

func (t *Trigger) read(c *wire.Cursor) {
	for _, p := range []*string{&t.TRN, &t.MSC, &t.MDN, &t.MIN, &t.OrderName, &t.PRL, &t.ActivationMIN} {
		*p = text(c, "trigger")
	}
	t.Rand = c.U32("rand")
	t.Options.SegmentSize, t.Options.Repeats, t.Options.SPCLowFirst = c.U8("segment size"), c.U8("repeats"), c.U8("spc order") != 0
	t.Options.SessionTime = time.Duration(c.U32("session time")) * time.Millisecond
	t.Options.AKeyVersions = octets(c, "a-key versions")
}

func (t *Terminal) append(dst []byte) []byte {
	dst = binary.BigEndian.AppendUint32(dst, t.ESN)
	for _, v := range []string{t.MEID, t.MIN, t.IMSI} {
		dst = appendText(dst, v)
	}
	dst = binary.BigEndian.AppendUint16(dst, t.SystemID)
	return append(dst, t.Switch, t.Capabilities)
}

func (t *Terminal) read(c *wire.Cursor) {
	t.ESN = c.U32("esn")
	for _, p := range []*string{&t.MEID, &t.MIN, &t.IMSI} {
		*p = text(c, "terminal")
	}
	t.SystemID, t.Switch, t.Capabilities = c.U16("mscid"), c.U8("switch"), c.U8("capabilities")
}

func (h *Handset) append(dst []byte) []byte {
	dst = append(dst, bit(h.HasPRL))
	dst = append(dst, h.Features[:]...)
	dst = append(dst, h.NAMBlock, h.MaxSIDNID, h.PRLBlock)
	dst = appendText(appendText(dst, h.MDN), h.MIN)
	dst = binary.BigEndian.AppendUint16(dst, h.MaxPRL)
	return binary.BigEndian.AppendUint16(dst, h.PRLID)
}

func (h *Handset) readState(c *wire.Cursor) {
	h.HasPRL = c.U8("has prl") != 0
	copy(h.Features[:], c.Bytes(numFeatures, "features"))
	h.NAMBlock, h.MaxSIDNID, h.PRLBlock = c.U8("nam block"), c.U8("max sid/nid"), c.U8("prl block")
	h.MDN, h.MIN = text(c, "old mdn"), text(c, "old min")
	h.MaxPRL, h.PRLID = c.U16("max prl"), c.U16("prl id")
}

func (r *Result) append(dst []byte) []byte {
	dst = append(dst, byte(r.Outcome), bit(r.Committed), byte(len(r.Skipped)))
	dst = appendText(appendText(dst, string(r.Reason)), r.Detail)
	for _, k := range r.Skipped {
		dst = appendText(appendText(dst, k.Part), k.Why)
	}
	return dst
}

func (r *Result) read(c *wire.Cursor) {
	r.Outcome, r.Committed = Outcome(c.U8("outcome")), c.U8("committed") != 0
	n := int(c.U8("skipped"))
	r.Reason, r.Detail = Reason(text(c, "reason")), text(c, "detail")
	for range c.Count(n, 2, "skipped") {
		r.Skipped = append(r.Skipped, Skipped{Part: text(c, "part"), Why: text(c, "why")})
	}
}

func bit(v bool) byte {
	if v {
		return 1
	}
	return 0
}

func appendOctets(dst, b []byte) []byte {
	b = b[:min(len(b), 0xffff)]
	dst = binary.BigEndian.AppendUint16(dst, uint16(len(b)))
	return append(dst, b...)
}

// appendText cuts what is longer than 255 octets: only the detail of a result
// can be, which is for people.
func appendText(dst []byte, s string) []byte {
	s = s[:min(len(s), 0xff)]
	return append(append(dst, byte(len(s))), s...)
}

func octets(c *wire.Cursor, field string) []byte {
	b := c.Bytes(int(c.U16(field)), field)
	if len(b) == 0 {
		return nil
	}
	return own(b)
}

func text(c *wire.Cursor, field string) string {
	return string(c.Bytes(int(c.U8(field)), field))
}
