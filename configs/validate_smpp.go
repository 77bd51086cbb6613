package configs

import (
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"
)

func (k *checker) smpp(s *SMPP) {
	k.listen("smpp.listen", s.Listen)
	k.systemID("smpp.system_id", s.SystemID)
	k.between("smpp.pdu_limit", s.PDULimit, 1024, 1<<20)
	k.between("smpp.max_connections", s.MaxConnections, 1, 100_000)
	k.duration("smpp.session_init", s.SessionInit, 100*time.Millisecond)
	k.duration("smpp.enquire_link", s.EnquireLink, 100*time.Millisecond)
	k.duration("smpp.inactivity", s.Inactivity, 100*time.Millisecond)
	k.duration("smpp.response", s.Response, 100*time.Millisecond)
	if s.Inactivity > 0 && s.Inactivity <= s.EnquireLink {
		k.add("smpp.inactivity", "%s is not longer than enquire_link (%s), so idle binds would be closed before they are asked; allowed is more than enquire_link",
			s.Inactivity, s.EnquireLink)
	}
	if len(s.Accounts) == 0 {
		k.add("smpp.accounts", "missing; allowed is one entry or more, nobody could bind")
	}
	n := k.names("smpp.accounts")
	for i := range s.Accounts {
		k.account(n.entry(i, s.Accounts[i].Name), &s.Accounts[i])
	}
	if len(s.TLVs) > 0 {
		k.tlvNames(s.TLVs)
	}
}

func (k *checker) account(key string, a *Account) {
	if a.Name != "" {
		k.systemID(key+".name", a.Name)
	}
	k.passwordHash(key, a.hash())
	if len(a.Networks) == 0 {
		k.add(key+".networks", "missing, so nobody could bind; allowed is a list of CIDR blocks such as 10.0.0.0/8")
	}
	for i, n := range a.Networks {
		k.network(fmt.Sprintf("%s.networks[%d]", key, i), n)
	}
	k.between(key+".max_binds", a.MaxBinds, 1, 1000)
	k.between(key+".window", a.Window, 1, 10_000)
	if !(a.Rate >= 0 && a.Rate <= 1e6) { // written so that NaN fails too
		k.add(key+".rate", "%v; allowed is 0 (no limit) to 1000000 submit_sm a second", a.Rate)
	}
	k.accountRelay(key, a)
	for i, m := range a.Modes {
		at := fmt.Sprintf("%s.modes[%d]", key, i)
		k.oneOf(at, m, "transmitter", "receiver", "transceiver")
		if slices.Contains(a.Modes[:i], m) {
			k.add(at, "%s is given twice; allowed is once", m)
		}
	}
}

// accountRelay checks how the messages of an account are relayed.
func (k *checker) accountRelay(key string, a *Account) {
	k.oneOf(key+".message_id", a.MessageID, "hex", "decimal")
	k.span(key+".receipt_ttl", a.ReceiptTTL, time.Minute, 720*time.Hour)
	k.alphabet(key+".alphabet", a.Alphabet)
	k.oneOf(key+".deliver", a.Deliver, DeliverFair, DeliverSticky)
	if a.Dedup != "" {
		if _, err := k.dictionary.Find(a.Dedup); err != nil {
			k.add(key+".dedup", "%s", err)
		}
		k.duration(key+".dedup_time", a.DedupTime, time.Second)
	}
}

// systemID checks a C-octet string of at most 16 octets with its NUL.
func (k *checker) systemID(key, s string) {
	switch {
	case s == "" || len(s) > 15:
		k.add(key, "%d characters; allowed are 1 to 15 (SMPP 3.4 system_id)", len(s))
	case !isPrintable(s):
		k.add(key, "%q is not ASCII text; allowed are printable ASCII characters (SMPP 3.4 system_id)", s)
	}
}

func (k *checker) network(key, s string) {
	p, err := netip.ParsePrefix(s)
	if err != nil {
		if a, err := netip.ParseAddr(s); err == nil {
			k.add(key, "%q has no prefix length; allowed is %s/%d for one address", s, s, a.BitLen())
			return
		}
		k.add(key, "%q is not a network; allowed is a CIDR block such as 10.0.0.0/8", s)
		return
	}
	if p != p.Masked() {
		k.add(key, "%q has bits behind its prefix; allowed is %s", s, p.Masked())
	}
}

// listen checks host:port; port 0 takes a free one.
func (k *checker) listen(key, s string) {
	host, port, err := net.SplitHostPort(s)
	if err != nil {
		k.add(key, "%q is not an address; allowed is host:port such as 127.0.0.1:2775", s)
		return
	}
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		k.add(key, "port %q; allowed is 0 to 65535", port)
	}
	k.host(key, host)
}

// address checks host:port of one end of an association.
func (k *checker) address(key, s string, leastPort uint64) (port string) {
	host, port, err := net.SplitHostPort(s)
	if err != nil || host == "" {
		k.add(key, "%q is not an address; allowed is host:port such as 10.1.2.3:2905", s)
		return ""
	}
	if n, err := strconv.ParseUint(port, 10, 16); err != nil || n < leastPort {
		k.add(key, "port %q; allowed is %d to 65535", port, leastPort)
		return ""
	}
	k.host(key, host)
	return port
}

// host takes addresses and names; something made of digits and dots is meant
// to be an address.
func (k *checker) host(key, host string) {
	if host != "" && !isIP(host) && !isName(host) {
		k.add(key, "%q is not an IP address; allowed is one, or the name of a host", host)
	}
}

func isIP(host string) bool {
	_, err := netip.ParseAddr(host)
	return err == nil
}

func isName(host string) bool { return strings.Trim(host, "0123456789.") != "" }
