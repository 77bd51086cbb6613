package delivery

import (
	"encoding/binary"
	"time"

	"github.com/otagate/otagate/internal/wire"
)

// stateVersion is the first octet of a stored delivery. A state of a version
// that is not known is refused rather than guessed at.
const stateVersion = 1

const maxText = 255

// Append appends the stored form of the delivery.
func (s *Session) Append(dst []byte) ([]byte, error) {
	if len(s.Parts) > 255 {
		return dst, wire.Unencodable("delivery state", "parts", wire.ErrTooLong)
	}
	p := &s.Policy
	dst = append(dst, stateVersion, byte(s.Phase), byte(s.Bearer), bit(p.Receipts)|bit(p.Resend)<<1, p.Attempts, s.Part, s.Asked, s.Recoveries,
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
		dst = append(dst, byte(part.State)|bit(part.Doubt)<<7, part.Sendings)
	}
	for _, text := range [...]string{s.MSC, s.Last, string(s.Result.Reason), s.Result.Detail} {
		text = text[:min(len(text), maxText)]
		dst = append(append(dst, byte(len(text))), text...)
	}
	return dst, nil
}

// Decode reads what Append wrote. b may be used again afterwards.
func (s *Session) Decode(b []byte) error {
	*s = Session{}
	c := wire.NewCursor("delivery state", b)
	if v := c.U8("version"); c.Err() == nil && v != stateVersion {
		c.FailAt(0, "version", wire.ErrUnsupported)
	}
	p := &s.Policy
	s.Phase, s.Bearer = Phase(c.U8("phase")), Bearer(c.U8("bearer"))
	flags := c.U8("flags")
	p.Receipts, p.Resend = flags&1 != 0, flags&2 != 0
	p.Attempts, s.Part, s.Asked, s.Recoveries = c.U8("attempts"), c.U8("part"), c.U8("asked"), c.U8("recoveries")
	s.Result.Outcome = Outcome(c.U8("outcome"))
	parts := int(c.U8("parts"))
	if s.Phase >= numPhases || parts == 0 || int(s.Part) >= parts {
		c.Fail("phase", wire.ErrValue)
	}
	for _, d := range [...]*time.Duration{&p.Doubt, &p.Pause, &p.MaxPause, &p.AskAgain, &p.Grace} {
		*d = time.Duration(c.U64("policy"))
	}
	for _, t := range [...]*time.Time{&s.NotBefore, &s.Validity, &s.Wake} {
		*t = readTime(&c)
	}
	s.Sending, s.Req = c.U16("sending"), c.U16("request")
	for _, v := range pairs(c.Bytes(2*parts, "parts")) {
		s.Parts = append(s.Parts, Part{State: PartState(v[0] & 0x7f), Doubt: v[0]&0x80 != 0, Sendings: v[1]})
	}
	s.MSC, s.Last, s.Result.Reason, s.Result.Detail = text(&c), text(&c), Reason(text(&c)), text(&c)
	return c.End()
}

func pairs(b []byte) (out [][2]byte) {
	for ; len(b) >= 2; b = b[2:] {
		out = append(out, [2]byte(b))
	}
	return out
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
