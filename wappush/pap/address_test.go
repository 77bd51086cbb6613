package pap_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/otagate/otagate/wappush/pap"
)

func TestClient(t *testing.T) {
	for a, want := range map[pap.Address]pap.ClientAddress{
		"WAPPUSH=+358408676001/TYPE=PLMN@ppg.carrier.com":  {Type: pap.TypePLMN, Value: "+358408676001", Host: "ppg.carrier.com"},
		"WAPPUSH=+358408676001/TYPE=PLMN":                  {Type: pap.TypePLMN, Value: "+358408676001"},
		" wappush=16195550100/type=plmn@h ":                {Type: pap.TypePLMN, Value: "16195550100", Host: "h"},
		"WAPPUSH=john.doe%40acme/TYPE=USER@ppg":            {Type: pap.TypeUser, Value: "john.doe%40acme", Host: "ppg"},
		"WAPPUSH=a/TYPE=b/TYPE=USER@ppg":                   {Type: pap.TypeUser, Value: "a/TYPE=b", Host: "ppg"},
		"WAPPUSH=195.153.199.30/TYPE=IPv4@ppg.carrier.com": {Type: pap.TypeIPv4, Value: "195.153.199.30", Host: "ppg.carrier.com"},
		"WAPPUSH=FEDC:BA98::10/TYPE=IPv6@ppg.carrier.com":  {Type: pap.TypeIPv6, Value: "FEDC:BA98::10", Host: "ppg.carrier.com"},
		"WAPPUSH=A0000012345678/TYPE=MEID@ppg.carrier.com": {Type: "MEID", Value: "A0000012345678", Host: "ppg.carrier.com"},
		"john.doe@ppg.carrier.com":                         {Type: pap.UserDefined, Value: "john.doe", Host: "ppg.carrier.com"},
		"ıWAPPUSH=1/TYPE=PLMN@h":                           {Type: pap.UserDefined, Value: "ıWAPPUSH=1/TYPE=PLMN", Host: "h"},
		"WAPPUSH=" + pap.Address("ı") + "1/TYPE=PLMN@host": {Type: pap.TypePLMN, Value: "ı1", Host: "host"},
	} {
		got, err := a.Client()
		if err != nil || got != want {
			t.Errorf("%s: %+v, %v", a, got, err)
		}
	}
	for _, a := range []pap.Address{
		"", "+358408676001", "WAPPUSH=", "WAPPUSH=1", "WAPPUSH=/TYPE=PLMN@h", "WAPPUSH=1/TYPE=@h", "WAPPUSH=1/TYPE=", "@h", "user@",
	} {
		if c, err := a.Client(); pap.CodeOf(err) != pap.CodeAddressError {
			t.Errorf("%s: %+v, %v", a, c, err)
		}
	}
}

func TestPLMN(t *testing.T) {
	for value, want := range map[string]string{
		"+358408676001": "+358408676001", "+1-619.555-0100": "+16195550100", "2280": "2280", strings.Repeat("9", 20): strings.Repeat("9", 20),
	} {
		if got, err := (pap.ClientAddress{Type: pap.TypePLMN, Value: value}).PLMN(); err != nil || got != want {
			t.Errorf("%s: %s, %v", value, got, err)
		}
	}
	for _, c := range []pap.ClientAddress{
		{Type: pap.TypePLMN}, {Type: pap.TypePLMN, Value: "+"}, {Type: pap.TypePLMN, Value: "+-."}, {Type: pap.TypePLMN, Value: "+1 619"},
		{Type: pap.TypePLMN, Value: "1+6"}, {Type: pap.TypePLMN, Value: "++1"}, {Type: pap.TypePLMN, Value: "٣٣"}, {Type: pap.TypePLMN, Value: strings.Repeat("9", 21)},
		{Type: pap.TypeUser, Value: "123"}, {Type: pap.UserDefined, Value: "123", Host: "h"}, {Type: "X", Value: "123"},
	} {
		got, err := c.PLMN()
		if pap.CodeOf(err) != pap.CodeAddressError {
			t.Errorf("%+v: %s, %v", c, got, err)
		} else if c.Value != "" && len(c.Value) > 2 && strings.Contains(err.Error(), c.Value) {
			t.Errorf("%+v: the number shows in %v", c, err)
		}
	}
}

// TestAddressRoundTrip: an address of ours is read as what it was made of.
func TestAddressRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		number := rapid.StringMatching(`\+?[0-9]{1,20}`).Draw(t, "number")
		host := rapid.StringMatching(`([a-z]{1,8}(\.[a-z]{2,5})?)?`).Draw(t, "host")
		c, err := pap.PLMNAddress(number, host).Client()
		if err != nil {
			t.Fatal(err)
		}
		if got, err := c.PLMN(); err != nil || got != number || c.Host != host {
			t.Fatalf("%s at %s is %s at %s, %v", number, host, got, c.Host, err)
		}
	})
}
