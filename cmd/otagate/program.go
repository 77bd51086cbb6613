package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

// programFlags are the values of a trigger that programs a handset.
type programFlags struct {
	values   [len(programValues)]string
	carriers []string
}

// programValues are the keys of such a trigger, their flags and what they say.
var programValues = [...]struct{ key, flag, usage string }{
	{"MDN", "mdn", "number of the subscriber, as the order has it"},
	{"OLDMDN", "old-mdn", "number that the handset has until now, when the order gives it another"},
	{"MIN", "min", "MIN that the handset has now; without it the last ten digits of the number, where the gateway's configuration says so"},
	{"ESN", "esn", "the handset, 8 hexadecimal digits: no other is programmed"},
	{"TRN", "trn", "temporary reference number of a call that the user has made"},
	{"ORDER", "order", "name of the order, where the number does not find it"},
	{"PRL", "prl", "PR_LIST_ID that the order has to give"},
	{"CORR", "corr", "your own reference: the same one twice is one session"},
}

func (p *programFlags) value(key string) string {
	for i, v := range programValues {
		if v.key == key {
			return p.values[i]
		}
	}
	return ""
}

// text is the trigger.
func (p *programFlags) text() (string, error) {
	flow := map[string]string{"iota": "iota", "otapa-ss7": "otapa"}[strings.TrimSpace(p.carriers[0])]
	if flow == "" {
		return "", usageError{fmt.Errorf("--carriers: %q is none; want iota or otapa-ss7", p.carriers[0])}
	}
	all := []string{"FLOW=" + flow, "CARRIERS=" + strings.Join(p.carriers, ",")}
	for i, v := range programValues {
		switch {
		case p.values[i] == "":
		case strings.Contains(p.values[i], ";"):
			return "", usageError{fmt.Errorf("--%s: a semicolon cannot be said", v.flag)}
		default:
			all = append(all, v.key+"="+p.values[i])
		}
	}
	return strings.Join(all, ";"), nil
}

func newProgram() *cobra.Command {
	c := &cobra.Command{
		Use:   "program",
		Short: "have a running gateway program a handset, and wait for the end",
		Long: "Submits the trigger of one programming session by SMPP and waits for its receipt. What the\n" +
			"handset is to get is the open order of the number: a whole activation, a roaming list, another\n" +
			"number, packet data, an SPC, objects, or nothing (read_out) to see what it holds. --carriers\n" +
			"are the ways to the handset, in the order in which they are tried: iota calls it back by a push\n" +
			"and programs it over HTTP, otapa-ss7 over the signalling network.",
		Example: "  otagate program --password-file pw --mdn 5551234567 --carriers iota,otapa-ss7\n" +
			"  otagate program --password-file pw --mdn 5559871234 --old-mdn 5551234567 --min 5551234567 --carriers otapa-ss7",
		Args: cobra.NoArgs,
	}
	f := c.Flags()
	var p programFlags
	for i, v := range programValues {
		f.StringVar(&p.values[i], v.flag, "", v.usage)
	}
	f.StringSliceVar(&p.carriers, "carriers", []string{"otapa-ss7"}, "ways to the handset: iota, otapa-ss7")
	var v ivrFlags
	v.add(c, "*229", "how long to wait for the receipt; the session goes on without you")
	c.RunE = func(c *cobra.Command, _ []string) error {
		if len(p.carriers) == 0 || p.value("MDN") == "" && p.value("TRN") == "" {
			return usageError{errors.New("--mdn or --trn is required, and a carrier")}
		}
		text, err := p.text()
		if err != nil {
			return err
		}
		return v.run(c, []string{text})
	}
	return c
}
