package gateway

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/otagate/otagate/otasp"
	"github.com/otagate/otagate/otasp/is683"
)

// found is what a handset was read to hold, as far as it has told: name=value.
func found(h *otasp.Handset) (all []string) {
	add := func(name, value string) {
		if value != "" {
			all = append(all, name+"="+strings.Map(plain, value))
		}
	}
	number := func(name string, n int) {
		if n != 0 {
			add(name, strconv.Itoa(n))
		}
	}
	add("mdn", h.MDN)
	add("min", h.MIN)
	add("imsi_m", h.IMSI.MCC+h.IMSI.IMSI1112+h.IMSI.S)
	add("imsi_t", h.IMSIT.MCC+h.IMSIT.IMSI1112+h.IMSIT.S)
	var pairs []string
	for _, p := range h.SIDNID {
		pairs = append(pairs, fmt.Sprintf("%d/%d", p.SID, p.NID))
	}
	add("sid_nid", strings.Join(pairs, ","))
	number("max_sid_nid", int(h.MaxSIDNID))
	if h.HasPRL {
		add("prl", strconv.Itoa(int(h.PRLID)))
		number("prl_octets", int(h.CurPRL))
		number("max_prl", int(h.MaxPRL))
		number("sspr_p_rev", int(h.PRLPRev))
	}
	number("mob_firm_rev", int(h.Firmware))
	number("mob_model", int(h.Model))
	var features []string
	for id, rev := range h.Features {
		if rev != 0 {
			features = append(features, fmt.Sprintf("%d:%d", is683.FeatureID(id), rev))
		}
	}
	add("features", strings.Join(features, ","))
	p := &h.Profile
	add("make", p.Make)
	add("model", p.Model)
	add("software", p.Software)
	add("agent", p.Agent)
	return all
}

// plain keeps a value one word: a handset may say anything of itself.
func plain(r rune) rune {
	if r <= ' ' || r > '~' || r == '=' {
		return '_'
	}
	return r
}
