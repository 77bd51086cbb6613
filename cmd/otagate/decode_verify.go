package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/otagate/otagate/wappush/dmnotify"
	"github.com/otagate/otagate/wappush/omacp"
	"github.com/otagate/otagate/wappush/wsp"
)

// verifyFlags are what decode holds a MAC or a digest against.
type verifyFlags struct {
	key keyFlags
	dm  dmFlags
}

func (v *verifyFlags) add(c *cobra.Command) {
	v.key.add(c)
	v.dm.add(c)
}

// check says why what was asked for is not about this protocol.
func (v *verifyFlags) check(proto string) error {
	switch {
	case v.key.given() && proto != "wsp":
		return usageError{errors.New("--pin, --pin-file and --imsi are for wsp: the MAC is in the header of the push")}
	case v.dm != (dmFlags{}) && proto != "dm":
		return usageError{errors.New("--nonce and --server-password-file are for dm")}
	}
	return nil
}

// verdict is a line that says that MAC or digest is right, or the error that it
// is not; "" when nobody has asked.
func (v *verifyFlags) verdict(octets []byte) (string, error) {
	switch {
	case v.key.given():
		return v.mac(octets)
	case v.dm != (dmFlags{}):
		return v.digest(octets)
	}
	return "", nil
}

func (v *verifyFlags) mac(octets []byte) (string, error) {
	var p wsp.Push
	if err := p.Decode(octets); err != nil {
		return "", err
	}
	method, hasSEC := p.ContentType.SEC()
	if !hasSEC {
		return "", errors.New("the push has no SEC, and so no MAC to check")
	}
	sec := omacp.SEC(method)
	digits, hasMAC := p.ContentType.MAC()
	if !hasMAC && sec != omacp.USERPINMAC {
		return "", fmt.Errorf("the push has SEC %v and no MAC", sec)
	}
	key, err := v.key.read(sec)
	if err != nil {
		return "", err
	}
	switch err := omacp.Verify(p.Body, sec, string(digits), key); {
	case errors.Is(err, omacp.ErrMAC) && sec == omacp.USERPINMAC:
		return "", errors.New("the PIN that was typed does not belong to this push (SEC USERPINMAC)")
	case errors.Is(err, omacp.ErrMAC):
		return "", fmt.Errorf("the MAC is wrong: another %s, or another document (SEC %v)", madeWith(sec), sec)
	case err != nil:
		return "", err
	}
	return fmt.Sprintf("the MAC is right (SEC %v)\n", sec), nil
}

// madeWith is what the key of a method comes from.
func madeWith(sec omacp.SEC) string {
	switch sec {
	case omacp.NETWPIN:
		return "IMSI"
	case omacp.USERNETWPIN:
		return "IMSI or PIN"
	}
	return "PIN"
}

func (v *verifyFlags) digest(octets []byte) (string, error) {
	var n dmnotify.Notification
	if err := n.Decode(octets); err != nil {
		return "", err
	}
	password, nonce, err := v.dm.read()
	if err != nil {
		return "", usageError{err}
	}
	if n.Verify(password, nonce) {
		return "the digest is right\n", nil
	}
	if r, ok := n.VerifyResync(password); ok {
		return fmt.Sprintf("the digest is right for a handset that has lost its nonce (%v)\n", r), nil
	}
	return "", errors.New("the digest is wrong: another password, another nonce, or another notification")
}
