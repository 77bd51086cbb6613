package backend

import (
	"errors"
	"net/http"
	"strconv"
	"time"
)

// pause is how long nothing is told after so many tries. The back-end may say so
// itself, within bounds: 0 would be a storm, and a week as good as an end.
func (r *Reporter) pause(after time.Duration) time.Duration {
	if after > 0 {
		return min(max(after, r.cfg.Pause), r.cfg.MaxPause)
	}
	d := r.cfg.Pause
	for i := 1; i < r.tries && d < r.cfg.MaxPause; i++ {
		d *= 2
	}
	return min(d, r.cfg.MaxPause)
}

// retryAfter is what Retry-After says (RFC 9110, section 10.2.3), in seconds or
// as a date; 0 for nothing that can be read.
func retryAfter(h http.Header, now time.Time) time.Duration {
	s := h.Get("Retry-After")
	// Out of range is a very long time, too.
	if n, err := strconv.ParseUint(s, 10, 32); err == nil || errors.Is(err, strconv.ErrRange) {
		return time.Duration(n) * time.Second
	}
	at, err := http.ParseTime(s)
	if err != nil {
		return 0
	}
	return max(at.Sub(now), 0)
}
