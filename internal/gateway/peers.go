package gateway

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/rs/zerolog"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/ss7/m3ua"
	"github.com/otagate/otagate/ss7/mtp"
)

// peerTime is how long a peer may take to become active.
const peerTime = 5 * time.Second

// TestPeers brings one association after the other up and down again and says
// how far each got. It must not run beside a gateway that uses the same
// configuration: the peers would see the same application server twice.
func TestPeers(ctx context.Context, cfg *configs.Config, out io.Writer) error {
	cc, err := clientConfig(&cfg.SS7)
	if err != nil {
		return err
	}
	if len(cc.Peers) == 0 {
		return errors.New("there is no section ss7, and so no peer")
	}
	peers := cc.Peers
	var failed []error
	for _, p := range peers {
		cc.Peers = []m3ua.PeerConfig{p}
		if err := testPeer(ctx, cc); err != nil {
			failed = append(failed, fmt.Errorf("peer %s: %w", p.Name, err))
			fmt.Fprintf(out, "%s: not active\n", p.Name)
			continue
		}
		fmt.Fprintf(out, "%s: ASP-ACTIVE\n", p.Name)
	}
	return errors.Join(failed...)
}

func testPeer(ctx context.Context, cc m3ua.ClientConfig) error {
	c := m3ua.NewClient(cc, nobody{}, zerolog.Nop())
	ctx, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- c.Run(ctx) }()
	wait, cancel := context.WithTimeout(ctx, peerTime)
	defer cancel()
	err := c.WaitActive(wait)
	state := c.State()
	stop()
	if runErr := <-ended; err == nil && runErr != nil && !errors.Is(runErr, context.Canceled) {
		err = runErr
	}
	if err != nil {
		why := "no association"
		for _, l := range state.Links {
			if l.Connected {
				why = "connected, " + l.State.String()
			}
		}
		return fmt.Errorf("not active within %s: %s", peerTime, why)
	}
	return nil
}

// nobody is a user of MTP that takes nothing.
type nobody struct{}

func (nobody) Transfer(mtp.Transfer) {}
func (nobody) Pause(mtp.PointCode)   {}
func (nobody) Resume(mtp.PointCode)  {}
func (nobody) Status(mtp.Status)     {}
