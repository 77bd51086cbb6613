package pages

import (
	"encoding/binary"

	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/sessions"
)

// formatVersion is the first octet of a page. Pages of version 1 are older.
const formatVersion = 2

// The kinds of entries. The numbers are stored and never change.
const (
	entrySession     = 1 // all of a session
	entrySessionOver = 2
	entryRow         = 3 // all of an outbox row
	entryRowMoved    = 4 // when a row is due, and who has it
	entryRowOver     = 5
	entrySeen        = 6
)

// appendHead appends what a page begins with: given is the highest row number given so far.
func appendHead(dst []byte, given int64) []byte {
	return binary.BigEndian.AppendUint64(append(dst, formatVersion), uint64(given))
}

func (s *session) image(dst []byte) []byte {
	dst = append(dst, entrySession)
	dst = binary.BigEndian.AppendUint64(dst, uint64(s.id))
	dst = appendKey(dst, s.key)
	dst = binary.BigEndian.AppendUint64(dst, s.version)
	dst = binary.BigEndian.AppendUint64(dst, uint64(s.due))
	dst = binary.BigEndian.AppendUint32(dst, uint32(len(s.corrs)))
	for _, c := range s.corrs {
		dst = appendText(append(dst, byte(c.Kind)), c.ID)
	}
	return appendText(dst, s.state)
}

func (s *session) over(dst []byte) []byte {
	return binary.BigEndian.AppendUint64(append(dst, entrySessionOver), uint64(s.id))
}

func (r *row) image(dst []byte) []byte {
	dst = append(dst, entryRow)
	dst = binary.BigEndian.AppendUint64(dst, uint64(r.number))
	dst = r.appendState(dst)
	dst = binary.BigEndian.AppendUint64(dst, uint64(r.validity))
	dst = binary.BigEndian.AppendUint64(dst, uint64(r.id))
	dst = appendKey(dst, r.key)
	dst = appendText(dst, r.box.dest)
	dst = appendText(dst, r.dedup)
	return appendText(dst, r.body)
}

// moved is what a claim and a settlement change.
func (r *row) moved(dst []byte) []byte {
	dst = binary.BigEndian.AppendUint64(append(dst, entryRowMoved), uint64(r.number))
	return r.appendState(dst)
}

func (r *row) appendState(dst []byte) []byte {
	dst = binary.BigEndian.AppendUint64(dst, uint64(r.due))
	dst = binary.BigEndian.AppendUint64(dst, uint64(r.lease))
	return binary.BigEndian.AppendUint32(dst, uint32(r.attempt))
}

func (r *row) over(dst []byte) []byte {
	return binary.BigEndian.AppendUint64(append(dst, entryRowOver), uint64(r.number))
}

func (x *sight) image(dst []byte) []byte {
	dst = append(dst, entrySeen)
	dst = binary.BigEndian.AppendUint64(dst, uint64(x.id))
	dst = binary.BigEndian.AppendUint64(dst, uint64(x.until))
	return appendText(dst, x.key)
}

func appendKey(dst []byte, k sessions.Key) []byte {
	return binary.BigEndian.AppendUint64(append(dst, byte(k.Kind)), k.Number)
}

func readKey(c *wire.Cursor) sessions.Key {
	return sessions.Key{Kind: sessions.KeyKind(c.U8("kind of key")), Number: c.U64("number")}
}

func appendText(dst []byte, s string) []byte {
	return append(binary.BigEndian.AppendUint32(dst, uint32(len(s))), s...)
}

func readText(c *wire.Cursor, field string) string {
	return string(c.Bytes(int(c.U32("length")), field))
}

// The entries as they are read.

func (s *session) read(c *wire.Cursor) {
	s.key = readKey(c)
	s.version, s.due = c.U64("version"), int64(c.U64("due"))
	const atLeast = 1 + 4
	for range c.Count(int(c.U32("number")), atLeast, "correlations") {
		s.corrs = append(s.corrs, sessions.Corr{Kind: sessions.CorrKind(c.U8("kind of correlation")), ID: readText(c, "correlation")})
	}
	s.state, s.there = readText(c, "state"), true
}

func (r *row) read(c *wire.Cursor, boxOf func(string) *box) {
	r.readState(c)
	r.validity, r.id, r.key = int64(c.U64("validity")), sessions.ID(c.U64("session")), readKey(c)
	r.box = boxOf(readText(c, "destination"))
	r.dedup, r.body, r.there = readText(c, "dedup"), readText(c, "body"), true
}

func (r *row) readState(c *wire.Cursor) {
	r.due, r.lease, r.attempt = int64(c.U64("due")), int64(c.U64("lease")), int32(c.U32("attempt"))
}
