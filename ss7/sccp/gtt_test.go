package sccp_test

import (
	"testing"

	"github.com/otagate/otagate/internal/testvec"
	"github.com/otagate/otagate/ss7/mtp"
	"github.com/otagate/otagate/ss7/sccp"
)

func load(t *testing.T, file string) []testvec.Vector {
	t.Helper()
	vs, err := testvec.LoadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return vs
}

func TestTranslate(t *testing.T) {
	hlr := sccp.PointCodeAddress(sccp.ANSI, mtp.ANSI(1, 1, 3), 6)
	table, err := sccp.NewTable([]sccp.Rule{
		{GTI: 2, TranslationType: 9, PointCode: mtp.ANSI(1, 1, 1)},
		{GTI: 2, TranslationType: 9, Prefix: "619", PointCode: mtp.ANSI(1, 1, 2), SSN: 6, RouteOnSSN: true},
		{GTI: 2, TranslationType: 9, Prefix: "619123", PointCode: mtp.ANSI(1, 1, 3), Address: &hlr},
		{GTI: 1, TranslationType: 9, NumberingPlan: sccp.PlanE164, Prefix: "1", SSN: 8},
		{Variant: sccp.ITU, GTI: 4, NumberingPlan: sccp.PlanE164, Prefix: "4179", PointCode: 902},
	})
	if err != nil {
		t.Fatal(err)
	}
	e212 := sccp.E164Address(8, "41794947000")
	e212.GlobalTitle.NumberingPlan = sccp.PlanE212
	for _, c := range []struct {
		a  sccp.Address
		pc mtp.PointCode
		ok bool
		to string
	}{
		{sccp.GlobalTitleAddress(sccp.ANSI, 10, 9, "5551234567"), mtp.ANSI(1, 1, 1), true, "GT 5551234567 (GTI 2, TT 9), SSN 10"},
		{sccp.GlobalTitleAddress(sccp.ANSI, 10, 9, "6195551234"), mtp.ANSI(1, 1, 2), true, "GT 6195551234 (GTI 2, TT 9), PC 1-1-2, SSN 6"},
		{sccp.GlobalTitleAddress(sccp.ANSI, 10, 9, "6191234000"), mtp.ANSI(1, 1, 3), true, hlr.String()},
		{sccp.GlobalTitleAddress(sccp.ANSI, 10, 10, "6191234000"), 0, false, ""},
		{sccp.Address{GlobalTitle: sccp.GlobalTitle{GTI: 1, TranslationType: 9, NumberingPlan: sccp.PlanE164, Digits: "12"}}, 0, true, "GT 12 (GTI 1, TT 9), SSN 8"},
		{sccp.E164Address(8, "41794947000"), 902, true, "GT 41794947000 (GTI 4, TT 0), SSN 8"},
		{e212, 0, false, ""},
	} {
		pc, to, ok := table.Translate(c.a)
		if pc != c.pc || ok != c.ok {
			t.Errorf("%s: %s %v, want %s %v", c.a, pc, ok, c.pc, c.ok)
		}
		if c.ok && to.String() != c.to {
			t.Errorf("%s becomes %s, want %s", c.a, to, c.to)
		}
		if final := c.pc == mtp.ANSI(1, 1, 2) || c.pc == mtp.ANSI(1, 1, 3); to.RouteOnSSN != final {
			t.Errorf("%s routes on its subsystem number: %v", to, to.RouteOnSSN)
		}
	}
}

func TestNewTableRefuses(t *testing.T) {
	for name, rules := range map[string][]sccp.Rule{
		"ANSI has no indicator 4": {{GTI: 4}},
		"not a digit":             {{GTI: 2, Prefix: "61x"}},
		"twice":                   {{GTI: 2, TranslationType: 9, Prefix: "1"}, {GTI: 2, TranslationType: 9, NumberingPlan: 3, Prefix: "1", SSN: 6}},
	} {
		if _, err := sccp.NewTable(rules); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}
