package configs_test

import (
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/otagate/otagate/configs"
)

// Every message about IOTA, each from one fault.
func TestValidateIOTA(t *testing.T) {
	type cfg = configs.Config
	dir := t.TempDir()
	certificate, key := keyPair(t, dir, "a")
	const wantURL = "; allowed is a URL such as https://prov.example.org/iota, as handsets see it"
	secure := func(fault func(c *configs.IOTA)) func(*cfg) {
		return func(c *cfg) {
			c.IOTA.Certificate, c.IOTA.Key = certificate, key
			fault(&c.IOTA)
		}
	}
	base := func(s string) func(*cfg) { return func(c *cfg) { c.IOTA.Base = s } }
	for _, tt := range []struct {
		name  string
		fault func(c *cfg)
		want  string
	}{
		{"listen", func(c *cfg) { c.IOTA.Listen = "8082" }, `iota.listen: "8082" is not an address; allowed is host:port such as 127.0.0.1:2775`},
		{"listen to all", func(c *cfg) { c.IOTA.Listen = ":8082" }, "iota.listen: :8082 can be reached from other machines, and codes and keys could be read on the way; allowed is with certificate and key, with plain: true, or on 127.0.0.1"},
		{"base without a door", func(c *cfg) { c.IOTA.Listen = "" }, "iota.listen: missing, so nothing else of iota has a use; allowed is host:port such as 127.0.0.1:8082, or no section iota"},
		{"key alone", func(c *cfg) { c.IOTA.Key = key }, "iota.certificate: missing beside a key; allowed are both or none"},
		{"certificate alone", func(c *cfg) { c.IOTA.Certificate = certificate }, "iota.key: missing beside a certificate; allowed are both or none"},
		{"no key", secure(func(c *configs.IOTA) { c.Key = "geheim" }), "iota.key: the file of this name cannot be read: no such file or directory; allowed is a PEM file"},
		{"plain and certificate", secure(func(c *configs.IOTA) { c.Plain = true }), "iota.plain: true beside a certificate; allowed is one of the two"},
		{"no client_ca", secure(func(c *configs.IOTA) { c.ClientCA = "geheim" }), "iota.client_ca: the file of this name cannot be read: no such file or directory; allowed is a PEM file"},
		{"client_ca is a key", secure(func(c *configs.IOTA) { c.ClientCA = key }), "iota.client_ca: no certificate in it; allowed is a PEM file with one or more"},
		{"client_ca without TLS", func(c *cfg) { c.IOTA.ClientCA = certificate }, "iota.client_ca: given without certificate and key; allowed is with HTTPS only"},
		{"client_required", secure(func(c *configs.IOTA) { c.ClientRequired = true }), "iota.client_ca: missing, so client_required would keep everybody out; allowed is a PEM file"},
		{"tls_min", func(c *cfg) { c.IOTA.TLSMin = "3.0" }, `iota.tls_min: unknown value "3.0"; allowed are 1.0, 1.1, 1.2 and 1.3 (did you mean 1.0)`},
		{"no base", base(""), "iota.base: missing" + wantURL},
		{"relative base", base("/geheim"), "iota.base: not an absolute http or https URL" + wantURL},
		{"base of a file", base("file:///geheim"), "iota.base: not an absolute http or https URL" + wantURL},
		{"base with a space", base("http://prov.example/a b"), "iota.base: not an absolute http or https URL" + wantURL},
		{"base with a password", base("http://acme:geheim@prov.example/"), "iota.base: a URL with a user" + wantURL},
		{"base with a query", base("http://prov.example/?key=geheim"), "iota.base: a URL with a query or a fragment" + wantURL},
		{"long base", base("http://prov.example/" + strings.Repeat("a", 45)), "iota.base: 65 characters; allowed are up to 64, as the call-back has to go into one short message"},
		{"base with an empty part", base("http://prov.example//a"), `iota.base: "//a"; allowed is a path that begins with /, of letters, digits, / - . _ and ~, such as /pap`},
		{"boot_path", func(c *cfg) { c.IOTA.BootPath = "boot" }, `iota.boot_path: "boot"; allowed is a path that begins with /, of letters, digits, / - . _ and ~, such as /pap`},

		{"proxy", func(c *cfg) { c.IOTA.Proxies = []string{"10.0.0.1"} }, `iota.proxies[0]: "10.0.0.1" has no prefix length; allowed is 10.0.0.1/32 for one address`},
		{"everybody is a proxy", func(c *cfg) { c.IOTA.Proxies = []string{"10.0.0.0/8", "::/0"} }, "iota.proxies[1]: ::/0 is everybody, so every handset could say to be another; allowed are the networks of proxies"},
		{"header without proxies", func(c *cfg) { c.IOTA.MDNHeader = "X-MDN" }, "iota.mdn_header: given without proxies, so nobody could send it; allowed is with proxies"},
		{"name of a header", func(c *cfg) { c.IOTA.ESNHeader = "x esn" }, `iota.esn_header: "x esn" is no name of a header; allowed are letters, digits and -`},
		{"key of the query", func(c *cfg) { c.IOTA.Boot.MEIDKey = "a&b" }, `iota.boot.meid_key: "a&b"; allowed are letters, digits and -`},
		{"boot of nobody", func(c *cfg) { c.IOTA.Boot.Enabled = true },
			"iota.boot.enabled: true, and nobody could say which handset it is; allowed is with proxies and esn_header or meid_header, or with boot.trust_query"},
		{"boot without keys", func(c *cfg) { c.IOTA.Boot = configs.IOTABoot{Enabled: true, TrustQuery: true} },
			"iota.boot.enabled: true, and nobody could say which handset it is; allowed is with proxies and esn_header or meid_header, or with boot.trust_query"},

		{"validity", func(c *cfg) { c.IOTA.Validity = 0 }, "iota.validity: 0s; allowed is 1s to 720h"},
		{"idle", func(c *cfg) { c.IOTA.Idle = 0 }, "iota.idle: 0s; allowed is 1s to 24h"},
		{"long idle", func(c *cfg) { c.IOTA.Idle = 16 * time.Minute }, "iota.idle: 16m0s is longer than session_time (15m0s); allowed is up to session_time"},
		{"session_time", func(c *cfg) { c.IOTA.SessionTime = 25 * time.Hour }, "iota.session_time: 25h0m0s; allowed is 1s to 24h"},
		{"answer_time", func(c *cfg) { c.IOTA.AnswerTime = 0 }, "iota.answer_time: 0s; allowed is 100ms to 24h"},
		{"long answer_time", func(c *cfg) { c.IOTA.AnswerTime = 121 * time.Second }, "iota.answer_time: 2m1s is longer than idle (2m0s); allowed is up to idle"},
		{"timeout", func(c *cfg) { c.IOTA.Timeout = 0 }, "iota.timeout: 0s; allowed is 100ms to 24h"},
		{"max_body", func(c *cfg) { c.IOTA.MaxBody = 0 }, "iota.max_body: 0; allowed is 1024 to 524288"},
		{"max_requests", func(c *cfg) { c.IOTA.MaxRequests = 0 }, "iota.max_requests: 0; allowed is 1 to 100000"},
		{"rate", func(c *cfg) { c.IOTA.Rate = -1 }, "iota.rate: -1; allowed is 0 (no limit) to 1000000 requests a second"},
		{"per_address", func(c *cfg) { c.IOTA.PerAddress = -1 }, "iota.per_address: -1; allowed is 0 to 100000"},
		{"dialect", func(c *cfg) { c.IOTA.Dialect = "iota" }, `iota.dialect: unknown value "iota"; allowed are auto, phonecom20 and iota10 (did you mean iota10)`},
		{"welcome", func(c *cfg) { c.IOTA.Welcome = "Willkommen, Jürgen" }, "iota.welcome: allowed are up to 140 characters of ASCII"},
		{"invite", func(c *cfg) { c.IOTA.Invite = "" }, "iota.invite: missing; allowed are sl and si"},
		{"chunk", func(c *cfg) { c.IOTA.Chunk = 65536 }, "iota.chunk: 65536; allowed is 64 to 32768"},
		{"app_id", func(c *cfg) { c.IOTA.AppID = 0 }, "iota.app_id: 0; allowed is 1 to 65535 (0x8010 is x-wap-openwave:iota.ua)"},
	} {
		t.Run(tt.name, func(t *testing.T) { provoke(t, tt.fault, tt.want) })
	}
}

// What looks odd and is allowed.
func TestValidateIOTAAllows(t *testing.T) {
	certificate, key := keyPair(t, t.TempDir(), "a")
	for name, change := range map[string]func(*configs.IOTA){
		"https everywhere": func(c *configs.IOTA) { c.Listen, c.Certificate, c.Key = ":443", certificate, key },
		"certificates of handsets": func(c *configs.IOTA) {
			c.Certificate, c.Key, c.ClientCA, c.ClientRequired, c.TLSMin = certificate, key, certificate, true, "1.0"
		},
		"plain everywhere":     func(c *configs.IOTA) { c.Listen, c.Plain = "10.1.2.3:80", true },
		"https before a proxy": func(c *configs.IOTA) { c.Base = "https://prov.example" },
		"base with a slash":    func(c *configs.IOTA) { c.Base = "https://prov.example:8443/a/b/" },
		"no way":               func(c *configs.IOTA) { *c = configs.Default().IOTA },
		"boot by a proxy": func(c *configs.IOTA) {
			c.Proxies, c.ESNHeader, c.MEIDHeader, c.Boot.Enabled = []string{"10.0.0.0/8"}, "X-Device_ID", "X-Device_ID", true
		},
		"boot by the query": func(c *configs.IOTA) { c.Boot.Enabled, c.Boot.TrustQuery, c.Boot.ESNKey = true, true, "" },
		"no limits":         func(c *configs.IOTA) { c.Rate, c.PerAddress = 0, 0 },
	} {
		t.Run(name, func(t *testing.T) { allow(t, func(c *configs.Config) { change(&c.IOTA) }) })
	}
}

// The laboratory file has every key of iota, and what it does not have as a
// comment is the default.
func TestLabIOTA(t *testing.T) {
	b, err := os.ReadFile("lab.yaml")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(b), "\niota:")
	section, _, ok := strings.Cut(rest, "\n# Messages to handsets")
	if !ok {
		t.Fatal("the section iota is not where it was")
	}
	explains(t, section, reflect.TypeFor[configs.IOTA]())
	got, want := lab(t).IOTA, configs.Default().IOTA
	want.Listen, want.Base, want.Proxies = got.Listen, got.Base, got.Proxies
	if !reflect.DeepEqual(got, want) {
		t.Errorf("\n got %+v\nwant %+v", got, want)
	}
}
