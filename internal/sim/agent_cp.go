package sim

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"encoding/hex"
	"strings"

	"github.com/otagate/otagate/wappush/omacp"
	"github.com/otagate/otagate/wappush/wsp"
)

// attempts is how often a handset asks for the PIN.
const attempts = 3

// Values of SEC.
const (
	secNetwPIN     = 0
	secUserPIN     = 1
	secUserNetwPIN = 2
	secUserPINMAC  = 3
)

// provision takes settings whose MAC proves that they are the operator's. It
// is computed over the body as it came, before that is read.
func (a *Agent) provision(p *wsp.Push) error {
	if !a.genuine(p) {
		a.counts.MACFailures++
		return nil
	}
	var d omacp.Document
	if err := d.Decode(p.Body); err != nil {
		return err
	}
	a.settings = append(a.settings, d)
	for _, c := range d.Of("APPLICATION") {
		if c.Value("APPID") == "w7" {
			a.account(c)
		}
	}
	return nil
}

func (a *Agent) genuine(p *wsp.Push) bool {
	sec, signed := p.ContentType.SEC()
	mac, has := p.ContentType.MAC()
	secret := a.secret()
	switch {
	case !signed && !has:
		return a.cfg.Unsigned
	case !signed:
		return false
	case sec == secNetwPIN:
		return len(secret) > 0 && matches(secret, p.Body, mac)
	case sec == secUserPIN:
		return a.ask(func(pin string) bool { return matches([]byte(pin), p.Body, mac) })
	case sec == secUserNetwPIN:
		return len(secret) > 0 && a.ask(func(pin string) bool { return matches(append(secret[:len(secret):len(secret)], pin...), p.Body, mac) })
	case sec == secUserPINMAC:
		return a.ask(func(code string) bool { return matchesCode(code, p.Body) })
	}
	return false
}

// ask has the user type a PIN until it is right.
func (a *Agent) ask(right func(pin string) bool) bool {
	for _, pin := range a.cfg.PINs[:min(len(a.cfg.PINs), attempts)] {
		a.counts.PINAttempts++
		if pin != "" && right(pin) {
			return true
		}
	}
	return false
}

// matches compares with 40 hexadecimal digits in either case.
func matches(key, body, digits []byte) bool {
	return strings.EqualFold(hex.EncodeToString(hmacSHA1(key, body)), string(digits))
}

func hmacSHA1(key, body []byte) []byte {
	h := hmac.New(sha1.New, key)
	h.Write(body)
	return h.Sum(nil)
}

// matchesCode checks a code of which the left half is a PIN and the right half
// digits of the MAC.
func matchesCode(code string, body []byte) bool {
	half := len(code) / 2
	if len(code)%2 != 0 || half > sha1.Size {
		return false
	}
	mac := hmacSHA1([]byte(code[:half]), body)
	for i := range half {
		if code[half+i] != '0'+mac[i]%10 {
			return false
		}
	}
	return true
}

// secret is the network secret: what was configured, or the IMSI as the SIM
// has it, without its length. There the first digit is alone with a bit that
// tells whether the number of digits is odd; of each octet the low half
// comes first, and a half that is left over is F.
func (a *Agent) secret() []byte {
	if a.cfg.NetworkSecret != nil || a.cfg.IMSI == "" {
		return a.cfg.NetworkSecret
	}
	halves := append([]byte{1 | byte(len(a.cfg.IMSI)%2)<<3}, a.cfg.IMSI...)
	if len(halves)%2 != 0 {
		halves = append(halves, 0x0f)
	}
	out := make([]byte, len(halves)/2)
	for i := range out {
		out[i] = halves[2*i]&0x0f | halves[2*i+1]<<4
	}
	return out
}

// account learns from settings for device management how a server will prove
// who it is: with the credential of the client's side, which is named CLIENT.
func (a *Agent) account(c *omacp.Characteristic) {
	for _, auth := range c.Of("APPAUTH") {
		if auth.Value("AAUTHLEVEL") != "CLIENT" {
			continue
		}
		nonce, err := base64.StdEncoding.DecodeString(auth.Value("AAUTHDATA"))
		if err != nil {
			continue // without a nonce no notification can be checked
		}
		a.accounts[c.Value("PROVIDER-ID")] = DMAccount{Password: auth.Value("AAUTHSECRET"), Nonce: nonce}
	}
}
