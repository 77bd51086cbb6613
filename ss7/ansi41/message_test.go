package ansi41_test

import (
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/otagate/otagate/internal/ber"
	"github.com/otagate/otagate/internal/testvec"
	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/ss7/ansi41"
	"github.com/otagate/otagate/ss7/mtp"
)

func octets(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func min10(t testing.TB, s string) ansi41.MIN {
	t.Helper()
	m, err := ansi41.ParseMIN(s)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// The two messages that look like a trace of a live network.
func TestAttach(t *testing.T) {
	var m ansi41.SMDPPInvoke
	if err := m.Decode(octets(t, "9f6900 9f7400 9f81000108 88051619320400 9f81410101 9f8143052222222222")); err != nil {
		t.Fatal(err)
	}
	equal(t, "attach", m, ansi41.SMDPPInvoke{
		ActionCode:       ansi41.Some(ansi41.ActionAttachMSCToOTAF),
		MIN:              ansi41.Some(min10(t, "6191234000")),
		ServiceIndicator: ansi41.Some(ansi41.ServiceCDMAOTASP),
		TRN:              ansi41.Some(ansi41.TRN(min10(t, "2222222222"))),
	})
	var r ansi41.SMDPPResult
	if err := r.Decode(octets(t, "8904fe3a2fe5 9f8138050000002631 9503000c06 9f310100")); err != nil {
		t.Fatal(err)
	}
	equal(t, "answer", r, ansi41.SMDPPResult{
		ESN:                ansi41.Some(ansi41.ESN(0xfe3a2fe5)),
		MobileStationMIN:   ansi41.Some(min10(t, "0000006213")),
		MSCID:              ansi41.Some(ansi41.MSCID{MarketID: 12, SwitchNumber: 6}),
		SystemCapabilities: ansi41.Some(ansi41.SystemCapabilities{0}),
	})
}

// Absent, there, and there without octets are three things.
func TestPresence(t *testing.T) {
	var m ansi41.SMSREQInvoke
	for s, want := range map[string]ansi41.Optional[ansi41.TeleserviceIdentifier]{
		"88051619320400":            {},
		"88051619320400 9f7400":     ansi41.Some(ansi41.TeleserviceIdentifier{}),
		"88051619320400 9f74021002": ansi41.Some(ansi41.Teleservice(4098)),
		"88051619320400 9f74020000": ansi41.Some(ansi41.Teleservice(0)),
	} {
		if err := m.Decode(octets(t, s)); err != nil {
			t.Fatal(err)
		}
		equal(t, s, m.SMSTeleserviceIdentifier, want)
	}
	var r ansi41.SMDPPResult
	for s, there := range map[string]bool{"": false, "9f6900": true} {
		if err := r.Decode(octets(t, s)); err != nil {
			t.Fatal(err)
		}
		if r.SMSBearerData.OK != there || len(r.SMSBearerData.V) != 0 {
			t.Errorf("%q: %+v", s, r.SMSBearerData)
		}
	}
}

func TestSMSAddress(t *testing.T) {
	e164 := ansi41.E164("6195550100", 0)
	ss7 := ansi41.Digits{NumberingPlan: ansi41.PlanSS7, Encoding: ansi41.EncodingOctets, PC: mtp.ANSI(1, 2, 3), SSN: 8}
	counted := ss7
	counted.CountOctet = true
	for s, want := range map[string]ansi41.Digits{
		"9f6809 0000210a1659551000": e164,
		"9f6807 0000d303020108":     ss7,
		"9f6808 0000d30403020108":   counted,
	} {
		var r ansi41.SMSREQResult
		if err := r.Decode(octets(t, s)); err != nil {
			t.Fatal(err)
		}
		equal(t, s, r.SMSAddress, ansi41.Some(want))
	}
}

func TestUnencodable(t *testing.T) {
	digits := func(d ansi41.Digits) ansi41.Message {
		return &ansi41.SMSREQResult{SMSAddress: ansi41.Some(d)}
	}
	for field, ms := range map[string][]ansi41.Message{
		"SMS_Address": {
			digits(ansi41.E164(strings.Repeat("1", 256), 0)),
			digits(ansi41.E164("12g", 0)),
			digits(ansi41.Digits{NumberingPlan: 16}),
			digits(ansi41.Digits{NumberingPlan: ansi41.PlanInternet, Digits: "1"}),
			digits(ansi41.Digits{NumberingPlan: ansi41.PlanSS7, Encoding: ansi41.EncodingOctets, PC: 1 << 24, SSN: 8}),
			digits(ansi41.Digits{NumberingPlan: ansi41.PlanPrivate, Encoding: ansi41.EncodingIA5, Digits: "\x80"}),
			digits(ansi41.Digits{NumberingPlan: ansi41.PlanTelephony, Encoding: ansi41.EncodingBCD, Octets: wire.Hex{1}}),
			digits(ansi41.Digits{NumberingPlan: ansi41.PlanTelephony, Encoding: ansi41.EncodingBCD, SSN: 8}),
		},
		"PC_SSN": {&ansi41.REGNOTInvoke{MIN: ansi41.Some(ansi41.MIN{}), PCSSN: ansi41.Some(ansi41.PCSSN{PC: 1 << 24})}},
		"MSID": {
			&ansi41.SMSREQInvoke{ESN: ansi41.Some(ansi41.ESN(1))}, &ansi41.SMSNOTInvoke{},
			&ansi41.REGNOTInvoke{}, &ansi41.MSINACTInvoke{},
		},
		"NewMINExtension":                   {&ansi41.SMDPPInvoke{NewMINExtension: ansi41.Some(wire.Hex{1})}},
		"SystemCapabilities":                {&ansi41.SMDPPResult{SystemCapabilities: ansi41.Some(ansi41.SystemCapabilities{})}},
		"AuthenticationResponseBaseStation": {&ansi41.OTASPREQResult{AUTHBS: ansi41.Some(ansi41.AuthenticationValue(1 << 24))}},
		"tag": {
			&ansi41.MSINACTResult{Unknown: []ansi41.Parameter{{Tag: 0x9f}}},
			&ansi41.MSINACTResult{Unknown: []ansi41.Parameter{{Tag: 0x8801}}},
			&ansi41.MSINACTResult{Unknown: []ansi41.Parameter{{Tag: 0x9f81}}},
			&ansi41.MSINACTResult{Unknown: []ansi41.Parameter{{Tag: 0x9f0101}}},
		},
	} {
		for _, m := range ms {
			var we *wire.Error
			if b, err := m.Append(nil); !errors.As(err, &we) || we.Field != field {
				t.Errorf("%+v: got %x, %v, want an error in %s", m, b, err, field)
			}
		}
	}
}

func TestTrace(t *testing.T) {
	b := octets(t, "9f6900 9f7400 9f81000111 890481234567 9f813b055551325476 9503000c06 9f8172071300551532547 6 9f2e0300aabb")
	var tr wire.Trace
	c := wire.NewCursorAt("ansi41", b, 20, &tr)
	if _, err := ansi41.ReadInvoke(&c, ansi41.SMSDeliveryPointToPoint); err != nil {
		t.Fatal(err)
	}
	want := `
    23  SMS_BearerData                       -
    26  SMS_TeleserviceIdentifier            -
    30  ActionCode                           17  (record NEWMSID)
    33  ElectronicSerialNumber               0x81234567
    41  NewlyAssignedMIN                     5551325476  (5515234567)
    48  MSCID
    48    MarketID                           12
    50    SwitchNumber                       6
    55  IMSI                                 13005515325476  (unexpected length)
    65  SharedSecretData                     <3 octets, secret>
`
	if got := tr.Text(false); got != want[1:] {
		t.Errorf("got\n%s\nwant%s", got, want)
	}
}

func TestTraceDigits(t *testing.T) {
	b := octets(t, "9f6808 0000d30403020108")
	var tr wire.Trace
	c := wire.NewCursorAt("ansi41", b, 0, &tr)
	if _, err := ansi41.ReadResult(&c, ansi41.SMSRequest); err != nil {
		t.Fatal(err)
	}
	want := `
     3  SMS_Address
     3    type of digits                     0  (not used)
     4    nature of number                   0  (national, user provided, not screened)
     5    numbering plan, encoding           211  (SS7 PC and SSN, octet string)
     6    number of octets                   4  (count octet)
     7    PC                                 030201  (1-2-3)
    10    SSN                                8
`
	if got := tr.Text(false); got != want[1:] {
		t.Errorf("got\n%s\nwant%s", got, want)
	}
}

// Key material never shows in a trace that masks.
func TestSecret(t *testing.T) {
	for _, id := range []ansi41.ParameterID{ansi41.ParamSSD, ansi41.ParamSMEKEY, ansi41.ParamVPMASK, ansi41.ParamCDMAPLCM} {
		b := ber.AppendElement(nil, id.Tag(), []byte{0xde, 0xad, 0xbe, 0xef})
		var tr wire.Trace
		c := wire.NewCursorAt("ansi41", b, 0, &tr)
		if _, err := ansi41.ReadInvoke(&c, ansi41.AuthenticationDirective); err != nil {
			t.Fatal(err)
		}
		if s := tr.Text(false); strings.Contains(s, "dead") || !strings.Contains(s, id.String()) {
			t.Errorf("%s shows in %s", id, s)
		}
		if s := tr.Text(true); !strings.Contains(s, "deadbeef") {
			t.Errorf("%s cannot be revealed: %s", id, s)
		}
	}
}

func TestAKeyProtocolVersions(t *testing.T) {
	var m ansi41.OTASPREQInvoke
	if err := m.Decode(octets(t, "9f81350304 0203")); err != nil {
		t.Fatal(err)
	}
	l := m.AKeyProtocolVersion.V
	if len(l) != 3 || l.At(0) != ansi41.AKeyDH768_32_160 || l.At(2) != ansi41.AKeyDH512_160_160 {
		t.Errorf("got %v", l)
	}
}

func TestFromJSONRefuses(t *testing.T) {
	for _, s := range []string{
		``, `{}`, `[]`,
		`{"operation":"Nothing","component":"invoke"}`,
		`{"operation":"SMDPP","component":"reject"}`,
		`{"operation":"SMDPP","component":"invoke","Esn2":1}`,
		`{"operation":"SMDPP","component":"invoke","MIN":"619123400"}`,
		`{"operation":"SMDPP","component":"invoke","ESN":"1"}`,
		`{"operation":"OTASPREQ","component":"invoke","AKeyProtocolVersion":[256]}`,
		`{"operation":"AUTHDIR","component":"invoke","Parameters":[{"Tag":"zz"}]}`,
	} {
		if m, err := ansi41.FromJSON([]byte(s)); err == nil {
			t.Errorf("%s: got %+v", s, m)
		}
	}
}

// TestAllocs: no message of any type allocates, but for the text of a number
// that it holds, when it is decoded again into the same memory.
func TestAllocs(t *testing.T) {
	buf := make([]byte, 0, 1024)
	seen := map[string]bool{}
	for _, v := range load(t) {
		decoded, err := decoder(t, v.Args)(v.Octets)
		if err != nil {
			continue
		}
		m := decoded.(ansi41.Message)
		seen[fmt.Sprintf("%T", m)] = true
		j, err := ansi41.ToJSON(m)
		if err != nil {
			t.Fatal(err)
		}
		numbers := strings.Count(string(j), `"Digits":"`)
		if n := testing.AllocsPerRun(100, func() { _ = m.Decode(v.Octets) }); int(n) > numbers {
			t.Errorf("decode %s: %v allocations, %d numbers", v.Name, n, numbers)
		}
		testvec.NoAllocs(t, "append "+v.Name, func() { _, _ = m.Append(buf) })
		switch m := m.(type) { // the way beside the short one
		case *ansi41.SMDPPInvoke:
			if n := testing.AllocsPerRun(100, func() { _ = m.DecodeByCursor(v.Octets) }); int(n) > numbers {
				t.Errorf("decode %s by the cursor: %v allocations, %d numbers", v.Name, n, numbers)
			}
		case *ansi41.SMDPPResult:
			testvec.NoAllocs(t, "decode "+v.Name+" by the cursor", func() { _ = m.DecodeByCursor(v.Octets) })
		}
	}
	if len(seen) != 13 {
		t.Errorf("of all types of messages only %v have a vector", seen)
	}
}
