package push

import (
	"math/big"
	"strings"
)

// idKey is where a message id stands in the directory: without the case and
// without the zeros before it, which centres add and drop.
func idKey(account, id string) string { return account + "/" + plain(id) }

func plain(id string) string {
	id = strings.ToLower(strings.TrimSpace(id))
	if t := strings.TrimLeft(id, "0"); t != "" || id == "" {
		return t
	}
	return "0"
}

// spellings are the ways in which the centre may have written the id of this
// receipt in its submit_sm_resp: the same one first, then the same number in
// hexadecimal and in decimal.
func spellings(id string, convert bool) []string {
	all := []string{plain(id)}
	if !convert || len(id) > 32 {
		return all
	}
	if n, ok := number(id, 10); ok {
		all = append(all, n.Text(16))
	}
	if n, ok := number(id, 16); ok {
		all = append(all, n.Text(10))
	}
	return all
}

func number(id string, base int) (*big.Int, bool) {
	if id == "" || strings.Trim(strings.ToLower(id), "0123456789abcdef"[:base]) != "" {
		return nil, false
	}
	return new(big.Int).SetString(id, base)
}

// sameNumber tells whether two forms of an address can be one number: a centre
// may add or drop the digits of the country. An address that is not given, or
// has letters, tells nothing.
func sameNumber(to, from string) bool {
	if !isNumber(from) {
		return true
	}
	from = subscriberOf(from)
	short := min(len(to), len(from))
	return short >= tailLen && (strings.HasSuffix(to, from) || strings.HasSuffix(from, to)) || to == from
}

func isNumber(from string) bool {
	from = strings.TrimPrefix(from, "+")
	return from != "" && strings.Trim(from, "0123456789") == ""
}

func subscriberOf(from string) string { return strings.TrimLeft(strings.TrimPrefix(from, "+"), "0") }

// tailLen is how many digits two forms of one number have in common at least.
const tailLen = 7

// tail is what two forms of one number both end in.
func tail(number string) string {
	number = subscriberOf(number)
	return number[max(len(number)-tailLen, 0):]
}
