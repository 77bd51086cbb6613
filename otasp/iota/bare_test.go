package iota_test

import (
	"strings"
	"testing"

	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/otasp/iota"
)

// TestSecrets: neither trace nor gist shows what lets one act for a handset.
func TestSecrets(t *testing.T) {
	b := file(t, "write.xml")
	var tr wire.Trace
	c := wire.NewCursorAt("mmc", b, 0, &tr)
	m, err := iota.Read(&c)
	if err != nil {
		t.Fatal(err)
	}
	text := tr.Text(false) + iota.Gist(m)
	for _, secret := range []string{"prov.acme.example", "hush"} {
		if strings.Contains(text, secret) {
			t.Errorf("%s shows in\n%s", secret, text)
		}
		if !strings.Contains(tr.Text(true), secret) {
			t.Errorf("%s does not show in\n%s", secret, tr.Text(true))
		}
	}
}

func TestGist(t *testing.T) {
	doc := &iota.Document{MMCID: "7"}
	for range 8 {
		doc.Methods = append(doc.Methods, iota.Method{Name: iota.NameCommit})
	}
	for want, m := range map[string]*iota.Bare{
		"MMC document 7: commit, commit, commit, commit, commit, commit and 2 more": {Document: doc},
		"MMC report error": {Report: &iota.Report{Status: iota.StatusError}},
		"MMC report ok 1234: write phone:cdma.is683 ok, read phone:cdma.is683.result ok": {Report: exchangeReport().Report},
	} {
		if got := iota.Gist(m); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// TestJSON: JSON tells all of a document.
func TestJSON(t *testing.T) {
	for _, name := range []string{"open.xml", "exchange.xml", "write.xml", "open-report.xml", "failed-report.xml"} {
		b := file(t, name)
		c := wire.NewCursor("mmc", b)
		m, err := iota.Read(&c)
		if err != nil {
			t.Fatal(err)
		}
		j, err := iota.ToJSON(m)
		if err != nil {
			t.Fatal(err)
		}
		again, err := iota.FromJSON(j)
		if err != nil {
			t.Fatalf("%v in %s", err, j)
		}
		if got, err := again.Append(nil); err != nil || string(got) != string(b) {
			t.Errorf("%s: %v\n%s", name, err, got)
		}
	}
}

func TestFromJSON(t *testing.T) {
	for name, text := range map[string]string{
		"no JSON":             `<mmc/>`,
		"no message":          `{"dialect":"iota10"}`,
		"no such dialect":     `{"message":"mmc","dialect":"klingon"}`,
		"a key that is wrong": `{"message":"mmc","dialect":"iota10","documents":[]}`,
		"a wrong key inside":  `{"message":"mmc","dialect":"iota10","document":{"method":[]}}`,
	} {
		if m, err := iota.FromJSON([]byte(text)); err == nil {
			t.Errorf("%s: %+v", name, m)
		}
	}
	m, err := iota.FromJSON([]byte(`{"message":"mmc","dialect":"iota10"}`))
	if err != nil {
		t.Fatal(err)
	}
	if b, err := m.Append(nil); err == nil {
		t.Errorf("nothing gives %s", b)
	}
}

// TestReadInside: offsets count from the start of what the document is in.
func TestReadInside(t *testing.T) {
	for text, want := range map[string]string{`<mmc><method name="open"/></mmc>`: "id at octet 105", `<mmc><`: "document at octet 106"} {
		c := wire.NewCursorAt("mmc", []byte(text), 100, nil)
		if _, err := iota.Read(&c); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", text, err)
		}
	}
}
