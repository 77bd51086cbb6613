package configs_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/otagate/otagate/configs"
)

// TestCompare: what a reload would change, and what it cannot.
func TestCompare(t *testing.T) {
	type cfg = configs.Config
	link := configs.Link{Name: "smsc1", URL: "smpp://10.1.2.3"}
	shop := configs.Account{Name: "shop", MaxBinds: 1}
	base := func() *cfg {
		c := lab(t)
		c.Links = []configs.Link{link, {Name: "smsc2"}}
		c.SMPP.Accounts = append(c.SMPP.Accounts, shop)
		c.SMPP.ListenTLS, c.SMPP.TLS.Certificate = "127.0.0.1:3550", "a.crt"
		c.Routes = append(c.Routes, configs.MessageRoute{Name: "last"})
		return c
	}
	for _, tt := range []struct {
		name    string
		edit    func(c *cfg)
		changes []string
		fixed   []string
	}{
		{"nothing", func(*cfg) {}, nil, nil},
		{"another file", func(c *cfg) { c.File = "x.yaml" }, nil, nil},
		{"an empty list", func(c *cfg) { c.SMPP.Accounts[0].Sources = []configs.Pattern{} }, nil, nil},
		{"account added", func(c *cfg) { c.SMPP.Accounts = append(c.SMPP.Accounts, configs.Account{Name: "new"}) }, []string{"smpp.accounts[new]: added"}, nil},
		{"account removed", func(c *cfg) { c.SMPP.Accounts = c.SMPP.Accounts[:1] }, []string{"smpp.accounts[shop]: removed"}, nil},
		{"account changed", func(c *cfg) {
			a := &c.SMPP.Accounts[1]
			a.PasswordHash, a.Rate, a.Quota, a.Networks = "secret", 5, configs.Quota{Messages: 1, Per: "day"}, []string{"10.0.0.0/8"}
		}, []string{"smpp.accounts[shop]: changed: password_hash, networks, rate, quota.messages, quota.per"}, nil},
		{"account disabled", func(c *cfg) { c.SMPP.Accounts[1].Disabled = true }, []string{"smpp.accounts[shop]: disabled"}, nil},
		{"accounts in another order", func(c *cfg) { a := c.SMPP.Accounts; a[0], a[1] = a[1], a[0] }, nil, nil},
		{"certificates", func(c *cfg) { c.SMPP.TLS.Certificate = "b.crt" }, []string{"smpp.tls: changed"}, nil},
		{"TLV", func(c *cfg) { c.SMPP.TLVs[0].Type = "text" }, []string{"smpp.tlvs[operator_class]: changed: type"}, nil},
		{"link renamed", func(c *cfg) { c.Links[0].Name = "smsc3" }, []string{"links[smsc1]: removed", "links[smsc3]: added"}, nil},
		{"link changed", func(c *cfg) {
			c.Links[0].TLS.CA, c.Links[0].SlowDown.Max, c.Links[0].URLs = "x", time.Minute, []string{"y"}
		},
			[]string{"links[smsc1]: changed: urls, tls.ca, slow_down.max"}, nil},
		{"routes", func(c *cfg) {
			c.Routes[0].To = []configs.Pattern{"1"}
			c.Routes = append([]configs.MessageRoute{{Name: "first"}}, c.Routes...)
		}, []string{"routes[all]: changed: to", "routes[first]: added"}, nil},
		{"routes in another order", func(c *cfg) { r := c.Routes; r[0], r[1] = r[1], r[0] }, []string{"routes: in another order"}, nil},
		{"retries", func(c *cfg) { c.Push.Retries = []configs.Retry{{Error: "smpp 0x08"}} }, []string{"push.retries: changed"}, nil},
		{"triggers", func(c *cfg) { c.Triggers = c.Triggers[1:] }, []string{"triggers[star228]: removed"}, nil},
		{"what needs a restart", func(c *cfg) {
			c.SMPP.Listen, c.Store.Path, c.SS7.Timers.Ack, c.SS7.MSCs = ":1", "x", time.Hour, nil
			c.Push.Attempts, c.SMPP.LockOut.For, c.HTTP.Initiators, c.Log.Level = 1, time.Hour, nil, "debug"
			c.SS7.M3UA.ASPID = new(uint32)
		}, nil, []string{"log.level", "store.path", "smpp.listen", "smpp.lock_out.for", "ss7.m3ua.asp_id", "ss7.mscs", "ss7.timers.ack", "http.initiators", "push.attempts"}},
		{"another door", func(c *cfg) { c.SMPP.ListenTLS, c.SMPP.TLS.Key = "", "x" }, nil, []string{"smpp.listen_tls", "smpp.tls.key"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			old, next := base(), base()
			tt.edit(next)
			d := old.Compare(next)
			var changes []string
			for _, c := range d.Changes {
				changes = append(changes, c.String())
			}
			if diff := cmp.Diff(tt.changes, changes); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(tt.fixed, d.Fixed); diff != "" {
				t.Error(diff)
			}
			// What is followed does not differ any more.
			if again := old.Follow(next).Compare(next); len(again.Changes) != 0 || !cmp.Equal(again.Fixed, d.Fixed) {
				t.Errorf("%+v", again)
			}
		})
	}
}

// TestEnabled: an account that was switched off comes back.
func TestEnabled(t *testing.T) {
	old, next := lab(t), lab(t)
	old.SMPP.Accounts[0].Disabled = true
	if d := old.Compare(next); len(d.Changes) != 1 || d.Changes[0].String() != "smpp.accounts[ivr]: enabled" {
		t.Errorf("%+v", d)
	}
}
