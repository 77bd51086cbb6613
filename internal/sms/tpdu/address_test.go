package tpdu_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/otagate/otagate/internal/sms/tpdu"
	"github.com/otagate/otagate/internal/wire"
)

// Addresses of the tests of open implementations and of public captures, as
// octets and as text.
func TestAddresses(t *testing.T) {
	for _, v := range []struct{ octets, text, masked string }{
		{"0b912722834823f1", "+72223884321", "**********21"},
		{"0ed04f78d92d9c0e01", "OpenBSC", "OpenBSC"}, // counts octets, not semi-octets
		{"0dd04f78d92d9c0e01", "OpenBSC", "OpenBSC"},
		{"12d04daa13240c8fd77538", "MTN Backup", "MTN Backup"},
		{"0d91328430501626f4", "+2348030561624", "************24"},
		{"05912143f5", "+12345", "****45"},
		{"0a818996108399", "9869013899", "********99"},
		{"048121d3", "123b", "****"},
		{"0080", "", ""},
		{"00d0", "", ""},
		{"149121436587092143658709", "+12345678901234567890", "*******************90"},
	} {
		var a tpdu.Address
		if err := a.Decode(unhex(t, v.octets)); err != nil {
			t.Errorf("%s: %v", v.octets, err)
			continue
		}
		if a.Text() != v.text || a.String() != v.masked {
			t.Errorf("%s: %q, masked %q, want %q, %q", v.octets, a.Text(), a.String(), v.text, v.masked)
		}
		if b, err := a.Append(nil); err != nil || hex.EncodeToString(b) != v.octets {
			t.Errorf("%s: encoded %x, %v", v.octets, b, err)
		}
	}
}

// Lengths of names are those that open captures have.
func TestAlphanumeric(t *testing.T) {
	for name, length := range map[string]uint8{"Glovo": 9, "Ufone": 9, "AWCC": 7, "SBIBNK": 11, "OpenBSC": 13, "MTN Backup": 18, "01234567890": 20, "": 0} {
		a, err := tpdu.Alphanumeric(name)
		if err != nil || a.Length != length || a.TON != tpdu.TONAlphanumeric || a.Text() != name {
			t.Errorf("%q: %+v %q, %v, want length %d", name, a, a.Text(), err, length)
		}
	}
	for _, name := range []string{"012345678901", "€€€€€€", "ж", strings.Repeat("x", 100)} {
		if a, err := tpdu.Alphanumeric(name); err == nil {
			t.Errorf("%q: %+v", name, a)
		}
	}
}

func TestNumberRefused(t *testing.T) {
	for _, v := range []struct {
		digits string
		ton    tpdu.TON
	}{{"123456789012345678901", 1}, {"+1", 1}, {"12 34", 1}, {"12", tpdu.TONAlphanumeric}} {
		if a, err := tpdu.Number(v.digits, v.ton, tpdu.NPIE164); err == nil {
			t.Errorf("%q, %v: %+v", v.digits, v.ton, a)
		}
	}
	for field, a := range map[string]tpdu.Address{"address": {Length: 21}, "TON": {TON: 8}, "NPI": {NPI: 16}} {
		b, err := a.Append(nil)
		var we *wire.Error
		if !errors.As(err, &we) || we.Field != field {
			t.Errorf("%s: %x, %v", field, b, err)
		}
	}
}

// Any address comes back as it was through octets and through JSON.
func TestAddressProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 20).Draw(t, "length")
		b := append([]byte{byte(n), 0x80 | rapid.ByteMax(0x7f).Draw(t, "type")}, rapid.SliceOfN(rapid.Byte(), (n+1)/2, (n+1)/2).Draw(t, "value")...)
		var a tpdu.Address
		if err := a.Decode(b); err != nil {
			t.Fatalf("%x: %v", b, err)
		}
		once, err := a.Append(nil)
		if err != nil {
			t.Fatal(err)
		}
		if a.TON != tpdu.TONAlphanumeric && n%2 == 1 {
			b[len(b)-1] |= 0xf0
		}
		if !bytes.Equal(once, b) {
			t.Fatalf("%x became %x", b, once)
		}
		j, err := json.Marshal(a)
		if err != nil {
			t.Fatal(err)
		}
		var back tpdu.Address
		if err := json.Unmarshal(j, &back); err != nil || back != a {
			t.Fatalf("%x: %s: %+v, %v", b, j, back, err)
		}
	})
}

func TestAddressJSON(t *testing.T) {
	for octets, want := range map[string]string{
		"05912143f5":         `{"TON":1,"NPI":1,"Digits":"12345"}`,
		"0dd04f78d92d9c0e01": `{"TON":5,"NPI":0,"Name":"OpenBSC"}`,
		"0ed04f78d92d9c0e01": `{"TON":5,"NPI":0,"Length":14,"Value":"4f78d92d9c0e01"}`,
	} {
		var a tpdu.Address
		if err := a.Decode(unhex(t, octets)); err != nil {
			t.Fatal(err)
		}
		if j, err := json.Marshal(a); err != nil || string(j) != want {
			t.Errorf("%s: %s, %v, want %s", octets, j, err, want)
		}
	}
	for _, bad := range []string{
		`{"TON":1,"Digits":"x"}`, `{"TON":5,"Name":"ж"}`, `{"Length":21,"Value":"0011223344556677889900"}`, `{"Length":3,"Value":"00"}`, `{"TON":256}`, `[]`,
	} {
		var a tpdu.Address
		if err := json.Unmarshal([]byte(bad), &a); err == nil {
			t.Errorf("%s: %+v", bad, a)
		}
	}
}

func TestNumberingNames(t *testing.T) {
	s := fmt.Sprint(tpdu.TONUnknown, ", ", tpdu.TONAbbreviated, ", ", tpdu.TON(7), ", ", tpdu.NPIUnknown, ", ", tpdu.NPIE164, ", ", tpdu.NPIData, ", ",
		tpdu.NPITelex, ", ", tpdu.NPINational, ", ", tpdu.NPIPrivate, ", ", tpdu.NPIERMES, ", ", tpdu.NPI(5))
	if s != "unknown, abbreviated, TON 7, unknown plan, E.164, X.121, telex, national plan, private plan, ERMES, plan 5" {
		t.Error(s)
	}
}
