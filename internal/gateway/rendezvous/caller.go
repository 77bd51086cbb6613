package rendezvous

import (
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/otagate/otagate/internal/gateway/web"
	"github.com/otagate/otagate/sessions"
)

// maxAgent bounds what is kept of a User-Agent.
const maxAgent = 128

// caller is what can be known of whoever sends a request. Headers count only from
// the proxies, which take those of the handset away; one that comes twice is
// from a proxy that does not.
func (s *Server) caller(r *http.Request) (Caller, reason) {
	c := Caller{Addr: web.AddrOf(r.RemoteAddr), Agent: agent(r.UserAgent())}
	trusted := s.isProxy(c.Addr)
	untrusted := false
	for _, h := range [...]struct {
		name string
		read func(*Caller, string) (readable, same bool)
	}{{s.cfg.ESNHeader, (*Caller).device}, {s.cfg.MEIDHeader, (*Caller).device}, {s.cfg.MDNHeader, (*Caller).number}} {
		values := r.Header.Values(h.name)
		switch {
		case h.name == "" || len(values) == 0:
		case !trusted:
			untrusted = true
		case len(values) > 1 || strings.Contains(values[0], ","):
			return c, ambiguous
		default:
			readable, same := h.read(&c, strings.TrimSpace(values[0]))
			if !readable {
				s.counts.unreadable.Add(1)
			}
			if !same {
				return c, ambiguous
			}
		}
	}
	if untrusted {
		s.counts.untrusted.Add(1)
	}
	return c, fine
}

// query takes what the query of a boot says, where anybody's word is enough.
// What a proxy has said goes before it.
func (s *Server) query(r *http.Request, c *Caller) reason {
	if !s.cfg.Boot.TrustQuery || len(r.URL.RawQuery) > maxQuery {
		return fine
	}
	values := r.URL.Query()
	for _, key := range [...]string{s.cfg.Boot.ESNKey, s.cfg.Boot.MEIDKey} {
		all := values[key]
		if key == "" || len(all) == 0 {
			continue
		}
		readable, same := c.device(strings.TrimSpace(all[0]))
		if !readable {
			s.counts.unreadable.Add(1)
		}
		if len(all) > 1 || !same {
			return ambiguous
		}
	}
	return fine
}

const maxQuery = 1024

func (s *Server) isProxy(a netip.Addr) bool {
	return slices.ContainsFunc(s.proxies, func(p netip.Prefix) bool { return p.Contains(a) })
}

func agent(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return -1
		}
		return r
	}, s[:min(len(s), maxAgent)])
}

// device takes an ESN or a MEID, which are told apart by their lengths: proxies
// are not known to have a header for each.
func (c *Caller) device(text string) (readable, same bool) {
	if esn, ok := parseESN(text); ok {
		same = c.ESN == 0 || c.ESN == esn
		c.ESN = esn
		return true, same
	}
	if n, ok := parseMEID(text); ok {
		meid := meidText(n)
		same = c.MEID == "" || c.MEID == meid
		c.MEID = meid
		return true, same
	}
	return false, true
}

func (c *Caller) number(text string) (readable, same bool) {
	mdn, err := sessions.ParseMDN(strings.TrimPrefix(text, "+"))
	if err != nil {
		return false, true
	}
	c.MDN = mdn.String()
	return true, true
}

// parseESN reads 8 hexadecimal digits, or 11 decimal ones: 3 of the maker and 8
// of the handset. An ESN of 0 is none.
func parseESN(s string) (uint32, bool) {
	s = strings.TrimPrefix(strings.TrimPrefix(s, "0x"), "0X")
	switch len(s) {
	case 8:
		n, err := strconv.ParseUint(s, 16, 32)
		return uint32(n), err == nil && n != 0
	case 11:
		n, ok := parts(s, 3, 24)
		return uint32(n), ok && n != 0
	}
	return 0, false
}

// parseMEID reads 14 hexadecimal digits, or 18 decimal ones: 10 of the maker and
// 8 of the handset.
func parseMEID(s string) (uint64, bool) {
	s = strings.TrimPrefix(strings.TrimPrefix(s, "0x"), "0X")
	switch len(s) {
	case 14:
		n, err := strconv.ParseUint(s, 16, 56)
		return n, err == nil && n != 0
	case 18:
		n, ok := parts(s, 10, 24)
		return n, ok && n != 0 && n < 1<<56
	}
	return 0, false
}

// parts joins two decimal numbers, the second of which has so many bits.
func parts(s string, cut, bits int) (uint64, bool) {
	maker, err1 := strconv.ParseUint(s[:cut], 10, 32)
	serial, err2 := strconv.ParseUint(s[cut:], 10, bits)
	if cut == 3 && maker > 0xFF {
		return 0, false
	}
	return maker<<bits | serial, err1 == nil && err2 == nil
}

func meidText(n uint64) string {
	const width = 14
	s := strings.ToUpper(strconv.FormatUint(n, 16))
	return strings.Repeat("0", width-len(s)) + s
}

// sameNumber compares numbers of which one may have its country code: the
// shorter one is the end of the other, and is a national number.
func sameNumber(a, b sessions.MDN) bool {
	const national = 1e10
	return a == b || a >= national/10 && b >= national/10 && a%national == b%national
}
