// Package status tells an operator what a gateway does and what holds it up: rates
// of the last minute, what waits for each link and of each account, and the stage
// that limits the rest.
//
//	gateway ─ Sample, every five seconds ─▶ History
//	otagate status ─▶ Door (a socket beside the store) ─▶ Between: what happened in the last minute ─▶ Document
//
// # What limits
//
// The answer has to be true, since at night somebody acts on it. A link keeps the
// time for which it was kept from being given more, and by what (links.Spent); it
// is the limit only while rows of it are due. Then it is named with where most of
// the last minute went:
//
//	no bind      the centre cannot be reached, or does not take the bind
//	slow-down    the centre says that it has too much
//	rate         of the configuration of the link
//	window       all that may be under way is: the centre answers slowly, or the window is small
//	commit       there was room, and rows were due all the same: the store gives them too slowly
//
// Receipts that are held are those that an account has still to take: it has not bound,
// or is slow. They are in no other figure, for their messages are over.
//
// Of an account to which messages are relayed it is known only that it has not bound.
//
// Where nothing is due for any link, what accounts were refused is looked at: by
// quota, by max_queue, by their rates, or as their windows were full, which
// is the commit again when that is slow. A commit that takes long is named by
// itself when nobody was refused.
//
// Not here: SS7, whose lines are told without a reason, and provisioning sessions.
//
// Layout:
//
//	sample.go  what is counted, and what lies between two times
//	limit.go   which stage limits
//	door.go    the socket, and asking it
//	text.go    for people
package status
