package configs_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/otagate/otagate/configs"
)

// smsc is a link to a message centre without a fault.
func smsc() configs.Link {
	return configs.Link{
		Name: "smsc1", URL: "smpp://10.1.2.3:2775", Kind: configs.KindTransceiver, Binds: 1, Version: "3.4", SystemID: "otagate",
		Window: 10, Bind: time.Second, Response: time.Minute, Retry: configs.Backoff{Min: time.Second, Max: time.Minute}, SlowDown: configs.Backoff{Min: time.Second, Max: time.Second}, EnquireLink: 30 * time.Second, DestTON: 1, DestNPI: 1, DataCoding: 4, Way: "udh8", Octets: 140, Parts: 5, Receipts: true, MessageID: "any", Doubt: time.Minute,
	}
}

// link is a configuration with one link, that has this fault.
func link(fault func(l *configs.Link)) func(*configs.Config) {
	return func(c *configs.Config) {
		l := smsc()
		fault(&l)
		c.Links = []configs.Link{l}
	}
}

// secure is one with a link over TLS.
func secure(fault func(t *configs.LinkTLS)) func(*configs.Config) {
	return link(func(l *configs.Link) {
		l.URL = "ssmpp://10.1.2.3"
		fault(&l.TLS)
	})
}

// Every message about links, each from one fault.
func TestValidateLinks(t *testing.T) {
	type cfg = configs.Config
	dir := t.TempDir()
	certificate, key := keyPair(t, dir, "a")
	_, other := keyPair(t, dir, "b")
	file := func(name, text string) string {
		name = filepath.Join(dir, name)
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	t.Setenv("OTAGATE_TEST_PASSWORD", "geheim-geheim")
	const link1 = "links[smsc1]"
	const wantPassword = "; allowed is one that holds up to 8 printable ASCII characters (SMPP 3.4 password)"
	const wantURL = "; allowed is smpp://host:2775, or ssmpp://host:3550 for TLS, without a user or a path"
	for _, tt := range []struct {
		name  string
		fault func(c *cfg)
		want  string
	}{
		{"link without a name", link(func(l *configs.Link) { l.Name = "" }), "links[0].name: missing; allowed is any name that no other entry has"},
		{"link twice", func(c *cfg) { c.Links = []configs.Link{smsc(), smsc()} }, link1 + ".name: two entries have this name; allowed is one"},
		{"link ss7", link(func(l *configs.Link) { l.Name = "ss7" }), "links[ss7].name: ss7 is the way through SMSREQ and SMDPP; allowed is any other name"},
		{"link's system_id", link(func(l *configs.Link) { l.SystemID = "otagate-gateway1" }), link1 + ".system_id: 16 characters; allowed are 1 to 15 (SMPP 3.4 system_id)"},
		{"two passwords", link(func(l *configs.Link) { l.PasswordFile, l.PasswordEnv = "geheim", "geheim" }), link1 + ".password_file: password_file and password_env are given; allowed is one of them, or none for an empty password"},
		{"password file", link(func(l *configs.Link) { l.PasswordFile = "geheim" }), link1 + ".password_file: the file of this name cannot be read: no such file or directory" + wantPassword},
		{"password variable", link(func(l *configs.Link) { l.PasswordEnv = "geheim" }), link1 + ".password_env: no environment variable of this name is set" + wantPassword},
		{"long password", link(func(l *configs.Link) { l.PasswordEnv = "OTAGATE_TEST_PASSWORD" }), link1 + ".password_env: the password has more than 8 octets" + wantPassword},
		{"empty password", link(func(l *configs.Link) { l.PasswordFile = file("empty", "\n") }), link1 + ".password_file: there is no password in it" + wantPassword},
		{"password with NUL", link(func(l *configs.Link) { l.PasswordFile = file("nul", "geheim\x00") }), link1 + ".password_file: the password has characters other than printable ASCII" + wantPassword},
		{"system_type", link(func(l *configs.Link) { l.SystemType = "1234567890123" }), link1 + `.system_type: "1234567890123"; allowed are up to 12 printable ASCII characters`},
		{"link's window", link(func(l *configs.Link) { l.Window = 0 }), link1 + ".window: 0; allowed is 1 to 10000"},
		{"link's rate", link(func(l *configs.Link) { l.Rate = 2e6 }), link1 + ".rate: 2e+06; allowed is 0 (no limit) to 1000000 segments a second"},
		{"link's response", link(func(l *configs.Link) { l.Response = 0 }), link1 + ".response: 0s; allowed is 100ms to 24h"},
		{"link's enquire_link", link(func(l *configs.Link) { l.EnquireLink = 0 }), link1 + ".enquire_link: 0s; allowed is 100ms to 24h"},
		{"link's source", link(func(l *configs.Link) { l.Source = "gr\u00fcn" }), link1 + `.source: "grün"; allowed are up to 20 printable ASCII characters`},
		{"source_ton", link(func(l *configs.Link) { l.SourceTON = 7 }), link1 + ".source_ton: 7; allowed is 0 to 6"},
		{"source_npi", link(func(l *configs.Link) { l.SourceNPI = 19 }), link1 + ".source_npi: 19; allowed is 0 to 18"},
		{"dest_ton", link(func(l *configs.Link) { l.DestTON = 7 }), link1 + ".dest_ton: 7; allowed is 0 to 6"},
		{"dest_npi", link(func(l *configs.Link) { l.DestNPI = 19 }), link1 + ".dest_npi: 19; allowed is 0 to 18"},
		{"link's service_type", link(func(l *configs.Link) { l.ServiceType = "WAPUSH" }), link1 + `.service_type: "WAPUSH"; allowed are up to 5 printable ASCII characters`},
		{"esm_class", link(func(l *configs.Link) { l.ESMClass = 0x43 }), link1 + ".esm_class: 0x43 has the bit 0x40, which says that there is a user data header and goes with way; allowed is without it"},
		{"data_coding", link(func(l *configs.Link) { l.DataCoding = 8 }), link1 + ".data_coding: 8 is no coding of octets, they would be changed on the way; allowed are 2, 4, and above 15 what the centre has for octets, such as 245"},
		{"way", link(func(l *configs.Link) { l.Way = "udh" }), link1 + `.way: unknown value "udh"; allowed are as-is, udh8, udh16, sar and payload (did you mean udh8)`},
		{"source of others", link(func(l *configs.Link) { l.Relay.SourceTON = 5 }), link1 + ".relay.source: missing beside source_ton or source_npi, which are those of a source; allowed are all of them or none"},
		{"long service_type of others", link(func(l *configs.Link) { l.Relay.ServiceType = "longer" }), link1 + `.relay.service_type: "longer"; allowed are up to 5 printable ASCII characters`},
		{"join", link(func(l *configs.Link) { l.Relay.Join = 2 * time.Hour }), link1 + ".relay.join: 2h0m0s; allowed is 100ms to 1h, or 0s for never"},
		{"failover", link(func(l *configs.Link) { l.Relay.Failover = time.Millisecond }), link1 + ".relay.failover: 1ms; allowed is 100ms to 24h, or 0s for never"},
		{"alphabet", link(func(l *configs.Link) { l.Relay.Alphabet = "gsm" }), link1 + `.relay.alphabet: unknown value "gsm"; allowed are gsm7, ascii, latin1 and ucs2 (did you mean gsm7)`},
		{"stripped", link(func(l *configs.Link) { l.Relay.Strip = []configs.NameOrNumber{"0x1401", "dest_subunit"} }), link1 + `.relay.strip[1]: "dest_subunit" is no TLV; allowed is 1 to 65535, or a name of smpp.tlvs or of SMPP`},
		{"octets of udh8", link(func(l *configs.Link) { l.Octets = 141 }), link1 + ".octets: 141; allowed is 13 to 140 with way udh8"},
		{"no room in udh8", link(func(l *configs.Link) { l.Octets = 12 }), link1 + ".octets: 12; allowed is 13 to 140 with way udh8"},
		{"no room in udh16", link(func(l *configs.Link) { l.Way, l.Octets = "udh16", 13 }), link1 + ".octets: 13; allowed is 14 to 140 with way udh16"},
		{"octets of sar", link(func(l *configs.Link) { l.Way, l.Octets = "sar", 255 }), link1 + ".octets: 255; allowed is 1 to 254 with way sar"},
		{"octets of payload", link(func(l *configs.Link) { l.Way, l.Octets = "payload", 255 }), link1 + ".octets: 255; allowed is 13 to 254 with way payload"},
		{"octets of no way", link(func(l *configs.Link) { l.Way, l.Octets = "", 0 }), link1 + ".octets: 0; allowed is 1 to 65535"},
		{"link's parts", link(func(l *configs.Link) { l.Parts = 256 }), link1 + ".parts: 256; allowed is 1 to 255"},
		{"message_id", link(func(l *configs.Link) { l.MessageID = "hex" }), link1 + `.message_id: unknown value "hex"; allowed are any and same`},
		{"doubt", link(func(l *configs.Link) { l.Doubt = 0 }), link1 + ".doubt: 0s; allowed is 100ms to 24h"},
		{"no URL", link(func(l *configs.Link) { l.URL = "" }), link1 + ".url: missing" + wantURL},
		{"no scheme", link(func(l *configs.Link) { l.URL = "10.1.2.3:2775" }), link1 + ".url: not a URL of SMPP" + wantURL},
		{"scheme", link(func(l *configs.Link) { l.URL = "tcp://10.1.2.3:2775" }), link1 + ".url: not a URL of SMPP" + wantURL},
		{"no host", link(func(l *configs.Link) { l.URL = "smpp://:2775" }), link1 + ".url: not a URL of SMPP" + wantURL},
		{"URL's port", link(func(l *configs.Link) { l.URL = "smpp://10.1.2.3:0" }), link1 + ".url: not a URL of SMPP" + wantURL},
		{"URL's address", link(func(l *configs.Link) { l.URL = "smpp://10.1.2" }), link1 + `.url: "10.1.2" is not an IP address; allowed is one, or the name of a host`},
		{"user", link(func(l *configs.Link) { l.URL = "smpp://me:geheim@10.1.2.3" }), link1 + ".url: not a URL of SMPP" + wantURL},
		{"path", link(func(l *configs.Link) { l.URL = "smpp://10.1.2.3/geheim" }), link1 + ".url: not a URL of SMPP" + wantURL},
		{"query", link(func(l *configs.Link) { l.URL = "smpp://10.1.2.3?system_id=geheim" }), link1 + ".url: not a URL of SMPP" + wantURL},
		{"url and urls", link(func(l *configs.Link) { l.URLs = []string{"smpp://10.1.2.4"} }), link1 + ".url: url and urls are given; allowed is one of them"},
		{"one of urls", link(func(l *configs.Link) { l.URL, l.URLs = "", []string{"smpp://10.1.2.4", "smpp://"} }), link1 + ".urls[1]: not a URL of SMPP" + wantURL},
		{"tls without", link(func(l *configs.Link) { l.TLS.ServerName = "smsc" }), link1 + ".tls: given, but no URL begins with ssmpp://; allowed is with one that does"},
		{"ca", secure(func(t *configs.LinkTLS) { t.CA = "geheim" }), link1 + ".tls.ca: the file of this name cannot be read: no such file or directory; allowed is a PEM file"},
		{"no ca in it", secure(func(t *configs.LinkTLS) { t.CA = key }), link1 + ".tls.ca: no certificate in it; allowed is a PEM file with one or more"},
		{"certificate alone", secure(func(t *configs.LinkTLS) { t.Certificate = certificate }), link1 + ".tls.key: missing beside a certificate; allowed are both or none"},
		{"key alone", secure(func(t *configs.LinkTLS) { t.Key = key }), link1 + ".tls.certificate: missing beside a key; allowed are both or none"},
		{"key of another", secure(func(t *configs.LinkTLS) { t.Certificate, t.Key = certificate, other }), link1 + ".tls.certificate: cannot be used with the key: tls: private key does not match public key; allowed is a PEM file with the certificate of the key"},
		{"server_name", secure(func(t *configs.LinkTLS) { t.ServerName = "gr\u00fcn" }), link1 + `.tls.server_name: "grün"; allowed are up to 255 printable ASCII characters`},
		{"kind", link(func(l *configs.Link) { l.Kind = "rx" }), link1 + `.kind: unknown value "rx"; allowed are transceiver and transmitter+receiver`},
		{"binds", link(func(l *configs.Link) { l.Binds = 0 }), link1 + ".binds: 0; allowed is 1 to 100"},
		{"version", link(func(l *configs.Link) { l.Version = "3.5" }), link1 + `.version: unknown value "3.5"; allowed are 3.3, 3.4 and 5.0 (did you mean 3.3)`},
		{"TLVs in 3.3", link(func(l *configs.Link) { l.Version, l.Way = "3.3", "sar" }), link1 + ".way: sar needs optional parameters, which SMPP 3.3 does not have; allowed with version 3.3 are udh8 and udh16"},
		{"very long password", link(func(l *configs.Link) { l.LongPassword, l.PasswordFile = true, file("long", strings.Repeat("x", 65)) }), link1 + ".password_file: the password has more than 64 octets; allowed is one that holds up to 64 printable ASCII characters (SMPP 3.4 password)"},
		{"burst", link(func(l *configs.Link) { l.Burst = -1 }), link1 + ".burst: -1; allowed is 0 to 10000"},
		{"bind", link(func(l *configs.Link) { l.Bind = 0 }), link1 + ".bind: 0s; allowed is 100ms to 24h"},
		{"retry", link(func(l *configs.Link) { l.Retry.Min = 0 }), link1 + ".retry.min: 0s; allowed is 10ms to 24h"},
		{"slow_down", link(func(l *configs.Link) { l.SlowDown.Max = time.Millisecond }), link1 + ".slow_down.max: 1ms is shorter than min (1s); allowed is min or longer"},
	} {
		t.Run(tt.name, func(t *testing.T) { provoke(t, tt.fault, tt.want) })
	}
}

// What is unusual in a link and right.
func TestValidateLinksGood(t *testing.T) {
	dir := t.TempDir()
	certificate, key := keyPair(t, dir, "a")
	t.Setenv("OTAGATE_TEST_PASSWORD", strings.Repeat("x", 64))
	for name, change := range map[string]func(*configs.Config){
		"whole datagram":    link(func(l *configs.Link) { l.Way, l.Octets = "payload", 254 }),
		"octets of class 1": link(func(l *configs.Link) { l.DataCoding = 245 }),
		"several hosts":     link(func(l *configs.Link) { l.URL, l.URLs = "", []string{"smpp://a.example/", "ssmpp://[2001:db8::1]:2776"} }),
		"two certificates": secure(func(t *configs.LinkTLS) {
			t.CA, t.Certificate, t.Key, t.ServerName = certificate, certificate, key, "smsc"
		}),
		"those of the system": secure(func(*configs.LinkTLS) {}),
		"pairs":               link(func(l *configs.Link) { l.Kind, l.Binds = configs.KindPair, 3 }),
		"3.3":                 link(func(l *configs.Link) { l.Version = "3.3" }),
		"long password":       link(func(l *configs.Link) { l.LongPassword, l.PasswordEnv = true, "OTAGATE_TEST_PASSWORD" }),
	} {
		t.Run(name, func(t *testing.T) {
			c := lab(t)
			change(c)
			if err := c.Validate(); err != nil {
				t.Error(err)
			}
		})
	}
}

// Where links were is said to who has an old file.
func TestLinksOfPush(t *testing.T) {
	_, err := configs.Load(write(t, "c.yaml", "push:\n  links: [{name: smsc1, address: \"10.1.2.3:2775\"}]\n"))
	if err == nil || !strings.HasSuffix(err.Error(), "c.yaml:2: push.links: links stand at the top level now, with a url in place of an address; allowed is such as links: [{name: smsc1, url: smpp://10.1.2.3:2775, system_id: otagate}]") {
		t.Error(err)
	}
}

func TestHosts(t *testing.T) {
	for _, tt := range []struct {
		link configs.Link
		want []configs.Host
	}{
		{configs.Link{URL: "smpp://smsc.example"}, []configs.Host{{Address: "smsc.example:2775", Name: "smsc.example"}}},
		{configs.Link{URL: "ssmpp://10.1.2.3"}, []configs.Host{{Address: "10.1.2.3:3550", Name: "10.1.2.3", TLS: true}}},
		{configs.Link{URLs: []string{"ssmpp://[2001:db8::1]:8775", "smpp://b:1"}},
			[]configs.Host{{Address: "[2001:db8::1]:8775", Name: "2001:db8::1", TLS: true}, {Address: "b:1", Name: "b"}}},
	} {
		got, err := tt.link.Hosts()
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(tt.want, got); d != "" {
			t.Errorf("%+v (-want +got):\n%s", tt.link, d)
		}
	}
	l := configs.Link{Name: "smsc1", URL: "smpp://me:geheim@host"}
	if _, err := l.Hosts(); err == nil || strings.Contains(err.Error(), "geheim") {
		t.Error(err)
	}
}
