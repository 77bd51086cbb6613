package ppg

import (
	"mime"
	"slices"
	"strconv"
	"strings"

	"github.com/otagate/otagate/wappush"
	"github.com/otagate/otagate/wappush/omacp"
	"github.com/otagate/otagate/wappush/pap"
	"github.com/otagate/otagate/wappush/wsp"
)

// compose makes the push PDU of the content:
//
//	text/vnd.wap.si, .sl                 becomes binary
//	application/vnd.wap.sic, .slc        as it is, when it can be decoded and makes sense
//	text/vnd.wap.connectivity-xml        becomes binary; SEC and MAC are taken over
//	application/vnd.wap.connectivity-wbxml   as it is, likewise
//	text/vnd.wap.co                      3006: nobody makes it binary
//	anything else                        as it is, with its parameters
//
// Of the headers the application is taken over; the others are HTTP's, or too
// long for a short message. What cannot be made into what a handset reads is
// 3006; what is wrong with its headers, 2000.
func compose(p *pap.Part, rules omacp.Rules, tid uint8) ([]byte, error) {
	media, params, err := mime.ParseMediaType(p.ContentType)
	if err != nil {
		return nil, refused(pap.CodeBadRequest, "content: Content-Type cannot be read")
	}
	if v, ok := p.Header("Content-Encoding"); ok && v != "identity" {
		return nil, refused(pap.CodeBadRequest, "content: Content-Encoding is not understood")
	}
	if len(p.Body) == 0 {
		return nil, refused(pap.CodeBadRequest, "content: empty")
	}
	app, err := applicationOf(p)
	if err != nil {
		return nil, err
	}
	c, err := contentOf(media, params, rules, p.Body)
	if err != nil {
		return nil, err
	}
	var pdu []byte
	switch {
	case c == nil:
		pdu, err = asItIs(media, params, p.Body, app, tid)
	case app.needsHeader():
		c.Unaddressed = true
		if pdu, err = c.Append(nil, tid); err == nil {
			pdu, err = app.addTo(pdu)
		}
	default:
		c.Application = app.id
		pdu, err = c.Append(nil, tid)
	}
	if err != nil {
		return nil, refused(pap.CodeTransformationFailure, "content: %w", err)
	}
	return pdu, nil
}

// contentOf is content with a form that is known here; nil is any other.
func contentOf(media string, params map[string]string, rules omacp.Rules, body []byte) (*wappush.Content, error) {
	m, _ := wsp.ParseMediaType(media)
	var c wappush.Content
	var err error
	switch m {
	case wsp.SI, wsp.SL:
		c, err = fromText(m, body)
	case wsp.SIC:
		c, err = fromBinary(m, body, new(wappush.ServiceIndication))
	case wsp.SLC:
		c, err = fromBinary(m, body, new(wappush.ServiceLoading))
	case wsp.CO:
		err = refused(pap.CodeTransformationFailure, "content: Cache Operation is taken in its binary form only")
	case wsp.ConnectivityXML, wsp.ConnectivityWBXML, wsp.DMWBXML:
		c, err = provisioning(m, params, rules, body)
	case wsp.Notification, wsp.MMSMessage:
		c = wappush.Content{Type: m, Body: body} // their headers are fixed; see wappush.Content
	default:
		return nil, nil
	}
	return &c, err
}

// fromText makes SI and SL binary.
func fromText(m wsp.MediaType, body []byte) (wappush.Content, error) {
	var c wappush.Content
	doc, err := wappush.ParseXML(body)
	if err == nil {
		switch d := doc.(type) {
		case *wappush.ServiceIndication:
			c, err = wappush.SIContent(d)
		case *wappush.ServiceLoading:
			c, err = wappush.SLContent(d)
		}
	}
	if err != nil {
		return c, refused(pap.CodeTransformationFailure, "content: %w", err)
	}
	if (m == wsp.SI) != (c.Type == wsp.SIC) {
		return c, refused(pap.CodeBadRequest, "content: the document is not %v", m)
	}
	return c, nil
}

// document is SI or SL.
type document interface {
	Decode(b []byte) error
	Validate() error
}

func fromBinary(m wsp.MediaType, body []byte, d document) (wappush.Content, error) {
	err := d.Decode(body)
	if err == nil {
		err = d.Validate()
	}
	if err != nil {
		return wappush.Content{}, refused(pap.CodeTransformationFailure, "content: %w", err)
	}
	return wappush.Content{Type: m, Body: body}, nil
}

// asItIs is content that nothing is known of.
func asItIs(media string, params map[string]string, body []byte, app application, tid uint8) ([]byte, error) {
	p := wsp.Push{TID: tid, Body: body}
	if m, ok := wsp.ParseMediaType(media); ok {
		p.ContentType.Type = m
	} else {
		p.ContentType.Text = []byte(media)
	}
	for _, name := range sorted(params) {
		p.ContentType.Parameters = append(p.ContentType.Parameters, parameter(name, params[name]))
	}
	pdu, err := p.Append(nil)
	if err != nil || !app.given {
		return pdu, err
	}
	return app.addTo(pdu)
}

func sorted(params map[string]string) []string {
	var names []string
	for n := range params {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}

// charsets that are written as numbers.
var charsets = map[string]uint32{
	"utf-8": wsp.CharsetUTF8, "us-ascii": wsp.CharsetUSASCII, "iso-8859-1": wsp.CharsetISO88591, "iso-10646-ucs-2": wsp.CharsetUCS2,
}

func parameter(name, value string) wsp.Parameter {
	if mib, ok := charsets[strings.ToLower(value)]; ok && name == "charset" {
		return wsp.CharsetParameter(mib)
	}
	return wsp.Parameter{Name: []byte(name), Value: wsp.String(value)}
}

// application is X-Wap-Application-Id: a number, or a name that has none.
type application struct {
	given bool
	id    wsp.ApplicationID
	text  string
}

// maxApplication is more than any registered number.
const maxApplication = 0xffffff

// applicationOf reads names in full (x-wap-application:wml.ua) and without what
// most of them begin with, and numbers in decimal and with 0x.
func applicationOf(p *pap.Part) (a application, err error) {
	v, ok := p.Header("X-Wap-Application-Id")
	v = strings.TrimSpace(v)
	if !ok || v == "" {
		return a, nil
	}
	a.given = true
	if a.id, ok = wsp.ParseApplicationID(v); ok {
		return a, nil
	}
	for _, prefix := range [...]string{"x-wap-application:", "x-oma-application:"} {
		if a.id, ok = wsp.ParseApplicationID(prefix + v); ok {
			return a, nil
		}
	}
	base, digits := 10, v
	if hex, is := strings.CutPrefix(strings.ToLower(v), "0x"); is {
		base, digits = 16, hex
	}
	if n, err := strconv.ParseUint(digits, base, 32); err == nil && n <= maxApplication {
		a.id = wsp.ApplicationID(n)
		return a, nil
	}
	for _, o := range []byte(v) {
		if o <= ' ' || o >= 0x7f {
			return a, refused(pap.CodeBadRequest, "X-Wap-Application-Id: want a number, or a URI")
		}
	}
	if !strings.Contains(v, ":") || len(v) > maxText {
		return a, refused(pap.CodeBadRequest, "X-Wap-Application-Id: neither a number nor a URI")
	}
	a.text = v
	return a, nil
}

// needsHeader: wappush.Content has numbers, and 0 is nothing said.
func (a *application) needsHeader() bool { return a.given && a.id == 0 }

// addTo puts the application into a PDU without one.
func (a *application) addTo(pdu []byte) ([]byte, error) {
	var p wsp.Push
	if err := p.Decode(pdu); err != nil {
		return nil, err
	}
	h := wsp.ApplicationHeader(a.id)
	if a.text != "" {
		h.Value = wsp.String(a.text)
	}
	p.Headers = append(p.Headers, h)
	return p.Append(nil)
}
