package omacp

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// InvalidError says which element of a document, or which other input, cannot
// be sent. Element is a path, its steps counted from 1 among those of one type:
// "APPLICATION[1]/APPADDR[1]/PORT[2]/PORTNBR". The parm alone has no number,
// unless it is not the first of its name. Reason shows no value of a secret.
type InvalidError struct {
	Element string
	Reason  string
}

func (e *InvalidError) Error() string { return "omacp: " + e.Element + ": " + e.Reason }

// Rules is how strictly Validate looks. The zero value is what a document that
// is sent to any device has to pass.
type Rules struct {
	// Names are parm names outside of the tables that are let through wherever
	// they are: see [NonTabledNames].
	Names []string
	// OnDevice lets TO-NAPID and TO-PROXY name what the document does not have,
	// for settings that add to what the device has.
	OnDevice bool
	// Internet wants an access point with INTERNET in the document when there is
	// a TO-NAPID of INTERNET. Most documents leave that to the device.
	Internet bool
	// MaxValue is the longest value in octets, 0 for DefaultMaxValue.
	MaxValue int
}

// DefaultMaxValue bounds a value. The standard's own limits are not public;
// this one keeps a single value from filling more than a few short messages.
const DefaultMaxValue = 512

// maxName bounds the name of a parm that is in no table.
const maxName = 64

// NonTabledNames are names outside of the tables that are in wide use: INIT in
// the account of device management, FROM and RT-ADDR in that of mail.
func NonTabledNames() []string { return []string{"INIT", "FROM", "RT-ADDR"} }

// Validate holds d against the grammar. The error is an *InvalidError about the
// first element that is wrong.
func (d *Document) Validate(r Rules) error {
	v := validation{Rules: r, doc: d}
	switch d.Version {
	case "", "1.0", "1.1":
	default:
		return &InvalidError{rootElement + "/version", fmt.Sprintf("%q is neither 1.0 nor 1.1", d.Version)}
	}
	if v.MaxValue == 0 {
		v.MaxValue = DefaultMaxValue
	}
	return v.level(path{}, rootTypes(), d.Characteristics)
}

// rootElement is the name of the outermost element.
const rootElement = "wap-provisioningdoc"

// validation is one run of Validate.
type validation struct {
	Rules
	doc *Document
}

// path is where a characteristic stands.
type path struct {
	outer *path
	typ   string
	n     int
}

func (p *path) String() string {
	if p.typ == "" {
		return ""
	}
	return fmt.Sprintf("%s%s[%d]/", p.outer, printable(p.typ), p.n)
}

func (p *path) wrong(reason string) error {
	return &InvalidError{strings.TrimSuffix(p.String(), "/"), reason}
}

// printable keeps a name from outside from writing lines of its own.
func printable(name string) string {
	if unfitName(name) != "" || strings.ContainsAny(name, "\t\r\n") {
		return strconv.Quote(name)
	}
	return name
}

// level checks the characteristics below one parent.
func (v *validation) level(outer path, allowed []string, cs []Characteristic) error {
	for i := range cs {
		p := path{outer: &outer, typ: cs[i].Type, n: 1}
		for k := range cs[:i] {
			if cs[k].Type == cs[i].Type {
				p.n++
			}
		}
		if err := v.characteristic(p, allowed, &cs[i]); err != nil {
			return err
		}
	}
	return nil
}

func (v *validation) characteristic(p path, allowed []string, c *Characteristic) error {
	rule := ruleOf(c.Type)
	switch {
	case rule == nil:
		return p.wrong("no characteristic has this type")
	case !slices.Contains(allowed, c.Type):
		return p.wrong("does not belong here")
	case rule.once && p.n > 1:
		return p.wrong("a document has it once")
	}
	for i := range c.Parms {
		if err := v.parm(p, rule, c.Parms, i); err != nil {
			return err
		}
	}
	for i := range rule.parms {
		if rule.parms[i].occurs.needed() && !c.Has(rule.parms[i].name) {
			return &InvalidError{p.String() + rule.parms[i].name, "missing"}
		}
	}
	return v.level(p, rule.children, c.Characteristics)
}

// parm checks the parm at index i of its characteristic.
func (v *validation) parm(p path, rule *characteristicRule, all []Parm, i int) error {
	parm := &all[i]
	n := 1
	for k := range all[:i] {
		if all[k].Name == parm.Name {
			n++
		}
	}
	wrong := func(reason string) error {
		if reason == "" {
			return nil
		}
		element := p.String() + printable(parm.Name)
		if n > 1 {
			element += fmt.Sprintf("[%d]", n)
		}
		return &InvalidError{element, reason}
	}
	if parm.NoValue && parm.Value != "" {
		return wrong("a flag, and yet it has a value")
	}
	r := rule.parm(parm.Name)
	if r == nil {
		if !rule.vendor && !slices.Contains(v.Names, parm.Name) {
			return wrong("no parm has this name")
		}
		if reason := unfitName(parm.Name); reason != "" {
			return wrong(reason)
		}
		return wrong(v.unfitText(parm.Value))
	}
	if n > 1 && !r.occurs.many() {
		return wrong("only one is allowed")
	}
	return wrong(v.unfit(p, r, parm))
}

// unfit says what is wrong with the value of a parm of the tables.
func (v *validation) unfit(p path, r *parmRule, parm *Parm) string {
	if (r.form == flag) != parm.NoValue {
		if parm.NoValue {
			return "has no value"
		}
		return "a flag, which has no value"
	}
	if r.form != flag && r.occurs.needed() && parm.Value == "" {
		return "empty"
	}
	if reason := v.unfitText(parm.Value); reason != "" {
		return reason
	}
	if reason := r.unfitForm(p, parm.Value); reason != "" {
		return reason
	}
	switch {
	case r.form == napRef:
		return v.unfitNAP(parm.Value)
	case r.form == proxyRef && !v.OnDevice && v.count(TypePXLOGICAL, "PROXY-ID", parm.Value) == 0:
		return fmt.Sprintf("no PXLOGICAL has the PROXY-ID %q", parm.Value)
	case r.uniqueIn != "" && v.count(p.typ, r.uniqueIn, parm.Value) > 1:
		return fmt.Sprintf("%q is used twice", parm.Value)
	}
	return ""
}

func (v *validation) unfitNAP(id string) string {
	switch {
	case id == internet:
		for _, nap := range v.doc.Of(TypeNAPDEF) {
			if nap.Has("INTERNET") {
				return ""
			}
		}
		if v.Internet {
			return "no NAPDEF has INTERNET"
		}
	case !v.OnDevice && v.count(TypeNAPDEF, "NAPID", id) == 0:
		return fmt.Sprintf("no NAPDEF has the NAPID %q", id)
	}
	return ""
}

// count is how many characteristics of the type have the parm with the value.
func (v *validation) count(typ, name, value string) int {
	n := 0
	for i := range v.doc.Characteristics {
		if c := &v.doc.Characteristics[i]; c.Type == typ && c.Has(name) && c.Value(name) == value {
			n++
		}
	}
	return n
}
