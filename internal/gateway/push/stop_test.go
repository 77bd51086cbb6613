package push_test

import (
	"context"
	"errors"
	"net"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/sessions/cdr"
	"github.com/otagate/otagate/smpp"
	"github.com/otagate/otagate/ss7/tcap"
)

// slowCentre is a message centre at a socket that answers after a while.
type slowCentre struct {
	came  chan struct{}
	after time.Duration
}

func (s *slowCentre) SubmitSM(_ *smpp.BoundPeer, _ *smpp.SubmitSM, r *smpp.Reply) {
	s.came <- struct{}{}
	time.AfterFunc(s.after, func() { r.Respond(smpp.StatusOK, "4711") })
}

func (s *slowCentre) serve(t *testing.T) (address string) {
	t.Helper()
	hash, err := smpp.HashPassword("otagate1")
	if err != nil {
		t.Fatal(err)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	srv := smpp.NewServer(smpp.ServerConfig{SystemID: "smsc", Accounts: []smpp.Account{{SystemID: "otagate", PasswordHash: hash}}}, s, zerolog.Nop())
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- srv.Serve(ctx, ln) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil && !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
	return ln.Addr().String()
}

// TestStopWaitsForAnswers: what is under way when the service stops has its answer
// on the disk, so that nothing is in doubt at the next start.
func TestStopWaitsForAnswers(t *testing.T) {
	c := &slowCentre{came: make(chan struct{}, 1), after: 200 * time.Millisecond}
	l := newLab(t)
	link := &l.links[0]
	link.URL, link.SystemID, link.EnquireLink, link.Bind = "smpp://"+c.serve(t), "otagate", time.Minute, 10*time.Second
	link.Retry = configs.Backoff{Min: 10 * time.Millisecond, Max: time.Second}
	link.Response = time.Minute
	t.Setenv("SMSC_PASSWORD", "otagate1")
	link.PasswordEnv = "SMSC_PASSWORD"
	toCentre := l.dial
	l.dial, l.patience = nil, time.Minute
	l.start()
	id := l.mustAccept(subscriber, []byte("x"))
	<-c.came
	l.stop()
	l.dial = toCentre
	l.start()
	one := smpp.SubmitSM{DestinationAddr: []byte("13105551234")}
	l.svc.Deliver("smsc", delivered("4711", &one), l.centre)
	if rec := l.record(id); rec.Outcome != cdr.Done || rec.Attempts != 1 {
		t.Errorf("%+v", rec)
	}
}

// TestStopWaitsForMSC: likewise of an MSC.
func TestStopWaitsForMSC(t *testing.T) {
	l := newLab(t)
	asked, let := make(chan struct{}, 9), make(chan struct{})
	l.net.wait = func(_ int, inv tcap.Invoke) (tcap.Outcome, func()) {
		if isSMSREQ(inv) {
			return atMSC1, func() {}
		}
		asked <- struct{}{}
		return taken, func() { <-let }
	}
	l.patience = time.Minute
	l.start()
	id := l.mustAccept(roamer, []byte("x"))
	<-asked
	time.AfterFunc(100*time.Millisecond, func() { close(let) })
	l.stop()
	l.start()
	if rec := l.record(id); rec.Outcome != cdr.Done || rec.Recovered != 0 {
		t.Errorf("%+v", rec)
	}
}
