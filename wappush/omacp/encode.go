package omacp

import (
	"strings"
	"unicode/utf8"

	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/wappush/wbxml"
)

const proto = "cp"

// Tags, with the flags that they always have here.
const (
	tagDocument       = 0x05 | wbxml.HasContent
	tagCharacteristic = 0x06 | wbxml.HasAttributes
	tagParm           = 0x07 | wbxml.HasAttributes
)

// Options is how a document is written where there is a choice.
type Options struct {
	// Conservative goes back to code page 0 before every value that has no token
	// on page 1, as older encoders do. Devices are known to take either; some
	// tools know the token of a value on page 0 only.
	Conservative bool
}

// Append appends d as WBXML 1.3 in UTF-8, without a string table. It does not
// look whether the document makes sense: see Validate.
func (d *Document) Append(dst []byte) ([]byte, error) { return d.AppendWith(dst, Options{}) }

// AppendWith is Append with options.
func (d *Document) AppendWith(dst []byte, o Options) ([]byte, error) {
	e := encoder{dst: dst, conservative: o.Conservative}
	e.dst = wbxml.AppendHeader(e.dst, &wbxml.Header{PublicID: wbxml.PROV.PublicID(), Charset: wbxml.UTF8})
	if d.Version == "" {
		e.dst = append(e.dst, tagDocument)
	} else {
		e.dst = append(e.dst, tagDocument|wbxml.HasAttributes)
		e.start(versionWords, startVersion, d.Version, "version")
		e.dst = append(e.dst, wbxml.End)
	}
	e.characteristics(d.Characteristics, 2)
	e.dst = append(e.dst, wbxml.End)
	if e.err != nil {
		return dst, e.err
	}
	return e.dst, nil
}

// encoder writes one document. The tag page is 0 all the time.
type encoder struct {
	dst          []byte
	page         byte // of attributes; it survives the ends of elements
	conservative bool
	err          error
}

func (e *encoder) fail(field string, err error) {
	if e.err == nil {
		e.err = wire.Unencodable(proto, field, err)
	}
}

func (e *encoder) characteristics(cs []Characteristic, depth int) {
	if len(cs) > 0 && depth >= wbxml.MaxDepth { // a parm is one deeper
		e.fail("characteristic", wire.ErrTooLong)
	}
	for i := range cs {
		if e.err != nil {
			return
		}
		e.characteristic(&cs[i], depth)
	}
}

func (e *encoder) characteristic(c *Characteristic, depth int) {
	inside := len(c.Parms) > 0 || len(c.Characteristics) > 0
	tag := byte(tagCharacteristic)
	if inside {
		tag |= wbxml.HasContent
	}
	e.dst = append(e.dst, tag)
	e.start(typeWords, startType, c.Type, "type")
	e.dst = append(e.dst, wbxml.End)
	if !inside {
		return
	}
	for i := range c.Parms {
		e.parm(&c.Parms[i])
	}
	e.characteristics(c.Characteristics, depth+1)
	e.dst = append(e.dst, wbxml.End)
}

func (e *encoder) parm(p *Parm) {
	e.dst = append(e.dst, tagParm)
	e.start(nameWords, startName, p.Name, "name")
	switch {
	case !p.NoValue:
		e.value(p.Value)
	case p.Value != "":
		e.fail("value", wire.ErrValue)
	}
	e.dst = append(e.dst, wbxml.End)
}

// start appends the attribute start that implies the text, on the page that has
// it, or else the one for any text, which both pages have.
func (e *encoder) start(w *words, otherwise byte, text, field string) {
	token := w.find(text)
	switch {
	case token == [2]byte{}:
		e.dst = append(e.dst, otherwise)
		e.string(text, field)
		return
	case token[e.page] == 0:
		e.turn()
	}
	e.dst = append(e.dst, token[e.page])
}

// turn goes to the other page.
func (e *encoder) turn() {
	e.page ^= 1
	e.dst = wbxml.AppendPage(e.dst, e.page)
}

func (e *encoder) value(text string) {
	token := valueWords.find(text)
	if e.conservative && e.page == 1 && token[1] == 0 {
		e.turn()
	}
	e.dst = append(e.dst, startValue)
	switch {
	case token[e.page] != 0:
		e.dst = append(e.dst, token[e.page])
	case text != "":
		e.string(text, "value")
	}
}

func (e *encoder) string(s, field string) {
	switch {
	case len(s) > wbxml.MaxString:
		e.fail(field, wire.ErrTooLong)
	case strings.IndexByte(s, 0) >= 0, !utf8.ValidString(s):
		e.fail(field, wire.ErrValue)
	}
	e.dst = wbxml.AppendString(e.dst, s)
}
