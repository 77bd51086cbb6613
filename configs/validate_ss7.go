package configs

import (
	"fmt"
	"net"
	"reflect"
	"strings"
	"time"

	"github.com/otagate/otagate/ss7/mtp"
)

// givesSS7 tells whether anything is said of a signalling network.
func (c *Config) givesSS7() bool { return !reflect.DeepEqual(c.SS7, Default().SS7) }

// withoutSS7 finds what has no use, or cannot be done, without a signalling network.
func (k *checker) withoutSS7(c *Config) {
	for _, s := range [...]struct {
		key   string
		given bool
	}{
		{"otasp", !reflect.DeepEqual(c.OTASP, Default().OTASP)}, {"iota.listen", c.IOTA.Listen != ""},
		{"backend.report", c.Backend.Report != ""}, {"push.ss7.hlr", c.Push.SS7.HLR != ""},
	} {
		if s.given {
			k.add(s.key, "given, but there is no section ss7, without which no handset can be programmed or looked for; allowed is with one, or leave it out")
		}
	}
	for i := range c.Triggers {
		if t := &c.Triggers[i]; t.Flow == FlowOTASP || t.Flow == FlowOTAPA || t.Flow == FlowIOTA {
			k.add(fmt.Sprintf("triggers[%s].flow", nameOr(t.Name, i)), "%s, but there is no section ss7, without which no handset can be programmed; allowed is push, or with a section ss7", t.Flow)
		}
	}
}

func (k *checker) ss7(s *SS7) {
	k.oneOf("ss7.variant", s.Variant, "ansi")
	k.pointCode("ss7.point_code", s.PointCode)
	k.between("ss7.network_indicator", int(s.NetworkIndicator), 0, 3)
	k.between("ss7.priority", int(s.Priority), 0, 3)
	k.ssn("ss7.ssn", s.SSN)
	k.between("ss7.max_transactions", s.MaxTransactions, 1, 1<<20)
	k.between("ss7.hop_counter", int(s.HopCounter), 1, 15)
	for _, t := range [...]struct {
		key   string
		value time.Duration
	}{
		{"smdpp", s.Timers.SMDPP}, {"otaspreq", s.Timers.OTASPREQ}, {"ssd_update", s.Timers.SSDUpdate},
		{"reassembly", s.Timers.Reassembly}, {"ack", s.Timers.Ack}, {"beat", s.Timers.Beat},
	} {
		k.duration("ss7.timers."+t.key, t.value, 100*time.Millisecond)
	}
	k.m3ua(&s.M3UA)
	k.translations(s.Translations)
	k.mscs(s)
	k.acs(s)
	k.screening(&s.Screening)
}

func (k *checker) m3ua(m *M3UA) {
	k.oneOf("ss7.m3ua.traffic_mode", m.TrafficMode, "override", "loadshare", "broadcast")
	if len(m.Peers) == 0 {
		k.add("ss7.m3ua.peers", "missing, so nothing else of ss7 has a use; allowed is one signalling gateway or more, or no section ss7")
	}
	n := k.names("ss7.m3ua.peers")
	for i := range m.Peers {
		k.peer(n.entry(i, m.Peers[i].Name), &m.Peers[i])
	}
}

func (k *checker) peer(key string, p *Peer) {
	k.oneOf(key+".transport", p.Transport, "sctp", "tcp")
	if len(p.Addresses) == 0 {
		k.add(key+".addresses", "missing; allowed is a list of host:port")
	}
	k.addresses(key+".addresses", p.Transport, p.Addresses, 1)
	k.addresses(key+".local", p.Transport, p.Local, 0) // 0 takes a free port
	if p.Transport == "tcp" && len(p.Local) > 0 {
		k.add(key+".local", "given for tcp; allowed is with sctp only")
	}
}

// addresses checks the ends of one association: SCTP may have several, all
// with one port.
func (k *checker) addresses(key, transport string, list []string, leastPort uint64) {
	if len(list) > 1 && transport == "tcp" {
		k.add(key, "%d addresses; allowed is one, only sctp has several", len(list))
	}
	first := ""
	for i, a := range list {
		at := fmt.Sprintf("%s[%d]", key, i)
		port := k.address(at, a, leastPort)
		if host, _, err := net.SplitHostPort(a); err == nil && transport == "sctp" && !isIP(host) && isName(host) {
			k.add(at, "%q is the name of a host; allowed is an IP address with sctp", host)
		}
		if first == "" {
			first = port
		}
		if port != "" && port != first {
			k.add(at, "port %s, but the first address has %s; allowed is one port for all addresses", port, first)
		}
	}
}

func (k *checker) pointCode(key, s string) {
	if s == "" {
		k.add(key, "missing; allowed is network-cluster-member such as 1-12-5")
		return
	}
	pc, err := mtp.ParsePointCode(s)
	switch {
	case err != nil:
		k.add(key, "%q is not a point code; allowed is network-cluster-member (each 0 to 255) or a number below 2^24", s)
	case pc == 0:
		k.add(key, "%q is nobody's point code; allowed is any other", s)
	}
}

func (k *checker) ssn(key string, n uint8) {
	if n < 2 {
		k.add(key, "%d; allowed is 2 to 255 (0 is unknown, 1 is SCCP management)", n)
	}
}

// route checks the address of a node. A global title needs a line of
// translations: it says which node translates it.
func (k *checker) route(key string, r *Route, translations []Translation) {
	k.answersFrom(key+".answers_from", r.AnswersFrom)
	if r.GlobalTitle == "" {
		k.pointCode(key+".point_code", r.PointCode)
		k.ssn(key+".ssn", r.SSN)
		if r.TranslationType != 0 {
			k.add(key+".translation_type", "%d without a global_title; allowed is with one", r.TranslationType)
		}
		return
	}
	if !isDigits(r.GlobalTitle) || len(r.GlobalTitle) > 15 {
		k.add(key+".global_title", "%q; allowed are 1 to 15 digits", r.GlobalTitle)
	}
	if r.SSN == 1 {
		k.ssn(key+".ssn", r.SSN)
	}
	if r.PointCode != "" {
		k.add(key+".point_code", "%s beside a global_title; allowed is one of the two, ss7.translations says who translates", r.PointCode)
	}
	if r.XUDT {
		k.add(key+".xudt", "true beside a global_title; allowed is with a point_code, how far a title leads is not known here")
	}
	for _, t := range translations {
		if t.TranslationType == r.TranslationType && strings.HasPrefix(r.GlobalTitle, t.Prefix) {
			return
		}
	}
	k.add(key+".global_title", "no line of ss7.translations leads %s (translation type %d) anywhere; allowed is a title that one leads on",
		r.GlobalTitle, r.TranslationType)
}

func (k *checker) translations(list []Translation) {
	n := k.names("ss7.translations")
	for i, t := range list {
		key := n.entry(i, t.Name)
		if t.Prefix != "" && !isDigits(t.Prefix) || len(t.Prefix) > 15 {
			k.add(key+".prefix", "%q; allowed are up to 15 digits", t.Prefix)
		}
		for _, other := range list[:i] {
			if other.TranslationType == t.TranslationType && other.Prefix == t.Prefix {
				k.add(key+".prefix", "%q with translation type %d is also that of %s; allowed is once", t.Prefix, t.TranslationType, other.Name)
				break
			}
		}
		k.pointCode(key+".point_code", t.PointCode)
		if t.SSN == 1 {
			k.ssn(key+".ssn", t.SSN)
		}
	}
}

// maxUDTSegment is the largest PRL segment that still leaves room in a UDT of
// 255 octets for everything around it; maxSegment is what one parameter block
// holds beside its own header of four octets.
const (
	maxUDTSegment = 189
	maxSegment    = 251
)

func (k *checker) mscs(s *SS7) {
	if len(s.MSCs) == 0 {
		k.add("ss7.mscs", "missing; allowed is one serving MSC or more")
	}
	n := k.names("ss7.mscs")
	var ranges []ownedRange
	for i := range s.MSCs {
		m := &s.MSCs[i]
		key := n.entry(i, m.Name)
		k.route(key+".route", &m.Route, s.Translations)
		k.segmentSize(key+".segment_size", m)
		if len(m.TRNRanges) == 0 {
			k.add(key+".trn_ranges", "missing, so this MSC would never be asked; allowed is a list of first and last")
		}
		for j, r := range m.TRNRanges {
			at := fmt.Sprintf("%s.trn_ranges[%d]", key, j)
			if k.numberRange(at, r.First, r.Last, "TRN") {
				ranges = append(ranges, ownedRange{at, r})
			}
		}
	}
	k.overlaps(ranges)
}

func (k *checker) segmentSize(key string, m *MSC) {
	switch {
	case m.SegmentSize > maxUDTSegment && m.SegmentSize <= maxSegment && !m.Route.XUDT:
		k.add(key, "%d does not fit into a UDT; allowed is 1 to %d, or up to %d with route.xudt", m.SegmentSize, maxUDTSegment, maxSegment)
	case m.SegmentSize < 1 || m.SegmentSize > maxSegment:
		k.add(key, "%d; allowed is 1 to %d, or up to %d with route.xudt", m.SegmentSize, maxUDTSegment, maxSegment)
	}
}

// numberRange checks two ten-digit numbers, both ends included.
func (k *checker) numberRange(key, first, last, what string) bool {
	good := true
	for _, e := range [...]struct{ key, value string }{{"first", first}, {"last", last}} {
		if !isDigits(e.value) || len(e.value) != 10 {
			k.add(key+"."+e.key, "%q is not a %s; allowed are 10 digits", e.value, what)
			good = false
		}
	}
	if good && first > last { // of equal length: text order is number order
		k.add(key, "the first %s %s is after the last %s; allowed is first up to last", what, first, last)
		return false
	}
	return good
}

type ownedRange struct {
	key string
	TRNRange
}

func (k *checker) overlaps(ranges []ownedRange) {
	for i, r := range ranges {
		for _, other := range ranges[:i] {
			if r.First <= other.Last && other.First <= r.Last {
				k.add(r.key, "%s to %s overlaps %s to %s of %s; allowed is one MSC for a TRN", r.First, r.Last, other.First, other.Last, other.key)
			}
		}
	}
}

func (k *checker) acs(s *SS7) {
	if len(s.ACs) != 1 {
		k.add("ss7.acs", "%d entries; allowed is one HLR/AC, several could not be told apart", len(s.ACs))
	}
	n := k.names("ss7.acs")
	for i := range s.ACs {
		k.route(n.entry(i, s.ACs[i].Name)+".route", &s.ACs[i].Route, s.Translations)
	}
}
