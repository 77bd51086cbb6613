package sccp

import (
	"fmt"
	"strings"

	"github.com/otagate/otagate/ss7/mtp"
)

// Rule is one line of a translation table: which titles it matches and what
// becomes of them. Zero parts of the result leave the address as it is.
type Rule struct {
	Variant         Variant // of the address
	GTI             GTI
	TranslationType uint8
	NumberingPlan   NumberingPlan // only for indicators that carry one
	Prefix          string        // of the digits; empty matches all

	PointCode  mtp.PointCode // 0: this node
	SSN        SSN           // 0: as it is
	RouteOnSSN bool          // final translation: the next node does not translate again
	Address    *Address      // replaces the called address
}

// Table translates global titles, longest prefix first. It does not change.
type Table struct {
	rules   map[ruleKey]*Rule
	longest int
}

type ruleKey struct {
	variant Variant
	gti     GTI
	tt      uint8
	plan    NumberingPlan
	prefix  string
}

// NewTable checks the rules and makes a table of them.
func NewTable(rules []Rule) (*Table, error) {
	t := &Table{rules: make(map[ruleKey]*Rule, len(rules))}
	for i := range rules {
		r := rules[i]
		parts, known := r.Variant.titleParts(r.GTI)
		if !known {
			return nil, fmt.Errorf("translation %d: %s has no global title indicator %d", i+1, r.Variant, r.GTI)
		}
		for _, d := range r.Prefix {
			if !strings.ContainsRune(digitAlphabet, d) {
				return nil, fmt.Errorf("translation %d: prefix %q: want digits 0 to 9 and A to F", i+1, r.Prefix)
			}
		}
		if !parts.plan {
			r.NumberingPlan = 0
		}
		if !parts.tt {
			r.TranslationType = 0
		}
		k := ruleKey{r.Variant, r.GTI, r.TranslationType, r.NumberingPlan, r.Prefix}
		if t.rules[k] != nil {
			return nil, fmt.Errorf("translation %d: the same title as an earlier one", i+1)
		}
		t.rules[k] = &r
		t.longest = max(t.longest, len(r.Prefix))
	}
	return t, nil
}

// match is the rule with the longest prefix, nil when there is none.
func (t *Table) match(a *Address) *Rule {
	if t == nil {
		return nil
	}
	g := &a.GlobalTitle
	for n := min(t.longest, len(g.Digits)); n >= 0; n-- {
		k := ruleKey{a.Variant, g.GTI, g.TranslationType, g.NumberingPlan, g.Digits[:n]}
		if r := t.rules[k]; r != nil {
			return r
		}
	}
	return nil
}

// Translate gives the node that a title leads to, 0 for this one, and the
// called address to go there with.
func (t *Table) Translate(a Address) (mtp.PointCode, Address, bool) {
	r := t.match(&a)
	if r == nil {
		return 0, a, false
	}
	if r.Address != nil {
		a = *r.Address
	}
	if r.SSN != 0 {
		a.HasSSN, a.SSN = true, r.SSN
	}
	if r.RouteOnSSN {
		a.RouteOnSSN = true
		if r.PointCode != 0 {
			a.HasPointCode, a.PointCode = true, r.PointCode
		}
	}
	return r.PointCode, a, true
}
