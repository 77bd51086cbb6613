package route

import (
	"slices"

	"github.com/otagate/otagate/configs"
)

// trie files rules by the beginning of an address. Node 0 is that of the empty one.
type trie struct{ nodes []node }

type node struct {
	digits [10]int32 // the next node, 0 for none
	others map[byte]int32
	any    []int32            // rules for any submitter, in order
	from   map[string][]int32 // those for certain ones
}

func (t *trie) next(at int32, c byte) int32 {
	n := &t.nodes[at]
	if d := c - '0'; d < 10 {
		return n.digits[d]
	}
	return n.others[c]
}

// add files a rule. Rules come in order.
func (t *trie) add(begin string, rule int32, from []string) {
	if len(t.nodes) == 0 {
		t.nodes = make([]node, 1)
	}
	at := int32(0)
	for i := range len(begin) {
		to := t.next(at, begin[i])
		if to == 0 {
			to = int32(len(t.nodes))
			t.nodes = append(t.nodes, node{})
			t.nodes[at].link(begin[i], to)
		}
		at = to
	}
	n := &t.nodes[at]
	if len(from) == 0 {
		n.any = file(n.any, rule)
	}
	for _, name := range from {
		if n.from == nil {
			n.from = map[string][]int32{}
		}
		n.from[name] = file(n.from[name], rule)
	}
}

func (n *node) link(c byte, to int32) {
	if d := c - '0'; d < 10 {
		n.digits[d] = to
		return
	}
	if n.others == nil {
		n.others = map[byte]int32{}
	}
	n.others[c] = to
}

// file adds a rule that may be there: two of its addresses may begin alike.
func file(list []int32, rule int32) []int32 {
	if slices.Contains(list[max(len(list)-1, 0):], rule) {
		return list
	}
	return append(list, rule)
}

// find is the first rule before best that takes m, or best. It visits the nodes
// along the address.
func (t *trie) find(addr []byte, m *Message, rules []Rule, best int32) int32 {
	if len(t.nodes) == 0 {
		return best
	}
	at := int32(0)
	for i := 0; ; i++ {
		n := &t.nodes[at]
		best = first(n.any, m, rules, best)
		if n.from != nil {
			best = first(n.from[m.From], m, rules, best)
			if m.Push {
				best = first(n.from[configs.FromPush], m, rules, best)
			}
		}
		if i == len(addr) {
			return best
		}
		if at = t.next(at, addr[i]); at == 0 {
			return best
		}
	}
}

// first looks through a list as far as it can better best.
func first(list []int32, m *Message, rules []Rule, best int32) int32 {
	for _, i := range list {
		if i >= best {
			break
		}
		if rules[i].fails(m) == 0 {
			return i
		}
	}
	return best
}
