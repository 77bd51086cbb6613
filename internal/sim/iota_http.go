package sim

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// iotaRequest is a request, and what it was made from.
type iotaRequest struct {
	method, url string
	contentType string
	body        []byte
	report      *mmcReport // of a POST
	esn         uint32     // in the header
	mdn         string     // likewise
	rng         string     // Range, for an object by URL
}

// iotaAnswer is a success of HTTP.
type iotaAnswer struct {
	contentType, contentRange string
	body                      []byte
}

// maxRedirects is how many the handset follows.
const maxRedirects = 13

// client is the client of the configuration with the handset's habits.
func (cfg *IOTAConfig) client() *http.Client {
	c := http.Client{Transport: &http.Transport{DisableKeepAlives: true, Protocols: http1()}}
	if cfg.Client != nil {
		c = *cfg.Client
	}
	c.CheckRedirect = func(_ *http.Request, via []*http.Request) error {
		if len(via) > maxRedirects {
			return errors.New("too many redirects")
		}
		return nil
	}
	return &c
}

func http1() *http.Protocols {
	p := &http.Protocols{}
	p.SetHTTP1(true)
	return p
}

// get is the request for the first document.
func (s *iotaSession) get() *iotaRequest {
	return s.from(http.MethodGet, s.first)
}

// from is a request of this handset.
func (s *iotaSession) from(method, url string) *iotaRequest {
	return &iotaRequest{method: method, url: url, esn: s.c.cfg.Handset.ESN(), mdn: s.c.cfg.mdn()}
}

// report posts a report, whose answer is the next document.
func (s *iotaSession) report(ctx context.Context, uri string, r *mmcReport) (*iotaAnswer, error) {
	if s.right != nil {
		if wrong, err := s.post(uri, r); err == nil {
			_, _ = s.send(ctx, s.c.http, wrong, IOTAOtherAnswer) // what it is answered is noted
		}
		r = r.with(func(m *mmcReport) { m.answer(s.right) })
		s.right = nil
	}
	req, err := s.post(uri, r)
	if err != nil {
		return nil, err
	}
	answer, err := s.exchange(ctx, req)
	s.before = req
	return answer, err
}

func (s *iotaSession) post(uri string, r *mmcReport) (*iotaRequest, error) {
	contentType, body, err := r.encode(s.c.cfg.MediaType)
	req := s.from(http.MethodPost, uri)
	req.contentType, req.body, req.report = contentType, body, r
	return req, err
}

// download fetches a part of an object by its URL.
func (s *iotaSession) download(ctx context.Context, raw string, offset, size int) (b []byte, at int, err error) {
	if err := s.allowed(raw); err != nil {
		return nil, 0, err
	}
	req := s.from(http.MethodGet, raw)
	if size > 0 {
		req.rng = fmt.Sprintf("bytes=%d-%d", offset, offset+size-1)
	}
	answer, err := s.send(ctx, s.c.http, req, "")
	if err != nil {
		return nil, 0, err
	}
	if media, _, _ := mime.ParseMediaType(answer.contentType); media != mmcOctets {
		return nil, 0, fmt.Errorf("content type %q", answer.contentType)
	}
	if first, _, ok := strings.Cut(strings.TrimPrefix(answer.contentRange, "bytes "), "-"); ok {
		if offset, err = strconv.Atoi(first); err != nil || offset < 0 {
			return nil, 0, fmt.Errorf("Content-Range %q", answer.contentRange)
		}
	}
	return answer.body, offset, nil
}

// send sends a request and reads its answer; fault is what is wrong with it.
func (s *iotaSession) send(ctx context.Context, client *http.Client, r *iotaRequest, fault IOTAFaultKind) (answer *iotaAnswer, err error) {
	status := 0
	defer func() { s.note(func(n *IOTASession) { n.Statuses = append(n.Statuses, status) }) }()
	req, err := s.request(ctx, r, fault)
	if err != nil {
		return nil, err
	}
	resp, err := client.Do(req)
	if wrapped := (*url.Error)(nil); errors.As(err, &wrapped) {
		err = wrapped.Err // without the URL, which has the token
	}
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	status = resp.StatusCode
	body, err := io.ReadAll(io.LimitReader(resp.Body, mmcMaxBody+1))
	if err != nil {
		return nil, err
	}
	if len(body) > mmcMaxBody {
		return nil, errors.New("the answer is too long")
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	if dump, err := httputil.DumpResponse(resp, true); err == nil {
		s.show("otagate", "handset", dump, "")
	}
	if status != http.StatusOK && status != http.StatusPartialContent {
		return nil, &IOTARefused{status}
	}
	return &iotaAnswer{resp.Header.Get("Content-Type"), resp.Header.Get("Content-Range"), body}, nil
}

// cut sends a request and closes the connection when all of it is sent.
func (s *iotaSession) cut(ctx context.Context, r *iotaRequest) error {
	s.note(func(n *IOTASession) { n.Statuses = append(n.Statuses, 0) })
	req, err := s.request(ctx, r, IOTADropAfter)
	if err != nil {
		return err
	}
	octets, err := httputil.DumpRequestOut(req, true)
	if err != nil {
		return err
	}
	conn, err := s.c.dial(ctx, req.URL)
	if err != nil {
		return err
	}
	_, err = conn.Write(octets)
	return errors.Join(err, conn.Close())
}

// dial opens a connection to the server of a URL, past the client.
func (c *IOTA) dial(ctx context.Context, u *url.URL) (net.Conn, error) {
	port := u.Port()
	if port == "" {
		port = u.Scheme // the name of a service
	}
	addr := net.JoinHostPort(u.Hostname(), port)
	if u.Scheme != "https" {
		return (&net.Dialer{}).DialContext(ctx, "tcp", addr)
	}
	cfg := &tls.Config{MinVersion: tls.VersionTLS12}
	if t, ok := c.http.Transport.(*http.Transport); ok && t.TLSClientConfig != nil {
		cfg = t.TLSClientConfig.Clone()
		cfg.NextProtos = nil // HTTP/1.1
	}
	return (&tls.Dialer{Config: cfg}).DialContext(ctx, "tcp", addr)
}

// request makes the request and shows it.
func (s *iotaSession) request(ctx context.Context, r *iotaRequest, fault IOTAFaultKind) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, r.method, r.url, bytes.NewReader(r.body))
	if err != nil {
		return nil, err
	}
	s.c.header(req.Header, r)
	// To dump is to send to nobody, of which whoever watches the request must not hear.
	shown := req.Clone(context.Background())
	shown.Body = io.NopCloser(bytes.NewReader(r.body))
	if dump, err := httputil.DumpRequestOut(shown, len(r.body) < mmcMaxBody); err == nil {
		s.show("handset", "otagate", dump, fault)
	}
	return req, nil
}

// header is what a handset and the proxy before it say.
func (c *IOTA) header(h http.Header, r *iotaRequest) {
	h.Set("Accept", c.cfg.MediaType+", "+mmcRelated+", "+mmcOctets)
	h.Set("User-Agent", c.cfg.UserAgent)
	h.Set("X-Wap-Profile", `"http://handset.example/profile.xml"`)
	if r.contentType != "" {
		h.Set("Content-Type", r.contentType)
	}
	if r.rng != "" {
		h.Set("Range", r.rng)
	}
	if c.cfg.ESNHeader != "" {
		h.Set(c.cfg.ESNHeader, fmt.Sprintf("%08X", r.esn))
	}
	if c.cfg.MDNHeader != "" {
		h.Set(c.cfg.MDNHeader, r.mdn)
	}
	if c.cfg.MEIDHeader != "" && c.cfg.MEID != "" {
		h.Set(c.cfg.MEIDHeader, c.cfg.MEID)
	}
	for name, value := range c.cfg.Header {
		h.Set(name, value)
	}
}

// minSecret is how long a part of a path is that is taken for a token.
const minSecret = 8

// hide takes note of what in a URL is not to be shown: the last part of its path
// that is long enough for a token, and values of its query that are.
func (s *iotaSession) hide(u *url.URL) {
	for field := range strings.SplitSeq(u.RawQuery, "&") {
		if _, value, _ := strings.Cut(field, "="); len(value) >= minSecret {
			s.secrets = append(s.secrets, value)
		}
	}
	parts := strings.Split(u.EscapedPath(), "/")
	for i := len(parts) - 1; i >= 0; i-- {
		if len(parts[i]) >= minSecret {
			s.secrets = append(s.secrets, parts[i])
			return
		}
	}
}

// show shows octets with tokens masked. Their length stays, so that a capture
// can be read.
func (s *iotaSession) show(from, to string, b []byte, fault IOTAFaultKind) {
	for _, secret := range s.secrets {
		masked := secret[:2] + strings.Repeat("*", len(secret)-2)
		b = bytes.ReplaceAll(b, []byte(secret), []byte(masked))
	}
	s.c.see(Sight{At: time.Now(), From: from, To: to, Proto: "http", Octets: b, Fault: string(fault)})
}

func (c *IOTA) see(m Sight) {
	if c.cfg.Observe != nil {
		c.cfg.Observe(m)
	}
}
