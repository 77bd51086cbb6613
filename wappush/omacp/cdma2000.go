package omacp

// CDMA2000 is the access point of a CDMA2000 1x network.
type CDMA2000 struct {
	NAPID    string // to which proxies and applications refer
	Name     string
	Address  string // NAP-ADDRESS: of simple IP as the operator has it, of mobile IP the home agent
	AddrType string // IPV4 when empty
	Internet bool   // it is a way to TO-NAPID INTERNET

	// Auth is for simple IP, usually CHAP.
	Auth Credentials
	// MobileIP makes it mobile IP.
	MobileIP *MobileIP
}

// MobileIP is what mobile IP has beside: the keys shared with the home agent and
// the AAA server, each with the number under which they know it. Which parms
// devices want there is not public; these are those of the table.
type MobileIP struct {
	NAI              string // AUTHNAME of both
	HASecret         Password
	HASPI            string // eight hexadecimal digits
	AAASecret        Password
	AAASPI           string
	ReverseTunneling bool // T-BIT
}

func (n *CDMA2000) characteristic() Characteristic {
	addrType, bearer := n.AddrType, BearerCDMA2000SimpleIP
	if addrType == "" {
		addrType = ipv4
	}
	if n.MobileIP != nil {
		bearer = BearerCDMA2000MobileIP
	}
	c := Characteristic{Type: TypeNAPDEF, Parms: []Parm{
		Set("NAPID", n.NAPID), Set("NAME", n.Name), Set("BEARER", bearer),
		Set("NAP-ADDRESS", n.Address), Set("NAP-ADDRTYPE", addrType),
	}}
	if n.Internet {
		c.Parms = append(c.Parms, Flag("INTERNET"))
	}
	if n.Auth != (Credentials{}) {
		c.Characteristics = append(c.Characteristics, n.Auth.nap())
	}
	if m := n.MobileIP; m != nil {
		if m.ReverseTunneling {
			c.Parms = append(c.Parms, Flag("T-BIT"))
		}
		c.Characteristics = append(c.Characteristics,
			m.entity("HA", m.HASecret, m.HASPI), m.entity("AAA", m.AAASecret, m.AAASPI))
	}
	return c
}

func (m *MobileIP) entity(who string, secret Password, spi string) Characteristic {
	k := Credentials{Type: "MD5", Name: m.NAI, Secret: secret}
	c := k.nap()
	c.Parms = append(c.Parms, Set("AUTH-ENTITY", who))
	c.setIfAny("SPI", spi)
	return c
}
