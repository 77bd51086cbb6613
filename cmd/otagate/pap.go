package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"
	"unicode"

	"github.com/spf13/cobra"

	"github.com/otagate/otagate/wappush/omacp"
	"github.com/otagate/otagate/wappush/pap"
)

// papFlags say how to reach the gateway.
type papFlags struct {
	url, user, passwordFile string
	plain                   bool
}

func (p *papFlags) add(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&p.url, "pap", "", "URL of the gateway's PAP, such as https://gateway.example/pap")
	f.StringVar(&p.user, "user", "", "name of the push initiator at the gateway")
	f.StringVar(&p.passwordFile, "password-file", "", "file with the initiator's password; otherwise OTAGATE_PASSWORD")
	f.BoolVar(&p.plain, "plain", false, "take an http: URL to another machine: password and push can be read on the way")
}

// host is that of the URL, for the addresses; a bad URL is client's to refuse.
func (p *papFlags) host() string {
	u, err := url.Parse(p.url)
	if err != nil || u.Hostname() == "" {
		return "localhost"
	}
	return u.Hostname()
}

// client is ready to push m.
func (p *papFlags) client(m *pap.PushMessage) (*papClient, error) {
	switch {
	case p.url == "":
		return nil, errors.New("--pap is missing: the URL of the gateway, or --dry-run")
	case p.user == "":
		return nil, errors.New("--user is missing: the name of the push initiator")
	case strings.Contains(p.user, ":"):
		return nil, errors.New("--user: a colon cannot be in the name")
	}
	u, err := parseWeb("--pap", p.url)
	if err != nil {
		return nil, err
	}
	if u.Scheme == "http" && !loopback(u.Hostname()) && !p.plain {
		return nil, errors.New("--pap: the password could be read on the way: take https:, or --plain")
	}
	password, err := readPassword(p.passwordFile)
	if err != nil {
		return nil, err
	}
	return &papClient{url: u.String(), user: p.user, password: password, http: &http.Client{
		Timeout: papTimeout,
		// A redirection would take the password elsewhere.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}

// parseWeb reads an absolute URL of HTTP without a password in it. Its errors do
// not show it.
func parseWeb(flag, text string) (*url.URL, error) {
	u, err := url.Parse(text)
	switch {
	case err != nil, u.Scheme != "http" && u.Scheme != "https", u.Hostname() == "":
		return nil, fmt.Errorf("%s: want a URL such as https://gateway.example/pap", flag)
	case u.User != nil:
		return nil, fmt.Errorf("%s: no name and no password belong into the URL", flag)
	}
	return u, nil
}

func loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	a, err := netip.ParseAddr(host)
	return err == nil && a.Unmap().IsLoopback()
}

// papClient is a push initiator.
type papClient struct {
	url, user, password string
	http                *http.Client
}

const (
	// papTimeout is longer than a gateway may take to make sure of a push.
	papTimeout = time.Minute
	maxAnswer  = 256 << 10
)

// push submits one push-message. An error says what the gateway has against it,
// or that nobody knows whether it was accepted.
func (c *papClient) push(ctx context.Context, m *pap.PushMessage, part *pap.Part) (*pap.PushResponse, error) {
	env := &pap.Envelope{Control: pap.Control{Version: pap.Version20, Message: m}, Content: part}
	contentType, body, err := env.Encode("otagate-" + rand.Text())
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", contentType)
	req.SetBasicAuth(c.user, c.password)
	req.Close = true // there is one request
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, c.doubt(m, err)
	}
	answer, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err = errors.Join(err, resp.Body.Close()); err != nil {
		return nil, c.doubt(m, err)
	}
	return c.understand(m, resp, answer)
}

// doubt is an error after which the push may have been accepted: sent again
// under its own name, it is accepted once.
func (c *papClient) doubt(m *pap.PushMessage, err error) error {
	return fmt.Errorf("%w; to try again without a second push: --push-id %s", err, printable(m.PushID))
}

func (c *papClient) understand(m *pap.PushMessage, resp *http.Response, body []byte) (*pap.PushResponse, error) {
	env, err := pap.Decode(resp.Header.Get("Content-Type"), body, pap.Limits{})
	if err != nil {
		return nil, c.status(m, resp, err)
	}
	switch a := env.Control.Message.(type) {
	case *pap.PushResponse:
		switch {
		case a.Result.Code.Class() != pap.ClassSuccess:
			return nil, refusedBy(a.Result.Code, a.Result.Desc)
		case resp.StatusCode/100 != 2, a.PushID != m.PushID:
			return nil, c.doubt(m, errors.New("the gateway answers something else than was asked"))
		}
		return a, nil
	case *pap.BadMessageResponse:
		return nil, refusedBy(a.Code, a.Desc)
	}
	return nil, c.doubt(m, fmt.Errorf("the gateway answers with %s", env.Control.Message.Element()))
}

func refusedBy(code pap.Code, desc string) error {
	if desc == "" {
		return fmt.Errorf("the gateway refuses the push: %v", code)
	}
	return fmt.Errorf("the gateway refuses the push: %v: %s", code, printable(desc))
}

// status is an answer that is HTTP's and not PAP's.
func (c *papClient) status(m *pap.PushMessage, resp *http.Response, err error) error {
	switch s := resp.StatusCode; {
	case s == http.StatusUnauthorized:
		return errors.New("the gateway does not know this user with this password, or not from this machine")
	case s == http.StatusForbidden:
		return errors.New("the gateway takes no pushes from this machine: see networks of its http.initiators")
	case s == http.StatusNotFound:
		return errors.New("there is no PAP at this path: see http.path of the gateway")
	case s == http.StatusRequestEntityTooLarge:
		return errors.New("the push is larger than the gateway takes: see its http.max_body")
	case s == http.StatusTooManyRequests, s == http.StatusServiceUnavailable:
		return c.doubt(m, fmt.Errorf("the gateway is busy%s", after(resp)))
	case s/100 == 3:
		return errors.New("--pap leads elsewhere: give the URL that takes pushes")
	case s/100 == 2:
		return c.doubt(m, fmt.Errorf("the gateway's answer cannot be read: %w", err))
	}
	return c.doubt(m, fmt.Errorf("the gateway answers HTTP %d", resp.StatusCode))
}

// after is when to try again.
func after(resp *http.Response) string {
	wait, err := time.ParseDuration(resp.Header.Get("Retry-After") + "s")
	if err != nil || wait <= 0 {
		return ""
	}
	return " for " + wait.String()
}

// printable is text of somebody else's, fit for a terminal.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return '?'
		}
		return r
	}, s)
}

// accepted is a push that the gateway has taken, as JSON.
type accepted struct {
	PushID      string `json:"push_id"`
	Code        uint16 `json:"code"`
	Description string `json:"description,omitempty"`
	UserTypes   string `json:"user_types,omitempty"`
}

func printAccepted(out io.Writer, r *pap.PushResponse, typed omacp.PIN, asJSON bool) error {
	if asJSON {
		return json.NewEncoder(out).Encode(&accepted{r.PushID, uint16(r.Result.Code), r.Result.Desc, string(typed)})
	}
	_, err := fmt.Fprintf(out, "%s: %v\n%s", printable(r.PushID), r.Result.Code, userTypes(&composed{typed: typed}))
	return err
}
