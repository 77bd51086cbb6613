package route_test

import (
	"encoding/hex"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/gateway/route"
	"github.com/otagate/otagate/smpp"
)

func table(t testing.TB, list ...configs.MessageRoute) *route.Table {
	t.Helper()
	s := configs.SMPP{TLVs: []configs.NamedTLV{
		{Name: "class", Tag: 0x1401, Type: "u16"}, {Name: "word", Tag: 0x1402, Type: "cstring"}, {Name: "raw", Tag: 0x1403, Type: "octets"},
	}}
	for i := range list {
		if list[i].Refuse == "" && list[i].Via == nil {
			list[i].Via = []configs.Via{{Link: "smsc1", Weight: 1, Tier: 1}}
		}
	}
	tab, err := route.New(list, s.Dictionary())
	if err != nil {
		t.Fatal(err)
	}
	return tab
}

func tlv(tag smpp.Tag, value string) smpp.TLVs { return smpp.TLVs{{Tag: tag, Value: []byte(value)}} }

// Each condition, with a message that has it and one that has not.
func TestConditions(t *testing.T) {
	base := func() route.Message {
		return route.Message{
			From: "shop", Source: []byte("2280"), SourceTON: 3, SourceNPI: 9, Destination: []byte("15551234567"), DestTON: 1, DestNPI: 1,
			ServiceType: []byte("WAP"), DataCoding: 4, TLVs: tlv(0x1401, "\x00A"),
		}
	}
	type rule = configs.MessageRoute
	type pats = []configs.Pattern
	for name, tt := range map[string]struct {
		rule    rule
		other   func(m *route.Message)
		because string
	}{
		"submitter":    {rule{From: []string{"ivr", "shop"}}, func(m *route.Message) { m.From = "acme" }, "from: acme; wanted is ivr or shop"},
		"source":       {rule{Source: pats{"99", "22"}}, func(m *route.Message) { m.Source = []byte("2") }, "source: 2; wanted is 99... or 22..."},
		"expression":   {rule{Source: pats{"^22[0-9]{2}$"}}, func(m *route.Message) { m.Source = []byte("22801") }, "source: 22801; wanted is ^22[0-9]{2}$"},
		"no source":    {rule{Source: pats{"2"}}, func(m *route.Message) { m.Source = nil }, "source: none; wanted is 2..."},
		"destination":  {rule{To: pats{"1555"}}, func(m *route.Message) { m.Destination = []byte("1545") }, "to: 1545; wanted is 1555..."},
		"ending":       {rule{To: pats{"67$"}}, func(m *route.Message) { m.Destination = []byte("671") }, "to: 671; wanted is 67$"},
		"source_ton":   {rule{SourceTON: []uint8{5, 3}}, func(m *route.Message) { m.SourceTON = 4 }, "source_ton: 4; wanted is 5 or 3"},
		"source_npi":   {rule{SourceNPI: []uint8{9}}, func(m *route.Message) { m.SourceNPI = 0 }, "source_npi: 0; wanted is 9"},
		"dest_ton":     {rule{DestTON: []uint8{1}}, func(m *route.Message) { m.DestTON = 2 }, "dest_ton: 2; wanted is 1"},
		"dest_npi":     {rule{DestNPI: []uint8{1}}, func(m *route.Message) { m.DestNPI = 255 }, "dest_npi: 255; wanted is 1"},
		"data_coding":  {rule{DataCoding: []uint8{245, 4}}, func(m *route.Message) { m.DataCoding = 8 }, "data_coding: 8; wanted is 245 or 4"},
		"service_type": {rule{ServiceType: []string{"", "WAP"}}, func(m *route.Message) { m.ServiceType = []byte("CMT") }, `service_type: "CMT"; wanted is "" or "WAP"`},
		"TLV":          {rule{TLV: []configs.RouteTLV{{Tag: "class"}}}, func(m *route.Message) { m.TLVs = nil }, "tlv: not there; wanted is class (0x1401)"},
		"its octets":   {rule{TLV: []configs.RouteTLV{{Tag: "0x1401", Value: "0041"}}}, func(m *route.Message) { m.TLVs = tlv(0x1401, "A") }, "tlv: its octets are 41; wanted is class (0x1401) with the octets 0041"},
		"its number":   {rule{TLV: []configs.RouteTLV{{Tag: "class", Text: "65"}}}, func(m *route.Message) { m.TLVs = tlv(0x1403, "\x00A") }, "tlv: not there; wanted is class (0x1401) with the octets 0041"},
		"second TLV": {rule{TLV: []configs.RouteTLV{{Tag: "class"}, {Tag: "source_port"}}, Source: pats{"2"}}, nil,
			"tlv: not there; wanted is source_port (0x020a)"},
	} {
		t.Run(name, func(t *testing.T) {
			tab, m := table(t, tt.rule), base()
			if tt.other != nil {
				if tab.Find(&m) == nil || tab.Explain(&m)[0].Why != "" {
					t.Errorf("not taken: %+v", tab.Explain(&m))
				}
				tt.other(&m)
			}
			v := tab.Explain(&m)[0]
			if tab.Find(&m) != nil || v.Matches || v.Takes || v.Why != tt.because {
				t.Errorf("%+v, want %q", v, tt.because)
			}
		})
	}
}

// A text is compared as the type of its TLV writes it.
func TestTextOfTLV(t *testing.T) {
	for _, tt := range []struct {
		tag   configs.NameOrNumber
		text  string
		value string
		holds bool
	}{
		{"word", "A", "A", true}, {"word", "A", "A\x00", true}, {"word", "A", "A\x00\x00", false}, {"word", "A", "", false},
		{"raw", "A", "A", true}, {"raw", "A", "A\x00", false},
		{"class", "0x102", "\x01\x02", true}, {"class", "258", "\x01\x02", true}, {"class", "2", "\x02", false},
		{"0x1404", "65", "65", true}, // not in the dictionary
	} {
		tab := table(t, configs.MessageRoute{TLV: []configs.RouteTLV{{Tag: tt.tag, Text: tt.text}}})
		tag := map[configs.NameOrNumber]smpp.Tag{"word": 0x1402, "raw": 0x1403, "class": 0x1401, "0x1404": 0x1404}[tt.tag]
		m := route.Message{TLVs: append(tlv(tag, "other"), tlv(tag, tt.value)...)} // a tag may come twice
		if got := tab.Find(&m) != nil; got != tt.holds {
			t.Errorf("%s %q, octets %x: %t", tt.tag, tt.text, tt.value, got)
		}
	}
}

// The word push means pushes of anybody, and a name means its pushes too.
func TestFrom(t *testing.T) {
	tab := table(t, configs.MessageRoute{Name: "acme", From: []string{"acme"}}, configs.MessageRoute{Name: "push", From: []string{"push"}}, configs.MessageRoute{Name: "shop", From: []string{"shop"}})
	for _, tt := range []struct {
		m    route.Message
		want string
	}{
		{route.Message{From: "acme", Push: true}, "acme"}, {route.Message{From: "acme"}, "acme"}, {route.Message{From: "shop", Push: true}, "push"},
		{route.Message{From: "shop"}, "shop"}, {route.Message{Push: true}, "push"}, {route.Message{}, ""}, {route.Message{From: "smsc1"}, ""},
	} {
		if got := name(tab.Find(&tt.m)); got != tt.want {
			t.Errorf("%+v: %s, want %s", tt.m, got, tt.want)
		}
	}
}

func name(r *route.Rule) string {
	if r == nil {
		return ""
	}
	return r.Name
}

func TestNoTable(t *testing.T) {
	var none *route.Table
	m := route.Message{Destination: []byte("1")}
	for _, tab := range []*route.Table{none, table(t)} {
		if tab.Find(&m) != nil || tab.Len() != 0 || len(tab.Explain(&m)) != 0 {
			t.Error("a rule of none")
		}
	}
}

func TestNewRefuses(t *testing.T) {
	d := (&configs.SMPP{}).Dictionary()
	good := []configs.Via{{SS7: true, Weight: 1}}
	for want, r := range map[string]configs.MessageRoute{
		"routes[a]: via: there is no target with a weight":                   {},
		"routes[a]: via[0]: neither link nor account nor ss7":                {Via: []configs.Via{{Weight: 1}}},
		`routes[a]: "^[" is no regular expression, missing closing ]: [`:     {Via: good, To: []configs.Pattern{"^["}},
		`routes[a]: "[$" is no regular expression, missing closing ]: [$`:    {Via: good, Source: []configs.Pattern{"[$"}},
		`routes[a]: tlv[0].tag: "x" is no TLV`:                               {Via: good, TLV: []configs.RouteTLV{{Tag: "x"}}},
		`routes[a]: "ESME_X" is no command_status that refuses; allowed are`: {Refuse: "ESME_X"},
	} {
		r.Name = "a"
		if _, err := route.New([]configs.MessageRoute{r}, d); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

// The index finds what somebody finds who reads the rules one after the other.
func TestFindIsTheFirst(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.SliceOfN(rapid.Custom(randomRoute), 0, 40).Draw(t, "routes")
		tab, err := route.New(list, (&configs.SMPP{}).Dictionary())
		if err != nil {
			t.Fatal(err)
		}
		for range 20 {
			m := randomMessage(t)
			want := slices.IndexFunc(list, func(r configs.MessageRoute) bool { return reads(&r, &m) })
			checkFound(t, tab, &m, want)
		}
	})
}

func checkFound(t interface{ Fatalf(string, ...any) }, tab *route.Table, m *route.Message, want int) {
	verdicts := tab.Explain(m)
	takes := slices.IndexFunc(verdicts, func(v route.Verdict) bool { return v.Takes })
	got := -1
	if r := tab.Find(m); r != nil {
		got = slices.IndexFunc(verdicts, func(v route.Verdict) bool { return v.Rule == r })
	}
	if got != want || takes != want {
		t.Fatalf("%+v: found %d, explained %d, want %d", m, got, takes, want)
	}
	for i, v := range verdicts {
		if v.Matches != (v.Why == "") || i == want && !v.Matches || i < want && v.Matches {
			t.Fatalf("%+v: %d: %+v", m, i, v)
		}
	}
}

// reads is a rule as the documentation says it.
func reads(r *configs.MessageRoute, m *route.Message) bool {
	is := func(list []uint8, v uint8) bool { return len(list) == 0 || slices.Contains(list, v) }
	looks := func(list []configs.Pattern, addr []byte) bool {
		return len(list) == 0 || slices.ContainsFunc(list, func(p configs.Pattern) bool {
			if strings.ContainsAny(string(p), "^$") {
				return regexp.MustCompile(string(p)).Match(addr)
			}
			return strings.HasPrefix(strings.TrimPrefix(string(addr), "+"), string(p))
		})
	}
	for _, c := range r.TLV {
		if !slices.ContainsFunc(m.TLVs, func(v smpp.TLV) bool {
			return v.Tag == 5 && (c.Value == "" || c.Value == hex.EncodeToString(v.Value))
		}) {
			return false
		}
	}
	return (len(r.From) == 0 || slices.Contains(r.From, m.From) || m.Push && slices.Contains(r.From, "push")) &&
		is(r.SourceTON, m.SourceTON) && is(r.DestTON, m.DestTON) && is(r.DataCoding, m.DataCoding) &&
		(len(r.ServiceType) == 0 || slices.Contains(r.ServiceType, string(m.ServiceType))) && looks(r.Source, m.Source) && looks(r.To, m.Destination)
}

var (
	submitters = rapid.SampledFrom([]string{"acme", "shop", "push"})
	patterns   = rapid.OneOf(
		rapid.StringMatching(`[0-2]{1,3}`),
		rapid.StringMatching(`\*?[0-2]{1,2}#?`),
		rapid.StringMatching(`\^[0-2]{1,3}[+?]?`),
		rapid.StringMatching(`\^(\\\+)?[0-2]{1,2}\$`),
		rapid.StringMatching(`\^[0-2]\[0-1\]\{2\}`),
		rapid.StringMatching(`[0-2]\$`),
		rapid.SampledFrom([]string{"^", "$", "^(1|2)", "(?i)^a", "^1|2$", "^[^1]", "A", "^\ufffd"}),
	)
	addresses = rapid.OneOf(rapid.StringMatching(`\+{0,2}[0-2]{0,5}`), rapid.StringMatching(`[*#aA0-2]{0,4}`), rapid.Just("\xff1"))
	small     = rapid.SliceOfN(rapid.Uint8Range(0, 2), 0, 2)
)

func randomRoute(t *rapid.T) configs.MessageRoute {
	r := configs.MessageRoute{
		From: rapid.SliceOfN(submitters, 0, 2).Draw(t, "from"),
		Via:  []configs.Via{{SS7: true, Weight: 1}},
	}
	for _, list := range []*[]configs.Pattern{&r.Source, &r.To} {
		for _, p := range rapid.SliceOfN(patterns, 0, 3).Draw(t, "patterns") {
			*list = append(*list, configs.Pattern(p))
		}
	}
	if rapid.IntRange(0, 3).Draw(t, "kind") == 0 {
		r.SourceTON, r.DestTON, r.DataCoding = small.Draw(t, "source_ton"), small.Draw(t, "dest_ton"), small.Draw(t, "data_coding")
		r.ServiceType = rapid.SliceOfN(rapid.SampledFrom([]string{"", "WAP"}), 0, 1).Draw(t, "service_type")
		for _, v := range rapid.SliceOfN(rapid.SampledFrom([]string{"", "41"}), 0, 2).Draw(t, "tlv") {
			r.TLV = append(r.TLV, configs.RouteTLV{Tag: "dest_addr_subunit", Value: v})
		}
	}
	return r
}

func randomMessage(t *rapid.T) route.Message {
	m := route.Message{
		From: submitters.Draw(t, "from"), Push: rapid.Bool().Draw(t, "push"),
		Source: []byte(addresses.Draw(t, "source")), Destination: []byte(addresses.Draw(t, "destination")),
	}
	m.SourceTON, m.DestTON, m.DataCoding = rapid.Uint8Range(0, 2).Draw(t, "source_ton"), rapid.Uint8Range(0, 2).Draw(t, "dest_ton"), rapid.Uint8Range(0, 2).Draw(t, "data_coding")
	m.ServiceType = []byte(rapid.SampledFrom([]string{"", "WAP", "CMT"}).Draw(t, "service_type"))
	for _, v := range rapid.SliceOfN(rapid.SampledFrom([]string{"", "A", "B"}), 0, 2).Draw(t, "tlvs") {
		m.TLVs = append(m.TLVs, smpp.TLV{Tag: smpp.Tag(rapid.IntRange(5, 6).Draw(t, "tag")), Value: []byte(v)})
	}
	return m
}
