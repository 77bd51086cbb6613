package configs

import (
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"
	"strconv"
	"strings"

	"github.com/otagate/otagate/smpp"
)

// MessageRoute says where a message goes. The first entry of routes whose
// conditions all hold takes it; a condition that is empty always holds, and of a
// list any entry will do, but for TLV, of which all have to hold.
type MessageRoute struct {
	Name        string       `mapstructure:"name"`
	From        []string     `mapstructure:"from"`   // accounts, links, initiators, or FromPush
	Source      []Pattern    `mapstructure:"source"` // source_addr; a push has none
	SourceTON   []uint8      `mapstructure:"source_ton"`
	SourceNPI   []uint8      `mapstructure:"source_npi"`
	To          []Pattern    `mapstructure:"to"` // destination_addr
	DestTON     []uint8      `mapstructure:"dest_ton"`
	DestNPI     []uint8      `mapstructure:"dest_npi"`
	ServiceType []string     `mapstructure:"service_type"`
	DataCoding  []uint8      `mapstructure:"data_coding"`
	TLV         []RouteTLV   `mapstructure:"tlv"`
	Via         []Via        `mapstructure:"via"`
	Refuse      NameOrNumber `mapstructure:"refuse"` // instead of Via: a command_status
	Sticky      bool         `mapstructure:"sticky"` // a pair of source and destination keeps its target
}

// FromPush stands for all messages of push initiators and triggers.
const FromPush = "push"

// RouteTLV is a TLV that a message has to have: with any value, with these
// octets, or with this text.
type RouteTLV struct {
	Tag   NameOrNumber `mapstructure:"tag"`
	Value string       `mapstructure:"value"` // hexadecimal
	Text  string       `mapstructure:"text"`
}

// Via is one target of a route. Exactly one of Link, Account and SS7 is given.
type Via struct {
	Link    string `mapstructure:"link"`
	Account string `mapstructure:"account"`
	SS7     bool   `mapstructure:"ss7"`
	Weight  int    `mapstructure:"weight"` // among the targets of the tier; 0 takes nothing
	Tier    int    `mapstructure:"tier"`   // the lowest one with a target that is up is taken
}

// A target stands alone unless it says otherwise.
func defaultVia() Via { return Via{Weight: 1, Tier: 1} }

// Pattern is what an address has to look like: its beginning, or with ^ or $ in
// it a regular expression.
type Pattern string

// IsRegexp tells a regular expression from a prefix.
func (p Pattern) IsRegexp() bool { return strings.ContainsAny(string(p), "^$") }

// Regexp compiles a regular expression, anchored as it is written. It sees the
// address as it came, with its + where it has one.
func (p Pattern) Regexp() (*regexp.Regexp, error) {
	re, err := regexp.Compile(string(p))
	var bad *syntax.Error
	if errors.As(err, &bad) {
		return nil, fmt.Errorf("%q is no regular expression, %s: %s; allowed is one of RE2 such as ^22[0-9]{2}$", p, bad.Code, bad.Expr)
	}
	return re, err
}

// Literal is what every address that p matches begins with, after a + that it
// may have: of a prefix all of it, of a regular expression perhaps nothing.
func (p Pattern) Literal() string {
	if !p.IsRegexp() {
		return string(p)
	}
	re, err := syntax.Parse(string(p), syntax.Perl)
	if err != nil {
		return ""
	}
	re = re.Simplify()
	if re.Op != syntax.OpConcat || re.Sub[0].Op != syntax.OpBeginText || re.Sub[1].Op != syntax.OpLiteral || re.Sub[1].Flags&syntax.FoldCase != 0 {
		return ""
	}
	s := string(re.Sub[1].Rune)
	// U+FFFD of an expression matches any octet that is no UTF-8.
	if i := strings.IndexFunc(s, func(r rune) bool { return r >= 0x80 }); i >= 0 {
		s = s[:i]
	}
	return strings.TrimPrefix(s, "+")
}

// check says what is wrong with p, in one sentence.
func (p Pattern) check() error {
	s := string(p)
	switch {
	case s == "":
		return errors.New("empty; allowed is the beginning of an address, and without the key it is any")
	case p.IsRegexp():
		_, err := p.Regexp()
		return err
	case s[0] == '+':
		return fmt.Errorf("%q has a +, over which the addresses of messages are read; allowed is without it", p)
	case strings.ContainsAny(s, `.[](){}|?\+`):
		return fmt.Errorf("%q looks like a regular expression; allowed is one with ^ or $, such as ^22[0-9]{2}$", p)
	case strings.HasSuffix(s, "*"):
		return fmt.Errorf("%q ends with *; allowed is the beginning of an address without it, or a regular expression with ^ or $", p)
	case len(s) > 20 || !isPrintable(s):
		return fmt.Errorf("%q can match no address; allowed are up to 20 printable ASCII characters", p)
	}
	return nil
}

// NameOrNumber is a name of SMPP, or the number that it stands for: decimal, or
// hexadecimal with 0x.
type NameOrNumber string

// number is the number that n is, when it is one.
func (n NameOrNumber) number(bits int) (uint64, bool) {
	v, err := strconv.ParseUint(string(n), 0, bits)
	return v, err == nil && plainNumber.MatchString(string(n))
}

// lastStatus is behind all statuses that have a name.
const lastStatus smpp.Status = 0x1ff

// Status is the command_status that n means.
func (n NameOrNumber) Status() (smpp.Status, error) {
	if v, ok := n.number(32); ok && v != 0 {
		return smpp.Status(v), nil
	}
	near := ""
	for s := smpp.StatusOK + 1; s <= lastStatus; s++ {
		name := s.String()
		if name == string(n) {
			return s, nil
		}
		if near == "" && editDistance(strings.ToUpper(string(n)), name) <= 2 {
			near = " (did you mean " + name + ")"
		}
	}
	return 0, fmt.Errorf("%q is no command_status that refuses; allowed are the names of SMPP such as %s, and numbers such as 0x0b%s",
		string(n), smpp.StatusInvalidDestinationAddress, near)
}
