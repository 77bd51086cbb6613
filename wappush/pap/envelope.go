package pap

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/textproto"
	"slices"
	"strings"

	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/wappush/xmldoc"
)

// Envelope is what one HTTP body holds: a control entity and, of a
// push-message, the content, with the capabilities it was made for. A
// ccq-response has Capabilities alone.
type Envelope struct {
	Control      Control
	Content      *Part
	Capabilities *Part
}

// Part is a part of multipart/related.
type Part struct {
	ContentType string
	Headers     []Header // the others, in alphabetical order
	Body        []byte
}

// Header is a header of a part, such as X-Wap-Application-Id.
type Header struct{ Name, Value string }

// Header is the first header of that name, in any case.
func (p *Part) Header(name string) (value string, ok bool) {
	for _, h := range p.Headers {
		if strings.EqualFold(h.Name, name) {
			return h.Value, true
		}
	}
	return "", false
}

// Limits bound an envelope. What is 0 is as DefaultLimits has it.
type Limits struct {
	Size    int // octets of the body
	Content int // octets of one part beside the control entity
	Control xmldoc.Limits
}

// DefaultLimits are far above what fits into short messages.
func DefaultLimits() Limits { return Limits{Size: 512 << 10, Content: 64 << 10} }

// maxParts and maxHeaders bound the parts, and the headers of one.
const (
	maxParts   = 3
	maxHeaders = 32
)

const (
	typeXML       = "application/xml"
	typeMultipart = "multipart/related"
)

// Decode reads the body of a request or of an answer. Every error is an *Error.
func Decode(contentType string, body []byte, lim Limits) (*Envelope, error) {
	d := DefaultLimits()
	lim.Size, lim.Content = cmp.Or(lim.Size, d.Size), cmp.Or(lim.Content, d.Content)
	if len(body) > lim.Size {
		return nil, bad("%d octets; at most %d", len(body), lim.Size)
	}
	media, boundary, err := mediaType(contentType)
	if err != nil {
		return nil, bad("content type: %w", err)
	}
	var env *Envelope
	switch {
	case isXML(media):
		env = new(Envelope)
		err = env.control(body, lim)
	case media == typeMultipart:
		env, err = decodeParts(boundary, body, lim)
	default:
		err = bad("content type %s: want %s or %s", printable(media), typeMultipart, typeXML)
	}
	if err == nil {
		err = env.complete()
	}
	if err != nil {
		return nil, err
	}
	return env, nil
}

// mediaType is the media type and its boundary. Initiators are common that leave
// the quotes of type=application/xml out, by which the standard library loses
// the boundary, too.
func mediaType(contentType string) (media, boundary string, err error) {
	media, params, err := mime.ParseMediaType(contentType)
	if err == nil || !errors.Is(err, mime.ErrInvalidMediaParameter) {
		return media, params["boundary"], err
	}
	for parameter := range strings.SplitSeq(contentType, ";") {
		name, value, _ := strings.Cut(strings.TrimSpace(parameter), "=")
		if strings.EqualFold(name, "boundary") {
			return media, strings.Trim(value, `"`), nil
		}
	}
	return media, "", nil
}

func isXML(media string) bool { return media == typeXML || media == "text/xml" }

func (e *Envelope) control(b []byte, lim Limits) error {
	c, err := ParseControl(b, lim.Control)
	if err != nil {
		return err
	}
	e.Control = *c
	return nil
}

// complete checks what the parts have to be together.
func (e *Envelope) complete() error {
	if _, is := e.Control.Message.(*PushMessage); is && e.Content == nil {
		return bad("a push-message without content")
	}
	if _, is := e.Control.Message.(*CCQResponse); is && e.Content != nil {
		e.Content, e.Capabilities = nil, e.Content
	}
	return nil
}

func decodeParts(boundary string, body []byte, lim Limits) (*Envelope, error) {
	if boundary == "" {
		return nil, bad("%s without boundary", typeMultipart)
	}
	env := new(Envelope)
	r := multipart.NewReader(bytes.NewReader(body), boundary)
	for n := 0; ; n++ {
		part, err := r.NextRawPart()
		switch {
		case err == io.EOF && n > 0: // to the letter: wrapped, it is a body that was cut
			return env, nil
		case err != nil:
			return nil, bad("part %d: %w", n+1, err)
		case n == maxParts:
			return nil, bad("more than %d parts", maxParts)
		}
		most := lim.Content
		if n == 0 {
			most = lim.Size // and what ParseControl allows
		}
		p, err := readPart(part, most)
		if err != nil {
			return nil, bad("part %d: %w", n+1, err)
		}
		switch n {
		case 0:
			media, _, err := mediaType(p.ContentType)
			if err != nil || !isXML(media) {
				return nil, bad("part 1 is %s: want the control entity, %s", printable(p.ContentType), typeXML)
			}
			if err := env.control(p.Body, lim); err != nil {
				return nil, err
			}
		case 1:
			env.Content = p
		case 2:
			env.Capabilities = p
		}
	}
}

func readPart(in *multipart.Part, most int) (*Part, error) {
	p := &Part{ContentType: in.Header.Get("Content-Type")}
	for name, values := range in.Header {
		for _, v := range values {
			if name != "Content-Type" && name != transferEncoding {
				p.Headers = append(p.Headers, Header{name, v})
			}
		}
	}
	if len(p.Headers) > maxHeaders {
		return nil, errors.New("too many headers")
	}
	slices.SortStableFunc(p.Headers, func(a, b Header) int { return strings.Compare(a.Name, b.Name) })
	var body io.Reader = in
	switch e := strings.ToLower(in.Header.Get(transferEncoding)); e {
	case "", "7bit", "8bit", "binary":
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, in)
	case "quoted-printable":
		body = quotedprintable.NewReader(in)
	default:
		return nil, errors.New(transferEncoding + " " + printable(e))
	}
	var err error
	if p.Body, err = io.ReadAll(io.LimitReader(body, int64(most)+1)); err != nil {
		return nil, err
	}
	if len(p.Body) > most {
		return nil, errors.New("too long")
	}
	return p, nil
}

const transferEncoding = "Content-Transfer-Encoding"

// Encode is the reverse of Decode. Without parts it is one XML body, and
// boundary is not looked at; with parts it must be a boundary that none of them
// has inside.
func (e *Envelope) Encode(boundary string) (contentType string, body []byte, err error) {
	control, err := e.Control.AppendXML(nil)
	if err != nil {
		return "", nil, err
	}
	if _, is := e.Control.Message.(*PushMessage); is && e.Content == nil {
		return "", nil, wire.Unencodable(proto, "content", wire.ErrMissing)
	}
	if e.Content == nil && e.Capabilities == nil {
		return typeXML, control, nil
	}
	var out bytes.Buffer
	w := multipart.NewWriter(&out)
	if w.SetBoundary(boundary) != nil {
		return "", nil, wire.Unencodable(proto, "boundary", wire.ErrValue)
	}
	for _, p := range []*Part{{ContentType: typeXML, Body: control}, e.Content, e.Capabilities} {
		if p == nil {
			continue
		}
		if err := p.write(w, boundary); err != nil {
			return "", nil, err
		}
	}
	if err := w.Close(); err != nil {
		return "", nil, err
	}
	contentType = mime.FormatMediaType(typeMultipart, map[string]string{"boundary": boundary, "type": typeXML})
	return contentType, out.Bytes(), nil
}

func (p *Part) write(w *multipart.Writer, boundary string) error {
	if p.ContentType == "" {
		return wire.Unencodable(proto, "Content-Type", wire.ErrMissing)
	}
	if bytes.Contains(p.Body, []byte("--"+boundary)) {
		return wire.Unencodable(proto, "boundary", wire.ErrValue)
	}
	h := textproto.MIMEHeader{}
	for _, x := range append([]Header{{"Content-Type", p.ContentType}}, p.Headers...) {
		if !isToken(x.Name) || strings.ContainsAny(x.Value, "\r\n\x00") || len(p.Headers) > maxHeaders {
			return wire.Unencodable(proto, "header", wire.ErrValue)
		}
		h.Add(x.Name, x.Value)
	}
	out, err := w.CreatePart(h)
	if err != nil {
		return err
	}
	_, err = out.Write(p.Body)
	return err
}

// isToken tells whether s can be the name of a header.
func isToken(s string) bool {
	for _, o := range []byte(s) {
		if o <= ' ' || o > '~' || strings.IndexByte(`()<>@,;:\"/[]?={}`, o) >= 0 {
			return false
		}
	}
	return s != ""
}
