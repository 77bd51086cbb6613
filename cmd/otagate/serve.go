package main

import (
	"errors"
	"net"

	"github.com/spf13/cobra"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/gateway"
)

// besideSMPP is how many file descriptors the store, the signalling and the
// program itself take, with room to spare.
const besideSMPP = 50

func newServe() *cobra.Command {
	c := &cobra.Command{
		Use:   "serve -c FILE",
		Short: "run the gateway",
		Long: "Runs the gateway until it is told to stop (SIGTERM, or Ctrl-C).\n\n" +
			"SIGHUP has it read the file again: accounts, certificates, links, routes, triggers and push.retries\n" +
			"change while it runs, everything else is named in the log and waits for a restart. With a file that is\n" +
			"not good nothing changes, and the log says every problem.",
		Example: "  otagate serve -c configs/lab.yaml\n  kill -HUP PID # reload",
	}
	file := configFlag(c)
	orders := c.Flags().StringArray("orders", nil, "orders file to import before serving, but for what is in the store already; may be given several times")
	c.RunE = func(c *cobra.Command, _ []string) error {
		cfg, err := configs.Load(*file)
		if err != nil {
			return err
		}
		log, err := newLog(c.ErrOrStderr(), cfg.Log)
		if err != nil {
			return err
		}
		if n, ok := descriptors(); ok && n < uint64(cfg.SMPP.MaxConnections)+besideSMPP {
			log.Warn().Uint64("descriptors", n).Int("smpp.max_connections", cfg.SMPP.MaxConnections).
				Msg("idle connections may use up the file descriptors, and lost associations not come back: raise the limit (ulimit -n) or lower smpp.max_connections")
		}
		g, err := gateway.New(c.Context(), cfg, log)
		if err != nil {
			return err
		}
		put := func(orders []configs.Order) error { return gateway.RefreshOrders(c.Context(), g.Store(), orders) }
		for _, f := range *orders {
			if err := importFile(f, put); err != nil {
				return errors.Join(err, g.Close())
			}
		}
		doors := log.Info()
		for _, door := range []struct {
			name string
			at   net.Addr
		}{{"smpp", g.Addr()}, {"smpp over TLS", g.TLSAddr()}, {"http", g.HTTPAddr()}, {"iota", g.HandsetAddr()}} {
			if door.at != nil {
				doors = doors.Stringer(door.name, door.at)
			}
		}
		doors.Msg("serving")
		defer reloadOnHangup(c.Context(), *file, g, log)()
		return g.Run(c.Context())
	}
	return c
}
