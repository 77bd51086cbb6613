package dissect

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/otagate/otagate/wappush"
	"github.com/otagate/otagate/wappush/wbxml"
)

// pushJSON is wappush.ToJSON for one type of message.
func pushJSON[M wappush.Message](m M) ([]byte, error) { return wappush.ToJSON(m) }

// pushed reads the JSON of a message, which has to be an M.
func pushed[M wappush.Message](text []byte) (M, error) {
	m, err := wappush.FromJSON(text)
	if err != nil {
		var none M
		return none, err
	}
	of, is := m.(M)
	if !is {
		return of, fmt.Errorf("wappush: that is a %T, and %T is wanted", m, of)
	}
	return of, nil
}

// gistSI does not tell the text, which is the subscriber's, nor all of the
// address, which may open something.
func gistSI(s *wappush.ServiceIndication) string {
	return fmt.Sprintf("SI%s%s, %d characters", gistAction(s.Action), gistAddress(s.Href), utf8.RuneCountInString(s.Text))
}

func gistSL(s *wappush.ServiceLoading) string {
	return "SL" + gistAction(s.Action) + gistAddress(s.Href)
}

func gistAction(a wappush.Action) string {
	if a == 0 {
		return ""
	}
	return " " + a.String()
}

// gistAddress is scheme and host.
func gistAddress(uri string) string {
	if uri == "" {
		return ""
	}
	scheme, rest, ok := strings.Cut(uri, "://")
	if !ok {
		scheme, _, _ = strings.Cut(uri, ":")
		return " " + printable([]byte(scheme)) + ":…"
	}
	host := rest
	if n := strings.IndexAny(rest, "/?#"); n >= 0 {
		host = rest[:n]
	}
	if n := strings.LastIndexByte(host, '@'); n >= 0 {
		host = host[n+1:] // a password may stand before
	}
	s := " " + printable([]byte(scheme+"://"+host))
	if len(host) < len(rest) {
		s += "/…"
	}
	return s
}

func gistDocument(d *wbxml.Document) string {
	name := fmt.Sprintf("WBXML of public id 0x%x", d.PublicID)
	if d.Language != nil {
		name = d.Language.Name()
	}
	s := fmt.Sprintf("%s <%s>, %d elements", name, printable([]byte(d.Root.Name)), countElements(d.Root))
	if n := len(d.Anomalies); n > 0 {
		s += fmt.Sprintf(", %d anomalies", n)
	}
	return s
}

func countElements(e *wbxml.Element) int {
	n := 1
	for i := range e.Content {
		if inner := e.Content[i].Element; inner != nil {
			n += countElements(inner)
		}
	}
	return n
}
