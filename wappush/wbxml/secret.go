package wbxml

import (
	"bytes"
	"strconv"
	"strings"
)

// hides tells whether the value of an attribute is a secret: that of a parameter
// whose name says so, in provisioning and in the older settings.
func (p *decoder) hides(e *Element, attr string) bool { return e.hides(p.l, attr) }

func (e *Element) hides(l *Language, attr string) bool {
	named, valued := "name", "value"
	switch l {
	case PROV:
	case LegacyOTA:
		named, valued = "NAME", "VALUE"
	default:
		return false
	}
	if attr != valued {
		return false
	}
	a := e.Attr(named)
	return a != nil && isSecret(a.Value)
}

func isSecret(name string) bool {
	return strings.HasSuffix(name, "SECRET") || strings.HasSuffix(name, "-PW") || name == "AAUTHDATA"
}

// hidesContent tells whether the text of the element at this depth is a secret:
// credentials of SyncML.
func (p *decoder) hidesContent(depth int) bool {
	e := p.path[depth-1]
	return p.l == SyncML && (e.Name == "NextNonce" || e.Name == "Data" && depth > 1 && p.path[depth-2].Name == "Cred")
}

func containsNUL(b []byte) bool { return bytes.IndexByte(b, 0) >= 0 }

func printable(s []byte) string { return strconv.Quote(string(s)) }
