package main

import (
	"encoding/json"

	"github.com/spf13/cobra"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/gateway/status"
)

func newStatus() *cobra.Command {
	c := &cobra.Command{
		Use:   "status -c FILE",
		Short: "say what a running gateway does, and what limits it",
		Long: "Asks the gateway that runs with this file, at the socket beside its store (store.path with .status), which\n" +
			"only its owner and root may open. It tells the rates of the last minute, what waits for each link and of each\n" +
			"account, how old that is, and which stage limits the others: a link by its rate, its window, the centre's\n" +
			"slow-down or because no bind stands; an account by its rate, quota, max_queue or window; the commit; nothing.",
		Example: "  otagate status -c configs/lab.yaml\n  otagate status -c configs/lab.yaml --json",
	}
	file := configFlag(c)
	asJSON := c.Flags().Bool("json", false, "one JSON object")
	c.RunE = func(c *cobra.Command, _ []string) error {
		cfg, err := configs.Load(*file)
		if err != nil {
			return err
		}
		doc, err := status.Ask(c.Context(), cfg.Store.Path)
		if err != nil {
			return err
		}
		if *asJSON {
			return json.NewEncoder(c.OutOrStdout()).Encode(doc)
		}
		return doc.Write(c.OutOrStdout())
	}
	return c
}
