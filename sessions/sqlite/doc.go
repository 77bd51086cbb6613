// Package sqlite keeps sessions in one SQLite file: the embedded store.
//
// All writing goes through one goroutine with one connection. It takes what
// has queued up while the last commit ran, up to 512 operations, into one
// transaction: a natural group commit, without any delay of its own. Reading
// uses four connections of its own and never waits for the writer.
//
// The file is in WAL mode with synchronous=FULL: COMMIT returns after the log
// is on the disk. Open refuses a file for which that is not so, a file that
// belongs to another program, and a file that another process has open.
//
// # Layout
//
// open.go and guard.go have the start and what it refuses, close.go the end; migrations the
// tables; actor.go the batches, writer.go and statements.go the connection
// that writes; apply.go, outbox.go, orders.go what it executes; read.go and
// load.go the readers; pagelog.go what package pagelog hands over, with the mark how far
// it has; records.go the records of both, ends.go how those of a session are found among
// them; measure.go the bare speed of the store.
//
// # What is not here
//
// One process and one host only. Call detail records (tables cdr and cdr_block)
// and done orders are kept for ever; an operator deletes them with the sqlite3
// shell while the gateway is stopped. What cdr_run and cdr_piece say of blocks that
// are gone does no harm.
//
// # First example
//
//	s, err := sqlite.Open(ctx, "/var/lib/otagate/gateway.db", sqlite.Options{})
//	...
//	defer s.Close()
package sqlite
