package pap

import (
	"strings"

	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/wappush/xmldoc"
)

// Control is a control entity: the document whose root is pap.
type Control struct {
	Version           Version
	SupportedVersions string // of wap-pap-ver, PAP 2.0; appended as "2.0,1.*" when empty
	ProductName       string
	Message           Message
}

// Message is one of the elements that pap may have.
type Message interface {
	// Element is the name of the element.
	Element() string

	read(r *reader)
	write(w *writer)
}

// newMessage is an empty message of an element's name.
func newMessage(name string) Message {
	switch name {
	case "push-message":
		return new(PushMessage)
	case "push-response":
		return new(PushResponse)
	case "cancel-message":
		return new(CancelMessage)
	case "cancel-response":
		return new(CancelResponse)
	case "resultnotification-message":
		return new(ResultNotificationMessage)
	case "resultnotification-response":
		return new(ResultNotificationResponse)
	case "statusquery-message":
		return new(StatusQueryMessage)
	case "statusquery-response":
		return new(StatusQueryResponse)
	case "ccq-message":
		return new(CCQMessage)
	case "ccq-response":
		return new(CCQResponse)
	case "badmessage-response":
		return new(BadMessageResponse)
	}
	return nil
}

// ParseControl reads a control entity. Every error is an *Error of code 2000.
func ParseControl(b []byte, lim xmldoc.Limits) (*Control, error) {
	doc, err := xmldoc.ParseDocument(b, lim)
	if err != nil {
		return nil, &Error{CodeBadRequest, err}
	}
	c := &Control{Version: versionOf(&doc.Doctype), SupportedVersions: doc.Doctype.PAPVersions}
	r := reader{e: doc.Root}
	if r.e.Name != "pap" {
		r.fail("want pap")
	}
	c.ProductName = r.text("product-name")
	r.children(func(e *xmldoc.Element) {
		m := newMessage(e.Name)
		switch {
		case m == nil:
			r.fail("%s is no message", printable(e.Name))
		case c.Message != nil:
			r.fail("more than one message")
		default:
			inner := reader{e: e}
			m.read(&inner)
			r.take(&inner)
			c.Message = m
		}
	})
	if c.Message == nil {
		r.fail("no message")
	}
	if r.err != nil {
		return nil, &Error{CodeBadRequest, r.err}
	}
	return c, nil
}

// versionOf looks for a number in the identifiers; there are documents whose
// public one has none.
func versionOf(d *xmldoc.Doctype) Version {
	if strings.Contains(d.PublicID, "PAP 2") || strings.Contains(d.SystemID, "pap_2") {
		return Version20
	}
	return Version10
}

// The document types. Only PAP 2.0 has versions inside.
const (
	declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	doctype10   = `<!DOCTYPE pap PUBLIC "-//WAPFORUM//DTD PAP 1.0//EN" "http://www.wapforum.org/DTD/pap_1.0.dtd"`
	doctype20   = `<!DOCTYPE pap PUBLIC "-//WAPFORUM//DTD PAP 2.0//EN" "http://www.wapforum.org/DTD/pap_2.0.dtd"`

	defaultVersions = "2.0,1.*"
)

// AppendXML appends the document. It fails where something required is missing
// or a value is not allowed; nothing is appended then.
func (c *Control) AppendXML(dst []byte) ([]byte, error) {
	w := writer{dst: append(dst, declaration...)}
	switch c.Version {
	case Version10:
		w.dst = append(w.dst, doctype10...)
	case Version20:
		w.dst = append(w.dst, doctype20...)
		w.supported(c.SupportedVersions)
	default:
		w.fail("version", wire.ErrValue)
	}
	w.dst = append(w.dst, ">\n"...)
	w.open("pap")
	w.text("product-name", c.ProductName)
	w.inside()
	if c.Message == nil {
		w.fail("message", wire.ErrMissing)
	} else {
		c.Message.write(&w)
	}
	w.close("pap")
	if w.err != nil {
		return dst, w.err
	}
	return w.dst, nil
}

// supported writes the internal subset of the DOCTYPE.
func (w *writer) supported(versions string) {
	if versions == "" {
		versions = defaultVersions
	}
	if strings.Trim(versions, "0123456789.*,- ") != "" {
		w.fail("supported-versions", wire.ErrValue)
	}
	w.dst = append(append(append(w.dst, ` [<?wap-pap-ver supported-versions="`...), versions...), `"?>]`...)
}
