package sim

import (
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"slices"
	"sync"
	"time"
)

// BackendReport is what the gateway reports of a session, as far as a back-end
// looks at it.
type BackendReport struct {
	Session   string `json:"session"`
	Flow      string `json:"flow"`
	Order     string `json:"order"`
	MDN       string `json:"mdn"`
	PRL       string `json:"prl"`
	Activated bool   `json:"activated"`
	Outcome   string `json:"outcome"`
	Reason    string `json:"reason"`
}

// Backend is the operator's system that is told how sessions end.
type Backend struct {
	Observe func(Sight) // nil when nobody watches
	Fail    int         // so many reports are answered with 503

	news    news
	mu      sync.Mutex
	reports []BackendReport
	keys    map[string]bool
}

// Serve takes reports until ctx ends.
func (b *Backend) Serve(ctx context.Context, ln net.Listener) error {
	return serveHTTP(ctx, ln, b.reported)
}

func (b *Backend) reported(w http.ResponseWriter, r *http.Request) {
	if got, err := httputil.DumpRequest(r, true); err == nil && b.Observe != nil {
		b.Observe(Sight{At: time.Now(), From: "otagate", To: "back-end", Proto: "report", Octets: got})
	}
	w.WriteHeader(b.take(r))
	b.news.tell()
}

// take keeps a report that it does not have yet, and gives the status for it.
func (b *Backend) take(r *http.Request) int {
	var rep BackendReport
	if json.NewDecoder(io.LimitReader(r.Body, maxAnswer)).Decode(&rep) != nil || rep.Session == "" {
		return http.StatusUnprocessableEntity
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.Fail > 0 {
		b.Fail--
		return http.StatusServiceUnavailable
	}
	if key := r.Header.Get("Idempotency-Key"); !b.keys[key] {
		if b.keys == nil {
			b.keys = map[string]bool{}
		}
		b.keys[key] = true
		b.reports = append(b.reports, rep)
	}
	return http.StatusNoContent
}

// Reports are all reports, each once.
func (b *Backend) Reports() []BackendReport {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.reports)
}

// Wait returns when there holds, which is asked after each report.
func (b *Backend) Wait(ctx context.Context, there func() bool) error { return b.news.until(ctx, there) }
