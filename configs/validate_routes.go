package configs

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/otagate/otagate/smpp"
)

// tlvNames checks the dictionary of TLVs.
func (k *checker) tlvNames(list []NamedTLV) {
	n := k.names("smpp.tlvs")
	for i, t := range list {
		key := n.entry(i, t.Name)
		if _, number := NameOrNumber(t.Name).number(64); number {
			k.add(key+".name", "%q is a number; allowed is a name", t.Name)
		}
		k.oneOf(key+".type", t.Type, tlvTypes...)
		standard := smpp.Tag(t.Tag).String()
		switch j := slices.IndexFunc(list[:i], func(o NamedTLV) bool { return o.Tag == t.Tag }); {
		case t.Tag == 0:
			k.add(key+".tag", "missing; allowed is 1 to 65535, vendors have 0x1400 to 0x3fff")
		case j >= 0:
			k.add(key+".tag", "%#04x is also that of %s; allowed is one name a tag", t.Tag, nameOr(list[j].Name, j))
		case standard[0] != '0' && standard != t.Name:
			k.add(key+".tag", "%#04x is %s in SMPP; allowed is that name for it, or another tag", t.Tag, standard)
		}
	}
	k.standardNames(list)
}

// standardNames refuses a name of SMPP for another tag.
func (k *checker) standardNames(list []NamedTLV) {
	standard := (&SMPP{}).Dictionary()
	for _, t := range list {
		if s, ok := standard.byName[t.Name]; ok && t.Tag != 0 && s.Tag != t.Tag {
			k.add(fmt.Sprintf("smpp.tlvs[%s].name", t.Name), "%s is %#04x in SMPP; allowed is another name for %#04x", t.Name, s.Tag, t.Tag)
		}
	}
}

// routes checks where messages go.
func (k *checker) routes(c *Config) {
	if len(c.Routes) == 0 {
		k.needRoutes(c)
	}
	n, ends := k.names("routes"), endsOf(c)
	for i := range c.Routes {
		r := &c.Routes[i]
		key := n.entry(i, r.Name)
		k.submitters(key, r, ends)
		k.routeAddresses(key, r)
		k.routeTLVs(key, r, ends.tlvs)
		k.leads(key, r, ends)
	}
	k.shadowed(c.Routes)
}

// needRoutes names who has messages and nobody to take them.
func (k *checker) needRoutes(c *Config) {
	who := ""
	if i := slices.IndexFunc(c.Triggers, func(t Trigger) bool { return t.Flow == FlowPush }); i >= 0 {
		who = fmt.Sprintf("triggers[%s]", nameOr(c.Triggers[i].Name, i))
	} else if len(c.HTTP.Initiators) > 0 {
		who = fmt.Sprintf("http.initiators[%s]", nameOr(c.HTTP.Initiators[0].Name, 0))
	}
	if who != "" {
		k.add("routes", "missing, so %s could reach no handset; allowed is one entry or more", who)
	}
}

// ends are those between whom messages go.
type ends struct {
	links, accounts, initiators []string
	signalling, hlr             bool
	tlvs                        *Dictionary
}

func endsOf(c *Config) *ends {
	e := &ends{signalling: c.givesSS7(), hlr: c.Push.SS7.HLR != "", tlvs: c.SMPP.Dictionary()}
	for i := range c.Links {
		e.links = append(e.links, c.Links[i].Name)
	}
	for i := range c.SMPP.Accounts {
		e.accounts = append(e.accounts, c.SMPP.Accounts[i].Name)
	}
	for i := range c.HTTP.Initiators {
		e.initiators = append(e.initiators, c.HTTP.Initiators[i].Name)
	}
	return e
}

// submitters checks from. A name means all that have it.
func (k *checker) submitters(key string, r *MessageRoute, e *ends) {
	all := slices.Concat(e.accounts, e.links, e.initiators, []string{FromPush})
	for i, name := range r.From {
		at := fmt.Sprintf("%s.from[%d]", key, i)
		switch {
		case name == "" || !slices.Contains(all, name):
			k.add(at, "there is no %q in smpp.accounts, links and http.initiators; %s", name, allowedEntries(name, all))
		case name == FromPush && slices.Index(all, FromPush) < len(all)-1:
			k.add(at, "push is the word for all pushes and the name of an account, link or initiator; allowed is with another name of that")
		case slices.Contains(r.From[:i], name):
			k.add(at, "%s is given twice; allowed is once", name)
		}
	}
}

func (k *checker) routeAddresses(key string, r *MessageRoute) {
	for _, list := range []struct {
		key      string
		patterns []Pattern
	}{{"source", r.Source}, {"to", r.To}} {
		k.patterns(key+"."+list.key, list.patterns)
	}
	for i, s := range r.ServiceType {
		if len(s) > 5 {
			k.add(fmt.Sprintf("%s.service_type[%d]", key, i), "%q can match no service_type; allowed are up to 5 characters", s)
		}
	}
}

// patterns checks what addresses have to look like.
func (k *checker) patterns(key string, list []Pattern) {
	for i, p := range list {
		if err := p.check(); err != nil {
			k.add(fmt.Sprintf("%s[%d]", key, i), "%s", err)
		}
	}
}

func (k *checker) routeTLVs(key string, r *MessageRoute, d *Dictionary) {
	for i := range r.TLV {
		_, err := r.TLV[i].Condition(d)
		var bad *keyError
		if errors.As(err, &bad) {
			k.add(fmt.Sprintf("%s.tlv[%d].%s", key, i, bad.key), "%s", bad.err)
		}
	}
}

// leads checks what a route does with a message.
func (k *checker) leads(key string, r *MessageRoute, e *ends) {
	if r.Refuse != "" {
		if _, err := r.Refuse.Status(); err != nil {
			k.add(key+".refuse", "%s", err)
		}
	}
	switch {
	case len(r.Via) > 0 && r.Refuse != "":
		k.add(key+".refuse", "%s beside via; allowed is one of the two", r.Refuse)
	case len(r.Via) == 0 && r.Refuse == "":
		k.add(key+".via", "missing; allowed is one target or more, or refuse")
	case len(r.Via) == 0:
		return
	}
	some := false
	for i, v := range r.Via {
		at := fmt.Sprintf("%s.via[%d]", key, i)
		k.target(at, &v, e)
		k.between(at+".weight", v.Weight, 0, 1_000_000)
		k.between(at+".tier", v.Tier, 1, 100)
		some = some || v.Weight != 0
		if j := slices.IndexFunc(r.Via[:i], v.same); j >= 0 {
			k.add(at, "the target of via[%d] too; allowed is once a route", j)
		}
	}
	if !some && len(r.Via) > 0 {
		k.add(key+".via", "all weights are 0, so nothing could be sent; allowed is one target or more with a weight")
	}
}

func (v *Via) same(o Via) bool { return v.Link == o.Link && v.Account == o.Account && v.SS7 == o.SS7 }

func (k *checker) target(key string, v *Via, e *ends) {
	given := 0
	for _, is := range []bool{v.Link != "", v.Account != "", v.SS7} {
		if is {
			given++
		}
	}
	switch {
	case given != 1:
		k.add(key, "%d of link, account and ss7 are given; allowed is exactly one", given)
	case v.SS7 && !e.signalling:
		k.add(key+".ss7", "true, but there is no section ss7; allowed is link or account, or with that section and push.ss7.hlr")
	case v.SS7 && !e.hlr:
		k.add(key+".ss7", "true without push.ss7.hlr; allowed is with one, which knows where the handsets are")
	case v.Link == LinkSS7:
		k.add(key+".link", "ss7 is no link; allowed is ss7: true for the way through SMSREQ and SMDPP")
	case v.Link != "" && !slices.Contains(e.links, v.Link):
		k.add(key+".link", "there is no link %q in links; %s", v.Link, allowedEntries(v.Link, e.links))
	case v.Account != "" && !slices.Contains(e.accounts, v.Account):
		k.add(key+".account", "there is no account %q in smpp.accounts; %s", v.Account, allowedEntries(v.Account, e.accounts))
	}
}

// shadowed finds routes that come too late. Only those before a route are looked
// at that have a beginning of its first address, or none: a table may be long.
func (k *checker) shadowed(list []MessageRoute) {
	byLiteral := map[string][]int{}
	for i := range list {
		r := &list[i]
		first := firstLiteral(r.To)
		var before []int
		for n := range len(first) + 1 {
			before = append(before, byLiteral[first[:n]]...)
		}
		slices.Sort(before)
		for _, j := range before {
			if list[j].covers(r) {
				k.add(fmt.Sprintf("routes[%s]", nameOr(r.Name, i)), "can never match, everything that it matches is taken by %s before it; allowed is the narrower one first", nameOr(list[j].Name, j))
				break
			}
		}
		if len(r.To) == 0 {
			byLiteral[""] = append(byLiteral[""], i)
		}
		for _, p := range r.To {
			byLiteral[p.Literal()] = append(byLiteral[p.Literal()], i)
		}
	}
}

func firstLiteral(list []Pattern) string {
	if len(list) == 0 {
		return ""
	}
	return list[0].Literal()
}

// covers tells whether r matches everything that o matches.
func (r *MessageRoute) covers(o *MessageRoute) bool {
	return all(r.From, o.From) && patternsCover(r.To, o.To) && patternsCover(r.Source, o.Source) &&
		all(r.SourceTON, o.SourceTON) && all(r.SourceNPI, o.SourceNPI) && all(r.DestTON, o.DestTON) && all(r.DestNPI, o.DestNPI) &&
		all(r.ServiceType, o.ServiceType) && all(r.DataCoding, o.DataCoding) &&
		!slices.ContainsFunc(r.TLV, func(t RouteTLV) bool { return !slices.ContainsFunc(o.TLV, t.covers) })
}

// all tells whether a, where it says anything, lets all through that b does.
func all[T comparable](a, b []T) bool {
	return len(a) == 0 || len(b) > 0 && !slices.ContainsFunc(b, func(x T) bool { return !slices.Contains(a, x) })
}

func (t RouteTLV) covers(o RouteTLV) bool {
	return t.Tag == o.Tag && (t.Value == "" && t.Text == "" || t.Value == o.Value && t.Text == o.Text)
}

func patternsCover(a, b []Pattern) bool {
	return len(a) == 0 || len(b) > 0 && !slices.ContainsFunc(b, func(x Pattern) bool {
		return !slices.ContainsFunc(a, func(y Pattern) bool { return y.covers(x) })
	})
}

func (p Pattern) covers(o Pattern) bool {
	return p == o || !p.IsRegexp() && strings.HasPrefix(o.Literal(), string(p))
}
