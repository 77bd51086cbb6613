package iota_test

import (
	"strings"
	"testing"

	"github.com/otagate/otagate/otasp/iota"
)

// foreign is a dialect that has no word of ours.
func foreign() *iota.Dialect {
	d := iota.Phonecom20()
	d.Name, d.ContentType, d.PublicID, d.SystemID = "acme", "application/acme", "-//ACME//DTD X//EN", ""
	d.Elements = iota.Elements{MMC: "x", Method: "m", Status: "s", Detail: "d"}
	d.Attributes = iota.Attributes{
		StatusURI: "u", MMCID: "t", ID: "i", Name: "n", Object: "o", Value: "v", ValueRef: "r", ReportStatus: "q",
		Size: "z", Offset: "f", Status: "e", Result: "g",
	}
	for _, words := range [][]iota.Word{d.Names, d.Statuses, d.Results} {
		for i := range words {
			words[i].Theirs = strings.ToUpper(words[i].Ours)
		}
	}
	for i := range d.Objects {
		d.Objects[i].Theirs = "./" + d.Objects[i].Theirs
	}
	return d
}

func TestForeign(t *testing.T) {
	d := foreign()
	if err := d.Validate(); err != nil {
		t.Fatal(err)
	}
	got, err := d.AppendXML(nil, exchange())
	if err != nil {
		t.Fatal(err)
	}
	const want = `<?xml version="1.0"?>
<!DOCTYPE x PUBLIC "-//ACME//DTD X//EN">
<x u="https://prov.acme.example/mmc/42" t="1234">
<m i="4" n="WRITE" o="./phone:cdma.is683" r="cid:1@acme" q="true"/>
<m i="5" n="READ" o="./phone:cdma.is683.result" q="true"/>
</x>
`
	if string(got) != want {
		t.Errorf("%s", got)
	}
}

func TestValidate(t *testing.T) {
	for _, d := range iota.Standard() {
		if err := d.Validate(); err != nil {
			t.Errorf("%s: %v", d.Name, err)
		}
	}
	for want, change := range map[string]func(*iota.Dialect){
		"name: missing":           func(d *iota.Dialect) { d.Name = "" },
		"content type":            func(d *iota.Dialect) { d.ContentType = "application/X" },
		"type/subtype":            func(d *iota.Dialect) { d.ContentType = "multipart/related" },
		"an identifier":           func(d *iota.Dialect) { d.SystemID = `"` },
		"without a public":        func(d *iota.Dialect) { d.PublicID = "" },
		"mmc twice":               func(d *iota.Dialect) { d.Elements.Status = "mmc" },
		`detail: "a b"`:           func(d *iota.Dialect) { d.Elements.Detail = "a b" },
		"id twice":                func(d *iota.Dialect) { d.Attributes.Object = "id" },
		`method and detail: ""`:   func(d *iota.Dialect) { d.Attributes.Result = "" },
		"attributes of status":    func(d *iota.Dialect) { d.Attributes.Status = d.Attributes.MMCID },
		"attributes of mmc":       func(d *iota.Dialect) { d.Attributes.StatusURI = "1" },
		"open is missing":         func(d *iota.Dialect) { d.Names = d.Names[1:] },
		"statuses: ok is missing": func(d *iota.Dialect) { d.Statuses = nil },
		"results: x twice":        func(d *iota.Dialect) { d.Results[0].Theirs, d.Results[1].Theirs = "x", "x" },
		"objects: phone:oem":      func(d *iota.Dialect) { d.Objects[0].Object = "phone:oem" },
	} {
		d := iota.Phonecom20()
		change(d)
		if err := d.Validate(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want an error that says %q, got %v", want, err)
		}
	}
}

func TestForAccept(t *testing.T) {
	all := iota.Standard()
	for accept, want := range map[string]string{
		"": "phonecom20",
		"application/vnd.phonecom.mmc-xml, multipart/related, application/octet-stream": "phonecom20",
		"application/iota.mmc-xml":                                       "iota10",
		"text/html;q=0.3, Application/IOTA.mmc-xml;q=0.5":                "iota10",
		"application/iota.mmc-xml, application/vnd.phonecom.mmc-xml":     "phonecom20",
		"application/vnd.phonecom.mmc-xml;q=0, application/iota.mmc-xml": "iota10",
		"application/vnd.phonecom.mmc-xml;Type=4364":                     "phonecom20",
		"*/*":                          "phonecom20",
		";;, application/iota.mmc-xml": "iota10",
	} {
		if got := all.ForAccept(accept); got.Name != want {
			t.Errorf("%q: %s, want %s", accept, got.Name, want)
		}
	}
	if d := (iota.Dialects{}).ForAccept("*/*"); d != nil {
		t.Errorf("of none: %s", d.Name)
	}
	for contentType, want := range map[string]string{
		plain: "phonecom20", related1: "phonecom20", "application/iota.mmc-xml; charset=utf-8": "iota10",
		`multipart/related; boundary=b; type="Application/IOTA.mmc-xml"`: "iota10",
		"multipart/related; boundary=b":                                  "", "text/xml": "", "": "",
	} {
		got := ""
		if d := all.ForContentType(contentType); d != nil {
			got = d.Name
		}
		if got != want {
			t.Errorf("%q: %q, want %q", contentType, got, want)
		}
	}
}

func TestObjects(t *testing.T) {
	d := iota.Phonecom20()
	for o, want := range map[iota.Object]iota.ObjectInfo{
		iota.ObjectPRL:         {Access: iota.WriteOnly, Kind: iota.Binary, Max: 65536},
		iota.ObjectIS683Result: {Access: iota.ReadOnly, Kind: iota.Binary, Secret: true},
		iota.ObjectBootURL:     {Access: iota.ReadWrite, Kind: iota.Text, Max: 128},
		iota.ObjectReset:       {Access: iota.WriteOnly, Kind: iota.Action},
	} {
		want.Object, want.Theirs = o, string(o)
		if got, ok := d.Object(o); !ok || got != want {
			t.Errorf("%s: %+v", o, got)
		}
	}
	if _, ok := d.Object("phone:nothing"); ok {
		t.Error("an object of nobody is known")
	}
	for _, tt := range []struct {
		a           iota.Access
		read, write bool
	}{{iota.ReadOnly, true, false}, {iota.WriteOnly, false, true}, {iota.ReadWrite, true, true}} {
		if tt.a.Allows(iota.NameRead) != tt.read || tt.a.Allows(iota.NameWrite) != tt.write || tt.a.Allows(iota.NameOpen) {
			t.Errorf("%d", tt.a)
		}
	}
}
