package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/gateway"
	"github.com/otagate/otagate/sessions/sqlite"
)

func newImport() *cobra.Command {
	c := &cobra.Command{
		Use:   "import -c FILE ORDERS...",
		Short: "import provisioning orders (YAML or CSV) into the store",
		Long: "Imports provisioning orders into the store of a gateway that is not running.\n" +
			"An order takes the place of one with its name, and is to be carried out again if that was done.\n" +
			"A running gateway has its store to itself: give it the files with serve --orders.",
		Example: "  otagate import -c configs/lab.yaml configs/orders.example.yaml",
		Args:    cobra.MinimumNArgs(1),
	}
	file := configFlag(c)
	c.RunE = func(c *cobra.Command, args []string) error {
		cfg, err := configs.Load(*file)
		if err != nil {
			return err
		}
		store, err := sqlite.Open(c.Context(), cfg.Store.Path, sqlite.Options{})
		if err != nil {
			return err
		}
		put := func(orders []configs.Order) error { return gateway.ImportOrders(c.Context(), store, orders) }
		for _, f := range args {
			if err := importFile(f, put); err != nil {
				return errors.Join(err, store.Close())
			}
		}
		return store.Close()
	}
	return c
}

// importFile gives the orders of a file to put.
func importFile(file string, put func([]configs.Order) error) error {
	orders, err := configs.LoadOrders(file)
	if err != nil {
		return err
	}
	if err := put(orders); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return nil
}
