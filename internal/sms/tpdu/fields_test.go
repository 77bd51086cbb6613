package tpdu_test

import (
	"encoding/hex"
	"encoding/json"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/otagate/otagate/internal/sms/tpdu"
)

func timestamp(t testing.TB, s string) (ts tpdu.Timestamp) {
	copy(ts[:], unhex(t, s))
	return ts
}

func TestTimestamps(t *testing.T) {
	for octets, want := range map[string]string{
		"70505151101121": "2007-05-15T15:01:11+03:00", // published
		"80101121901040": "2008-01-11T12:09:01+01:00", // of a public trace
		"4221128181640a": "2024-12-21T18:18:46-05:00",
		"4221128181648a": "2024-12-21T18:18:46-07:00",
		"4221128181644c": "2024-12-21T18:18:46-11:00",
		"42211281816432": "2024-12-21T18:18:46+05:45",
		"99211281816400": "1999-12-21T18:18:46Z",
		"42122181640000": "42122181640000", // month 21
		"32209281816400": "32209281816400", // 29 February 2023
		"ffffffffffffff": "ffffffffffffff",
		"42211242816400": "42211242816400", // hour 24
	} {
		ts := timestamp(t, octets)
		if got := ts.String(); got != want {
			t.Errorf("%s: %s, want %s", octets, got, want)
		}
		text, err := ts.MarshalText()
		if err != nil || string(text) != want {
			t.Errorf("%s: %s, %v", octets, text, err)
		}
		var back tpdu.Timestamp
		if err := back.UnmarshalText(text); err != nil || back != ts {
			t.Errorf("%s: %s: %x, %v", octets, text, back, err)
		}
	}
}

func TestTimestampTextRefused(t *testing.T) {
	for _, bad := range []string{
		"", "yesterday", "4221128181640", "4221128181640g",
		"2024-01-01T00:00:00+20:00", "2024-01-01T00:00:00-23:45", // no zone of seven bits
		"1989-12-31T23:59:59Z", "2090-01-01T00:00:00Z", // another year in two digits
	} {
		var ts tpdu.Timestamp
		if err := ts.UnmarshalText([]byte(bad)); err == nil {
			t.Errorf("%q: %v", bad, ts)
		}
	}
}

// Any time in a zone of quarter hours comes back; any octets do as JSON.
func TestTimestampProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		zone := time.FixedZone("", 900*rapid.IntRange(-79, 79).Draw(t, "quarters"))
		want := time.Unix(rapid.Int64Range(631238400, 3786825600).Draw(t, "seconds"), 0).In(zone) // 1990 + a day to 2090 - a day
		if got, ok := tpdu.TimestampOf(want).Time(); !ok || !got.Equal(want) || got.Format(time.RFC3339) != want.Format(time.RFC3339) {
			t.Fatalf("%v became %v, %t", want, got, ok)
		}
		var any, back tpdu.Timestamp
		copy(any[:], rapid.SliceOfN(rapid.Byte(), 7, 7).Draw(t, "octets"))
		j, err := json.Marshal(any)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(j, &back); err != nil || back != any {
			t.Fatalf("%x: %s: %x, %v", any, j, back, err)
		}
	})
}

func TestRelativeValidity(t *testing.T) {
	const day = 24 * time.Hour
	for v, want := range map[byte]time.Duration{
		0: 5 * time.Minute, 143: 12 * time.Hour, 144: 12*time.Hour + 30*time.Minute, 167: day, 168: 2 * day, 170: 4 * day,
		196: 30 * day, 197: 5 * 7 * day, 255: 63 * 7 * day, 11: time.Hour,
	} {
		got, ok := tpdu.Validity{Format: tpdu.ValidityRelative, Octets: [7]byte{v}}.Duration()
		if !ok || got != want {
			t.Errorf("%d: %v, want %v", v, got, want)
		}
		if back := tpdu.RelativeValidity(want); back.Octets[0] != v || back.Format != tpdu.ValidityRelative {
			t.Errorf("%v: %v, want %d", want, back.Octets[0], v)
		}
	}
	for d, want := range map[time.Duration]byte{0: 0, -time.Hour: 0, time.Second: 0, 5*time.Minute + 1: 1, 25 * time.Hour: 168, 1000 * 7 * day: 255} {
		if got := tpdu.RelativeValidity(d).Octets[0]; got != want {
			t.Errorf("%v: %d, want %d", d, got, want)
		}
	}
}

func TestEnhancedValidity(t *testing.T) {
	for octets, want := range map[string]time.Duration{
		"03102030000000": time.Hour + 2*time.Minute + 3*time.Second,
		"01a70000000000": 24 * time.Hour,
		"02ff0000000000": 255 * time.Second,
		"43000010000000": time.Second, // single shot
	} {
		if got, ok := (tpdu.Validity{Format: tpdu.ValidityEnhanced, Octets: timestamp(t, octets)}).Duration(); !ok || got != want {
			t.Errorf("%s: %v, %t, want %v", octets, got, ok, want)
		}
	}
	for _, octets := range []string{"00000000000000", "02000000000000", "03a00000000000", "04000000000000", "83000010000000"} {
		if got, ok := (tpdu.Validity{Format: tpdu.ValidityEnhanced, Octets: timestamp(t, octets)}).Duration(); ok {
			t.Errorf("%s: %v", octets, got)
		}
	}
	for d, want := range map[time.Duration]string{
		3 * time.Second: "02030000000000", 256 * time.Second: "03004061000000", 0: "03000000000000", -time.Hour: "03000000000000",
		1000 * time.Hour: "03999595000000", 30 * time.Hour: "03030000000000",
	} {
		if got := tpdu.EnhancedValidity(d).Octets; hex.EncodeToString(got[:]) != want {
			t.Errorf("%v: %x, want %s", d, got, want)
		}
	}
}

func TestValidityStrings(t *testing.T) {
	at := time.Date(2024, 12, 21, 18, 18, 46, 0, time.UTC)
	absolute := tpdu.AbsoluteValidity(at)
	if got, ok := absolute.Time(); !ok || !got.Equal(at) {
		t.Errorf("%v, %t", got, ok)
	}
	if got, ok := tpdu.RelativeValidity(0).Time(); ok {
		t.Errorf("a relative period ends at %v", got)
	}
	for want, v := range map[string]tpdu.Validity{
		"none": {}, "5m0s": tpdu.RelativeValidity(0), "2024-12-21T18:18:46Z": absolute, "enhanced": {Format: tpdu.ValidityEnhanced}, "format 4": {Format: 4},
	} {
		if got := v.String(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	for _, bad := range []string{`{"Format":4}`, `{"Format":2}`, `{"Format":3,"Octets":"00"}`, `{"Format":0,"Octets":"00"}`, `[]`} {
		var v tpdu.Validity
		if err := json.Unmarshal([]byte(bad), &v); err == nil {
			t.Errorf("%s: %+v", bad, v)
		}
	}
}

func TestDCS(t *testing.T) {
	for _, v := range []struct {
		dcs      tpdu.DCS
		text     string
		alphabet tpdu.Alphabet
		septets  bool
	}{
		{0x00, "7 bit", tpdu.GSM7, true},
		{0x04, "8 bit", tpdu.Octets, false},
		{0x08, "UCS2", tpdu.UCS2, false},
		{0x0c, "7 bit", tpdu.GSM7, true}, // reserved
		{0x10, "7 bit, class 0", tpdu.GSM7, true},
		{0x1a, "UCS2, class 2", tpdu.UCS2, false},
		{0x20, "7 bit, compressed", tpdu.GSM7, false},
		{0x44, "8 bit, automatic deletion", tpdu.Octets, false},
		{0x80, "7 bit", tpdu.GSM7, true},
		{0xbf, "7 bit", tpdu.GSM7, true},
		{0xc8, "7 bit, voice mail waiting", tpdu.GSM7, true},
		{0xc0, "7 bit, voice mail, none waiting", tpdu.GSM7, true},
		{0xd9, "7 bit, fax waiting", tpdu.GSM7, true},
		{0xe2, "UCS2, e-mail, none waiting", tpdu.UCS2, false},
		{0xf0, "7 bit, class 0", tpdu.GSM7, true},
		{0xf5, "8 bit, class 1", tpdu.Octets, false},
		{0xf6, "8 bit, class 2", tpdu.Octets, false},
	} {
		if v.dcs.String() != v.text || v.dcs.Alphabet() != v.alphabet || v.dcs.Septets() != v.septets {
			t.Errorf("%#x: %v, %v, %t", uint8(v.dcs), v.dcs, v.dcs.Alphabet(), v.dcs.Septets())
		}
	}
	if s := tpdu.Alphabet(3).String(); s != "alphabet 3" {
		t.Error(s)
	}
}

func TestCodeNames(t *testing.T) {
	for want, got := range map[string]interface{ String() string }{
		"plain": tpdu.PIDPlain, "e-mail": tpdu.PIDEmail, "type 0, silent": tpdu.PIDType0, "return call": tpdu.PIDReturnCall,
		"ANSI-136 R-DATA": tpdu.PIDANSI136, "ME data download": tpdu.PIDMEDataDownload, "ME de-personalization": tpdu.PIDDepersonalization,
		"(U)SIM data download": tpdu.PIDSIMDataDownload, "SME to SME protocol 31": tpdu.PID(0x1f), "telematic device 1": tpdu.PID(0x21),
		"replace short message type 7": tpdu.PID(0x47), "reserved": tpdu.PID(0x48), "SC specific": tpdu.PID(0xc0),
		"acknowledged": tpdu.FCS(0), "memory capacity exceeded": tpdu.FCSMemoryExceeded, "application error 0xe0": tpdu.FCS(0xe0),
		"cause 0x83": tpdu.FCS(0x83), "unspecified error cause": tpdu.FCSUnspecified,
		"done: received by the SME": tpdu.Status(0), "still trying: congestion": tpdu.Status(0x20), "failed: validity period expired": tpdu.Status(0x46),
		"gave up: error in SME": tpdu.Status(0x65), "gave up: status 0x7f": tpdu.Status(0x7f), "reserved: status 0x80": tpdu.Status(0x80), "done: status 0x10": tpdu.Status(0x10),
		"enquiry": tpdu.CommandEnquiry, "cancel status report request": tpdu.CommandCancelStatusReport, "delete": tpdu.CommandDelete,
		"enable status report request": tpdu.CommandEnableStatusReport, "command 0x04": tpdu.CommandType(4), "SC specific command 0xe0": tpdu.CommandType(0xe0),
		"either": tpdu.Either, "mo": tpdu.MobileOriginated, "mt": tpdu.MobileTerminated, "direction 3": tpdu.Direction(3),
		"SMS-DELIVER": tpdu.TypeDeliver, "type 0xff": tpdu.Type(255),
	} {
		if got.String() != want {
			t.Errorf("%v, want %s", got, want)
		}
	}
	for s, want := range map[tpdu.Status]tpdu.Outcome{0x1f: tpdu.Done, 0x30: tpdu.Trying, 0x5f: tpdu.Permanent, 0x60: tpdu.GaveUp, 0xff: tpdu.Unknown} {
		if s.Outcome() != want {
			t.Errorf("%v: %v", s, s.Outcome())
		}
	}
}
