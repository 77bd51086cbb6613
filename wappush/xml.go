package wappush

import (
	"strings"
	"time"

	"github.com/otagate/otagate/wappush/xmldoc"
)

// Message is a Service Indication or a Service Loading.
type Message interface {
	// Append appends the binary form.
	Append(dst []byte) ([]byte, error)
	// AppendXML appends the XML form.
	AppendXML(dst []byte) []byte
	// Validate says whether it may be sent.
	Validate() error
}

const xmlDeclaration = `<?xml version="1.0" encoding="UTF-8"?>` + "\n"

// AppendXML appends the XML form, text/vnd.wap.si. Characters that XML does not
// have, which Validate refuses, become U+FFFD.
func (s *ServiceIndication) AppendXML(dst []byte) []byte {
	dst = append(dst, xmlDeclaration+`<!DOCTYPE si PUBLIC "-//WAPFORUM//DTD SI 1.0//EN" "http://www.wapforum.org/DTD/si.dtd">`+"\n<si>\n<indication"...)
	dst = appendAttr(dst, "href", s.Href)
	dst = appendAttr(dst, "si-id", s.ID)
	dst = appendAttr(dst, "action", s.Action.String())
	dst = appendAttr(dst, "created", dateText(s.Created))
	dst = appendAttr(dst, "si-expires", dateText(s.Expires))
	dst = append(xmldoc.AppendEscaped(append(dst, '>'), s.Text), "</indication>\n"...)
	if len(s.Info) > 0 {
		dst = append(dst, "<info>\n"...)
		for _, item := range s.Info {
			dst = appendAttr(append(dst, "<item"...), "class", item.Class)
			dst = append(xmldoc.AppendEscaped(append(dst, '>'), item.Text), "</item>\n"...)
		}
		dst = append(dst, "</info>\n"...)
	}
	return append(dst, "</si>\n"...)
}

// AppendXML appends the XML form, text/vnd.wap.sl.
func (s *ServiceLoading) AppendXML(dst []byte) []byte {
	dst = append(dst, xmlDeclaration+`<!DOCTYPE sl PUBLIC "-//WAPFORUM//DTD SL 1.0//EN" "http://www.wapforum.org/DTD/sl.dtd">`+"\n<sl"...)
	dst = appendAttr(dst, "href", s.Href)
	dst = appendAttr(dst, "action", s.Action.String())
	return append(dst, "/>\n"...)
}

// appendAttr leaves out what is empty.
func appendAttr(dst []byte, name, value string) []byte {
	if value == "" {
		return dst
	}
	return xmldoc.AppendAttr(dst, name, value)
}

func dateText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(dateLayout)
}

// ParseXML reads text/vnd.wap.si and text/vnd.wap.sl, told apart by the root
// element. White space around texts is that of the layout, and is left out. The
// error is an *xmldoc.Error; whether the message makes sense is Validate's.
func ParseXML(b []byte) (Message, error) {
	root, err := xmldoc.Parse(b, xmldoc.Limits{})
	if err != nil {
		return nil, err
	}
	switch root.Name {
	case "si":
		return parseSI(root)
	case "sl":
		return parseSL(root)
	}
	return nil, root.Errorf("neither si nor sl")
}

func parseSI(root *xmldoc.Element) (Message, error) {
	s := new(ServiceIndication)
	indications := 0
	err := root.Children(func(e *xmldoc.Element) error {
		switch e.Name {
		case "indication":
			if indications++; indications > 1 {
				return e.Errorf("a second one")
			}
			return s.parseIndication(e)
		case "info":
			return s.parseInfo(e)
		}
		return e.Errorf("unknown element")
	})
	if err == nil {
		err = root.Only()
	}
	if err == nil && indications == 0 {
		err = root.Errorf("no indication")
	}
	if err != nil {
		return nil, err
	}
	return s, nil
}

func (s *ServiceIndication) parseIndication(e *xmldoc.Element) error {
	if err := e.Only("href", "si-id", "action", "created", "si-expires"); err != nil {
		return err
	}
	s.Href, _ = e.Attr("href")
	s.ID, _ = e.Attr("si-id")
	var err error
	if s.Action, err = parseAction(e, Action.ofSI); err != nil {
		return err
	}
	if s.Created, err = parseDateAttr(e, "created"); err != nil {
		return err
	}
	if s.Expires, err = parseDateAttr(e, "si-expires"); err != nil {
		return err
	}
	s.Text, err = plainText(e)
	return err
}

func parseDateAttr(e *xmldoc.Element, name string) (time.Time, error) {
	text, there := e.Attr(name)
	if !there {
		return time.Time{}, nil
	}
	t, ok := parseDateText(text)
	if !ok {
		return time.Time{}, e.Errorf("%s %q: want YYYY-MM-DDThh:mm:ssZ", name, text)
	}
	return t, nil
}

func (s *ServiceIndication) parseInfo(info *xmldoc.Element) error {
	if err := info.Only(); err != nil {
		return err
	}
	return info.Children(func(e *xmldoc.Element) error {
		if e.Name != "item" {
			return e.Errorf("unknown element")
		}
		if err := e.Only("class"); err != nil {
			return err
		}
		class, _ := e.Attr("class")
		text, err := plainText(e)
		s.Info = append(s.Info, Item{class, text})
		return err
	})
}

func parseSL(root *xmldoc.Element) (Message, error) {
	if err := root.Only("href", "action"); err != nil {
		return nil, err
	}
	s := new(ServiceLoading)
	if s.Href, _ = root.Attr("href"); s.Href == "" { // an empty one is no address either

		return nil, root.Errorf("no href")
	}
	var err error
	if s.Action, err = parseAction(root, Action.ofSL); err != nil {
		return nil, err
	}
	if err := root.Children(func(e *xmldoc.Element) error { return e.Errorf("unknown element") }); err != nil {
		return nil, err
	}
	return s, nil
}

func parseAction(e *xmldoc.Element, allowed func(Action) bool) (Action, error) {
	text, there := e.Attr("action")
	a, ok := ParseAction(text)
	if there && (!ok || !allowed(a)) {
		return 0, e.Errorf("action %q is not known", text)
	}
	return a, nil
}

// plainText is the text of an element that has no elements inside.
func plainText(e *xmldoc.Element) (string, error) {
	for i := range e.Content {
		if c := e.Content[i].Element; c != nil {
			return "", c.Errorf("unknown element")
		}
	}
	return strings.Trim(e.Text(), " \t\r\n"), nil
}
