// Package bench measures the machine it runs on: what the codecs, the SMPP
// client and server, the SS7 stack, the relay, the store, whole sessions and those that wait reach, each
// beside a bare ceiling.
//
// A figure alone says more about a machine than about a program, so that none
// stands alone. The ceiling is the least that could do the same work, and it is
// measured in the same run, in short rounds that alternate with ours: what
// else the machine does hits both. Values are medians of the rounds; Noise is
// how far the rounds' own ratios scatter.
//
//	codec    codecs written by hand for the same structs, straight through the octets
//	smpp     a client that copies one prepared PDU, a server that answers without decoding
//	ss7      the same as codec, layer by layer, and the whole stack both ways
//	relay    a process that appends PDUs to a file, syncs it and passes them on
//	store    a loop that writes what waits to a file and syncs it
//	session  the bare store, with as many sessions at a time
//	pending  a map of as many tokens, the bare octets, one query for the same rows
//
// What each ceiling does and leaves out is said at the function that runs it.
//
//	results, err := bench.Codec(ctx, bench.Options{Time: 3 * time.Second})
//	fmt.Println(results[0].Case, results[0].Ratio)
//
// # Layout
//
// result.go is the figure, its goal and its two printed forms, compare.go the
// alternating rounds; then one file per bench. hand_submit.go and hand_same_*.go
// are the codecs written by hand, hand_cp.go, hand_si.go and hand_segment.go those of
// push.go, hand_stack.go and hand_append.go one that knows
// a single message; journal.go is the bare file, lab.go, ivr.go and subscriber.go
// what session needs around the gateway; relay_shop.go and relay_centre.go are the account
// and the message centre of relay, relay_child.go the processes between them and
// relay_bare.go the one that is its ceiling; pending_gateway.go has the sessions of
// pending.go, pending_token.go their tokens.
package bench
