package push

import (
	"math/big"
	"strconv"
	"strings"
)

// idKey is where a message id stands in the directory: the account that has it, and the
// id without the case and without the zeros before it, which centres add and drop.
type idKey struct{ account, id string }

func keyOf(account, id string) idKey { return idKey{account, plain(id)} }

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
	all := append(make([]string, 0, 3), plain(id))
	if !convert || len(id) > 32 {
		return all
	}
	if s, ok := converted(id, 10, 16); ok {
		all = append(all, s)
	}
	if s, ok := converted(id, 16, 10); ok {
		all = append(all, s)
	}
	return all
}

// converted is a number in another base.
func converted(id string, from, to int) (string, bool) {
	if id == "" || strings.Trim(id, "0123456789abcdefABCDEF"[:from+(from-10)]) != "" {
		return "", false
	}
	if n, err := strconv.ParseUint(id, from, 64); err == nil { // as nearly always
		return strconv.FormatUint(n, to), true
	}
	n, ok := new(big.Int).SetString(id, from)
	if !ok {
		return "", false
	}
	return n.Text(to), true
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

// tailKey is tail as a number.
func tailKey(number string) (key uint64) {
	number = tail(number)
	for i := range len(number) {
		key = key<<8 | uint64(number[i])
	}
	return key
}
