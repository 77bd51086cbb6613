package omacp

// Types of characteristics.
const (
	TypePXLOGICAL      = "PXLOGICAL"
	TypePXAUTHINFO     = "PXAUTHINFO"
	TypePXPHYSICAL     = "PXPHYSICAL"
	TypePORT           = "PORT"
	TypeNAPDEF         = "NAPDEF"
	TypeNAPAUTHINFO    = "NAPAUTHINFO"
	TypeVALIDITY       = "VALIDITY"
	TypeBOOTSTRAP      = "BOOTSTRAP"
	TypeCLIENTIDENTITY = "CLIENTIDENTITY"
	TypeVENDORCONFIG   = "VENDORCONFIG"
	TypeAPPLICATION    = "APPLICATION"
	TypeAPPADDR        = "APPADDR"
	TypeAPPAUTH        = "APPAUTH"
	TypeRESOURCE       = "RESOURCE"
	TypeACCESS         = "ACCESS"
)

// characteristicRule is one line of the grammar: what a characteristic of one
// type may have inside.
type characteristicRule struct {
	typ      string
	parms    []parmRule
	children []string
	once     bool // below its parent
	vendor   bool // parms that are not listed are the vendor's own
}

// parmRule is one parm of a characteristic.
type parmRule struct {
	name     string
	occurs   occurrence
	form     form
	one      []string // of form oneOf, and of service the words outside of an application
	uniqueIn string   // the whole document may have each value once
}

// occurrence is how often a parm may be there.
type occurrence uint8

const (
	optional occurrence = iota
	required
	repeated
	oneOrMore
)

func (o occurrence) needed() bool { return o == required || o == oneOrMore }
func (o occurrence) many() bool   { return o == repeated || o == oneOrMore }

// form is what a value has to look like.
type form uint8

const (
	text     form = iota
	flag          // no value at all
	boolean       // 0 or 1
	portNbr       // 1 to 65535
	hex8          // eight hexadecimal digits
	base64        // of any length
	oneOf         // of the words of the rule
	napRef        // a NAPID, or INTERNET
	proxyRef      // a PROXY-ID
	service       // a service of a proxy, or of an application any
)

// internet is the TO-NAPID that means any access point with the parm INTERNET.
const internet = "INTERNET"

func rootTypes() []string {
	return []string{
		TypePXLOGICAL, TypeNAPDEF, TypeBOOTSTRAP, TypeCLIENTIDENTITY, TypeVENDORCONFIG, TypeAPPLICATION, TypeACCESS,
	}
}

// grammar is the table of ProvCont 1.1. How often a parm may be there is, where
// it is neither "required" nor "repeated" in two public sources, recollection;
// of ACCESS, whose rules are lists, it is lenient for that reason.
var grammar = [...]characteristicRule{
	{typ: TypePXLOGICAL, parms: []parmRule{
		{name: "PROXY-ID", occurs: required, uniqueIn: "PROXY-ID"},
		{name: "NAME"}, {name: "PROXY-PROVIDER-ID"}, {name: "PROXY-PW"}, {name: "PPGAUTH-TYPE"},
		{name: "MASTER", form: flag}, {name: "STARTPAGE"}, {name: "BASAUTH-ID"}, {name: "BASAUTH-PW"}, {name: "WSP-VERSION"},
		{name: "PUSHENABLED", form: boolean}, {name: "PULLENABLED", form: boolean},
		{name: "DOMAIN", occurs: repeated}, {name: "TRUST", form: flag},
	}, children: []string{TypePXAUTHINFO, TypePORT, TypePXPHYSICAL}},
	{typ: TypePXAUTHINFO, parms: []parmRule{
		{name: "PXAUTH-TYPE", occurs: required, form: oneOf, one: []string{"HTTP-BASIC", "HTTP-DIGEST", "WTLS-SS"}},
		{name: "PXAUTH-ID"}, {name: "PXAUTH-PW"},
	}},
	{typ: TypePXPHYSICAL, parms: []parmRule{
		{name: "PHYSICAL-PROXY-ID", occurs: required}, {name: "PXADDR", occurs: required},
		{name: "PXADDRTYPE", form: oneOf, one: []string{"IPV4", "IPV6", "E164", "ALPHA"}}, {name: "PXADDR-FQDN"},
		{name: "TO-NAPID", occurs: oneOrMore, form: napRef}, {name: "DOMAIN", occurs: repeated}, {name: "WSP-VERSION"},
		{name: "PUSHENABLED", form: boolean}, {name: "PULLENABLED", form: boolean},
	}, children: []string{TypePORT}},
	{typ: TypePORT, parms: []parmRule{
		{name: "PORTNBR", occurs: required, form: portNbr},
		{name: "SERVICE", occurs: repeated, form: service, one: []string{
			"CL-WSP", "CO-WSP", "CL-SEC-WSP", "CO-SEC-WSP", "CO-SEC-WTA", "CL-SEC-WTA",
			"OTA-HTTP-TO", "OTA-HTTP-TLS-TO", "OTA-HTTP-PO", "OTA-HTTP-TLS-PO",
		}},
	}},
	{typ: TypeNAPDEF, parms: []parmRule{
		{name: "NAPID", occurs: required, uniqueIn: "NAPID"}, {name: "NAME", occurs: required},
		{name: "BEARER", occurs: repeated}, {name: "NAP-ADDRESS", occurs: required}, {name: "NAP-ADDRTYPE"},
		{name: "INTERNET", form: flag}, {name: "CALLTYPE"}, {name: "LOCAL-ADDR"}, {name: "LOCAL-ADDRTYPE"},
		{name: "LINKSPEED"}, {name: "DNLINKSPEED"}, {name: "LINGER"}, {name: "DNS-ADDR", occurs: repeated},
		{name: "DELIVERY-ERR-SDU"}, {name: "DELIVERY-ORDER"}, {name: "TRAFFIC-CLASS"}, {name: "MAX-SDU-SIZE"},
		{name: "MAX-BITRATE-UPLINK"}, {name: "MAX-BITRATE-DNLINK"}, {name: "RESIDUAL-BER"}, {name: "SDU-ERROR-RATIO"},
		{name: "TRAFFIC-HANDL-PRIO"}, {name: "TRANSFER-DELAY"}, {name: "GUARANTEED-BITRATE-UPLINK"}, {name: "GUARANTEED-BITRATE-DNLINK"},
		{name: "MAX-NUM-RETRY"}, {name: "FIRST-RETRY-TIMEOUT"}, {name: "REREG-THRESHOLD"}, {name: "T-BIT", form: flag},
	}, children: []string{TypeNAPAUTHINFO, TypeVALIDITY}},
	{typ: TypeNAPAUTHINFO, parms: []parmRule{
		{name: "AUTHTYPE", occurs: required, form: oneOf, one: []string{"PAP", "CHAP", "MD5"}},
		{name: "AUTHNAME"}, {name: "AUTHSECRET"}, {name: "AUTH-ENTITY", form: oneOf, one: []string{"AAA", "HA"}},
		{name: "SPI", form: hex8},
	}},
	{typ: TypeVALIDITY, parms: []parmRule{
		{name: "COUNTRY"}, {name: "NETWORK"}, {name: "SID"}, {name: "SOC"}, {name: "VALIDUNTIL"},
	}},
	{typ: TypeBOOTSTRAP, once: true, parms: []parmRule{
		{name: "NAME"}, {name: "NETWORK", occurs: repeated}, {name: "COUNTRY"}, {name: "PROXY-ID", occurs: repeated},
		{name: "PROVURL"}, {name: "CONTEXT-ALLOW"},
	}},
	{typ: TypeCLIENTIDENTITY, parms: []parmRule{{name: "CLIENT-ID", occurs: required}}},
	{typ: TypeVENDORCONFIG, vendor: true, parms: []parmRule{{name: "NAME", occurs: required}}},
	{typ: TypeAPPLICATION, parms: []parmRule{
		{name: "APPID", occurs: required}, {name: "PROVIDER-ID"}, {name: "NAME"}, {name: "AACCEPT"}, {name: "APROTOCOL"},
		{name: "TO-PROXY", occurs: repeated, form: proxyRef}, {name: "TO-NAPID", occurs: repeated, form: napRef},
		{name: "ADDR", occurs: repeated},
	}, children: []string{TypeAPPADDR, TypeAPPAUTH, TypeRESOURCE}},
	{typ: TypeAPPADDR, parms: []parmRule{{name: "ADDR"}, {name: "ADDRTYPE"}}, children: []string{TypePORT}},
	{typ: TypeAPPAUTH, parms: []parmRule{
		{name: "AAUTHLEVEL", form: oneOf, one: []string{"APPSRV", "OBEX", "CLIENT"}},
		{name: "AAUTHTYPE"}, {name: "AAUTHNAME"}, {name: "AAUTHSECRET"}, {name: "AAUTHDATA", form: base64},
	}},
	{typ: TypeRESOURCE, parms: []parmRule{
		{name: "URI", occurs: required}, {name: "NAME"}, {name: "AACCEPT"}, {name: "AAUTHTYPE"}, {name: "AAUTHNAME"},
		{name: "AAUTHSECRET"}, {name: "AAUTHDATA", form: base64}, {name: "STARTPAGE", form: flag},
	}},
	{typ: TypeACCESS, parms: []parmRule{
		{name: "RULE", occurs: repeated}, {name: "APPID", occurs: repeated}, {name: "PORTNBR", occurs: repeated, form: portNbr},
		{name: "DOMAIN", occurs: repeated}, {name: "TO-NAPID", occurs: repeated, form: napRef},
		{name: "TO-PROXY", occurs: repeated, form: proxyRef},
	}},
}

func ruleOf(typ string) *characteristicRule {
	for i := range grammar {
		if grammar[i].typ == typ {
			return &grammar[i]
		}
	}
	return nil
}

func (r *characteristicRule) parm(name string) *parmRule {
	for i := range r.parms {
		if r.parms[i].name == name {
			return &r.parms[i]
		}
	}
	return nil
}
