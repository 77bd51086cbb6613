package backend

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/otagate/otagate/internal/gateway/web"
	"github.com/otagate/otagate/sessions"
)

// fate is what became of one POST.
type fate uint8

const (
	taken fate = iota
	retry
	refused
)

type answer struct {
	fate
	why   string
	after time.Duration // Retry-After; 0 is none
}

// post posts one report.
func (r *Reporter) post(ctx context.Context, row *sessions.Outbox) answer {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, r.cfg.Report, bytes.NewReader(row.Body))
	if err != nil {
		return answer{fate: retry, why: "backend.report cannot be asked"} // New has looked at it
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Idempotency-Key", row.ID.String())
	req.Header.Set("User-Agent", "otagate")
	r.authorize(req.Header)
	a, err := web.Ask(r.client, req, r.cfg.Timeout)
	if err != nil {
		return answer{fate: retry, why: reason(err)}
	}
	return answer{judge(a.Status), strconv.Itoa(a.Status) + " " + http.StatusText(a.Status), retryAfter(a.Header, r.now())}
}

// notNow are the refusals that are no judgement of the report: a busy server, and
// a token or a path that is wrong until somebody has put it right.
var notNow = [...]int{
	http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusProxyAuthRequired,
	http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests,
}

// judge: who refuses a report with 4xx will do so again, but for those of notNow.
// A redirect is somebody's configuration, which comes and goes.
func judge(status int) fate {
	switch {
	case status >= 200 && status <= 299:
		return taken
	case slices.Contains(notNow[:], status):
		return retry
	case status >= 400 && status <= 499:
		return refused
	}
	return retry
}

// reason is what may be logged of an error. net/http's own errors quote the
// request's URL and what came as an answer, and a server may echo what it was sent.
func reason(err error) string {
	var op *net.OpError
	var certificate *tls.CertificateVerificationError
	var slow net.Error
	switch {
	case errors.As(err, &slow) && slow.Timeout():
		return "no answer in time"
	case errors.Is(err, context.Canceled):
		return "the gateway stops"
	case errors.As(err, &certificate):
		return certificate.Error()
	case errors.As(err, &op):
		return op.Error()
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "the connection was closed"
	}
	return "the answer is not HTTP"
}
