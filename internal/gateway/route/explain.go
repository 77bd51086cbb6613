package route

import (
	"fmt"
	"strings"

	"github.com/otagate/otagate/configs"
)

// Verdict is what one rule says of a message.
type Verdict struct {
	Rule    *Rule
	Matches bool
	Takes   bool   // it is the first that matches
	Why     string // the first condition that does not hold, in words
}

// Explain asks every rule, in order.
func (t *Table) Explain(m *Message) []Verdict {
	out := make([]Verdict, t.Len())
	taken := false
	for i := range out {
		v := Verdict{Rule: &t.rules[i]}
		if f := v.Rule.fails(m); f != 0 {
			v.Why = v.Rule.why(f, m)
		} else {
			v.Matches, v.Takes = true, !taken
			taken = true
		}
		out[i] = v
	}
	return out
}

// why says which key of the route is not as the message is.
func (r *Rule) why(f field, m *Message) string {
	switch f {
	case byFrom:
		return fmt.Sprintf("from: %s; wanted is %s", submitter(m), words(r.from))
	case bySource:
		return fmt.Sprintf("source: %s; wanted is %s", address(m.Source), patternWords(r.source))
	case byTo:
		return fmt.Sprintf("to: %s; wanted is %s", address(m.Destination), patternWords(r.to))
	case bySourceTON:
		return fmt.Sprintf("source_ton: %d; wanted is %s", m.SourceTON, numberWords(r.sourceTON))
	case bySourceNPI:
		return fmt.Sprintf("source_npi: %d; wanted is %s", m.SourceNPI, numberWords(r.sourceNPI))
	case byDestTON:
		return fmt.Sprintf("dest_ton: %d; wanted is %s", m.DestTON, numberWords(r.destTON))
	case byDestNPI:
		return fmt.Sprintf("dest_npi: %d; wanted is %s", m.DestNPI, numberWords(r.destNPI))
	case byDataCoding:
		return fmt.Sprintf("data_coding: %d; wanted is %s", m.DataCoding, numberWords(r.dataCoding))
	case byServiceType:
		var quoted []string
		for _, s := range r.serviceType {
			quoted = append(quoted, fmt.Sprintf("%q", s))
		}
		return fmt.Sprintf("service_type: %q; wanted is %s", m.ServiceType, words(quoted))
	}
	return whyTLV(&r.tlvs[f-byTLV], m)
}

func whyTLV(c *configs.TLVCondition, m *Message) string {
	wanted := fmt.Sprintf("%s (%#04x)", c.Name, uint16(c.Tag))
	if !c.Any {
		wanted += fmt.Sprintf(" with the octets %x", c.Value)
	}
	if v, ok := m.TLVs.Find(c.Tag); ok {
		return fmt.Sprintf("tlv: its octets are %x; wanted is %s", v, wanted)
	}
	return "tlv: not there; wanted is " + wanted
}

func submitter(m *Message) string {
	switch {
	case m.From == "" && m.Push:
		return "a push"
	case m.From == "":
		return "nobody"
	case m.Push:
		return "a push of " + m.From
	}
	return m.From
}

func address(b []byte) string {
	if len(b) == 0 {
		return "none"
	}
	return string(b)
}

func patternWords(list []pattern) string {
	var out []string
	for _, p := range list {
		if p.re == nil {
			out = append(out, p.text+"...")
		} else {
			out = append(out, p.text)
		}
	}
	return words(out)
}

func numberWords(list []uint8) string {
	var out []string
	for _, n := range list {
		out = append(out, fmt.Sprint(n))
	}
	return words(out)
}

// words lists what would do; of a long list the beginning.
func words(list []string) string {
	const most = 6
	if n := len(list); n > most {
		return fmt.Sprintf("%s or one of %d others", strings.Join(list[:most], ", "), n-most)
	}
	if n := len(list); n > 1 {
		return strings.Join(list[:n-1], ", ") + " or " + list[n-1]
	}
	return list[0]
}
