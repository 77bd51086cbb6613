package main

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/sessions/cdr"
	"github.com/otagate/otagate/sessions/disk"
	"github.com/otagate/otagate/sessions/sqlite"
)

func newCDR() *cobra.Command {
	c := &cobra.Command{
		Use:   "cdr -c FILE",
		Short: "print the records of finished sessions and messages",
		Long: "Prints the records of finished sessions and messages, from the store of a gateway, which may be running: " +
			"it has the records of messages there half a second after their end at the latest, while its disk keeps up.",
		Example: "  otagate cdr -c configs/lab.yaml --mdn 5551234567 --json",
	}
	file := configFlag(c)
	asJSON := c.Flags().Bool("json", false, "one JSON object a line instead of CSV")
	var f cdr.Filter
	c.Flags().StringVar(&f.MDN, "mdn", "", "only this MDN")
	c.Flags().StringVar(&f.Session, "session", "", "only this session id")
	c.Flags().IntVar(&f.Limit, "limit", 0, "at most so many; 0 is all")
	c.RunE = func(c *cobra.Command, _ []string) error {
		cfg, err := configs.Load(*file)
		if err != nil {
			return err
		}
		if _, err := os.Stat(cfg.Store.Path); err != nil { // Open would make an empty one
			return fmt.Errorf("there is no store at the store.path of %s: %w", *file, err)
		}
		out := c.OutOrStdout()
		w := csv.NewWriter(out)
		if !*asJSON {
			err = w.Write(cdr.Header())
		}
		each := func(r cdr.Record) error {
			if !*asJSON {
				return r.WriteCSV(w)
			}
			b, err := r.AppendJSON(nil)
			if err == nil {
				_, err = fmt.Fprintf(out, "%s\n", b)
			}
			return err
		}
		err = errors.Join(err, readCDRs(c.Context(), cfg.Store.Path, f, each))
		w.Flush()
		return errors.Join(err, w.Error())
	}
	return c
}

// readCDRs reads the records of a store that nobody has, which may be of an earlier
// build, or of one that a gateway has.
func readCDRs(ctx context.Context, path string, f cdr.Filter, each func(cdr.Record) error) error {
	store, err := sqlite.Open(ctx, path, sqlite.Options{})
	switch {
	case errors.Is(err, sqlite.ErrInUse):
		return sqlite.ReadCDRs(ctx, path, f, each)
	case err != nil:
		return err
	}
	if err = disk.TakeRecords(ctx, store); err == nil {
		err = store.CDRs(ctx, f, each)
	}
	return errors.Join(err, store.Close())
}
