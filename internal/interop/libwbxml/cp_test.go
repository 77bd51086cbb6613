//go:build interop

package libwbxml_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/otagate/otagate/wappush/omacp"
)

// TestCP has libwbxml read settings documents that we wrote, as WBXML of either
// habit of code pages, and has us read what it wrote of our XML, with a string
// table and without. The octets are not compared: libwbxml goes back to page 0
// wherever it can, and writes words inside of values as tokens.
func TestCP(t *testing.T) {
	r := rand.New(rand.NewPCG(uint64(*seed), 0))
	dir := t.TempDir()
	failed := 0
	for i := range *documents {
		d := cpDocument(r)
		if faults := cpFaults(t, dir, d); len(faults) > 0 {
			if failed++; failed <= *show {
				t.Errorf("document %d\n%s", i, strings.Join(faults, "\n"))
			}
		}
	}
	result = append(result, row{"Client Provisioning", "both readings, of two ways to write each", *documents, *documents - failed, 0, failed})
}

// cpFaults is all that differs of one document.
func cpFaults(t *testing.T, dir string, d *omacp.Document) (faults []string) {
	t.Helper()
	hold := func(what string, got *omacp.Document, err error) {
		if err != nil {
			faults = append(faults, what+": "+err.Error())
		} else if diff := cmp.Diff(cpLines(t, d), cpLines(t, got)); diff != "" {
			faults = append(faults, what+":\n"+diff)
		}
	}
	for _, conservative := range []bool{false, true} {
		ours, err := d.AppendWith(nil, omacp.Options{Conservative: conservative})
		if err != nil {
			t.Fatal(err)
		}
		got := new(omacp.Document)
		shown, err := convert(t, dir, ours, "wbxml2xml")
		if err == nil {
			got, err = omacp.ParseXML(shown)
		}
		hold(fmt.Sprintf("wbxml2xml of our %x", ours), got, err)
	}
	text, err := d.AppendXML(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, flags := range [][]string{{"-v", "1.3"}, {"-v", "1.3", "-n"}} {
		got := new(omacp.Document)
		theirs, err := convert(t, dir, text, "xml2wbxml", flags...)
		if err == nil {
			err = got.Decode(theirs)
		}
		hold(fmt.Sprintf("our decoder of xml2wbxml's %x", theirs), got, err)
	}
	return faults
}

// cpLines is a document as XML. libwbxml writes TETRA-SDS and TETRA-PACKET with
// an R too much.
func cpLines(t *testing.T, d *omacp.Document) []string {
	t.Helper()
	x, err := d.AppendXML(nil)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.ReplaceAll(string(x), "TRETRA-", "TETRA-"), "\n")
}

// cpDocument is any document, of the words of the tables and of others.
func cpDocument(r *rand.Rand) *omacp.Document {
	d := &omacp.Document{Version: cpPick(r, "", "1.0", "1.1")}
	for range 1 + r.IntN(4) {
		d.Characteristics = append(d.Characteristics, cpCharacteristic(r, 2))
	}
	return d
}

func cpCharacteristic(r *rand.Rand, depth int) omacp.Characteristic {
	c := omacp.Characteristic{Type: cpPick(r, strings.Fields(cpTypes)...)}
	for range r.IntN(7) {
		p := omacp.Parm{Name: cpPick(r, strings.Fields(cpNames)...), NoValue: r.IntN(5) == 0}
		if !p.NoValue {
			p.Value = cpValue(r)
		}
		c.Parms = append(c.Parms, p)
	}
	for depth > 0 && r.IntN(2) == 0 {
		c.Characteristics = append(c.Characteristics, cpCharacteristic(r, depth-1))
	}
	return c
}

const (
	cpTypes = "PXLOGICAL PXPHYSICAL PORT VALIDITY NAPDEF BOOTSTRAP VENDORCONFIG CLIENTIDENTITY PXAUTHINFO NAPAUTHINFO ACCESS APPLICATION APPADDR APPAUTH RESOURCE"
	cpNames = "NAME NAP-ADDRESS NAP-ADDRTYPE CALLTYPE VALIDUNTIL AUTHTYPE AUTHNAME AUTHSECRET LINGER BEARER NAPID COUNTRY NETWORK INTERNET " +
		"PROXY-ID PROXY-PROVIDER-ID DOMAIN PROVURL PXAUTH-TYPE PXAUTH-ID PXAUTH-PW STARTPAGE BASAUTH-ID BASAUTH-PW PUSHENABLED PXADDR " +
		"PXADDRTYPE TO-NAPID PORTNBR SERVICE LINKSPEED DNLINKSPEED LOCAL-ADDR LOCAL-ADDRTYPE CONTEXT-ALLOW TRUST MASTER SID SOC WSP-VERSION " +
		"PHYSICAL-PROXY-ID CLIENT-ID DELIVERY-ERR-SDU DELIVERY-ORDER TRAFFIC-CLASS MAX-SDU-SIZE MAX-BITRATE-UPLINK MAX-BITRATE-DNLINK " +
		"RESIDUAL-BER SDU-ERROR-RATIO TRAFFIC-HANDL-PRIO TRANSFER-DELAY GUARANTEED-BITRATE-UPLINK GUARANTEED-BITRATE-DNLINK PXADDR-FQDN " +
		"PROXY-PW PPGAUTH-TYPE PULLENABLED DNS-ADDR MAX-NUM-RETRY FIRST-RETRY-TIMEOUT REREG-THRESHOLD T-BIT AUTH-ENTITY SPI " +
		"AACCEPT AAUTHDATA AAUTHLEVEL AAUTHNAME AAUTHSECRET AAUTHTYPE ADDR ADDRTYPE APPID APROTOCOL PROVIDER-ID TO-PROXY URI RULE " +
		"INIT FROM RT-ADDR BREW-URL ROLE"
	cpWords = "IPV4 IPV6 E164 ALPHA APN SCODE TETRA-ITSI MAN ANALOG-MODEM V.120 V.110 X.31 BIT-TRANSPARENT DIRECT-ASYNCHRONOUS-DATA-SERVICE " +
		"PAP CHAP HTTP-BASIC HTTP-DIGEST WTLS-SS MD5 GSM-USSD GSM-SMS ANSI-136-GUTS IS-95-CDMA-SMS IS-95-CDMA-CSD IS-95-CDMA-PACKET " +
		"ANSI-136-CSD ANSI-136-GPRS GSM-CSD GSM-GPRS AMPS-CDPD PDC-CSD PDC-PACKET IDEN-SMS IDEN-CSD IDEN-PACKET FLEX/REFLEX PHS-SMS PHS-CSD " +
		"TETRA-SDS TETRA-PACKET ANSI-136-GHOST MOBITEX-MPAK CDMA2000-1X-SIMPLE-IP CDMA2000-1X-MOBILE-IP AUTOBAUDING CL-WSP CO-WSP CL-SEC-WSP " +
		"CO-SEC-WSP CL-SEC-WTA CO-SEC-WTA OTA-HTTP-TO OTA-HTTP-TLS-TO OTA-HTTP-PO OTA-HTTP-TLS-PO AAA HA APPSRV OBEX CLIENT BASIC DIGEST HMAC " +
		"1 8080 INTERNET w2 http://a.example/?x=1&y=2 <b> 'q' \"q\" ünïcode"
)

func cpValue(r *rand.Rand) string {
	s := cpPick(r, strings.Fields(cpWords)...)
	if r.IntN(3) == 0 {
		s += cpPick(r, " ", ",", "/", "") + cpPick(r, strings.Fields(cpWords)...)
	}
	return s
}

func cpPick(r *rand.Rand, words ...string) string { return words[r.IntN(len(words))] }
