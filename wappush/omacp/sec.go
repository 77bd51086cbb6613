package omacp

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
)

// SEC is the method by which a device knows that settings are from its
// operator, the parameter SEC of the content type.
type SEC uint8

// The methods.
const (
	NETWPIN     SEC = 0 // the network secret
	USERPIN     SEC = 1 // a PIN that the user types
	USERNETWPIN SEC = 2 // both
	USERPINMAC  SEC = 3 // a PIN that has the MAC in it: see [UserPINMAC]
)

var secNames = [...]string{"NETWPIN", "USERPIN", "USERNETWPIN", "USERPINMAC"}

// String is the name in the standard.
func (s SEC) String() string {
	if int(s) < len(secNames) {
		return secNames[s]
	}
	return fmt.Sprintf("SEC %d", uint8(s))
}

// ParseSEC reads a name in upper or lower case.
func ParseSEC(name string) (SEC, error) {
	for i, n := range secNames {
		if strings.EqualFold(n, name) {
			return SEC(i), nil
		}
	}
	return 0, &InvalidError{"SEC", fmt.Sprintf("%q is none of %s", name, strings.Join(secNames[:], ", "))}
}

// Key is what a MAC is made with. A method reads of it what it needs.
type Key struct {
	Network NetworkSecret
	PIN     PIN
}

// octets is the key of HMAC. Something that the method needs and that is not
// there is an error, never an empty key.
func (k Key) octets(s SEC) ([]byte, error) {
	var key []byte
	switch s {
	case NETWPIN, USERNETWPIN:
		if len(k.Network) == 0 {
			return nil, &InvalidError{"network secret", "missing"}
		}
		key = append(key, k.Network...)
	case USERPIN, USERPINMAC:
	default:
		return nil, &InvalidError{"SEC", s.String() + " is not known"}
	}
	if s == NETWPIN {
		return key, nil
	}
	if err := k.PIN.check(); err != nil {
		return nil, err
	}
	return append(key, k.PIN...), nil
}

// MAC is the parameter MAC of the content type for a body, which is the WBXML
// document exactly as it is sent: HMAC-SHA1 in 40 hexadecimal digits. It is ""
// for USERPINMAC, whose message has no MAC.
func MAC(body []byte, s SEC, k Key) (string, error) {
	key, err := k.octets(s)
	if err != nil || s == USERPINMAC {
		return "", err
	}
	sum := hmacSHA1(key, body)
	return strings.ToUpper(hex.EncodeToString(sum[:])), nil
}

// ErrMAC says that a MAC, or a PIN that has the MAC in it, is not that of the body.
var ErrMAC = errors.New("omacp: the MAC is not that of the body")

// Verify does what a device does: it fails with ErrMAC unless mac is that of
// body. Upper and lower case are alike. For USERPINMAC the PIN in k is all
// that the user typed, and mac is not looked at.
func Verify(body []byte, s SEC, mac string, k Key) error {
	key, err := k.octets(s)
	if err != nil {
		return err
	}
	if s == USERPINMAC {
		return verifyUserPINMAC(body, k.PIN)
	}
	sum := hmacSHA1(key, body)
	got, err := hex.DecodeString(mac)
	if err != nil || !hmac.Equal(got, sum[:]) {
		return ErrMAC
	}
	return nil
}

// UserPINMAC is what the user has to type for a body that is sent with
// USERPINMAC, and what the operator therefore tells him by another way: the
// PIN k, and behind it as many digits made of the MAC.
func UserPINMAC(body []byte, k PIN) (PIN, error) {
	if err := k.check(); err != nil {
		return "", err
	}
	if len(k) > sha1.Size {
		return "", &InvalidError{elementPIN, fmt.Sprintf("more than %d digits", sha1.Size)}
	}
	sum := hmacSHA1([]byte(k), body)
	typed := []byte(k)
	for i := range len(k) {
		typed = append(typed, '0'+sum[i]%10)
	}
	return PIN(typed), nil
}

func verifyUserPINMAC(body []byte, typed PIN) error {
	if len(typed)%2 != 0 {
		return ErrMAC
	}
	want, err := UserPINMAC(body, typed[:len(typed)/2])
	if err != nil {
		return err
	}
	if !hmac.Equal([]byte(typed), []byte(want)) {
		return ErrMAC
	}
	return nil
}

func hmacSHA1(key, body []byte) (sum [sha1.Size]byte) {
	h := hmac.New(sha1.New, key)
	h.Write(body)
	h.Sum(sum[:0])
	return sum
}
