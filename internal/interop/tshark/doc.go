// Package tshark holds otagate's encoders against Wireshark's dissectors, which
// somebody else wrote.
//
// It is tests only, behind the build tag interop, because they need tshark:
//
//	make interop-tshark
//	go test -tags interop ./internal/interop/tshark -args -seed 7 -messages 20000
//
// Every encoder gets a batch of generated messages. One capture holds the batch
// and tshark reads it in one run; what it shows is compared field by field with
// the values that the messages were built from, so that a field in the wrong
// place is found as well as one in the wrong form. A table per protocol says
// which field of ours is which of Wireshark's. A field of Wireshark's that no
// table names is a difference.
//
// Where Wireshark is wrong, the table of known faults says so, with the reason,
// the field and the situation; whatever else differs fails. A known fault that
// was not met fails too, since it excuses nothing.
//
// The other direction: what tshark calls malformed among the vectors that we
// refuse, and what it accepts of them, with the reason why we do not; the capture
// of every story of the demo, layer by layer; and that of messages to handsets,
// which tshark has to put together down to the words of their documents.
package tshark
