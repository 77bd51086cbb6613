package omacp

import encoding "encoding/base64"

// DMAccount is the account by which a device gets to a server of OMA Device
// Management, the application w7.
type DMAccount struct {
	// ServerID is PROVIDER-ID. It has to be the server identifier of the
	// notifications and of the server's credentials.
	ServerID string
	Name     string
	NAPID    string // the way to the server; INTERNET when empty
	ProxyID  string // TO-PROXY beside it; none when empty
	URL      string
	Port     uint16 // that of the URL when 0
	Init     bool   // the device opens a session when it has the account; a name outside of the tables

	Client DMCredentials // what the device says to the server
	Server DMCredentials // what the server says to the device; its Name is the ServerID when empty
}

// DMCredentials are one side of an account.
type DMCredentials struct {
	Type   string // such as BASIC, DIGEST, HMAC; DIGEST when empty
	Name   string
	Secret Password
	Nonce  Password // octets of the first nonce, not base64; none when empty
}

// Document is the settings as they are sent. An access point or a proxy that the
// account names is the device's already.
func (a *DMAccount) Document() (*Document, error) {
	c := Characteristic{Type: TypeAPPLICATION, Parms: []Parm{
		Set("APPID", AppDM), Set("PROVIDER-ID", a.ServerID), Set("NAME", a.Name), Set("TO-NAPID", orInternet(a.NAPID)),
	}}
	c.setIfAny("TO-PROXY", a.ProxyID)
	if a.Init {
		c.Parms = append(c.Parms, Flag("INIT"))
	}
	addr := Characteristic{Type: TypeAPPADDR, Parms: []Parm{Set("ADDR", a.URL)}}
	if a.Port != 0 {
		addr.Characteristics = []Characteristic{port(a.Port, "")}
	}
	server := a.Server
	if server.Name == "" {
		server.Name = a.ServerID
	}
	// The level says who checks the credentials: those of the client are the
	// application server's.
	c.Characteristics = []Characteristic{addr, a.Client.level("APPSRV"), server.level("CLIENT")}
	if err := a.complete(); err != nil {
		return nil, err
	}
	return added(c)
}

// complete checks what the grammar leaves open and no session can do without.
func (a *DMAccount) complete() error {
	for _, need := range [...]struct{ element, value string }{
		{"APPLICATION[1]/PROVIDER-ID", a.ServerID},
		{"APPLICATION[1]/APPADDR[1]/ADDR", a.URL},
		{"APPLICATION[1]/APPAUTH[1]/AAUTHNAME", a.Client.Name},
		{"APPLICATION[1]/APPAUTH[1]/AAUTHSECRET", string(a.Client.Secret)},
		{"APPLICATION[1]/APPAUTH[2]/AAUTHSECRET", string(a.Server.Secret)},
	} {
		if need.value == "" {
			return &InvalidError{need.element, "missing"}
		}
	}
	return nil
}

func (k *DMCredentials) level(level string) Characteristic {
	typ := k.Type
	if typ == "" {
		typ = "DIGEST"
	}
	c := Characteristic{Type: TypeAPPAUTH, Parms: []Parm{
		Set("AAUTHLEVEL", level), Set("AAUTHTYPE", typ), Set("AAUTHNAME", k.Name), Set("AAUTHSECRET", string(k.Secret)),
	}}
	c.setIfAny("AAUTHDATA", encoding.StdEncoding.EncodeToString([]byte(k.Nonce)))
	return c
}
