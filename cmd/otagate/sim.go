package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/otagate/otagate/internal/demo"
	"github.com/otagate/otagate/internal/sim"
	"github.com/otagate/otagate/smpp"
	"github.com/otagate/otagate/ss7/ansi41"
	"github.com/otagate/otagate/ss7/mtp"
)

func newSim() *cobra.Command {
	c := &cobra.Command{
		Use:   "sim",
		Short: "the simulated network as separate programs, for a test bench",
		Example: "  otagate sim network --listen 127.0.0.1:2905 --handset 8204F1A2\n  otagate sim ivr --password-file pw TRN=2222220000\n" +
			"  otagate sim smsc --listen 127.0.0.1:2776 --password-file smsc.pw --subscriber 12025550123",
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(newSimNetwork(), newSimSMSC(), newSimIVR(), newSimESME())
	return c
}

func newSimNetwork() *cobra.Command {
	c := &cobra.Command{
		Use:   "network",
		Short: "an STP with an MSC, an HLR/AC and handsets",
		Long: "Listens for the gateway's M3UA association and plays MSC, HLR/AC and handsets. For each\n" +
			"--handset one call is set up, as if it had dialled the star code; its TRN is printed. Each\n" +
			"--subscriber has an idle handset, for messages (FLOW=push), OTAPA and IOTA (FLOW=otapa, iota); what it\n" +
			"does with messages is printed: the URLs it has opened, the settings it has taken. Every message\n" +
			"is printed as it passes.\n\n" +
			"With --connect there is no STP of its own: MSC and HLR/AC are attached to the one at that\n" +
			"address, each as an application server process with its own --local address and\n" +
			"--routing-context, MSC first. The gateway is attached to the same STP.",
		Example: "  otagate sim network --listen 127.0.0.1:2905 --handset 8204F1A2\n" +
			"  otagate sim network --subscriber 5551234567:81234567 --pin 1234 --away 30s\n" +
			"  otagate sim network --connect 10.1.2.1:2905 --transport sctp --local 10.1.2.9:2926,10.1.2.9:2927 --routing-context 106,107",
		Args: cobra.NoArgs,
	}
	f := c.Flags()
	listen := f.String("listen", "127.0.0.1:2905", "address to listen on (TCP)")
	gateway := f.String("gateway", "1-12-5", "point code of the gateway")
	msc := f.String("msc", "1-12-6", "point code of the MSC, SSN 8")
	hlr := f.String("hlr", "1-12-7", "point code of the HLR/AC, SSN 6")
	contexts := f.UintSlice("routing-context", []uint{100}, "routing context of the gateway; with --connect, of MSC and HLR/AC")
	var to stpFlags
	f.StringSliceVar(&to.connect, "connect", nil, "addresses of an STP to connect to, instead of --listen")
	f.StringVar(&to.transport, "transport", "tcp", "sctp or tcp, with --connect")
	f.StringSliceVar(&to.local, "local", nil, "addresses from which MSC and HLR/AC connect, SCTP only; port 0 is any")
	first := f.Uint64("first-trn", 2222220000, "first temporary reference number")
	handsets := f.StringArray("handset", nil, "ESN (8 hexadecimal digits) of a handset that has dialled the star code; may be given several times")
	var p phones
	p.add(c, "MIN[:ESN] of an idle handset")
	f.DurationVar(&p.away, "away", 0, "the HLR says of the subscribers that they are away, and so long after it was first asked that they are back")
	c.RunE = func(c *cobra.Command, _ []string) error {
		cfg := sim.LabConfig()
		cfg.FirstTRN = *first
		for _, node := range []struct {
			flag, text string
			pc         *mtp.PointCode
		}{{"--gateway", *gateway, &cfg.Gateway.PC}, {"--msc", *msc, &cfg.MSC.PC}, {"--hlr", *hlr, &cfg.HLR.PC}} {
			pc, err := mtp.ParsePointCode(node.text)
			if err != nil {
				return usageError{fmt.Errorf("%s: %w", node.flag, err)}
			}
			*node.pc = pc
		}
		run, err := to.network(*listen, *contexts, &cfg)
		if err != nil {
			return err
		}
		if cfg.Air, err = parseAir(p.air); err != nil {
			return err
		}
		return runNetwork(c.Context(), c.OutOrStdout(), cfg, run, *handsets, &p)
	}
	return c
}

func runNetwork(ctx context.Context, out io.Writer, cfg sim.Config, run networkRunner, esns []string, p *phones) error {
	cfg.Observe, cfg.Script = demo.Ladder(out), &sim.Script{}
	n := sim.NewNetwork(cfg)
	for _, esn := range esns {
		number, err := ansi41.ParseESN(esn)
		if err != nil {
			return usageError{fmt.Errorf("--handset: %w", err)}
		}
		hc := sim.DefaultHandset()
		hc.ESN = uint32(number)
		call, err := n.MSC.Dial(sim.NewHandset(hc))
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "handset %08X has dialled the star code: TRN=%s\n", hc.ESN, call.TRN)
	}
	if err := p.subscribe(ctx, n, out, cfg.Observe); err != nil {
		return err
	}
	return beside(ctx, func(ctx context.Context) error { return run(ctx, out, n) },
		func(ctx context.Context) { p.watch(ctx) }, func(ctx context.Context) { p.comeBack(ctx, n, cfg.Script, out) })
}

func newSimIVR() *cobra.Command {
	c := &cobra.Command{
		Use:   "ivr KEY=VALUE[;KEY=VALUE...]...",
		Short: "bind as an IVR, submit triggers and wait for their receipts",
		Example: "  otagate sim ivr --password-file pw 'TRN=2222220000;CORR=call-1'\n" +
			"  otagate sim ivr --password-file pw --destination 74 'TYPE=sl;MDN=5551234567;HREF=http://example.org/'",
		Args: cobra.MinimumNArgs(1),
	}
	var v ivrFlags
	v.add(c, "*228", "how long to wait for the receipts")
	c.RunE = v.run
	return c
}

// ivrFlags are how to bind as an IVR.
type ivrFlags struct {
	cfg  sim.IVRConfig
	file string // of the password
	wait time.Duration
}

func (v *ivrFlags) add(c *cobra.Command, destination, wait string) {
	f := c.Flags()
	f.StringVar(&v.cfg.Address, "address", "127.0.0.1:2775", "SMPP address of the gateway")
	f.StringVar(&v.cfg.SystemID, "system-id", "ivr", "system_id")
	f.StringVar(&v.cfg.Destination, "destination", destination, "destination_addr, by which the gateway knows its trigger")
	f.StringVar(&v.file, "password-file", "", "file with the password; otherwise OTAGATE_PASSWORD")
	f.DurationVar(&v.wait, "wait", 2*time.Minute, wait)
}

// run submits triggers and waits for their receipts.
func (v *ivrFlags) run(c *cobra.Command, texts []string) error {
	cfg := v.cfg
	var err error
	if cfg.Password, err = readPassword(v.file); err != nil {
		return usageError{err}
	}
	ctx, cancel := context.WithTimeout(c.Context(), v.wait)
	defer cancel()
	ivr, err := sim.DialIVR(ctx, cfg)
	if err != nil {
		return err
	}
	return errors.Join(runIVR(ctx, c.OutOrStdout(), ivr, texts), ivr.Close(context.WithoutCancel(ctx)))
}

func readPassword(file string) (string, error) {
	if file == "" {
		if p := os.Getenv("OTAGATE_PASSWORD"); p != "" {
			return p, nil
		}
		return "", errors.New("no password: give --password-file or OTAGATE_PASSWORD")
	}
	b, err := os.ReadFile(file)
	return strings.TrimRight(string(b), "\r\n"), err
}

// runIVR submits all triggers at once and waits for every receipt.
func runIVR(ctx context.Context, out io.Writer, v *sim.IVR, triggers []string) error {
	var wg sync.WaitGroup
	var mu sync.Mutex
	var failed error
	for _, text := range triggers {
		wg.Go(func() {
			line, err := oneTrigger(ctx, v, text)
			mu.Lock()
			defer mu.Unlock()
			fmt.Fprintf(out, "%s  %s\n", text, line)
			failed = errors.Join(failed, err)
		})
	}
	wg.Wait()
	return failed
}

func oneTrigger(ctx context.Context, v *sim.IVR, text string) (string, error) {
	status, id, err := v.Trigger(ctx, text)
	if err != nil {
		return err.Error(), fmt.Errorf("%s: %w", text, err)
	}
	switch status {
	case smpp.StatusOK:
	case smpp.StatusInvalidDestinationAddress:
		return status.String(), fmt.Errorf("%s: refused with %s: no entry of the gateway's triggers or routes takes it", text, status)
	default:
		return status.String(), fmt.Errorf("%s: refused with %s", text, status)
	}
	r, err := v.Receipt(ctx, id)
	if err != nil {
		return "session " + id + ": no receipt", fmt.Errorf("%s: no receipt: %w", text, err)
	}
	line := fmt.Sprintf("session %s: %s, err %s, %s", id, r.Stat, r.Err, r.Text)
	if r.Stat != smpp.MessageDelivered {
		return line, fmt.Errorf("%s: %s", text, r.Text)
	}
	return line, nil
}
