// Package wire reads and writes octets for every codec of otagate.
//
// Reading goes through a [Cursor] (octets) or a [Bits] (packed bits). Both keep
// the first error, know the name and the absolute offset of the field being
// read, and never panic on input. A decoder names each field once:
//
//	c := wire.NewCursor("smpp", b)
//	p.SourceAddrTON = c.U8("source_addr_ton")
//	p.SourceAddr = c.CString(21, "source_addr")
//	return c.End()
//
// Because every read carries its name, the same decoder also prints: give the
// cursor a [Trace] and it records one [Field] per read, with offset and value.
// Without a trace a read costs one comparison more than hand-written code.
//
// Writing is append: a length that is not known yet is reserved and patched
// with [PatchU8] or [PutU32]; packed bits go through [BitAppender].
package wire
