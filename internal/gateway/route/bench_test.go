package route_test

import (
	"fmt"
	"testing"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/gateway/route"
)

const many = 10_000

// tables are long ones of several kinds, each with a message for the last rule.
func tables() map[string]struct {
	list []configs.MessageRoute
	m    route.Message
} {
	via := []configs.Via{{Link: "smsc1", Weight: 3, Tier: 1}, {Link: "smsc2", Weight: 1, Tier: 1}, {SS7: true, Weight: 1, Tier: 2}}
	make := func(edit func(i int, r *configs.MessageRoute)) []configs.MessageRoute {
		var list []configs.MessageRoute
		for i := range many {
			r := configs.MessageRoute{Name: fmt.Sprint(i), Via: via}
			edit(i, &r)
			list = append(list, r)
		}
		return append(list, configs.MessageRoute{Name: "rest", Via: via})
	}
	m := route.Message{From: "account9999", Source: []byte("2280"), Destination: []byte("+15559999123"), DestTON: 1, DestNPI: 1}
	type one = struct {
		list []configs.MessageRoute
		m    route.Message
	}
	return map[string]one{
		"prefixes": {make(func(i int, r *configs.MessageRoute) {
			r.To = []configs.Pattern{configs.Pattern(fmt.Sprintf("1555%04d", i))}
		}), m},
		"expressions": {make(func(i int, r *configs.MessageRoute) {
			r.To = []configs.Pattern{configs.Pattern(fmt.Sprintf(`^\+1555%04d[0-9]{3}$`, i))}
		}), m},
		"accounts": {make(func(i int, r *configs.MessageRoute) {
			r.From, r.To = []string{fmt.Sprintf("account%d", i)}, []configs.Pattern{"1"}
		}), m},
		"sources": {make(func(i int, r *configs.MessageRoute) {
			r.Source, r.To = []configs.Pattern{configs.Pattern(fmt.Sprintf("%04d", i))}, []configs.Pattern{"1", "44"}
		}), m},
		"rest": {make(func(i int, r *configs.MessageRoute) {
			r.To = []configs.Pattern{configs.Pattern(fmt.Sprintf("44%04d", i))}
		}), m},
	}
}

func BenchmarkFind(b *testing.B) {
	for name, c := range tables() {
		tab := table(b, c.list...)
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if tab.Find(&c.m) == nil {
					b.Fatal("none")
				}
			}
		})
	}
}

func BenchmarkChoose(b *testing.B) {
	r := rule(b, smsc(1, 3, 1), smsc(2, 1, 1), smsc(3, 1, 1), smsc(4, 1, 2))
	key := uint64(0)
	b.ReportAllocs()
	for b.Loop() {
		key++
		r.Choose(key, all)
	}
}

// What is done for every message allocates nothing, and finds the rule that it is for.
func TestAllocations(t *testing.T) {
	want := map[string]string{"prefixes": "9999", "expressions": "9999", "accounts": "9999", "sources": "2280", "rest": "rest"}
	for kind, c := range tables() {
		tab := table(t, c.list...)
		var r *route.Rule
		n := testing.AllocsPerRun(100, func() {
			r = tab.Find(&c.m)
			r.Choose(r.Key(&c.m, 1), all)
		})
		if n != 0 || name(r) != want[kind] {
			t.Errorf("%s: %v allocations, rule %s", kind, n, name(r))
		}
	}
	m, text := route.Message{}, []byte("\x05\x00\x03\xa5\x02\x01A")
	if n := testing.AllocsPerRun(100, func() { m.FindReference(0x40, text) }); n != 0 || !m.Part {
		t.Errorf("reference: %v allocations, part %t", n, m.Part)
	}
}
