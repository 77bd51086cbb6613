package iota

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/otagate/otagate/internal/wire"
)

// Bare is a document or report as it stands on paper: its parts are not there,
// and the dialect is one of [Standard], told by the DOCTYPE.
type Bare struct {
	Dialect  *Dialect
	Document *Document
	Report   *Report
}

// Read reads one from a cursor, for traces.
func Read(c *wire.Cursor) (*Bare, error) {
	var lim Limits
	lim.complete()
	tr := c.Mute()
	base, b := c.Off(), c.Rest("document")
	c.Unmute(tr)
	doc, err := parseXML(b, lim)
	if err != nil {
		c.Adopt(shift(err, base))
		return nil, c.Err()
	}
	x := decoding{d: Standard().forDoctype(doc.Doctype.PublicID), lim: lim, base: base, size: len(b), trace: tr}
	m, err := x.message(doc.Root, nil)
	if err != nil {
		c.Adopt(err)
		return nil, c.Err()
	}
	return &Bare{x.d, m.Document, m.Report}, nil
}

// Append appends the XML.
func (m *Bare) Append(dst []byte) ([]byte, error) {
	return m.Dialect.AppendXML(dst, &Message{Document: m.Document, Report: m.Report})
}

// jsonBare is the JSON: one of document and report.
type jsonBare struct {
	Message  string    `json:"message"`
	Dialect  string    `json:"dialect"`
	Document *Document `json:"document,omitempty"`
	Report   *Report   `json:"report,omitempty"`
}

// ToJSON writes {"message":"mmc","dialect":…,"document":{…}}, or "report". It
// masks nothing.
func ToJSON(m *Bare) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(jsonBare{proto, m.Dialect.Name, m.Document, m.Report}); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// FromJSON reads what ToJSON writes. A key that is not known is an error.
func FromJSON(b []byte) (*Bare, error) {
	var j jsonBare
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&j); err != nil {
		return nil, fmt.Errorf("mmc: %w", err)
	}
	if j.Message != proto {
		return nil, fmt.Errorf("mmc: no message is called %.40q", j.Message)
	}
	d := Standard().Named(j.Dialect)
	if d == nil {
		return nil, fmt.Errorf("mmc: no dialect is called %.40q", j.Dialect)
	}
	return &Bare{d, j.Document, j.Report}, nil
}

// maxGist is how many methods or details are told one by one.
const maxGist = 6

// Gist says on one line what a document is about, without values and without
// what lets one answer it.
func Gist(m *Bare) string {
	var s strings.Builder
	var said []string
	if m.Document != nil {
		s.WriteString("MMC document" + gistID(m.Document.MMCID))
		for i := range m.Document.Methods {
			k := &m.Document.Methods[i]
			said = append(said, gistSubject(k.Name, k.Object))
		}
	}
	if m.Report != nil {
		fmt.Fprintf(&s, "MMC report %s%s", m.Report.Status, gistID(m.Report.MMCID))
		for i := range m.Report.Details {
			k := &m.Report.Details[i]
			said = append(said, gistSubject(k.Name, k.Object)+" "+fmt.Sprintf("%.40s", k.Result))
		}
	}
	sep := ": "
	for _, k := range said[:min(len(said), maxGist)] {
		s.WriteString(sep + k)
		sep = ", "
	}
	if n := len(said) - maxGist; n > 0 {
		fmt.Fprintf(&s, " and %d more", n)
	}
	return s.String()
}

func gistID(id MMCID) string {
	if id == "" {
		return ""
	}
	return " " + string(id)
}

func gistSubject(n Name, o Object) string {
	if o == "" {
		return string(n)
	}
	return fmt.Sprintf("%s %.60s", n, o)
}
