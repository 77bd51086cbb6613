package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/otagate/otagate/wappush"
)

func newPushSI() *cobra.Command {
	c := &cobra.Command{
		Use:     "si",
		Short:   "Service Indication: a text with a link that the handset shows",
		Example: "  otagate push si --pap https://gateway.example/pap --user acme --to 5551234567 --href https://www.example.com/a --text 'New settings' --action signal-high",
	}
	var si wappush.ServiceIndication
	f := c.Flags()
	f.StringVar(&si.Href, "href", "", "address of the link")
	f.StringVar(&si.Text, "text", "", "what is shown")
	f.StringVar(&si.ID, "si-id", "", "name of the indication: a later one of the same name takes its place")
	action := f.String("action", "", "signal-none, signal-low, signal-medium, signal-high or delete (default: not sent, which is signal-medium)")
	created := f.String("created", "", "time such as 2026-01-31T08:00:00Z")
	expires := f.String("expires", "", "time such as 2026-02-28T00:00:00Z, when the handset drops it")
	application := applicationFlag(c)
	return pushCommand(c, func() (p composed, err error) {
		if si.Action, err = parseAction(*action); err != nil {
			return p, err
		}
		if *created != "" {
			if si.Created, err = parseTime("--created", *created); err != nil {
				return p, usageError{err}
			}
		}
		if *expires != "" {
			if si.Expires, err = parseTime("--expires", *expires); err != nil {
				return p, usageError{err}
			}
		}
		if p.content, err = wappush.SIContent(&si); err != nil {
			return p, err
		}
		p.content.Application, err = application()
		return p, err
	})
}

func parseAction(s string) (wappush.Action, error) {
	if s == "" {
		return 0, nil
	}
	a, ok := wappush.ParseAction(s)
	if !ok {
		return 0, usageError{fmt.Errorf("--action %q: there is no such action", s)}
	}
	return a, nil
}
