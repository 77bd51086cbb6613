package configs

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strings"
	"time"
)

func (k *checker) http(h *HTTP) {
	if h.Listen == "" {
		k.noHTTP(h)
	} else {
		k.listen("http.listen", h.Listen)
		k.protection(door{"http", "passwords", h.Listen, h.Certificate, h.Key, h.Plain})
		if len(h.Initiators) == 0 {
			k.add("http.initiators", "missing; allowed is one entry or more, nobody could push")
		}
	}
	k.httpPath("http.path", h.Path)
	k.between("http.max_body", h.MaxBody, 1024, 1<<20)
	k.between("http.max_requests", h.MaxRequests, 1, 10_000)
	k.duration("http.timeout", h.Timeout, 100*time.Millisecond)
	n := k.names("http.initiators")
	for i := range h.Initiators {
		k.initiator(n.entry(i, h.Initiators[i].Name), &h.Initiators[i])
	}
}

// noHTTP finds what somebody has written for a door that is not there.
func (k *checker) noHTTP(h *HTTP) {
	if len(h.Initiators) > 0 || h.Certificate != "" || h.Key != "" || h.Plain {
		k.add("http.listen", "missing, so nothing else of http has a use; allowed is host:port such as 127.0.0.1:8080, or no section http")
	}
}

// door is a listener of HTTP, as a section of the configuration has it.
type door struct {
	section, secrets         string // what could be read on the way
	listen, certificate, key string
	plain                    bool
}

// protection checks that secrets and messages cannot be read on the way, unless
// somebody wants it so.
func (k *checker) protection(d door) {
	switch {
	case d.certificate == "" && d.key == "":
		if !d.plain && !isLoopback(d.listen) {
			k.add(d.section+".listen", "%s can be reached from other machines, and %s could be read on the way; allowed is with certificate and key, with plain: true, or on 127.0.0.1", d.listen, d.secrets)
		}
	case d.certificate == "":
		k.add(d.section+".certificate", "missing beside a key; allowed are both or none")
	case d.key == "":
		k.add(d.section+".key", "missing beside a certificate; allowed are both or none")
	default:
		k.keyPair(d.section, d.certificate, d.key)
	}
	if d.plain && d.certificate != "" {
		k.add(d.section+".plain", "true beside a certificate; allowed is one of the two")
	}
}

// keyPair reads the files. No message shows their names: by mistake one is the
// key itself.
func (k *checker) keyPair(section, certificate, key string) {
	chain, errCertificate := secret{file: certificate}.read()
	if errCertificate != nil {
		k.add(section+".certificate", "%s; allowed is a PEM file", errCertificate)
	}
	private, errKey := secret{file: key}.read()
	if errKey != nil {
		k.add(section+".key", "%s; allowed is a PEM file", errKey)
	}
	if errCertificate != nil || errKey != nil {
		return
	}
	if _, err := tls.X509KeyPair([]byte(chain), []byte(private)); err != nil {
		k.add(section+".certificate", "cannot be used with the key: %s; allowed is a PEM file with the certificate of the key", err)
	}
}

// isLoopback tells whether only this machine reaches host:port. An address that
// cannot be read is judged elsewhere.
func isLoopback(listen string) bool {
	host, _, err := net.SplitHostPort(listen)
	return err != nil || isLoopbackHost(host)
}

func isLoopbackHost(host string) bool {
	a, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && a.IsLoopback()
}

// pathCharacters need no escaping in a URL, and mean nothing to a pattern.
const pathCharacters = alphanumeric + "/-._~"

const alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

func (k *checker) httpPath(key, path string) {
	if !strings.HasPrefix(path, "/") || strings.Contains(path, "//") || strings.Trim(path, pathCharacters) != "" {
		k.add(key, "%q; allowed is a path that begins with /, of letters, digits, / - . _ and ~, such as /pap", path)
	}
}

func (k *checker) initiator(key string, i *Initiator) {
	if i.Name != "" && (len(i.Name) > 64 || strings.Contains(i.Name, ":") || !isPrintable(i.Name)) {
		k.add(key+".name", "%q can be no user of HTTP Basic here; allowed are up to 64 printable ASCII characters without a colon", i.Name)
	}
	k.passwordHash(key, i.hash())
	if len(i.Networks) == 0 {
		k.add(key+".networks", "missing, so nobody could push; allowed is a list of CIDR blocks such as 10.0.0.0/8")
	}
	for j, n := range i.Networks {
		k.network(fmt.Sprintf("%s.networks[%d]", key, j), n)
	}
	k.perSecond(key+".rate", i.Rate, "messages")
	for j, s := range i.Notify {
		if text := checkNotify(s); text != "" {
			k.add(fmt.Sprintf("%s.notify[%d]", key, j), "%s; allowed is the beginning of a URL such as https://push.example.org/results", text)
		}
	}
}

// webURL is s, taken apart. Its errors do not show it: it may hold a password.
func webURL(s string) (*url.URL, error) {
	u, err := url.Parse(s)
	switch {
	case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "":
		return nil, errors.New("not an absolute http or https URL")
	case u.User != nil:
		return nil, errors.New("a URL with a user")
	}
	return u, nil
}

// checkNotify says what is wrong with the beginning of a URL, without showing
// it: it may hold a password. A beginning that ends within the host would let
// results go to another host.
func checkNotify(s string) string {
	u, err := webURL(s)
	switch {
	case err != nil:
		return err.Error()
	case u.Path == "":
		return "no / behind the host, so another host could begin like this one"
	case strings.ContainsAny(s, "?#"):
		return "a URL with a query or a fragment"
	}
	return ""
}
