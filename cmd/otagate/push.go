package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/otagate/otagate/sessions"
	"github.com/otagate/otagate/wappush"
	"github.com/otagate/otagate/wappush/omacp"
	"github.com/otagate/otagate/wappush/pap"
	"github.com/otagate/otagate/wappush/wsp"
)

func newPush() *cobra.Command {
	c := &cobra.Command{
		Use:   "push",
		Short: "compose a push and send it through a running gateway",
		Long: "Composes a push, checks it, and submits it to a running gateway by PAP over HTTP. With\n" +
			"--dry-run nothing is sent, and the short messages that it would become are printed.\n\n" +
			"A password comes from a file or from the environment, never from the command line.",
		Example: "  otagate push si --pap http://127.0.0.1:8080/pap --user acme --to 5551234567 --href https://www.example.com/ --text 'New settings'\n" +
			"  otagate push cp --dry-run --profile apn --set nap-name=Acme --set apn=internet.acme --sec userpin --pin-file pin",
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(newPushSI(), newPushSL(), newPushCP(), newPushDM())
	return c
}

// composed is a push as a subcommand made it of its flags.
type composed struct {
	content wappush.Content
	typed   omacp.PIN // what the user has to type, of USERPINMAC
}

// pushFlags are the flags that all kinds of push have.
type pushFlags struct {
	dry dryFlags
	pap papFlags

	asJSON             bool
	to                 []string
	valid              time.Duration
	at, notify, pushID string
}

// pushCommand makes a subcommand of c: the common flags, and what to do with
// the push that compose makes.
func pushCommand(c *cobra.Command, compose func() (composed, error)) *cobra.Command {
	var p pushFlags
	f := c.Flags()
	f.StringArrayVar(&p.to, "to", nil, "number of a subscriber; may be given several times")
	f.DurationVar(&p.valid, "valid", 0, "how long the gateway may try (default: as the gateway has it)")
	f.StringVar(&p.at, "at", "", "not to be delivered before, such as 2026-01-31T08:00:00Z")
	f.StringVar(&p.notify, "notify", "", "URL to which the gateway tells what became of the push")
	f.StringVar(&p.pushID, "push-id", "", "name of the push; the gateway takes each once (default: a random one)")
	f.BoolVar(&p.asJSON, "json", false, "print one JSON object")
	p.pap.add(c)
	p.dry.add(c)
	c.RunE = func(c *cobra.Command, _ []string) error {
		m, err := p.message(time.Now())
		if err != nil {
			return usageError{err}
		}
		push, err := compose()
		if err != nil {
			return err
		}
		return p.run(c.Context(), c.OutOrStdout(), &push, m)
	}
	return c
}

// run prints the push, or sends it. It is split for both: what needs more short
// messages than are wanted is not sent.
func (p *pushFlags) run(ctx context.Context, out io.Writer, push *composed, m *pap.PushMessage) error {
	cut, err := p.dry.cut(push)
	if err != nil {
		return err
	}
	if p.dry.on {
		return cut.print(out, &p.dry, p.asJSON)
	}
	client, err := p.pap.client(m)
	if err != nil {
		return usageError{err}
	}
	part, err := partOf(&push.content)
	if err != nil {
		return err
	}
	answer, err := client.push(ctx, m, part)
	if err != nil {
		return err
	}
	return printAccepted(out, answer, push.typed, p.asJSON)
}

// message is the push-message that the flags ask for.
func (p *pushFlags) message(now time.Time) (*pap.PushMessage, error) {
	m := &pap.PushMessage{PushID: p.pushID}
	if p.pushID == "" {
		m.PushID = randomPushID()
	}
	if len(p.to) == 0 && !p.dry.on {
		return nil, errors.New("--to is missing: the number of a subscriber, or --dry-run")
	}
	for _, to := range p.to {
		mdn, err := parseNumber(to)
		if err != nil {
			return nil, fmt.Errorf("--to: %w", err)
		}
		m.Addresses = append(m.Addresses, pap.PLMNAddress("+"+mdn.String(), p.pap.host()))
	}
	if p.at != "" {
		at, err := parseTime("--at", p.at)
		if err != nil {
			return nil, err
		}
		m.DeliverAfter, now = at, at
	}
	switch {
	case p.valid < 0:
		return nil, errors.New("--valid must be more than nothing")
	case p.valid > 0:
		m.DeliverBefore = now.Add(p.valid)
	}
	if p.notify != "" {
		if _, err := parseWeb("--notify", p.notify); err != nil {
			return nil, err
		}
		m.NotifyRequestedTo = p.notify
	}
	return m, nil
}

// parseNumber reads a number in its international form, with or without +.
func parseNumber(s string) (sessions.MDN, error) {
	if len(s) > 0 && s[0] == '+' {
		s = s[1:]
	}
	return sessions.ParseMDN(s)
}

func parseTime(flag, s string) (time.Time, error) {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return t, fmt.Errorf("%s %q: want a time such as 2026-01-31T08:00:00Z", flag, s)
	}
	return t, nil
}

// randomPushID is a name that nobody else has given, of the form name@host.
func randomPushID() string {
	var b [8]byte
	rand.Read(b[:]) // it never fails
	host, err := os.Hostname()
	if err != nil {
		host = "localhost"
	}
	return hex.EncodeToString(b[:]) + "@" + host
}

// partOf is the content as PAP carries it: binary, so that a MAC is that of
// the octets which the handset gets. The MAC goes with it; the PIN does not.
func partOf(c *wappush.Content) (*pap.Part, error) {
	part := &pap.Part{ContentType: c.Type.String(), Body: c.Body}
	if c.Secured {
		part.ContentType += fmt.Sprintf("; SEC=%d", c.SEC)
	}
	if len(c.MAC) > 0 {
		part.ContentType += fmt.Sprintf("; MAC=%s", c.MAC)
	}
	if c.Application != 0 {
		part.Headers = []pap.Header{{Name: "X-Wap-Application-Id", Value: fmt.Sprint(uint32(c.Application))}}
	}
	return part, nil
}

// applicationFlag adds --application and returns how to read it.
func applicationFlag(c *cobra.Command) func() (wsp.ApplicationID, error) {
	text := c.Flags().String("application", "", "application that the push is for, by its URN (default: the browser)")
	return func() (wsp.ApplicationID, error) {
		if *text == "" {
			return 0, nil
		}
		id, ok := wsp.ParseApplicationID(*text)
		if !ok || id == 0 {
			return 0, usageError{fmt.Errorf("--application %q: want a registered name such as x-wap-openwave:iota.ua", *text)}
		}
		return id, nil
	}
}
