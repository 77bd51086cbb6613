package sessions_test

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/otagate/otagate/sessions"
)

func TestPool(t *testing.T) {
	p, err := sessions.NewPool("0000000009", "0000000012")
	if err != nil {
		t.Fatal(err)
	}
	take := func(want string) {
		t.Helper()
		if got, ok := p.Take(); got != want || ok != (want != "") {
			t.Errorf("Take: %q %v, want %q", got, ok, want)
		}
	}
	if err := p.Reserve("0000000010"); err != nil {
		t.Fatal(err)
	}
	take("0000000009")
	take("0000000011")
	p.Release("0000000009")
	take("0000000012") // what has never been lent goes first
	p.Release("0000000011")
	p.Release("0000000010")
	take("0000000009")
	take("0000000011")
	take("0000000010")
	take("")
	if p.Len() != 4 || p.InUse() != 4 {
		t.Errorf("%d of %d in use", p.InUse(), p.Len())
	}
	if p.Release("0000000013") || p.Release("x") || !p.Release("0000000012") || p.Release("0000000012") {
		t.Error("Release tells the wrong thing")
	}
	for _, n := range []string{"0000000013", "0000000009", "12"} {
		if err := p.Reserve(n); err == nil {
			t.Errorf("%s was reserved", n)
		}
	}
	if err := p.Reserve("0000000012"); err != nil { // returned before
		t.Error(err)
	}
	take("")
}

// TestPoolRest: a number that has come back is not lent before it has rested,
// one that was never lent is; a clock that is set back holds nothing up.
func TestPoolRest(t *testing.T) {
	p, err := sessions.NewPool("5550000000", "5550000001")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Unix(1_000_000, 0)
	p.Rest(5*time.Second, func() time.Time { return now })
	take := func(want string) {
		t.Helper()
		if got, ok := p.Take(); got != want || ok != (want != "") {
			t.Errorf("Take: %q %v, want %q", got, ok, want)
		}
	}
	take("5550000000")
	p.Release("5550000000")
	take("5550000001")
	take("")
	now = now.Add(5*time.Second - 1)
	take("")
	now = now.Add(1)
	take("5550000000")
	p.Release("5550000000")
	now = now.Add(-time.Hour)
	take("5550000000")
}

func TestNewPoolRefuses(t *testing.T) {
	for _, c := range [][2]string{{"1", "2"}, {"0000000001", "x"}, {"0000000002", "0000000001"}} {
		if _, err := sessions.NewPool(c[0], c[1]); err == nil {
			t.Errorf("%v is a pool", c)
		}
	}
}

// TestPoolFair checks against a list in order of the last use: a number is
// never lent twice, and always the one that has rested longest.
func TestPoolFair(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, err := sessions.NewPool("5550000000", "5550000004")
		if err != nil {
			t.Fatal(err)
		}
		free := []string{"5550000000", "5550000001", "5550000002", "5550000003", "5550000004"}
		var lent []string
		t.Repeat(map[string]func(*rapid.T){
			"take": func(t *rapid.T) {
				got, ok := p.Take()
				if ok != (len(free) > 0) || (ok && got != free[0]) {
					t.Fatalf("%q %v, free %v", got, ok, free)
				}
				if ok {
					lent, free = append(lent, got), free[1:]
				}
			},
			"release": func(t *rapid.T) {
				if len(lent) == 0 {
					t.Skip("none is lent")
				}
				i := rapid.IntRange(0, len(lent)-1).Draw(t, "which")
				if !p.Release(lent[i]) {
					t.Fatalf("%s was not lent", lent[i])
				}
				free = append(free, lent[i])
				lent = append(lent[:i:i], lent[i+1:]...)
			},
			"reserve": func(t *rapid.T) {
				if len(free) == 0 {
					t.Skip("none is free")
				}
				i := rapid.IntRange(0, len(free)-1).Draw(t, "which")
				if err := p.Reserve(free[i]); err != nil {
					t.Fatal(err)
				}
				lent = append(lent, free[i])
				free = append(free[:i:i], free[i+1:]...)
			},
			"": func(t *rapid.T) {
				if p.InUse() != len(lent) {
					t.Fatalf("%d in use, want %d", p.InUse(), len(lent))
				}
			},
		})
	})
}

func TestTRNTable(t *testing.T) {
	a := sessions.TRNRange{First: 100, Last: 199, MSC: "msc-a"}
	b := sessions.TRNRange{First: 200, Last: 200, MSC: "msc-b"}
	table, err := sessions.NewTRNTable(b, a)
	if err != nil {
		t.Fatal(err)
	}
	for n, want := range map[sessions.TRN]string{99: "", 100: "msc-a", 199: "msc-a", 200: "msc-b", 201: "", 0: ""} {
		if got, ok := table.Lookup(n); got != want || ok != (want != "") {
			t.Errorf("%s: %q %v, want %q", n, got, ok, want)
		}
	}
	for name, c := range map[string]struct {
		ranges []sessions.TRNRange
		want   []string
	}{
		"overlap":  {[]sessions.TRNRange{{199, 300, "msc-c"}, a}, []string{"0000000100-0000000199 (msc-a)", "0000000199-0000000300 (msc-c)", "overlap"}},
		"backward": {[]sessions.TRNRange{{2, 1, "x"}}, []string{"ends before"}},
		"too long": {[]sessions.TRNRange{{1, 1e10, "x"}}, []string{"10 digits"}},
		"nameless": {[]sessions.TRNRange{{1, 2, ""}}, []string{"names no MSC"}},
	} {
		_, err := sessions.NewTRNTable(c.ranges...)
		for _, w := range c.want {
			if err == nil || !strings.Contains(err.Error(), w) {
				t.Errorf("%s: %v, want %q", name, err, w)
			}
		}
	}
}

// An empty pool lends nothing, and has nothing to take back.
func TestEmptyPool(t *testing.T) {
	p, err := sessions.NewPool("", "")
	if err != nil {
		t.Fatal(err)
	}
	if n, ok := p.Take(); ok {
		t.Errorf("it lent %s", n)
	}
	if err := p.Reserve("0000000001"); err == nil || p.Release("0000000001") || p.InUse() != 0 {
		t.Errorf("it has numbers: %v, %d", err, p.InUse())
	}
	if _, err := sessions.NewPool("", "6191230000"); err == nil {
		t.Error("a pool without a beginning was made")
	}
}
