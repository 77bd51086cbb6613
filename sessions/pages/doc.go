// Package pages keeps messages on their way: sessions, outbox rows and seen
// entries in memory, over a log of pages (package pagelog). It
// passes the suite of all stores, but for orders and blobs, which it leaves to
// the tables (package sqlite).
//
// # Why it is there
//
// A message is a session with an outbox row for each part and a record at its
// end. In tables with indexes that is some fifteen row operations on its way, and
// the engine and its write-ahead log take most of the processor time that a
// message may have. Here it is a few entries of a page, and what was queued up
// while the last page was committed is one row of one table. Processor time of a
// message with 400 octets of state, a part of 250 and a record, with all commits,
// one engine beside the other in one run on two busy cores:
//
//	                                                 pages    tables
//	1000 on their way, claimed 512 at a time         6.0 µs    35 µs
//	1000 on their way, claimed 64 at a time           11 µs    54 µs
//	100 on their way, claimed 64 at a time            14 µs    47 µs
//	512 created together                             3.0 µs    12 µs
//	512 claimed, 64 at a time                        3.2 µs    14 µs
//	512 finished together                            1.8 µs    17 µs
//
// (go test -bench Relay, and -bench Message.) Of that the store itself, over a log
// that does nothing, takes 2 µs for the three; what is left is the commit, which is
// written and synced as any other: the more share it, the less it is.
//
// # What is promised
//
//   - All that sessions.Journal, Finder, Postbox and Recall promise. Nothing is
//     answered before the page that it is in is on the disk, a claim neither, and a
//     batch whose page the log does not take has never been: memory is put back.
//     Who only looks sees what is committed, and waits for a commit that is under way.
//   - Every operation takes a time that does not grow with what waits, or by its
//     logarithm. Load and Orphans take what they return.
//   - The log is at most about two and a half times as long as what is needed of
//     it, and Options.Slack. What a commit does for that is bounded: after much has
//     ended together it takes some commits.
//   - A page that cannot be read, or is missing, keeps the store from opening, with an error
//     that names it.
//   - A row has a number that no other row of this store ever had.
//
// # What it is not for
//
// Sessions that depend on orders: a change that names one is refused. Several
// processes. More than the memory has room for: all that is live is in it, in
// about 1.3 times its octets in the log and 300 more for each entity.
//
// # Pages
//
// A page is what one batch has committed: for each entity that it touched, what
// became of it. So the order of the entries does not matter, and a page is a
// transaction. Numbers are big endian.
//
//	page     version (1), rows (8), entries
//	1        session: id (8), key, version (8), due (8), correlations, state
//	2        session over: id (8)
//	3        row: number (8), due (8), lease (8), attempt (4), validity (8), session (8), key,
//	         destination, dedup, body
//	4        row moved: number (8), due (8), lease (8), attempt (4)
//	5        row over: number (8)
//	6        seen: session (8), until (8), key
//	key      kind (1), number (8)
//	text     length (4), octets; so are state and body
//
// rows is the highest row number given. That a page is what was written, and which is the
// oldest that is needed, the log knows. Times are Unix microseconds, that of a session seconds; 0 is none.
//
// Pages are dropped from the oldest on only. What is needed of the oldest while
// the log is too long is written again into the page at hand. So an entry that
// ends something never goes before what it ends, and one that moves a row never
// before the row.
//
// # Records
//
// The records of a batch go into the same commit as blocks ([cdr.Block]), which
// the log keeps for ever, and finds again.
//
// # Layout
//
//   - store.go, actor.go: from outside; the batches
//   - memory.go, session.go, row.go, box.go, seen.go: what is in memory, and how it
//     is put back
//   - log.go, write.go: the log as memory knows it; the page of a batch
//   - codec.go, load.go: entries; memory from pages; older.go: those of an earlier build
//   - read.go, postbox.go, stats.go: the rest of the contract
//
// # First example
//
//	tables, err := sqlite.Open(ctx, "gateway.db", sqlite.Options{})
//	...
//	log, err := pagelog.Open(ctx, "gateway.db.messages", tables, pagelog.Options{})
//	...
//	messages, err := pages.Open(ctx, log, pages.Options{})
//	...
//	defer messages.Close() // before log, and that before tables
//	service, err := push.New(push.Config{Store: messages, ...})
package pages
