package configs_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/smpp"
)

// routed is a configuration with one link and one route over it, that has this
// fault.
func routed(fault func(r *configs.MessageRoute)) func(*configs.Config) {
	return func(c *configs.Config) {
		link(func(*configs.Link) {})(c)
		r := to("smsc1")
		fault(&r)
		c.Routes = []configs.MessageRoute{r}
	}
}

// behind is a route that comes behind another one.
func behind(first, second func(r *configs.MessageRoute)) func(*configs.Config) {
	return func(c *configs.Config) {
		link(func(*configs.Link) {})(c)
		a, b := to("smsc1"), to("smsc1")
		a.Name, b.Name = "first", "second"
		first(&a)
		second(&b)
		c.Routes = []configs.MessageRoute{a, b}
	}
}

func everything(*configs.MessageRoute) {}

func goingTo(p ...configs.Pattern) func(r *configs.MessageRoute) {
	return func(r *configs.MessageRoute) { r.To = p }
}

func conditions(list ...configs.RouteTLV) func(r *configs.MessageRoute) {
	return func(r *configs.MessageRoute) { r.TLV = list }
}

func through(v ...configs.Via) func(r *configs.MessageRoute) {
	return func(r *configs.MessageRoute) { r.Via = v }
}

func tlvNames(list ...configs.NamedTLV) func(*configs.Config) {
	return func(c *configs.Config) { c.SMPP.TLVs = list }
}

// Every message about routes and the names of TLVs, each from one fault.
func TestValidateRoutes(t *testing.T) {
	type cfg = configs.Config
	type rt = configs.MessageRoute
	const key, shadowed = "routes[smsc1]", "routes[second]: can never match, everything that it matches is taken by first before it; allowed is the narrower one first"
	refuse := func(s configs.NameOrNumber) func(*cfg) {
		return routed(func(r *rt) { r.Via, r.Refuse = nil, s })
	}
	for _, tt := range []struct {
		name  string
		fault func(c *cfg)
		want  string
	}{
		{"no routes", routes(), "routes: missing, so triggers[push] could reach no handset; allowed is one entry or more"},
		{"no routes for an initiator", func(c *cfg) { c.Routes, c.Triggers = nil, c.Triggers[:1] }, "routes: missing, so http.initiators[acme] could reach no handset; allowed is one entry or more"},
		{"no name", routed(func(r *rt) { r.Name = "" }), "routes[0].name: missing; allowed is any name that no other entry has"},
		{"name twice", behind(goingTo("1"), func(r *rt) { r.Name = "first" }), "routes[first].name: two entries have this name; allowed is one"},

		{"stranger", routed(func(r *rt) { r.From = []string{"acne"} }), key + `.from[0]: there is no "acne" in smpp.accounts, links and http.initiators; allowed are ivr, smsc1, acme, push (did you mean acme)`},
		{"nobody", routed(func(r *rt) { r.From = []string{""} }), key + `.from[0]: there is no "" in smpp.accounts, links and http.initiators; allowed are ivr, smsc1, acme, push`},
		{"somebody twice", routed(func(r *rt) { r.From = []string{"acme", "push", "acme"} }), key + ".from[2]: acme is given twice; allowed is once"},
		{"one called push", func(c *cfg) {
			routed(func(r *rt) { r.From = []string{"push"} })(c)
			c.HTTP.Initiators[0].Name = "push"
		}, key + ".from[0]: push is the word for all pushes and the name of an account, link or initiator; allowed is with another name of that"},

		{"empty prefix", routed(goingTo("")), key + ".to[0]: empty; allowed is the beginning of an address, and without the key it is any"},
		{"plus", routed(goingTo("+44")), key + `.to[0]: "+44" has a +, over which the addresses of messages are read; allowed is without it`},
		{"expression without an anchor", routed(goingTo("1", "22[0-9]")), key + `.to[1]: "22[0-9]" looks like a regular expression; allowed is one with ^ or $, such as ^22[0-9]{2}$`},
		{"glob", routed(goingTo("22*")), key + `.to[0]: "22*" ends with *; allowed is the beginning of an address without it, or a regular expression with ^ or $`},
		{"long prefix", routed(goingTo("123456789012345678901")), key + `.to[0]: "123456789012345678901" can match no address; allowed are up to 20 printable ASCII characters`},
		{"expression", routed(func(r *rt) { r.Source = []configs.Pattern{"^22[0-9"} }), key + ".source[0]: \"^22[0-9\" is no regular expression, missing closing ]: [0-9; allowed is one of RE2 such as ^22[0-9]{2}$"},
		{"service type", routed(func(r *rt) { r.ServiceType = []string{"WAPUSH"} }), key + `.service_type[0]: "WAPUSH" can match no service_type; allowed are up to 5 characters`},

		{"no tag", routed(conditions(configs.RouteTLV{})), key + ".tlv[0].tag: missing; allowed is 1 to 65535, or a name of smpp.tlvs or of SMPP"},
		{"tag", routed(conditions(configs.RouteTLV{Tag: "0x10000"})), key + `.tlv[0].tag: "0x10000" is no TLV; allowed is 1 to 65535, or a name of smpp.tlvs or of SMPP`},
		{"tag 0", routed(conditions(configs.RouteTLV{Tag: "0"})), key + `.tlv[0].tag: "0" is no TLV; allowed is 1 to 65535, or a name of smpp.tlvs or of SMPP`},
		{"tag's name", routed(conditions(configs.RouteTLV{Tag: "sourceport"})), key + `.tlv[0].tag: "sourceport" is no TLV; allowed is 1 to 65535, or a name of smpp.tlvs or of SMPP (did you mean source_port)`},
		{"octets", routed(conditions(configs.RouteTLV{Tag: "1", Value: "4"})), key + `.tlv[0].value: "4" is not octets; allowed are pairs of hexadecimal digits, and text for characters`},
		{"octets and text", routed(conditions(configs.RouteTLV{Tag: "1", Value: "41", Text: "A"})), key + ".tlv[0].text: text beside a value; allowed is one of the two, or none for any value"},
		{"number", func(c *cfg) {
			routed(conditions(configs.RouteTLV{Tag: "0x1401", Text: "256"}))(c)
			tlvNames(configs.NamedTLV{Name: "class", Tag: 0x1401, Type: "u8"})(c)
		}, key + `.tlv[0].text: "256" is no number of class (u8); allowed is 0 to 255`},

		{"no target", routed(through()), key + ".via: missing; allowed is one target or more, or refuse"},
		{"target and refusal", routed(func(r *rt) { r.Refuse = "11" }), key + ".refuse: 11 beside via; allowed is one of the two"},
		{"empty target", routed(through(configs.Via{Weight: 1, Tier: 1})), key + ".via[0]: 0 of link, account and ss7 are given; allowed is exactly one"},
		{"two targets in one", routed(through(configs.Via{Link: "smsc1", SS7: true, Weight: 1, Tier: 1})), key + ".via[0]: 2 of link, account and ss7 are given; allowed is exactly one"},
		{"no such link", routed(through(configs.Via{Link: "smsc2", Weight: 1, Tier: 1})), key + `.via[0].link: there is no link "smsc2" in links; allowed are smsc1 (did you mean smsc1)`},
		{"link ss7", routed(through(configs.Via{Link: "ss7", Weight: 1, Tier: 1})), key + ".via[0].link: ss7 is no link; allowed is ss7: true for the way through SMSREQ and SMDPP"},
		{"ss7 without an HLR", func(c *cfg) { c.Push.SS7.HLR = "" }, "routes[all].via[0].ss7: true without push.ss7.hlr; allowed is with one, which knows where the handsets are"},
		{"no such account", routed(through(configs.Via{Account: "shop", Weight: 1, Tier: 1})), key + `.via[0].account: there is no account "shop" in smpp.accounts; allowed are ivr`},
		{"target twice", routed(through(configs.Via{Link: "smsc1", Weight: 1, Tier: 1}, configs.Via{Link: "smsc1", Weight: 1, Tier: 2})), key + ".via[1]: the target of via[0] too; allowed is once a route"},
		{"weight", routed(through(configs.Via{Link: "smsc1", Weight: -1, Tier: 1})), key + ".via[0].weight: -1; allowed is 0 to 1000000"},
		{"tier", routed(through(configs.Via{Link: "smsc1", Weight: 1})), key + ".via[0].tier: 0; allowed is 1 to 100"},
		{"no weight", routed(through(configs.Via{Link: "smsc1", Tier: 1}, configs.Via{SS7: true, Tier: 2})), key + ".via: all weights are 0, so nothing could be sent; allowed is one target or more with a weight"},
		{"status", refuse("ESME_RINVDSTADDR"), key + `.refuse: "ESME_RINVDSTADDR" is no command_status that refuses; allowed are the names of SMPP such as ESME_RINVDSTADR, and numbers such as 0x0b (did you mean ESME_RINVDSTADR)`},
		{"no refusal", refuse("ESME_ROK"), key + `.refuse: "ESME_ROK" is no command_status that refuses; allowed are the names of SMPP such as ESME_RINVDSTADR, and numbers such as 0x0b`},
		{"refusal 0", refuse("0"), key + `.refuse: "0" is no command_status that refuses; allowed are the names of SMPP such as ESME_RINVDSTADR, and numbers such as 0x0b`},

		{"behind all", behind(everything, goingTo("1")), shadowed},
		{"behind the same", behind(goingTo("^1[0-9]$"), goingTo("^1[0-9]$")), shadowed},
		{"behind a prefix", behind(goingTo("7", "1"), goingTo("123", "17", "^7[0-9]$")), shadowed},
		{"behind a submitter", behind(func(r *rt) { r.From = []string{"ivr", "acme"} }, func(r *rt) { r.From, r.DestTON = []string{"acme"}, []uint8{1} }), shadowed},
		{"behind a TLV", behind(conditions(configs.RouteTLV{Tag: "5"}), conditions(configs.RouteTLV{Tag: "6"}, configs.RouteTLV{Tag: "5", Value: "00"})), shadowed},

		{"TLV without a name", tlvNames(configs.NamedTLV{Tag: 0x1401, Type: "text"}), "smpp.tlvs[0].name: missing; allowed is any name that no other entry has"},
		{"TLV named by a number", tlvNames(configs.NamedTLV{Name: "5121", Tag: 0x1401, Type: "text"}), `smpp.tlvs[5121].name: "5121" is a number; allowed is a name`},
		{"TLV twice", tlvNames(configs.NamedTLV{Name: "a", Tag: 0x1401, Type: "text"}, configs.NamedTLV{Name: "b", Tag: 0x1401, Type: "text"}), "smpp.tlvs[b].tag: 0x1401 is also that of a; allowed is one name a tag"},
		{"TLV without a tag", tlvNames(configs.NamedTLV{Name: "a", Type: "text"}), "smpp.tlvs[a].tag: missing; allowed is 1 to 65535, vendors have 0x1400 to 0x3fff"},
		{"type of a TLV", tlvNames(configs.NamedTLV{Name: "a", Tag: 0x1401, Type: "u9"}), `smpp.tlvs[a].type: unknown value "u9"; allowed are octets, text, cstring, u8, u16 and u32 (did you mean u8)`},
		{"TLV of SMPP", tlvNames(configs.NamedTLV{Name: "payload", Tag: 0x424, Type: "text"}), "smpp.tlvs[payload].tag: 0x0424 is message_payload in SMPP; allowed is that name for it, or another tag"},
		{"name of SMPP", tlvNames(configs.NamedTLV{Name: "source_port", Tag: 0x1401, Type: "u16"}), "smpp.tlvs[source_port].name: source_port is 0x020a in SMPP; allowed is another name for 0x1401"},
	} {
		t.Run(tt.name, func(t *testing.T) { provoke(t, tt.fault, tt.want) })
	}
}

// What looks odd and is allowed.
func TestValidateRoutesAllows(t *testing.T) {
	type rt = configs.MessageRoute
	for name, change := range map[string]func(*configs.Config){
		"refusal by name":          routed(func(r *rt) { r.Via, r.Refuse = nil, "ESME_RTHROTTLED" }),
		"refusal of a vendor":      routed(func(r *rt) { r.Via, r.Refuse = nil, "0x450" }),
		"star code":                routed(goingTo("*228", "*228*1#")),
		"expression at the end":    routed(goingTo("99$")),
		"name of a sender":         routed(func(r *rt) { r.Source = []configs.Pattern{"ACME & Sons"} }),
		"default service type":     routed(func(r *rt) { r.ServiceType = []string{"", "WAP"} }),
		"a target rests":           routed(through(configs.Via{Link: "smsc1", Tier: 1}, configs.Via{SS7: true, Weight: 1, Tier: 1})),
		"narrow before wide":       behind(goingTo("12"), goingTo("1")),
		"other prefix":             behind(goingTo("12"), goingTo("12", "13")),
		"prefix and expression":    behind(goingTo("^12$"), goingTo("12")),
		"expression without begin": behind(goingTo("12"), goingTo("12$")),
		"one of all":               behind(func(r *rt) { r.From = []string{"push"} }, func(r *rt) { r.From = []string{"acme"} }),
		"some before all":          behind(func(r *rt) { r.DestTON = []uint8{1} }, everything),
		"TLV of other octets":      behind(conditions(configs.RouteTLV{Tag: "5", Value: "01"}), conditions(configs.RouteTLV{Tag: "5", Value: "00"})),
		"TLV of SMPP by its name":  tlvNames(configs.NamedTLV{Name: "source_port", Tag: 0x20a, Type: "u16"}),
	} {
		t.Run(name, func(t *testing.T) {
			c := lab(t)
			change(c)
			if err := c.Validate(); err != nil {
				t.Error(err)
			}
		})
	}
}

// A long table is checked in no time: pairs that cannot cover each other are not
// looked at.
func TestManyRoutes(t *testing.T) {
	c := lab(t)
	link(func(*configs.Link) {})(c)
	c.Routes = nil
	for i := range 10_000 {
		r := to("smsc1")
		r.Name, r.To = fmt.Sprint(i), []configs.Pattern{configs.Pattern(fmt.Sprintf("1%04d", i))}
		c.Routes = append(c.Routes, r)
	}
	late := to("smsc1")
	late.Name, late.To = "late", []configs.Pattern{"177771"}
	c.Routes = append(c.Routes, late)
	begun := time.Now()
	err := c.Validate()
	if err == nil || !strings.HasSuffix(err.Error(), "routes[late]: can never match, everything that it matches is taken by 7777 before it; allowed is the narrower one first") {
		t.Error(err)
	}
	if took := time.Since(begun); took > 5*time.Second {
		t.Errorf("took %s", took)
	}
}

// The file's spellings: defaults of a target, numbers without quotes.
func TestLoadRoutes(t *testing.T) {
	c, err := configs.Load(write(t, "c.yaml", `
smpp: {tlvs: [{name: class, tag: 0x1401}]}
routes:
  - {name: a, to: [1555, "044"], tlv: [{tag: 0x1401, text: A}, {tag: class}, {tag: 5}], refuse: 0x0b}
  - {name: b, via: [{link: smsc1, weight: 0}, {ss7: true, tier: 2}], refuse: 88}
`))
	if err != nil {
		t.Fatal(err)
	}
	if got := c.SMPP.TLVs[0]; got != (configs.NamedTLV{Name: "class", Tag: 0x1401, Type: "octets"}) {
		t.Errorf("%+v", got)
	}
	a, b := c.Routes[0], c.Routes[1]
	if fmt.Sprint(a.To) != "[1555 044]" || len(b.Via) != 2 || b.Via[0] != (configs.Via{Link: "smsc1", Tier: 1}) || b.Via[1] != (configs.Via{SS7: true, Weight: 1, Tier: 2}) {
		t.Errorf("%+v, %+v", a, b)
	}
	for _, s := range []struct {
		text configs.NameOrNumber
		want smpp.Status
	}{{a.Refuse, smpp.StatusInvalidDestinationAddress}, {b.Refuse, smpp.StatusThrottled}} {
		if got, err := s.text.Status(); got != s.want || err != nil {
			t.Errorf("%s: %s, %v", s.text, got, err)
		}
	}
	d := c.SMPP.Dictionary()
	for i, want := range []smpp.Tag{0x1401, 0x1401, 5} {
		if got, err := a.TLV[i].Condition(d); got.Tag != want || err != nil {
			t.Errorf("tlv[%d]: %+v, %v", i, got, err)
		}
	}
}

// Every status and every TLV of SMPP that has a name is known by it.
func TestNamesOfSMPP(t *testing.T) {
	d, statuses, tags := (&configs.SMPP{}).Dictionary(), 0, 0
	for n := range 1 << 16 {
		if s := smpp.Status(n); n > 0 && strings.HasPrefix(s.String(), "ESME_") {
			statuses++
			if got, err := configs.NameOrNumber(s.String()).Status(); got != s || err != nil {
				t.Errorf("%s: %s, %v", s, got, err)
			}
		}
		if tag := smpp.Tag(n); tag.String()[0] != '0' {
			tags++
			if got, err := d.Find(configs.NameOrNumber(tag.String())); smpp.Tag(got.Tag) != tag || err != nil {
				t.Errorf("%s: %+v, %v", tag, got, err)
			}
		}
	}
	if statuses < 60 || tags < 60 {
		t.Errorf("%d statuses, %d tags", statuses, tags)
	}
}

// Where routes were is said to who has an old file.
func TestRoutesOfPush(t *testing.T) {
	_, err := configs.Load(write(t, "c.yaml", "push:\n  routes: [{prefix: \"1\", link: ss7}]\n"))
	if err == nil || !strings.HasSuffix(err.Error(), "c.yaml:2: push.routes: routes stand at the top level now, and the first one that matches takes a message; allowed is such as routes: [{name: all, via: [{link: smsc1}]}]") {
		t.Error(err)
	}
}

// What a regular expression begins with.
func TestLiteral(t *testing.T) {
	for p, want := range map[configs.Pattern]string{
		"44": "44", "^44": "44", "^22[0-9]{2}$": "22", "^445?$": "44", "^\\+44": "44", "44$": "", "^(44|45)": "", "^44|45$": "", "(?i)^ab": "", "^[0-9]": "",
		"^a\ufffdb": "a", "^[": "", "$": "", "^^44": "", "^*44": "", "^44.*": "44",
	} {
		if got := p.Literal(); got != want {
			t.Errorf("%s: %q, want %q", p, got, want)
		}
	}
}
