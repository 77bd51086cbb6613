package omacp_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/otagate/otagate/internal/testvec"
	"github.com/otagate/otagate/wappush/omacp"
)

// parse reads the inside of a document.
func parse(t testing.TB, inside string) *omacp.Document {
	t.Helper()
	d, err := omacp.ParseXML([]byte("<wap-provisioningdoc version='1.1'>" + inside + "</wap-provisioningdoc>"))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// ch writes a characteristic: parms as NAME=value, NAME as a flag, and what is
// inside.
func ch(typ string, inside ...string) string {
	var s strings.Builder
	s.WriteString(`<characteristic type="` + typ + `">`)
	for _, p := range inside {
		if strings.HasPrefix(p, "<") {
			s.WriteString(p)
			continue
		}
		name, value, valued := strings.Cut(p, "=")
		s.WriteString(`<parm name="` + name + `"`)
		if valued {
			s.WriteString(` value="` + value + `"`)
		}
		s.WriteString("/>")
	}
	return s.String() + "</characteristic>"
}

func nap(more ...string) string {
	return ch("NAPDEF", append([]string{"NAPID=N1", "NAME=n", "NAP-ADDRESS=a"}, more...)...)
}

func physical(more ...string) string {
	return ch("PXPHYSICAL", append([]string{"PHYSICAL-PROXY-ID=A", "PXADDR=192.0.2.1", "TO-NAPID=INTERNET"}, more...)...)
}

func proxy(more ...string) string {
	return ch("PXLOGICAL", append([]string{"PROXY-ID=P1"}, more...)...)
}

func app(more ...string) string { return ch("APPLICATION", append([]string{"APPID=w2"}, more...)...) }

func TestValidateRefuses(t *testing.T) {
	long := strings.Repeat("x", omacp.DefaultMaxValue+1)
	for _, c := range []struct{ doc, element, reason string }{
		// What belongs where.
		{ch("FOO"), "FOO[1]", "no characteristic"},
		{ch("napdef"), "napdef[1]", "no characteristic"},
		{ch("PORT", "PORTNBR=80"), "PORT[1]", "does not belong"},
		{nap(proxy()), "NAPDEF[1]/PXLOGICAL[1]", "does not belong"},
		{app(ch("RESOURCE", "URI=u"), ch("RESOURCE", "URI=u", ch("PORT", "PORTNBR=1"))), "APPLICATION[1]/RESOURCE[2]/PORT[1]", "does not belong"},
		{ch("BOOTSTRAP") + nap() + ch("BOOTSTRAP"), "BOOTSTRAP[2]", "once"},
		{ch("VENDORCONFIG", "NAME=x", ch("VENDORCONFIG", "NAME=y")), "VENDORCONFIG[1]/VENDORCONFIG[1]", "does not belong"},

		// Parms: known, there, and how often.
		{nap("FOO=1"), "NAPDEF[1]/FOO", "no parm"},
		{app("INIT"), "APPLICATION[1]/INIT", "no parm"},
		{nap("napid=1"), "NAPDEF[1]/napid", "no parm"},
		{ch("NAPDEF", "NAPID=N1", "NAP-ADDRESS=a"), "NAPDEF[1]/NAME", "missing"},
		{ch("NAPDEF", "NAPID=N1", "NAME=n"), "NAPDEF[1]/NAP-ADDRESS", "missing"},
		{ch("NAPDEF", "NAME=n", "NAP-ADDRESS=a"), "NAPDEF[1]/NAPID", "missing"},
		{ch("NAPDEF", "NAPID=", "NAME=n", "NAP-ADDRESS=a"), "NAPDEF[1]/NAPID", "empty"},
		{ch("NAPDEF", "NAPID", "NAME=n", "NAP-ADDRESS=a"), "NAPDEF[1]/NAPID", "no value"},
		{nap("NAME=other"), "NAPDEF[1]/NAME[2]", "only one"},
		{nap(ch("NAPAUTHINFO", "AUTHNAME=u")), "NAPDEF[1]/NAPAUTHINFO[1]/AUTHTYPE", "missing"},
		{proxy(ch("PXPHYSICAL", "PHYSICAL-PROXY-ID=A", "PXADDR=x")), "PXLOGICAL[1]/PXPHYSICAL[1]/TO-NAPID", "missing"},
		{proxy(ch("PXAUTHINFO")), "PXLOGICAL[1]/PXAUTHINFO[1]/PXAUTH-TYPE", "missing"},
		{proxy(ch("PORT")), "PXLOGICAL[1]/PORT[1]/PORTNBR", "missing"},
		{ch("PXLOGICAL"), "PXLOGICAL[1]/PROXY-ID", "missing"},
		{ch("APPLICATION"), "APPLICATION[1]/APPID", "missing"},
		{app(ch("RESOURCE")), "APPLICATION[1]/RESOURCE[1]/URI", "missing"},
		{ch("CLIENTIDENTITY"), "CLIENTIDENTITY[1]/CLIENT-ID", "missing"},
		{ch("VENDORCONFIG", "X=1"), "VENDORCONFIG[1]/NAME", "missing"},

		// Forms of values.
		{nap("INTERNET=1"), "NAPDEF[1]/INTERNET", "flag"},
		{nap("INTERNET="), "NAPDEF[1]/INTERNET", "flag"},
		{nap("T-BIT=1"), "NAPDEF[1]/T-BIT", "flag"},
		{nap("BEARER=GSM-GPRS", "BEARER"), "NAPDEF[1]/BEARER[2]", "no value"},
		{proxy("MASTER=1"), "PXLOGICAL[1]/MASTER", "flag"},
		{proxy("TRUST=1"), "PXLOGICAL[1]/TRUST", "flag"},
		{app(ch("RESOURCE", "URI=u", "STARTPAGE=1")), "APPLICATION[1]/RESOURCE[1]/STARTPAGE", "flag"},
		{proxy("STARTPAGE"), "PXLOGICAL[1]/STARTPAGE", "no value"},
		{proxy("PUSHENABLED=yes"), "PXLOGICAL[1]/PUSHENABLED", "0 nor 1"},
		{proxy(physical("PULLENABLED=2")), "PXLOGICAL[1]/PXPHYSICAL[1]/PULLENABLED", "0 nor 1"},
		{proxy(ch("PORT", "PORTNBR=0")), "PXLOGICAL[1]/PORT[1]/PORTNBR", "port number"},
		{proxy(ch("PORT", "PORTNBR=65536")), "PXLOGICAL[1]/PORT[1]/PORTNBR", "port number"},
		{proxy(ch("PORT", "PORTNBR=+80")), "PXLOGICAL[1]/PORT[1]/PORTNBR", "port number"},
		{proxy(ch("PORT", "PORTNBR=http")), "PXLOGICAL[1]/PORT[1]/PORTNBR", "port number"},
		{proxy(ch("PORT", "PORTNBR=80", "SERVICE=25")), "PXLOGICAL[1]/PORT[1]/SERVICE", "none of"},
		{nap(ch("NAPAUTHINFO", "AUTHTYPE=MD5", "SPI=123")), "NAPDEF[1]/NAPAUTHINFO[1]/SPI", "eight"},
		{nap(ch("NAPAUTHINFO", "AUTHTYPE=MD5", "SPI=1234567g")), "NAPDEF[1]/NAPAUTHINFO[1]/SPI", "eight"},
		{nap(ch("NAPAUTHINFO", "AUTHTYPE=DIGEST")), "NAPDEF[1]/NAPAUTHINFO[1]/AUTHTYPE", "none of"},
		{nap(ch("NAPAUTHINFO", "AUTHTYPE=PAP", "AUTH-ENTITY=ME")), "NAPDEF[1]/NAPAUTHINFO[1]/AUTH-ENTITY", "none of"},
		{proxy(physical("PXADDRTYPE=APN")), "PXLOGICAL[1]/PXPHYSICAL[1]/PXADDRTYPE", "none of"},
		{proxy(ch("PXAUTHINFO", "PXAUTH-TYPE=PAP")), "PXLOGICAL[1]/PXAUTHINFO[1]/PXAUTH-TYPE", "none of"},
		{app(ch("APPAUTH", "AAUTHLEVEL=SRVCRED")), "APPLICATION[1]/APPAUTH[1]/AAUTHLEVEL", "none of"},
		{app(ch("APPAUTH", "AAUTHDATA=?")), "APPLICATION[1]/APPAUTH[1]/AAUTHDATA", "base64"},
		{nap("DNS-ADDR=" + long), "NAPDEF[1]/DNS-ADDR", "at most"},

		// References.
		{app("TO-NAPID=N1"), "APPLICATION[1]/TO-NAPID", "NAPID"},
		{nap() + app("TO-NAPID=n1"), "APPLICATION[1]/TO-NAPID", "NAPID"},
		{nap() + app("TO-NAPID=N1", "TO-NAPID=N2"), "APPLICATION[1]/TO-NAPID[2]", "NAPID"},
		{proxy() + app() + app("TO-PROXY=P2"), "APPLICATION[2]/TO-PROXY", "PROXY-ID"},
		{nap() + nap(), "NAPDEF[1]/NAPID", "twice"},
		{proxy() + proxy(), "PXLOGICAL[1]/PROXY-ID", "twice"},
		{ch("ACCESS", "TO-PROXY=P1"), "ACCESS[1]/TO-PROXY", "PROXY-ID"},

		// Names of vendors.
		{ch("VENDORCONFIG", "NAME=x", "=1"), `VENDORCONFIG[1]/""`, "name"},
		{ch("VENDORCONFIG", "NAME=x", strings.Repeat("N", 65)+"=1"), `VENDORCONFIG[1]/"` + strings.Repeat("N", 65) + `"`, "name of 65"},
		{ch("VENDORCONFIG", "NAME=x", "X="+long), "VENDORCONFIG[1]/X", "at most"},
	} {
		err := parse(t, c.doc).Validate(omacp.Rules{})
		invalid(t, c.doc, err, c.element)
		if err != nil && !strings.Contains(err.Error(), c.reason) {
			t.Errorf("%s: %v, want something about %q", c.doc, err, c.reason)
		}
	}
}

// TestValidateCharacters is what XML cannot have.
func TestValidateCharacters(t *testing.T) {
	for _, s := range []string{"a\x00b", "\x01", "a\xff", "\ufffe"} {
		d := parse(t, nap())
		c := &d.Characteristics[0]
		c.Parms = append(c.Parms, omacp.Set("DNS-ADDR", s))
		invalid(t, s, d.Validate(omacp.Rules{}), "NAPDEF[1]/DNS-ADDR")
		d = parse(t, ch("VENDORCONFIG", "NAME=x"))
		d.Characteristics[0].Parms = append(d.Characteristics[0].Parms, omacp.Flag(s))
		if err := d.Validate(omacp.Rules{}); err == nil || !utf8.ValidString(err.Error()) || strings.ContainsAny(err.Error(), "\x00\x01") {
			t.Errorf("the name %q: %v", s, err)
		}
	}
	d := parse(t, nap())
	d.Characteristics[0].Parms[2] = omacp.Parm{Name: "NAP-ADDRESS", Value: "x", NoValue: true}
	invalid(t, "a value without a value", d.Validate(omacp.Rules{}), "NAPDEF[1]/NAP-ADDRESS")
	d = parse(t, "")
	d.Version = "1.2"
	invalid(t, "version", d.Validate(omacp.Rules{}), "wap-provisioningdoc/version")
}

// TestSecretIsNotInReason: an error goes into logs.
func TestSecretIsNotInReason(t *testing.T) {
	for _, doc := range []string{
		app(ch("APPAUTH", "AAUTHDATA=geheim?")),
		nap(ch("NAPAUTHINFO", "AUTHTYPE=PAP", "AUTHSECRET=geheim", "AUTHSECRET=geheim")),
		proxy("PROXY-PW=geheim" + strings.Repeat("x", omacp.DefaultMaxValue)),
	} {
		if err := parse(t, doc).Validate(omacp.Rules{}); err == nil || strings.Contains(err.Error(), "geheim") {
			t.Errorf("%v", err)
		}
	}
}

func TestValidateTakes(t *testing.T) {
	some := omacp.Rules{Names: append(omacp.NonTabledNames(), "ROLE")}
	for _, c := range []struct {
		doc   string
		rules omacp.Rules
	}{
		{"", omacp.Rules{}},
		{nap("INTERNET") + app("TO-NAPID=INTERNET"), omacp.Rules{Internet: true}},
		{app("TO-NAPID=INTERNET"), omacp.Rules{}},
		{app("TO-NAPID=N9", "TO-PROXY=P9"), omacp.Rules{OnDevice: true}},
		{app("INIT", "ROLE=4", "FROM=x", ch("RESOURCE", "URI=u", "STARTPAGE", "INIT")), some},
		{ch("VENDORCONFIG", "NAME=x", "ANY", "THING=1", "THING=2"), omacp.Rules{}},
		{app(ch("APPADDR", "ADDR=a", ch("PORT", "PORTNBR=65535", "SERVICE=25", "SERVICE=CO-WSP"))), omacp.Rules{}},
		{proxy(physical("TO-NAPID=INTERNET", "PXADDRTYPE=IPV6", ch("PORT", "PORTNBR=1", "SERVICE=CL-WSP"))), omacp.Rules{}},
		{nap("BEARER=A", "BEARER=B", "DNS-ADDR="+strings.Repeat("x", 600)), omacp.Rules{MaxValue: 600}},
		{ch("ACCESS", "APPID=w2", "APPID=w4", "TO-NAPID=INTERNET"), omacp.Rules{}},
		{ch("BOOTSTRAP", "NAME=x", "PROXY-ID=elsewhere") + ch("CLIENTIDENTITY", "CLIENT-ID=1"), omacp.Rules{}},
	} {
		if err := parse(t, c.doc).Validate(c.rules); err != nil {
			t.Errorf("%s: %v", c.doc, err)
		}
	}
	invalid(t, "INTERNET wanted", parse(t, nap()+app("TO-NAPID=INTERNET")).Validate(omacp.Rules{Internet: true}), "APPLICATION[1]/TO-NAPID")
}

// TestValidateVectors: what others sent is valid, but for one thing which is
// wrong in it indeed.
func TestValidateVectors(t *testing.T) {
	wrong := map[string]string{
		"operators/2": "APPLICATION[1]/TO-PROXY", // v_P, while the proxy is V_P
		// Made to be read, not to be sent: without the parms that are required.
		"later/1": "NAPDEF[1]/NAME", "later/2": "NAPDEF[1]/NAPID", "later/3": "NAPDEF[1]/NAME",
	}
	vs, err := testvec.LoadProto(vectors, proto)
	if err != nil {
		t.Fatal(err)
	}
	for i := range vs {
		v := &vs[i]
		if v.Fault != "" {
			continue
		}
		var d omacp.Document
		if err := d.Decode(v.Octets); err != nil {
			t.Fatal(err)
		}
		err := d.Validate(omacp.Rules{Names: omacp.NonTabledNames()})
		switch element := wrong[v.Name]; {
		case element != "":
			invalid(t, v.Name, err, element)
		case err != nil:
			t.Errorf("%s: %v", v.Name, err)
		}
	}
}
