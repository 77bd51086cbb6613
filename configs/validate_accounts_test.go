package configs_test

import (
	"testing"
	"time"

	"github.com/otagate/otagate/configs"
)

// Every message of the doors of SMPP and of what accounts may do.
func TestValidateAccounts(t *testing.T) {
	certificate, key := keyPair(t, t.TempDir(), "a")
	type cfg = configs.Config
	secure := func(fault func(c *cfg)) func(c *cfg) {
		return func(c *cfg) {
			c.SMPP.ListenTLS = "127.0.0.1:3550"
			c.SMPP.TLS = configs.ServerTLS{Certificate: certificate, Key: key, ClientCA: certificate}
			fault(c)
		}
	}
	first := func(fault func(a *configs.Account)) func(c *cfg) { return func(c *cfg) { fault(&c.SMPP.Accounts[0]) } }
	const pem = "the file of this name cannot be read: no such file or directory; allowed is a PEM file"
	for _, tt := range []struct {
		name  string
		fault func(c *cfg)
		want  string // empty: it is good
	}{
		{"TLS", secure(func(*cfg) {}), ""},
		{"TLS only", secure(func(c *cfg) { c.SMPP.Listen = "" }), ""},
		{"no door", func(c *cfg) { c.SMPP.Listen = "" }, `smpp.listen: "" is not an address; allowed is host:port such as 127.0.0.1:2775`},
		{"TLS nowhere", secure(func(c *cfg) { c.SMPP.ListenTLS = "" }), "smpp.tls: given without listen_tls, so nobody would see it; allowed is with it"},
		{"TLS address", secure(func(c *cfg) { c.SMPP.ListenTLS = "3550" }), `smpp.listen_tls: "3550" is not an address; allowed is host:port such as 127.0.0.1:2775`},
		{"no certificate", secure(func(c *cfg) { c.SMPP.TLS.Certificate = "" }), "smpp.tls.certificate: missing beside listen_tls; allowed is a PEM file"},
		{"no key", secure(func(c *cfg) { c.SMPP.TLS.Key = "" }), "smpp.tls.key: missing beside listen_tls; allowed is a PEM file"},
		{"no key file", secure(func(c *cfg) { c.SMPP.TLS.Key = "geheim" }), "smpp.tls.key: " + pem},
		{"no authority", secure(func(c *cfg) { c.SMPP.TLS.ClientCA = "geheim" }), "smpp.tls.client_ca: " + pem},
		{"certificate_name", secure(first(func(a *configs.Account) { a.CertificateName = "ivr.example.org" })), ""},
		{"certificate_name without an authority", secure(func(c *cfg) { c.SMPP.TLS.ClientCA, c.SMPP.Accounts[0].CertificateName = "", "x" }),
			"smpp.accounts[ivr].certificate_name: given, but certificates are not verified, so it could never bind; allowed is with smpp.listen_tls and smpp.tls.client_ca"},
		{"certificate_name of two lines", secure(first(func(a *configs.Account) { a.CertificateName = "a\nb" })),
			`smpp.accounts[ivr].certificate_name: "a\nb"; allowed are up to 255 printable ASCII characters`},
		{"max_unbound", func(c *cfg) { c.SMPP.MaxUnbound = 0 }, "smpp.max_unbound: 0; allowed is 1 to 100000"},
		{"failures", func(c *cfg) { c.SMPP.LockOut.Failures = -1 }, "smpp.lock_out.failures: -1; allowed is 0 to 1000000"},
		{"for", func(c *cfg) { c.SMPP.LockOut.For = time.Millisecond }, "smpp.lock_out.for: 1ms; allowed is 1s to 24h"},
		{"quota", first(func(a *configs.Account) { a.Quota = configs.Quota{Messages: 1, Per: "day"} }), ""},
		{"quota of nothing", first(func(a *configs.Account) { a.Quota.Per = "day" }), "smpp.accounts[ivr].quota.messages: 0; allowed is 1 or more, without quota there is no limit"},
		{"quota of a week", first(func(a *configs.Account) { a.Quota = configs.Quota{Messages: 1, Per: "dayly"} }),
			`smpp.accounts[ivr].quota.per: unknown value "dayly"; allowed are hour and day (did you mean day)`},
		{"sources", first(func(a *configs.Account) { a.Sources = []configs.Pattern{"2280", "22*"} }),
			`smpp.accounts[ivr].sources[1]: "22*" ends with *; allowed is the beginning of an address without it, or a regular expression with ^ or $`},
		{"destinations", first(func(a *configs.Account) { a.Destinations = []configs.Pattern{"^(1"} }),
			`smpp.accounts[ivr].destinations[0]: "^(1" is no regular expression, missing closing ): ^(1; allowed is one of RE2 such as ^22[0-9]{2}$`},
		{"max_queue", first(func(a *configs.Account) { a.MaxQueue = -1 }), "smpp.accounts[ivr].max_queue: -1; allowed is 0 to 100000000"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := lab(t)
			tt.fault(c)
			err := c.Validate()
			switch {
			case err == nil && tt.want == "":
			case err == nil || err.Error() != "lab.yaml: "+tt.want:
				t.Errorf("\n got %v\nwant %s", err, tt.want)
			}
		})
	}
}
