package iota

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/otagate/otagate/internal/wire"
)

// ValueRef says where a value is: in the part with that Content-ID, or behind a
// URL, from which the client fetches the octets of the chunk. One at most.
type ValueRef struct {
	CID string `json:"cid,omitempty"` // as in the header, without brackets
	URL string `json:"url,omitempty"`
}

func (v ValueRef) fault() error {
	switch {
	case v.CID != "" && v.URL != "":
		return fmt.Errorf("a part and a URL: %w", wire.ErrValue)
	case v.CID != "" && !isCID(v.CID):
		return errCID
	case v.URL != "" && !isURL(v.URL):
		return errURL
	}
	return nil
}

var errCID = fmt.Errorf("no Content-ID: %w", wire.ErrValue)

const cidScheme = "cid:"

// text is the value of the attribute. A Content-ID is percent-encoded (RFC 2392),
// the plus sign too, which some decoders take for a space.
func (v ValueRef) text() string {
	if v.CID == "" {
		return v.URL
	}
	var s strings.Builder
	s.WriteString(cidScheme)
	for _, o := range []byte(v.CID) {
		if isUnreserved(o) || o == '@' {
			s.WriteByte(o)
		} else {
			fmt.Fprintf(&s, "%%%02X", o)
		}
	}
	return s.String()
}

// parseValueRef reads the value of the attribute.
func parseValueRef(s string) (ValueRef, error) {
	if len(s) < len(cidScheme) || !strings.EqualFold(s[:len(cidScheme)], cidScheme) {
		return ValueRef{URL: s}, nil
	}
	cid, err := url.PathUnescape(s[len(cidScheme):])
	if err != nil || cid == "" {
		return ValueRef{}, errCID
	}
	return ValueRef{CID: cid}, nil
}

func isUnreserved(o byte) bool {
	return o >= 'a' && o <= 'z' || o >= 'A' && o <= 'Z' || o >= '0' && o <= '9' || strings.IndexByte("-._~", o) >= 0
}

// maxCID bounds a Content-ID.
const maxCID = 255

// isCID tells whether s can be a Content-ID: printable ASCII without what would
// end it, in the header or in the parameter start.
func isCID(s string) bool {
	return isWord(s) && len(s) <= maxCID && !strings.ContainsAny(s, `<>"\`)
}

// maxURL is more than what a handset takes, and bounds what is parsed.
const maxURL = 4096

// isURL tells whether s is an absolute URL that HTTP can have, with a host and
// without a password.
func isURL(s string) bool {
	if len(s) > maxURL || !isWord(s) {
		return false
	}
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && u.User == nil
}
