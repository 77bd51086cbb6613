package rendezvous_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/gateway/rendezvous"
	"github.com/otagate/otagate/internal/gateway/web/webtest"
	"github.com/otagate/otagate/otasp/iota"
)

// room is a server on virtual time, with session 1 expected.
type room struct {
	t      *testing.T
	server *rendezvous.Server
	*fake
	*webtest.Listener
	base string
	stop func() error
}

func newRoom(t *testing.T, edit ...func(*configs.IOTA)) *room {
	c := config()
	for _, e := range edit {
		e(&c)
	}
	s, f, _ := newServer(t, c)
	r := &room{t: t, server: s, fake: f, Listener: webtest.Listen(), base: c.Base}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ctx, r.Listener) }()
	r.stop = func() error { cancel(); return <-ended }
	s.Expect(1, rendezvous.Expected{Token: tokenOf(1)})
	return r
}

const here = "192.0.2.1"

// path is that of session 1.
func path(behind string) string { return "/iota/" + tokenOf(1).Text() + behind }

// get and post send a request on a connection of its own; what comes back is read
// by answer.
func (r *room) get(path string) net.Conn {
	conn := r.Dial(here)
	go fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", path)
	return conn
}

func (r *room) post(path string, m *iota.Message) net.Conn {
	contentType, body := encoded(r.t, m)
	conn := r.Dial(here)
	go fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s", path, contentType, len(body), body)
	return conn
}

type reply struct {
	status int
	retry  string
	text   string
}

func (r *room) answer(conn net.Conn) reply {
	r.t.Helper()
	defer conn.Close()
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		r.t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	return reply{resp.StatusCode, resp.Header.Get("Retry-After"), string(b)}
}

// is tells whether a reply is the document that does this.
func (a reply) is(n iota.Name) bool {
	return a.status == 200 && strings.Contains(a.text, fmt.Sprintf(`name="%s"`, n))
}
