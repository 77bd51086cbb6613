package rendezvous

import (
	"context"
	"net"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/otasp/iota"
	"github.com/otagate/otagate/sessions"
)

// Server is the HTTP server for handsets.
type Server struct {
	cfg      configs.IOTA
	sessions Sessions
	opts     Options
}

// New makes a server; Serve runs it.
func New(cfg configs.IOTA, s Sessions, o Options) (*Server, error) {
	if s == nil {
		return nil, errNoSessions
	}
	return &Server{cfg: cfg, sessions: s, opts: o}, nil
}

// Serve takes requests from l until ctx ends. What is at work then is finished,
// if it does not take long; what waits for a document is sent away.
func (s *Server) Serve(ctx context.Context, l net.Listener) error { return nil }

// Expect lets the bearer of a token call. It may be said again, and then changes
// what is expected; another token takes the place of the first. It may be said
// at any time, also before Serve.
func (s *Server) Expect(id sessions.ID, e Expected) {}

// Document is what the handset is to do next. It answers the exchange that waits,
// or the next one. The status-uri is filled in where a method wants a report;
// m is not changed, and must not be changed any more.
func (s *Server) Document(id sessions.ID, req uint16, m *iota.Message) {}

// End forgets a session. An exchange that waits is told that it has gone.
func (s *Server) End(id sessions.ID) {}

// Stats is a snapshot of the counters.
type Stats struct{}

// Stats are the counters.
func (s *Server) Stats() Stats { return Stats{} }
