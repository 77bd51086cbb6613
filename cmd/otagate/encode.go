package main

import (
	"encoding/hex"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/otagate/otagate/internal/dissect"
)

func newEncode() *cobra.Command {
	return &cobra.Command{
		Use:   "encode PROTOCOL",
		Short: "encode the JSON of otagate decode --json back to hexadecimal digits",
		Long: "Reads the JSON that otagate decode --json prints from standard input and prints the octets.\n" +
			"For canonical input, decode and encode give the same octets.\n\nProtocols: " + strings.Join(dissect.Protocols(), " "),
		Example: "  otagate decode --json is683-rev 0500 | otagate encode is683-rev",
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			text, err := io.ReadAll(io.LimitReader(c.InOrStdin(), maxInput))
			if err != nil {
				return err
			}
			b, err := dissect.Encode(args[0], text)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintln(c.OutOrStdout(), hex.EncodeToString(b))
			return err
		},
	}
}
