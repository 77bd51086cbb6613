package wappush

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/wappush/wbxml"
)

const protoSI = "si"

// ServiceIndication is a text with a link (WAP-167, SI 1.0).
//
//	si          indication, info?
//	indication  text; href O, si-id O, action O, created O, si-expires O
//	info        item+
//	item        text; class M
//
// Of several with one ID the handset keeps the latest created; without an ID
// the address takes its place.
type ServiceIndication struct {
	Href    string    `json:"href,omitempty"`
	ID      string    `json:"si_id,omitempty"`
	Action  Action    `json:"action,omitempty"`
	Created time.Time `json:"created,omitzero"` // zero: not sent
	Expires time.Time `json:"si_expires,omitzero"`
	Text    string    `json:"text,omitempty"`
	Info    []Item    `json:"info,omitempty"`
}

// Item is additional information that nobody shows.
type Item struct {
	Class string `json:"class,omitempty"`
	Text  string `json:"text,omitempty"`
}

// Tokens of SI 1.0.
const (
	siTag         = 0x05
	siIndication  = 0x06
	siInfo        = 0x07
	siItem        = 0x08
	siSignalNone  = 0x05 // and the other actions in their order
	siCreated     = 0x0a
	siHref        = 0x0b // and those with a prefix
	siExpires     = 0x10
	siID          = 0x11
	siClass       = 0x12
	hasContent    = wbxml.HasContent
	hasAttributes = wbxml.HasAttributes
)

// Append appends the binary form. It fails only if s cannot be represented;
// Validate says whether it should be sent.
func (s *ServiceIndication) Append(dst []byte) ([]byte, error) {
	if err := s.representable(); err != nil {
		return dst, err
	}
	dst = append(dst, 0x03, 0x05, wbxml.UTF8, 0, siTag|hasContent)
	dst = s.appendIndication(dst)
	if len(s.Info) > 0 {
		dst = append(dst, siInfo|hasContent)
		for i := range s.Info {
			dst = s.Info[i].append(dst)
		}
		dst = append(dst, wbxml.End)
	}
	return append(dst, wbxml.End), nil
}

func (s *ServiceIndication) representable() error {
	for _, f := range [...]struct{ name, text string }{{"href", s.Href}, {"si-id", s.ID}, {"text", s.Text}} {
		if err := representable(protoSI, f.name, f.text); err != nil {
			return err
		}
	}
	for i := range s.Info {
		for _, f := range [...]struct{ name, text string }{{"class", s.Info[i].Class}, {"item", s.Info[i].Text}} {
			if err := representable(protoSI, f.name, f.text); err != nil {
				return err
			}
		}
	}
	switch {
	case !s.Action.ofSI():
		return wire.Unencodable(protoSI, "action", wire.ErrValue)
	case !s.Created.IsZero() && !hasDate(s.Created):
		return wire.Unencodable(protoSI, "created", wire.ErrValue)
	case !s.Expires.IsZero() && !hasDate(s.Expires):
		return wire.Unencodable(protoSI, "si-expires", wire.ErrValue)
	}
	return nil
}

// representable tells whether a string of WBXML in UTF-8 can hold the text.
func representable(proto, field, text string) error {
	switch {
	case strings.IndexByte(text, 0) >= 0, !utf8.ValidString(text):
		return wire.Unencodable(proto, field, wire.ErrValue)
	case len(text) > wbxml.MaxString:
		return wire.Unencodable(proto, field, wire.ErrTooLong)
	}
	return nil
}

func (s *ServiceIndication) appendIndication(dst []byte) []byte {
	at := len(dst)
	dst = append(dst, siIndication)
	if s.Href != "" {
		dst = appendURI(dst, siHref, s.Href)
	}
	if s.ID != "" {
		dst = wbxml.AppendString(append(dst, siID), s.ID)
	}
	if s.Action != 0 {
		dst = append(dst, siSignalNone+byte(s.Action-SignalNone))
	}
	if !s.Created.IsZero() {
		dst = appendDate(append(dst, siCreated), s.Created)
	}
	if !s.Expires.IsZero() {
		dst = appendDate(append(dst, siExpires), s.Expires)
	}
	return finish(dst, at, s.Text)
}

// finish ends the attributes of the tag at dst[at], if there are any, and
// appends its text.
func finish(dst []byte, at int, text string) []byte {
	if len(dst) > at+1 {
		dst[at] |= hasAttributes
		dst = append(dst, wbxml.End)
	}
	if text != "" {
		dst[at] |= hasContent
		dst = append(wbxml.AppendString(dst, text), wbxml.End)
	}
	return dst
}

func (i *Item) append(dst []byte) []byte {
	at := len(dst)
	dst = append(dst, siItem)
	if i.Class != "" {
		dst = wbxml.AppendString(append(dst, siClass), i.Class)
	}
	return finish(dst, at, i.Text)
}

// Decode fills s from b, which must be one whole document.
func (s *ServiceIndication) Decode(b []byte) error {
	c := wire.NewCursor(protoSI, b)
	return s.read(&c)
}

// ReadSI reads a Service Indication.
func ReadSI(c *wire.Cursor) (*ServiceIndication, error) {
	s := new(ServiceIndication)
	if err := s.read(c); err != nil {
		return nil, err
	}
	return s, nil
}

func (s *ServiceIndication) read(c *wire.Cursor) error {
	*s = ServiceIndication{}
	root := readDocument(c, wbxml.SI, "si")
	if root == nil {
		return c.Err()
	}
	found := false
	for i := range root.Content {
		switch e := root.Content[i].Element; {
		case e == nil:
		case e.Name == "indication" && found:
			c.FailAt(e.Offset, "indication", wire.ErrValue)
		case e.Name == "indication":
			found = true
			s.indication(c, e)
		case e.Name == "info":
			s.info(c, e)
		}
	}
	if !found {
		c.FailAt(root.Offset, "indication", wire.ErrMissing)
	}
	return c.Err()
}

// readDocument reads a document that must be of this language, or of one that
// its header does not tell. It is nil after an error.
func readDocument(c *wire.Cursor, l *wbxml.Language, root string) *wbxml.Element {
	start := c.Off()
	d, err := wbxml.ReadAs(c, l)
	if err != nil {
		return nil
	}
	const unknown = 1
	if other, known := wbxml.LanguageOf(d.PublicID, d.PublicIDText); known && other != l && d.PublicID != unknown {
		c.FailAt(start+1, "public_id", wire.ErrValue)
		return nil
	}
	if d.Root.Name != root {
		c.FailAt(d.Root.Offset, root, wire.ErrMissing)
		return nil
	}
	return d.Root
}

func (s *ServiceIndication) indication(c *wire.Cursor, e *wbxml.Element) {
	for i := range e.Attrs {
		a := &e.Attrs[i]
		switch a.Name {
		case "href":
			s.Href = attrText(c, e, a)
		case "si-id":
			s.ID = attrText(c, e, a)
		case "action":
			s.Action = action(c, e, a, Action.ofSI)
		case "created":
			s.Created = date(c, e, a)
		case "si-expires":
			s.Expires = date(c, e, a)
		}
	}
	s.Text = elementText(c, e)
}

// info takes the items. One info after another is as one.
func (s *ServiceIndication) info(c *wire.Cursor, info *wbxml.Element) {
	for i := range info.Content {
		e := info.Content[i].Element
		if e == nil || e.Name != "item" {
			continue
		}
		item := Item{Text: elementText(c, e)}
		if a := e.Attr("class"); a != nil {
			item.Class = attrText(c, e, a)
		}
		s.Info = append(s.Info, item)
	}
}

// once refuses an attribute that e has twice: which one counts, nobody can say.
func once(c *wire.Cursor, e *wbxml.Element, a *wbxml.Attr) {
	if c.Err() == nil && e.Attr(a.Name) != a {
		c.FailAt(a.Offset, a.Name, wire.ErrValue)
	}
}

// attrText is a value that may have come as octets.
func attrText(c *wire.Cursor, e *wbxml.Element, a *wbxml.Attr) string {
	once(c, e, a)
	return characters(c, a.Offset, a.Name, a.Value+string(a.Opaque))
}

func elementText(c *wire.Cursor, e *wbxml.Element) string {
	return characters(c, e.Offset, e.Name, e.Text())
}

// characters refuses octets that are no characters or that no string can hold,
// and what has grown too long.
func characters(c *wire.Cursor, off int, field, s string) string {
	if strings.IndexByte(s, 0) >= 0 || !utf8.ValidString(s) {
		c.FailAt(off, field, wire.ErrValue)
	}
	if len(s) > wbxml.MaxString {
		c.FailAt(off, field, wire.ErrTooLong)
	}
	return s
}

func action(c *wire.Cursor, e *wbxml.Element, a *wbxml.Attr, allowed func(Action) bool) Action {
	v, ok := ParseAction(attrText(c, e, a))
	if !ok || !allowed(v) {
		c.FailAt(a.Offset, "action", wire.ErrValue)
	}
	return v
}

// date takes octets, as it should be, and text.
func date(c *wire.Cursor, e *wbxml.Element, a *wbxml.Attr) time.Time {
	once(c, e, a)
	t, ok := parseDate(a.Opaque)
	if a.Opaque == nil {
		t, ok = parseDateText(a.Value)
	}
	if !ok {
		c.FailAt(a.Offset, a.Name, wire.ErrValue)
		return time.Time{}
	}
	return t
}
