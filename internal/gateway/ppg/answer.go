package ppg

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/otagate/otagate/wappush/pap"
)

// answer is what goes back: a control entity, or HTTP's own words.
type answer struct {
	status  int
	version pap.Version
	message pap.Message
	retry   time.Duration // Retry-After
}

func plain(status int) answer { return answer{status: status} }

// write sends the answer.
func (a *answer) write(w http.ResponseWriter) {
	body, contentType := []byte(http.StatusText(a.status)+"\n"), "text/plain; charset=utf-8"
	if a.message != nil {
		c := pap.Control{Version: a.version, Message: a.message}
		entity, err := c.AppendXML(nil)
		if err != nil { // what came in was read by the same package
			entity, a.status = nil, http.StatusInternalServerError
		}
		body, contentType = entity, "application/xml"
	}
	h := w.Header()
	h.Set("Content-Type", contentType)
	h.Set("Cache-Control", "no-store")
	switch a.status {
	case http.StatusUnauthorized:
		h.Set("WWW-Authenticate", `Basic realm="push", charset="UTF-8"`)
	case http.StatusMethodNotAllowed:
		h.Set("Allow", http.MethodPost)
	case http.StatusUnsupportedMediaType:
		h.Set("Accept", "multipart/related, application/xml")
		h.Set("Accept-Encoding", "identity")
	case http.StatusRequestTimeout, http.StatusRequestEntityTooLarge:
		h.Set("Connection", "close")
	}
	if a.retry > 0 {
		h.Set("Retry-After", strconv.Itoa(int((a.retry+time.Second-1)/time.Second)))
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(body) // whoever has gone does not hear it
}

// refused is an error with the code that the initiator is told.
func refused(code pap.Code, format string, args ...any) error {
	return &pap.Error{Code: code, Err: fmt.Errorf(format, args...)}
}

// desc is an error in words for the initiator.
func desc(err error) string { return pap.BadMessage(err).Desc }

// unavailable tells whether it is worth to try the same again, and so the
// HTTP status.
func unavailable(err error) (status int, retry time.Duration) {
	var e *pap.Error
	if !errors.As(err, &e) || e.Code != pap.CodeServiceUnavailable {
		return http.StatusAccepted, 0
	}
	return http.StatusServiceUnavailable, busyRetry
}
