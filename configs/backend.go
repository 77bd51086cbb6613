package configs

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"
)

// Backend is the system of the operator that is told how each provisioning
// session has ended. Without Report nobody is.
type Backend struct {
	Report    string        `mapstructure:"report"`     // URL; one POST a session
	TokenFile string        `mapstructure:"token_file"` // bearer token; empty is none
	Plain     bool          `mapstructure:"plain"`      // HTTP without TLS beyond this machine: token and numbers can be read on the way
	Timeout   time.Duration `mapstructure:"timeout"`    // of one POST
	Pause     time.Duration `mapstructure:"pause"`      // before the first repetition; it doubles
	MaxPause  time.Duration `mapstructure:"max_pause"`
	Validity  time.Duration `mapstructure:"validity"` // how long a report is tried to be told
}

// URL is Report, taken apart. Its errors do not show it: a query may have a
// secret in it.
func (b *Backend) URL() (*url.URL, error) {
	u, err := webURL(b.Report)
	if err == nil && strings.Contains(b.Report, "#") {
		return nil, errors.New("a URL with a fragment")
	}
	return u, err
}

// maxToken is far above what tokens have, and fits into any server's header.
const maxToken = 4096

// tokenCharacters are those of a bearer token (RFC 6750, section 2.1).
const tokenCharacters = alphanumeric + "-._~+/="

// Token is the bearer token; without a file it is empty. White space around it
// does not belong to it. Its errors never show it, nor the name of the file: by
// mistake that is the token itself.
func (b *Backend) Token() (string, error) {
	if b.TokenFile == "" {
		return "", nil
	}
	text, err := secret{file: b.TokenFile}.read()
	if err != nil {
		return "", err
	}
	text = strings.TrimSpace(text)
	switch {
	case text == "":
		return "", errors.New("there is no token in it")
	case len(text) > maxToken:
		return "", fmt.Errorf("the token has more than %d octets", maxToken)
	case strings.Trim(text, tokenCharacters) != "":
		return "", errors.New("the token has characters that no bearer token has")
	}
	return text, nil
}
