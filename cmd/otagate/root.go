package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/rs/zerolog"
	"github.com/spf13/cobra"

	"github.com/otagate/otagate/configs"
)

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:           "otagate",
		Short:         "SMS/SS7 gateway and narrow-band provisioning bridge",
		Long:          "otagate bridges SMPP and SS7/TCAP to a provisioning back-end and programs CDMA handsets over the air.",
		SilenceErrors: true, SilenceUsage: true,
		Example: "  otagate demo\n  otagate serve -c configs/lab.yaml",
		Args:    cobra.NoArgs,
		RunE:    func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	root.AddCommand(newDemo(), newServe(), newCheck(), newSim(), newImport(), newCDR(), newDecode(), newEncode(), newBench(), newBenchChild(), newHashPassword(), newPush(), newProgram(), newStatus())
	wrongUsage(root)
	root.CompletionOptions.DisableDefaultCmd = true
	return root
}

// wrongUsage makes wrong arguments and missing flags of c and the commands
// below it usage errors.
func wrongUsage(c *cobra.Command) {
	check := c.Args
	if check == nil {
		check = cobra.NoArgs
	}
	c.Args = func(c *cobra.Command, args []string) error { return asUsage(check(c, args)) }
	c.PreRunE = func(c *cobra.Command, _ []string) error { return asUsage(c.ValidateRequiredFlags()) }
	for _, sub := range c.Commands() {
		wrongUsage(sub)
	}
}

func asUsage(err error) error {
	if err == nil {
		return nil
	}
	return usageError{err}
}

// configFlag adds -c and returns where its value will be.
func configFlag(c *cobra.Command) *string {
	file := c.Flags().StringP("config", "c", "", "configuration file (required)")
	if err := c.MarkFlagRequired("config"); err != nil {
		panic(err) // the flag was added in the line before
	}
	return file
}

// newLog writes as the configuration says.
func newLog(out io.Writer, c configs.Log) (zerolog.Logger, error) {
	level, err := zerolog.ParseLevel(c.Level)
	if err != nil {
		return zerolog.Nop(), fmt.Errorf("log.level: %w", err)
	}
	if c.Format == "console" {
		out = zerolog.ConsoleWriter{Out: out, NoColor: !terminal(out), TimeFormat: time.DateTime}
	}
	return zerolog.New(out).Level(level).With().Timestamp().Logger(), nil
}

// terminal reports whether a person watches.
func terminal(out io.Writer) bool {
	f, is := out.(*os.File)
	if !is || os.Getenv("NO_COLOR") != "" {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
