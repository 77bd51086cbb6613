package wbxml

import (
	"bytes"
	"unicode/utf8"

	"github.com/otagate/otagate/internal/wire"
)

func (h *Header) read(c *wire.Cursor) {
	h.Version = c.U8("version")
	switch {
	case h.Version >= 1 && h.Version <= 3:
		c.Note("1." + string('0'+h.Version))
	case c.Err() == nil:
		c.FailAt(c.Off()-1, "version", wire.ErrUnsupported)
	}
	h.PublicID = c.Uintvar("public_id")
	at, index := 0, uint32(0)
	if h.PublicID == 0 {
		at = c.Off()
		index = c.Uintvar("public_id index")
	}
	charsetAt := c.Off()
	h.Charset = c.Uintvar("charset")
	switch h.Charset {
	case CharsetUnknown, USASCII, ISO88591, UTF8:
	default:
		c.FailAt(charsetAt, "charset", wire.ErrUnsupported)
	}
	tableAt := c.Off()
	n := c.Uintvar("string table length")
	if n > MaxTable {
		c.FailAt(tableAt, "string table length", wire.ErrTooLong)
		return
	}
	if n > 0 {
		h.Strings = c.Bytes(int(n), "string table")
		if h.PublicID > EMN.id || h.PublicID <= 1 || h.PublicID == PROV.id {
			c.Secret() // it may have those of the document
		}
	}
	if h.PublicID == 0 && c.Err() == nil {
		text, ok := h.lookup(index)
		if !ok || !utf8.Valid(text) {
			c.FailAt(at, "public_id index", wire.ErrValue)
		}
		h.PublicIDText = string(text)
	}
}

// lookup is the string at an index of the table.
func (h *Header) lookup(index uint32) ([]byte, bool) {
	if uint64(index) >= uint64(len(h.Strings)) {
		return nil, false
	}
	s, _, ok := bytes.Cut(h.Strings[index:], []byte{0})
	return s, ok
}

// AppendHeader appends the header with its string table. A version of 0 is
// written as 1.3. A public id of 0 refers to PublicIDText, which is put into the
// table when it is not there.
func AppendHeader(dst []byte, h *Header) []byte {
	version := h.Version
	if version == 0 {
		version = 0x03
	}
	dst = append(dst, version)
	dst = wire.AppendUintvar(dst, h.PublicID)
	n, missing := len(h.Strings), false
	if h.PublicID == 0 {
		at := find(h.Strings, h.PublicIDText)
		if missing = at < 0; missing {
			at = len(h.Strings)
			n += len(h.PublicIDText) + 1
		}
		dst = wire.AppendUintvar(dst, uint32(at))
	}
	dst = wire.AppendUintvar(dst, h.Charset)
	dst = wire.AppendUintvar(dst, uint32(n))
	dst = append(dst, h.Strings...)
	if missing {
		dst = append(append(dst, h.PublicIDText...), 0)
	}
	return dst
}

// find is the index of s in the table, as a whole entry; -1 when it is not there.
func find(table []byte, s string) int {
	for at := 0; at < len(table); {
		n := bytes.IndexByte(table[at:], 0)
		if n < 0 {
			break
		}
		if string(table[at:at+n]) == s {
			return at
		}
		at += n + 1
	}
	return -1
}

// AppendString appends s as an inline string. A NUL would end it: the caller
// has looked.
func AppendString(dst []byte, s string) []byte {
	dst = append(dst, StrI)
	dst = append(dst, s...)
	return append(dst, 0)
}

// AppendOpaque appends b as OPAQUE.
func AppendOpaque(dst, b []byte) []byte {
	dst = append(dst, OpaqueData)
	dst = wire.AppendUintvar(dst, uint32(len(b)))
	return append(dst, b...)
}

// AppendPage appends a switch to another code page, of tags or of attributes
// according to where it stands.
func AppendPage(dst []byte, page byte) []byte { return append(dst, SwitchPage, page) }
