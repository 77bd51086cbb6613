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
		Use:   "check -c FILE",
		Short: "validate a configuration",
		Long: "Validates a configuration and says every problem in one sentence: file, key, what is allowed.\n\n" +
			"--explain-route TRN says which MSC a temporary reference number leads to. --explain-route FROM TO says\n" +
			"which rule of routes takes a message between these addresses and why the others do not, and by which\n" +
			"targets it goes, unless a trigger takes it before or the account may not submit it; with no source\n" +
			"address FROM is \"\". When nothing takes it, the exit status is 1.",
		Example: "  otagate check -c configs/lab.yaml --orders configs/orders.example.yaml\n  otagate check -c configs/lab.yaml --explain-route 2222220000\n" +
			"  otagate check -c configs/lab.yaml --explain-route 2280 15551234567 --account ivr --service-type WAP\n" +
			"  otagate check -c configs/lab.yaml --explain-route \"\" 15551234567 --account acme --json",
	}
	const explain = "explain-route"
	c.Args = func(c *cobra.Command, args []string) error {
		if !c.Flags().Changed(explain) {
			return cobra.NoArgs(c, args)
		}
		return cobra.MaximumNArgs(1)(c, args)
	}
	file := configFlag(c)
	orders := c.Flags().StringArray("orders", nil, "orders file to check too")
	peers := c.Flags().Bool("peers", false, "connect to every M3UA peer and say how far it gets")
	from := c.Flags().String(explain, "", "say where a TRN, or a message `FROM` one address TO another, leads")
	message := addMessageFlags(c)
	c.RunE = func(c *cobra.Command, args []string) error {
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
		if len(args) > 0 {
			return explainMessage(c.OutOrStdout(), cfg, message, *from, args[0])
		}
		if *from == "" {
			fmt.Fprintf(c.OutOrStdout(), "%s: good\n", *file)
			return nil
		}
		text, err := gateway.ExplainRoute(cfg, *from)
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
