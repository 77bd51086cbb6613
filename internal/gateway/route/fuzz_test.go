package route_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/gateway/route"
)

// Whatever stands in a configuration, it is refused or found as it is read; and a
// rule that validation lets pass can be compiled.
func FuzzRule(f *testing.F) {
	for _, s := range []struct{ source, to, text, from, addr string }{
		{"2280", "^22[0-9]{2}$", "A", "2280", "2212"},
		{"", "^\\+1|2$", "", "", "+1555"},
		{"(?i)^a", "*228", "A\x00", "A", "*2281"},
		{"^\ufffd", "^[^1]", "65", "\xff", "2"},
		{"^^^", "$", "x", "", ""},
	} {
		f.Add(s.source, s.to, s.text, s.from, s.addr)
	}
	dictionary := (&configs.SMPP{}).Dictionary()
	f.Fuzz(func(t *testing.T, source, to, text, from, addr string) {
		r := configs.MessageRoute{Name: "r", Via: []configs.Via{{Link: "smsc1", Weight: 1, Tier: 1}}}
		if source != "" {
			r.Source = []configs.Pattern{configs.Pattern(source)}
		}
		if to != "" {
			r.To = []configs.Pattern{configs.Pattern(to), "9"}
		}
		if text != "" {
			r.TLV = []configs.RouteTLV{{Tag: "callback_num", Text: text}}
		}
		tab, err := route.New([]configs.MessageRoute{r}, dictionary)
		if err != nil {
			if problems(&r) == "" {
				t.Fatalf("valid, but %v", err)
			}
			return
		}
		m := route.Message{Source: []byte(from), Destination: []byte(addr), TLVs: tlv(0x381, text)}
		want := like(source, from) && (like(to, addr) || like("9", addr))
		got := tab.Find(&m)
		if v := tab.Explain(&m)[0]; (got != nil) != want || v.Takes != want || (v.Why == "") != want {
			t.Fatalf("found %t, want %t; %+v", got != nil, want, v)
		}
	})
}

func like(pattern, addr string) bool {
	if pattern == "" {
		return true
	}
	if strings.ContainsAny(pattern, "^$") {
		return regexp.MustCompile(pattern).MatchString(addr)
	}
	return strings.HasPrefix(strings.TrimPrefix(addr, "+"), pattern)
}

// problems are what validation says of a route.
func problems(r *configs.MessageRoute) string {
	c := configs.Default()
	c.Links = []configs.Link{{Name: "smsc1"}}
	c.Routes = []configs.MessageRoute{*r}
	var out []string
	for line := range strings.Lines(c.Validate().Error()) {
		if strings.Contains(line, "routes[r]") {
			out = append(out, line)
		}
	}
	return strings.Join(out, "")
}
