package omacp

import (
	encoding "encoding/base64"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/otagate/otagate/wappush/xmldoc"
)

// unfitText says what is wrong with any value: it has to get through WBXML,
// which ends it at a NUL, and through XML, which has no control characters.
func (v *validation) unfitText(s string) string {
	if len(s) > v.MaxValue {
		return fmt.Sprintf("%d octets: at most %d are allowed", len(s), v.MaxValue)
	}
	return unfitCharacters(s)
}

func unfitName(s string) string {
	switch {
	case s == "":
		return "a parm without a name"
	case len(s) > maxName:
		return fmt.Sprintf("a name of %d octets: at most %d are allowed", len(s), maxName)
	}
	return unfitCharacters(s)
}

func unfitCharacters(s string) string {
	if !utf8.ValidString(s) {
		return "not UTF-8"
	}
	for _, r := range s {
		if !xmldoc.IsChar(r) {
			return fmt.Sprintf("the character U+%04X is not allowed", r)
		}
	}
	return ""
}

// unfitForm says what is wrong with a value of the rule's form.
func (r *parmRule) unfitForm(p path, s string) string {
	switch r.form {
	case boolean:
		if s != "0" && s != "1" {
			return "neither 0 nor 1"
		}
	case portNbr:
		if n, err := strconv.ParseUint(s, 10, 16); err != nil || n == 0 || !onlyDigits(s) {
			return "no port number: want 1 to 65535"
		}
	case hex8:
		if len(s) != 8 || strings.Trim(s, "0123456789abcdefABCDEF") != "" {
			return "want eight hexadecimal digits"
		}
	case base64:
		if _, err := encoding.StdEncoding.DecodeString(s); err != nil {
			return "not base64"
		}
	case oneOf, service:
		// A port of an application has its service by IANA's name or number.
		inApplication := p.outer.typ == TypeAPPADDR
		if !slices.Contains(r.one, s) && !(r.form == service && inApplication) {
			return fmt.Sprintf("%q is none of %s", s, strings.Join(r.one, ", "))
		}
	}
	return ""
}
