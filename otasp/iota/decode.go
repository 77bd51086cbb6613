package iota

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/wappush/xmldoc"
)

// ErrEmpty is a body, or an mmc, that has nothing inside: the peer has no more to
// say.
var ErrEmpty = fmt.Errorf("nothing inside: %w", wire.ErrMissing)

// Parse reads a document or report alone, whose parts are elsewhere.
func (d *Dialect) Parse(b []byte, lim Limits) (*Message, error) {
	lim.complete()
	doc, err := parseXML(b, lim)
	if err != nil {
		return nil, err
	}
	x := decoding{d: d, lim: lim, size: len(b)}
	return x.message(doc.Root, nil)
}

func parseXML(b []byte, lim Limits) (*xmldoc.Document, error) {
	if strings.TrimSpace(string(b)) == "" {
		return nil, &wire.Error{Proto: proto, Field: "document", Err: ErrEmpty}
	}
	doc, err := xmldoc.ParseDocument(b, xmldoc.Limits{Size: lim.Document})
	var bad *xmldoc.Error
	if errors.As(err, &bad) {
		return nil, &wire.Error{Proto: proto, Field: "document", Offset: min(bad.Offset, len(b)), Err: fmt.Errorf("%s: %w", bad.Reason, wire.ErrValue)}
	}
	return doc, err
}

// shift moves the offset of an error to that in a longer message.
func shift(err error, by int) error {
	var we *wire.Error
	if errors.As(err, &we) {
		we.Offset += by
	}
	return err
}

// decoding reads one document and keeps the first fault.
type decoding struct {
	d     *Dialect
	lim   Limits
	base  int // offset of the XML in the message
	size  int // of the XML
	err   error
	trace *wire.Trace // or nil
}

func (x *decoding) fail(e *xmldoc.Element, field string, err error) {
	if x.err == nil {
		x.err = &wire.Error{Proto: proto, Field: field, Offset: x.offset(e), Err: err}
	}
}

// offset is where an element begins. It is that in UTF-8, which other encodings
// do not reach.
func (x *decoding) offset(e *xmldoc.Element) int { return x.base + min(e.Offset, x.size) }

// message reads the root. With parts, what refers to them is checked, too.
func (x *decoding) message(root *xmldoc.Element, parts *Message) (*Message, error) {
	m := new(Message)
	if parts != nil {
		*m = *parts
	}
	x.open(root)
	children := x.root(root, m)
	x.close()
	if x.err == nil {
		x.check(root, children, m, parts != nil)
	}
	if x.err != nil {
		return nil, x.err
	}
	return m, nil
}

// root gives the elements of the methods or details.
func (x *decoding) root(root *xmldoc.Element, m *Message) []*xmldoc.Element {
	names := &x.d.Elements
	if root.Name != names.MMC {
		x.fail(root, names.MMC, fmt.Errorf("the root is %.40q: %w", root.Name, wire.ErrValue))
		return nil
	}
	statuses, methods := x.named(root, names.Status), x.named(root, names.Method)
	switch {
	case len(statuses) > 1 || len(statuses) > 0 && len(methods) > 0:
		x.fail(statuses[len(statuses)-1], names.Status, fmt.Errorf("beside a method or another: %w", wire.ErrValue))
	case len(statuses) == 1:
		m.Report = new(Report)
		return x.report(statuses[0], m.Report)
	case len(methods) > 0:
		m.Document = new(Document)
		x.document(root, methods, m.Document)
		return methods
	default:
		x.fail(root, names.MMC, ErrEmpty)
	}
	return nil
}

// named are the elements of a name right inside e, of which there can be
// too many.
func (x *decoding) named(e *xmldoc.Element, name string) (all []*xmldoc.Element) {
	err := e.Children(func(c *xmldoc.Element) error {
		if c.Name == name {
			all = append(all, c)
		}
		return nil
	})
	switch {
	case err != nil:
		x.fail(e, e.Name, fmt.Errorf("text inside: %w", wire.ErrValue))
	case len(all) > x.lim.Methods:
		x.fail(all[x.lim.Methods], name, fmt.Errorf("more than %d: %w", x.lim.Methods, wire.ErrTooLong))
		return nil
	}
	return all
}

// check finds the element of what is wrong with the whole.
func (x *decoding) check(root *xmldoc.Element, children []*xmldoc.Element, m *Message, resolve bool) {
	at, field, err := m.fault(x.d)
	if err == nil && resolve {
		at, field, err = m.unresolved(x.d)
	}
	switch {
	case err == nil:
	case at >= 0:
		x.fail(children[at], field, err)
	default:
		x.fail(root, field, err)
	}
}

func (x *decoding) document(root *xmldoc.Element, methods []*xmldoc.Element, m *Document) {
	a := &x.d.Attributes
	m.StatusURI = x.text(root, a.StatusURI, true)
	m.MMCID = MMCID(strings.TrimSpace(x.text(root, a.MMCID, false)))
	m.Methods = make([]Method, 0, len(methods))
	for _, e := range methods {
		x.open(e)
		m.Methods = append(m.Methods, x.method(e))
		x.close()
	}
}

func (x *decoding) method(e *xmldoc.Element) (m Method) {
	a := &x.d.Attributes
	m.ID = x.text(e, a.ID, false)
	m.Name = x.name(e)
	if m.Name.ofObject() {
		m.Object = x.object(e)
	}
	if m.Name == NameWrite {
		m.Value, m.EmptyValue, m.ValueRef = x.content(e, m.Object)
	}
	m.ReportStatus = x.text(e, a.ReportStatus, false) == "true"
	if m.Name.ofObject() {
		m.Size = x.number(e, a.Size)
		m.Offset = x.number(e, a.Offset)
	}
	return m
}

// report gives the elements of the details.
func (x *decoding) report(e *xmldoc.Element, m *Report) []*xmldoc.Element {
	x.open(e)
	defer x.close()
	a := &x.d.Attributes
	status, _ := ours(x.d.Statuses, x.text(e, a.Status, false))
	m.Status = Status(status)
	m.MMCID = MMCID(strings.TrimSpace(x.text(e, a.MMCID, false)))
	details := x.named(e, x.d.Elements.Detail)
	for _, c := range details {
		x.open(c)
		m.Details = append(m.Details, x.detail(c))
		x.close()
	}
	return details
}

func (x *decoding) detail(e *xmldoc.Element) (m Detail) {
	a := &x.d.Attributes
	m.ID = x.text(e, a.ID, false)
	m.Name = x.name(e)
	if m.Name.ofObject() {
		m.Object = x.object(e)
		m.Value, m.EmptyValue, m.ValueRef = x.content(e, m.Object)
	}
	result, _ := ours(x.d.Results, x.text(e, a.Result, false))
	m.Result = Result(result)
	return m
}

// text is an attribute, empty when there is none.
func (x *decoding) text(e *xmldoc.Element, name string, secret bool) string {
	s, there := e.Attr(name)
	if there {
		x.show(e, name, s, secret)
	}
	return s
}

// show puts an attribute into the trace, at the offset of its element: xmldoc
// does not say more.
func (x *decoding) show(e *xmldoc.Element, name, value string, secret bool) {
	if x.trace == nil {
		return
	}
	off := x.offset(e)
	x.trace.Open(off, min(len(value), x.base+x.size-off), name)
	f := &x.trace.Fields[len(x.trace.Fields)-1]
	f.Value, f.Secret = strconv.Quote(value), secret
	x.trace.Close()
}

func (x *decoding) open(e *xmldoc.Element) {
	if x.trace != nil {
		x.trace.Open(x.offset(e), 0, e.Name)
	}
}

func (x *decoding) close() {
	if x.trace != nil {
		x.trace.Close()
	}
}

func (x *decoding) name(e *xmldoc.Element) Name {
	name, _ := ours(x.d.Names, x.text(e, x.d.Attributes.Name, false))
	return Name(name)
}

func (x *decoding) object(e *xmldoc.Element) Object {
	s := x.text(e, x.d.Attributes.Object, false)
	for i := range x.d.Objects {
		if x.d.Objects[i].Theirs == s {
			return x.d.Objects[i].Object
		}
	}
	return Object(s)
}

// content reads a value or the reference instead of it.
func (x *decoding) content(e *xmldoc.Element, o Object) (value string, empty bool, ref ValueRef) {
	a := &x.d.Attributes
	if s, there := e.Attr(a.Value); there {
		value, empty = s, s == ""
		x.show(e, a.Value, s, x.d.secret(o) && s != "")
	}
	s, there := e.Attr(a.ValueRef)
	if !there {
		return value, empty, ref
	}
	ref, err := parseValueRef(s)
	x.show(e, a.ValueRef, s, ref.CID == "")
	if err == nil && s == "" {
		err = wire.ErrMissing
	}
	if err != nil {
		x.fail(e, a.ValueRef, err)
	}
	return value, empty, ref
}

// number is 0 when there is none.
func (x *decoding) number(e *xmldoc.Element, name string) uint32 {
	s := strings.TrimSpace(x.text(e, name, false))
	if s == "" {
		return 0
	}
	n, err := strconv.ParseUint(s, 10, 32)
	if err != nil {
		x.fail(e, name, fmt.Errorf("want a number: %w", wire.ErrValue))
	}
	return uint32(n)
}
