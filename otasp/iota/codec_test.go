package iota_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/otagate/otagate/internal/testvec"
	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/otasp/iota"
)

const vectors = "../../testdata/mmc"

func read(b []byte) (testvec.Message, error) {
	c := wire.NewCursor("mmc", b)
	m, err := iota.Read(&c)
	if err != nil {
		return nil, err
	}
	return m, nil
}

func TestVectors(t *testing.T) { testvec.Codec(t, vectors, "mmc", read) }

func FuzzRead(f *testing.F) { testvec.Fuzz(f, vectors, "mmc", read) }

func file(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(vectors, name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

const (
	plain    = "application/vnd.phonecom.mmc-xml"
	related1 = `multipart/related; boundary=b1; start="<m@acme>"; type="application/vnd.phonecom.mmc-xml"`
	related2 = `multipart/related; boundary=b2; type="application/vnd.phonecom.mmc-xml"`
)

// exchange is the document of exchange.mime, in which the octets of the part are
// an SPC validation of nobody's.
func exchange() *iota.Message {
	return &iota.Message{
		RootCID: "m@acme",
		Document: &iota.Document{
			StatusURI: "https://prov.acme.example/mmc/42", MMCID: "1234",
			Methods: []iota.Method{
				{ID: "4", Name: iota.NameWrite, Object: iota.ObjectIS683, ValueRef: iota.ValueRef{CID: "1@acme"}, ReportStatus: true},
				{ID: "5", Name: iota.NameRead, Object: iota.ObjectIS683Result, ReportStatus: true},
			},
		},
		Parts: []iota.Part{{"1@acme", []byte{9, 1, 0, 3, 0, 0, 0}}},
	}
}

func exchangeReport() *iota.Message {
	return &iota.Message{
		RootCID: "0@handset",
		Report: &iota.Report{
			Status: iota.StatusOK, MMCID: "1234",
			Details: []iota.Detail{
				{ID: "4", Name: iota.NameWrite, Object: iota.ObjectIS683, Result: iota.ResultOK},
				{ID: "5", Name: iota.NameRead, Object: iota.ObjectIS683Result, ValueRef: iota.ValueRef{CID: "1@handset"}, Result: iota.ResultOK},
			},
		},
		Parts: []iota.Part{{"1@handset", []byte{9, 1, 1, 0}}},
	}
}

// TestExchange: one exchange as it is in testdata, both ways.
func TestExchange(t *testing.T) {
	d := iota.Phonecom20()
	for _, tt := range []struct {
		file, contentType string
		want              *iota.Message
	}{
		{"exchange.mime", related1, exchange()},
		{"exchange-report.mime", related2, exchangeReport()},
	} {
		b := file(t, tt.file)
		got, err := d.Decode(tt.contentType, b, iota.Limits{})
		if err != nil {
			t.Fatalf("%s: %v", tt.file, err)
		}
		for i := range b {
			b[i] = 'x' // the message has its own octets
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: %s", tt.file, diff)
		}
	}
	contentType, body, err := d.Encode(exchangeReport(), "b2")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(file(t, "exchange-report.mime")), string(body)); diff != "" {
		t.Error(diff)
	}
	if want := `multipart/related; boundary=b2; start="<0@handset>"; type="application/vnd.phonecom.mmc-xml"`; contentType != want {
		t.Errorf("%s, want %s", contentType, want)
	}
}

// TestCut: no cut of a body with parts is taken for the whole.
func TestCut(t *testing.T) {
	b := file(t, "exchange.mime")
	for n := range len(b) - len("--\r\n") {
		_, err := iota.Phonecom20().Decode(related1, b[:n], iota.Limits{})
		var we *wire.Error
		if !errors.As(err, &we) || we.Offset < 0 || we.Offset > n {
			t.Fatalf("cut to %d of %d octets: %v", n, len(b), err)
		}
	}
}

const start = `<mmc status-uri="http://a/">`

// body is the parts with CR LF.
func body(parts ...string) []byte {
	s := ""
	for _, p := range parts {
		s += "--b1\n" + p + "\n"
	}
	return []byte(strings.ReplaceAll(s+"--b1--\n", "\n", "\r\n"))
}

const (
	root   = "Content-ID: <m@acme>\nContent-Type: application/vnd.phonecom.mmc-xml\n\n" + start + `<method id="1" name="write" object="phone:cdma.prl" valueref="cid:a%2Bb" size="3"/></mmc>`
	object = "Content-ID: <a+b>\nContent-Type: application/octet-stream\n\nabc"
)

func TestParts(t *testing.T) {
	for name, b := range map[string][]byte{
		"in order":             body(root, object),
		"root last":            body(object, root),
		"a part of nobody":     body(root, object, "Content-Type: text/plain\n\nhello"),
		"a part too many":      body(root, object, "Content-ID: <c>\n\nhello"),
		"no type":              body(root, "Content-ID: a+b\n\nabc"),
		"base64":               body(root, "Content-ID: <a+b>\nContent-Transfer-Encoding: BASE64\n\nYWJj"),
		"base64 of the root":   body("Content-ID: <m@acme>\nContent-Type: application/vnd.phonecom.mmc-xml\nContent-Transfer-Encoding: binary"+root[strings.Index(root, "\n\n"):], object),
		"quoted-printable":     body(root, "Content-ID: <a+b>\nContent-Transfer-Encoding: quoted-printable\n\na=62c"),
		"a type with an extra": body(strings.Replace(root, "mmc-xml", "mmc-xml;Type=4364", 1), object),
	} {
		m, err := iota.Phonecom20().Decode(related1, b, iota.Limits{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if octets, ok := m.Part(m.Document.Methods[0].ValueRef.CID); !ok || string(octets) != "abc" {
			t.Errorf("%s: %+v", name, m)
		}
	}
}

func TestDecodeRefuses(t *testing.T) {
	small := iota.Limits{Size: 1000, Document: 300, Methods: 2, Parts: 2, Part: 10}
	for name, tt := range map[string]struct {
		contentType string
		body        []byte
		field, says string
	}{
		"another type":         {"text/xml", body(root), "Content-Type", "text/xml"},
		"another dialect":      {"application/iota.mmc-xml", body(root), "Content-Type", "want application/vnd.phonecom.mmc-xml"},
		"no type":              {"", body(root), "Content-Type", ""},
		"nothing":              {plain, nil, "body", "nothing inside"},
		"white space":          {plain, []byte(" \n"), "document", "nothing inside"},
		"an empty mmc":         {plain, []byte("<mmc/>"), "mmc", "nothing inside"},
		"too long":             {plain, make([]byte, 1001), "body", "at most 1000"},
		"a long document":      {plain, []byte("<mmc>" + strings.Repeat(" ", 300) + "</mmc>"), "document", "at most 300"},
		"too many methods":     {plain, []byte(`<mmc><method id="1" name="open"/><method id="2" name="open"/><method id="3" name="open"/></mmc>`), "method", "more than 2"},
		"too many details":     {plain, []byte(`<mmc><status mmc="ok">` + strings.Repeat(`<detail id="1" name="open" result="ok"/>`, 3) + `</status></mmc>`), "detail", "more than 2"},
		"text":                 {plain, []byte(`<mmc>hello<method id="1" name="open"/></mmc>`), "mmc", "text inside"},
		"document and report":  {plain, []byte(`<mmc><method id="1" name="open"/><status mmc="ok"/></mmc>`), "status", ""},
		"two reports":          {plain, []byte(`<mmc><status mmc="ok"/><status mmc="ok"/></mmc>`), "status", ""},
		"a missing part":       {plain, []byte(`<mmc><method id="1" name="write" object="o" valueref="cid:a%40b"/></mmc>`), "valueref", "no part <a@b>"},
		"a missing part of it": {related1, body(root), "valueref", "no part <a+b>"},
		"a part of wrong size": {related1, body(root, object+"d"), "size", "3, and the part <a+b> has 4"},
		"no such start":        {related1, body(object), "start", "no part <m@acme>"},
		"a start of spaces":    {strings.Replace(related1, "m@acme", "a b", 1), body(root, object), "start", "Content-ID"},
		"root of another type": {strings.Replace(related1, "m@acme", "a+b", 1), body(object), "Content-Type", "root part"},
		"no boundary":          {"multipart/related", body(root), "boundary", ""},
		"two parts of a name":  {related1, body(root, object, object), "Content-ID", "<a+b> twice"},
		"a part as the root":   {related1, body(root, strings.Replace(object, "a+b", "m@acme", 1)), "Content-ID", "<m@acme> twice"},
		"a bad Content-ID":     {related1, body(root, strings.Replace(object, "a+b", "a b", 1)), "part 2", "Content-ID"},
		"too many parts":       {related1, body(root, object, "\nx", "\nx"), "body", "more than 2 parts"},
		"a long part":          {related1, body(root, object+strings.Repeat("d", 8)), "part 2", "too long"},
		"a longer part":        {related1, body(root, object+strings.Repeat("d", 300)), "part 2", "too long"},
		"an unknown encoding":  {related1, body(root, "Content-ID: <a+b>\nContent-Transfer-Encoding: x-uu\n\nabc"), "part 2", "x-uu"},
		"bad base64":           {related1, body(root, "Content-ID: <a+b>\nContent-Transfer-Encoding: base64\n\n***"), "part 2", ""},
		"no parts":             {related1, []byte("--b1--\r\n"), "part 1", ""},
	} {
		m, err := iota.Phonecom20().Decode(tt.contentType, tt.body, small)
		var we *wire.Error
		if m != nil || !errors.As(err, &we) || we.Field != tt.field || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s: want an error in %s that says %q, got %v", name, tt.field, tt.says, err)
		}
		if empty := errors.Is(err, iota.ErrEmpty); empty != (tt.says == "nothing inside") {
			t.Errorf("%s: empty: %t", name, empty)
		}
	}
}

// TestOffset: an error counts from the start of the body.
func TestOffset(t *testing.T) {
	b := body(object, strings.Replace(root, `name="write"`, `name="wrote"`, 1))
	_, err := iota.Phonecom20().Decode(related1, b, iota.Limits{})
	var we *wire.Error
	if !errors.As(err, &we) || we.Offset != bytes.Index(b, []byte("<method")) {
		t.Errorf("%v, want octet %d", err, bytes.Index(b, []byte("<method")))
	}
}

func TestTolerant(t *testing.T) {
	want := &iota.Document{StatusURI: "http://a/", Methods: []iota.Method{{ID: "1", Name: iota.NameRead, Object: "phone:model", ReportStatus: true}}}
	const method = `<method id="1" name="read" object="phone:model" reportstatus="true"/>`
	for name, doc := range map[string]string{
		"plain":                start + method + "</mmc>",
		"another DOCTYPE":      `<!DOCTYPE mmc PUBLIC "-//ACME//DTD MMC 9//EN" "mmc.dtd">` + start + method + "</mmc>",
		"order":                start + `<method reportstatus='true' object='phone:model' name='read' id='1'></method></mmc>`,
		"comments":             "<!-- a -->" + start + "<!-- b -->" + method + "</mmc>",
		"unknown attributes":   start[:len(start)-1] + ` version="3">` + strings.Replace(method, "id=", `acme:x="y" priority="1" id=`, 1) + "</mmc>",
		"unknown elements":     start + "<hello><method/></hello>" + method + "</mmc>",
		"inside of a method":   start + strings.Replace(method, "/>", "><x/></method>", 1) + "</mmc>",
		"a value of a read":    start + strings.Replace(method, "object", `value="x" valueref="y" object`, 1) + "</mmc>",
		"numbers of nothing":   start + strings.Replace(method, "object", `size="" offset="0" object`, 1) + "</mmc>",
		"Latin-1":              `<?xml version="1.0" encoding="ISO-8859-1"?>` + start + method + "</mmc>",
		"a reference":          start + strings.Replace(method, "model", "&#109;odel", 1) + "</mmc>",
		"names to the letter":  start + method + `<Method id="1" name="open"/></mmc>`,
		"an empty transaction": start[:len(start)-1] + ` mmcID="">` + method + "</mmc>",
	} {
		m, err := iota.Phonecom20().Decode("Application/vnd.phonecom.mmc-xml; charset=utf-8", []byte(doc), iota.Limits{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if diff := cmp.Diff(want, m.Document); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	// reportstatus is true by that word alone, and others have no objects.
	m, err := iota.Phonecom20().Parse([]byte(`<mmc><method id="1" name="open" object="x" value="y" size="7" reportstatus="True"/></mmc>`), iota.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]iota.Method{{ID: "1", Name: iota.NameOpen}}, m.Document.Methods); diff != "" {
		t.Error(diff)
	}
}

func TestParseRefuses(t *testing.T) {
	in := func(method string) string { return start + method + "</mmc>" }
	detail := func(s string) string { return `<mmc><status mmc="ok"><detail ` + s + `/></status></mmc>` }
	for name, tt := range map[string]struct{ doc, field string }{
		"no id":               {in(`<method name="open"/>`), "id"},
		"no name":             {in(`<method id="1"/>`), "name"},
		"name in capitals":    {in(`<method id="1" name="OPEN"/>`), "name"},
		"no object":           {in(`<method id="1" name="read"/>`), "object"},
		"a write of nothing":  {in(`<method id="1" name="write" object="phone:homepage"/>`), "value"},
		"an empty reference":  {in(`<method id="1" name="write" object="x" valueref=""/>`), "valueref"},
		"an empty cid":        {in(`<method id="1" name="write" object="x" valueref="cid:"/>`), "valueref"},
		"a bad percent":       {in(`<method id="1" name="write" object="x" valueref="cid:%4"/>`), "valueref"},
		"a cid of two lines":  {in(`<method id="1" name="write" object="x" valueref="cid:a%0D%0Ab"/>`), "valueref"},
		"another scheme":      {in(`<method id="1" name="write" object="x" valueref="file:///etc/passwd"/>`), "valueref"},
		"a password in a URL": {in(`<method id="1" name="write" object="x" valueref="http://a:b@c/"/>`), "valueref"},
		"a relative URL":      {in(`<method id="1" name="write" object="x" valueref="/a"/>`), "valueref"},
		"a negative size":     {in(`<method id="1" name="write" object="x" value="y" size="-1"/>`), "size"},
		"past the end":        {in(`<method id="1" name="write" object="x" value="y" size="1" offset="4294967295"/>`), "offset"},
		"a bad transaction":   {`<mmc mmcID="x"><method id="1" name="open"/></mmc>`, "mmcID"},
		"a long transaction":  {`<mmc mmcID="12345678901"><method id="1" name="open"/></mmc>`, "mmcID"},
		"a bad status-uri":    {`<mmc status-uri="mailto:a@b"><method id="1" name="open"/></mmc>`, "status-uri"},
		"no status":           {`<mmc><status/></mmc>`, "mmc"},
		"no result":           {detail(`id="1" name="open"`), "result"},
		"a result of words":   {detail(`id="1" name="open" result="not ok"`), "result"},
		"a detail of nothing": {detail(`id="1" result="ok"`), "name"},
		"two of an id":        {strings.Replace(detail(`id="1" name="open" result="ok"`), "</status>", `<detail id="1" name="commit" result="ok"/></status>`, 1), "id"},
		"an entity":           {`<mmc><method id="&x;" name="open"/></mmc>`, "document"},
		"a subset":            {`<!DOCTYPE mmc [<!ELEMENT mmc ANY>]><mmc><method id="1" name="open"/></mmc>`, "document"},
	} {
		m, err := iota.Phonecom20().Parse([]byte(tt.doc), iota.Limits{})
		var we *wire.Error
		if m != nil || !errors.As(err, &we) || we.Field != tt.field {
			t.Errorf("%s: want an error in %s, got %v", name, tt.field, err)
		}
	}
}

func TestEncodeRefuses(t *testing.T) {
	for name, tt := range map[string]struct {
		change   func(*iota.Message)
		boundary string
		field    string
	}{
		"nothing":              {func(m *iota.Message) { m.Document = nil }, "b", "mmc"},
		"both":                 {func(m *iota.Message) { m.Report = exchangeReport().Report }, "b", "status"},
		"no methods":           {func(m *iota.Message) { m.Document.Methods = nil }, "b", "method"},
		"no status-uri":        {func(m *iota.Message) { m.Document.StatusURI = "" }, "b", "status-uri"},
		"two of an id":         {func(m *iota.Message) { m.Document.Methods[1].ID = "4" }, "b", "id"},
		"an object of a space": {func(m *iota.Message) { m.Document.Methods[1].Object = "a b" }, "b", "object"},
		"an object of commit":  {func(m *iota.Message) { m.Document.Methods[1].Name = iota.NameCommit }, "b", "object"},
		"a value of a read":    {func(m *iota.Message) { m.Document.Methods[1].Value = "x" }, "b", "value"},
		"a value and a part":   {func(m *iota.Message) { m.Document.Methods[0].Value = "x" }, "b", "valueref"},
		"a value and none":     {func(m *iota.Message) { m.Document.Methods[0].Value, m.Document.Methods[0].EmptyValue = "x", true }, "b", "value"},
		"a part and a URL":     {func(m *iota.Message) { m.Document.Methods[0].ValueRef.URL = "http://a/" }, "b", "valueref"},
		"no text": {func(m *iota.Message) {
			m.Document.Methods[0].ValueRef, m.Document.Methods[0].Value, m.Parts = iota.ValueRef{}, "a\x00", nil
		}, "b", "value"},
		"no part":          {func(m *iota.Message) { m.Parts = nil }, "b", "valueref"},
		"another part":     {func(m *iota.Message) { m.Parts[0].CID = "2@acme" }, "b", "valueref"},
		"a part of nobody": {func(m *iota.Message) { m.Parts = append(m.Parts, iota.Part{CID: "2@acme"}) }, "b", "Content-ID"},
		"a part twice":     {func(m *iota.Message) { m.Parts = append(m.Parts, m.Parts[0]) }, "b", "Content-ID"},
		"a part as root":   {func(m *iota.Message) { m.RootCID = m.Parts[0].CID }, "b", "Content-ID"},
		"a root of quotes": {func(m *iota.Message) { m.RootCID = `a"b` }, "b", "Content-ID"},
		"a wrong size":     {func(m *iota.Message) { m.Document.Methods[0].Size = 8 }, "b", "size"},
		"boundary inside":  {func(m *iota.Message) { m.Parts[0].Octets = []byte("\r\n--b--") }, "b", "boundary"},
		"in the document":  {func(m *iota.Message) { m.Document.StatusURI += "--b" }, "b", "boundary"},
		"no boundary":      {func(*iota.Message) {}, "", "boundary"},
		"boundary of two":  {func(*iota.Message) {}, "a b", "boundary"},
		"a long boundary":  {func(*iota.Message) {}, strings.Repeat("b", 71), "boundary"},
	} {
		m := exchange()
		tt.change(m)
		_, b, err := iota.Phonecom20().Encode(m, tt.boundary)
		var we *wire.Error
		if b != nil || !errors.As(err, &we) || we.Field != tt.field || we.Offset != -1 {
			t.Errorf("%s: want an error in %s, got %v", name, tt.field, err)
		}
	}
	report := exchangeReport()
	report.Report.Details[0].ValueRef.URL = "http://a/"
	if got, err := iota.Phonecom20().AppendXML([]byte("kept"), report); err == nil || string(got) != "kept" {
		t.Errorf("a report with a URL: %q, %v", got, err)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(related1, file(f, "exchange.mime"))
	f.Add(related2, file(f, "exchange-report.mime"))
	f.Add(related1, body(object, root))
	f.Add(plain, file(f, "write.xml"))
	f.Add(plain, file(f, "open-report.xml"))
	f.Fuzz(func(t *testing.T, contentType string, b []byte) {
		d := iota.Phonecom20()
		m, err := d.Decode(contentType, b, iota.Limits{})
		if err != nil {
			var we *wire.Error
			if m != nil || !errors.As(err, &we) || we.Offset < 0 || we.Offset > len(b) {
				t.Fatalf("%+v, %v", m, err)
			}
			return
		}
		if m.Report != nil && m.Report.Answers(&iota.Document{}) == nil && len(m.Report.Details) > 0 {
			t.Fatal("it answers a document without methods")
		}
		used := m.Parts[:0:0]
		for _, p := range m.Parts { // a reader passes over the others, a writer does not
			if strings.Contains(refs(m), "<"+p.CID+">") {
				used = append(used, p)
			}
		}
		m.Parts = used
		contentType, once, err := d.Encode(m, "a-boundary-that-nobody-has")
		if err != nil {
			t.Fatalf("%v of %+v", err, m)
		}
		again, err := d.Decode(contentType, once, iota.Limits{})
		if err != nil {
			t.Fatalf("%v in %s", err, once)
		}
		if len(used) == 0 {
			m.RootCID, m.Parts, again.Parts = "", nil, nil
		}
		if diff := cmp.Diff(m, again); diff != "" {
			t.Fatal(diff)
		}
	})
}

// refs are the Content-IDs that a message refers to.
func refs(m *iota.Message) (all string) {
	if m.Document != nil {
		for _, k := range m.Document.Methods {
			all += "<" + k.ValueRef.CID + ">"
		}
		return all
	}
	for _, k := range m.Report.Details {
		all += "<" + k.ValueRef.CID + ">"
	}
	return all
}
