package omacp_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/otagate/otagate/internal/testvec"
	"github.com/otagate/otagate/wappush/omacp"
)

// body is the octets of one vector, which are what a MAC is made over.
func body(t testing.TB, name string) []byte {
	t.Helper()
	vs, err := testvec.Load(vectors)
	if err != nil {
		t.Fatal(err)
	}
	for i := range vs {
		if vs[i].Name == name {
			return vs[i].Octets
		}
	}
	t.Fatalf("no vector %s", name)
	return nil
}

func imsiSecret(t testing.TB, imsi string) omacp.NetworkSecret {
	t.Helper()
	s, err := omacp.IMSISecret(imsi)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestMACs recomputes every MAC that is known of a document: those of others,
// as they were published, and those of ours, as another implementation has them.
func TestMACs(t *testing.T) {
	const imsi = "310150123456789"
	for _, c := range []struct {
		body, imsi string
		pin        omacp.PIN
		sec        omacp.SEC
		mac        string // with USERPINMAC what the user types
	}{
		{"empty", "466923103145252", "", omacp.NETWPIN, "1AF545FE2823DC9347064450F90FF1BBF957E146"},
		{"operators/1", "", "0000", omacp.USERPIN, "AA2DC41FC48AEEF3FED7351B1EE704461A8894D4"},
		{"operators/2", "", "1111", omacp.USERPIN, "175A1959B7E1C04241443FB8577699824BEE225D"},
		{"operators/3", "123456789012345", "", omacp.NETWPIN, "C483EC25F7E3E0CF100380DA5F6714CF204A5EC5"},

		{"apn", imsi, "", omacp.NETWPIN, "7130FA4A8B25ECE475FDEAE4C5160C9F793E8F7F"},
		{"apn", "", "1234", omacp.USERPIN, "BB59CB74774E0252ECD6446434A12596232D2043"},
		{"apn", imsi, "1234", omacp.USERNETWPIN, "E33A4C784135AFE99FCD5F5392877101052A3E35"},
		{"apn", "", "1234", omacp.USERPINMAC, "12347936"},
		{"mms", imsi, "", omacp.NETWPIN, "495216662E7756D667BEFF8DA19DE73443E41B72"},
		{"mms", "", "1234", omacp.USERPIN, "48ECFA055A8319F56C02C980FB2DA1D4F0F8C9DF"},
		{"mms", imsi, "1234", omacp.USERNETWPIN, "3844552125BD54717F5091630C66422192CA3C55"},
		{"mms", "", "1234", omacp.USERPINMAC, "12342605"},
		{"email", imsi, "", omacp.NETWPIN, "B49DCCC335755F6CF1CA68FEC72270C3F17120DF"},
		{"email", "", "1234", omacp.USERPIN, "6156335E8756B69FEAF9AD2A8772F4823745EF01"},
		{"email", imsi, "1234", omacp.USERNETWPIN, "FE420BA2954D77775E10437A8372308DF0D3922B"},
		{"email", "", "1234", omacp.USERPINMAC, "12347614"},
		{"dmaccount", imsi, "", omacp.NETWPIN, "44E5F13506E77E79460AA1F8B18945743042B55B"},
		{"dmaccount", "", "1234", omacp.USERPIN, "3CEAFA7882E6825466E56E8AC06E26B2D6EC7615"},
		{"dmaccount", imsi, "1234", omacp.USERNETWPIN, "445739DC5AF31E316B5D3380F186DB50D0007F0A"},
		{"dmaccount", "", "1234", omacp.USERPINMAC, "12340400"},
		{"browserproxy", imsi, "", omacp.NETWPIN, "33C176977EF751F0576118A9C9FA1D4706C90E5F"},
		{"browserproxy", "", "1234", omacp.USERPIN, "4E4408331BC97A5119AFD10929324385EB232AAA"},
		{"browserproxy", imsi, "1234", omacp.USERNETWPIN, "CFBAF9787196F5CF1D63D0C2DE37C3849C2AEA1E"},
		{"browserproxy", "", "1234", omacp.USERPINMAC, "12348881"},
		{"vendorconfig", imsi, "", omacp.NETWPIN, "C0CDF26C7890F57B37CAFFC0307EE531982BBE0D"},
		{"vendorconfig", "", "1234", omacp.USERPIN, "CBD9761AE1D0E438089ABDDD60D359CD67D2610E"},
		{"vendorconfig", imsi, "1234", omacp.USERNETWPIN, "DB7B2EA1172D76525BB5BD66BCC3418D57595692"},
		{"vendorconfig", "", "1234", omacp.USERPINMAC, "12343786"},
	} {
		t.Run(c.body+"/"+c.sec.String(), func(t *testing.T) {
			k := omacp.Key{PIN: c.pin}
			if c.imsi != "" {
				k.Network = imsiSecret(t, c.imsi)
			}
			b := body(t, c.body)
			if c.sec == omacp.USERPINMAC {
				userPINMAC(t, b, k, c.mac)
				return
			}
			got, err := omacp.MAC(b, c.sec, k)
			if err != nil || got != c.mac {
				t.Errorf("MAC %s (%v), want %s", got, err, c.mac)
			}
			verifies(t, b, c.sec, c.mac, k)
		})
	}
}

// TestUnpackedIMSI: the one who published the NETWPIN of operators/3 had taken the
// digits for the key before, to no avail.
func TestUnpackedIMSI(t *testing.T) {
	k := omacp.Key{Network: omacp.NetworkSecret("123456789012345")}
	got, err := omacp.MAC(body(t, "operators/3"), omacp.NETWPIN, k)
	if err != nil || got != "BC1D9A92B169C9A4A066190D507F0D2E31CDDFAF" {
		t.Errorf("MAC %s (%v)", got, err)
	}
}

func userPINMAC(t *testing.T, b []byte, k omacp.Key, typed string) {
	t.Helper()
	if mac, err := omacp.MAC(b, omacp.USERPINMAC, k); mac != "" || err != nil {
		t.Errorf("a MAC %q (%v) in a message that has none", mac, err)
	}
	got, err := omacp.UserPINMAC(b, k.PIN)
	if err != nil || string(got) != typed {
		t.Errorf("the user types %s (%v), want %s", string(got), err, typed)
	}
	for pin, want := range map[string]error{
		typed:                         nil,
		typed[:7]:                     omacp.ErrMAC,
		typed[:4]:                     omacp.ErrMAC,
		typed[:7] + other(typed[7:]):  omacp.ErrMAC,
		other(typed[:1]) + typed[1:]:  omacp.ErrMAC,
		strings.Repeat("1234", 4)[:8]: omacp.ErrMAC,
	} {
		if err := omacp.Verify(b, omacp.USERPINMAC, "", omacp.Key{PIN: omacp.PIN(pin)}); !errors.Is(err, want) {
			t.Errorf("%s typed: %v, want %v", pin, err, want)
		}
	}
}

// other is another digit.
func other(digit string) string { return string('0' + (digit[0]-'0'+1)%10) }

func verifies(t *testing.T, b []byte, sec omacp.SEC, mac string, k omacp.Key) {
	t.Helper()
	changed := bytes.Clone(b)
	changed[len(changed)-1] ^= 1
	for what, c := range map[string]struct {
		b    []byte
		mac  string
		want error
	}{
		"as it is":      {b, mac, nil},
		"lower case":    {b, strings.ToLower(mac), nil},
		"cut":           {b, mac[:38], omacp.ErrMAC},
		"odd":           {b, mac[:39], omacp.ErrMAC},
		"longer":        {b, mac + "00", omacp.ErrMAC},
		"none":          {b, "", omacp.ErrMAC},
		"no digits":     {b, strings.Repeat("x", 40), omacp.ErrMAC},
		"another body":  {changed, mac, omacp.ErrMAC},
		"another digit": {b, "0000" + mac[4:], omacp.ErrMAC},
	} {
		if err := omacp.Verify(c.b, sec, c.mac, k); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", what, err, c.want)
		}
	}
}

// TestKeyIsComplete: nothing is sent without what its method needs.
func TestKeyIsComplete(t *testing.T) {
	network := omacp.NetworkSecret{1, 2}
	for _, c := range []struct {
		sec     omacp.SEC
		k       omacp.Key
		element string
	}{
		{omacp.NETWPIN, omacp.Key{PIN: "1234"}, "network secret"},
		{omacp.USERPIN, omacp.Key{Network: network}, "PIN"},
		{omacp.USERPIN, omacp.Key{PIN: "12a4"}, "PIN"},
		{omacp.USERPIN, omacp.Key{PIN: "１２"}, "PIN"},
		{omacp.USERNETWPIN, omacp.Key{Network: network}, "PIN"},
		{omacp.USERNETWPIN, omacp.Key{PIN: "1234"}, "network secret"},
		{omacp.USERNETWPIN, omacp.Key{Network: network, PIN: "12 4"}, "PIN"},
		{omacp.USERPINMAC, omacp.Key{Network: network}, "PIN"},
		{4, omacp.Key{Network: network, PIN: "1"}, "SEC"},
	} {
		_, err := omacp.MAC(nil, c.sec, c.k)
		invalid(t, fmt.Sprint(c.sec), err, c.element)
		invalid(t, fmt.Sprint(c.sec), omacp.Verify(nil, c.sec, "", c.k), c.element)
	}
	_, err := omacp.UserPINMAC(nil, "12b4")
	invalid(t, "typed", err, "PIN")
	_, err = omacp.UserPINMAC(nil, omacp.PIN(strings.Repeat("1", 21)))
	invalid(t, "longer than the MAC", err, "PIN")
	for _, s := range []string{"", "12a4", "-123", "1234 "} {
		_, err := omacp.ParsePIN(s)
		invalid(t, s, err, "PIN")
		if s != "" && strings.Contains(err.Error(), s) {
			t.Errorf("%v shows the PIN", err)
		}
	}
	if p, err := omacp.ParsePIN("0012"); err != nil || string(p) != "0012" {
		t.Errorf("0012: %s, %v", string(p), err)
	}
}

// invalid wants an *InvalidError about the element.
func invalid(t testing.TB, what string, err error, element string) {
	t.Helper()
	var ie *omacp.InvalidError
	if !errors.As(err, &ie) || ie.Element != element || ie.Reason == "" {
		t.Errorf("%s: want an error about %s, got %v", what, element, err)
	}
}

func TestIMSISecret(t *testing.T) {
	for imsi, want := range map[string]string{
		"466923103145252": "4966291330412525", // in the tests of Mozilla's WAP push
		"123456789012345": "1932547698103254", // its MAC was published by a gateway's maker
		"21407650123456":  "21417056103254f6", // even: the filler is the last
		"310150123456789": "3901511032547698",
		"3":               "39",
		"31":              "31f1",
	} {
		if got, err := omacp.IMSISecret(imsi); err != nil || hex.EncodeToString(got) != want {
			t.Errorf("%s: %x (%v), want %s", imsi, []byte(got), err, want)
		}
	}
	for _, imsi := range []string{"", "31015012345678a", "3101501234567890"} {
		_, err := omacp.IMSISecret(imsi)
		invalid(t, imsi, err, "IMSI")
	}
}

func TestCDMASecret(t *testing.T) {
	a, b := [8]byte{1, 2, 3, 4, 5, 6, 7, 8}, [8]byte{0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18}
	for layout, want := range map[string]string{
		"esn,ssd-a,ssd-b":            "8045abcd01020304050607081112131415161718",
		"ssd-b, ssd-a, esn-reversed": "11121314151617180102030405060708cdab4580",
		"esn":                        "8045abcd",
	} {
		l, err := omacp.ParseCDMALayout(layout)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := omacp.CDMASecret(l, 0x8045abcd, a, b); err != nil || hex.EncodeToString(got) != want {
			t.Errorf("%s: %x (%v), want %s", layout, []byte(got), err, want)
		}
	}
	if l, _ := omacp.ParseCDMALayout("esn,ssd-a,ssd-b"); fmt.Sprint(l) != fmt.Sprint(omacp.DefaultCDMALayout()) {
		t.Errorf("%v is not the default", l)
	}
	for _, bad := range []string{"", "esn,", "meid"} {
		_, err := omacp.ParseCDMALayout(bad)
		invalid(t, bad, err, "CDMA network secret")
	}
	for _, bad := range []omacp.CDMALayout{nil, {9}} {
		_, err := omacp.CDMASecret(bad, 0, a, b)
		invalid(t, fmt.Sprint(bad), err, "CDMA network secret")
	}
}

func TestParseSEC(t *testing.T) {
	for s := omacp.NETWPIN; s <= omacp.USERPINMAC; s++ {
		if got, err := omacp.ParseSEC(strings.ToLower(s.String())); err != nil || got != s {
			t.Errorf("%v: %v, %v", s, got, err)
		}
	}
	_, err := omacp.ParseSEC("PIN")
	invalid(t, "PIN", err, "SEC")
}

// TestSecretsHide: what must not be read is not in any print.
func TestSecretsHide(t *testing.T) {
	const digits, octets = "4711", "c0ffee"
	secret, err := hex.DecodeString(octets)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range []any{
		omacp.PIN(digits), omacp.NetworkSecret(secret), omacp.Password(digits),
		omacp.Key{Network: secret, PIN: digits},
		omacp.Credentials{Secret: digits}, omacp.DMCredentials{Nonce: digits, Secret: digits},
		omacp.MobileIP{HASecret: digits, AAASecret: digits},
	} {
		texts := []string{fmt.Sprint(v), fmt.Sprintf("%s %q %d %x %+v %#v", v, v, v, v, v, v)}
		j, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		if s, is := v.(fmt.Stringer); is {
			texts = append(texts, s.String())
		}
		for _, text := range append(texts, string(j)) {
			for _, s := range []string{digits, octets, "192", hex.EncodeToString([]byte(digits)), "wP/u"} {
				if strings.Contains(strings.ToLower(text), strings.ToLower(s)) {
					t.Errorf("%T shows itself: %s", v, text)
				}
			}
		}
	}
	d := omacp.Document{Characteristics: []omacp.Characteristic{{Type: "APPAUTH", Parms: []omacp.Parm{
		omacp.Set("AAUTHNAME", "joe"), omacp.Set("AAUTHSECRET", digits), omacp.Set("AAUTHDATA", digits), omacp.Set("VENDOR-PASSWORD", digits),
	}}}}
	if text := fmt.Sprintf("%v %+v %#v", d, d, d); strings.Contains(text, digits) || !strings.Contains(text, "joe") {
		t.Errorf("a document shows %s", text)
	}
}

func TestSecretNames(t *testing.T) {
	for name, want := range map[string]bool{
		"AAUTHSECRET": true, "AUTHSECRET": true, "PXAUTH-PW": true, "BASAUTH-PW": true, "PROXY-PW": true, "AAUTHDATA": true,
		"Password": true, "UNLOCK-PIN": true, "WEPKEY": true, "USERPWD": true,
		"WEPKEY1": true, "WLANPSK": true, "SrvNonce": true, "ACCESS-TOKEN": true,
		"NAME": false, "AAUTHNAME": false, "PXADDR": false, "SPI": false, "BREW-URL": false,
	} {
		if omacp.Secret(name) != want {
			t.Errorf("%s: secret %t, want %t", name, !want, want)
		}
	}
}
