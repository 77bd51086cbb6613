package omacp_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/wappush/omacp"
)

func TestDocument(t *testing.T) {
	d := parse(t, nap("BEARER=A", "BEARER=B", "INTERNET")+app(ch("APPAUTH"), ch("APPAUTH", "AAUTHNAME=x"))+nap())
	naps := d.Of("NAPDEF")
	if len(naps) != 2 || len(d.Of("PORT")) != 0 {
		t.Fatalf("%d access points", len(naps))
	}
	c := naps[0]
	if got := c.Values("BEARER"); !slices.Equal(got, []string{"A", "B"}) || c.Value("BEARER") != "A" {
		t.Errorf("bearers %v", got)
	}
	if !c.Has("INTERNET") || c.Has("T-BIT") || c.Value("T-BIT") != "" || c.Values("T-BIT") != nil {
		t.Error("a flag is there that is not, or is not that is")
	}
	if auth := d.Of("APPLICATION")[0].Of("APPAUTH"); len(auth) != 2 || auth[1].Value("AAUTHNAME") != "x" {
		t.Errorf("%d credentials", len(auth))
	}
}

func TestAnomalies(t *testing.T) {
	for _, c := range []struct{ hex, want string }{
		{"C65501 87 FF", ""}, // cut
		{"C65C01 01", "octet 6: unknown attr-5c, octet 5: characteristic passed over"},
		{"C65501 48 870701 01 01", "unknown tag-08"},
		{"C65501 0378797A00 01", "text passed over"},
		{"C65501 0320 0A00 01", "none"},
		{"C65501 8707 4603 00 01 01", `attribute "version" passed over`},
	} {
		var d omacp.Document
		err := d.Decode(unhex(t, "030B6A0045"+c.hex+"01"))
		all := strings.Join(d.Anomalies, ", ")
		switch c.want {
		case "":
			if err == nil {
				t.Errorf("%s: no error", c.hex)
			}
		case "none":
			if err != nil || all != "" {
				t.Errorf("%s: %q, %v", c.hex, all, err)
			}
		default:
			if err != nil || !strings.Contains(all, c.want) {
				t.Errorf("%s: %q, %v; want %q", c.hex, all, err, c.want)
			}
		}
	}
}

// TestTraceConceals: secrets do not show, wherever they stand and however the
// message is broken.
func TestTraceConceals(t *testing.T) {
	const secret = "62757269656e" // burien
	for name, h := range map[string]string{
		"a password":               "030B6A0045 C65A01 870E06 03" + secret + "00 01 01 01",
		"in the string table":      "030B6A07" + secret + "00 45 C65A01 870E06 8300 01 01 01",
		"the name in the table":    "030B6A0C 5345435245540000" + "00000000 45 C65701 87058300 06 03" + secret + "00 01 01 01",
		"a vendor's":               "030B6A0045 C65701 8705 034B455900 06 03" + secret + "00 01 01 01",
		"before its name":          "030B6A0045 C65A01 8706 03" + secret + "00 0E 01 01 01",
		"before its name, cut":     "030B6A0045 C65A01 8706 03" + secret + "00",
		"without a name":           "030B6A0045 C65A01 8706 03" + secret + "00 01 01 01",
		"octets":                   "030B6A0045 C65A01 870E06 C306" + secret + " 01 01 01",
		"a name in pieces":         "030B6A0045 C65A01 8705 0341555448534500 034352455400 06 03" + secret + "00 01 01 01",
		"a name of octets":         "030B6A0045 C65A01 8705 C304574B4559 06 03" + secret + "00 01 01 01",
		"two names":                "030B6A0045 C65A01 87070E06 03" + secret + "00 01 01 01",
		"on page 1, page 0 before": "030B6A0045 C600015701 87320000 06 03" + secret + "00 01 01 01",
	} {
		var tr wire.Trace
		c := wire.NewCursorAt("cp", unhex(t, h), 0, &tr)
		_, err := omacp.Read(&c)
		if text := tr.Text(false); strings.Contains(text, "burien") || strings.Contains(text, secret) {
			t.Errorf("%s (%v):\n%s", name, err, text)
		}
		if text := tr.Text(true); !strings.Contains(text, "burien") && !strings.Contains(text, secret) {
			t.Errorf("%s (%v): not there at all\n%s", name, err, text)
		}
	}
}

func TestGist(t *testing.T) {
	for doc, want := range map[string]string{
		"":                      "provisioning nothing",
		nap() + proxy() + app(): "provisioning NAPDEF N1, PXLOGICAL P1, APPLICATION w2",
		ch("APPLICATION", "APPID=w7", "PROVIDER-ID=dm.example"): "provisioning APPLICATION w7 of dm.example",
		ch("VENDORCONFIG", "NAME=a&#10;b"):                      `provisioning VENDORCONFIG "a\nb"`,
		ch("CLIENTIDENTITY", "CLIENT-ID=123"):                   "provisioning CLIENTIDENTITY",
	} {
		if got := omacp.Gist(parse(t, doc)); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestFromJSONRefuses(t *testing.T) {
	for text, want := range map[string]string{
		`{`:                     "unexpected",
		`{"message":"si"}`:      "wap-provisioningdoc",
		`{"characteristic":[]}`: "unknown field",
		`{"characteristics":[{"type":"X","parms":[{"nmae":"X"}]}]}`: "unknown field",
	} {
		if _, err := omacp.FromJSON([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", text, err)
		}
	}
}
