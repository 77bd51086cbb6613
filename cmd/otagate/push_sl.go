package main

import (
	"github.com/spf13/cobra"

	"github.com/otagate/otagate/wappush"
)

func newPushSL() *cobra.Command {
	c := &cobra.Command{
		Use:     "sl",
		Short:   "Service Loading: a link that the handset follows",
		Example: "  otagate push sl --pap https://gateway.example/pap --user acme --to 5551234567 --href https://www.example.com/a --action execute-high",
	}
	var sl wappush.ServiceLoading
	f := c.Flags()
	f.StringVar(&sl.Href, "href", "", "address of the link")
	action := f.String("action", "", "execute-low, execute-high or cache (default: not sent, which is execute-low)")
	application := applicationFlag(c)
	return pushCommand(c, func() (p composed, err error) {
		if sl.Action, err = parseAction(*action); err != nil {
			return p, err
		}
		if p.content, err = wappush.SLContent(&sl); err != nil {
			return p, err
		}
		p.content.Application, err = application()
		return p, err
	})
}
