// Package binds is where the ESMEs of accounts are reached: the binds of each that
// receive, and how much each takes at a time. Messages (internal/gateway/push) and receipts
// (the postmen of internal/gateway) go by the same binds and share what is known of them.
//
//	sender, postman ─ Account.Room ─▶ how many rows to claim
//	                ─ Account.Take ─▶ a bind with room ─ SendDeliverSM, SendDataSM
//	                ◀ Bind.Land ◀ the answer: it makes room, and tells how much the ESME takes
//	                ◀ OnRoom ◀ an answer, the end of a pause, a bind that has come
//
// SMPP has no way to say how many requests an ESME takes at a time, so it is learned:
// over it an ESME answers with ESME_RTHROTTLED or ESME_RMSGQFUL. A bind gets what its
// window has room for, until it refuses something: then as many as it had taken by then, and
// an eighth more after sixteen windows in a row. One that refuses a request that is alone is
// left for a pause, which doubles.
//
// A bind that does not read what waits to be written to it is left for a moment, too. One
// that does not answer keeps what it was given until the response timer, and gets one at a time
// then; meanwhile the others, which have less under way, get the rest.
//
// Layout:
//
//	table.go    the accounts
//	account.go  the binds of an account, and which is next
//	bind.go     what a bind takes
package binds
