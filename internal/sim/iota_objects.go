package sim

import (
	"encoding/hex"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Objects that are more than a text.
const (
	objectIS683   = "phone:cdma.is683"
	objectResult  = "phone:cdma.is683.result"
	objectPRL     = "phone:cdma.prl"
	objectBoot    = "phone:boot.url"
	objectNAIBoot = "phone:boot.naiurl"
	objectProxy   = "phone:proxy..0.address..0.wdp"
	objectTrusted = "browser:domain.trusted"
)

// prlStorage is what phone:prl.storage.available says, in octets.
const prlStorage = 8192

// objectAccess is what may be done with an object.
type objectAccess uint8

const (
	accessNone objectAccess = iota // there is no such object
	accessRead
	accessWrite
	accessBoth
	accessAction // what is written is done
)

// accessTo is the table of objects.
func accessTo(object string) objectAccess {
	switch object {
	case objectResult, "phone:prl.storage.available", "phone:cdma.nam.mdn", "phone:cdma.nam.msid",
		"phone:oem", "phone:model", "phone:version.software", "phone:psa.version":
		return accessRead
	case objectIS683, objectPRL, "phone:homepage", objectProxy, objectTrusted:
		return accessWrite
	case objectBoot, objectNAIBoot, "phone:nai.current":
		return accessBoth
	case "browser:reset", "phone:reset", "phone:restartsession":
		return accessAction
	}
	return accessNone
}

// access is accessTo, less what this handset lacks.
func (c *IOTA) access(object string) objectAccess {
	if slices.Contains(c.cfg.Lacks, object) {
		return accessNone
	}
	return accessTo(object)
}

// text is the value of an object that can be read.
func (c *IOTA) text(object string) string {
	switch object {
	case "phone:oem":
		return c.cfg.OEM
	case "phone:model":
		return c.cfg.Model
	case "phone:version.software":
		return c.cfg.Software
	case "phone:psa.version":
		return c.cfg.PSA
	case "phone:prl.storage.available":
		return strconv.Itoa(prlStorage)
	case "phone:cdma.nam.mdn":
		return c.cfg.mdn()
	case "phone:cdma.nam.msid":
		return c.cfg.Handset.Memory().IMSIM.S
	}
	return c.Object(object)
}

// fits checks the text of an object that has a form.
func fits(object, value string) bool {
	switch object {
	case objectProxy:
		return isWDPAddress(value)
	case objectBoot, objectNAIBoot:
		u, err := url.Parse(value)
		return err == nil && u.IsAbs() && u.Host != ""
	}
	return true
}

// isWDPAddress checks the hex of a WDP address: an octet of two flags and the
// length of the address, then bearer type and port where the flags say so.
func isWDPAddress(s string) bool {
	b, err := hex.DecodeString(s)
	if err != nil || len(b) == 0 {
		return false
	}
	want := 1 + int(b[0]&0x3f)
	if b[0]&0x80 != 0 {
		want++
	}
	if b[0]&0x40 != 0 {
		want += 2
	}
	return len(b) == want && b[0]&0x3f > 0
}

// trusts tells whether a session of the network may use a URL. A list is of
// scheme:host and scheme:.suffix; nil trusts all.
func trusts(list []string, u *url.URL) bool {
	if list == nil {
		return true
	}
	host := strings.ToLower(u.Hostname())
	return slices.ContainsFunc(list, func(entry string) bool {
		scheme, want, _ := strings.Cut(strings.ToLower(entry), ":")
		if scheme != strings.ToLower(u.Scheme) || want == "" {
			return false
		}
		return host == want || want[0] == '.' && strings.HasSuffix(host, want)
	})
}

// trustedList reads the object. What stands between its entries is not known;
// commas and spaces are taken.
func trustedList(value string) []string {
	list := strings.FieldsFunc(value, func(r rune) bool { return r == ',' || r == ' ' || r == '\n' })
	return append(make([]string, 0, len(list)), list...) // never nil: an empty list trusts nobody
}
