package omacp_test

import (
	"bytes"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/otagate/otagate/wappush/omacp"
)

type builder interface {
	Document() (*omacp.Document, error)
}

func build(t testing.TB, b builder) []byte {
	t.Helper()
	d, err := b.Document()
	if err != nil {
		t.Fatal(err)
	}
	octets, err := d.Append(nil)
	if err != nil {
		t.Fatal(err)
	}
	return octets
}

func acmeAPN() *omacp.APN {
	return &omacp.APN{
		Access: omacp.GPRS{NAPID: "N1", Name: "Acme Net", APN: "internet.acme", Internet: true,
			Auth: omacp.Credentials{Type: "PAP", Name: "u", Secret: "p"}},
		Browser: &omacp.Browser{Name: "Acme Web", Bookmarks: []omacp.Bookmark{{URI: "http://m.acme.example/", Name: "Home", StartPage: true}}},
	}
}

func acmeMMS() *omacp.MMS {
	return &omacp.MMS{
		Name: "Acme MMS", Centre: "http://mmsc.acme.example/",
		Proxy: &omacp.Proxy{ID: "P1", Name: "Acme MMS", PhysicalID: "PP1", Addr: "192.0.2.10", Port: 8080},
		GPRS:  &omacp.GPRS{NAPID: "N2", Name: "Acme MMS", APN: "mms.acme"},
	}
}

func acmeMail() *omacp.Email {
	return &omacp.Email{
		ProviderID: "acme", Name: "Acme Mail",
		Outgoing: omacp.MailServer{Protocol: omacp.SMTP, Host: "smtp.acme.example", Port: 25, Service: "25"},
		Incoming: omacp.MailServer{Protocol: omacp.POP3, Host: "pop.acme.example", Auth: omacp.Credentials{Name: "joe", Secret: "pw"}},
	}
}

func acmeDM() *omacp.DMAccount {
	return &omacp.DMAccount{
		ServerID: "dm.acme.example", Name: "Acme DM", URL: "https://dm.acme.example/dm", Port: 443, Init: true,
		Client: omacp.DMCredentials{Name: "cli", Secret: "csec", Nonce: "Nonce"},
		Server: omacp.DMCredentials{Secret: "ssec", Nonce: "Nonce"},
	}
}

func acme1x() *omacp.BrowserProxy {
	return &omacp.BrowserProxy{
		Proxy: omacp.Proxy{ID: "PX", Name: "Acme 1x", StartPage: "http://wap.acme.example/", PhysicalID: "A",
			Addr: "192.0.2.20", Port: 9201, Service: "CO-WSP"},
		Access: omacp.CDMA2000{NAPID: "C1", Name: "Acme 1x", Address: "192.0.2.1",
			Auth: omacp.Credentials{Type: "CHAP", Name: "5550100@acme", Secret: "s3cr"}},
	}
}

// TestBuilders: what is built is what was made by hand from the tables.
func TestBuilders(t *testing.T) {
	for name, b := range map[string]builder{
		"apn":          acmeAPN(),
		"mms":          acmeMMS(),
		"email":        acmeMail(),
		"dmaccount":    acmeDM(),
		"browserproxy": acme1x(),
		"vendorconfig": &omacp.BREWServer{Vendor: "ACME", URL: "http://oemdemo.example/"},
	} {
		if got, want := build(t, b), body(t, name); !bytes.Equal(got, want) {
			t.Errorf("%s:\n got %x\nwant %x", name, got, want)
		}
	}
}

// TestBuilderParts is what the vectors do not have.
func TestBuilderParts(t *testing.T) {
	mobile := acme1x()
	mobile.Access.Auth = omacp.Credentials{}
	mobile.Access.Internet = true
	mobile.Access.MobileIP = &omacp.MobileIP{NAI: "5550100@acme", HASecret: "h", HASPI: "0000012c", AAASecret: "a", AAASPI: "00000002", ReverseTunneling: true}
	mobile.Proxy.Auth = omacp.Credentials{Type: "HTTP-BASIC", Name: "x", Secret: "y"}
	mobile.Browser = &omacp.Browser{Bookmarks: []omacp.Bookmark{{URI: "http://m.acme.example/"}}}
	bare := acmeMMS()
	bare.Proxy, bare.GPRS, bare.CDMA2000 = nil, nil, &mobile.Access
	imap := acmeMail()
	imap.NAPID, imap.From, imap.ReplyTo = "N1", "joe@acme.example", "j@acme.example"
	imap.Incoming.Protocol = omacp.IMAP
	dm := acmeDM()
	dm.ProxyID, dm.NAPID, dm.Client.Type, dm.Server.Nonce = "P1", "N1", "HMAC", ""
	for name, c := range map[string]struct {
		b    builder
		want []string // elements of the XML
	}{
		"mobile IP": {mobile, []string{
			`"BEARER" value="CDMA2000-1X-MOBILE-IP"`, `"AUTH-ENTITY" value="HA"`, `"SPI" value="0000012c"`, `"AUTH-ENTITY" value="AAA"`,
			`"AUTHTYPE" value="MD5"`, `name="T-BIT"/>`, `"PXAUTH-TYPE" value="HTTP-BASIC"`, `"PXAUTH-ID" value="x"`, `"TO-PROXY" value="PX"`, `name="INTERNET"/>`}},
		"MMS without a proxy": {bare, []string{`"TO-NAPID" value="C1"`, `"APPID" value="w4"`}},
		"IMAP": {imap, []string{`"APPID" value="143"`, `"FROM" value="joe@acme.example"`, `"RT-ADDR" value="j@acme.example"`,
			`"TO-NAPID" value="N1"`}},
		"DM":   {dm, []string{`"TO-PROXY" value="P1"`, `"AAUTHTYPE" value="HMAC"`}},
		"BREW": {&omacp.BREWServer{Vendor: "ACME", Parm: "SERVER", URL: "http://b.example/", Extra: []omacp.Parm{omacp.Set("CARRIER-ID", "7")}}, []string{`"SERVER" value="http://b.example/"`, `"CARRIER-ID" value="7"`}},
	} {
		d, err := c.b.Document()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		x, err := d.AppendXML(nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range c.want {
			if !strings.Contains(string(x), want) {
				t.Errorf("%s: no %s in\n%s", name, want, x)
			}
		}
	}
}

func TestBuildersRefuse(t *testing.T) {
	for element, b := range map[string]builder{
		"NAPDEF[1]/NAPID":                              change(acmeAPN(), func(a *omacp.APN) { a.Access.NAPID = "" }),
		"NAPDEF[1]/NAPAUTHINFO[1]/AUTHTYPE":            change(acmeAPN(), func(a *omacp.APN) { a.Access.Auth.Type = "" }),
		"APPLICATION[1]/RESOURCE[1]/URI":               change(acmeAPN(), func(a *omacp.APN) { a.Browser.Bookmarks[0].URI = "" }),
		"NAPDEF":                                       change(acmeMMS(), func(m *omacp.MMS) { m.GPRS = nil }),
		"PXLOGICAL[1]/PXPHYSICAL[1]/PHYSICAL-PROXY-ID": change(acmeMMS(), func(m *omacp.MMS) { m.Proxy.PhysicalID = "" }),
		"APPLICATION[1]/APPID":                         change(acmeMail(), func(m *omacp.Email) { m.Outgoing.Protocol = omacp.POP3 }),
		"APPLICATION[2]/APPID":                         change(acmeMail(), func(m *omacp.Email) { m.Incoming.Protocol = omacp.SMTP }),
		"APPLICATION[1]/PROVIDER-ID":                   change(acmeDM(), func(a *omacp.DMAccount) { a.ServerID = "" }),
		"APPLICATION[1]/APPADDR[1]/ADDR":               change(acmeDM(), func(a *omacp.DMAccount) { a.URL = "" }),
		"APPLICATION[1]/APPAUTH[1]/AAUTHNAME":          change(acmeDM(), func(a *omacp.DMAccount) { a.Client.Name = "" }),
		"APPLICATION[1]/APPAUTH[2]/AAUTHSECRET":        change(acmeDM(), func(a *omacp.DMAccount) { a.Server.Secret = "" }),
		"PXLOGICAL[1]/PXPHYSICAL[1]/PORT[1]/SERVICE":   change(acme1x(), func(b *omacp.BrowserProxy) { b.Proxy.Service = "80" }),
		"NAPDEF[1]/NAPAUTHINFO[1]/SPI": change(acme1x(), func(b *omacp.BrowserProxy) {
			b.Access.Auth = omacp.Credentials{}
			b.Access.MobileIP = &omacp.MobileIP{HASPI: "12c"}
		}),
		"VENDORCONFIG[1]/BREW-URL": &omacp.BREWServer{Vendor: "ACME", URL: "http://" + strings.Repeat("b", 57)},
		"VENDORCONFIG[1]/SERVER":   &omacp.BREWServer{Vendor: "ACME", Parm: "SERVER"},
		"VENDORCONFIG[1]/NAME":     &omacp.BREWServer{URL: "http://b.example/"},
	} {
		d, err := b.Document()
		invalid(t, element, err, element)
		if d != nil {
			t.Errorf("%s: a document beside the error", element)
		}
	}
	long := omacp.BREWServer{Vendor: "ACME", URL: "http://" + strings.Repeat("b", 56)}
	if _, err := long.Document(); err != nil {
		t.Errorf("63 octets: %v", err)
	}
	long.URL, long.MaxURL = long.URL+"b", 64
	if _, err := long.Document(); err != nil {
		t.Errorf("64 octets where 64 are allowed: %v", err)
	}
}

// change makes one thing of b different.
func change[B any](b *B, how func(*B)) *B {
	how(b)
	return b
}

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.Join(strings.Fields(s), ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}
