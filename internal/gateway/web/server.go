package web

import (
	"context"
	"crypto/tls"
	stdlog "log"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"github.com/rs/zerolog"
)

// Server serves HTTP/1 within bounds.
type Server struct {
	Name     string // in the log
	Handler  http.Handler
	Timeout  time.Duration // of a request: to be here
	WorkTime time.Duration // beyond that, before the answer is on its way
	TLS      *tls.Config   // nil: plain
	Log      zerolog.Logger

	// Admit tells whether a connection from there may be open, and is told when it
	// is closed; one that may not is closed at once. Without a bound slow senders
	// could use up the files of the process.
	Admit func(from netip.Addr) (leave func(), ok bool)
	// Unheard is told of a request that Handler does not get to see: net/http ends
	// the connection when a head is too slow, too long or not of HTTP. May be nil.
	Unheard func()
	// Stopping is told that the server is to end, before the contexts of requests
	// at work do. nil: they do not, and what is at work is finished.
	Stopping func()

	working sync.WaitGroup
}

const (
	idleTime   = time.Minute     // of a connection that waits for its next request
	stopTime   = 5 * time.Second // of requests at work when the gateway stops
	maxHeaders = 16 << 10        // of requests, and of answers
)

// Serve takes requests from l until ctx ends, once. What is at work then may
// take a little longer; it is over when Serve returns.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	base, gone := context.WithCancel(context.WithoutCancel(ctx))
	defer gone()
	srv := s.http(base)
	l = listener{l, s.Admit}
	if s.TLS != nil {
		l = tls.NewListener(l, s.TLS)
	}
	ended := make(chan error, 1)
	go func() { ended <- srv.Serve(l) }()
	var err error
	select {
	case err = <-ended:
	case <-ctx.Done():
	}
	if s.Stopping != nil {
		s.Stopping()
		gone()
	}
	if err == nil {
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTime)
		defer cancel()
		if srv.Shutdown(last) != nil {
			_ = srv.Close() // what is at work has had its time
		}
		<-ended
	}
	s.working.Wait() // what requests work with may be closed when this has returned
	return err
}

func (s *Server) http(base context.Context) *http.Server {
	srv := &http.Server{
		Handler: http.HandlerFunc(s.handle), ReadTimeout: s.Timeout, ReadHeaderTimeout: s.Timeout, IdleTimeout: idleTime, MaxHeaderBytes: maxHeaders,
		WriteTimeout: s.Timeout + s.WorkTime + 10*time.Second, // from the end of the header on
		BaseContext:  func(net.Listener) context.Context { return base },
		ConnContext: func(ctx context.Context, c net.Conn) context.Context {
			return context.WithValue(ctx, connKey{}, connOf(c))
		},
		ConnState: s.state,
		ErrorLog:  stdlog.New(warnings{s}, "", 0),
		Protocols: new(http.Protocols),
	}
	srv.Protocols.SetHTTP1(true)
	return srv
}

func (s *Server) handle(w http.ResponseWriter, r *http.Request) {
	s.working.Add(1)
	defer s.working.Done()
	r.Context().Value(connKey{}).(*conn).head.Store(false)
	s.Handler.ServeHTTP(w, r)
}

// warnings takes what net/http says of connections and of panics.
type warnings struct{ *Server }

func (w warnings) Write(b []byte) (int, error) {
	w.Log.Warn().Str("what", string(b[:min(len(b), 200)])).Msg(w.Name + ": http")
	return len(b), nil
}
