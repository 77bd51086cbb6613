package dissect_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/otagate/otagate/internal/dissect"
	"github.com/otagate/otagate/internal/sms/is637"
	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/ss7/ansi41"
)

func shortMessage(t testing.TB, service is637.Teleservice, bearer []byte) []byte {
	return encode(t, &is637.Message{
		Teleservice:        is637.Some(service),
		OriginatingAddress: is637.Some(is637.DTMF("6195551234")),
		BearerData:         is637.Some(wire.Hex(bearer)),
	})
}

func framed(t testing.TB, userData []byte) []byte {
	t.Helper()
	b, err := is637.AppendDeliver(nil, 0x1234, userData)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

var pushSegment = []byte{0, 2, 0, 0x23, 0xf0, 0x0b, 0x84, 0xd6, 6}

// User data of the WAP teleservices is a segment; without a teleservice, or
// with another, it is octets. They are hidden in either.
func TestShortMessageDescends(t *testing.T) {
	bearer := framed(t, pushSegment)
	for _, c := range []struct {
		name, proto string
		b           []byte
		segment     bool
	}{
		{"WAP", "is637", shortMessage(t, is637.TeleserviceWAP, bearer), true},
		{"China Telecom", "is637", shortMessage(t, is637.TeleserviceCTWAP, framed(t, bearer)), true},
		{"China Telecom without the nest", "is637", shortMessage(t, is637.TeleserviceCTWAP, bearer), false},
		{"text", "is637", shortMessage(t, is637.TeleserviceWMT, bearer), false},
		{"WAP that is no segment", "is637", shortMessage(t, is637.TeleserviceWAP, framed(t, []byte{0, 0, 0})), false},
		{"bearer data alone", "is637", bearer, false},
		{"bearer data by name", "is637-bearer", bearer, false},
		{"SMDPP", "ansi41", invoke(t, &ansi41.SMDPPInvoke{
			SMSBearerData: bearer, SMSTeleserviceIdentifier: ansi41.Teleservice(4100)}), true},
		{"SMDPP of text", "ansi41", invoke(t, &ansi41.SMDPPInvoke{
			SMSBearerData: bearer, SMSTeleserviceIdentifier: ansi41.Teleservice(4098)}), false},
	} {
		r := decode(t, c.proto, c.b, dissect.Options{})
		text := r.Trace.Text(false)
		if got := strings.Contains(text, "DESTINATION_PORT"); got != c.segment {
			t.Errorf("%s: a segment is shown: %t\n%s", c.name, got, text)
		}
		if !strings.Contains(text, "MESSAGE_ID") || strings.Contains(text, "d606") || !strings.Contains(text, ", secret>") {
			t.Errorf("%s: bearer data is not shown, or more of it:\n%s", c.name, text)
		}
		j, err := r.JSON()
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(string(j), `"protocol":"wdp"`); got != c.segment {
			t.Errorf("%s: a segment is in the JSON: %t\n%s", c.name, got, j)
		}
		if !json.Valid(j) {
			t.Errorf("%s: no JSON: %s", c.name, j)
		}
		if back, err := dissect.Encode(c.proto, j); err != nil || !bytes.Equal(back, c.b) {
			t.Errorf("%s: back %x (%v), want %x", c.name, back, err, c.b)
		}
	}
}

// The octet in which a field of the segment begins is five bits before it.
func TestOffsetsInUserData(t *testing.T) {
	b := shortMessage(t, is637.TeleserviceWAP, framed(t, pushSegment))
	f := field(t, decode(t, "is637", b, dissect.Options{}), "DESTINATION_PORT")
	r := wire.NewBits("test", b[f.Off:], 0, nil)
	r.U(5, "before")
	if got := r.U(16, "port"); got != uint64(is637.PortPush) {
		t.Errorf("at octet %d, bit 5, is %d", f.Off, got)
	}
}

// A bad one is an error where the message says what it is.
func TestShortMessageFaults(t *testing.T) {
	broken := []byte{0, 3, 0x10, 0, 0x10, 8, 2, 0}
	broadcast := encode(t, &is637.Message{
		Type: is637.Broadcast, ServiceCategory: is637.Some(is637.ServiceCategory(1)), BearerData: is637.Some(wire.Hex(broken))})
	for _, c := range []struct {
		name string
		b    []byte
		bad  bool
	}{
		{"text", shortMessage(t, is637.TeleserviceWMT, broken), true},
		{"broadcast", broadcast, true},
		{"a carrier's", shortMessage(t, 50000, broken), false},
	} {
		r, err := dissect.Decode("is637", c.b, dissect.Options{})
		var we *wire.Error
		if bad := errors.As(err, &we); bad != c.bad || bad && we.Offset != len(c.b)-1 {
			t.Errorf("%s: %v\n%s", c.name, err, r.Trace.Text(false))
		}
		gist := dissect.Gist("is637", c.b)
		if bad := strings.Contains(gist, "ends before"); bad != c.bad {
			t.Errorf("%s: %s", c.name, gist)
		}
	}
}

func TestGistOfShortMessages(t *testing.T) {
	wap := framed(t, pushSegment)
	for _, c := range []struct {
		name, proto string
		b           []byte
		want        string
	}{
		{"a segment", "is637", shortMessage(t, is637.TeleserviceWAP, wap),
			"point-to-point, teleservice WAP, from 619***1234, deliver 4660, segment 1 of 2 to port 2948 push, 2 octets"},
		{"a carrier's octets", "is637", shortMessage(t, 50000, []byte{1}), "point-to-point, teleservice 50000, from 619***1234, 1 octet"},
		{"an acknowledgement", "is637", octets(t, "02070a24"[:4]+"020a24"), "acknowledge, reply 2: temporary, SMS delivery postponed"},
		{"bearer data", "is637", octets(t, "0003400070140184"), "delivery acknowledgement 7, temporary: network congestion"},
		{"SMDPP", "ansi41", invoke(t, &ansi41.SMDPPInvoke{SMSBearerData: wap, SMSTeleserviceIdentifier: ansi41.Teleservice(4100)}),
			"SMDPP invoke  teleservice WAP, deliver 4660, segment 1 of 2 to port 2948 push, 2 octets"},
		{"SMDPP that does not read", "ansi41", invoke(t, &ansi41.SMDPPInvoke{SMSBearerData: wap[:7], SMSTeleserviceIdentifier: ansi41.Teleservice(4100)}),
			"SMDPP invoke  teleservice 4100, 7 octets"},
	} {
		if got := dissect.Gist(c.proto, c.b); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
	}
}

func TestEncodeShortMessageRefuses(t *testing.T) {
	for proto, text := range map[string]string{
		"is637":        `{"message":"WDP","total_segments":1}`,
		"is637-bearer": `{"message":"TransportMessage"}`,
	} {
		if b, err := dissect.Encode(proto, []byte(text)); err == nil {
			t.Errorf("%s: %s became %x", proto, text, b)
		}
	}
}

// Both packages have the list of causes, since neither may know the other.
func TestCausesAgree(t *testing.T) {
	for c := range 256 {
		if a, b := ansi41.SMSCauseCode(c).String(), is637.CauseCode(c).String(); a != b {
			t.Errorf("%d: %q in ANSI-41, %q in IS-637", c, a, b)
		}
	}
}
