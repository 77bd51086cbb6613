package configs

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

func (k *checker) activationMINs(m MINRange) {
	if m.First == "" && m.Last == "" {
		k.add("otasp.activation_mins", "missing; allowed are first and last of 10 digits, both included")
	} else {
		k.numberRange("otasp.activation_mins", m.First, m.Last, "MIN")
	}
}

func (k *checker) otasp(o *OTASP) {
	k.duration("otasp.session_time", o.SessionTime, time.Second)
	k.duration("otasp.trigger_memory", o.TriggerMemory, time.Second)
	k.span("otasp.away_time", o.AwayTime, time.Second, maxLife)
	k.span("otasp.ask_again", o.AskAgain, time.Second, maxLife)
	k.between("otasp.repeats", int(o.Repeats), 0, 10)
	k.between("otasp.max_sessions", o.MaxSessions, 1, 100_000_000)
	for i, v := range o.AKeyVersions {
		key := fmt.Sprintf("otasp.a_key_versions[%d]", i)
		if v != 2 {
			k.add(key, "%d; allowed is 2, the one version of the key exchange that is spoken", v)
		}
		if slices.Contains(o.AKeyVersions[:i], v) {
			k.add(key, "%d is given twice; allowed is once", v)
		}
	}
}

func (k *checker) triggers(c *Config) {
	if len(c.Triggers) == 0 && len(c.HTTP.Initiators) == 0 && len(c.Routes) == 0 {
		k.add("routes", "missing, and triggers and http.initiators too, so whatever is submitted would be refused; allowed is one entry or more of one of them")
	}
	n := k.names("triggers")
	for i := range c.Triggers {
		t := &c.Triggers[i]
		key := n.entry(i, t.Name)
		k.trigger(key, t)
		k.triggerAccount(key, t.Account, c.SMPP.Accounts)
		for j := range c.Triggers[:i] {
			if o := &c.Triggers[j]; o.covers(t) {
				k.add(key, "never taken, everything it matches is matched by %s before it; allowed is the narrower one first", nameOr(o.Name, j))
				break
			}
		}
	}
}

func (k *checker) trigger(key string, t *Trigger) {
	k.oneOf(key+".flow", t.Flow, FlowOTASP, FlowOTAPA, FlowIOTA, FlowPush)
	if t.Prefix && t.Destination == "" {
		k.add(key+".prefix", "a prefix without a destination; allowed is with one")
	}
	if len(t.Destination) > 20 || strings.Trim(t.Destination, "0123456789*#+abcdefABCDEF") != "" {
		k.add(key+".destination", "%q can match no destination_addr; allowed are up to 20 digits, *, # and +", t.Destination)
	}
	if len(t.ServiceType) > 5 {
		k.add(key+".service_type", "%q can match no service_type; allowed are up to 5 characters", t.ServiceType)
	}
	for i, v := range t.TLVs {
		k.tlv(fmt.Sprintf("%s.tlvs[%s]", key, nameOr(v.Name, i)), v, valuesOf(t.Flow), t.TLVs[:i])
	}
}

// valuesOf are the names of the values with which a flow is started.
func valuesOf(flow string) []string {
	switch flow {
	case FlowPush:
		return []string{"TYPE", "HREF", "TEXT", "ACTION", "SIID", "CREATED", "EXPIRES", "PROFILE", "SEC", "PIN", "IMSI", "VALID", "LINK", "MDN", "MIN", "CORR", "FLOW"}
	case FlowOTAPA:
		return []string{"MDN", "OLDMDN", "MIN", "ESN", "PRL", "ORDER", "CARRIERS", "CORR", "FLOW"}
	case FlowIOTA:
		return []string{"TRN", "MDN", "OLDMDN", "MIN", "ESN", "PRL", "ORDER", "CARRIERS", "CORR", "FLOW"}
	}
	return []string{"TRN", "MDN", "MIN", "PRL", "ORDER", "CORR"}
}

func (k *checker) tlv(key string, v TLV, names []string, before []TLV) {
	k.oneOf(key+".name", v.Name, names...)
	switch v.Tag {
	case 0:
		k.add(key+".tag", "missing; allowed is 1 to 65535, vendors have 0x1400 to 0x3fff")
	case 0x0424:
		k.add(key+".tag", "0x0424 is message_payload, which carries the text; allowed is another tag")
	}
	for _, o := range before {
		if o.Name == v.Name {
			k.add(key+".name", "two tags for %s; allowed is one", v.Name)
		}
		if o.Tag == v.Tag && v.Tag != 0 {
			k.add(key+".tag", "%#04x is also that of %s; allowed is one value a tag", v.Tag, o.Name)
		}
	}
}

// triggerAccount checks that the account exists and may submit at all.
func (k *checker) triggerAccount(key, account string, accounts []Account) {
	if account == "" {
		return
	}
	i := slices.IndexFunc(accounts, func(a Account) bool { return a.Name == account })
	if i < 0 {
		var known []string
		for _, a := range accounts {
			known = append(known, a.Name)
		}
		k.add(key+".account", "there is no account %q in smpp.accounts; %s", account, allowedEntries(account, known))
		return
	}
	if m := accounts[i].Modes; len(m) > 0 && !slices.Contains(m, "transmitter") && !slices.Contains(m, "transceiver") {
		k.add(key+".account", "%s binds as receiver only and can submit nothing; allowed is an account with transmitter or transceiver", account)
	}
}

// covers tells whether t matches everything that u matches.
func (t *Trigger) covers(u *Trigger) bool {
	if t.Flow != u.Flow { // FLOW= tells them apart
		return false
	}
	if t.Account != "" && t.Account != u.Account || t.ServiceType != "" && t.ServiceType != u.ServiceType {
		return false
	}
	if t.ProtocolID != nil && (u.ProtocolID == nil || *t.ProtocolID != *u.ProtocolID) {
		return false
	}
	switch {
	case t.Destination == "":
		return true
	case t.Prefix:
		return strings.HasPrefix(u.Destination, t.Destination)
	}
	return !u.Prefix && u.Destination == t.Destination
}

func nameOr(name string, i int) string {
	if name == "" {
		return fmt.Sprint(i)
	}
	return name
}
