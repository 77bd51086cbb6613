package sim

import (
	"bytes"
	"crypto/md5"
	"encoding/base64"

	"github.com/otagate/otagate/wappush/dmnotify"
)

// DMSession is a session that a server has asked for.
type DMSession struct {
	Server    string
	SessionID uint16
	UIMode    uint8 // 0 not specified, 1 background, 2 informative, 3 user interaction
	ByServer  bool  // the server, not the user, has wanted it
	// Resync tells that the digest was made with the nonce for servers that
	// have lost theirs, so that the session begins with a new one.
	Resync bool
}

// digestLen is the length of the digest in front of the trigger.
const digestLen = md5.Size

// resyncNonces are what "0x00000000" may mean; the standard does not say.
func resyncNonces() [][]byte { return [][]byte{[]byte("0x00000000"), make([]byte, 4)} }

// notification opens a session when the server has proved who it is. A server
// that asks for the same session again is not asking for another.
func (a *Agent) notification(body []byte) error {
	var n dmnotify.Notification
	if err := n.Decode(body); err != nil {
		return err
	}
	s := DMSession{
		Server: string(n.ServerID), SessionID: uint16(n.SessionID), UIMode: uint8(n.UIMode),
		ByServer: n.Initiator == dmnotify.Server,
	}
	account, known := a.accounts[s.Server]
	if !known {
		a.counts.DigestFailures++
		return nil
	}
	if !proves(body, s.Server, account.Password, account.Nonce) {
		for _, nonce := range resyncNonces() {
			s.Resync = s.Resync || proves(body, s.Server, account.Password, nonce)
		}
		if !s.Resync {
			a.counts.DigestFailures++
			return nil
		}
	}
	for _, o := range a.sessions {
		if o.Server == s.Server && o.SessionID == s.SessionID {
			a.counts.Duplicates++
			return nil
		}
	}
	a.sessions = append(a.sessions, s)
	return nil
}

// proves tells whether the digest is that of the server:
//
//	H(B64(H(server ":" password)) ":" nonce ":" B64(H(trigger)))
func proves(body []byte, server, password string, nonce []byte) bool {
	digest, trigger := body[:digestLen], body[digestLen:]
	in := append(hash64([]byte(server+":"+password)), ':')
	in = append(append(in, nonce...), ':')
	sum := md5.Sum(append(in, hash64(trigger)...))
	return bytes.Equal(sum[:], digest)
}

// hash64 is the MD5 digest in base64.
func hash64(b []byte) []byte {
	sum := md5.Sum(b)
	return base64.StdEncoding.AppendEncode(nil, sum[:])
}
