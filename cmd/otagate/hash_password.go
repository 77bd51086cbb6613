package main

import (
	"bufio"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/otagate/otagate/smpp"
)

func newHashPassword() *cobra.Command {
	return &cobra.Command{
		Use:     "hash-password",
		Short:   "read a password from standard input and print its hash for a configuration",
		Example: "  printf %s \"$PASSWORD\" | otagate hash-password",
		RunE: func(c *cobra.Command, _ []string) error {
			line, err := bufio.NewReader(c.InOrStdin()).ReadString('\n')
			password := strings.TrimRight(line, "\r\n")
			if password == "" {
				return usageError{errors.Join(errors.New("no password on standard input"), err)}
			}
			hash, err := smpp.HashPassword(password)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintln(c.OutOrStdout(), hash)
			return err
		},
	}
}
