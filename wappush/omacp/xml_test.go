package omacp_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/otagate/otagate/wappush/omacp"
)

const apnXML = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE wap-provisioningdoc PUBLIC "-//WAPFORUM//DTD PROV 1.0//EN" "http://www.wapforum.org/DTD/prov.dtd">
<wap-provisioningdoc version="1.0">
  <characteristic type="NAPDEF">
    <parm name="NAPID" value="N1"/>
    <parm name="NAME" value="Acme Net"/>
    <parm name="BEARER" value="GSM-GPRS"/>
    <parm name="NAP-ADDRESS" value="internet.acme"/>
    <parm name="NAP-ADDRTYPE" value="APN"/>
    <parm name="INTERNET"/>
    <characteristic type="NAPAUTHINFO">
      <parm name="AUTHTYPE" value="PAP"/>
      <parm name="AUTHNAME" value="u"/>
      <parm name="AUTHSECRET" value="p"/>
    </characteristic>
  </characteristic>
  <characteristic type="APPLICATION">
    <parm name="APPID" value="w2"/>
    <parm name="NAME" value="Acme Web"/>
    <parm name="TO-NAPID" value="N1"/>
    <characteristic type="RESOURCE">
      <parm name="URI" value="http://m.acme.example/"/>
      <parm name="NAME" value="Home"/>
      <parm name="STARTPAGE"/>
    </characteristic>
  </characteristic>
</wap-provisioningdoc>
`

// TestXML: the XML and the WBXML of one document, each from elsewhere.
func TestXML(t *testing.T) {
	d, err := omacp.ParseXML([]byte(apnXML))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := d.Append(nil); err != nil || !bytes.Equal(got, body(t, "apn")) {
		t.Errorf("WBXML: %x (%v)", got, err)
	}
	got, err := d.AppendXML([]byte("before"))
	if diff := cmp.Diff("before"+apnXML, string(got)); err != nil || diff != "" {
		t.Errorf("XML: %v\n%s", err, diff)
	}
	bare := strings.NewReplacer("\n", "", "  ", "").Replace(apnXML[strings.Index(apnXML, "<wap"):])
	if again, err := omacp.ParseXML([]byte(bare)); err != nil {
		t.Error(err)
	} else if diff := cmp.Diff(d, again); diff != "" {
		t.Errorf("without white space and document type:\n%s", diff)
	}
}

func TestXMLEscapes(t *testing.T) {
	d := parse(t, `<characteristic type="VENDORCONFIG"><parm name="NAME" value="a&amp;b &lt;c&gt; &quot;d&#10;é"/></characteristic>`)
	if got, want := d.Characteristics[0].Value("NAME"), "a&b <c> \"d\né"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	x, err := d.AppendXML(nil)
	if err != nil || !strings.Contains(string(x), `value="a&amp;b &lt;c&gt; &quot;d&#10;é"`) {
		t.Errorf("%v\n%s", err, x)
	}
}

func TestParseXMLRefuses(t *testing.T) {
	const doc, end = "<wap-provisioningdoc>", "</wap-provisioningdoc>"
	for text, want := range map[string]string{
		"":      "",
		"<si/>": "want <wap-provisioningdoc>",
		`<!DOCTYPE si PUBLIC "-//WAPFORUM//DTD SI 1.0//EN" "x">` + doc + end:                                  "DOCTYPE",
		`<!DOCTYPE wap-provisioningdoc [<!ENTITY e "x">]>` + doc + end:                                        "entity",
		doc + `<characteristic type="NAPDEF"><parm name="NAME" value="&e;"/></characteristic>` + end:          "",
		doc + "<parm name='NAME'/>" + end:                                                                     "want <characteristic>",
		doc + "<characteristic/>" + end:                                                                       "type",
		doc + "<characteristic type='X' name='Y'/>" + end:                                                     "unknown attribute name",
		doc + "<characteristic type='X'><parm value='1'/></characteristic>" + end:                             "name",
		doc + "<characteristic type='X'><parm name='A' name='B'/></characteristic>" + end:                     "",
		doc + "<characteristic type='X'><parm name='A' valeu='B'/></characteristic>" + end:                    "unknown attribute valeu",
		doc + "<characteristic type='X'><parm name='A'>b</parm></characteristic>" + end:                       "text",
		doc + "<characteristic type='X'><parm name='A'><parm name='B'/></parm></characteristic>" + end:        "nothing inside",
		doc + "<characteristic type='X'>b</characteristic>" + end:                                             "text",
		doc + "<characteristic type='X'><nocharacteristic type='Y'/></characteristic>" + end:                  "want <parm>",
		"<wap-provisioningdoc Version='1.0'/>":                                                                "unknown attribute Version",
		doc + strings.Repeat("<characteristic type='X'>", 40) + strings.Repeat("</characteristic>", 40) + end: "",
	} {
		d, err := omacp.ParseXML([]byte(text))
		if err == nil || d != nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.80s: want an error with %q, got %v", text, want, err)
		}
	}
}

// TestParseXMLHides: an ampersand that nobody escaped does not tell the password
// that it stands in.
func TestParseXMLHides(t *testing.T) {
	for _, value := range []string{`p&hush`, `p&hush;`, `p&#xhush;`, `p"hush`, `p<hush`, "p\x01hush"} {
		_, err := omacp.ParseXML([]byte(`<wap-provisioningdoc><characteristic type="APPAUTH">` +
			`<parm name="AAUTHSECRET" value="` + value + `"/></characteristic></wap-provisioningdoc>`))
		if err == nil || strings.Contains(err.Error(), "hush") {
			t.Errorf("%q: %v", value, err)
		}
	}
}

func TestAppendXMLRefuses(t *testing.T) {
	d := omacp.Document{Characteristics: []omacp.Characteristic{{Type: "X", Parms: []omacp.Parm{omacp.Set("A", "\x01")}}}}
	if got, err := d.AppendXML([]byte("before")); err == nil || string(got) != "before" {
		t.Errorf("%q, %v", got, err)
	}
}

func FuzzParseXML(f *testing.F) {
	f.Add([]byte(apnXML))
	f.Add([]byte("<wap-provisioningdoc><characteristic type='X'><parm name='A' value=''/></characteristic></wap-provisioningdoc>"))
	f.Fuzz(func(t *testing.T, b []byte) {
		d, err := omacp.ParseXML(b)
		if err != nil {
			return
		}
		x, err := d.AppendXML(nil)
		if err != nil {
			t.Fatalf("%q: %v", b, err)
		}
		again, err := omacp.ParseXML(x)
		if err != nil {
			t.Fatalf("%q gave %q: %v", b, x, err)
		}
		if diff := cmp.Diff(d, again); diff != "" {
			t.Fatal(diff)
		}
	})
}
