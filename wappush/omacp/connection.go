package omacp

import "strconv"

// APPIDs of applications that have builders here, as registered at OMNA.
const (
	AppBrowser = "w2"
	AppMMS     = "w4"
	AppDM      = "w7"
)

// Bearers, as NAPDEF names them.
const (
	BearerGPRS             = "GSM-GPRS"
	BearerCDMA2000SimpleIP = "CDMA2000-1X-SIMPLE-IP"
	BearerCDMA2000MobileIP = "CDMA2000-1X-MOBILE-IP"
)

const ipv4 = "IPV4"

// Credentials are what the device says to a network or a server. The zero value
// is that it says nothing.
type Credentials struct {
	Type   string // PAP, CHAP or MD5 of an access point; what the application knows of a server
	Name   string
	Secret Password
}

// Proxy is a proxy with one address and one port.
type Proxy struct {
	ID         string // PROXY-ID, to which applications refer
	Name       string
	StartPage  string
	PhysicalID string // PHYSICAL-PROXY-ID
	Addr       string
	AddrType   string // IPV4 when empty
	Port       uint16 // none when 0
	Service    string // of the port, such as CO-WSP; none when empty
	Auth       Credentials
}

// characteristic is the proxy behind the access point napID.
func (p *Proxy) characteristic(napID string) Characteristic {
	addrType := p.AddrType
	if addrType == "" {
		addrType = ipv4
	}
	physical := Characteristic{Type: TypePXPHYSICAL, Parms: []Parm{
		Set("PHYSICAL-PROXY-ID", p.PhysicalID), Set("PXADDR", p.Addr), Set("PXADDRTYPE", addrType), Set("TO-NAPID", napID),
	}}
	if p.Port != 0 {
		physical.Characteristics = []Characteristic{port(p.Port, p.Service)}
	}
	c := Characteristic{Type: TypePXLOGICAL, Parms: []Parm{Set("PROXY-ID", p.ID)}}
	c.setIfAny("NAME", p.Name)
	c.setIfAny("STARTPAGE", p.StartPage)
	if p.Auth != (Credentials{}) {
		c.Characteristics = append(c.Characteristics, p.Auth.characteristic(TypePXAUTHINFO, "PXAUTH-TYPE", "PXAUTH-ID", "PXAUTH-PW"))
	}
	c.Characteristics = append(c.Characteristics, physical)
	return c
}

// characteristic is the credentials as the parms of the three names.
func (k *Credentials) characteristic(typ, typeName, nameName, secretName string) Characteristic {
	c := Characteristic{Type: typ}
	c.setIfAny(typeName, k.Type)
	c.setIfAny(nameName, k.Name)
	c.setIfAny(secretName, string(k.Secret))
	return c
}

func (k *Credentials) nap() Characteristic {
	return k.characteristic(TypeNAPAUTHINFO, "AUTHTYPE", "AUTHNAME", "AUTHSECRET")
}

func (k *Credentials) application() Characteristic {
	return k.characteristic(TypeAPPAUTH, "AAUTHTYPE", "AAUTHNAME", "AAUTHSECRET")
}

func port(number uint16, service string) Characteristic {
	c := Characteristic{Type: TypePORT, Parms: []Parm{Set("PORTNBR", strconv.Itoa(int(number)))}}
	c.setIfAny("SERVICE", service)
	return c
}

func (c *Characteristic) setIfAny(name, value string) {
	if value != "" {
		c.Parms = append(c.Parms, Set(name, value))
	}
}

func orInternet(napID string) string {
	if napID == "" {
		return internet
	}
	return napID
}

// checked is the document of a builder, which no device gets before it is valid.
func checked(cs ...Characteristic) (*Document, error) {
	return valid(Rules{Names: NonTabledNames()}, cs)
}

// added is checked for an application alone, whose way out the device has.
func added(cs ...Characteristic) (*Document, error) {
	return valid(Rules{Names: NonTabledNames(), OnDevice: true}, cs)
}

func valid(r Rules, cs []Characteristic) (*Document, error) {
	d := &Document{Version: "1.0", Characteristics: cs}
	if err := d.Validate(r); err != nil {
		return nil, err
	}
	return d, nil
}
