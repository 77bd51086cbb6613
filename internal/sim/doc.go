// Package sim is the network around the gateway, as a program: an IVR that
// triggers, an MSC with a pool of temporary reference numbers and a radio
// side, an HLR with its authentication centre, and handsets that keep what
// they are told.
//
//	IVR ── SMPP ──▶ gateway ── M3UA ──▶ STP (network.go) ── SCCP, TCAP ──▶ MSC, HLR/AC
//	                                                           MSC ── radio ──▶ Handset
//
// A [Handset] holds a NAM, a roaming list, an SPC lock and an A-key. It
// applies nothing before Commit, so that comparing its memory with the order
// says whether an activation really worked. The A-key is agreed by a real
// Diffie-Hellman exchange. What a real network does with CAVE, whose text is
// not public, is replaced by a hash; see akey.go.
//
// A [Script] changes the good course of things: answers are lost, repeated,
// delayed or refused, the caller hangs up, the gateway is killed.
//
// The simulator uses the project's codecs. They are held against vectors from
// outside and against tshark elsewhere, so that both sides cannot share a
// mistake unseen.
package sim
