package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/otagate/otagate/internal/demo"
	"github.com/otagate/otagate/internal/sim"
	"github.com/otagate/otagate/smpp"
)

// esmeFlags are those of sim esme.
type esmeFlags struct {
	address, name, file string
	from, to            string
	receipt             uint8
	stay                bool
	wait                time.Duration
}

func newSimESME() *cobra.Command {
	c := &cobra.Command{
		Use:   "esme TEXT...",
		Short: "bind as an account, submit messages that are relayed, and wait for their receipts",
		Long: "Submits each text as a submit_sm of its own and waits for its receipt; every PDU is printed as it\n" +
			"passes. With --stay it stays bound and prints what it is delivered, until it is interrupted; it\n" +
			"then needs no text.",
		Example: "  OTAGATE_PASSWORD=otagate1 otagate sim esme --system-id shop --from 2280 --to 12025550123 hello\n" +
			"  otagate sim esme --system-id shop --password-file pw --stay",
	}
	var e esmeFlags
	f := c.Flags()
	f.StringVar(&e.address, "address", "127.0.0.1:2775", "SMPP address of the gateway")
	f.StringVar(&e.name, "system-id", "ivr", "system_id")
	f.StringVar(&e.file, "password-file", "", "file with the password; otherwise OTAGATE_PASSWORD")
	f.StringVar(&e.from, "from", "2280", "source_addr")
	f.StringVar(&e.to, "to", "12025550123", "destination_addr")
	f.Uint8Var(&e.receipt, "registered-delivery", 1, "0 asks for no receipt, and none is waited for")
	f.BoolVar(&e.stay, "stay", false, "stay bound afterwards")
	f.DurationVar(&e.wait, "wait", 2*time.Minute, "how long to wait for the receipts")
	c.Args = func(_ *cobra.Command, args []string) error {
		if len(args) == 0 && !e.stay {
			return errors.New("no text to submit; without one it takes --stay")
		}
		return nil
	}
	c.RunE = func(c *cobra.Command, args []string) error {
		password, err := readPassword(e.file)
		if err != nil {
			return usageError{err}
		}
		ctx, stop := signal.NotifyContext(c.Context(), os.Interrupt, syscall.SIGTERM)
		defer stop()
		v, err := sim.DialIVR(ctx, sim.IVRConfig{
			Address: e.address, SystemID: e.name, Password: password, Observe: demo.Ladder(c.OutOrStdout()), Name: e.name, Take: e.stay,
		})
		if err != nil {
			return err
		}
		return errors.Join(e.run(ctx, c.OutOrStdout(), v, args), v.Close(context.WithoutCancel(ctx)))
	}
	return c
}

// run submits all texts and waits for every receipt.
func (e *esmeFlags) run(ctx context.Context, out io.Writer, v *sim.IVR, texts []string) (failed error) {
	waits, cancel := context.WithTimeout(ctx, e.wait)
	defer cancel()
	ids := make([]string, len(texts))
	for i, text := range texts {
		status, id, err := v.Submit(waits, &smpp.SubmitSM{
			SourceAddr: []byte(e.from), DestAddrTON: 1, DestAddrNPI: 1, DestinationAddr: []byte(e.to), RegisteredDelivery: e.receipt, ShortMessage: []byte(text),
		})
		switch {
		case err != nil:
			return err
		case status != smpp.StatusOK:
			failed = errors.Join(failed, fmt.Errorf("%q: refused with %s", text, status))
		default:
			ids[i] = id
		}
	}
	for i, id := range ids {
		if id == "" || e.receipt == 0 {
			continue
		}
		r, err := v.Receipt(waits, id)
		if err != nil {
			return errors.Join(failed, fmt.Errorf("%q: no receipt: %w", texts[i], err))
		}
		fmt.Fprintf(out, "message %s: %s, err %s\n", id, r.Stat, r.Err)
		if r.Stat != smpp.MessageDelivered && r.Stat != smpp.MessageAccepted {
			failed = errors.Join(failed, fmt.Errorf("%q: %s", texts[i], r.Stat))
		}
	}
	if e.stay {
		select {
		case <-ctx.Done():
		case <-v.Done():
		}
	}
	return failed
}
