// Package sccp is the connectionless part of the signalling connection control
// part: ANSI T1.112 and ITU-T Q.713/Q.714, protocol classes 0 and 1.
//
// The codec knows UDT, UDTS, XUDT and XUDTS. The long forms (LUDT, LUDTS) and
// the connection-oriented classes are refused as not supported.
//
// All four messages have the same shape: the type, a fixed part, one pointer a
// variable parameter, the parameters (length octet and value) in any order:
//
//	octet  UDT          XUDT
//	0      09           11
//	1      class        class
//	2      → called     hop counter
//	3      → calling    → called
//	4      → data       → calling
//	5      …            → data
//	6      …            → optional part, 0 when there is none
//
// A pointer counts from its own octet. [Address] has two forms on the wire that
// differ in the order of fields and bits; it remembers which ([Variant]).
//
//	called := sccp.PointCodeAddress(sccp.ANSI, mtp.ANSI(1, 12, 6), 8)
//	m := sccp.UDT{Called: called, Calling: calling, Data: tcap}
//	b, err := m.Append(nil)
//
// [Endpoint] is an SCCP user's way into the network: it routes by point code or
// by its [Table] of global titles, segments what does not fit ([XUDTWhenNeeded]
// of a [Peer] allows it), joins segments ([Reassembler]), returns what cannot be
// delivered, if its sender wants that, and answers subsystem tests. It is an
// end node: a message whose title translates to another node is returned, never
// relayed. Segments that cannot be joined (one is missing, out of order or late,
// or there are too many) are dropped and counted, not returned.
//
// Subsystem numbers 11 (MC) and 12 (OTAF), the MTP limits of 265 and 268
// octets and the default reassembly time of 15 s are from memory or
// from one source each; all of them are configurable.
package sccp
