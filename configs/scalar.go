package configs

import (
	"fmt"
	"reflect"
	"regexp"
	"strconv"
	"time"

	"go.yaml.in/yaml/v3"
)

// plainNumber is a number that every reader of YAML takes for the same one:
// decimal without a leading zero, or hexadecimal.
var plainNumber = regexp.MustCompile(`^-?(0|[1-9][0-9]*|0x[0-9a-fA-F]+)$`)

// checkScalar says what is wrong with one value, or nothing.
func checkScalar(n *yaml.Node, t reflect.Type) string {
	if isNull(n) {
		return "a key without a value; allowed is a value, or no key"
	}
	switch {
	case t == reflect.TypeFor[time.Duration]():
		return checkDuration(n)
	case t == reflect.TypeFor[NameOrNumber]() && n.Tag == "!!int" && plainNumber.MatchString(n.Value):
		return ""
	case t.Kind() == reflect.String:
		return checkText(n)
	case t.Kind() == reflect.Bool:
		if n.Tag != "!!bool" {
			return fmt.Sprintf("%q; allowed is true or false", n.Value)
		}
	case t.Kind() == reflect.Float64:
		if n.Tag != "!!float" && !(n.Tag == "!!int" && plainNumber.MatchString(n.Value)) {
			return fmt.Sprintf("%q is not a number", n.Value)
		}
	default:
		return checkInteger(n, t)
	}
	return ""
}

func checkDuration(n *yaml.Node) string {
	if n.Tag == "!!int" || n.Tag == "!!float" {
		return fmt.Sprintf("%s has no unit; allowed is a duration such as 45s, 500ms or 15m", n.Value)
	}
	if _, err := time.ParseDuration(n.Value); err != nil {
		return fmt.Sprintf("%q is not a duration; allowed is one such as 45s, 500ms or 15m", n.Value)
	}
	return ""
}

// checkText takes digits without quotes, but only if they stay the digits
// that were written.
func checkText(n *yaml.Node) string {
	if n.Tag == "!!str" || n.Tag == "!!int" && plainNumber.MatchString(n.Value) && n.Value[:min(2, len(n.Value))] != "0x" {
		return ""
	}
	return fmt.Sprintf("%s is read as another value without quotes; allowed is the text in quotes, %q", n.Value, n.Value)
}

func checkInteger(n *yaml.Node, t reflect.Type) string {
	if n.Tag != "!!int" || !plainNumber.MatchString(n.Value) {
		return fmt.Sprintf("%q; allowed is a whole number without leading zeros, or 0x and hexadecimal digits", n.Value)
	}
	if t.Kind() == reflect.Int {
		if _, err := strconv.ParseInt(n.Value, 0, t.Bits()); err != nil {
			return n.Value + " is out of range"
		}
		return ""
	}
	if _, err := strconv.ParseUint(n.Value, 0, t.Bits()); err != nil {
		return fmt.Sprintf("%s is out of range; allowed is 0 to %d", n.Value, uint64(1)<<t.Bits()-1)
	}
	return ""
}
