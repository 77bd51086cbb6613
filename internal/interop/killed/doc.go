// Package killed holds what a delivery promises against SIGKILL: the gateway, a
// process of its own, is killed again and again while messages are on their way,
// each time at a moment that nobody has chosen. It consists of a test, which
// `make test` runs.
//
// Afterwards every message that the gateway had accepted, of pushes and of an account
// whose messages are relayed, has one record, and its handset has it once; and the
// message centre has taken no part twice. The ledgers of the simulated message centre
// and of the handsets say so, not the gateway.
package killed
