package web_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/otagate/otagate/internal/gateway/web"
)

func TestAddrOf(t *testing.T) {
	for in, want := range map[string]string{
		"192.0.2.1:80": "192.0.2.1", "[::ffff:192.0.2.1]:80": "192.0.2.1", "[fe80::1%eth0]:80": "fe80::1", "@": "invalid IP", "": "invalid IP",
	} {
		if got := web.AddrOf(in).String(); got != want {
			t.Errorf("%q: %s, want %s", in, got, want)
		}
	}
}

func TestBody(t *testing.T) {
	for _, tt := range []struct {
		length int64
		end    error // after four octets
		most   int
		status int
	}{
		{4, io.EOF, 4, 200},
		{9, io.EOF, 8, 413},
		{-1, io.EOF, 3, 413},
		{9, os.ErrDeadlineExceeded, 9, 408},
		{9, io.ErrUnexpectedEOF, 9, 400},
	} {
		r := httptest.NewRequest(http.MethodPost, "/", io.MultiReader(strings.NewReader("four"), iotest.ErrReader(tt.end)))
		r.ContentLength = tt.length
		body, status := web.Body(httptest.NewRecorder(), r, tt.most)
		if status != tt.status || (string(body) == "four") != (status == 200) {
			t.Errorf("%+v: %q, HTTP %d", tt, body, status)
		}
	}
}
