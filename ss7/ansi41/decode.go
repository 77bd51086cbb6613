package ansi41

import "github.com/otagate/otagate/internal/wire"

// decode is Decode of every message: b is one whole set, which read reads to
// its end, so that nothing can be left over. It is small enough to be inlined,
// which makes read known to the compiler and keeps s off the heap; Cursor.End
// in the place of Err would be too much.
func decode[M any](m *M, b []byte, unknown []Parameter, read func(*M, *set)) error {
	s := set{c: wire.NewCursor(proto, b), unknown: unknown[:0]}
	read(m, &s)
	return s.c.Err()
}
