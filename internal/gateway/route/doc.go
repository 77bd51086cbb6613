// Package route says where a message goes: the table of routes, whoever gave the
// message. It does no I/O and knows nobody's state; who is up is asked of the caller.
//
//	t, err := route.New(cfg.Routes, cfg.SMPP.Dictionary())
//	m := route.Message{From: "acme", Destination: []byte("15551234567")}
//	if r := t.Find(&m); r != nil && r.Refuse == 0 {
//		to := r.Choose(r.Key(&m, random), up)
//	}
//
// # Which rule
//
// The first rule whose conditions all hold takes the message. [Table.Find] does
// not look at all of them: a rule is filed under what its destinations begin with,
// or its sources where they say more, and there under the names of from. A message
// is led by the digits of both addresses to the rules that it may be for; each list
// is in order, and is left where a better rule is known already. Regular
// expressions are filed under their literal beginning (22 of ^22[0-9]{2}$); only
// one without, such as 99$, is tried on every message. Prefixes do not see the + of
// an address, regular expressions do.
//
// # Which target
//
// The targets of the lowest tier that has one which is up share the messages by
// their weights, by weighted rendezvous hashing: each target gets a number from
// the key of the message and its own name, and the greatest takes it. So a key has
// the same target as long as that is up, on every node and after a restart; when
// one goes down only its own messages move, and they come back with it. A weight
// of 0 takes nothing. With nobody up the message is for the first target of the
// lowest tier, and waits there: that a link is down refuses no message.
//
// The key ([Rule.Key]) of a message is its id. With sticky it is the pair of its
// addresses. A part of a long message, which a user data header or the sar_ TLVs
// tell ([Message.FindReference]), has as its key the pair and the reference of the concatenation,
// also without sticky: all parts take one way, as handsets and centres that put
// them together demand. Parts can still be torn apart by a target that goes up or
// down between them.
//
// Layout:
//
//	message.go    what rules look at       reference.go  the reference of a long message
//	table.go      New, Find                trie.go       where rules are filed
//	rule.go       the conditions           pattern.go    addresses
//	target.go     tiers, weights, keys     explain.go    why, in words
package route
