package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/pprof"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/otagate/otagate/internal/bench"
)

func newBench() *cobra.Command {
	c := &cobra.Command{
		Use:   "bench [NAME…]",
		Short: "measure this machine, each figure beside a bare ceiling",
		Long: "Measures what this machine reaches. Each figure stands beside a bare ceiling, which is\n" +
			"measured in the same run in rounds that alternate with ours, so that whatever else the\n" +
			"machine does hits both; values are medians, and ± says how far the rounds scatter.\n" +
			"Without a name all benches run:\n\n" + benchList() +
			"\nA ratio of time (ns/op) is good when it is small, one of a rate when it is large. A goal\n" +
			"that is missed is no error: machines differ. Something that does not work is one.",
		Example: "  otagate bench\n  otagate bench codec ss7 --time 10s\n  otagate bench session --dir /var/lib/otagate --json",
		Args:    benchArgs,
	}
	asJSON := c.Flags().Bool("json", false, "print one object a line")
	budget := c.Flags().Duration("time", 5*time.Second, "budget of each bench")
	dir := c.Flags().String("dir", "", "folder for the files of relay, store, session and pending, on the disk to be measured (default: temporary files)")
	profile := c.Flags().String("cpuprofile", "", "write a CPU profile")
	one := c.Flags().String("case", "", "the only case of relay to run")
	for _, name := range []string{"cpuprofile", "case"} {
		if err := c.Flags().MarkHidden(name); err != nil {
			panic(err) // the flag was added in the lines before
		}
	}
	c.RunE = func(c *cobra.Command, names []string) error {
		if *budget <= 0 {
			return usageError{errors.New("--time must be more than nothing")}
		}
		stop, err := startProfile(*profile)
		if err != nil {
			return err
		}
		err = runBenches(c.Context(), c.OutOrStdout(), names, bench.Options{Time: *budget, Dir: *dir, Case: *one}, *asJSON)
		return errors.Join(err, stop())
	}
	return c
}

// newBenchChild is what relay runs as a process of its own.
func newBenchChild() *cobra.Command {
	return &cobra.Command{
		Use: bench.ChildCommand + " ROLE FILE", Short: "a process of a bench", Hidden: true, Args: cobra.ExactArgs(2),
		RunE: func(c *cobra.Command, args []string) error {
			return bench.Child(c.Context(), args[0], args[1], c.InOrStdin(), c.OutOrStdout())
		},
	}
}

// benchList describes the benches, one paragraph each.
func benchList() string {
	var s strings.Builder
	for _, b := range bench.All() {
		fmt.Fprintf(&s, "  %-8s %s\n", b.Name, b.About)
	}
	return s.String()
}

func benchArgs(_ *cobra.Command, names []string) error {
	var known []string
	for _, b := range bench.All() {
		known = append(known, b.Name)
	}
	for _, n := range names {
		if !slices.Contains(known, n) {
			return fmt.Errorf("no bench %q; there are %s", n, strings.Join(known, ", "))
		}
	}
	return nil
}

// runBenches prints each bench as it ends.
func runBenches(ctx context.Context, out io.Writer, names []string, o bench.Options, asJSON bool) error {
	print := bench.WriteTable
	if asJSON {
		print = bench.WriteJSON
	}
	for _, b := range bench.All() {
		if len(names) > 0 && !slices.Contains(names, b.Name) {
			continue
		}
		results, err := b.Run(ctx, o)
		if e := print(out, results); e != nil {
			return e
		}
		if err != nil {
			return fmt.Errorf("bench %s: %w", b.Name, err)
		}
	}
	return nil
}

// startProfile profiles the processor into a file, when one is named.
func startProfile(file string) (stop func() error, err error) {
	if file == "" {
		return func() error { return nil }, nil
	}
	f, err := os.Create(file)
	if err != nil {
		return nil, err
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return func() error {
		pprof.StopCPUProfile()
		return f.Close()
	}, nil
}
