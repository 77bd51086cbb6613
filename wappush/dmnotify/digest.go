package dmnotify

import (
	"crypto/md5"
	"crypto/subtle"
	"encoding/base64"
	"io"
)

// Sign sets the digest for the trigger as it is now. password and nonce are
// those of the server's credential on the device (CP: AAUTHLEVEL=CLIENT).
func (n *Notification) Sign(password Password, nonce []byte) error {
	if err := n.check(); err != nil {
		return err
	}
	n.Digest = HMAC(n.ServerID, password, nonce, n.appendTrigger(nil))
	return nil
}

// Verify tells whether the digest was made with this password and nonce.
func (n *Notification) Verify(password Password, nonce []byte) bool {
	if n.check() != nil {
		return false
	}
	want := HMAC(n.ServerID, password, nonce, n.appendTrigger(nil))
	return subtle.ConstantTimeCompare(n.Digest[:], want[:]) == 1
}

// Resync is the nonce of a device that has lost the one agreed: the text of the
// standard says "0x00000000", and clients differ in what octets that is.
type Resync uint8

// The readings. A server that gets no answer tries both.
const (
	ResyncOctets Resync = iota // four octets of zero
	ResyncText                 // ten characters
)

// Resyncs are all readings.
var Resyncs = [...]Resync{ResyncOctets, ResyncText}

// Nonce is the nonce in this reading.
func (r Resync) Nonce() []byte {
	if r == ResyncText {
		return []byte("0x00000000")
	}
	return make([]byte, 4)
}

// String says what the nonce is.
func (r Resync) String() string {
	if r == ResyncText {
		return `the text "0x00000000"`
	}
	return "four octets of zero"
}

// VerifyResync tells whether, and in which reading, the digest was made with
// the nonce of resynchronisation.
func (n *Notification) VerifyResync(password Password) (r Resync, ok bool) {
	for _, r := range Resyncs {
		if n.Verify(password, r.Nonce()) {
			return r, true
		}
	}
	return 0, false
}

// HMAC is the digest of syncml:auth-MAC and of the notification:
// H(B64(H(name:password)):nonce:B64(H(body))). It is not that of RFC 2104.
func HMAC(name []byte, password Password, nonce, body []byte) Digest {
	h := md5.New()
	h.Write(credential(name, password))
	h.Write(colon)
	h.Write(nonce)
	h.Write(colon)
	sum := md5.Sum(body)
	h.Write(base64.StdEncoding.AppendEncode(nil, sum[:]))
	return Digest(h.Sum(nil))
}

// AuthMD5 is the digest of syncml:auth-md5, with which client and server
// authenticate each other in a session: H(B64(H(name:password)):nonce).
func AuthMD5(name []byte, password Password, nonce []byte) Digest {
	h := md5.New()
	h.Write(credential(name, password))
	h.Write(colon)
	h.Write(nonce)
	return Digest(h.Sum(nil))
}

// Base64 is the digest as a session's messages write it.
func (d Digest) Base64() string { return base64.StdEncoding.EncodeToString(d[:]) }

// credential is B64(H(name:password)), which is as good as the password.
func credential(name []byte, password Password) []byte {
	h := md5.New()
	h.Write(name)
	h.Write(colon)
	io.WriteString(h, string(password))
	return base64.StdEncoding.AppendEncode(nil, h.Sum(nil))
}

var colon = []byte(":")
