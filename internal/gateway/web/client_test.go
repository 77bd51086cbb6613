package web_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"github.com/otagate/otagate/internal/gateway/web"
)

// trip is a server without a network.
type trip func(r *http.Request) (*http.Response, error)

func (f trip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// request is one with a secret in its URL.
func request(t *testing.T, ctx context.Context, url string) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url+"/geheim", strings.NewReader("x"))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestClient goes where it is told to and nowhere else.
func TestClient(t *testing.T) {
	var asked []string
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.URL.Path+r.Header.Get("Accept-Encoding"))
		http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
	}))
	defer s.Close()
	t.Setenv("HTTP_PROXY", s.URL)
	c := web.NewClient(time.Minute, 1)
	defer c.CloseIdleConnections()
	a, err := web.Ask(c, request(t, t.Context(), s.URL), time.Minute)
	if err != nil || a.Status != 307 || a.Header.Get("Location") != "/elsewhere" || len(asked) != 1 || asked[0] != "/geheim" {
		t.Errorf("%+v, %v, asked %q", a, err, asked)
	}
	// Nobody is there, and that would be the proxy's to find out.
	if _, err := web.Ask(c, request(t, t.Context(), "http://0.0.0.0:1"), time.Minute); err == nil || strings.Contains(err.Error(), "geheim") || len(asked) != 1 {
		t.Errorf("of nobody: %v, asked %q", err, asked)
	}
}

// TestAnswer: of a long body little is read, and one that breaks off has a status.
func TestAnswer(t *testing.T) {
	long := strings.NewReader(strings.Repeat("x", 1<<20))
	for body, want := range map[io.Reader]web.Answer{
		strings.NewReader("{}"):               {Status: 200, Body: []byte("{}")},
		iotest.ErrReader(io.ErrUnexpectedEOF): {Status: 200, Body: []byte{}, Cut: true},
		long:                                  {Status: 200, Body: bytes.Repeat([]byte("x"), web.MaxAnswer+1)},
	} {
		c := &http.Client{Transport: trip(func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: 200, Body: io.NopCloser(body)}, nil
		})}
		if a, err := web.Ask(c, request(t, t.Context(), "http://x"), time.Minute); err != nil || !reflect.DeepEqual(a, want) {
			t.Errorf("HTTP %d %.9q, cut %t, %v; want %.9q", a.Status, a.Body, a.Cut, err, want.Body)
		}
	}
	if read := 1<<20 - long.Len(); read > 64<<10 {
		t.Errorf("%d octets read", read)
	}
}

// TestPatience: an answer that comes soon after the end still counts, and none is
// awaited for ever.
func TestPatience(t *testing.T) {
	for _, tt := range []struct {
		takes, ends, over time.Duration // ends: of the context
		want              error
	}{
		{3 * time.Second, time.Second, 3 * time.Second, nil},
		{8 * time.Second, time.Second, 4 * time.Second, context.Canceled},
		{30 * time.Second, 9 * time.Second, 10 * time.Second, context.DeadlineExceeded},
	} {
		synctest.Test(t, func(t *testing.T) {
			c := &http.Client{Transport: trip(func(r *http.Request) (*http.Response, error) {
				select {
				case <-r.Context().Done():
					return nil, r.Context().Err()
				case <-time.After(tt.takes):
					return &http.Response{StatusCode: 200, Body: http.NoBody}, nil
				}
			})}
			ctx, cancel := context.WithTimeout(t.Context(), tt.ends)
			defer cancel()
			start := time.Now()
			if _, err := web.Ask(c, request(t, ctx, "http://x"), 10*time.Second); !errors.Is(err, tt.want) || time.Since(start) != tt.over {
				t.Errorf("%+v: %v after %s", tt, err, time.Since(start))
			}
		})
	}
}
