package wbxml

import (
	"bytes"
	"strconv"
	"strings"
)

// parm are the two attributes of a parameter, in provisioning and in the older
// settings; nothing in other languages.
func (l *Language) parm() (name, value string) {
	switch l {
	case PROV:
		return "name", "value"
	case LegacyOTA:
		return "NAME", "VALUE"
	}
	return "", ""
}

// parmSecret follows the attributes of one element.
type parmSecret struct {
	name, value   string
	named, secret bool
}

// see takes note of the name of a parameter.
func (s *parmSecret) see(a *Attr) {
	switch {
	case s.name == "":
	case a.Name == s.name:
		s.named, s.secret = true, s.secret || isSecret(a.Value)
	case a.Name == "TYPE":
		s.named = true // of the older settings, where a characteristic may have a value
	}
	open := e.Name != "parm" // of the older settings, values alone have a meaning
	for i := range e.Attrs {
		if a := &e.Attrs[i]; a.Name == named {
			if open = !SecretParm(a.Value + string(a.Opaque)); !open {
				break
			}
		}
	}
	return !open // a parameter whose name does not stand yet may be one
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
	for _, part := range [...]string{"SECRET", "PASS", "PIN", "CREDENTIAL"} {
		if strings.Contains(upper, part) {
			return true
		}
	}
	return strings.HasSuffix(upper, "PW") || strings.HasSuffix(upper, "PWD") || strings.HasSuffix(upper, "KEY")
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
