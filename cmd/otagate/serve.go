package main

import (
	"errors"

	"github.com/spf13/cobra"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/gateway"
)

// besideSMPP is how many file descriptors the store, the signalling and the
// program itself take, with room to spare.
const besideSMPP = 50

func newServe() *cobra.Command {
	c := &cobra.Command{
		Use:     "serve -c FILE",
		Short:   "run the gateway",
		Example: "  otagate serve -c configs/lab.yaml",
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
		log.Info().Stringer("smpp", g.Addr()).Stringer("smpp over TLS", g.TLSAddr()).Msg("serving")
		return g.Run(c.Context())
	}
	return c
}
