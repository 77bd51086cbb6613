package rendezvous

import (
	"net/http"
	"strconv"
	"time"

	"github.com/otagate/otagate/sessions"
)

// reason says why a request got no document; each is counted.
type reason uint8

const (
	fine reason = iota // no refusal
	notFound
	unknown
	used
	expired
	gone
	declined
	wrongHandset
	ambiguous
	nobody
	method
	outOfOrder
	changed
	transaction
	superseded
	malformed
	mismatched
	cut
	slow
	tooLarge
	media
	throttled
	addressCrowded
	crowded
	busy
	late
	left
	stopping
	bootRefused
	failed
	reasons // how many there are
)

// nothing is all that is told of what is not there, never was, or is no more:
// who tries tokens learns nothing from the text.
const nothing = "nothing here"

// refusal is the status and the text of a reason; word is that of the log.
func (r reason) refusal() (status int, text, word string) {
	switch r {
	case notFound:
		return http.StatusNotFound, nothing, "no such path"
	case unknown:
		return http.StatusNotFound, nothing, "unknown token"
	case used:
		return http.StatusGone, nothing, "used already"
	case expired:
		return http.StatusGone, nothing, "expired"
	case gone:
		return http.StatusGone, nothing, "the session is over"
	case declined:
		return http.StatusGone, nothing, "declined by the session"
	case wrongHandset:
		return http.StatusForbidden, "not for this handset", "another handset"
	case ambiguous:
		return http.StatusForbidden, "not for this handset", "two identities"
	case nobody:
		return http.StatusForbidden, "handset not known", "a handset that is not known"
	case method:
		return http.StatusMethodNotAllowed, "method not allowed", "method"
	case outOfOrder:
		return http.StatusConflict, "not the document that is awaited", "out of order"
	case changed:
		return http.StatusConflict, "reported otherwise before", "reported otherwise before"
	case transaction:
		return http.StatusConflict, "another transaction", "another transaction"
	case superseded:
		return http.StatusConflict, "another request of this session waits", "another request waits"
	case malformed:
		return http.StatusBadRequest, "no report", "no report"
	case mismatched:
		return http.StatusBadRequest, "no answer to the document", "no answer to the document"
	case cut:
		return http.StatusBadRequest, "incomplete", "incomplete"
	case slow:
		return http.StatusRequestTimeout, "too slow", "too slow"
	case tooLarge:
		return http.StatusRequestEntityTooLarge, "too large", "too large"
	case media:
		return http.StatusUnsupportedMediaType, "unsupported media type", "media type"
	case throttled:
		return http.StatusTooManyRequests, "too many requests", "rate of the address"
	case addressCrowded:
		return http.StatusTooManyRequests, "too many requests", "too many of the address"
	case crowded:
		return http.StatusServiceUnavailable, "busy", "too many requests"
	case busy:
		return http.StatusServiceUnavailable, "busy", "sessions busy"
	case late:
		return http.StatusServiceUnavailable, "not ready", "the document did not come"
	case left:
		return http.StatusServiceUnavailable, "not ready", "the handset did not wait"
	case stopping:
		return http.StatusServiceUnavailable, "stopping", "stopping"
	}
	return http.StatusInternalServerError, "error", "error"
}

// answer is what goes back.
type answer struct {
	why         reason
	session     sessions.ID // 0: not known
	status      int         // 0: that of the reason
	text        string
	allow       string // of 405
	retry       time.Duration
	contentType string
	body        []byte
}

func refuse(why reason) answer { return answer{why: why} }

// again is a refusal after which a handset should come again.
func again(why reason, after time.Duration) answer { return answer{why: why, retry: after} }

// busyRetry is told to whom there is no room for.
const busyRetry = 2 * time.Second

func (a *answer) write(w http.ResponseWriter) {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	if a.why == fine {
		if a.body == nil {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		h.Set("Content-Type", a.contentType)
		h.Set("Content-Length", strconv.Itoa(len(a.body)))
		w.WriteHeader(http.StatusOK)
		_, _ = w.Write(a.body) // whoever has gone asks again
		return
	}
	status, text, _ := a.why.refusal()
	if a.status != 0 {
		status, text = a.status, a.text
	}
	h.Set("Content-Type", "text/plain; charset=utf-8")
	switch status {
	case http.StatusMethodNotAllowed:
		h.Set("Allow", a.allow)
	case http.StatusRequestTimeout, http.StatusRequestEntityTooLarge:
		h.Set("Connection", "close")
	}
	if a.retry > 0 {
		h.Set("Retry-After", strconv.Itoa(int((a.retry+time.Second-1)/time.Second)))
	}
	w.WriteHeader(status)
	_, _ = w.Write([]byte(text + "\n"))
}
