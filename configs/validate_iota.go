package configs

import (
	"crypto/x509"
	"fmt"
	"net/netip"
	"strings"
	"time"
)

// maxWelcome is what fits into one message by every link.
const maxWelcome = 140

func (k *checker) iota(c *IOTA) {
	if c.Listen == "" {
		k.noIOTA(c)
	} else {
		k.listen("iota.listen", c.Listen)
		k.protection(door{"iota", "codes and keys", c.Listen, c.Certificate, c.Key, c.Plain})
		k.iotaBase(c.Base)
	}
	k.httpPath("iota.boot_path", c.BootPath)
	k.iotaTLS(c)
	k.iotaIdentity(c)
	k.iotaBoot(c)
	k.iotaTimes(c)
	k.between("iota.max_body", c.MaxBody, 1024, 512<<10)
	k.between("iota.max_requests", c.MaxRequests, 1, 100_000)
	k.between("iota.per_address", c.PerAddress, 0, 100_000)
	k.perSecond("iota.rate", c.Rate, "requests")
	k.oneOf("iota.dialect", c.Dialect, DialectAuto, DialectPhonecom20, DialectIOTA10)
	k.oneOf("iota.invite", c.Invite, InviteSL, InviteSI)
	if len(c.Welcome) > maxWelcome || strings.ContainsFunc(c.Welcome, func(r rune) bool { return r < ' ' || r > '~' }) {
		k.add("iota.welcome", "allowed are up to %d characters of ASCII", maxWelcome)
	}
	k.between("iota.chunk", c.Chunk, 64, 32<<10)
	if c.AppID == 0 {
		k.add("iota.app_id", "0; allowed is 1 to 65535 (0x8010 is x-wap-openwave:iota.ua)")
	}
}

// noIOTA finds what somebody has written for a way that is not there.
func (k *checker) noIOTA(c *IOTA) {
	if c.Base != "" || c.Certificate != "" || c.Key != "" || c.ClientCA != "" || c.Plain || len(c.Proxies) > 0 || c.Boot.Enabled {
		k.add("iota.listen", "missing, so nothing else of iota has a use; allowed is host:port such as 127.0.0.1:8082, or no section iota")
	}
}

// maxBase leaves room for a token in the one short message of an invitation.
const maxBase = 64

// iotaBase does not show a URL that may have a password in it.
func (k *checker) iotaBase(base string) {
	const allowed = "; allowed is a URL such as https://prov.example.org/iota, as handsets see it"
	u, err := webURL(base)
	switch {
	case base == "":
		k.add("iota.base", "missing%s", allowed)
	case err != nil:
		k.add("iota.base", "%s%s", err, allowed)
	case !isPrintable(base) || strings.Contains(base, " "):
		k.add("iota.base", "not an absolute http or https URL%s", allowed)
	case strings.ContainsAny(base, "?#"):
		k.add("iota.base", "a URL with a query or a fragment%s", allowed)
	case len(base) > maxBase:
		k.add("iota.base", "%d characters; allowed are up to %d, as the call-back has to go into one short message", len(base), maxBase)
	case u.Path != "" && u.Path != "/":
		k.httpPath("iota.base", u.Path)
	}
}

func (k *checker) iotaTLS(c *IOTA) {
	k.oneOf("iota.tls_min", c.TLSMin, "1.0", "1.1", "1.2", "1.3")
	switch {
	case c.ClientCA == "":
		if c.ClientRequired {
			k.add("iota.client_ca", "missing, so client_required would keep everybody out; allowed is a PEM file")
		}
	case c.Certificate == "":
		if c.Listen != "" {
			k.add("iota.client_ca", "given without certificate and key; allowed is with HTTPS only")
		}
	default:
		k.authorities("iota.client_ca", c.ClientCA)
	}
}

// authorities checks a file of those that may sign certificates.
func (k *checker) authorities(key, file string) {
	text, err := secret{file: file}.read()
	switch {
	case err != nil:
		k.add(key, "%s; allowed is a PEM file", err)
	case !x509.NewCertPool().AppendCertsFromPEM([]byte(text)):
		k.add(key, "no certificate in it; allowed is a PEM file with one or more")
	}
}

// iotaIdentity checks who may say which handset it is.
func (k *checker) iotaIdentity(c *IOTA) {
	for i, n := range c.Proxies {
		key := fmt.Sprintf("iota.proxies[%d]", i)
		k.network(key, n)
		if p, err := netip.ParsePrefix(n); err == nil && p.Bits() == 0 {
			k.add(key, "%s is everybody, so every handset could say to be another; allowed are the networks of proxies", n)
		}
	}
	for _, h := range []struct{ key, name string }{{"esn", c.ESNHeader}, {"meid", c.MEIDHeader}, {"mdn", c.MDNHeader}} {
		switch key := "iota." + h.key + "_header"; {
		case h.name == "":
		case !isToken(h.name):
			k.add(key, "%q is no name of a header; allowed are letters, digits and -", h.name)
		case len(c.Proxies) == 0:
			k.add(key, "given without proxies, so nobody could send it; allowed is with proxies")
		}
	}
}

func (k *checker) iotaBoot(c *IOTA) {
	b := &c.Boot
	for _, q := range []struct{ key, name string }{{"esn", b.ESNKey}, {"meid", b.MEIDKey}} {
		if q.name != "" && !isToken(q.name) {
			k.add("iota.boot."+q.key+"_key", "%q; allowed are letters, digits and -", q.name)
		}
	}
	if !b.Enabled {
		return
	}
	byQuery := b.TrustQuery && (b.ESNKey != "" || b.MEIDKey != "")
	byHeader := len(c.Proxies) > 0 && (c.ESNHeader != "" || c.MEIDHeader != "")
	if !byQuery && !byHeader {
		k.add("iota.boot.enabled", "true, and nobody could say which handset it is; allowed is with proxies and esn_header or meid_header, or with boot.trust_query")
	}
}

func (k *checker) iotaTimes(c *IOTA) {
	k.span("iota.validity", c.Validity, time.Second, maxLife)
	k.duration("iota.idle", c.Idle, time.Second)
	k.duration("iota.session_time", c.SessionTime, time.Second)
	k.duration("iota.answer_time", c.AnswerTime, 100*time.Millisecond)
	k.duration("iota.timeout", c.Timeout, 100*time.Millisecond)
	if c.SessionTime >= time.Second && c.Idle > c.SessionTime {
		k.add("iota.idle", "%s is longer than session_time (%s); allowed is up to session_time", c.Idle, c.SessionTime)
	}
	if c.Idle >= time.Second && c.AnswerTime > c.Idle {
		k.add("iota.answer_time", "%s is longer than idle (%s); allowed is up to idle", c.AnswerTime, c.Idle)
	}
}

// isToken tells whether s can be the name of a header, or of a value of a query.
func isToken(s string) bool {
	return s != "" && len(s) <= 64 && strings.Trim(s, alphanumeric+"-_") == ""
}
