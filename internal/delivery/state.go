package delivery

import (
	"encoding/binary"
	"time"
	"unicode/utf8"

	"github.com/otagate/otagate/internal/wire"
)

// stateVersion is the first octet of a stored delivery. A state of a version
// that is not known is refused rather than guessed at.
const stateVersion = 1

const (
	maxParts = 255
	maxText  = 255
	doubtBit = 0x80 // in the octet of a part's state
)

// Append appends the stored form of the delivery. What is for people is cut when
// it is too long.
func (s *Session) Append(dst []byte) ([]byte, error) {
	switch {
	case len(s.Parts) == 0 || int(s.Part) >= len(s.Parts):
		return dst, wire.Unencodable("delivery state", "parts", wire.ErrMissing)
	case len(s.Parts) > maxParts:
		return dst, wire.Unencodable("delivery state", "parts", wire.ErrTooLong)
	case len(s.MSC) > maxText:
		return dst, wire.Unencodable("delivery state", "msc", wire.ErrTooLong)
	}
	p := &s.Policy
	dst = append(dst, stateVersion, byte(s.Phase), byte(s.Bearer), bit(p.Receipts)|bit(p.Resend)<<1|bit(p.Final)<<2, p.Attempts, s.Part, s.Asked, s.Recoveries,
		byte(s.Result.Outcome), byte(len(s.Parts)))
	for _, d := range [...]time.Duration{p.Doubt, p.Pause, p.MaxPause, p.AskAgain, p.Grace} {
		dst = binary.BigEndian.AppendUint64(dst, uint64(d))
	}
	for _, t := range [...]time.Time{s.NotBefore, s.Validity, s.Wake} {
		dst = appendTime(dst, t)
	}
	dst = binary.BigEndian.AppendUint16(dst, s.Sending)
	dst = binary.BigEndian.AppendUint16(dst, s.Req)
	for _, part := range s.Parts {
		dst = append(dst, byte(part.State)|bit(part.Doubt)*doubtBit, part.Sendings)
	}
	for _, text := range [...]string{s.MSC, s.Last, string(s.Result.Reason), s.Result.Detail} {
		text = cut(text)
		dst = append(append(dst, byte(len(text))), text...)
	}
	return dst, nil
}

// cut is the beginning of text that fits, without half a character at its end.
func cut(text string) string {
	if len(text) <= maxText {
		return text
	}
	n := maxText
	for n > maxText-utf8.UTFMax && !utf8.RuneStart(text[n]) {
		n--
	}
	return text[:n]
}

// Decode reads what Append wrote. b may be used again afterwards.
func (s *Session) Decode(b []byte) error {
	*s = Session{}
	c := wire.NewCursor("delivery state", b)
	if v := c.U8("version"); c.Err() == nil && v != stateVersion {
		c.FailAt(0, "version", wire.ErrUnsupported)
	}
	p := &s.Policy
	s.Phase = Phase(below(&c, 0, uint8(numPhases), "phase"))
	s.Bearer = Bearer(below(&c, uint8(ByCentre), uint8(ByMSC)+1, "bearer"))
	flags := below(&c, 0, 8, "flags")
	p.Receipts, p.Resend, p.Final = flags&1 != 0, flags&2 != 0, flags&4 != 0
	p.Attempts, s.Part, s.Asked, s.Recoveries = c.U8("attempts"), c.U8("part"), c.U8("asked"), c.U8("recoveries")
	s.Result.Outcome = Outcome(below(&c, 0, uint8(Uncertain)+1, "outcome"))
	parts := int(c.U8("parts"))
	if int(s.Part) >= parts {
		c.Fail("parts", wire.ErrValue)
	}
	for _, d := range [...]*time.Duration{&p.Doubt, &p.Pause, &p.MaxPause, &p.AskAgain, &p.Grace} {
		*d = time.Duration(c.U64("policy"))
	}
	for _, t := range [...]*time.Time{&s.NotBefore, &s.Validity, &s.Wake} {
		*t = readTime(&c)
	}
	s.Sending, s.Req = c.U16("sending"), c.U16("request")
	for range parts {
		v := c.U8("part state")
		if v&^doubtBit >= uint8(numPartStates) {
			c.Fail("part state", wire.ErrValue)
		}
		s.Parts = append(s.Parts, Part{State: PartState(v &^ doubtBit), Doubt: v&doubtBit != 0, Sendings: c.U8("sendings")})
	}
	s.MSC, s.Last, s.Result.Reason, s.Result.Detail = text(&c), text(&c), Reason(text(&c)), text(&c)
	return c.End()
}

// below reads an octet that is at least low and below limit.
func below(c *wire.Cursor, low, limit uint8, field string) uint8 {
	off, v := c.Off(), c.U8(field)
	if v < low || v >= limit {
		c.FailAt(off, field, wire.ErrValue)
	}
	return v
}

func text(c *wire.Cursor) string { return string(c.Bytes(int(c.U8("length")), "text")) }

func bit(b bool) byte {
	if b {
		return 1
	}
	return 0
}

// appendTime keeps a time to the millisecond; 0 is no time.
func appendTime(dst []byte, t time.Time) []byte {
	if t.IsZero() {
		return binary.BigEndian.AppendUint64(dst, 0)
	}
	return binary.BigEndian.AppendUint64(dst, uint64(t.UnixMilli()))
}

func readTime(c *wire.Cursor) time.Time {
	if ms := c.U64("time"); ms != 0 {
		return time.UnixMilli(int64(ms))
	}
	return time.Time{}
}
