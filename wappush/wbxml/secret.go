package wbxml

import (
	"bytes"
	"strconv"
	"strings"
)

// parmSecret follows the attributes of one element.
type parmSecret struct {
	name, value   string
	named, secret bool
}

// parmSecret begins with an element. Of the older settings a value alone has a
// meaning; in provisioning one that nothing names may be anything.
func (l *Language) parmSecret(e *Element) parmSecret {
	switch l {
	case PROV:
		return parmSecret{name: "name", value: "value", named: e.Name != "parm"}
	case LegacyOTA:
		return parmSecret{name: "NAME", value: "VALUE"}
	}
	return parmSecret{}
}

// see takes note of the name of a parameter.
func (s *parmSecret) see(a *Attr) {
	switch {
	case s.name == "":
	case a.Name == s.name:
		s.named, s.secret = true, s.secret || SecretParm(a.Value+string(a.Opaque))
	case a.Name == "TYPE":
		s.named = true // of the older settings, where a characteristic may have a value
	}
}

// hides tells whether the value of this attribute is not to be shown. What comes
// before the name may be anything.
func (s *parmSecret) hides(attr string) bool {
	return attr == s.value && s.value != "" && (s.secret || !s.named)
}

// SecretParm tells whether the value of a parameter in provisioning is nobody's
// to read. Names that vendors made up are judged by how they read; no other of the
// tables reads so.
func SecretParm(name string) bool {
	if name == "AAUTHDATA" {
		return true
	}
	upper := strings.ToUpper(name)
	for _, part := range [...]string{"SECRET", "PASS", "PIN", "CREDENTIAL", "KEY", "PSK", "NONCE", "TOKEN"} {
		if strings.Contains(upper, part) {
			return true
		}
	}
	return strings.HasSuffix(upper, "PW") || strings.HasSuffix(upper, "PWD")
}

// hidesContent tells whether the text of the element at this depth is a secret.
func (p *decoder) hidesContent(depth int) bool {
	var parent *Element
	if depth > 1 {
		parent = p.path[depth-2]
	}
	return secretContent(p.l, p.path[depth-1], parent)
}

// secretContent tells the credentials of SyncML.
func secretContent(l *Language, e, parent *Element) bool {
	return l == SyncML && (e.Name == "NextNonce" || e.Name == "Data" && parent != nil && parent.Name == "Cred")
}

func containsNUL(b []byte) bool { return bytes.IndexByte(b, 0) >= 0 }

func printable(s []byte) string { return strconv.Quote(string(s)) }
