package main

import (
	"context"
	"fmt"
	"io"
	"net"

	"github.com/rs/zerolog"
	"github.com/spf13/cobra"

	"github.com/otagate/otagate/internal/demo"
	"github.com/otagate/otagate/internal/sim"
	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/smpp"
)

func newSimSMSC() *cobra.Command {
	c := &cobra.Command{
		Use:   "smsc",
		Short: "a message centre with handsets, to which the gateway binds",
		Long: "Listens for the binds of links and takes what is submitted to the handset of each\n" +
			"--subscriber, at once or never. What the handset does is printed: the URLs it has opened, the\n" +
			"settings it has taken; and every PDU as it passes. Receipts are given as they are asked for.",
		Example: "  otagate sim smsc --listen 127.0.0.1:2776 --password-file smsc.pw --subscriber 12025550123\n" +
			"  otagate sim smsc --subscriber 12025550123 --pin 1234 --air drop=0.1,duplicate=0.1,seed=7",
		Args: cobra.NoArgs,
	}
	f := c.Flags()
	listen := f.String("listen", "127.0.0.1:2776", "address to listen on")
	name := f.String("system-id", "otagate", "system_id of the gateway's bind")
	file := f.String("password-file", "", "file with the password of the bind; otherwise OTAGATE_PASSWORD")
	var h handsetFlags
	h.add(c, "number of a handset, 1 to 15 digits, as the gateway has it")
	c.RunE = func(c *cobra.Command, _ []string) error {
		password, err := readPassword(*file)
		if err != nil {
			return usageError{err}
		}
		cfg := sim.SMSCConfig{Log: zerolog.New(c.ErrOrStderr()).Level(zerolog.WarnLevel)}
		if cfg.Air, err = parseAir(h.air); err != nil {
			return err
		}
		hash, err := smpp.HashPassword(password)
		if err != nil {
			return err
		}
		cfg.Server = smpp.ServerConfig{SystemID: "smsc", Accounts: []smpp.Account{{SystemID: *name, PasswordHash: hash, LongPasswords: true}}}
		return runSMSC(c.Context(), c.OutOrStdout(), cfg, *listen, &h)
	}
	return c
}

func runSMSC(ctx context.Context, out io.Writer, cfg sim.SMSCConfig, listen string, f *handsetFlags) error {
	cfg.Observe = demo.Ladder(out)
	s := sim.NewSMSC(cfg)
	var p phones
	for _, number := range f.subscribers {
		if _, err := sessions.ParseMDN(number); err != nil {
			return usageError{fmt.Errorf("--subscriber: %w", err)}
		}
		h := f.switchOn(number, out, cfg.Observe, nil)
		s.SwitchOn(number, h.agent)
		p.all = append(p.all, h)
		fmt.Fprintf(out, "handset %s is on\n", number)
	}
	ln, err := net.Listen("tcp", listen)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "listening on %s\n", ln.Addr())
	return beside(ctx, func(ctx context.Context) error { return s.Serve(ctx, ln) }, p.watch)
}
