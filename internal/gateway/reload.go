package gateway

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/gateway/route"
)

// Reload has the gateway follow another configuration, while it runs: accounts,
// certificates, links, routes, what errors mean, triggers. What it cannot follow is
// named in the difference and stays as it is. On an error nothing has changed.
//
// A bind of an account that does not change is not touched. Messages are not lost:
// what waits for a link that goes is routed again, by the new routes.
func (g *Gateway) Reload(ctx context.Context, next *configs.Config) (configs.Difference, error) {
	g.reload.Lock()
	defer g.reload.Unlock()
	if err := Check(next, g.log); err != nil {
		return configs.Difference{}, err
	}
	old := g.live.Load()
	diff := old.Compare(next)
	followed := old.Follow(next)
	if len(diff.Fixed) > 0 {
		if err := Check(followed, g.log); err != nil {
			return diff, errors.Join(errors.New("the rest of it is good only with keys that need a restart"), err)
		}
	}
	return diff, g.follow(ctx, old, followed)
}

// follow carries a change out. What can fail comes first; it was tried before, so
// that only a file that changes meanwhile can make it.
func (g *Gateway) follow(ctx context.Context, old, next *configs.Config) error {
	table, err := route.New(next.Routes, next.SMPP.Dictionary())
	if err != nil {
		return err
	}
	allowed, err := accounts(next.SMPP.Accounts)
	if err != nil {
		return err
	}
	if next.SMPP.ListenTLS != "" {
		if err := g.certs.set(&next.SMPP.TLS); err != nil {
			return err
		}
	}
	g.push.SetTLVs(next.SMPP.Dictionary())
	err = errors.Join(
		g.push.SetRetries(next.Push.Retries),
		g.relay.SetAccounts(next.SMPP.Accounts, next.SMPP.Dictionary()),
		g.push.SetLinks(together(old.Links, next.Links)), // the routes before and behind have their links
		g.limits.set(next.SMPP.Accounts),
	)
	if err != nil {
		return err
	}
	g.push.SetAccounts(next.SMPP.Accounts)
	g.push.SetRoutes(table)
	g.live.Store(next)
	for i := range next.SMPP.Accounts {
		g.addPostmen(next.SMPP.Accounts[i].Name)
	}
	err = errors.Join(g.push.SetLinks(next.Links), g.smpp.SetAccounts(allowed))
	if quotas := g.limits.load(ctx, g.store); quotas != nil {
		err = errors.Join(err, fmt.Errorf("what was used of the quotas is not known: %w", quotas))
	}
	return err
}

// together are the links of next, and those of old that are not in it.
func together(old, next []configs.Link) []configs.Link {
	all := slices.Clone(next)
	for i := range old {
		if !slices.ContainsFunc(next, func(l configs.Link) bool { return l.Name == old[i].Name }) {
			all = append(all, old[i])
		}
	}
	return all
}
