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
	open := e.Name != "parm" && e.Name != "PARM"
	for i := range e.Attrs {
		if a := &e.Attrs[i]; a.Name == named {
			if open = !SecretParm(a.Value + string(a.Opaque)); !open {
				break
			}
		}
	}
	return !open // a parameter whose name does not stand yet may be one
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
