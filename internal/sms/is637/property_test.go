package is637_test

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/otagate/otagate/internal/sms/is637"
	"github.com/otagate/otagate/internal/testvec"
	"github.com/otagate/otagate/internal/wire"
)

// gen draws the values that messages are made of.
type gen struct{ *rapid.T }

func (g gen) u8() uint8          { return rapid.Byte().Draw(g.T, "octet") }
func (g gen) u16() uint16        { return rapid.Uint16().Draw(g.T, "number") }
func (g gen) flag() bool         { return rapid.Bool().Draw(g.T, "flag") }
func (g gen) max(n int) uint8    { return uint8(rapid.IntRange(0, n).Draw(g.T, "small number")) }
func (g gen) hex(n int) wire.Hex { return rapid.SliceOfN(rapid.Byte(), 0, n).Draw(g.T, "octets") }

func maybe[T any](g gen, draw func() T) (o is637.Optional[T]) {
	if g.flag() {
		o = is637.Some(draw())
	}
	return o
}

func (g gen) address(callBack bool) (a is637.Address) {
	if !g.flag() {
		a.Digits = is637.Chars(rapid.StringMatching(`[0-9*#zdef]{0,40}`).Draw(g.T, "digits"))
		a.NumberMode = !callBack && g.max(9) == 0
		return a
	}
	a.DigitMode, a.Type = true, is637.NumberType(g.max(7))
	if a.NumberMode = !callBack && g.flag(); !a.NumberMode {
		a.Plan = is637.NumberPlan(g.max(15))
	}
	a.Digits = is637.Chars(g.hex(60))
	return a
}

// chars draws characters below 1<<width.
func (g gen) chars(width, n int) wire.Hex {
	b := g.hex(n)
	for i := range b {
		b[i] &= 1<<min(width, 8) - 1
	}
	if width == 16 && len(b)%2 != 0 {
		b = b[1:]
	}
	return b
}

var widths = map[is637.Encoding]int{
	is637.EncodingOctet: 8, is637.EncodingASCII: 7, is637.EncodingIA5: 7, is637.EncodingUTF16: 16,
	is637.EncodingHebrew: 8, is637.EncodingLatin1: 8, is637.EncodingGSM: 7,
}

func (g gen) encoding() is637.Encoding {
	return rapid.SampledFrom([]is637.Encoding{0, 2, 3, 4, 7, 8, 9}).Draw(g.T, "encoding")
}

// mixing draws an encoding behind whose characters other fields can follow.
func (g gen) mixing() is637.Encoding {
	return rapid.SampledFrom([]is637.Encoding{0, 2, 3, 4, 7, 8}).Draw(g.T, "encoding")
}

func (g gen) userData() (u is637.UserData) {
	switch g.max(5) {
	case 0:
		u.Encoding, u.Type = is637.EncodingIS91, uint8(is637.IS91VoiceMail)+g.max(3)
		width := 6
		if u.Type == uint8(is637.IS91CLI) {
			width = 4
		}
		u.Octets = g.chars(width, 200)
		u.NumFields = uint8(len(u.Octets))
	case 1:
		u.Encoding = is637.Encoding(rapid.SampledFrom([]uint8{1, 5, 6, 10, 11, 16, 31}).Draw(g.T, "encoding"))
		u.NumFields, u.Octets = g.u8(), g.hex(200)
		if u.Encoding == is637.EncodingIS91 || u.Encoding == is637.EncodingGSMDCS {
			u.Type = g.max(0x81)
		}
	default:
		u.Encoding = g.encoding()
		u.Octets = g.chars(widths[u.Encoding], 200)
		u.NumFields = uint8(len(u.Octets))
		if u.Encoding == is637.EncodingUTF16 {
			u.NumFields /= 2
		}
	}
	return u
}

func (g gen) time() (t is637.Timestamp) {
	copy(t[:], rapid.SliceOfN(rapid.Byte(), 6, 6).Draw(g.T, "time"))
	return t
}

func (g gen) program() (p is637.CategoryProgram) {
	p.Encoding = g.mixing()
	for range g.max(3) {
		p.Entries = append(p.Entries, is637.CategoryEntry{
			Operation: is637.CategoryOperation(g.max(15)), Category: is637.ServiceCategory(g.u16()), Language: is637.Language(g.u8()),
			MaxMessages: g.u8(), AlertOption: g.max(15), Name: g.chars(widths[p.Encoding], 20),
		})
	}
	return p
}

func (g gen) multiple() (m is637.MultipleEncoding) {
	for range g.max(3) {
		e := g.mixing()
		m = append(m, is637.EncodedText{Encoding: e, Octets: g.chars(widths[e], 30)})
	}
	return m
}

func (g gen) results() (v is637.CategoryResults) {
	for range g.max(4) {
		v = append(v, is637.CategoryResult{Category: is637.ServiceCategory(g.u16()), Result: g.max(15)})
	}
	return v
}

func (g gen) bearer() *is637.Bearer {
	b := &is637.Bearer{
		Identifier:        is637.MessageIdentifier{Type: is637.MessageType(g.max(15)), ID: is637.MessageID(g.u16()), HeaderInd: g.flag()},
		UserData:          maybe(g, g.userData),
		UserResponseCode:  maybe(g, g.u8),
		MessageCenterTime: maybe(g, g.time),
		ValidityAbsolute:  maybe(g, g.time),
		ValidityRelative:  maybe(g, func() is637.RelativeTime { return is637.RelativeTime(g.u8()) }),
		DeferredAbsolute:  maybe(g, g.time),
		DeferredRelative:  maybe(g, func() is637.RelativeTime { return is637.RelativeTime(g.u8()) }),
		Priority:          maybe(g, func() is637.Priority { return is637.Priority(g.max(3)) }),
		Privacy:           maybe(g, func() is637.Privacy { return is637.Privacy(g.max(3)) }),
		ReplyOption:       maybe(g, func() is637.ReplyOption { return is637.ReplyOption(g.max(15)) << 4 }),
		NumberOfMessages:  maybe(g, func() is637.MessageCount { return is637.MessageCount(g.u8()) }),
		Alert:             maybe(g, func() is637.AlertPriority { return is637.AlertPriority(g.max(3)) }),
		Language:          maybe(g, func() is637.Language { return is637.Language(g.u8()) }),
		CallBack:          maybe(g, func() is637.Address { return g.address(true) }),
		DisplayMode:       maybe(g, func() is637.DisplayMode { return is637.DisplayMode(g.max(3)) }),
		MultipleEncoding:  maybe(g, g.multiple),
		DepositIndex:      maybe(g, g.u16),
		CategoryProgram:   maybe(g, g.program),
		CategoryResults:   maybe(g, g.results),
		Status:            maybe(g, func() is637.MessageStatus { return is637.MessageStatus(g.u8()) }),
		TPFailureCause:    maybe(g, g.u8),
		EnhancedVMN:       maybe(g, func() wire.Hex { return g.hex(9) }),
		EnhancedVMNAck:    maybe(g, func() wire.Hex { return g.hex(9) }),
	}
	for range g.max(3) {
		b.Other = append(b.Other, is637.Subparameter{ID: is637.SubparameterID(rapid.ByteMin(0x18).Draw(g.T, "id")), Data: g.hex(9)})
	}
	return b
}

func (g gen) subaddress() is637.Subaddress {
	return is637.Subaddress{Type: g.max(7), Odd: g.flag(), Chars: g.hex(20)}
}

func (g gen) cause() (c is637.CauseCodes) {
	c.ReplySeq = is637.ReplySequence(g.max(63))
	if c.Class = is637.ErrorClass(g.max(3)); c.Class != is637.NoError {
		c.Code = is637.CauseCode(g.u8())
	}
	return c
}

func (g gen) message() *is637.Message {
	address := func() is637.Address { return g.address(false) }
	m := &is637.Message{
		Type:                  is637.TransportType(g.max(3)),
		Teleservice:           maybe(g, func() is637.Teleservice { return is637.Teleservice(g.u16()) }),
		ServiceCategory:       maybe(g, func() is637.ServiceCategory { return is637.ServiceCategory(g.u16()) }),
		OriginatingAddress:    maybe(g, address),
		OriginatingSubaddress: maybe(g, g.subaddress),
		DestinationAddress:    maybe(g, address),
		DestinationSubaddress: maybe(g, g.subaddress),
		ReplyOption:           maybe(g, func() is637.ReplySequence { return is637.ReplySequence(g.max(63)) }),
		CauseCodes:            maybe(g, g.cause),
		BearerData:            maybe(g, func() wire.Hex { return g.hex(60) }),
	}
	m.Teleservice.OK = m.Teleservice.OK || m.Type == is637.PointToPoint
	m.ServiceCategory.OK = m.ServiceCategory.OK || m.Type == is637.Broadcast
	m.CauseCodes.OK = m.CauseCodes.OK || m.Type == is637.Acknowledge
	for range g.max(2) {
		m.Other = append(m.Other, is637.Parameter{ID: is637.ParameterID(rapid.ByteMin(9).Draw(g.T, "id")), Data: g.hex(9)})
	}
	return m
}

// TestRoundTrip: what is written is read back as it was, by value and by JSON.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := gen{t}
		m, b, b2, m2 := g.message(), g.bearer(), new(is637.Bearer), new(is637.Message)
		for _, c := range []struct {
			in, out is637.Form
			decode  func([]byte) error
		}{{m, m2, m2.Decode}, {b, b2, b2.Decode}} {
			octets, err := c.in.Append([]byte{0xdb})
			if err != nil {
				t.Fatal(err)
			}
			if err := c.decode(octets[1:]); err != nil {
				t.Fatalf("%x: %v", octets[1:], err)
			}
			if d := cmp.Diff(c.in, c.out, cmpopts.EquateEmpty()); d != "" {
				t.Fatalf("%x (-written +read):\n%s", octets[1:], d)
			}
			j, err := is637.ToJSON(c.in)
			if err != nil {
				t.Fatal(err)
			}
			back, err := is637.FromJSON(j)
			if err != nil {
				t.Fatalf("%v\n%s", err, j)
			}
			if again, err := back.Append(nil); err != nil || !bytes.Equal(again, octets[1:]) {
				t.Fatalf("through JSON %x (%v), want %x", again, err, octets[1:])
			}
		}
	})
}

// TestDeliverIsBearer: the short way writes what the long one writes, or fails
// as it does.
func TestDeliverIsBearer(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := gen{t}
		d := is637.Deliver{
			ID: is637.MessageID(g.u16()), HeaderInd: g.flag(), Priority: is637.Priority(g.max(4)),
			ReplyOption: is637.ReplyOption(g.max(15)) << 4,
		}
		switch g.max(3) {
		case 0:
			d.CallBack = g.address(true)
		case 1:
			d.CallBack = g.address(false)
		}
		userData := rapid.SliceOfN(rapid.Byte(), 0, rapid.SampledFrom([]int{253, 260}).Draw(t, "longest")).Draw(t, "user data")
		b := d.Bearer(userData)
		err := testvec.SameAppend(
			func(dst []byte) ([]byte, error) { return d.Append(dst, userData) }, b.Append)
		if err != nil {
			t.Fatal(err)
		}
		plain := is637.Deliver{ID: d.ID}
		b = plain.Bearer(userData)
		err = testvec.SameAppend(
			func(dst []byte) ([]byte, error) { return is637.AppendDeliver(dst, d.ID, userData) }, b.Append)
		if err != nil {
			t.Fatal(err)
		}
	})
}

// TestHeaderRoundTrip: header and characters come apart as they were put
// together, also after having been sent.
func TestHeaderRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := gen{t}
		e := g.encoding()
		header := append([]byte{0}, g.hex(30)...)
		header[0] = byte(len(header) - 1)
		chars := g.chars(widths[e], 60)
		u, err := is637.JoinHeader(e, header, chars)
		if err != nil {
			t.Fatal(err)
		}
		b := is637.Bearer{Identifier: is637.MessageIdentifier{HeaderInd: true}, UserData: is637.Some(u)}
		octets, err := b.Append(nil)
		if err != nil {
			t.Fatal(err)
		}
		var got is637.Bearer
		if err := got.Decode(octets); err != nil {
			t.Fatal(err)
		}
		h, c, err := got.UserData.V.SplitHeader()
		if err != nil || !bytes.Equal(h, header) || !bytes.Equal(c, chars) {
			t.Fatalf("%v %x + %x gave %x, then %x + %x (%v)", e, header, []byte(chars), octets, h, c, err)
		}
	})
}

// TestTextRoundTrip: text comes back from every encoding that can hold it.
func TestTextRoundTrip(t *testing.T) {
	for e, alphabet := range map[is637.Encoding]*rapid.Generator[rune]{
		is637.EncodingASCII:  rapid.RuneFrom([]rune("az AZ09@~\n\x00\x7f")),
		is637.EncodingIA5:    rapid.RuneFrom([]rune("az AZ09@~\n\x00\x7f")),
		is637.EncodingLatin1: rapid.RuneFrom([]rune("az\u0080\u00ff\u00e9")),
		is637.EncodingUTF16:  rapid.RuneFrom([]rune("az\u00e9\u3042\U0001d41a")),
		is637.EncodingIS91:   rapid.RuneFrom([]rune(" AZ09_@")),
	} {
		rapid.Check(t, func(t *rapid.T) {
			text := rapid.StringOfN(alphabet, 0, 60, -1).Draw(t, "text")
			u, err := is637.NewText(e, text)
			if err != nil {
				t.Fatal(err)
			}
			b := is637.Bearer{UserData: is637.Some(u)}
			octets, err := b.Append(nil)
			if err != nil {
				t.Fatal(err)
			}
			var got is637.Bearer
			if err := got.Decode(octets); err != nil {
				t.Fatal(err)
			}
			if back, err := got.UserData.V.Text(); err != nil || back != text {
				t.Fatalf("%v: %q came back as %q (%v)", e, text, back, err)
			}
		})
	}
}
