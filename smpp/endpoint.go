package smpp

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
)

// The ports of SMPP, and of SMPP over TLS where nothing else is agreed upon:
// the first is registered, the second a habit.
const (
	DefaultPort    = 2775
	DefaultTLSPort = 3550
)

// Endpoint is where a peer listens.
type Endpoint struct {
	Address string // host:port
	TLS     bool
}

// ParseEndpoint reads smpp://HOST[:PORT], or ssmpp://HOST[:PORT] for TLS.
func ParseEndpoint(s string) (Endpoint, error) {
	u, err := url.Parse(s)
	if err != nil {
		return Endpoint{}, errors.New("smpp: no address: want smpp://HOST:PORT or ssmpp://HOST:PORT") // s may have a password in it
	}
	e := Endpoint{TLS: u.Scheme == "ssmpp"}
	switch {
	case u.Scheme != "smpp" && u.Scheme != "ssmpp":
		return Endpoint{}, fmt.Errorf("smpp: %q is no address: it begins with neither smpp:// nor ssmpp://", u.Redacted())
	case u.Hostname() == "" || u.User != nil || u.Path != "" && u.Path != "/" || u.RawQuery != "" || u.Fragment != "":
		return Endpoint{}, fmt.Errorf("smpp: %q is no address: want %s://HOST:PORT and nothing else", u.Redacted(), u.Scheme)
	}
	port := u.Port()
	switch {
	case port == "" && e.TLS:
		port = strconv.Itoa(DefaultTLSPort)
	case port == "":
		port = strconv.Itoa(DefaultPort)
	}
	if n, err := strconv.Atoi(port); err != nil || n < 1 || n > 65535 {
		return Endpoint{}, fmt.Errorf("smpp: port %s is not between 1 and 65535", port)
	}
	e.Address = net.JoinHostPort(u.Hostname(), port)
	return e, nil
}

// String is the address as a URL.
func (e Endpoint) String() string {
	if e.TLS {
		return "ssmpp://" + e.Address
	}
	return "smpp://" + e.Address
}
