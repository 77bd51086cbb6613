// Package simulation runs the whole gateway above its sockets on virtual time
// and holds it against what it promises, whatever goes wrong around it. It
// consists of tests; `make fault` runs it.
//
// One seed decides everything of a run: who calls and with which handset, what
// is ordered, which pushes go to whom, how the IVR words its triggers and repeats
// them, which messages are lost, repeated, late or returned, what a message
// centre, the HLR and the MSC say and when, when links are cut, when handsets are
// away, when the store is slow or fails, when the wall clock jumps, and at which
// change of the store or which message the process dies. A seed replays exactly:
//
//	go test ./internal/interop/simulation -run TestSeeds -seed 4711
//
// # What runs
//
// The production code, unchanged: trigger admission, sessions.Runtime with its
// shard, the flow and the OTASP machine, SCCP and TCAP, the activation-MIN
// pool, outbox and postmen, recovery; of messages the doors of the IVR, the
// delivery machine, senders, receipts, SMSREQ and SMSNOT. The simulated MSC,
// authentication centre, handsets and push agents are those of internal/sim, behind
// TCAP endpoints of their own; the message centre and what HLR and MSC do about
// messages are of this package.
// The store, of sessions and messages alike, is one in memory that passes
// sessions/storetest; what it holds survives the process, and nothing else does.
//
// # How it is deterministic
//
// A run lives in a bubble of testing/synctest, whose clock moves only when
// nothing can go on. Every event of the world has an instant of its own, to the
// nanosecond, so that between two instants there is one thing to do and the
// scheduler has nothing to decide. Chance is not a stream that somebody may
// read out of turn: each decision is drawn by its name (seed, what, how often),
// so that leaving one fault out does not change the others, which is what
// shrinks a finding to the faults that matter.
//
// # Layout
//
//   - world_test.go, plan_test.go: time, chance, trace; what a seed holds
//   - memory_test.go, store_test.go: the store, and what goes wrong with it
//   - signalling_test.go, sign_test.go: the network to MSC and AC
//   - ivr_test.go, subscriber_test.go, phone_test.go: who triggers, who calls, who
//     gets messages
//   - post_test.go, centre_test.go, register_test.go: how messages go; the message
//     centre; HLR and MSC
//   - process_test.go: the gateway, killed and started
//   - ledger_test.go, message_test.go, balance_test.go: what must hold at every
//     step, and at the end
//   - shrink_test.go, table_test.go, simulation_test.go: runs and their table
//
// # What is not here
//
// M3UA, SCTP and SMPP connections (their own tests, and internal/interop/stp),
// several nodes on one store, octets changed on the way; of messages PAP, Cancel,
// limits of rate, several centres and MSCs, a centre that sends two copies of a part
// two ways, and an MSC that denies a message which the handset has. Parts to the MSC are
// claimed one by one. The random numbers of
// the Diffie-Hellman exchange and of TCAP transaction ids are not the seed's:
// nothing that is decided depends on them. A message is late by less than an
// activation MIN rests, and what a killed process has sent does not arrive after
// the next one has started.
package simulation
