package gateway

import (
	"cmp"
	"fmt"
	"net/netip"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/smpp"
)

// frontDoor builds the SMPP server and a postman for each account.
func (g *Gateway) frontDoor() error {
	c := &g.cfg.SMPP
	sc := smpp.ServerConfig{
		SystemID: c.SystemID, PDULimit: c.PDULimit, MaxConnections: c.MaxConnections, MaxUnbound: c.MaxUnbound,
		LockOut:     smpp.LockOut{Failures: cmp.Or(c.LockOut.Failures, -1), For: c.LockOut.For},
		SessionInit: c.SessionInit, EnquireLink: c.EnquireLink, Inactivity: c.Inactivity, Response: c.Response,
	}
	var err error
	if sc.Accounts, err = accounts(c.Accounts); err != nil {
		return err
	}
	if g.limits, err = newLimits(c.Accounts, g.out.Clock, g.push.WaitingOf, g.counts, g.log); err != nil {
		return err
	}
	if c.ListenTLS != "" {
		if err := g.certs.set(&c.TLS); err != nil {
			return err
		}
	}
	g.smpp = smpp.NewServer(sc, g, g.log)
	for i := range c.Accounts {
		g.addPostmen(c.Accounts[i].Name)
	}
	return nil
}

// boxes are where receipts may be: with sessions and, last, with messages.
func (g *Gateway) boxes() []letterbox {
	if letterbox(g.messages) == letterbox(g.store) {
		return []letterbox{g.store}
	}
	return []letterbox{g.store, g.messages}
}

// bindModes are the words of an account's modes.
var bindModes = map[string]smpp.Modes{"transmitter": smpp.ModeTX, "receiver": smpp.ModeRX, "transceiver": smpp.ModeTRX}

// accounts are those of the SMPP server.
func accounts(list []configs.Account) ([]smpp.Account, error) {
	all := make([]smpp.Account, len(list))
	for i := range list {
		var err error
		if all[i], err = account(&list[i]); err != nil {
			return nil, fmt.Errorf("smpp.accounts[%s]: %w", list[i].Name, err)
		}
	}
	return all, nil
}

func account(a *configs.Account) (smpp.Account, error) {
	hash, err := a.Hash()
	if err != nil {
		return smpp.Account{}, err
	}
	out := smpp.Account{
		SystemID: a.Name, PasswordHash: hash, LongPasswords: a.LongPasswords,
		MaxBinds: a.MaxBinds, Window: a.Window, RatePerSecond: a.Rate, Disabled: a.Disabled, CertificateName: a.CertificateName,
	}
	for _, word := range a.Modes {
		out.Modes |= bindModes[word]
	}
	for _, n := range a.Networks {
		p, err := netip.ParsePrefix(n)
		if err != nil {
			return out, err
		}
		out.Networks = append(out.Networks, p)
	}
	return out, nil
}
