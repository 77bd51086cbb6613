package iota

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/wappush/xmldoc"
)

// AppendXML appends the document or report alone. It fails where something is
// missing or not allowed; nothing is appended then.
func (d *Dialect) AppendXML(dst []byte, m *Message) ([]byte, error) {
	if _, field, err := m.fault(d); err != nil {
		return dst, wire.Unencodable(proto, field, err)
	}
	w := writer{dst: append(dst, "<?xml version=\"1.0\"?>\n"...)}
	if d.PublicID != "" {
		w.doctype(d)
	}
	if m.Document != nil {
		w.document(d, m.Document)
	} else {
		w.report(d, m.Report)
	}
	if w.err != nil {
		return dst, w.err
	}
	return w.dst, nil
}

// writer appends elements and keeps the first fault.
type writer struct {
	dst []byte
	err error
}

func (w *writer) doctype(d *Dialect) {
	w.dst = fmt.Appendf(w.dst, `<!DOCTYPE %s PUBLIC "%s"`, d.Elements.MMC, d.PublicID)
	if d.SystemID != "" {
		w.dst = fmt.Appendf(w.dst, ` "%s"`, d.SystemID)
	}
	w.dst = append(w.dst, ">\n"...)
}

func (w *writer) document(d *Dialect, m *Document) {
	a := &d.Attributes
	w.open(d.Elements.MMC)
	w.text(a.StatusURI, m.StatusURI)
	w.text(a.MMCID, string(m.MMCID))
	w.inside()
	for i := range m.Methods {
		w.method(d, &m.Methods[i])
	}
	w.close(d.Elements.MMC)
}

func (w *writer) method(d *Dialect, m *Method) {
	a := &d.Attributes
	w.open(d.Elements.Method)
	w.subject(d, m.ID, m.Name, m.Object)
	w.content(a, m.Value, m.EmptyValue, m.ValueRef)
	if m.ReportStatus {
		w.text(a.ReportStatus, "true")
	}
	if m.Size != 0 {
		w.text(a.Size, strconv.FormatUint(uint64(m.Size), 10))
	}
	if m.Size != 0 || m.Offset != 0 {
		w.text(a.Offset, strconv.FormatUint(uint64(m.Offset), 10))
	}
	w.empty()
}

func (w *writer) report(d *Dialect, m *Report) {
	a := &d.Attributes
	w.open(d.Elements.MMC)
	w.inside()
	w.open(d.Elements.Status)
	w.word(a.Status, d.Statuses, string(m.Status))
	w.text(a.MMCID, string(m.MMCID))
	w.inside()
	for i := range m.Details {
		k := &m.Details[i]
		w.open(d.Elements.Detail)
		w.subject(d, k.ID, k.Name, k.Object)
		w.content(a, k.Value, k.EmptyValue, k.ValueRef)
		w.word(a.Result, d.Results, string(k.Result))
		w.empty()
	}
	w.close(d.Elements.Status)
	w.close(d.Elements.MMC)
}

func (w *writer) subject(d *Dialect, id string, n Name, o Object) {
	w.text(d.Attributes.ID, id)
	w.word(d.Attributes.Name, d.Names, string(n))
	if o != "" {
		info, _ := d.Object(o)
		w.text(d.Attributes.Object, info.Theirs)
	}
}

func (w *writer) content(a *Attributes, value string, empty bool, ref ValueRef) {
	if value != "" || empty {
		w.attr(a.Value, value)
	}
	w.text(a.ValueRef, ref.text())
}

func (w *writer) word(name string, words []Word, ours string) {
	s, _ := theirs(words, ours)
	w.text(name, s)
}

// open begins an element, to which attributes follow.
func (w *writer) open(name string) { w.dst = append(append(w.dst, '<'), name...) }

// inside ends the attributes; close ends the element.
func (w *writer) inside() { w.dst = append(w.dst, ">\n"...) }

func (w *writer) close(name string) {
	w.dst = append(append(append(w.dst, "</"...), name...), ">\n"...)
}

// empty ends an element that has nothing inside.
func (w *writer) empty() { w.dst = append(w.dst, "/>\n"...) }

// text writes an attribute unless it is empty.
func (w *writer) text(name, value string) {
	if value != "" {
		w.attr(name, value)
	}
}

func (w *writer) attr(name, value string) {
	if !xmldoc.IsText(value) {
		if w.err == nil {
			w.err = wire.Unencodable(proto, name, wire.ErrValue)
		}
		return
	}
	w.dst = append(append(append(w.dst, ' '), name...), `="`...)
	w.dst = append(xmldoc.AppendEscaped(w.dst, value), '"')
}

// Encode makes the body and its content type. Without parts it is XML, and
// boundary is not looked at; with parts it must be one that none of them has
// inside.
func (d *Dialect) Encode(m *Message, boundary string) (contentType string, body []byte, err error) {
	root, err := d.AppendXML(nil, m)
	if err != nil {
		return "", nil, err
	}
	if _, field, err := m.unresolved(d); err != nil {
		return "", nil, wire.Unencodable(proto, field, err)
	}
	if len(m.Parts) == 0 {
		return d.ContentType, root, nil
	}
	if field, err := m.partFault(); err != nil {
		return "", nil, wire.Unencodable(proto, field, err)
	}
	if !isBoundary(boundary) || bytes.Contains(root, []byte("--"+boundary)) {
		return "", nil, wire.Unencodable(proto, "boundary", wire.ErrValue)
	}
	body = appendPart(nil, boundary, m.RootCID, d.ContentType, root)
	for i := range m.Parts {
		p := &m.Parts[i]
		switch {
		case !m.referred(p.CID):
			return "", nil, wire.Unencodable(proto, headerContentID, fmt.Errorf("nothing refers to <%s>: %w", p.CID, wire.ErrValue))
		case bytes.Contains(p.Octets, []byte("--"+boundary)):
			return "", nil, wire.Unencodable(proto, "boundary", wire.ErrValue)
		}
		body = appendPart(body, boundary, p.CID, typeOctets, p.Octets)
	}
	contentType = typeMultipart + "; boundary=" + boundary
	if m.RootCID != "" {
		contentType += `; start="<` + m.RootCID + `>"`
	}
	contentType += `; type="` + d.ContentType + `"`
	return contentType, append(body, "--"+boundary+"--\r\n"...), nil
}

// appendPart appends one part. It is octets as they are: no client is known to
// undo a transfer encoding.
func appendPart(dst []byte, boundary, cid, contentType string, octets []byte) []byte {
	dst = append(append(append(dst, "--"...), boundary...), "\r\n"...)
	if cid != "" {
		dst = append(append(append(dst, headerContentID+": <"...), cid...), ">\r\n"...)
	}
	dst = append(append(append(dst, headerContentType+": "...), contentType...), "\r\n\r\n"...)
	return append(append(dst, octets...), "\r\n"...)
}

// isBoundary tells whether s can be a boundary without quotes.
func isBoundary(s string) bool {
	for _, o := range []byte(s) {
		if !isUnreserved(o) && strings.IndexByte("'+", o) < 0 {
			return false
		}
	}
	return s != "" && len(s) <= 70
}
