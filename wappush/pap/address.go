package pap

import (
	"fmt"
	"strings"
)

// Address is an address-value as it stands in a document.
type Address string

// AddressType is how a client address is to be read, in upper case.
type AddressType string

// The types of the standard. UserDefined is the form without WAPPUSH=.
const (
	TypePLMN    AddressType = "PLMN"
	TypeUser    AddressType = "USER"
	TypeIPv4    AddressType = "IPV4"
	TypeIPv6    AddressType = "IPV6"
	UserDefined AddressType = ""
)

// ClientAddress is the parts of WAPPUSH=VALUE/TYPE=TYPE@HOST. Host, the
// gateway's name, is often absent.
type ClientAddress struct {
	Type  AddressType
	Value string
	Host  string
}

// Client takes an address apart. Keywords may be in any case. An address that is
// none is an *Error of code 2002.
func (a Address) Client() (c ClientAddress, err error) {
	s := strings.TrimSpace(string(a))
	const prefix, marker = "WAPPUSH=", "/TYPE="
	if len(s) < len(prefix) || !strings.EqualFold(s[:len(prefix)], prefix) {
		user, host, ok := strings.Cut(s, "@")
		if !ok || user == "" || host == "" {
			return c, notAddress("want WAPPUSH=… or user@host")
		}
		return ClientAddress{UserDefined, user, host}, nil
	}
	s = s[len(prefix):]
	at := strings.LastIndex(upperASCII(s), marker)
	if at < 0 {
		return c, notAddress("there is no /TYPE=")
	}
	kind, host, _ := strings.Cut(s[at+len(marker):], "@")
	c = ClientAddress{AddressType(upperASCII(kind)), s[:at], host}
	if c.Value == "" || c.Type == "" {
		return c, notAddress("the value or the type is empty")
	}
	return c, nil
}

// maxDigits is more than E.164 has, and as many as SMPP can address.
const maxDigits = 20

// PLMN is the telephone number of a client: a plus sign where there was one, and
// digits without separators. It is an *Error of code 2002 for any other type
// and where there are no digits.
func (c ClientAddress) PLMN() (number string, err error) {
	if c.Type != TypePLMN {
		return "", notAddress("type " + printable(string(c.Type)) + ": want PLMN")
	}
	digits, international := strings.CutPrefix(c.Value, "+")
	digits = strings.NewReplacer("-", "", ".", "").Replace(digits)
	if digits == "" || len(digits) > maxDigits || strings.Trim(digits, "0123456789") != "" {
		return "", notAddress("no telephone number")
	}
	if international {
		digits = "+" + digits
	}
	return digits, nil
}

// String is the address in the form of the standard.
func (c ClientAddress) String() string {
	s := c.Value
	if c.Type != UserDefined {
		s = "WAPPUSH=" + c.Value + "/TYPE=" + string(c.Type)
	}
	if c.Host != "" {
		s += "@" + c.Host
	}
	return s
}

// PLMNAddress is the address of a telephone number at a gateway.
func PLMNAddress(number, host string) Address {
	return Address(ClientAddress{TypePLMN, number, host}.String())
}

// notAddress does not repeat the address, which is a subscriber's.
func notAddress(why string) error {
	return &Error{CodeAddressError, fmt.Errorf("address-value: %s", why)}
}

// printable is the beginning of a word from outside, for an error.
func printable(s string) string {
	if len(s) > 20 {
		s = s[:20]
	}
	return fmt.Sprintf("%q", s)
}

// upperASCII keeps the length of s, which strings.ToUpper does not.
func upperASCII(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' {
			return r - 'a' + 'A'
		}
		return r
	}, s)
}
