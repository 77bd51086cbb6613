package wappush

import (
	"fmt"
	"net/url"
	"unicode/utf8"

	"github.com/otagate/otagate/wappush/xmldoc"
)

// Bounds of what is sent. The standards have none; a push has to fit a handful
// of SMS, and handsets keep little of it.
const (
	MaxHref = 1024 // octets
	MaxID   = 255
	MaxText = 1024
)

// InvalidError says what must not be sent.
type InvalidError struct {
	Element string
	Reason  string
}

func (e *InvalidError) Error() string { return fmt.Sprintf("<%s>: %s", e.Element, e.Reason) }

func invalid(element, format string, args ...any) error {
	return &InvalidError{element, fmt.Sprintf(format, args...)}
}

// Validate says whether s makes sense to a handset: an *InvalidError, or nil.
func (s *ServiceIndication) Validate() error {
	const element = "indication"
	if err := validHref(element, s.Href); err != nil {
		return err
	}
	if err := validText(element, "si-id", s.ID, MaxID); err != nil {
		return err
	}
	if err := validText(element, "text", s.Text, MaxText); err != nil {
		return err
	}
	switch {
	case !s.Action.ofSI():
		return invalid(element, "action %v is none of a Service Indication", s.Action)
	case s.Action == Delete && s.ID == "":
		return invalid(element, "action delete without si-id")
	case !s.Created.IsZero() && !hasDate(s.Created):
		return invalid(element, "created is no date of the years 1 to 9999")
	case !s.Expires.IsZero() && !hasDate(s.Expires):
		return invalid(element, "si-expires is no date of the years 1 to 9999")
	case !s.Expires.IsZero() && s.Expires.Before(s.Created):
		return invalid(element, "si-expires is before created")
	}
	for i := range s.Info {
		if err := s.Info[i].validate(); err != nil {
			return err
		}
	}
	return nil
}

func (i *Item) validate() error {
	if i.Class == "" {
		return invalid("item", "no class")
	}
	if err := validText("item", "class", i.Class, MaxID); err != nil {
		return err
	}
	return validText("item", "text", i.Text, MaxText)
}

// Validate says whether s makes sense to a handset: an *InvalidError, or nil.
func (s *ServiceLoading) Validate() error {
	if err := validHref("sl", s.Href); err != nil {
		return err
	}
	if !s.Action.ofSL() {
		return invalid("sl", "action %v is none of a Service Loading", s.Action)
	}
	return nil
}

// validHref wants an absolute address.
func validHref(element, href string) error {
	if href == "" {
		return invalid(element, "no href")
	}
	if err := validText(element, "href", href, MaxHref); err != nil {
		return err
	}
	for _, o := range []byte(href) {
		if o <= ' ' || o >= 0x7f {
			return invalid(element, "href has octet 0x%02x: want an address in ASCII without spaces", o)
		}
	}
	if u, err := url.Parse(href); err != nil || u.Scheme == "" || u.Host == "" && u.Opaque == "" && u.Path == "" {
		return invalid(element, "href is no absolute address")
	}
	return nil
}

func validText(element, what, s string, most int) error {
	switch {
	case len(s) > most:
		return invalid(element, "%s has %d octets; at most %d", what, len(s), most)
	case !utf8.ValidString(s):
		return invalid(element, "%s is not UTF-8", what)
	case !xmldoc.IsText(s): // a NUL is not, either
		return invalid(element, "%s has a control character", what)
	}
	return nil
}
