// Package disk keeps messages on their way on a disk, beside the tables of all else.
//
//	gateway.db             package sqlite: activations, orders, records, receipts of triggers
//	gateway.db.messages/   package pagelog: what became of messages since the oldest that is on its way
//	                       package pages: those messages, in memory
//
// The two belong together, and know it: a log of another store is refused, and so is a
// store whose log is gone. They are copied together, while nobody has them or by a snapshot
// of their file system, which is what a power failure would have left.
package disk
