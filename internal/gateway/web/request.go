package web

import (
	"errors"
	"io"
	"net/http"
	"net/netip"
	"os"
)

// AddrOf is the address of host:port.
func AddrOf(hostPort string) netip.Addr {
	ap, err := netip.ParseAddrPort(hostPort)
	if err != nil {
		return netip.Addr{} // in nobody's network
	}
	return ap.Addr().Unmap().WithZone("")
}

// Identity: the body comes as it is. A compressed one would get around its bound.
func Identity(h http.Header) bool {
	v := h.Get("Content-Encoding")
	return v == "" || v == "identity"
}

// Body reads the body of a request, of at most so many octets. The status is 200,
// or why there is none: 413 too large, 408 not here in time, 400 cut.
func Body(w http.ResponseWriter, r *http.Request, most int) (body []byte, status int) {
	if r.ContentLength > int64(most) {
		return nil, http.StatusRequestEntityTooLarge
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, int64(most)))
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return nil, http.StatusRequestEntityTooLarge
	case errors.Is(err, os.ErrDeadlineExceeded):
		return nil, http.StatusRequestTimeout
	case err != nil:
		return nil, http.StatusBadRequest
	}
	return body, http.StatusOK
}
