package main

import "github.com/otagate/otagate/wappush/omacp"

func apnForm() *form {
	n, b := nap{id: "N1"}, browser{}
	fields := append([]field{textField("apn", &n.apn)}, n.fields()...)
	return &form{append(fields, b.fields()...), func() (*omacp.Document, error) {
		a := omacp.APN{Access: n.gprs(), Browser: b.settings()}
		return a.Document()
	}}
}

func browserProxyForm() *form {
	n, p, b := nap{id: "N1"}, newProxy(), browser{}
	fields := append(proxyFields(&p), n.cdmaFields()...)
	fields = append(append(fields, n.fields()...), b.fields()...)
	return &form{fields, func() (*omacp.Document, error) {
		d := omacp.BrowserProxy{Proxy: p, Access: n.cdma2000(), Browser: b.settings()}
		return d.Document()
	}}
}

// mmsForm is about GPRS when there is an apn, and about CDMA2000 when there is a
// nap-address.
func mmsForm() *form {
	var m omacp.MMS
	n, p := nap{id: "N1"}, newProxy()
	fields := append([]field{textField("name", &m.Name), textField("mmsc", &m.Centre), textField("apn", &n.apn)}, n.cdmaFields()...)
	fields = append(append(fields, n.fields()...), proxyFields(&p)...)
	return &form{fields, func() (*omacp.Document, error) {
		if n.apn != "" {
			a := n.gprs()
			m.GPRS = &a
		}
		if n.address != "" {
			a := n.cdma2000()
			m.CDMA2000 = &a
		}
		if p != newProxy() {
			m.Proxy = &p
		}
		return m.Document()
	}}
}

func emailForm() *form {
	e := omacp.Email{Outgoing: omacp.MailServer{Protocol: omacp.SMTP}, Incoming: omacp.MailServer{Protocol: omacp.POP3}}
	fields := []field{
		textField("provider", &e.ProviderID), textField("name", &e.Name), textField("napid", &e.NAPID),
		textField("from", &e.From), textField("reply-to", &e.ReplyTo),
		wordField("out", &e.Outgoing.Protocol, []string{"smtp", "smtps"}, []omacp.MailProtocol{omacp.SMTP, omacp.SMTPS}),
	}
	fields = append(fields, serverFields("out-", &e.Outgoing)...)
	fields = append(fields, wordField("in", &e.Incoming.Protocol, []string{"pop3", "imap", "pop3s", "imaps"},
		[]omacp.MailProtocol{omacp.POP3, omacp.IMAP, omacp.POP3S, omacp.IMAPS}))
	return &form{append(fields, serverFields("in-", &e.Incoming)...), e.Document}
}

func serverFields(prefix string, s *omacp.MailServer) []field {
	return append([]field{
		textField(prefix+"host", &s.Host), portField(prefix+"port", &s.Port), textField(prefix+"service", &s.Service),
	}, credentialFields(prefix, &s.Auth)...)
}

func dmAccountForm() *form {
	var a omacp.DMAccount
	fields := []field{
		textField("server", &a.ServerID), textField("name", &a.Name), textField("napid", &a.NAPID), textField("proxy", &a.ProxyID),
		textField("url", &a.URL), portField("port", &a.Port), flagField("init", &a.Init),
	}
	for _, side := range [...]struct {
		prefix string
		k      *omacp.DMCredentials
	}{{"client-", &a.Client}, {"server-", &a.Server}} {
		fields = append(fields, textField(side.prefix+"auth", &side.k.Type), textField(side.prefix+"user", &side.k.Name),
			textField(side.prefix+"password", &side.k.Secret), nonceField(side.prefix+"nonce", &side.k.Nonce))
	}
	return &form{fields, a.Document}
}

func brewForm() *form {
	var s omacp.BREWServer
	return &form{[]field{
		textField("vendor", &s.Vendor), textField("url", &s.URL), textField("parm", &s.Parm), numberField("max-url", &s.MaxURL),
	}, s.Document}
}

// nap is an access point of either network.
type nap struct {
	id, name, apn     string
	address, addrType string
	internet          bool
	auth              omacp.Credentials
	mobile            omacp.MobileIP
}

// fields are those of both networks.
func (n *nap) fields() []field {
	return append([]field{
		textField("napid", &n.id), textField("nap-name", &n.name), flagField("internet", &n.internet),
	}, credentialFields("nap-", &n.auth)...)
}

// cdmaFields are those of CDMA2000 alone. Any of the last six makes it mobile IP.
func (n *nap) cdmaFields() []field {
	m := &n.mobile
	return []field{
		textField("nap-address", &n.address), textField("nap-addrtype", &n.addrType),
		textField("nai", &m.NAI), textField("ha-password", &m.HASecret), textField("ha-spi", &m.HASPI),
		textField("aaa-password", &m.AAASecret), textField("aaa-spi", &m.AAASPI), flagField("reverse-tunneling", &m.ReverseTunneling),
	}
}

func (n *nap) gprs() omacp.GPRS {
	return omacp.GPRS{NAPID: n.id, Name: n.name, APN: n.apn, Internet: n.internet, Auth: n.auth}
}

func (n *nap) cdma2000() omacp.CDMA2000 {
	a := omacp.CDMA2000{NAPID: n.id, Name: n.name, Address: n.address, AddrType: n.addrType, Internet: n.internet, Auth: n.auth}
	if n.mobile != (omacp.MobileIP{}) {
		a.MobileIP = &n.mobile
	}
	return a
}

func newProxy() omacp.Proxy { return omacp.Proxy{ID: "P1", PhysicalID: "PP1"} }

func proxyFields(p *omacp.Proxy) []field {
	return append([]field{
		textField("proxy-id", &p.ID), textField("proxy-name", &p.Name), textField("startpage", &p.StartPage),
		textField("physical-proxy-id", &p.PhysicalID), textField("proxy", &p.Addr), textField("proxy-addrtype", &p.AddrType),
		portField("proxy-port", &p.Port), textField("proxy-service", &p.Service),
	}, credentialFields("proxy-", &p.Auth)...)
}

func credentialFields(prefix string, k *omacp.Credentials) []field {
	return []field{textField(prefix+"auth", &k.Type), textField(prefix+"user", &k.Name), textField(prefix+"password", &k.Secret)}
}

// browser is the application with one page.
type browser struct {
	name string
	page omacp.Bookmark
}

func (b *browser) fields() []field {
	return []field{
		textField("browser-name", &b.name), textField("page", &b.page.URI), textField("page-name", &b.page.Name),
		flagField("page-start", &b.page.StartPage),
	}
}

// settings is nil when nothing was said of a browser.
func (b *browser) settings() *omacp.Browser {
	if *b == (browser{}) {
		return nil
	}
	s := &omacp.Browser{Name: b.name}
	if b.page != (omacp.Bookmark{}) {
		s.Bookmarks = []omacp.Bookmark{b.page}
	}
	return s
}
