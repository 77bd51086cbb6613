package main

import (
	"fmt"

	"github.com/rs/zerolog"
	"github.com/spf13/cobra"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/gateway"
)

func newCheck() *cobra.Command {
	c := &cobra.Command{
		Use:     "check -c FILE",
		Short:   "validate a configuration",
		Long:    "Validates a configuration and says every problem in one sentence: file, key, what is allowed.",
		Example: "  otagate check -c configs/lab.yaml --orders configs/orders.example.yaml\n  otagate check -c configs/lab.yaml --explain-route 2222220000",
	}
	file := configFlag(c)
	orders := c.Flags().StringArray("orders", nil, "orders file to check too")
	peers := c.Flags().Bool("peers", false, "connect to every M3UA peer and say how far it gets")
	trn := c.Flags().String("explain-route", "", "say which MSC a TRN leads to")
	c.RunE = func(c *cobra.Command, _ []string) error {
		cfg, err := configs.Load(*file)
		if err != nil {
			return err
		}
		if err := gateway.Check(cfg, zerolog.Nop()); err != nil {
			return err
		}
		for _, f := range *orders {
			if err := checkOrders(f); err != nil {
				return err
			}
		}
		if *peers {
			return gateway.TestPeers(c.Context(), cfg, c.OutOrStdout())
		}
		if *trn == "" {
			fmt.Fprintf(c.OutOrStdout(), "%s: good\n", *file)
			return nil
		}
		text, err := gateway.ExplainRoute(cfg, *trn)
		if err == nil {
			fmt.Fprintln(c.OutOrStdout(), text)
		}
		return err
	}
	return c
}

func checkOrders(file string) error {
	list, err := configs.LoadOrders(file)
	if err != nil {
		return err
	}
	if err := gateway.CheckOrders(list); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return nil
}
