package is637_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/otagate/otagate/internal/sms/is637"
	"github.com/otagate/otagate/internal/wire"
)

func TestNames(t *testing.T) {
	for _, c := range []struct {
		got  fmt.Stringer
		want string
	}{
		{is637.PointToPoint, "point-to-point"},
		{is637.TransportType(3), "3"},
		{is637.ParamBearerData, "bearer data"},
		{is637.ParameterID(9), "9"},
		{is637.SubEnhancedVMNAck, "enhanced voice mail notification acknowledgement"},
		{is637.SubparameterID(0x18), "24"},
		{is637.TeleserviceCMT91, "CMT-91"},
		{is637.TeleserviceCATPT, "CATPT"},
		{is637.TeleserviceCTWAP, "China Telecom WAP"},
		{is637.TeleserviceCTRegistration, "China Telecom registration"},
		{is637.Teleservice(4104), "4104"},
		{is637.ServiceCategory(4096), "4096"},
		{is637.TypeSubmitReport, "submit report"},
		{is637.MessageType(0), "0"},
		{is637.EncodingKSC5601, "KSC5601"},
		{is637.Encoding(11), "11"},
		{is637.IS91CLI, "CLI order"},
		{is637.IS91Type(0x86), "134"},
		{is637.Temporary, "temporary"},
		{is637.ErrorClass(1), "1"},
		{is637.CauseCode(36), "SMS delivery postponed"},
		{is637.CauseCode(111), "111"},
		{is637.InternationalNumber, "international"},
		{is637.NumberType(5), "5"},
		{is637.PlanPrivate, "private"},
		{is637.NumberPlan(2), "2"},
		{is637.PriorityEmergency, "emergency"},
		{is637.Secret, "secret"},
		{is637.UserAckRequest | is637.ReportRequest, "user, report"},
		{is637.ReplyOption(0), "none"},
		{is637.MessageCount(0x63), "63"},
		{is637.MessageCount(0x6a), "not decimal: 106"},
		{is637.AlertHigh, "high"},
		{is637.LanguageHebrew, "Hebrew"},
		{is637.DisplayMode(3), "3"},
		{is637.StatusDelivered, "delivered"},
		{is637.StatusTextTooLong, "permanent: text too long"},
		{is637.StatusCongestion, "temporary: network congestion"},
		{is637.MessageStatus(0xff), "permanent: 63"},
		{is637.CategoryClear, "clear"},
		{is637.PortPush, "2948 push"},
		{is637.Port(5000), "5000"},
		{is637.Chars("1\\2\n"), `1\x5c2\x0a`},
		{is637.DTMF("6195551234"), "********34"},
		{is637.DTMF("12222"), "*****"},
	} {
		if got := c.got.String(); got != c.want {
			t.Errorf("%T: %q, want %q", c.got, got, c.want)
		}
	}
}

func TestRelativeTime(t *testing.T) {
	const day, week = 24 * time.Hour, 7 * 24 * time.Hour
	for v, want := range map[is637.RelativeTime]struct {
		d    time.Duration
		text string
	}{
		0: {5 * time.Minute, "5m0s"}, 61: {310 * time.Minute, "5h10m0s"}, 143: {12 * time.Hour, "12h0m0s"},
		144: {12*time.Hour + 30*time.Minute, "12h30m0s"}, 146: {13*time.Hour + 30*time.Minute, "13h30m0s"}, 167: {day, "24h0m0s"},
		168: {2 * day, "2 days"}, 193: {27 * day, "27 days"}, 196: {30 * day, "30 days"},
		197: {5 * week, "5 weeks"}, 199: {7 * week, "7 weeks"}, 244: {52 * week, "52 weeks"},
	} {
		if d, ok := v.Duration(); d != want.d || !ok {
			t.Errorf("%d: %v, want %v", v, d, want.d)
		}
		if got := v.String(); got != want.text {
			t.Errorf("%d: %q, want %q", v, got, want.text)
		}
	}
	for v, want := range map[is637.RelativeTime]string{
		is637.Indefinite: "indefinite", is637.Immediate: "immediate", is637.UntilInactive: "until the handset is inactive",
		is637.UntilRegistersAnew: "until the registration area changes", 249: "reserved 249",
	} {
		if _, ok := v.Duration(); ok || v.String() != want {
			t.Errorf("%d: %q, has a length: %t", v, v, ok)
		}
	}
}

// Every period is the one for its own length, and for a little less.
func TestRelativeTimeOf(t *testing.T) {
	before := time.Duration(0)
	for v := range is637.Indefinite {
		d, _ := v.Duration()
		for _, d := range []time.Duration{before + 1, d} {
			if got, ok := is637.RelativeTimeOf(d); got != v || !ok {
				t.Errorf("%v: %d, want %d", d, got, v)
			}
		}
		before = d
	}
	for _, d := range []time.Duration{-1, before + 1} {
		if got, ok := is637.RelativeTimeOf(d); ok {
			t.Errorf("%v: %d", d, got)
		}
	}
}

func TestTimestamp(t *testing.T) {
	for _, c := range []struct {
		octets is637.Timestamp
		want   string
		moment bool
	}{
		{is637.Timestamp{0x08, 0x12, 0x01, 0x11, 0x01, 0x59}, "2008-12-01 11:01:59", true},
		{is637.Timestamp{0x96, 0x01, 0x01}, "1996-01-01 00:00:00", true},
		{is637.Timestamp{0x95, 0x12, 0x31, 0x23, 0x59, 0x59}, "2095-12-31 23:59:59", true},
		{is637.Timestamp{0x09, 0x02, 0x29}, "090229000000", false},
		{is637.Timestamp{0x08, 0x0a, 0x01}, "080a01000000", false},
	} {
		if got := c.octets.String(); got != c.want {
			t.Errorf("%x: %q, want %q", c.octets[:], got, c.want)
		}
		moment, ok := c.octets.Time(time.UTC)
		if ok != c.moment || ok && is637.TimestampOf(moment) != c.octets {
			t.Errorf("%x: %v, %t", c.octets[:], moment, ok)
		}
	}
}

func TestMessageCount(t *testing.T) {
	if n, ok := is637.MessageCountOf(42).BCD(); n != 42 || !ok {
		t.Errorf("42 became %d, %t", n, ok)
	}
	if n, ok := is637.MessageCountOf(100).BCD(); n != 99 || !ok {
		t.Errorf("100 became %d, %t", n, ok)
	}
	if _, ok := is637.MessageCount(0x0a).BCD(); ok {
		t.Error("0x0a is two digits")
	}
}

// The characters of the vectors, by what their tests say.
func TestPublishedTexts(t *testing.T) {
	for h, want := range map[string]string{
		"0003100160010610262d5ab500":       "bjjj",
		"00031001d00109104539b4d052ebb3d0": "SMS Rulz",
		"00031002100109184539b4d052ebb3d0": "SMS Rulz",
		"000320001001070c2039acc13880":     "3598271",
		"000320001001080c283c314724b34e":   "ABCDEFG",
	} {
		var b is637.Bearer
		if err := b.Decode(unhex(t, h)); err != nil {
			t.Fatal(err)
		}
		if got, err := b.UserData.V.Text(); err != nil || got != want {
			t.Errorf("%s: %q (%v), want %q", h, got, err, want)
		}
	}
	var b is637.Bearer
	if err := b.Decode(unhex(t, "00031040900112488ea794e074d69e1b7392c270326cde9e98")); err != nil {
		t.Fatal(err)
	}
	// The letters have the same value in the alphabet of GSM as in ASCII.
	if got := string(b.UserData.V.Octets); got != "Test standard SMS" {
		t.Errorf("septets %q", got)
	}
	if _, err := b.UserData.V.Text(); !errors.Is(err, wire.ErrUnsupported) {
		t.Errorf("text of GSM septets: %v", err)
	}
}

func TestTextRefuses(t *testing.T) {
	for _, c := range []struct {
		e    is637.Encoding
		text string
		want error
	}{
		{is637.EncodingASCII, "é", wire.ErrValue},
		{is637.EncodingIA5, "\u0080", wire.ErrValue},
		{is637.EncodingLatin1, "あ", wire.ErrValue},
		{is637.EncodingUTF16, "a\xff", wire.ErrValue},
		{is637.EncodingIS91, "a", wire.ErrValue},
		{is637.EncodingIS91, "\t", wire.ErrValue},
		{is637.EncodingGSM, "a", wire.ErrUnsupported},
		{is637.EncodingASCII, strings.Repeat("a", 256), wire.ErrTooLong},
		{is637.EncodingUTF16, strings.Repeat("a", 256), wire.ErrTooLong},
	} {
		if u, err := is637.NewText(c.e, c.text); !errors.Is(err, c.want) {
			t.Errorf("%v %q: %v, %v", c.e, c.text, u, err)
		}
	}
	for _, u := range []is637.UserData{
		{Encoding: is637.EncodingASCII, Octets: wire.Hex{0x80}},
		{Encoding: is637.EncodingUTF16, Octets: wire.Hex{0}},
		{Encoding: is637.EncodingIS91, Type: 1},
		{Encoding: is637.EncodingOctet},
	} {
		if s, err := u.Text(); err == nil {
			t.Errorf("%+v is text %q", u, s)
		}
	}
}

func TestAppendRefuses(t *testing.T) {
	long := wire.Hex(make([]byte, 254))
	user := func(u is637.UserData) is637.Form { return &is637.Bearer{UserData: is637.Some(u)} }
	from := func(a is637.Address) is637.Form {
		return &is637.Message{Type: 7, OriginatingAddress: is637.Some(a)}
	}
	for _, c := range []struct {
		name, field string
		m           is637.Form
	}{
		{"octets", "length", user(is637.UserData{Octets: long})},
		{"more characters than counted", "NUM_FIELDS", user(is637.UserData{Octets: make(wire.Hex, 256)})},
		{"half a character", "CHARi", user(is637.UserData{Encoding: is637.EncodingUTF16, Octets: long[:3]})},
		{"eight bits", "CHARi", user(is637.UserData{Encoding: is637.EncodingASCII, Octets: wire.Hex{0x80}})},
		{"a septet of eight bits", "CHARi", user(is637.UserData{Encoding: is637.EncodingGSM, Octets: wire.Hex{0x80}})},
		{"a type of what has none", "MESSAGE_TYPE", user(is637.UserData{Type: 1})},
		{"encoding", "MSG_ENCODING", user(is637.UserData{Encoding: 32})},
		{"message type", "MESSAGE_TYPE", &is637.Bearer{Identifier: is637.MessageIdentifier{Type: 16}}},
		{"priority", "indicator", &is637.Bearer{Priority: is637.Some(is637.Priority(4))}},
		{"reply option", "reply option", &is637.Bearer{ReplyOption: is637.Some(is637.ReplyOption(1))}},
		{"call-back of a data network", "NUMBER_MODE", &is637.Bearer{CallBack: is637.Some(is637.Address{NumberMode: true})}},
		{"parts of an unknown width", "MSG_ENCODING", &is637.Bearer{MultipleEncoding: is637.Some(is637.MultipleEncoding{{Encoding: 11}})}},
		{"septets among parts", "MSG_ENCODING", &is637.Bearer{MultipleEncoding: is637.Some(is637.MultipleEncoding{{Encoding: is637.EncodingGSM}})}},
		{"a program of an unknown width", "MSG_ENCODING", &is637.Bearer{CategoryProgram: is637.Some(is637.CategoryProgram{Encoding: 1})}},
		{"operation", "OPERATION_CODE", &is637.Bearer{CategoryProgram: is637.Some(is637.CategoryProgram{Entries: []is637.CategoryEntry{{Operation: 16}}})}},
		{"alert option", "ALERT_OPTION", &is637.Bearer{CategoryProgram: is637.Some(is637.CategoryProgram{Entries: []is637.CategoryEntry{{AlertOption: 16}}})}},
		{"result", "PROGRAM_RESULT", &is637.Bearer{CategoryResults: is637.Some(is637.CategoryResults{{Result: 16}})}},
		{"digits that are none", "CHARi", from(is637.DTMF("12a"))},
		{"many digits", "NUM_FIELDS", from(is637.DTMF(strings.Repeat("1", 256)))},
		{"type without eight bits", "NUMBER_TYPE", from(is637.Address{Type: 1})},
		{"type", "NUMBER_TYPE", from(is637.Address{DigitMode: true, Type: 8})},
		{"plan of a data network", "NUMBER_PLAN", from(is637.Address{DigitMode: true, NumberMode: true, Plan: 1})},
		{"plan", "NUMBER_PLAN", from(is637.Address{DigitMode: true, Plan: 16})},
		{"subaddress", "TYPE", &is637.Message{Type: 7, OriginatingSubaddress: is637.Some(is637.Subaddress{Type: 8})}},
		{"long subaddress", "NUM_FIELDS", &is637.Message{Type: 7, OriginatingSubaddress: is637.Some(is637.Subaddress{Chars: make(wire.Hex, 256)})}},
		{"reply sequence", "REPLY_SEQ", &is637.Message{Type: 7, ReplyOption: is637.Some(is637.ReplySequence(64))}},
		{"cause's sequence", "REPLY_SEQ", &is637.Message{Type: 7, CauseCodes: is637.Some(is637.CauseCodes{ReplySeq: 64})}},
		{"a cause without an error", "ERROR_CLASS", &is637.Message{Type: 7, CauseCodes: is637.Some(is637.CauseCodes{Code: 1})}},
		{"bearer data", "length", &is637.Message{Type: 7, BearerData: is637.Some(make(wire.Hex, 256))}},
		{"no teleservice", "TELESERVICE_IDENTIFIER", &is637.Message{}},
		{"no category", "SERVICE_CATEGORY", &is637.Message{Type: is637.Broadcast}},
		{"no cause", "REPLY_SEQ", &is637.Message{Type: is637.Acknowledge}},
		{"no segments", "TOTAL_SEGMENTS", &is637.WDP{}},
		{"segment", "SEGMENT_NUMBER", &is637.WDP{Total: 2, Number: 2}},
		{"ports in a later segment", "SOURCE_PORT", &is637.WDP{Total: 2, Number: 1, Destination: is637.PortPush}},
	} {
		b, err := c.m.Append(nil)
		var we *wire.Error
		if !errors.As(err, &we) || we.Field != c.field {
			t.Errorf("%s: %x, %v; want an error in %s", c.name, b, err, c.field)
		}
	}
}

func TestHeaderRefuses(t *testing.T) {
	for _, u := range []is637.UserData{
		{},
		{Octets: wire.Hex{2, 0}},
		{Encoding: is637.EncodingASCII, Octets: wire.Hex{0x7f}},
		{Encoding: is637.EncodingIS91, Type: uint8(is637.IS91ShortMessage), Octets: wire.Hex{0}},
	} {
		if h, c, err := u.SplitHeader(); !errors.Is(err, wire.ErrLength) {
			t.Errorf("%+v: %x, %x, %v", u, h, c, err)
		}
	}
	for _, h := range [][]byte{nil, {1}, {0, 0}} {
		if u, err := is637.JoinHeader(is637.EncodingOctet, h, nil); !errors.Is(err, wire.ErrLength) {
			t.Errorf("%x: %+v, %v", h, u, err)
		}
	}
	if u, err := is637.JoinHeader(is637.EncodingIS91, []byte{0}, nil); !errors.Is(err, wire.ErrUnsupported) {
		t.Errorf("%+v, %v", u, err)
	}
}

// A header of six octets takes seven septets of the GSM alphabet and as many
// characters of ASCII, though the bits lie otherwise.
func TestHeaderTakesCharacters(t *testing.T) {
	header := unhex(t, "050003420201")
	for _, e := range []is637.Encoding{is637.EncodingGSM, is637.EncodingASCII} {
		u, err := is637.JoinHeader(e, header, []byte("ab"))
		if err != nil || u.NumFields != 9 || len(u.Octets) != 9 {
			t.Errorf("%v: %+v, %v", e, u, err)
		}
	}
	u, err := is637.JoinHeader(is637.EncodingGSM, header, []byte("ab"))
	if err != nil {
		t.Fatal(err)
	}
	b := is637.Bearer{Identifier: is637.MessageIdentifier{Type: is637.TypeDeliver, HeaderInd: true}, UserData: is637.Some(u)}
	got, err := b.Append(nil)
	if err != nil {
		t.Fatal(err)
	}
	// 9 septets are 8 octets: the header, then 'a' and 'b' a bit to the left.
	if d := cmp.Diff(unhex(t, "0003100008010a484828001a10100e1310"), got); d != "" {
		t.Error(d)
	}
}

func TestNewOctets(t *testing.T) {
	u, err := is637.NewOctets(make([]byte, 255))
	if err != nil || u.NumFields != 255 || u.Encoding != is637.EncodingOctet {
		t.Errorf("%d fields, %v, %v", u.NumFields, u.Encoding, err)
	}
	if _, err := is637.NewOctets(make([]byte, 256)); !errors.Is(err, wire.ErrTooLong) {
		t.Errorf("256 octets: %v", err)
	}
}

func TestCarriesBearer(t *testing.T) {
	for s, want := range map[is637.Teleservice]bool{
		0: false, is637.TeleserviceCMT91: false, is637.TeleserviceWPT: true, is637.TeleserviceCATPT: true, 4104: false,
		is637.TeleserviceCTWAP: true, is637.TeleserviceCTRegistration: false,
	} {
		if s.CarriesBearer() != want {
			t.Errorf("%v: %t", s, !want)
		}
	}
}
