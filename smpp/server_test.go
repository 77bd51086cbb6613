package smpp_test

import (
	"context"
	"net"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/smpp"
)

// handlerFunc is a Handler that answers at once.
type handlerFunc func(b *smpp.BoundPeer, p *smpp.SubmitSM, r *smpp.Reply)

func (f handlerFunc) SubmitSM(b *smpp.BoundPeer, p *smpp.SubmitSM, r *smpp.Reply) { f(b, p, r) }

func accept(_ *smpp.BoundPeer, _ *smpp.SubmitSM, r *smpp.Reply) { r.Respond(smpp.StatusOK, "m1") }

func serve(t *testing.T, cfg smpp.ServerConfig, h smpp.Handler) (*smpp.Server, string) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := smpp.NewServer(cfg, h, zerolog.Nop())
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ctx, ln) }()
	t.Cleanup(func() {
		cancel()
		select {
		case err := <-ended:
			if err != nil {
				t.Errorf("Serve: %v", err)
			}
		case <-time.After(20 * time.Second):
			t.Error("Serve does not return")
		}
	})
	return s, ln.Addr().String()
}
