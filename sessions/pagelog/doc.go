// Package pagelog keeps the log of package pages in files of its own. A commit is
// one write to a file that is there already, and is on the disk when the write
// returns. The records that it leaves are in the same write, and come to the tables
// of another store a little later, many together, and once.
//
//	pages.Store ─ AppendPage ─▶ Log ─ one write ─▶ segments
//	                            └─ the clerk ─▶ Tables.TakeRecords, and segments go
//
// # What is promised
//
//   - What AppendPage has answered with nil is in the log, whatever happens to the
//     process or to the power.
//   - What it has answered with an error is not in the log once a later page is. Before
//     that nobody knows: after a crash it may be.
//   - A record is in the tables once. Those of acknowledged pages are there when Open
//     returns, and when CDRs looks.
//   - A log that is not what was written is not opened: the error names the file and the
//     octet, and says what to do.
//   - After trouble with the disk or the tables it goes on by itself, as soon as that
//     is possible.
//
// # What is not
//
// Whether the last frame was acknowledged, nobody can tell when it is damaged: it is
// left out like one for which nobody has waited, unless the tables have its records.
// A directory that is an older copy than its tables is opened as it is, and so is one
// of which the oldest segment or the newest is gone; package pages misses the pages of
// the oldest. Several processes: the tables have to see to that.
//
// A commit of records without a page stays until the pages before it are not needed
// any more. A store that writes such commits only, and no page, has a log that grows.
//
// # Segments
//
// The log is a directory (0700) of files (0600). A segment is a file "….seg", of which
// the name is the number of its first frame in 16 hex digits. Frames are numbered from 1
// for ever. A file "spare-…" has zeros or frames of an earlier time. It becomes the next
// segment, so that a commit needs no new block of the file system, and a segment that
// nobody needs becomes one; at most two are kept, and none over a start. A frame that
// is longer than a segment has one of its own.
//
// Frames begin at multiples of 4096 octets, and are padded to that: no write touches a
// block that has something acknowledged in it. There is one exception, see below.
// Numbers are big endian.
//
//	frame    marker "otPL" (4), length (4), version (1), flags (1), log (8), segment (8), size (8), prev (8),
//	         number (8), page, number of blocks (4), blocks, CRC-32C of all before (4)
//	page     seq (8), first (8), body; only there with flag 1
//	block    first end (8), last end (8), flow, records; see cdr.Block
//
// Bodies, flows and records have a length (4) before them. length is that of the frame
// without what it is padded with. log is a random number that the tables know too: a
// frame of another log is not taken for one of this, and nobody can make one with a
// message that he sends. segment is the number of the first frame of the segment, by
// which frames are told from those that were in the file before, and size how long the
// file is. prev is the last frame that counts before the segment.
//
// # How it ends
//
// After a failed write nobody knows what is on the disk. The segment is left, the number
// of the frame is not used again, and the next segment says by prev that the frame does
// not count. So segments are looked at from the newest to the oldest, and each tells how
// far the one before has to go: not less, and not more.
//
// The newest segment ends where there is no whole frame with the next number. If there is
// a later frame of the same segment behind that, it is damage. The last frame is then
// written once more, as it is: of a process that was killed, or to which the disk said no,
// the system may remember octets that are not on the disk, and the next frame must not
// be there without them.
//
// A segment goes when all its pages are before the first that the last page needs, all its
// records are in the tables, and it is the oldest. The segment with the last frame stays.
//
// # Layout
//
//   - log.go: from outside; how a page is appended
//   - frame.go, segment.go, files.go: octets, files, the directory
//   - queue.go, batch.go, clerk.go: records on their way to the tables
//   - open.go, scan.go, read.go: the start
//
// # First example
//
//	tables, err := sqlite.Open(ctx, "gateway.db", sqlite.Options{})
//	...
//	log, err := pagelog.Open(ctx, "gateway.log", tables, pagelog.Options{})
//	...
//	messages, err := pages.Open(ctx, log, pages.Options{})
//	...
//	err = errors.Join(messages.Close(), log.Close(), tables.Close())
package pagelog
