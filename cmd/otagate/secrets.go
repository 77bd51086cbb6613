package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/otagate/otagate/wappush/dmnotify"
	"github.com/otagate/otagate/wappush/omacp"
)

// maxSecret bounds the file of a secret.
const maxSecret = 64 << 10

// readSecret reads a secret from a file: its text up to the end of the last line.
func readSecret(file string) (string, error) {
	f, err := os.Open(file)
	if err != nil {
		return "", err
	}
	b, err := io.ReadAll(io.LimitReader(f, maxSecret))
	return strings.TrimRight(string(b), "\r\n"), errors.Join(err, f.Close())
}

// keyFlags are what a MAC of client provisioning is made with.
type keyFlags struct{ pin, pinFile, imsi string }

func (k *keyFlags) add(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&k.pinFile, "pin-file", "", "file with the PIN; otherwise OTAGATE_PIN")
	f.StringVar(&k.pin, "pin", "", "the PIN itself, for tests only: other users of this machine can see it, and the shell keeps it")
	f.StringVar(&k.imsi, "imsi", "", "IMSI of the subscriber, of which NETWPIN and USERNETWPIN make the network secret")
}

// given tells whether there is anything to check a MAC with.
func (k *keyFlags) given() bool { return k.pin != "" || k.pinFile != "" || k.imsi != "" }

// read is the key for a method.
func (k *keyFlags) read(s omacp.SEC) (key omacp.Key, err error) {
	if s == omacp.NETWPIN || s == omacp.USERNETWPIN {
		if k.imsi == "" {
			return key, usageError{fmt.Errorf("SEC %v needs --imsi", s)}
		}
		if key.Network, err = omacp.IMSISecret(k.imsi); err != nil {
			return key, err
		}
	}
	if s == omacp.NETWPIN {
		return key, nil
	}
	digits, err := k.digits()
	if err != nil {
		return key, err
	}
	if digits == "" {
		return key, usageError{fmt.Errorf("SEC %v needs a PIN: give --pin-file or OTAGATE_PIN", s)}
	}
	key.PIN, err = omacp.ParsePIN(digits)
	return key, err
}

func (k *keyFlags) digits() (string, error) {
	switch {
	case k.pin != "" && k.pinFile != "":
		return "", usageError{errors.New("--pin and --pin-file: give one of them")}
	case k.pinFile != "":
		return readSecret(k.pinFile)
	case k.pin != "":
		return k.pin, nil
	}
	return os.Getenv("OTAGATE_PIN"), nil
}

// dmFlags are what the digest of a notification is made with.
type dmFlags struct{ file, nonce string }

func (d *dmFlags) add(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&d.file, "server-password-file", "", "file with the server's password; otherwise OTAGATE_SERVER_PASSWORD")
	f.StringVar(&d.nonce, "nonce", "", "nonce in base64, empty when there is none; a handset that has lost it takes AAAAAA== or MHgwMDAwMDAwMA==")
}

func (d *dmFlags) read() (dmnotify.Password, []byte, error) {
	password, err := os.Getenv("OTAGATE_SERVER_PASSWORD"), error(nil)
	if d.file != "" {
		password, err = readSecret(d.file)
	}
	switch {
	case err != nil:
		return "", nil, err
	case password == "":
		return "", nil, errors.New("no password of the server: give --server-password-file or OTAGATE_SERVER_PASSWORD")
	}
	nonce, err := parseNonce(d.nonce)
	if err != nil {
		return "", nil, fmt.Errorf("--nonce: %w", err)
	}
	return dmnotify.Password(password), nonce, nil
}
