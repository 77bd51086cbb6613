package wbxml

import (
	"strings"
	"unicode/utf8"

	"github.com/otagate/otagate/internal/wire"
)

// Append appends the document in its language. Names that the language does not
// have go into the string table.
func (d *Document) Append(dst []byte) ([]byte, error) {
	e := encoder{l: d.Language, charset: d.Charset}
	if e.l == nil {
		e.l, _ = LanguageOf(d.PublicID, d.PublicIDText)
	}
	if d.Version > 3 {
		return dst, wire.Unencodable(proto, "version", wire.ErrUnsupported)
	}
	switch d.Charset {
	case CharsetUnknown, USASCII, ISO88591, UTF8:
	default:
		return dst, wire.Unencodable(proto, "charset", wire.ErrUnsupported)
	}
	if d.Root == nil {
		return dst, wire.Unencodable(proto, "root", wire.ErrMissing)
	}
	if d.PublicID == 0 {
		e.index(d.PublicIDText, "public_id")
	}
	e.element(d.Root, 1)
	if len(e.table) > MaxTable {
		e.fail("string table", wire.ErrTooLong)
	}
	if e.err != nil {
		return dst, e.err
	}
	h := d.Header
	h.Strings = e.table
	return append(AppendHeader(dst, &h), e.body...), nil
}

type encoder struct {
	l         *Language
	charset   uint32
	body      []byte
	table     []byte
	tag, attr byte // pages
	err       error
}

func (e *encoder) fail(field string, err error) {
	if e.err == nil {
		e.err = wire.Unencodable(proto, field, err)
	}
}

// index is the place of s in the string table.
func (e *encoder) index(s, field string) uint32 {
	if strings.IndexByte(s, 0) >= 0 {
		e.fail(field, wire.ErrValue)
	}
	at := find(e.table, s)
	if at < 0 {
		at = len(e.table)
		e.table = append(append(e.table, s...), 0)
	}
	if at > MaxTable {
		e.fail("string table", wire.ErrTooLong)
	}
	return uint32(at)
}

func (e *encoder) element(x *Element, depth int) {
	if depth > MaxDepth {
		e.fail(x.Name, wire.ErrTooLong)
	}
	if e.err != nil {
		return
	}
	var flags byte
	if len(x.Attrs) > 0 {
		flags |= HasAttributes
	}
	if len(x.Content) > 0 {
		flags |= HasContent
	}
	if token, ok := e.tagToken(x); ok {
		if x.Page != e.tag {
			e.body, e.tag = AppendPage(e.body, x.Page), x.Page
		}
		e.body = append(e.body, token|flags)
	} else {
		e.body = append(e.body, Literal|flags)
		e.body = wire.AppendUintvar(e.body, e.index(x.Name, "tag"))
	}
	if flags&HasAttributes != 0 {
		for i := range x.Attrs {
			e.attribute(&x.Attrs[i])
		}
		e.body = append(e.body, End)
	}
	if flags&HasContent != 0 {
		for i := range x.Content {
			e.node(&x.Content[i], depth)
		}
		e.body = append(e.body, End)
	}
}

// tagToken is the token of the element on its page, or the number that its name
// gives for want of one.
func (e *encoder) tagToken(x *Element) (byte, bool) {
	if token, ok := e.l.TagToken(x.Page, x.Name); ok {
		return token, true
	}
	token, ok := numberOf(tagNumber, x.Name)
	if !ok || token < firstToken || token > tagIdentity {
		return 0, false
	}
	_, assigned := e.l.Tag(x.Page, token)
	return token, !assigned
}

func (e *encoder) node(n *Node, depth int) {
	switch {
	case n.Element != nil:
		e.element(n.Element, depth+1)
	case n.Opaque != nil:
		if len(n.Opaque) > MaxString {
			e.fail("octets", wire.ErrTooLong)
		}
		e.body = AppendOpaque(e.body, n.Opaque)
	default:
		e.string(n.Text, "text")
	}
}

func (e *encoder) attribute(a *Attr) {
	rest := e.start(a)
	switch {
	case e.err != nil:
	case len(a.Opaque) > MaxString || len(a.Value) > MaxString:
		e.fail(a.Name, wire.ErrTooLong)
	case a.Opaque != nil:
		e.body = AppendOpaque(e.body, a.Opaque)
	case a.Value == "" && !a.NoValue:
		e.body = AppendString(e.body, "")
	case rest != "":
		e.value(a, rest)
	}
}

// start appends the attribute start and gives what it does not imply.
func (e *encoder) start(a *Attr) (rest string) {
	if token, ok := numberOf(attrNumber, a.Name); ok && token >= firstToken && token < firstValue && !isGlobal(token) {
		if _, _, assigned := e.l.Start(a.Page, token); !assigned {
			e.attrPage(a.Page)
			e.body = append(e.body, token)
			return a.Value
		}
	}
	// The present page is as good as any; then that of the attribute.
	for _, page := range [...]byte{e.attr, a.Page, 0, 1} {
		if token, rest, ok := e.startOn(page, a); ok {
			e.attrPage(page)
			e.body = append(e.body, token)
			return rest
		}
	}
	e.body = append(e.body, Literal)
	e.body = wire.AppendUintvar(e.body, e.index(a.Name, "attribute"))
	return a.Value
}

// startOn prefers a page where the value is implied.
func (e *encoder) startOn(page byte, a *Attr) (token byte, rest string, ok bool) {
	if e.l == nil {
		return 0, "", false
	}
	if a.Opaque != nil {
		token, ok = e.l.StartToken(page, a.Name, "")
		return token, "", ok
	}
	if token, rest, ok = e.l.LongestStart(page, a.Name, a.Value); !ok || rest == "" || page != e.attr {
		return token, rest, ok
	}
	// Only the name has a token here. Another page may have the value, too.
	for p := range e.l.starts {
		if _, found := e.l.StartToken(byte(p), a.Name, a.Value); found {
			return 0, "", false
		}
	}
	return token, rest, true
}

func (e *encoder) attrPage(page byte) {
	if page != e.attr {
		e.body, e.attr = AppendPage(e.body, page), page
	}
}

// value appends what the start has not implied.
func (e *encoder) value(a *Attr, rest string) {
	if token, ok := e.l.ValueToken(e.attr, rest); ok {
		e.body = append(e.body, token)
		return
	}
	if token, ok := numberOf(valueNumber, rest); ok && token >= firstValue && !isGlobal(token) {
		if _, assigned := e.l.Value(e.attr, token); !assigned {
			e.body = append(e.body, token)
			return
		}
	}
	if e.l == nil || a.Name != e.l.inside {
		e.string(rest, a.Name)
		return
	}
	from := 0
	for i := 0; i < len(rest); {
		token, n := e.l.valuePrefix(e.attr, rest[i:])
		if n == 0 {
			i++
			continue
		}
		if from < i {
			e.string(rest[from:i], a.Name)
		}
		e.body = append(e.body, token)
		i += n
		from = i
	}
	if from < len(rest) {
		e.string(rest[from:], a.Name)
	}
}

// string appends an inline string in the charset of the document.
func (e *encoder) string(s, field string) {
	switch {
	case strings.IndexByte(s, 0) >= 0:
		e.fail(field, wire.ErrValue)
	case len(s) > MaxString:
		e.fail(field, wire.ErrTooLong)
	case e.charset == ISO88591 && !utf8.ValidString(s):
		e.fail(field, wire.ErrValue) // no character, in whatever charset
	case e.charset == ISO88591:
		e.narrow(s, 0xff)
	case e.charset == USASCII && utf8.ValidString(s):
		e.narrow(s, 0x7f)
	default:
		e.body = AppendString(e.body, s)
	}
}

// narrow appends s in a charset of the characters up to last; what that does not
// have becomes entities.
func (e *encoder) narrow(s string, last rune) {
	open := false
	for _, r := range s {
		switch {
		case r > last:
			if open {
				e.body = append(e.body, 0)
			}
			e.body = wire.AppendUintvar(append(e.body, Entity), uint32(r))
		case open:
			e.body = append(e.body, byte(r))
		default:
			e.body = append(e.body, StrI, byte(r))
		}
		open = r <= last
	}
	if s == "" {
		e.body = append(e.body, StrI, 0)
	} else if open {
		e.body = append(e.body, 0)
	}
}
