package sim

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"slices"
	"sync"
	"time"

	"github.com/otagate/otagate/wappush/pap"
)

// InitiatorConfig is who a push initiator is.
type InitiatorConfig struct {
	Name     string // user of HTTP Basic
	Password string
	Observe  func(Sight) // nil when nobody watches
}

// Initiator is a push initiator: it gives pushes to the gateway by PAP over HTTP
// and is told how they ended.
type Initiator struct {
	cfg    InitiatorConfig
	client *http.Client
	news   news

	mu      sync.Mutex
	results []pap.ResultNotificationMessage
}

// NewInitiator makes an initiator. It hears results while Serve runs.
func NewInitiator(cfg InitiatorConfig) *Initiator {
	if cfg.Observe == nil {
		cfg.Observe = func(Sight) {}
	}
	return &Initiator{cfg: cfg, client: &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}}
}

// Push gives one push to the gateway at a URL and returns what it answers.
func (i *Initiator) Push(ctx context.Context, url string, m *pap.PushMessage, content *pap.Part) (*pap.PushResponse, error) {
	envelope := pap.Envelope{Control: pap.Control{Message: m}, Content: content}
	contentType, body, err := envelope.Encode("part" + rand.Text())
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", contentType)
	req.SetBasicAuth(i.cfg.Name, i.cfg.Password)
	sent, err := httputil.DumpRequestOut(req, true)
	if err != nil {
		return nil, err
	}
	i.see("PI", "otagate", sent)
	resp, err := i.client.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	got, err := httputil.DumpResponse(resp, true)
	if err != nil {
		return nil, err
	}
	i.see("otagate", "PI", got)
	return pushResponse(resp)
}

// maxAnswer is more than any answer of PAP has.
const maxAnswer = 64 << 10

func pushResponse(resp *http.Response) (*pap.PushResponse, error) {
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return nil, err
	}
	env, err := pap.Decode(resp.Header.Get("Content-Type"), body, pap.Limits{})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", resp.Status, err)
	}
	r, is := env.Control.Message.(*pap.PushResponse)
	if !is {
		return nil, fmt.Errorf("%s: the answer is %s", resp.Status, env.Control.Message.Element())
	}
	return r, nil
}

// Serve takes result notifications until ctx ends.
func (i *Initiator) Serve(ctx context.Context, ln net.Listener) error {
	return serveHTTP(ctx, ln, i.notified)
}

// serveHTTP serves until ctx ends.
func serveHTTP(ctx context.Context, ln net.Listener, handle http.HandlerFunc) error {
	s := &http.Server{Handler: handle, ReadHeaderTimeout: 10 * time.Second}
	stop := context.AfterFunc(ctx, func() { s.Close() }) // nobody waits for an answer any more
	defer stop()
	if err := s.Serve(ln); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// notified answers a result notification.
func (i *Initiator) notified(w http.ResponseWriter, r *http.Request) {
	if got, err := httputil.DumpRequest(r, true); err == nil {
		i.see("otagate", "PI", got)
	}
	status, answer := i.take(r)
	resp := http.Response{
		StatusCode: status, ProtoMajor: 1, ProtoMinor: 1, Header: http.Header{"Content-Type": {"application/xml"}},
		ContentLength: int64(len(answer)), Body: io.NopCloser(bytes.NewReader(answer)),
	}
	if sent, err := httputil.DumpResponse(&resp, true); err == nil {
		i.see("PI", "otagate", sent)
	}
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(status)
	_, _ = w.Write(answer) // who does not hear it asks again
	i.news.tell()
}

// take notes what is told, and gives the answer to it.
func (i *Initiator) take(r *http.Request) (status int, answer []byte) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxAnswer))
	if err != nil {
		return http.StatusBadRequest, nil
	}
	env, err := pap.Decode(r.Header.Get("Content-Type"), body, pap.Limits{})
	if err != nil {
		return http.StatusBadRequest, nil
	}
	m, is := env.Control.Message.(*pap.ResultNotificationMessage)
	if !is {
		return http.StatusBadRequest, nil
	}
	c := pap.Control{Version: env.Control.Version, Message: &pap.ResultNotificationResponse{PushID: m.PushID, Code: pap.CodeOK, Address: m.Address}}
	if answer, err = c.AppendXML(nil); err != nil {
		return http.StatusInternalServerError, nil
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	i.results = append(i.results, *m)
	return http.StatusOK, answer
}

func (i *Initiator) see(from, to string, b []byte) {
	i.cfg.Observe(Sight{At: time.Now(), From: from, To: to, Proto: "http", Octets: b})
}

// Results is what was told, in order, repetitions included.
func (i *Initiator) Results() []pap.ResultNotificationMessage {
	i.mu.Lock()
	defer i.mu.Unlock()
	return slices.Clone(i.results)
}

// Wait returns when there holds, which is asked after each result.
func (i *Initiator) Wait(ctx context.Context, there func() bool) error {
	return i.news.until(ctx, there)
}
