package route_test

import (
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/otagate/otagate/configs"
	"github.com/otagate/otagate/internal/gateway/route"
)

// rule is a rule with these targets.
func rule(t testing.TB, via ...configs.Via) *route.Rule {
	t.Helper()
	tab := table(t, configs.MessageRoute{Name: "r", Via: via})
	return tab.Find(&route.Message{})
}

func all(route.Target) bool  { return true }
func none(route.Target) bool { return false }

func smsc(n, weight, tier int) configs.Via {
	return configs.Via{Link: fmt.Sprintf("smsc%d", n), Weight: weight, Tier: tier}
}

// down is everybody but these.
func down(names ...string) func(route.Target) bool {
	return func(t route.Target) bool {
		for _, n := range names {
			if t.String() == n {
				return false
			}
		}
		return true
	}
}

// Weights are what share of the messages a target takes, by whatever keys.
func TestWeights(t *testing.T) {
	r := rule(t, smsc(1, 3, 1), smsc(2, 1, 1), configs.Via{SS7: true, Weight: 4, Tier: 1}, configs.Via{Account: "shop", Weight: 0, Tier: 1}, smsc(9, 100, 2))
	const n = 100_000
	for name, step := range map[string]uint64{"counted": 1, "in the high bits": 1 << 44, "spread": 0x9e3779b97f4a7c15} {
		got := map[route.Target]int{}
		for key := range uint64(n) {
			got[r.Choose(key*step, all)]++
		}
		total := 0
		for _, s := range r.Shares {
			if s.Tier == 2 {
				continue
			}
			total += got[s.Target]
			want := n * r.Part(s)
			if math.Abs(float64(got[s.Target])-want) > n/100 {
				t.Errorf("%s: %s took %d of %d, want %.0f", name, s, got[s.Target], n, want)
			}
		}
		if total != n {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// Keys whose target goes down move, and no others; they come back.
func TestOnlyItsOwnMove(t *testing.T) {
	r := rule(t, smsc(1, 3, 1), smsc(2, 2, 1), smsc(3, 1, 1), smsc(4, 1, 2))
	moved := map[string]int{}
	for key := range uint64(10_000) {
		before, after := r.Choose(key, all), r.Choose(key, down("link smsc2"))
		switch {
		case before.Name != "smsc2" && after != before:
			t.Fatalf("key %d has moved from %s to %s", key, before, after)
		case before.Name == "smsc2":
			moved[after.Name]++
		}
	}
	if moved["smsc1"] < 2*moved["smsc3"] || moved["smsc3"] == 0 || len(moved) != 2 {
		t.Errorf("to whom the messages of smsc2 went: %v", moved)
	}
}

func TestTiers(t *testing.T) {
	r := rule(t, smsc(3, 1, 3), smsc(9, 0, 1), smsc(1, 1, 1), smsc(2, 1, 2), configs.Via{Link: "smsc4", Weight: 1, Tier: 1})
	for _, tt := range []struct {
		up   func(route.Target) bool
		want string // "": either of tier 1
	}{
		{all, ""}, {down("link smsc4"), "smsc1"}, {down("link smsc1"), "smsc4"}, {down("link smsc1", "link smsc4"), "smsc2"},
		{down("link smsc1", "link smsc4", "link smsc2"), "smsc3"}, {none, "smsc1"},
	} {
		for key := range uint64(100) {
			got := r.Choose(key, tt.up)
			if got.Name != tt.want && (tt.want != "" || got.Name != "smsc1" && got.Name != "smsc4") {
				t.Errorf("%s, want %s", got, tt.want)
			}
		}
	}
}

// Whatever is up, a message goes to somebody with a weight who is up, of the
// lowest such tier; and always to the same one.
func TestChooseAlways(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		via := []configs.Via{smsc(0, 1, rapid.IntRange(1, 3).Draw(t, "tier"))}
		for i := range rapid.IntRange(0, 6).Draw(t, "more") {
			via = append(via, smsc(i+1, rapid.IntRange(0, 3).Draw(t, "weight"), rapid.IntRange(1, 3).Draw(t, "tier")))
		}
		tab, err := route.New([]configs.MessageRoute{{Via: via}}, (&configs.SMPP{}).Dictionary())
		if err != nil {
			t.Fatal(err)
		}
		r := tab.Find(&route.Message{})
		mask := rapid.Uint8().Draw(t, "up")
		up := func(x route.Target) bool { return mask>>(x.Name[4]-'0')&1 == 1 }
		key := rapid.Uint64().Draw(t, "key")
		got := r.Choose(key, up)
		if again := r.Choose(key, up); got != again {
			t.Fatalf("%s, then %s", got, again)
		}
		lowest, first := 0, ""
		for _, s := range r.Shares { // by tier
			if s.Weight == 0 {
				continue
			}
			if first == "" {
				first = s.Name
			}
			if up(s.Target) && lowest == 0 {
				lowest = s.Tier
			}
		}
		for _, s := range r.Shares {
			switch {
			case s.Target != got:
			case lowest == 0 && s.Name != first:
				t.Fatalf("nobody is up, and it waits for %s, not for %s", s, first)
			case lowest != 0 && (s.Tier != lowest || s.Weight == 0 || !up(s.Target)):
				t.Fatalf("%s of tier %d with weight %d, up %t; the lowest is %d", s, s.Tier, s.Weight, up(s.Target), lowest)
			}
		}
	})
}

// The key of a message is its own, but for a pair of a sticky rule and the parts
// of a long message.
func TestKey(t *testing.T) {
	spread, sticky := table(t, configs.MessageRoute{}).Find(&route.Message{}), table(t, configs.MessageRoute{Sticky: true}).Find(&route.Message{})
	m := func(source, to string, ref int) *route.Message {
		out := &route.Message{Source: []byte(source), Destination: []byte(to)}
		if ref >= 0 {
			out.Part, out.Reference = true, uint16(ref)
		}
		return out
	}
	for _, tt := range []struct {
		name string
		r    *route.Rule
		a, b *route.Message
		same bool
	}{
		{"two messages", spread, m("1", "2", -1), m("1", "2", -1), false},
		{"two parts", spread, m("1", "2", 7), m("1", "2", 7), true},
		{"two long messages", spread, m("1", "2", 7), m("1", "2", 8), false},
		{"two parts to others", spread, m("1", "2", 7), m("1", "3", 7), false},
		{"a pair", sticky, m("1", "2", -1), m("1", "2", -1), true},
		{"a pair, with and without +", sticky, m("+1", "2", -1), m("1", "+2", -1), true},
		{"a pair and its long messages", sticky, m("1", "2", 7), m("1", "2", -1), true},
		{"another pair", sticky, m("1", "2", -1), m("1", "3", -1), false},
		{"a pair cut elsewhere", sticky, m("12", "3", -1), m("1", "23", -1), false},
		{"a pair turned round", sticky, m("1", "2", -1), m("2", "1", -1), false},
	} {
		if same := tt.r.Key(tt.a, 10) == tt.r.Key(tt.b, 11); same != tt.same {
			t.Errorf("%s: same %t", tt.name, same)
		}
	}
	if k := spread.Key(m("1", "2", -1), 10); k != 10 {
		t.Errorf("key %d", k)
	}
	// FNV-1a of the addresses with a NUL between them: another node, and another
	// version, have the same.
	if k := sticky.Key(m("2280", "15551234567", -1), 0); k != 0x30487bbccb469b75 {
		t.Errorf("key %#x", k)
	}
}

func TestTargetString(t *testing.T) {
	r := rule(t, smsc(1, 1, 1), configs.Via{Account: "shop", Weight: 1, Tier: 1}, configs.Via{SS7: true, Weight: 2, Tier: 1})
	if got := fmt.Sprint(r.Shares[0], r.Shares[1], r.Shares[2]); got != "link smsc1 account shop ss7" {
		t.Error(got)
	}
	if got := r.Part(r.Shares[2]); got != 0.5 {
		t.Errorf("part %v", got)
	}
	if got := route.Kind(9).String(); got != "kind 9" {
		t.Error(got)
	}
}
