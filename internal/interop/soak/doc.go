// Package soak relays very many messages while links are cut and restored all the
// time. It consists of a test: `make test` runs it small, .ci/run with 200,000
// messages and `make soak` with 10 million (SOAK=… is another number).
//
//	shop, an account: 4 binds, windows of 100 and of 10; every other message wants a receipt
//	  ─▶ the gateway, a process of its own ─▶ 3 links of 2 binds to 3 message centres
//	  ◀─ receipts ◀─────────────────────────────
//
// At each tick (1 s, in the small size 50 ms) all binds of one link are cut, the links in
// turn, and every fifth time those of all; the centre stays away for up to a third of a
// tick, and after 100 ms of it what waits for the link takes another one. Every third time a bind of the account is cut, too. A cut is a reset, a reset
// behind half a request or half the answers, a reset while nobody reads, or a close. Both
// ends are here, and know what the gateway may have read. At least -messages are offered,
// and more until there were 20 ticks and messages on both sides were met by a cut.
//
// The centres differ as centres do. alpha has ids in hexadecimal and returns our
// user_message_reference, so that its receipt settles a doubt. beta has decimal ids and
// receipts of text only, which settle none. gamma answers in hexadecimal and writes the
// receipt in decimal. All count from 1, so that they have the same ids. The messages are
// for 2,000 numbers, to each of which several are on their way. The binds of the account
// with windows of 10 take no more than 10 receipts at a time, and refuse others with
// ESME_RTHROTTLED.
//
// # What is checked
//
//   - None is lost: a message that was answered with ESME_ROK is taken by a centre, and
//     its receipt comes.
//   - Duplicates are forced: a message that a centre takes again was on a bind that was
//     cut before its answer had surely been read. That is one of the last window before
//     the cut, since the gateway sends no more than that ahead of the answers that it has
//     read. It is the same with receipts towards the account. How many they are is
//     printed; any other is an error.
//   - What the account had no answer to it offers again with another mark, so that both
//     may be taken: that is the account's doing, and counted.
//   - Every message has one record, and at the end the store has nothing on its way.
//   - Memory is flat: the maximum of VmRSS over the last quarter of the run is at most
//     1.25 times that of the second quarter, and so is its median. The first quarter is
//     not looked at, in which everything grows to its size; a quarter more is allowed
//     because the size of a heap depends on when its garbage was last collected. A leak of
//     25 octets a message shows over 10 million. Of the store's log of messages the
//     median is judged so: its maximum is that of the messages that wait, which a busy
//     moment makes many. Both are judged from a million messages on: before that a quarter
//     has too few collections for its maximum to mean anything. What the store's file has
//     beside records, with what is free in it, is never above 32 MB.
//
// # resend
//
// The links have `resend: true`: what was sent and has no answer is sent again, where a
// receipt is wanted when none has come for as long as `doubt`. With `resend: false`, the
// default, nothing is ever sent twice: what is in doubt ends as unknown, its record says
// so, and so does its receipt (stat:UNKNOWN). TestSoakWithoutResend holds that no message
// is taken twice there, and that each is taken or known to be in doubt.
//
// # Bounds
//
// Of each message the test keeps an octet, and a few more of those offered again: 10 MB
// for 10 million. The store keeps records for ever, about 65 octets each: 10 million need
// 0.7 GB of disk, in the folder that TMPDIR names.
//
// # Layout
//
//	soak_test.go               the run, what is printed, memory
//	world_test.go              the gateway and what is around it
//	shop_test.go               the account
//	centre_test.go             a message centre
//	conn_test.go               connections, and how they are cut
//	ledger_test.go             what has become of each message
//	watch_test.go              the gateway's log, memory and store
//	records_test.go            the records, and what is left
package soak
