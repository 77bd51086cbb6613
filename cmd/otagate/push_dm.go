package main

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/otagate/otagate/wappush"
	"github.com/otagate/otagate/wappush/dmnotify"
)

func newPushDM() *cobra.Command {
	c := &cobra.Command{
		Use:   "dm",
		Short: "notification of OMA device management: the handset calls its server",
		Long: "A notification of OMA DM 1.2 (package 0). Server name, password and nonce are those of the\n" +
			"server's credentials in the account that the handset has.",
		Example: "  otagate push dm --pap https://gateway.example/pap --user acme --to 5551234567 --server dm.example --session 0x2a --server-password-file dm.password --nonce Tm9uY2U=",
	}
	n := dmnotify.Notification{Version: dmnotify.Version12}
	f := c.Flags()
	server := f.String("server", "", "server identifier, PROVIDER-ID of the account (required)")
	session := f.String("session", "", "number of the session, such as 42 or 0x2a (required)")
	mode := f.String("ui-mode", "not-specified", "what the user sees: not-specified, background, informative or user-interaction")
	initiator := f.String("initiator", "server", "who wants the session: server or user")
	var key dmFlags
	key.add(c)
	for _, name := range [...]string{"server", "session"} {
		if err := c.MarkFlagRequired(name); err != nil {
			panic(err) // the flag was added in the lines before
		}
	}
	return pushCommand(c, func() (p composed, err error) {
		n.ServerID = []byte(*server)
		number, err := strconv.ParseUint(*session, 0, 16)
		if err != nil || number == 0 {
			return p, usageError{fmt.Errorf("--session %q: want a number from 1 to 65535", *session)}
		}
		n.SessionID = dmnotify.SessionID(number)
		if n.UIMode, err = parseUIMode(*mode); err != nil {
			return p, usageError{err}
		}
		if n.Initiator, err = parseInitiator(*initiator); err != nil {
			return p, usageError{err}
		}
		password, nonce, err := key.read()
		if err != nil {
			return p, usageError{err}
		}
		if err := n.Sign(password, nonce); err != nil {
			return p, err
		}
		p.content, err = wappush.DMContent(&n)
		return p, err
	})
}

func parseUIMode(word string) (dmnotify.UIMode, error) {
	for mode, name := range [...]string{
		dmnotify.NotSpecified: "not-specified", dmnotify.Background: "background",
		dmnotify.Informative: "informative", dmnotify.UserInteraction: "user-interaction",
	} {
		if name == word {
			return dmnotify.UIMode(mode), nil
		}
	}
	return 0, fmt.Errorf("--ui-mode %q: want not-specified, background, informative or user-interaction", word)
}

func parseInitiator(word string) (dmnotify.Initiator, error) {
	switch word {
	case "server":
		return dmnotify.Server, nil
	case "user":
		return dmnotify.User, nil
	}
	return 0, fmt.Errorf("--initiator %q: want server or user", word)
}

// parseNonce reads base64; what does not read is not shown.
func parseNonce(text string) ([]byte, error) {
	b, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, errors.New("want base64, such as Tm9uY2U=")
	}
	return b, nil
}
