package main

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/otagate/otagate/internal/dissect"
	"github.com/otagate/otagate/internal/sms/tpdu"
	"github.com/otagate/otagate/ss7/ansi41"
	"github.com/otagate/otagate/ss7/sccp"
)

func newDecode() *cobra.Command {
	c := &cobra.Command{
		Use:   "decode PROTOCOL [HEX]",
		Short: "decode a message to named fields with octet offsets",
		Long: "Decodes one message: a line a field, with the offset of its first octet (and .bit where fields\n" +
			"are packed). Without HEX it reads hexadecimal digits from standard input; blanks are ignored.\n" +
			"A bad message gives the fields up to the fault, then its field and offset, and exit status 1.\n" +
			"Secrets such as an SPC show as their length unless --secrets is given.\n\n" +
			"With --pin-file, --pin or --imsi it also says whether the MAC of settings in a wsp push is right\n" +
			"(the PIN of USERPINMAC is all that the user types), with --server-password-file or --nonce\n" +
			"whether the digest of a dm notification is. A wrong one is exit status 1; with --json that alone\n" +
			"says so.\n\n" +
			"Protocols: " + strings.Join(dissect.Protocols(), " "),
		Example: "  otagate decode is683-fwd 09010003000000\n  otagate decode ansi41 --json e414c70400000100e80cea0acf0100f2059f81180102\n" +
			"  otagate decode wsp --pin-file pin < push.hex",
		Args: cobra.RangeArgs(1, 2),
	}
	asJSON := c.Flags().Bool("json", false, "print JSON that otagate encode takes")
	secrets := c.Flags().Bool("secrets", false, "show secrets")
	variant := c.Flags().String("variant", "ansi", "ansi or itu, for sccp and m3ua")
	direction := c.Flags().String("direction", "", "mo (from the mobile) or mt (to it), for sms-tpdu; told by the octets otherwise")
	answers := c.Flags().String("answers", "", "acronym of the operation that a RETURN RESULT answers, such as SMDPP")
	var verify verifyFlags
	verify.add(c)
	c.RunE = func(c *cobra.Command, args []string) error {
		if err := verify.check(args[0]); err != nil {
			return err
		}
		opt, err := decodeOptions(*variant, *direction, *answers)
		if err != nil {
			return usageError{err}
		}
		octets, err := readHex(c.InOrStdin(), args[1:])
		if err != nil {
			return usageError{err}
		}
		if err := printDecoded(c.OutOrStdout(), args[0], octets, opt, *secrets, *asJSON); err != nil {
			return err
		}
		right, err := verify.verdict(octets)
		if err != nil || *asJSON {
			return err
		}
		_, err = io.WriteString(c.OutOrStdout(), right)
		return err
	}
	return c
}

// decodeOptions are what the octets do not tell; "" is not given.
func decodeOptions(variant, direction, answers string) (opt dissect.Options, err error) {
	if opt.Variant, err = parseVariant(variant); err != nil {
		return opt, err
	}
	if direction != "" {
		if opt.Direction, err = tpdu.ParseDirection(direction); err != nil {
			return opt, fmt.Errorf("--%w", err)
		}
	}
	if answers != "" {
		var known bool
		if opt.Operation, known = ansi41.ParseOperation(answers); !known {
			return opt, fmt.Errorf("--answers %q: no operation of this name or acronym", answers)
		}
	}
	return opt, nil
}

func printDecoded(out io.Writer, proto string, octets []byte, opt dissect.Options, secrets, asJSON bool) error {
	res, err := dissect.Decode(proto, octets, opt)
	if !asJSON {
		if _, werr := io.WriteString(out, res.Trace.Text(secrets)); werr != nil {
			return werr
		}
		return err
	}
	if err != nil {
		return err
	}
	text, err := res.JSON()
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%s\n", text)
	return err
}

func parseVariant(word string) (sccp.Variant, error) {
	switch word {
	case "ansi":
		return sccp.ANSI, nil
	case "itu":
		return sccp.ITU, nil
	}
	return sccp.ANSI, fmt.Errorf("--variant %q: want ansi or itu", word)
}

// maxInput bounds what is read from standard input.
const maxInput = 1 << 20

func readHex(in io.Reader, args []string) ([]byte, error) {
	text := strings.Join(args, "")
	if len(args) == 0 {
		b, err := io.ReadAll(io.LimitReader(in, maxInput))
		if err != nil {
			return nil, err
		}
		text = string(b)
	}
	b, err := hex.DecodeString(strings.Join(strings.Fields(text), ""))
	if err != nil {
		return nil, fmt.Errorf("not hexadecimal digits: %w", err)
	}
	if len(b) == 0 {
		return nil, errors.New("no octets given")
	}
	return b, nil
}
