package ppg

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/otagate/otagate/wappush/pap"
)

// maxURL bounds ppg-notify-requested-to.
const maxURL = 1024

// beginnings are those of the URLs to which an initiator may have results sent,
// in canonical form.
type beginnings []string

func newBeginnings(list []string) (beginnings, error) {
	var all beginnings
	for _, s := range list {
		c, err := canonical(s)
		if err != nil {
			return nil, fmt.Errorf("notify: %w", err)
		}
		all = append(all, c)
	}
	return all, nil
}

// allow is the URL in canonical form, when it has one of the beginnings. This is
// the form that is asked, so that nobody reads it in another way than it was
// looked at.
func (b beginnings) allow(s string) (string, error) {
	c, err := canonical(s)
	if err != nil {
		return "", refused(pap.CodeBadRequest, "ppg-notify-requested-to: %w", err)
	}
	for _, begin := range b {
		if strings.HasPrefix(c, begin) {
			return c, nil
		}
	}
	return "", refused(pap.CodeForbidden, "ppg-notify-requested-to: none of the URLs that are allowed")
}

// canonical is a URL with scheme and host in lower case and a path. Refused is
// what servers and proxies are known to read differently: users, dot segments
// in any spelling, backslashes and slashes that are escaped. The errors do not
// show the URL, which may have a secret in it.
func canonical(s string) (string, error) {
	if len(s) > maxURL {
		return "", fmt.Errorf("at most %d octets", maxURL)
	}
	for _, o := range []byte(s) {
		if o <= ' ' || o >= 0x7f || strings.IndexByte(`\#"<>`, o) >= 0 {
			return "", errors.New("a character that no URL has here")
		}
	}
	u, err := url.Parse(s)
	switch {
	case err != nil:
		return "", errors.New("no URL")
	case u.Scheme != "http" && u.Scheme != "https":
		return "", errors.New("want http or https")
	case u.User != nil:
		return "", errors.New("a user is not taken")
	case u.Hostname() == "" || u.Opaque != "":
		return "", errors.New("no host")
	}
	path := u.EscapedPath()
	for seg := range strings.SplitSeq(path, "/") {
		if devious(seg) {
			return "", errors.New("a path that leads elsewhere")
		}
	}
	if path == "" {
		path = "/"
	}
	c := u.Scheme + "://" + strings.ToLower(u.Host) + path
	if u.RawQuery != "" {
		c += "?" + u.RawQuery
	}
	return c, nil
}

// devious tells whether a segment means something else than a name, also to a
// server that unescapes twice or cuts at a semicolon.
func devious(seg string) bool {
	for range 3 {
		name, _, _ := strings.Cut(seg, ";")
		if name == "." || name == ".." || strings.ContainsAny(seg, "/\\\x00") {
			return true
		}
		plain, err := url.PathUnescape(seg)
		if err != nil || plain == seg {
			return err != nil
		}
		seg = plain
	}
	return true
}
