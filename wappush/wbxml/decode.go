package wbxml

import (
	"unicode/utf8"

	"github.com/otagate/otagate/internal/wire"
)

// Decode fills d from b, which must be one whole document. Without a language
// the public id chooses one. The string table and what is OPAQUE alias b.
func (d *Document) Decode(b []byte, l *Language) error {
	c := wire.NewCursor(proto, b)
	return d.read(&c, l)
}

// Read reads one whole document, the language chosen by its public id.
func Read(c *wire.Cursor) (*Document, error) { return ReadAs(c, nil) }

// ReadAs is Read of a document whose language is known; nil leaves it to the
// public id.
func ReadAs(c *wire.Cursor, l *Language) (*Document, error) {
	d := new(Document)
	if err := d.read(c, l); err != nil {
		return nil, err
	}
	return d, nil
}

func (d *Document) read(c *wire.Cursor, l *Language) error {
	*d = Document{Language: l}
	d.Header.read(c)
	if l == nil {
		d.Language, _ = LanguageOf(d.PublicID, d.PublicIDText)
		if root, _ := c.Peek(); d.Language == LegacyOTA && root == rootSyncML {
			d.Language = SyncML // some clients do not say so
		}
	}
	p := decoder{c: c, d: d, l: d.Language}
	p.aside()
	d.Root = p.element(1)
	p.aside()
	if tr := c.Trace(); c.End() == nil && tr != nil {
		d.show(tr)
	}
	return c.Err()
}

// decoder has the state of a document being read.
type decoder struct {
	c    *wire.Cursor
	d    *Document
	l    *Language
	path [MaxDepth]*Element // down to the present one
	tag  byte               // page of tags
	attr byte               // page of attributes

	parts    int
	expanded int
}

// aside reads what may stand before and behind the root element.
func (p *decoder) aside() {
	for {
		o, ok := p.c.Peek()
		switch {
		case ok && o == SwitchPage && p.d.Root == nil:
			p.page(&p.tag)
		case ok && o == PI:
			p.instruction()
		default:
			return
		}
	}
}

func (p *decoder) page(current *byte) {
	p.c.U8("SWITCH_PAGE")
	*current = p.c.U8("page")
}

func (p *decoder) fail(off int, field string, err error) { p.c.FailAt(off, field, err) }

func (p *decoder) anomaly(off int, what string) {
	p.c.Note(what)
	if p.c.Err() == nil && len(p.d.Anomalies) < maxAnomaly {
		p.d.Anomalies = append(p.d.Anomalies, Anomaly{off, what})
	}
}

// part counts what takes memory.
func (p *decoder) part(off int, field string) {
	if p.parts++; p.parts > maxParts {
		p.fail(off, field, wire.ErrTooLong)
	}
}

// expand counts text that is longer than the octets that stand for it.
func (p *decoder) expand(off, n int, field string) {
	if p.expanded += n; p.expanded > maxExpanded {
		p.fail(off, field, wire.ErrTooLong)
	}
}

// element reads a tag and all that belongs to it.
func (p *decoder) element(depth int) *Element {
	e := &Element{Offset: p.c.Off(), Page: p.tag}
	o, _ := p.c.Peek()
	name, known := p.l.Tag(p.tag, o)
	literal := o&tagIdentity == Literal
	switch {
	case literal:
		p.c.Group("literal")
	case known:
		p.c.Group(name)
	default:
		name = numbered(tagNumber, o&tagIdentity)
		p.c.Group(name)
	}
	defer p.c.EndGroup()
	p.c.U8("tag")
	p.c.Hexadecimal()
	switch {
	case depth > MaxDepth:
		p.fail(e.Offset, "tag", wire.ErrTooLong)
	case literal:
		name = p.literal("tag name")
	case o&tagIdentity < firstToken:
		p.fail(e.Offset, "tag", wire.ErrValue)
	case !known:
		p.anomaly(e.Offset, "unknown "+name)
	}
	e.Name = name
	p.part(e.Offset, "tag")
	if p.c.Err() != nil {
		return e
	}
	p.path[depth-1] = e
	if o&HasAttributes != 0 {
		p.attributes(e)
	}
	if o&HasContent != 0 {
		p.content(e, depth)
	}
	return e
}

// literal reads a name out of the string table. Octets that are no characters
// name nothing that could be shown or written again.
func (p *decoder) literal(field string) string {
	off := p.c.Off()
	name := string(p.reference(field))
	if !utf8.ValidString(name) {
		p.fail(off, field, wire.ErrValue)
	}
	p.c.Note(name)
	return name
}

// reference reads an index into the string table and gives what is there.
func (p *decoder) reference(field string) []byte {
	off := p.c.Off()
	index := p.c.Uintvar(field)
	if p.c.Err() != nil {
		return nil
	}
	s, ok := p.d.lookup(index)
	if !ok {
		p.fail(off, field, wire.ErrValue)
		return nil
	}
	p.expand(off, len(s)+1, field)
	return s
}

func (p *decoder) attributes(e *Element) {
	secret := p.l.parmSecret(e)
	for p.c.Err() == nil {
		o, ok := p.c.Peek()
		switch {
		case !ok:
			p.c.U8("attribute") // fails
		case o == End:
			p.c.U8("end of attributes")
			return
		case o == SwitchPage:
			p.page(&p.attr)
		default:
			e.Attrs = append(e.Attrs, p.attribute(&secret))
			secret.see(&e.Attrs[len(e.Attrs)-1])
		}
	}
}

// attribute reads a start and the value behind it.
func (p *decoder) attribute(secret *parmSecret) Attr {
	a := Attr{Offset: p.c.Off(), Page: p.attr}
	var v value
	o := p.c.U8("attribute")
	p.c.Hexadecimal()
	name, prefix, known := p.l.Start(p.attr, o)
	switch {
	case o == Literal:
		name = p.literal("attribute name")
	case o >= firstValue || o < firstToken || isGlobal(o):
		p.fail(a.Offset, "attribute", wire.ErrValue)
	case known && prefix != "":
		p.c.Note(name + "=" + prefix)
		v.text = append(v.text, prefix...)
		p.expand(a.Offset, len(prefix), "attribute")
	case known:
		p.c.Note(name)
	default:
		name = numbered(attrNumber, o)
		p.anomaly(a.Offset, "unknown "+name)
	}
	a.Name = name
	p.part(a.Offset, "attribute")
	p.value(&v, secret.hides(name))
	a.Value, a.Opaque = v.result()
	a.NoValue = v.pieces == 0 && a.Value == ""
	return a
}

// isGlobal tells the tokens that no code page assigns.
func isGlobal(o byte) bool { return o&tagIdentity < firstToken }

// value is an attribute value of several pieces.
type value struct {
	text   []byte
	opaque []byte // when it is the only piece
	pieces int
}

func (v *value) result() (string, []byte) {
	if v.opaque != nil {
		return "", v.opaque
	}
	return string(v.text), nil
}

// value reads pieces as long as there are any.
func (p *decoder) value(v *value, secret bool) {
	for p.c.Err() == nil {
		o, ok := p.c.Peek()
		if ok && o == SwitchPage {
			// It may stand before the next attribute, too; there is no difference.
			p.page(&p.attr)
			continue
		}
		if !ok || !isPiece(o) {
			break
		}
		p.piece(v, o)
		if secret {
			p.c.Secret()
		}
	}
	if containsNUL(v.text) {
		p.c.Fail("attribute", wire.ErrUnsupported) // octets amid text, which no string can hold
	}
}

func (p *decoder) piece(v *value, o byte) {
	off := p.c.Off()
	if v.opaque != nil {
		v.text, v.opaque = p.octets(nil, v.opaque), nil
	}
	switch {
	case o == OpaqueData:
		b := p.opaque()
		if v.pieces == 0 && len(v.text) == 0 && len(b) > 0 {
			v.opaque = b
		} else {
			v.text = p.octets(v.text, b)
		}
	case o >= firstValue && !isGlobal(o):
		v.text = append(v.text, p.valueToken(o)...)
	default:
		v.text = p.text(v.text)
	}
	v.pieces++
	p.bounded(off, len(v.text))
}

// isPiece tells whether a token may be a piece of an attribute value.
func isPiece(o byte) bool {
	switch o {
	case Entity, StrI, StrT, OpaqueData, ExtI0, ExtI0 + 1, ExtI0 + 2, ExtT0, ExtT0 + 1, ExtT0 + 2, Ext0, Ext0 + 1, Ext0 + 2:
		return true
	}
	return o >= firstValue && !isGlobal(o)
}

func (p *decoder) valueToken(o byte) string {
	off := p.c.Off()
	p.c.U8("value")
	p.c.Hexadecimal()
	s, ok := p.l.Value(p.attr, o)
	if ok {
		p.c.Note(s)
	} else {
		s = numbered(valueNumber, o)
		p.anomaly(off, "unknown "+s)
	}
	p.expand(off, len(s), "value")
	return s
}

func (p *decoder) bounded(off, n int) {
	if n > MaxString {
		p.fail(off, "text", wire.ErrTooLong)
	}
}

func (p *decoder) opaque() []byte {
	p.c.U8("OPAQUE")
	n := p.c.Uintvar("OPAQUE length")
	if n > MaxString {
		p.c.Fail("OPAQUE length", wire.ErrTooLong)
	}
	return p.c.Bytes(int(n), "octets")
}

// content reads up to the END of e.
func (p *decoder) content(e *Element, depth int) {
	var text []byte
	at := 0
	flush := func() {
		if len(text) > 0 {
			p.part(at, "text")
			e.Content = append(e.Content, Node{Text: string(text), Offset: at})
			text = text[:0]
		}
	}
	secret := p.hidesContent(depth)
	for p.c.Err() == nil {
		off := p.c.Off()
		o, ok := p.c.Peek()
		switch {
		case !ok:
			p.c.U8("content") // fails
		case o == End:
			p.c.U8("end")
			flush()
			return
		case o == SwitchPage:
			p.page(&p.tag)
		case o == PI:
			p.instruction()
		case o == OpaqueData:
			flush()
			b := p.opaque()
			if secret {
				p.c.Secret()
			}
			if len(b) > 0 {
				p.part(off, "OPAQUE")
				e.Content = append(e.Content, Node{Opaque: b, Offset: off})
			}
		case o == Entity, o == StrI, isGlobal(o) && o&tagIdentity != Literal:
			if len(text) == 0 {
				at = off
			}
			text = p.text(text)
			if secret {
				p.c.Secret()
			}
			p.bounded(off, len(text))
		default:
			flush()
			e.Content = append(e.Content, Node{Element: p.element(depth + 1), Offset: off})
		}
	}
}

// text appends a string, an entity, or nothing for an extension.
func (p *decoder) text(dst []byte) []byte {
	off := p.c.Off()
	o, _ := p.c.Peek()
	switch o {
	case StrI:
		p.c.U8("STR_I")
		return p.octets(dst, p.c.CString(MaxString+1, "string"))
	case StrT:
		p.c.U8("STR_T")
		s := p.reference("string")
		if p.c.Trace() != nil {
			p.c.Note(printable(s))
		}
		return p.octets(dst, s)
	case Entity:
		p.c.U8("ENTITY")
		v := p.c.Uintvar("character")
		if p.c.Err() == nil && (v == 0 || v > utf8.MaxRune || !utf8.ValidRune(rune(v))) {
			p.fail(off, "character", wire.ErrValue)
			return dst
		}
		return utf8.AppendRune(dst, rune(v))
	case ExtI0, ExtI0 + 1, ExtI0 + 2:
		p.c.U8("EXT_I")
		p.c.CString(MaxString+1, "string")
	case ExtT0, ExtT0 + 1, ExtT0 + 2:
		p.c.U8("EXT_T")
		p.c.Uintvar("number")
	default:
		p.c.U8("EXT")
	}
	p.anomaly(off, "extension token skipped")
	return dst
}

// octets appends s, which is in the charset of the document, as UTF-8.
func (p *decoder) octets(dst, s []byte) []byte {
	if p.d.Charset != ISO88591 {
		return append(dst, s...)
	}
	for _, o := range s {
		dst = utf8.AppendRune(dst, rune(o))
	}
	return dst
}

// instruction skips a processing instruction, which has the form of an
// attribute with an END.
func (p *decoder) instruction() {
	off := p.c.Off()
	p.c.Group("processing instruction")
	defer p.c.EndGroup()
	p.c.U8("PI")
	p.anomaly(off, "processing instruction skipped")
	p.attribute(&parmSecret{})
	if p.c.U8("end") != End {
		p.fail(p.c.Off()-1, "end", wire.ErrValue)
	}
}
