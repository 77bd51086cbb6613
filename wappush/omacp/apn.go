package omacp

// GPRS is an access point of a GPRS network.
type GPRS struct {
	NAPID    string // to which proxies and applications refer
	Name     string
	APN      string
	Internet bool // it is a way to TO-NAPID INTERNET
	Auth     Credentials
}

func (n *GPRS) characteristic() Characteristic {
	c := Characteristic{Type: TypeNAPDEF, Parms: []Parm{
		Set("NAPID", n.NAPID), Set("NAME", n.Name), Set("BEARER", BearerGPRS),
		Set("NAP-ADDRESS", n.APN), Set("NAP-ADDRTYPE", "APN"),
	}}
	if n.Internet {
		c.Parms = append(c.Parms, Flag("INTERNET"))
	}
	if n.Auth != (Credentials{}) {
		c.Characteristics = []Characteristic{n.Auth.nap()}
	}
	return c
}

// APN is a GPRS access point and, when Browser is not nil, the browser that
// uses it without a proxy.
type APN struct {
	Access  GPRS
	Browser *Browser
}

// Document is the settings as they are sent.
func (a *APN) Document() (*Document, error) {
	cs := []Characteristic{a.Access.characteristic()}
	if a.Browser != nil {
		cs = append(cs, a.Browser.characteristic(Set("TO-NAPID", a.Access.NAPID)))
	}
	return checked(cs...)
}
