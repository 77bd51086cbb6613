package web

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"
)

const (
	MaxAnswer = 16 << 10        // of the body of an answer
	graceTime = 3 * time.Second // for the answer that is awaited when the gateway stops
)

// NewClient asks whom it is told to and nobody else: no proxy of the environment,
// no redirect, no compression that could swell. connect bounds connecting and the
// handshake of TLS, 0 does not; idle is how many connections to a host are kept.
func NewClient(connect time.Duration, idle int) *http.Client {
	return &http.Client{
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			DialContext:         (&net.Dialer{Timeout: connect}).DialContext,
			TLSHandshakeTimeout: connect, IdleConnTimeout: time.Minute, MaxIdleConnsPerHost: idle,
			MaxResponseHeaderBytes: maxHeaders, DisableCompression: true,
		},
	}
}

// Answer is what came back.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte // longer than MaxAnswer: there is more
	Cut    bool   // the body did not come as whole as that
}

// Ask sends r and waits so long for the answer. When the context of r ends, an
// answer that comes soon still counts. The error does not show the URL, which may
// have a secret in it.
func Ask(c *http.Client, r *http.Request, timeout time.Duration) (Answer, error) {
	one, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), timeout)
	defer cancel()
	defer context.AfterFunc(r.Context(), func() {
		t := time.AfterFunc(graceTime, cancel)
		context.AfterFunc(one, func() { t.Stop() })
	})()
	resp, err := c.Do(r.WithContext(one))
	if err != nil {
		var u *url.Error
		if errors.As(err, &u) {
			err = u.Err
		}
		return Answer{}, err
	}
	defer resp.Body.Close()
	// Read to its end, so that the connection can be used again.
	body, err := io.ReadAll(io.LimitReader(resp.Body, MaxAnswer+1))
	return Answer{resp.StatusCode, resp.Header, body, err != nil}, nil
}
